// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/cache/CacheView.h"
#include "ui/pages/cache/FlowRows.h"

#include <vector>

namespace shardlens::ui::charts {
class ChartPanel;
}

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class CacheBoard;
class RowsPanel;

/// Do the caches spare the databases, and do they show what is so? A row a pool with both hit rates; leases a second; the lag of
/// deletes over time; reads that leases spared; deletes, trust and staleness by region. GUI thread.
class FlowView : public CacheView
{
    Q_OBJECT

public:
    /// `board` may be null: then nothing can be measured from here.
    FlowView(const fleet::Fleet &fleet, CacheBoard *board, QWidget *parent);

    void fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed) override;
    [[nodiscard]] int least(bool wide) const override;
    void arrange(bool wide) override;
    [[nodiscard]] int wanted(bool wide) const; ///< the height with which nothing scrolls

    [[nodiscard]] RowsPanel *pools() const { return m_pools; }
    [[nodiscard]] RowsPanel *leases() const { return m_leases; }
    [[nodiscard]] RowsPanel *regions() const { return m_regions; }
    [[nodiscard]] theme::Paragraph *why() const { return m_why; }
    [[nodiscard]] theme::Paragraph *remark() const { return m_remark; }
    [[nodiscard]] theme::Paragraph *lack() const { return m_lack; }    ///< of which pools no client says anything; hidden where all do
    [[nodiscard]] theme::FlatButton *howTo() const { return m_howTo; } ///< opens how a client publishes them; comes with it
    [[nodiscard]] theme::FlatButton *measure() const { return m_measure; }
    [[nodiscard]] std::vector<charts::ChartPanel *> charts() const { return {m_lag, m_saved}; }

private:
    void fillPools(const facts::Snapshot &snapshot, const ChartFeed &feed);
    void fillLag(const facts::Snapshot &snapshot, const ChartFeed &feed);
    void fillSaved(const facts::Snapshot &snapshot, const ChartFeed &feed);
    void fillRegions(const facts::Snapshot &snapshot);
    void fillLeases(const facts::Snapshot &snapshot);
    void explainPublishing();
    void connectBoard();
    void showMeasuring();
    [[nodiscard]] int poolsHeight(int width) const;
    [[nodiscard]] int regionsHeight(int width) const;
    [[nodiscard]] int leasesWidth(bool wide) const;
    [[nodiscard]] int leasesHeight(bool wide) const;

    RowsPanel *m_pools;
    theme::Paragraph *m_why;
    RowsPanel *m_leases;
    theme::Paragraph *m_lack;
    theme::FlatButton *m_howTo;
    charts::ChartPanel *m_lag;
    charts::ChartPanel *m_saved;
    RowsPanel *m_regions;
    theme::Paragraph *m_remark;
    theme::FlatButton *m_measure;
    CacheBoard *m_board;
    MeasuredRegions m_measured;
    bool m_isMeasuring = false;
    facts::SnapshotPtr m_shown;
};

} // namespace shardlens::ui::pages
