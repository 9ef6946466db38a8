// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlens/Console.h"
#include "app/shardlens/Options.h"
#include "core/fleet/FleetFile.h"

#include <QPointer>

#include <memory>
#include <vector>

class QMainWindow;

namespace shardlens::app {

/// Opens fleet files, each in a window of its own; shows what is wrong with one, or where to begin when none was named.
class FleetOpener : public QObject
{
    Q_OBJECT

public:
    FleetOpener(Options options, ui::theme::Theme &theme, QSettings &settings, QObject *parent = nullptr);
    ~FleetOpener() override;

    void begin(); ///< the file of the options, or the starting panel

private:
    void openFile(const QString &path);
    void showMessage(QWidget *view, const QString &title);
    void chooseFile();

    Options m_options;
    ui::theme::Theme &m_theme;
    QSettings &m_settings;
    QString m_path;
    std::vector<std::unique_ptr<Console>> m_consoles;
    std::unique_ptr<QMainWindow> m_message;
};

/// What is wrong with the file, a line a complaint, for a terminal.
[[nodiscard]] QString complaintsText(const fleet::BadFleetFile &bad, const QString &path);

} // namespace shardlens::app
