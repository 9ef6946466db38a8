// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Readiness.h"
#include "ui/pages/LivePage.h"

#include <set>
#include <vector>

namespace shardlens::ui::operate {
class PlanView;
class RunBar;
class RunningView;
} // namespace shardlens::ui::operate

namespace shardlens::ui::theme {
class Text;
}

namespace shardlens::ui::pages {

class RowsPanel;
class CampaignView;
class HostsView;
class TitleRow;

/// What can be done to the fleet, and what was: the readiness of every cluster over plans that were put aside and the operations; in
/// another view the hosts. From a row it leads to a plan, from
/// the plan to the operation that carries it out, each over the whole page; likewise campaigns of many moves.
class OperationsPage : public LivePage
{
    Q_OBJECT

public:
    explicit OperationsPage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("operations"); }
    [[nodiscard]] QString title() const override { return tr("Operations"); }
    bool select(const Subject &subject) override;
    [[nodiscard]] Subject selection() const override;
    bool showPlan(const operate::Intent &intent) override;
    bool showOperation(const std::string &id) override;
    bool showCampaignPlan(const campaign::Goal &goal) override;
    bool showCampaign(const std::string &id) override;
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    [[nodiscard]] QString asCsv() const override; ///< of the table that has the keyboard; of readiness otherwise
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] RowsPanel *readiness() const { return m_readiness; }
    [[nodiscard]] RowsPanel *operations() const { return m_operations; }
    [[nodiscard]] RowsPanel *savedPlans() const { return m_saved; } ///< hidden where none was put aside
    [[nodiscard]] operate::PlanView *planView() const { return m_plan; }
    [[nodiscard]] operate::RunningView *runningView() const { return m_running; }
    [[nodiscard]] CampaignView *campaignView() const { return m_campaign; }
    [[nodiscard]] HostsView *hostsView() const { return m_hosts; }
    [[nodiscard]] operate::RunBar *openBar() const { return m_openBar; } ///< of the operation that runs or waits for a person

    enum class Showing : std::uint8_t { Lists, Hosts, Plan, Operation, Campaign };
    [[nodiscard]] Showing showing() const { return m_showing; }

protected:
    void fill() override;
    void arrange() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildLists();
    void buildPlan();
    void buildOperation();
    void buildCampaign();
    void rememberPast();
    void fillOperations();
    void buildSaved(); // OperationsPagePlans.cpp
    void fillSaved();
    bool showSaved(const std::string &name);
    void openSaved(const std::string &name);
    void savePlan(const std::string &name, const operate::Intent &intent, const operate::Fingerprint &fingerprint);
    void saveCampaign(const campaign::SavedCampaign &plan);
    void buildHosts(); // OperationsPageHosts.cpp
    void fillHosts();
    void arrangeHosts();
    bool showHost(const base::HostName &host);
    void fillPlan();
    void fillCampaign();
    void followCampaigns();
    void tellCampaignRefused(const QString &why);
    void startCampaign(const campaign::CampaignRequest &request);
    void restoreCampaign(const QVariantMap &state);
    void keepCampaign(QVariantMap &state) const;
    void openPlanOf(const std::string &subject); ///< a cluster or a Redis group
    [[nodiscard]] const operate::CampaignList &campaigns() const;
    [[nodiscard]] QWidget *whole() const; ///< what is shown over the whole page
    void followBoard();
    void tellRefused(const QString &why);
    void startWhat(const operate::ActRequest &request);
    void tellExpected();
    void goDeeper(Showing showing);
    void turnTo(Showing showing);
    void openCluster(const std::string &cluster);
    void openOperation(const std::string &id);
    void arrangeLists(const QRect &room);
    [[nodiscard]] QString refusal() const;
    [[nodiscard]] const operate::OperationList &list() const;

    Showing m_showing = Showing::Lists;
    operate::PastOf m_past; ///< what past moves took
    std::vector<operate::Readiness> m_ready;
    std::string m_operation;           ///< the one that is shown
    base::ClusterName m_awaited;       ///< an operation on it was asked for
    std::set<std::string> m_knownThen; ///< those that there were when it was asked for
    TitleRow *m_title;
    operate::RunBar *m_openBar;
    RowsPanel *m_readiness;
    RowsPanel *m_operations;
    RowsPanel *m_saved;
    theme::Text *m_none;
    operate::PlanView *m_plan;
    operate::RunningView *m_running;
    CampaignView *m_campaign;
    HostsView *m_hosts;
    std::set<std::string> m_campaignsThen; ///< those that there were when one was asked for
    bool m_awaitsCampaign = false;
};

} // namespace shardlens::ui::pages
