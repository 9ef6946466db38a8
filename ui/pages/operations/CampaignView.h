// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/campaign/SavedCampaign.h"
#include "ui/operate/ActFrame.h"
#include "ui/operate/CampaignBoard.h"
#include "ui/operate/CampaignWatch.h"

#include <QTimer>

#include <memory>
#include <optional>
#include <set>

namespace shardlens::ui::operate {
class CampaignBar;
class ConfirmBar;
class OutlinePanel;
class RefusalBar;
class SavePlan;
} // namespace shardlens::ui::operate

namespace shardlens::ui::theme {
class FlatButton;
class SegmentedControl;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class CampaignChoices;
class CampaignForces;
class ManualPanel;
class RowsPanel;

/// A campaign over a whole page, planned or running, each thing in the same place: a row a cluster or group, all of them together
/// beside it, what is done by hand below, and the bar that confirms it or stops it. Where there is no room for two columns they are
/// tabs, so that the bar stays in sight. GUI thread; starts nothing itself.
class CampaignView : public operate::ActFrame
{
    Q_OBJECT

public:
    CampaignView(std::shared_ptr<const base::Clock> clock, std::shared_ptr<const fleet::Fleet> fleet, QWidget *parent = nullptr);

    void ask(const campaign::Goal &goal);                      ///< its plan
    void ask(const campaign::Goal &goal, const campaign::Options &options);
    void showSnapshot(const facts::SnapshotPtr &snapshot);
    void setRefusal(const QString &refusal);                   ///< why this person may not; empty: may
    void setHindrance(const QString &hindrance);               ///< why nothing may be started now
    void tell(const QString &trouble);                         ///< what was asked for was not done, and why
    void showCampaign(const operate::CampaignSeen &seen);      ///< one that runs or ran, in place of a plan

    void compareWith(const campaign::SavedCampaign &saved);    ///< what differs since it was put aside is told above, until another is asked for
    void setMayBeSaved(bool may);                              ///< somebody keeps it
    void tellSaved(const QString &sentence);                   ///< what came of putting it aside

    [[nodiscard]] bool isPlan() const { return !m_seen.has_value(); }
    [[nodiscard]] std::string campaign() const { return m_seen ? m_seen->campaign.id : std::string(); }
    [[nodiscard]] const operate::CampaignWatch &watch() const { return m_watch; }
    [[nodiscard]] int leastHeight(int width) const;            ///< the page scrolls under it

    [[nodiscard]] RowsPanel *rows() const { return m_rows; }
    [[nodiscard]] operate::OutlinePanel *together() const { return m_together; }
    [[nodiscard]] ManualPanel *manual() const { return m_manual; }
    [[nodiscard]] CampaignChoices *choices() const { return m_choices; }
    [[nodiscard]] CampaignForces *forces() const { return m_forces; }
    [[nodiscard]] operate::ConfirmBar *confirmBar() const { return m_confirm; }
    [[nodiscard]] operate::ConfirmBar *leavingBar() const { return m_leaves; } ///< confirms that it is abandoned
    [[nodiscard]] operate::RefusalBar *refusalBar() const { return m_refuses; }
    [[nodiscard]] operate::CampaignBar *campaignBar() const { return m_bar; }
    [[nodiscard]] theme::FlatButton *saveButton() const { return m_save; }
    [[nodiscard]] operate::SavePlan *savePlan() const { return m_saving; }
    [[nodiscard]] const std::string &savedAs() const { return m_savedAs; } ///< the plan that was opened; empty: none was
    [[nodiscard]] QString asText() const; ///< the plan, or the report

Q_SIGNALS:
    void started(const shardlens::campaign::CampaignRequest &request);
    void stopAsked(const std::string &id, shardlens::campaign::Stop how);
    void tickAsked(const std::string &id, const std::string &step);
    void resumeAsked(const std::string &id);
    void abandonAsked(const std::string &id, const std::string &reason);
    void planAsked(const std::string &subject);      ///< of that cluster or group alone
    void operationAsked(const std::string &id);      ///< of a row's move
    void saveAsked(const shardlens::campaign::SavedCampaign &plan); ///< without owner and times

protected:
    void arrangeBody(const QRect &room) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildPlan();
    void buildRunning();
    void buildLeaving();
    void present();
    void presentPlan();
    void presentPlanStatus();
    void presentChange();
    void presentSaved();
    void save(const QString &name);
    void presentPlanBar();
    void presentRunning();
    void presentRunningBar();
    void presentManual();
    void askToAbandon();
    void leaveAbandoning();
    void open(const std::string &subject);
    void start(const QString &reason);
    void askAgain();
    [[nodiscard]] campaign::Options options() const; ///< as chosen, with what is forced
    void arrangeTabs(const QRect &room);
    void arrangeColumns(const QRect &room);
    [[nodiscard]] bool isNarrow(int width) const;
    [[nodiscard]] int togetherWidth(int width) const;

    std::shared_ptr<const base::Clock> m_clock;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    operate::CampaignWatch m_watch;
    facts::SnapshotPtr m_snapshot;
    std::optional<operate::CampaignSeen> m_seen;
    std::set<std::string> m_ticked; ///< of a plan: done already
    QString m_refusal;
    QString m_hindrance;
    bool m_isStarting = false;
    bool m_isAbandoning = false;
    theme::SegmentedControl *m_tabs;
    CampaignChoices *m_choices;
    CampaignForces *m_forces;
    RowsPanel *m_rows;
    operate::OutlinePanel *m_together;
    ManualPanel *m_manual;
    operate::ConfirmBar *m_confirm;
    operate::ConfirmBar *m_leaves;
    operate::RefusalBar *m_refuses;
    operate::CampaignBar *m_bar;
    theme::FlatButton *m_save;
    operate::SavePlan *m_saving;
    bool m_mayBeSaved = false;
    std::string m_savedAs;
    operate::Fingerprint m_savedFingerprint;
    QString m_savedWords;
    QString m_told; ///< what came of putting it aside
    QTimer m_ticks;
};

} // namespace shardlens::ui::pages
