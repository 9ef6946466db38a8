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

class AddressDraft;
class LocalFleet;

/// Opens fleet files, each in a window of its own, one window a fleet; shows what is wrong with one, or where to begin when none was
/// named. GUI thread.
class FleetOpener : public QObject
{
    Q_OBJECT

public:
    FleetOpener(Options options, ui::theme::Theme &theme, QSettings &settings, QObject *parent = nullptr);
    ~FleetOpener() override;

    void begin(); ///< the file and the link of the options, or the starting panel
    /// Said in the first window that opens: settings that were set aside; reports of a crash.
    void tell(const QString &message);
    void tellOfCrashes(const QStringList &reports, const QString &folder);
    void closeAll(); ///< the session ends: every window keeps what it shows

private:
    void openFile(const QString &path, const QString &link = {});
    void showConsole(std::unique_ptr<Console> console, const QString &link);
    void sayWhatThereIsToSay(ui::shell::MainWindow &window);
    void openForeign(ui::shell::MainWindow &window, const ui::shell::ViewLink &link);
    void showStart(const QString &note = {});
    void showComplaints(const fleet::BadFleetFile &bad);
    void showMessage(QWidget *view, const QString &title);
    void chooseFile(QWidget *parent);
    void startLocalFleet();
    void askAddresses(const QStringList &addresses, const QString &user, bool follows);
    void showDraft();
    void saveDraft();
    void forget(Console *console);

    Options m_options;
    ui::theme::Theme &m_theme;
    QSettings &m_settings;
    QString m_path;
    QString m_pendingLink;
    QString m_tell;
    QStringList m_crashes;
    QString m_crashFolder;
    std::vector<std::unique_ptr<Console>> m_consoles;
    std::unique_ptr<QMainWindow> m_message;
    std::unique_ptr<LocalFleet> m_localFleet;
    std::unique_ptr<AddressDraft> m_draft;
};

/// What is wrong with the file, a line a complaint, for a terminal.
[[nodiscard]] QString complaintsText(const fleet::BadFleetFile &bad, const QString &path);

} // namespace shardlens::app
