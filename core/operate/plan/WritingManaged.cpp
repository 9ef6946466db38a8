// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of a cluster's manager, and how its word is held against what the servers themselves say.
#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

namespace shardlens::operate {

using base::seconds;
using base::ServerId;

namespace {

constexpr auto standsByText = "SELECT pg_is_in_recovery()";
constexpr auto whoLeads = "GET /cluster";

std::string ledBy(const fleet::Fleet &fleet, const ServerId &server)
{
    return "leader=" + applicationNameOf(fleet, server);
}

} // namespace

Command Writing::manager(const ServerId &on, std::string text, std::string expects) const
{
    return {By::Manager, on, m_sight.cluster().database, std::move(text), {}, std::move(expects), std::nullopt, false};
}

/// It stops the old primary cleanly and lets go of its leader key only once the candidate has the very last record: what we proved
/// before is that this will not take long, and what we see after is the candidate itself.
void Writing::managerSwitches()
{
    Step &step = add(StepKind::ManagerSwitches, {m_new}, seconds(30), true);
    step.isPointOfNoReturn = true;
    step.detail = m_old.text();
    const fleet::Fleet &fleet = m_sight.fleet();
    step.preconditions = {sql(m_new, standsByText, "t"), sql(m_new, positionReached("{final}"), "t"), manager(m_old, whoLeads, "INFO " + ledBy(fleet, m_old) + " scheduled=no")};
    step.commands = {manager(m_old, "POST /switchover " + ledBy(fleet, m_old) + " candidate=" + applicationNameOf(fleet, m_new))};
    step.verifications = {sql(m_new, "SELECT CASE WHEN pg_is_in_recovery() THEN false ELSE pg_current_wal_flush_lsn() >= '{final}'::pg_lsn END", "t"),
                          manager(m_new, whoLeads, "INFO " + ledBy(fleet, m_new))};
    step.exchanges = 3;
}

void Writing::managerPromotes()
{
    Step &step = add(StepKind::ManagerPromotes, {m_new}, seconds(30), true);
    step.isPointOfNoReturn = true;
    const fleet::Fleet &fleet = m_sight.fleet();
    step.preconditions = {sql(m_new, standsByText, "t"), manager(m_new, whoLeads, "INFO leader= scheduled=no")};
    step.commands = {manager(m_new, "POST /failover candidate=" + applicationNameOf(fleet, m_new))};
    step.verifications = {sql(m_new, standsByText, "f"), manager(m_new, whoLeads, "INFO " + ledBy(fleet, m_new))};
    step.exchanges = 3;
}

/// Nothing is promoted here: from this look on it only goes forward.
void Writing::managerLed()
{
    Step &step = add(StepKind::ManagerLed, {m_new}, seconds(5), true);
    step.isPointOfNoReturn = true;
    const std::string led = "INFO " + ledBy(m_sight.fleet(), m_new);
    step.preconditions = {sql(m_new, standsByText, "f"), manager(m_new, whoLeads, led)};
    step.commands = {manager(m_new, whoLeads, led)};
    step.verifications = {sql(m_new, standsByText, "f")};
    step.exchanges = 3;
}

/// The old primary is started again, and rewound where it must be: that is its manager's work, and takes its time.
void Writing::seeManaged()
{
    std::vector<ServerId> others;
    for (const ServerId &id : m_sight.cluster().servers) {
        if (id != m_new && (m_act == Act::Switchover || m_sight.isFresh(id)))
            others.push_back(id);
    }
    if (others.empty() || !canTerm())
        return;
    Step &step = add(StepKind::SeeFollowers, others, seconds(60), false);
    for (const ServerId &standby : others)
        step.verifications.push_back(sql(standby, "SELECT token FROM shardlens.marker", "{token}"));
    step.mayBeLeft = true;
}

} // namespace shardlens::operate
