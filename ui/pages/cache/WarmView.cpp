// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/WarmView.h"

#include "ui/format/ClaimText.h"
#include "ui/format/Words.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/RefusalBar.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/WarmRows.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"

#include <algorithm>
#include <array>

namespace shardlens::ui::pages {

using theme::FlatButton;
using theme::scaled;
using theme::SegmentedControl;

namespace {

constexpr std::array<std::size_t, 3> keyChoices{1'000, 10'000, 50'000};
constexpr std::array<double, 3> rateChoices{50, 200, 1'000};
constexpr int warmTextWide = 720;
constexpr int leastWarmRows = 5;

QStringList warmRegions(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const auto &pool : fleet.pools) {
        if (!names.contains(format::text(pool.region.text())))
            names << format::text(pool.region.text());
    }
    return names;
}

theme::Text *labelOf(const QString &words, QWidget *parent)
{
    auto *label = new theme::Text(theme::FontRole::Body, theme::ColourRole::Muted, parent);
    label->setText(words);
    return label;
}

} // namespace

WarmView::WarmView(const std::shared_ptr<const fleet::Fleet> &fleet, CacheBoard *board, QWidget *parent)
    : CacheView(parent), m_fleet(fleet), m_board(board), m_targetLabel(labelOf(tr("Fill"), this)),
      m_target(new SegmentedControl(warmRegions(*fleet), this)), m_sourceLabel(labelOf(tr("from"), this)),
      m_source(new SegmentedControl(warmRegions(*fleet), this)),
      m_keys(new SegmentedControl({tr("1,000 keys"), tr("10,000"), tr("50,000")}, this)),
      m_rate(new SegmentedControl({tr("50 /s"), tr("200 /s"), tr("1,000 /s")}, this)), m_button(new FlatButton(tr("Plan…"), this)),
      m_explained(new theme::Paragraph(this, theme::ColourRole::Text, theme::ColourRole::Muted)),
      m_rows(new RowsPanel(tr("Warm-up"), warmColumns(), this)), m_stop(new FlatButton(tr("Stop"), m_rows)),
      m_confirm(new operate::ConfirmBar(this)), m_refuses(new operate::RefusalBar(this))
{
    m_target->setAccessibleName(tr("Region to fill"));
    m_source->setAccessibleName(tr("Region to fill it from"));
    m_keys->setAccessibleName(tr("Keys at most"));
    m_rate->setAccessibleName(tr("Keys a second"));
    m_keys->setCurrent(1);
    m_rate->setCurrent(1);
    const auto regions = m_target->choices();
    const int own = static_cast<int>(regions.indexOf(format::text(fleet->ownRegion.text())));
    m_target->setCurrent(std::max(0, own));
    m_source->setCurrent(m_target->current() == 0 && regions.size() > 1 ? 1 : 0);
    m_rows->titleRow()->addWidget(m_stop);
    connectParts();
    setFocusProxy(m_button);
    present();
}

void WarmView::connectParts()
{
    for (auto *control : {m_target, m_source, m_keys, m_rate})
        connect(control, &SegmentedControl::currentChanged, this, &WarmView::forget);
    connect(m_button, &QAbstractButton::clicked, this, &WarmView::askPlan);
    connect(m_stop, &QAbstractButton::clicked, this, [this] {
        m_stop->setEnabled(false);
        if (m_board)
            m_board->stopWarming();
    });
    connect(m_confirm, &operate::ConfirmBar::heightChanged, this, &WarmView::needsRoom);
    connect(m_confirm, &operate::ConfirmBar::wordsConfirmed, this, [this](const QString &reason) {
        if (m_state != State::Planned || !m_plan || !m_board)
            return;
        m_state = State::Filling;
        m_done = cacheflow::Warmed();
        present();
        Q_EMIT needsRoom();
        m_board->warm({m_ask, *m_plan}, reason.toStdString());
    });
    if (!m_board)
        return;
    connect(m_board, &CacheBoard::warmPlanTold, this, &WarmView::hearPlan);
    connect(m_board, &CacheBoard::warmTold, this, [this](const cacheflow::Warmed &soFar) {
        if (m_state != State::Filling)
            return;
        m_done = soFar;
        present();
    });
    connect(m_board, &CacheBoard::warmEnded, this, &WarmView::hearEnd);
}

WarmAsk WarmView::chosen() const
{
    WarmAsk ask;
    ask.to = base::RegionName(m_target->choices().value(m_target->current()).toStdString());
    ask.from = base::RegionName(m_source->choices().value(m_source->current()).toStdString());
    ask.keys = keyChoices.at(static_cast<std::size_t>(m_keys->current()));
    ask.perSecond = rateChoices.at(static_cast<std::size_t>(m_rate->current()));
    return ask;
}

void WarmView::setTarget(const base::RegionName &region)
{
    const auto at = static_cast<int>(m_target->choices().indexOf(format::text(region.text())));
    if (at < 0 || m_state == State::Filling)
        return;
    m_target->setCurrent(at);
    if (m_source->current() == at)
        m_source->setCurrent(at == 0 ? 1 : 0);
}

void WarmView::forget()
{
    if (m_state == State::Filling)
        return;
    m_state = State::Nothing;
    m_plan.reset();
    m_done.reset();
    m_trouble.clear();
    present();
    Q_EMIT needsRoom();
}

void WarmView::askPlan()
{
    if (!isAnswered() || m_state == State::Planning || m_state == State::Filling)
        return;
    forget();
    m_ask = chosen();
    m_state = State::Planning;
    m_confirm->clear();
    present();
    m_board->planWarming(m_ask);
}

void WarmView::hearPlan(const WarmPlanned &planned)
{
    if (m_state != State::Planning || planned.ask != m_ask)
        return;
    m_state = planned.plan ? State::Planned : State::Nothing;
    m_trouble = planned.plan ? QString() : format::text(planned.plan.error().message);
    if (planned.plan)
        m_plan = *planned.plan;
    present();
    Q_EMIT needsRoom();
}

void WarmView::hearEnd(const base::Result<cacheflow::WarmEnd> &end)
{
    if (m_state != State::Filling)
        return;
    if (end) {
        m_state = State::Over;
        m_done = end->done;
        if (end->unrecorded)
            m_trouble = tr("What came of it could not be recorded: %1").arg(format::text(end->unrecorded->message));
    } else {
        m_state = State::Planned;
        m_done.reset();
        const auto refusal = format::refusalIn(end.error());
        const facts::Shared none;
        const facts::Shared &shared = m_shown && m_shown->shared ? *m_shown->shared : none;
        m_confirm->tell(tr("Nothing was filled: %1")
                            .arg(refusal == facts::ClaimRefusal::None ? format::text(end.error().message)
                                                                      : format::refusalText(refusal, shared.you, shared.whoMay)));
    }
    present();
    Q_EMIT needsRoom();
}

QString WarmView::whyNot() const
{
    return m_shown && m_shown->shared ? format::refusalText(m_shown->shared->refusal, m_shown->shared->you, m_shown->shared->whoMay)
                                      : QString();
}

void WarmView::fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed)
{
    Q_UNUSED(feed)
    m_shown = snapshot;
    present();
}

void WarmView::present()
{
    const bool isBusy = m_state == State::Planning || m_state == State::Filling;
    const bool isSame = m_target->current() == m_source->current();
    for (auto *control : {m_target, m_source, m_keys, m_rate})
        control->setEnabled(!isBusy);
    m_button->setEnabled(isAnswered() && !isBusy && !isSame);
    m_button->setText(m_state == State::Planning ? tr("Planning") : tr("Plan…"));
    const QString heading = !isAnswered()                ? tr("No pool can be filled from here.")
                            : isSame                     ? tr("A region is not filled from itself.")
                            : !m_trouble.isEmpty()       ? m_trouble
                            : m_state == State::Planning ? tr("The keys of %1 are read.").arg(format::text(m_ask.from.text()))
                                                         : tr("No warm-up is planned.");
    m_explained->setText(heading, tr("After a flush, or in a new region, a pool can be filled with what another region’s was read for "
                                     "last. The plan walks that pool’s keys and asks this one "
                                     "which it lacks; it changes nothing. Who fills a pool is recorded in the directory."));
    m_explained->setVisible(!m_plan);
    m_rows->setVisible(m_plan.has_value());
    m_stop->setVisible(m_state == State::Filling);
    if (m_state != State::Filling)
        m_stop->setEnabled(true);
    const QString refusal = whyNot();
    const bool isOpen = m_plan && m_state == State::Planned;
    m_confirm->setVisible(isOpen && refusal.isEmpty());
    m_refuses->setVisible(isOpen && !refusal.isEmpty());
    m_refuses->setText(refusal);
    if (!m_plan)
        return;
    m_rows->setTitle(tr("%1 from %2").arg(format::text(m_plan->targets()), format::text(m_plan->sources())));
    m_rows->setNote(m_state == State::Over      ? warmedText(*m_done) + (m_trouble.isEmpty() ? QString() : QLatin1Char(' ') + m_trouble)
                    : m_state == State::Filling ? tr("being filled")
                                                : QString());
    m_rows->table()->showRows(warmRows(m_ask, *m_plan, m_done));
    if (!isOpen)
        return;
    m_confirm->setHindrance(m_plan->keys.empty()           ? tr("Nothing is missing there")
                            : !m_shown || !m_shown->shared ? tr("The directory was not read yet")
                            : !isAnswered()                ? tr("Nothing is done from here")
                                                           : QString());
    m_confirm->showWords(warmWords(m_ask, *m_plan), m_fleet->environment == fleet::Environment::Local);
}

/// What is chosen in one line, or in as many as it takes.
int WarmView::arrangeBar(bool place) const
{
    const int row = scaled(theme::size::kButton);
    int left = 0;
    int top = 0;
    for (QWidget *part : {static_cast<QWidget *>(m_targetLabel), static_cast<QWidget *>(m_target), static_cast<QWidget *>(m_sourceLabel),
                          static_cast<QWidget *>(m_source), static_cast<QWidget *>(m_keys), static_cast<QWidget *>(m_rate),
                          static_cast<QWidget *>(m_button)}) {
        const QSize size = part->sizeHint();
        if (left > 0 && left + size.width() > width()) {
            left = 0;
            top += row + theme::space::kS;
        }
        if (place)
            part->setGeometry(left, top + (row - size.height()) / 2, size.width(), size.height());
        left += size.width() + (part == m_targetLabel || part == m_sourceLabel ? theme::space::kS : theme::space::kM);
    }
    return top + row;
}

int WarmView::footHeight(int width) const
{
    return m_confirm->isVisibleTo(this) ? m_confirm->heightFor(width) : m_refuses->isVisibleTo(this) ? m_refuses->heightFor(width) : 0;
}

int WarmView::least(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int top = arrangeBar(false) + gap;
    if (!m_plan)
        return top + m_explained->heightForWidth(std::min(width(), scaled(warmTextWide)));
    const int foot = footHeight(width());
    return top + m_rows->heightFor(std::max(leastWarmRows, m_rows->table()->facts()->rowCount())) + (foot > 0 ? gap + foot : 0);
}

void WarmView::arrange(bool wide)
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    m_rows->table()->setRowHeight(wide ? theme::size::kRoomyRow : theme::size::kTableRow);
    const int top = arrangeBar(true) + gap;
    const int textWide = std::min(width(), scaled(warmTextWide));
    m_explained->setGeometry(0, top, textWide, m_explained->heightForWidth(textWide));
    const int foot = footHeight(width());
    const int below = foot > 0 ? gap + foot : 0;
    const int rows = std::max(0, std::min(m_rows->wantedHeight(), height() - top - below));
    m_rows->setGeometry(0, top, width(), rows);
    for (QWidget *bar : {static_cast<QWidget *>(m_confirm), static_cast<QWidget *>(m_refuses)})
        bar->setGeometry(0, top + rows + gap, width(), foot);
}

} // namespace shardlens::ui::pages

#include "moc_WarmView.cpp"
