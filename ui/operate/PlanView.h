// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/operate/OperateFrame.h"
#include "ui/operate/PlanWatch.h"

namespace shardlens::execute {
struct SavedPlan;
}

namespace shardlens::ui::theme {
class FlatButton;
class TickBox;
} // namespace shardlens::ui::theme

namespace shardlens::ui::operate {

class ConfirmBar;
class RefusalBar;
class SavePlan;

/// A plan to be read and confirmed. It is made anew from each snapshot; once read, what differs is told and the plan stays, until the
/// person reads it again. GUI thread; starts nothing itself.
class PlanView : public OperateFrame
{
    Q_OBJECT

public:
    explicit PlanView(QWidget *parent = nullptr);

    void ask(const Intent &intent);
    [[nodiscard]] const Intent &intent() const { return m_watch.intent(); }
    void remember(PastOf past) { m_watch.remember(std::move(past)); } ///< what past moves took; before a snapshot
    void showSnapshot(const facts::SnapshotPtr &snapshot);
    void setRefusal(const QString &refusal);     ///< why this person may not start it; empty: may
    void setHindrance(const QString &hindrance); ///< why nothing may be started now: another operation of the cluster is open
    [[nodiscard]] bool canBeStarted() const;     ///< but for what the person enters
    void tellNotStarted(const QString &why);
    /// It was put aside, and is planned anew: what differs since is told above it, until another one is asked for.
    void compareWith(const execute::SavedPlan &saved);
    void setMayBeSaved(bool may);
    void tellSaved(const QString &sentence); ///< or why not

    [[nodiscard]] const PlanWatch &watch() const { return m_watch; }
    [[nodiscard]] ConfirmBar *confirmBar() const { return m_confirm; }
    [[nodiscard]] RefusalBar *refusalBar() const { return m_refuses; }
    [[nodiscard]] theme::TickBox *warms() const { return m_warms; } ///< shown for a switchover of a cluster
    [[nodiscard]] theme::FlatButton *saveButton() const { return m_save; }
    [[nodiscard]] SavePlan *savePlan() const { return m_saving; }
    [[nodiscard]] const std::string &savedAs() const { return m_savedAs; } ///< the name of what it is compared with; empty: nothing

Q_SIGNALS:
    void started(const shardlens::ui::operate::ActRequest &request);
    void otherPlanAsked(const shardlens::operate::Intent &intent); ///< another candidate, or the other act
    void saveAsked(const std::string &name, const shardlens::operate::Intent &intent, const shardlens::operate::Fingerprint &fingerprint);

private:
    void present();
    void presentBar();
    void presentStatus();
    void presentChange();
    void presentSaved();
    void save(const QString &name);
    void follow(const std::string &rowId);

    PlanWatch m_watch;
    facts::SnapshotPtr m_snapshot;
    QString m_refusal;
    QString m_hindrance;
    bool m_isStarting = false;
    ConfirmBar *m_confirm;
    RefusalBar *m_refuses;
    theme::TickBox *m_warms;
    theme::FlatButton *m_save;
    SavePlan *m_saving;
    std::string m_savedAs;
    QString m_savedWords; ///< when, and by whom
    Fingerprint m_savedFingerprint;
    QString m_told;
};

} // namespace shardlens::ui::operate
