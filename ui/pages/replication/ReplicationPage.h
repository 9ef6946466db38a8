// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyGraph.h"
#include "ui/format/UnitKeeper.h"
#include "ui/pages/LivePage.h"

#include <map>

namespace shardlens::ui::charts {
class ChartPanel;
}
namespace shardlens::ui::theme {
class FlatButton;
}
namespace shardlens::ui::pages {

class ClusterList;
class RegionsPanel;
class StagesPanel;
class TitleRow;

/// One cluster's replication: its topology with the routers, where the bytes wait, and lag in time over lag in bytes.
class ReplicationPage : public LivePage
{
    Q_OBJECT

public:
    explicit ReplicationPage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("replication"); }
    [[nodiscard]] QString title() const override { return tr("Replication"); }
    bool select(const Subject &subject) override;
    [[nodiscard]] Subject selection() const override; ///< the card selected in the drawing, else the cluster
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    void toggleTable() override;
    [[nodiscard]] QString asCsv() const override;
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] base::ClusterName cluster() const { return m_cluster; }
    [[nodiscard]] ClusterList *clusters() const { return m_clusters; }
    [[nodiscard]] RegionsPanel *topology() const { return m_topology; }
    [[nodiscard]] theme::FlatButton *planButton() const { return m_plan; }
    [[nodiscard]] StagesPanel *stages() const { return m_stages; }
    [[nodiscard]] charts::ChartPanel *timeChart() const { return m_time; }
    [[nodiscard]] charts::ChartPanel *bytesChart() const { return m_bytes; }

protected:
    void fill() override;
    void arrange() override;

private:
    void askPlan(const base::ClusterName &cluster, const base::ServerId &standby);
    void showCluster(const base::ClusterName &cluster);
    void fillTopologyTitle();
    void fillCharts();

    base::ClusterName m_cluster;
    TitleRow *m_title;
    ClusterList *m_clusters;
    RegionsPanel *m_topology;
    theme::FlatButton *m_plan; ///< in the drawing's title row
    StagesPanel *m_stages;
    StagesPanel *m_all; ///< of every cluster: where the page is wide
    charts::ChartPanel *m_time;
    charts::ChartPanel *m_bytes;
    std::map<base::ServerId, format::UnitKeeper> m_behindUnits; ///< of the figures at the ends of its lines
};

} // namespace shardlens::ui::pages
