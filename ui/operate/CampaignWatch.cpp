// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/CampaignWatch.h"

#include "core/operate/Readiness.h"

namespace shardlens::ui::operate {

using campaign::CampaignPlan;

void CampaignWatch::ask(const campaign::Goal &goal, const campaign::Options &options)
{
    *this = CampaignWatch();
    m_goal = goal;
    m_options = options;
}

void CampaignWatch::see(const facts::Snapshot &snapshot)
{
    auto made = campaign::planFor(snapshot, m_goal, m_options);
    if (!made) {
        m_error = made.error().message;
        return;
    }
    m_error.clear();
    std::set<base::ServerId> notRead;
    for (const campaign::Row &row : made->rows) {
        if (row.isGroup)
            continue;
        const auto missing = shardlens::operate::notReadYet(snapshot, base::ClusterName(row.subject));
        notRead.insert(missing.begin(), missing.end());
    }
    m_notRead = notRead.size();
    if (!m_settled || (m_shown && m_shown->fingerprint == made->fingerprint)) {
        m_shown = std::move(*made);
        m_newest.reset();
        m_differences.clear();
        m_settled = m_settled || m_notRead == 0;
        return;
    }
    m_differences = shardlens::operate::differencesBetween(m_shown->fingerprint, made->fingerprint);
    m_newest = std::move(*made);
}

void CampaignWatch::again()
{
    if (!m_newest)
        return;
    m_shown = std::move(m_newest);
    m_newest.reset();
    m_differences.clear();
    m_settled = m_notRead == 0;
}

} // namespace shardlens::ui::operate
