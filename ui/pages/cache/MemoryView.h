// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/pages/cache/CacheView.h"

namespace shardlens::ui::pages {

class RowsPanel;

/// Why gets miss and what is evicted, a row a server; under it the slab classes of the server that is chosen. GUI thread.
class MemoryView : public CacheView
{
    Q_OBJECT

public:
    MemoryView(const fleet::Fleet &fleet, QWidget *parent);

    void fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed) override;
    [[nodiscard]] int least(bool wide) const override;
    void arrange(bool wide) override;

    void choose(const base::ServerId &server);
    [[nodiscard]] RowsPanel *misses() const { return m_misses; }
    [[nodiscard]] RowsPanel *slabs() const { return m_slabs; }

Q_SIGNALS:
    void chosen(const std::string &server);

private:
    void fillSlabs();

    RowsPanel *m_misses;
    RowsPanel *m_slabs;
    base::ServerId m_server; ///< whose slab classes are shown
    facts::SnapshotPtr m_shown;
};

} // namespace shardlens::ui::pages
