// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/HotKeysView.h"

#include "ui/format/Words.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/CacheBoard.h"
#include "ui/pages/cache/HotRows.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"

#include <QMenu>

#include <algorithm>
#include <array>

namespace shardlens::ui::pages {

using theme::FlatButton;
using theme::scaled;
using theme::SegmentedControl;

namespace {

constexpr std::array<base::seconds, 3> spans{base::seconds(15), base::seconds(60), base::seconds(300)};
constexpr std::array<std::uint32_t, 3> sampledOf{1, 10, 100};
constexpr int explainedWidth = 720;
constexpr int leastHotRows = 6;
constexpr int leastHerdRows = 4;

QStringList regionsWithPools(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const auto &region : fleet.regions) {
        if (std::any_of(fleet.pools.begin(), fleet.pools.end(), [&](const auto &pool) { return pool.region == region.name; }))
            names << format::text(region.name.text());
    }
    return names;
}

} // namespace

HotKeysView::HotKeysView(const std::shared_ptr<const fleet::Fleet> &fleet, CacheBoard *board, QWidget *parent)
    : CacheView(parent), m_fleet(fleet), m_board(board), m_regions(new SegmentedControl(regionsWithPools(*fleet), this)),
      m_spans(new SegmentedControl({tr("15 s"), tr("1 min"), tr("5 min")}, this)), m_button(new FlatButton(tr("Watch"), this)),
      m_samples(new SegmentedControl({tr("all reads"), tr("1 of 10"), tr("1 of 100")}, this)),
      m_summary(new theme::Text(theme::FontRole::Body, theme::ColourRole::Muted, this)), m_explained(new theme::Paragraph(this, theme::ColourRole::Text, theme::ColourRole::Muted)),
      m_read(new RowsPanel(tr("Most read"), hotColumns(false), this)), m_missed(new RowsPanel(tr("Most missed"), hotColumns(true), this)),
      m_herds(new RowsPanel(tr("Missed by many at once"), herdColumns(), this))
{
    m_regions->setAccessibleName(tr("Region to watch"));
    m_regions->setCurrent(std::max(0, static_cast<int>(m_regions->choices().indexOf(format::text(fleet->ownRegion.text())))));
    m_spans->setAccessibleName(tr("Time to watch"));
    m_samples->setAccessibleName(tr("Reads to count"));
    m_samples->setToolTip(tr("Where keys are read faster than they can be counted, a share of the reads tells the same; what nobody finds is counted always"));
    m_summary->setElide(theme::Text::Elide::Phrases);
    connect(m_button, &QAbstractButton::clicked, this, &HotKeysView::press);
    for (auto *panel : {m_read, m_missed, m_herds}) {
        connect(panel->table(), &FactTable::opened, this, &HotKeysView::keyOpened);
        connect(panel->table(), &FactTable::menuAboutToShow, this, &HotKeysView::addActs);
    }
    if (m_board)
        connect(m_board, &CacheBoard::hotKeysTold, this, &HotKeysView::show);
    setFocusProxy(m_button);
    showState();
}

void HotKeysView::addActs(QMenu *menu, const std::string &key)
{
    menu->addAction(tr("Look at this key in every region"), this, [this, key] { Q_EMIT keyOpened(key); });
    if (!keyOwner(*m_fleet, key).isEmpty())
        menu->addAction(tr("Look up whose it is"), this, [this, key] { Q_EMIT lookUpAsked(format::text(key)); });
}

void HotKeysView::press()
{
    if (!m_board)
        return;
    if (m_isWatching) {
        m_board->stopWatching();
        return;
    }
    m_isWatching = true;
    showState();
    m_board->watchHotKeys(base::RegionName(m_regions->choices().value(m_regions->current()).toStdString()), spans.at(static_cast<std::size_t>(m_spans->current())),
                          sampledOf.at(static_cast<std::size_t>(m_samples->current())));
}

void HotKeysView::show(const base::RegionName &region, const cacheflow::HotKeysReport &report)
{
    const bool isFirst = !m_hasWatched;
    m_hasWatched = true;
    m_isWatching = !report.isOver;
    m_read->table()->showRows(hotRows(*m_fleet, report, false));
    m_missed->table()->showRows(hotRows(*m_fleet, report, true));
    m_herds->table()->showRows(herdRows(*m_fleet, report));
    m_summary->setText(hotSummary(region, report));
    m_herds->setNote(m_herds->table()->facts()->rowCount() == 0 ? tr("none so far") : tr("within a tenth of a second"));
    showState();
    if (isFirst)
        Q_EMIT needsRoom();
}

void HotKeysView::showState()
{
    m_button->setText(m_isWatching ? tr("Stop") : tr("Watch"));
    m_button->setEnabled(m_board && m_board->isAnswered());
    m_regions->setEnabled(!m_isWatching);
    m_spans->setEnabled(!m_isWatching);
    m_samples->setEnabled(!m_isWatching);
    m_explained->setText(m_board && m_board->isAnswered() ? tr("Nothing is watched.") : tr("Nothing can be watched from here."),
                         tr("A watch has each memcached of one region tell this console every read and write of a key, for as long as is chosen: one more connection a server, and "
                            "about 120 bytes a read. Counts are ranked in bounded memory, with the error said. What a server leaves out because it is too fast is said too. "
                            "What Shardlens’s own programs ask for is left out."));
    m_explained->setVisible(!m_hasWatched);
    for (auto *panel : {m_read, m_missed, m_herds})
        panel->setVisible(m_hasWatched);
}

QString HotKeysView::summary() const
{
    return m_summary->text();
}

void HotKeysView::fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed)
{
    Q_UNUSED(snapshot)
    Q_UNUSED(feed)
    showState(); // who answers may have come
}

int HotKeysView::least(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int bar = scaled(theme::size::kButton) + gap;
    if (m_hasWatched && wide)
        return bar + m_read->heightFor(leastHotRows);
    return m_hasWatched ? bar + m_missed->heightFor(leastHotRows) + gap + m_herds->heightFor(leastHerdRows) : bar + m_explained->heightForWidth(std::min(width(), scaled(explainedWidth)));
}

void HotKeysView::arrangeBar(int height)
{
    int left = 0;
    for (QWidget *part : {static_cast<QWidget *>(m_regions), static_cast<QWidget *>(m_spans), static_cast<QWidget *>(m_button)}) {
        const QSize size = part->sizeHint();
        part->setGeometry(left, (height - size.height()) / 2, size.width(), size.height());
        left += size.width() + theme::space::kM;
    }
    const QSize samples = m_samples->sizeHint();
    m_samples->setVisible(left + samples.width() <= width() || m_samples->current() > 0);
    if (m_samples->isVisibleTo(this)) {
        m_samples->setGeometry(left, (height - samples.height()) / 2, samples.width(), samples.height());
        left += samples.width() + theme::space::kM;
    }
    m_summary->setGeometry(left, 0, std::max(0, width() - left), height);
}

/// Three lists beside each other where there is room, no taller than they can get; else the misses under one another.
void HotKeysView::arrange(bool wide)
{
    for (auto *panel : {m_read, m_missed, m_herds})
        panel->table()->setRowHeight(wide ? theme::size::kRoomyRow : theme::size::kTableRow);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int bar = scaled(theme::size::kButton);
    arrangeBar(bar);
    const int top = bar + gap;
    const int textWidth = std::min(width(), scaled(explainedWidth));
    m_explained->setGeometry(0, top, textWidth, m_explained->heightForWidth(textWidth));
    if (wide) {
        const int most = std::min(height() - top, m_read->heightFor(mostHotRows));
        const int third = (width() - 2 * gap) / 3;
        m_read->setGeometry(0, top, third, most);
        m_missed->setGeometry(third + gap, top, third, most);
        m_herds->setGeometry(2 * (third + gap), top, width() - 2 * (third + gap), most);
        return;
    }
    const int half = (width() - gap) / 2;
    m_read->setGeometry(0, top, half, height() - top);
    const int herds = std::max(m_herds->heightFor(leastHerdRows), (height() - top - gap) * 2 / 5);
    const int missed = height() - top - gap - herds;
    m_missed->setGeometry(half + gap, top, width() - half - gap, missed);
    m_herds->setGeometry(half + gap, top + missed + gap, width() - half - gap, herds);
}

} // namespace shardlens::ui::pages

#include "moc_HotKeysView.cpp"
