// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/CampaignChoices.h"

#include "ui/format/Words.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>

#include <algorithm>
#include <array>

namespace shardlens::ui::pages {

using campaign::Aim;
using theme::scaled;
using theme::SegmentedControl;

namespace {

constexpr std::array<unsigned, 5> choicesAtOnce{1, 2, 3, 4, 8};
constexpr std::array<unsigned, 4> choicesStopAfter{1, 2, 3, 0};
constexpr std::array<int, 5> choicesHours{1, 2, 4, 8, 24};

template <std::size_t N>
int placeOf(const std::array<unsigned, N> &choices, unsigned value, int otherwise)
{
    const auto found = std::find(choices.begin(), choices.end(), value);
    return found == choices.end() ? otherwise : static_cast<int>(found - choices.begin());
}

} // namespace

CampaignChoices::CampaignChoices(QWidget *parent) : QWidget(parent)
{
    QStringList atOnce;
    for (const unsigned number : choicesAtOnce)
        atOnce << QString::number(number);
    QStringList hours;
    for (const int number : choicesHours)
        hours << tr("%1 h").arg(number);
    m_atOnce = add(tr("At once"), atOnce);
    m_stopAfter = add(tr("Stop after failures"), {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3"), tr("never")});
    m_to = add(tr("To"), {tr("the best")});
    m_until = add(tr("Until, from now"), hours);
    m_home = add(tr("What is homed there"), {tr("stays away"), tr("moves back")});
    m_atOnce->setToolTip(tr("Moves of one wave; the first wave is one alone"));
    m_stopAfter->setToolTip(tr("No further wave once so many moves failed"));
    setAccessibleName(tr("How it is gone about"));
}

SegmentedControl *CampaignChoices::add(const QString &label, const QStringList &choices)
{
    Group group{new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this), new SegmentedControl(choices, this)};
    group.label->setText(label);
    group.control->setAccessibleName(label);
    connect(group.control, &SegmentedControl::currentChanged, this, &CampaignChoices::changed);
    m_groups.push_back(group);
    return group.control;
}

void CampaignChoices::begin(const campaign::Goal &goal, const fleet::Fleet &fleet)
{
    const QSignalBlocker quiet(this);
    m_goal = goal;
    m_regions = {base::RegionName()};
    QStringList names{tr("the best")};
    for (const fleet::Region &region : fleet.regions) {
        if (region.name.text() == goal.subject)
            continue;
        m_regions.push_back(region.name);
        names << format::text(region.name.text());
    }
    m_to->setChoices(names);
    m_to->setCurrent(0);
    m_until->setCurrent(1);
    m_home->setCurrent(0);
    m_atOnce->setCurrent(1);
    m_stopAfter->setCurrent(0);
    for (const Group &group : m_groups) {
        const bool isThere = group.control == m_to ? goal.aim == Aim::Evacuate && m_regions.size() > 2 : group.control == m_until ? goal.aim == Aim::HostDown : group.control == m_home ? goal.aim == Aim::HostUp : true;
        group.label->setVisible(isThere);
        group.control->setVisible(isThere);
    }
    place(width(), true);
}

void CampaignChoices::choose(const campaign::Options &options)
{
    const QSignalBlocker quiet(this);
    m_atOnce->setCurrent(placeOf(choicesAtOnce, options.atOnce, m_atOnce->current()));
    m_stopAfter->setCurrent(placeOf(choicesStopAfter, options.stopAfter, m_stopAfter->current()));
    const auto region = std::find(m_regions.begin(), m_regions.end(), options.toRegion);
    if (region != m_regions.end())
        m_to->setCurrent(static_cast<int>(region - m_regions.begin()));
    m_home->setCurrent(options.bringsHome ? 1 : 0);
}

campaign::Options CampaignChoices::options(base::UtcTime now) const
{
    campaign::Options options;
    options.atOnce = choicesAtOnce.at(static_cast<std::size_t>(m_atOnce->current()));
    options.stopAfter = choicesStopAfter.at(static_cast<std::size_t>(m_stopAfter->current()));
    if (m_goal.aim == Aim::Evacuate && static_cast<std::size_t>(m_to->current()) < m_regions.size())
        options.toRegion = m_regions[static_cast<std::size_t>(m_to->current())];
    if (m_goal.aim == Aim::HostDown)
        options.until = now + std::chrono::hours(choicesHours.at(static_cast<std::size_t>(m_until->current())));
    options.bringsHome = m_goal.aim == Aim::HostUp && m_home->current() == 1;
    return options;
}

/// Side by side, in as many rows as they need; how high that is.
int CampaignChoices::place(int width, bool forReal) const
{
    const int high = scaled(theme::size::kButton);
    int x = 0;
    int y = 0;
    for (const Group &group : m_groups) {
        if (group.control->isHidden())
            continue;
        const int label = group.label->sizeHint().width();
        const int control = group.control->sizeHint().width();
        const int whole = label + theme::space::kS + control;
        if (x > 0 && x + whole > width) {
            x = 0;
            y += high + theme::space::kXs;
        }
        if (forReal) {
            group.label->setGeometry(x, y, label, high);
            group.control->setGeometry(x + label + theme::space::kS, y + (high - group.control->sizeHint().height()) / 2, control, group.control->sizeHint().height());
        }
        x += whole + theme::space::kL;
    }
    return y + high;
}

int CampaignChoices::heightFor(int width) const
{
    return place(width, false);
}

void CampaignChoices::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    place(width(), true);
}

void CampaignChoices::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        place(width(), true);
}

} // namespace shardlens::ui::pages

#include "moc_CampaignChoices.cpp"
