// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of a cluster's manager, and how its word is held against what the servers themselves say.
#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

namespace shardlens::operate {

using base::seconds;
using base::ServerId;

namespace {

constexpr auto standsByText = "SELECT pg_is_in_recovery()";
constexpr auto askPatroni = "GET /cluster";
constexpr auto askRepmgr =
    "SELECT 'leader:' || coalesce(string_agg(node_name, ' '), '') FROM repmgr.nodes WHERE type = 'primary' AND active";

std::string ledBy(const fleet::Fleet &fleet, const ServerId &server)
{
    return "leader=" + applicationNameOf(fleet, server);
}

} // namespace

bool Writing::isRepmgrs() const
{
    return m_sight.cluster().manager == fleet::Manager::Repmgr;
}

Command Writing::manager(const ServerId &on, std::string text, std::string expects) const
{
    return {By::Manager, on, m_sight.cluster().database, std::move(text), {}, std::move(expects), std::nullopt, false};
}

Command Writing::whoLeads(const ServerId &on, std::string expects) const
{
    return manager(on, isRepmgrs() ? askRepmgr : askPatroni, std::move(expects));
}

HostDeed Writing::repmgrs(HostAct act, const ServerId &on) const
{
    const fleet::Server *server = m_sight.fleet().server(on);
    HostDeed deed;
    deed.act = act;
    deed.config = server ? server->repmgr : std::string();
    return deed;
}

/// It stops the old primary cleanly and promotes only once the candidate has the very last record: what we proved before is that this
/// will not take long, and what we see after is the candidate itself.
void Writing::managerSwitches()
{
    Step &step =
        add(StepKind::ManagerSwitches, {m_new}, seconds(isRepmgrs() ? 90 : 30), true); // repmgr waits up to 60 s for the old primary's end
    step.isPointOfNoReturn = true;
    step.detail = m_old.text();
    const fleet::Fleet &fleet = m_sight.fleet();
    step.preconditions = {sql(m_new, standsByText, "t"), sql(m_new, positionReached("{final}"), "t"),
                          whoLeads(m_old, "INFO " + ledBy(fleet, m_old) + (isRepmgrs() ? "" : " scheduled=no"))};
    if (isRepmgrs()) {
        HostDeed deed = repmgrs(HostAct::RepmgrSwitch, m_new);
        step.commands = {manager(m_new, textOf(deed))};
        step.commands.back().deed = std::move(deed);
    } else {
        step.commands = {manager(m_old, "POST /switchover " + ledBy(fleet, m_old) + " candidate=" + applicationNameOf(fleet, m_new))};
    }
    step.verifications = {
        sql(m_new, "SELECT CASE WHEN pg_is_in_recovery() THEN false ELSE pg_current_wal_flush_lsn() >= '{final}'::pg_lsn END", "t"),
        whoLeads(m_new, "INFO " + ledBy(fleet, m_new))};
    step.exchanges = 3;
}

void Writing::managerPromotes()
{
    Step &step = add(StepKind::ManagerPromotes, {m_new}, seconds(30), true);
    step.isPointOfNoReturn = true;
    const fleet::Fleet &fleet = m_sight.fleet();
    if (isRepmgrs()) { // its table names the dead one until another was promoted
        HostDeed deed = repmgrs(HostAct::RepmgrPromote, m_new);
        step.preconditions = {sql(m_new, standsByText, "t"),
                              whoLeads(m_new, m_old.isEmpty() ? std::string() : "INFO " + ledBy(fleet, m_old))};
        step.commands = {manager(m_new, textOf(deed))};
        step.commands.back().deed = std::move(deed);
    } else {
        step.preconditions = {sql(m_new, standsByText, "t"), whoLeads(m_new, "INFO leader= scheduled=no")};
        step.commands = {manager(m_new, "POST /failover candidate=" + applicationNameOf(fleet, m_new))};
    }
    step.verifications = {sql(m_new, standsByText, "f"), whoLeads(m_new, "INFO " + ledBy(fleet, m_new))};
    step.exchanges = 3;
}

/// Nothing is promoted here: from this look on it only goes forward.
void Writing::managerLed()
{
    Step &step = add(StepKind::ManagerLed, {m_new}, seconds(5), true);
    step.isPointOfNoReturn = true;
    const std::string led = "INFO " + ledBy(m_sight.fleet(), m_new);
    step.preconditions = {sql(m_new, standsByText, "f"), whoLeads(m_new, led)};
    step.commands = {whoLeads(m_new, led)};
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

void Writing::rehearseRepmgr()
{
    Step &step = add(StepKind::RehearseRepmgr, {m_new}, seconds(60), false);
    step.commands = {host(m_new, repmgrs(HostAct::RepmgrRehearse, m_new))};
    step.verifications = {host(m_new, repmgrs(HostAct::AskRepmgr, m_new))};
    step.verifications.back().expects = "ended";
}

/// What it could not do after the promotion it only tells by its exit code.
void Writing::seeRepmgr()
{
    Step &step = add(StepKind::SeeRepmgr, {m_new}, seconds(120), false);
    step.verifications = {host(m_new, repmgrs(HostAct::AskRepmgr, m_new))};
    step.verifications.back().expects = "ended";
    step.mayBeLeft = true;
}

void Writing::rejoinByRepmgr(const ServerId &old)
{
    if (old.isEmpty() || old == m_new || m_sight.isFresh(old))
        return;
    Step &step = add(StepKind::RejoinOld, {old}, seconds(120), false);
    step.preconditions = {host(old, onData(HostAct::AskStopped, old))};
    step.preconditions.back().expects = "stopped";
    // As whom repmgr itself finds the new primary.
    const std::string member = applicationNameOf(m_sight.fleet(), m_new);
    step.commands.push_back(sql(m_new, "SELECT conninfo FROM repmgr.nodes WHERE node_name = " + literal(member)));
    step.commands.back().database = m_sight.cluster().repmgrDatabase;
    step.commands.back().keepsAs = "repmgr of " + m_new.text();
    HostDeed rejoin = repmgrs(HostAct::RepmgrRejoin, old);
    rejoin.connection = "{repmgr of " + m_new.text() + "}";
    step.commands.push_back(host(old, std::move(rejoin)));
    step.verifications = {host(old, repmgrs(HostAct::AskRepmgr, old)), sql(old, standsByText, "t"),
                          sql(m_new,
                              "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = " +
                                  literal(applicationNameOf(m_sight.fleet(), old)),
                              "1")};
    step.verifications.front().expects = "ended";
    step.exchanges = 3;
    step.mayBeLeft = true;
}

} // namespace shardlens::operate
