// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/MemoryView.h"

#include "ui/format/Words.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/MemoryRows.h"
#include "ui/theme/Type.h"

#include <algorithm>

namespace shardlens::ui::pages {

namespace {

constexpr int leastMissRows = 4;
constexpr int leastSlabRows = 5;

} // namespace

MemoryView::MemoryView(const fleet::Fleet &fleet, QWidget *parent)
    : CacheView(parent), m_misses(new RowsPanel(tr("Misses by cause, and what is evicted"), missColumns(fleet), this)),
      m_slabs(new RowsPanel(tr("Memory by slab class"), slabColumns(), this))
{
    if (!fleet.pools.empty() && !fleet.pools.front().servers.empty())
        m_server = fleet.pools.front().servers.front();
    connect(m_misses->table(), &FactTable::chosen, this, [this](const std::string &id) {
        if (id.empty() || id == m_server.text())
            return;
        m_server = base::ServerId(id);
        fillSlabs();
        Q_EMIT chosen(id);
    });
    connect(m_misses->table(), &FactTable::opened, this, [this] { m_slabs->table()->setFocus(); });
    setTabOrder(m_misses->table(), m_slabs->table());
    setFocusProxy(m_misses->table());
}

void MemoryView::fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed)
{
    Q_UNUSED(feed)
    m_misses->table()->showRows(missRows(*snapshot));
    m_shown = snapshot;
    if (m_misses->table()->currentId().empty())
        m_misses->table()->choose(m_server.text());
    fillSlabs();
}

void MemoryView::fillSlabs()
{
    if (!m_shown)
        return;
    m_slabs->setTitle(tr("Memory by slab class, %1").arg(format::text(m_server.text())));
    m_slabs->setNote(slabNote(*m_shown, m_server));
    m_slabs->table()->showRows(slabRows(*m_shown, m_server));
}

void MemoryView::choose(const base::ServerId &server)
{
    m_misses->table()->choose(server.text());
}

int MemoryView::least(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    return std::min(m_misses->wantedHeight(), m_misses->heightFor(leastMissRows)) + gap + m_slabs->heightFor(leastSlabRows);
}

void MemoryView::arrange(bool wide)
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    for (auto *panel : {m_misses, m_slabs})
        panel->table()->setRowHeight(wide ? theme::size::kRoomyRow : theme::size::kTableRow);
    const int misses = std::min(m_misses->wantedHeight(), std::max(m_misses->heightFor(leastMissRows), height() - gap - m_slabs->wantedHeight()));
    m_misses->setGeometry(0, 0, width(), misses);
    m_slabs->setGeometry(0, misses + gap, width(), height() - misses - gap);
}

} // namespace shardlens::ui::pages

#include "moc_MemoryView.cpp"
