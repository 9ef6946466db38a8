// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/CampaignBoard.h"

#include <QMetaMethod>

#include <algorithm>

namespace shardlens::ui::operate {

void CampaignBoard::show(CampaignList list)
{
    if (list == m_list)
        return;
    m_list = std::move(list);
    Q_EMIT changed();
}

bool CampaignBoard::isAnswered() const
{
    return isSignalConnected(QMetaMethod::fromSignal(&CampaignBoard::startRequested));
}

const CampaignSeen *CampaignBoard::campaign(const std::string &id) const
{
    const auto found = std::find_if(m_list.campaigns.begin(), m_list.campaigns.end(), [&](const CampaignSeen &seen) { return seen.campaign.id == id; });
    return found == m_list.campaigns.end() ? nullptr : &*found;
}

const CampaignSeen *CampaignBoard::open() const
{
    const CampaignSeen *found = nullptr;
    for (const CampaignSeen &seen : m_list.campaigns) {
        if (seen.runs)
            return &seen;
        if (seen.isUnfinished() && !found)
            found = &seen;
    }
    return found;
}

} // namespace shardlens::ui::operate

#include "moc_CampaignBoard.cpp"
