// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "core/observe/Engine.h"
#include "core/observe/History.h"
#include "ui/shell/MainWindow.h"

#include <QSettings>

#include <memory>

namespace shardlens::app {

/// One open fleet: what observes it, what is kept of it, and its window. GUI thread.
class Console : public QObject
{
    Q_OBJECT

public:
    /// `theme` and `settings` outlive it. Without settings nothing is restored or kept.
    Console(std::shared_ptr<const fleet::Fleet> fleet, const QString &from, ui::theme::Theme &theme, QSettings *settings, QObject *parent = nullptr);
    ~Console() override;

    void start();
    [[nodiscard]] ui::shell::MainWindow &window() { return *m_window; }

Q_SIGNALS:
    void snapshotShown(const shardlens::facts::SnapshotPtr &snapshot);

private:
    void show(const facts::SnapshotPtr &snapshot);

    ui::theme::Theme &m_theme;
    std::shared_ptr<const base::Clock> m_clock;
    observe::History m_history;
    std::unique_ptr<ui::shell::Session> m_session;
    std::unique_ptr<observe::Engine> m_engine;
    std::unique_ptr<ui::shell::MainWindow> m_window;
};

} // namespace shardlens::app
