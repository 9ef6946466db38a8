// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanBoard.h"

#include <QMetaMethod>

#include <algorithm>

namespace shardlens::ui::operate {

void PlanBoard::show(PlanList list)
{
    if (list == m_list)
        return;
    m_list = std::move(list);
    Q_EMIT changed();
}

const execute::SavedPlan *PlanBoard::plan(const std::string &name) const
{
    const auto found = std::find_if(m_list.plans.begin(), m_list.plans.end(), [&](const execute::SavedPlan &one) { return one.name == name; });
    return found == m_list.plans.end() ? nullptr : &*found;
}

const campaign::SavedCampaign *PlanBoard::savedCampaign(const std::string &name) const
{
    const auto found = std::find_if(m_list.campaigns.begin(), m_list.campaigns.end(), [&](const campaign::SavedCampaign &one) { return one.name == name; });
    return found == m_list.campaigns.end() ? nullptr : &*found;
}

bool PlanBoard::isAnswered() const
{
    return isSignalConnected(QMetaMethod::fromSignal(&PlanBoard::saveRequested));
}

} // namespace shardlens::ui::operate

#include "moc_PlanBoard.cpp"
