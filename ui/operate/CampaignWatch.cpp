// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/CampaignWatch.h"

#include "core/operate/Readiness.h"

#include <algorithm>
#include <set>

namespace shardlens::ui::operate {

using campaign::CampaignPlan;

void CampaignWatch::ask(const campaign::Goal &goal, const campaign::Options &options)
{
    *this = CampaignWatch();
    m_goal = goal;
    m_options = options;
}

namespace {

bool isThere(const fleet::Fleet &fleet, const campaign::Goal &goal, const base::ServerId &id)
{
    const fleet::Server *server = fleet.server(id);
    return server && (campaign::isOfRegion(goal.aim) ? server->region.text() : server->host.text()) == goal.subject;
}

/// Of all that has a member there: before anything was read there are no rows to ask.
std::size_t notReadThere(const facts::Snapshot &snapshot, const campaign::Goal &goal)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    const auto concerns = [&](const std::vector<base::ServerId> &servers) { return std::any_of(servers.begin(), servers.end(), [&](const base::ServerId &id) { return isThere(fleet, goal, id); }); };
    std::set<base::ServerId> notRead;
    for (const fleet::Cluster &cluster : fleet.clusters) {
        if (!concerns(cluster.servers))
            continue;
        const auto missing = shardlens::operate::notReadYet(snapshot, cluster.name);
        notRead.insert(missing.begin(), missing.end());
    }
    for (const fleet::RedisGroup &group : fleet.redisGroups) {
        for (const base::ServerId &id : concerns(group.servers) ? group.servers : std::vector<base::ServerId>()) {
            const facts::Observation *seen = snapshot.observation(id);
            if (!seen || seen->reach.state == facts::ReachState::Asking)
                notRead.insert(id);
        }
    }
    return notRead.size();
}

/// Whether it is marked is not known before the directory was read once.
bool areMarksRead(const facts::Snapshot &snapshot)
{
    return !snapshot.fleet->directory || !snapshot.shared || snapshot.shared->readAt || snapshot.shared->trouble;
}

} // namespace

void CampaignWatch::see(const facts::Snapshot &snapshot)
{
    auto made = campaign::planFor(snapshot, m_goal, m_options);
    if (!made) {
        m_error = made.error().message;
        return;
    }
    m_error.clear();
    m_notRead = notReadThere(snapshot, m_goal);
    m_isAllRead = m_notRead == 0 && areMarksRead(snapshot);
    if (!m_settled || (m_shown && m_shown->fingerprint == made->fingerprint)) {
        m_shown = std::move(*made);
        m_newest.reset();
        m_differences.clear();
        m_settled = m_settled || m_isAllRead;
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
    m_settled = m_isAllRead;
}

} // namespace shardlens::ui::operate
