// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ShardFrame.h"
#include "ui/pages/Page.h"
#include "ui/pages/shards/ShardHeat.h"

#include <memory>
#include <optional>
#include <set>

class QLineEdit;
class QStackedWidget;
class QTableView;

namespace shardlens::ui::models {
class ShardClusterModel;
class ShardModel;
} // namespace shardlens::ui::models
namespace shardlens::ui::charts {
class HeatGrid;
class HeatGridLegend;
} // namespace shardlens::ui::charts
namespace shardlens::ui::theme {
class FlatButton;
class SegmentedControl;
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class FlowRow;
class ShardGridArea;

/// Every logical shard of the fleet, as a heat grid and as a table, with one selection.
class ShardsPage : public Page
{
    Q_OBJECT

public:
    explicit ShardsPage(PageContext context, QWidget *parent = nullptr);
    ~ShardsPage() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("shards"); }
    [[nodiscard]] QString title() const override { return tr("Shards"); }
    void showSnapshot(const facts::SnapshotPtr &snapshot) override;
    bool select(const Subject &subject) override;
    [[nodiscard]] Subject selection() const override;
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    void toggleTable() override;
    [[nodiscard]] QString asCsv() const override;
    [[nodiscard]] bool hasLiveData() const override;

    void setMetric(ShardMetric metric);
    void setArrangement(ShardArrangement arrangement);
    [[nodiscard]] const ShardHeat::Choice &choice() const { return m_choice; }
    [[nodiscard]] bool showsTable() const { return m_showsTable; }
    [[nodiscard]] charts::HeatGrid *grid() const;
    [[nodiscard]] models::ShardModel *model() const { return m_model; }
    [[nodiscard]] QTableView *table() const { return m_table; }

protected:
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeTitleRow();
    void makeControls();
    void makeTable();
    void makeClusters();
    void makeActions();
    void refresh();            ///< all of it, from the newest frame
    void refreshPicture();
    void refreshTexts();
    void refreshLine();
    void refreshTableRows();
    void choosePartition(int index);
    void showRightPane();
    void goToFound();
    void gridSelected();
    void tableSelected();
    void selectInTable();
    void clusterClicked(int row);
    void openCurrent(quint64 id);
    void copyRows();
    void showMenu(const QPoint &global);
    [[nodiscard]] std::vector<facts::ShardKey> selectedKeys() const; ///< as the table orders them
    [[nodiscard]] const fleet::Fleet &fleet() const;

    facts::SnapshotPtr m_snapshot;
    std::shared_ptr<const models::ShardFrame> m_frame;
    ShardHeat m_heat;
    ShardHeat::Choice m_choice;
    bool m_showsTable = false;
    bool m_syncing = false; ///< a selection is being carried over, not made

    theme::Text *m_summary = nullptr;
    theme::ShapeMark *m_summaryMark = nullptr;
    theme::Text *m_freshness = nullptr;
    theme::FlatButton *m_tableButton = nullptr;
    FlowRow *m_controls = nullptr;
    theme::SegmentedControl *m_metrics = nullptr;
    theme::SegmentedControl *m_arrangements = nullptr;
    theme::SegmentedControl *m_partitions = nullptr;
    QLineEdit *m_find = nullptr;
    charts::HeatGridLegend *m_legend = nullptr;
    theme::Text *m_note = nullptr;
    theme::FlatButton *m_pin = nullptr;
    theme::FlatButton *m_newOrder = nullptr;
    QStackedWidget *m_stack = nullptr;
    ShardGridArea *m_area = nullptr;
    QTableView *m_table = nullptr;
    theme::Text *m_empty = nullptr;
    models::ShardModel *m_model = nullptr;
    models::ShardClusterModel *m_clusterModel = nullptr;
    std::shared_ptr<std::vector<bool>> m_lit; ///< what the table's filter reads
};

} // namespace shardlens::ui::pages
