// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/cache/CacheView.h"

#include <vector>

namespace shardlens::ui::charts {
class ChartPanel;
}

namespace shardlens::ui::pages {

class RowsPanel;

/// A row a memcached server; over time what is asked of the pools, and what they do not have. GUI thread.
class ServersView : public CacheView
{
    Q_OBJECT

public:
    ServersView(const fleet::Fleet &fleet, QWidget *parent);

    void fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed) override;
    [[nodiscard]] int least(bool wide) const override;
    void arrange(bool wide) override;

    [[nodiscard]] RowsPanel *servers() const { return m_servers; }
    [[nodiscard]] std::vector<charts::ChartPanel *> charts() const { return {m_gets, m_misses}; }

private:
    void fillCharts(const facts::Snapshot &snapshot, const ChartFeed &feed);

    RowsPanel *m_servers;
    charts::ChartPanel *m_gets;
    charts::ChartPanel *m_misses;
};

} // namespace shardlens::ui::pages
