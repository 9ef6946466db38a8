// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/shell/ConsoleLoad.h"

#include <QWidget>

namespace shardlens::ui::theme {
class Text;
}

namespace shardlens::ui::shell {

/// The 24 px at the bottom: the newest event at the left; what an operation holds, late polls and what the console costs at the right.
class StatusLine : public QWidget
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget *parent = nullptr);

    void showSnapshot(const facts::Snapshot &snapshot);
    void showLock(const QString &lock); ///< what a running operation holds; empty: nothing is held
    void showLoad(const std::optional<ConsoleLoad::Reading> &load);
    void showNotice(const QString &notice); ///< in place of the event until the next one

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    theme::Text *m_event;
    theme::Text *m_lock;
    theme::Text *m_late;
    theme::Text *m_load;
    QString m_lastEvent;
};

/// The newest of what happened: a problem's beginning or end, a restart, a role: "03:13:41Z u1 takes no writes: u1-us-east does not answer".
[[nodiscard]] QString newestEvent(const facts::Snapshot &snapshot);

} // namespace shardlens::ui::shell
