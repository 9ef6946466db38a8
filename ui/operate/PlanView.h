// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/operate/OperateFrame.h"
#include "ui/operate/PlanWatch.h"

namespace shardlens::ui::operate {

class ConfirmBar;
class RefusalBar;

/// A plan to be read and confirmed. It is made anew from each snapshot; once read, what differs is told and the plan stays, until the
/// person reads it again. GUI thread; starts nothing itself.
class PlanView : public OperateFrame
{
    Q_OBJECT

public:
    explicit PlanView(QWidget *parent = nullptr);

    void ask(const Intent &intent);
    [[nodiscard]] const Intent &intent() const { return m_watch.intent(); }
    void showSnapshot(const facts::SnapshotPtr &snapshot);
    void setRefusal(const QString &refusal);     ///< why this person may not start it; empty: may
    void setHindrance(const QString &hindrance); ///< why nothing may be started now: another operation of the cluster is open
    void tellNotStarted(const QString &why);

    [[nodiscard]] const PlanWatch &watch() const { return m_watch; }
    [[nodiscard]] ConfirmBar *confirmBar() const { return m_confirm; }
    [[nodiscard]] RefusalBar *refusalBar() const { return m_refuses; }

Q_SIGNALS:
    void started(const shardlens::ui::operate::ActRequest &request);
    void otherPlanAsked(const shardlens::operate::Intent &intent); ///< another candidate, or the other act

private:
    void present();
    void presentBar();
    void presentStatus();
    void presentChange();
    void follow(const std::string &rowId);

    PlanWatch m_watch;
    facts::SnapshotPtr m_snapshot;
    QString m_refusal;
    QString m_hindrance;
    bool m_isStarting = false;
    ConfirmBar *m_confirm;
    RefusalBar *m_refuses;
};

} // namespace shardlens::ui::operate
