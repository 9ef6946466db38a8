// SPDX-License-Identifier: GPL-3.0-or-later
// The steps after the point of no return: nothing here is undone, each is finished, or
// another does instead what it could not, or it is named as left to do.
#include "core/facts/derive/Settings.h"
#include "core/operate/Unguarded.h"
#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

using base::seconds;
using base::ServerId;

std::string addressText(const fleet::Fleet &fleet, const ServerId &server, const base::RegionName &from)
{
    const fleet::Endpoint &endpoint = fleet.server(server)->address.from(from);
    return "host=" + endpoint.host + " port=" + std::to_string(endpoint.port);
}

bool Writing::canTerm() const
{
    return m_sight.term().has_value();
}

void Writing::raiseTerm()
{
    if (!canTerm())
        return;
    const std::string next = std::to_string(*m_sight.term() + 1);
    Step &step = add(StepKind::RaiseTerm, {m_new}, seconds(2), true);
    // Local: this row shall not wait for a standby that is still to follow; the marker's row then proves that commits get through.
    step.commands = {sql(m_new, "UPDATE shardlens.term SET term = " + next + ", raised_at = clock_timestamp(), raised_by = '{operation}' "
                                "FROM set_config('synchronous_commit', 'local', true) WHERE term < " + next)};
    step.verifications = {sql(m_new, "SELECT term FROM shardlens.term", next)};
    step.detail = next;
}

std::string Writing::connectionOf(const ServerId &standby, const ServerId &to) const
{
    return "{conninfo of " + standby.text() + " with " + addressText(m_sight.fleet(), to, m_sight.regionOf(standby)) + "}";
}

void Writing::addFollowing(Step &step, const ServerId &standby)
{
    const std::string slot = literal(facts::derive::replicationName(m_sight.fleet(), standby));
    if (m_act == Act::Switchover) { // a failover kept it when it stopped the receivers
        step.commands.push_back(sql(standby, "SELECT current_setting('primary_conninfo')"));
        step.commands.back().keepsAs = "conninfo of " + standby.text();
    }
    step.commands.push_back(sql(m_new, "SELECT pg_create_physical_replication_slot(" + slot + ", true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = " + slot + ")"));
    step.commands.push_back(sql(standby, "ALTER SYSTEM SET primary_conninfo = '" + connectionOf(standby, m_new) + "'"));
    step.commands.push_back(sql(standby, "ALTER SYSTEM SET primary_slot_name = " + slot));
    step.commands.push_back(sql(standby, "SELECT pg_reload_conf()"));
    step.verifications.push_back(sql(m_new, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = " +
                                                literal(applicationNameOf(m_sight.fleet(), standby)), "1"));
    step.exchanges = 5;
}

/// Back to the old primary, whose slot for it is still there. Whoever takes this up again reads the connection that it may have changed
/// already: the way back is named by the old address.
void Writing::addUnfollowing(Step &step, const ServerId &standby)
{
    const std::string slot = literal(facts::derive::replicationName(m_sight.fleet(), standby));
    step.undo.push_back(sql(standby, "ALTER SYSTEM SET primary_conninfo = '" + connectionOf(standby, m_old) + "'"));
    step.undo.push_back(sql(standby, "SELECT pg_reload_conf()"));
    step.undo.push_back(sql(m_new, "SELECT pg_drop_replication_slot(" + slot + ") WHERE EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = " + slot + ")"));
}

void Writing::followFirst(const ServerId &standby)
{
    Step &step = add(StepKind::FollowFirst, {standby}, seconds(5), true);
    addFollowing(step, standby);
    if (m_act == Act::Switchover)
        addUnfollowing(step, standby);
    step.detail = m_sight.setting(m_new, "synchronous_standby_names").value_or("");
}

void Writing::writeMarker()
{
    if (!canTerm())
        return;
    Step &step = add(StepKind::WriteMarker, {m_new}, seconds(2), true);
    step.commands = {sql(m_new, "UPDATE shardlens.marker SET token = '{token}', written_at = clock_timestamp(), written_by = '{operation}'")};
    step.verifications = {sql(m_new, "SELECT token FROM shardlens.marker", "{token}")};
}

void Writing::addPointing(Step &step, const RouterUse &use, const std::string &database, const ServerId &target)
{
    const ServerId &router = use.router->server;
    const std::string address = addressText(m_sight.fleet(), target, use.router->region);
    step.targets.push_back(router);
    if (isUnguarded(m_sight.fleet(), router)) // there and back three times, each by a new connection
        step.deadline = std::max<base::milliseconds>(step.deadline, seconds(15));
    HostDeed deed;
    deed.act = HostAct::PointRouter;
    deed.database = database;
    deed.leadsTo = address + " dbname=" + m_sight.cluster().database;
    step.commands.push_back(host(router, std::move(deed)));
    step.verifications.push_back(admin(router, "SHOW DATABASES", database + ": " + address));
}

void Writing::pointRouters()
{
    if (m_routers.empty())
        return;
    Step &step = add(StepKind::PointRouters, {}, seconds(2), true);
    for (const RouterUse &use : m_routers)
        addPointing(step, use, use.writes->database, m_new);
}

void Writing::waitClock()
{
    Step &step = add(StepKind::WaitClock, {m_new}, seconds(2), true);
    // A dead primary tells no clock: its newest commit that is known does, and stays what it was after the promotion.
    const char *const last = m_act == Act::Switchover ? "'{clock}'::timestamptz" : "coalesce(pg_last_xact_replay_timestamp(), '-infinity')";
    step.verifications = {sql(m_new, std::string("SELECT clock_timestamp() > ") + last, "t")};
}

void Writing::resumeRouters()
{
    if (m_routers.empty())
        return;
    Step &step = add(StepKind::ResumeRouters, routerIds(), seconds(2), true);
    for (const RouterUse &use : m_routers) {
        step.preconditions.push_back(admin(use.router->server, "SHOW DATABASES", use.writes->database + ": " + addressText(m_sight.fleet(), m_new, use.router->region)));
        step.commands.push_back(admin(use.router->server, "RESUME " + identifier(use.writes->database)));
        step.verifications.push_back(admin(use.router->server, "SHOW DATABASES", use.writes->database + ": paused = 0"));
    }
}

void Writing::readMarker()
{
    if (m_routers.empty())
        return;
    Step &step = add(StepKind::ReadMarker, routerIds(), seconds(5), false);
    for (const RouterUse &use : m_routers) {
        const bool marked = canTerm();
        Command ask = sql(use.router->server, marked ? "SELECT token, pg_is_in_recovery() FROM shardlens.marker" : "SELECT pg_is_in_recovery()", marked ? "{token}, f" : "f");
        ask.database = use.writes->database;
        step.verifications.push_back(std::move(ask));
    }
    step.mayBeLeft = true;
}

void Writing::pointLater()
{
    for (const RouterUse &use : m_lost) {
        Step &step = add(StepKind::PointLater, {}, seconds(2), false);
        addPointing(step, use, use.writes->database, m_new);
        step.commands.back().by = By::Hand;
        step.verifications.clear();
        step.detail = use.writes->database;
        step.mayBeLeft = true;
    }
}

void Writing::follow(const ServerId &standby)
{
    Step &step = add(StepKind::Follow, {standby}, seconds(5), false);
    addFollowing(step, standby);
    if (m_act == Act::Switchover)
        addUnfollowing(step, standby);
    step.mayBeLeft = true;
}

void Writing::seeFollowers()
{
    const std::vector<ServerId> others = m_sight.othersThan(m_new);
    if (others.empty() || !canTerm())
        return;
    Step &step = add(StepKind::SeeFollowers, others, seconds(10), false);
    for (const ServerId &standby : others)
        step.verifications.push_back(sql(standby, "SELECT token FROM shardlens.marker", "{token}"));
    step.mayBeLeft = true;
}

void Writing::stopOld()
{
    Step &step = add(StepKind::StopOld, {m_old}, seconds(15), false);
    step.commands = {host(m_old, onData(HostAct::Stop, m_old))};
    step.verifications = {host(m_old, onData(HostAct::AskStopped, m_old))};
    step.verifications.back().expects = "stopped";
    step.mayBeLeft = true;
}

void Writing::rejoinOld()
{
    Step &step = add(StepKind::RejoinOld, {m_old}, seconds(60), false);
    const std::string name = facts::derive::replicationName(m_sight.fleet(), m_old);
    step.preconditions = {host(m_old, onData(HostAct::AskStopped, m_old))};
    step.preconditions.back().expects = "stopped";
    // The new primary was a standby a moment ago: it tells as whom one follows. A rewind is only for a stopped server, and reads the
    // new timeline from a checkpoint of the new primary.
    step.commands.push_back(sql(m_new, "SELECT current_setting('primary_conninfo')"));
    step.commands.back().keepsAs = "conninfo of " + m_new.text();
    step.commands.push_back(sql(m_new, "CHECKPOINT"));
    const std::string connection = "{conninfo of " + m_new.text() + " with " + addressText(m_sight.fleet(), m_new, m_sight.regionOf(m_old)) + " application_name=" +
                                   applicationNameOf(m_sight.fleet(), m_old) + "}";
    HostDeed rewind = onData(HostAct::Rewind, m_old);
    rewind.connection = connection;
    step.commands.push_back(host(m_old, std::move(rewind)));
    step.commands.push_back(sql(m_new, "SELECT pg_create_physical_replication_slot(" + literal(name) + ", true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = " + literal(name) + ")"));
    HostDeed standby = onData(HostAct::MakeStandby, m_old);
    standby.connection = connection;
    standby.slot = name;
    step.commands.push_back(host(m_old, std::move(standby)));
    step.commands.push_back(host(m_old, onData(HostAct::Start, m_old)));
    step.verifications = {sql(m_old, "SELECT pg_is_in_recovery()", "t"), sql(m_old, "SHOW default_transaction_read_only", "off"),
                          sql(m_new, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = " + literal(applicationNameOf(m_sight.fleet(), m_old)), "1")};
    step.commands.push_back(sql(m_old, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT active"));
    step.exchanges = 6;
    step.mayBeLeft = true;
}

void Writing::pointReads()
{
    pointReadsTo([](const ServerId &) { return true; });
}

void Writing::pointReadsTo(const std::function<bool(const ServerId &)> &isAsked)
{
    const auto &members = m_sight.cluster().servers;
    Step step;
    for (const RouterUse &use : m_routers) {
        if (!use.reads || !use.reads->leadsTo)
            continue;
        // The region's own standby; else where it leads already, unless that is the primary now, or does not answer or is shunned while
        // another can take them.
        // A manager brings the old primary back when it can, not within this move.
        const auto standsBy = [&](const ServerId &id) { return id != m_new && (m_act == Act::Switchover || !m_sight.isManaged() || m_sight.isFresh(id)); };
        const auto isShunned = [&](const ServerId &id) { return std::find(m_shuns.begin(), m_shuns.end(), id) != m_shuns.end(); };
        const auto isGood = [&](const ServerId &id) { return standsBy(id) && m_sight.isFresh(id) && !isShunned(id); };
        const auto own = std::find_if(members.begin(), members.end(), [&](const ServerId &id) { return standsBy(id) && m_sight.regionOf(id) == use.router->region; });
        const auto good = std::find_if(members.begin(), members.end(), isGood);
        const auto other = good != members.end() ? good : std::find_if(members.begin(), members.end(), standsBy);
        const ServerId &now = *use.reads->leadsTo;
        const bool stays = other == members.end() || (now != m_new && (isGood(now) || good == members.end()));
        const ServerId target = own != members.end() ? *own : stays ? now : *other;
        if (target != *use.reads->leadsTo && isAsked(target))
            addPointing(step, use, use.reads->database, target);
    }
    if (step.targets.empty())
        return;
    Step &added = add(StepKind::PointReads, step.targets, seconds(5), false);
    added.commands = std::move(step.commands);
    added.verifications = std::move(step.verifications);
    added.exchanges = step.exchanges;
    added.deadline = std::max(added.deadline, step.deadline);
    added.mayBeLeft = true;
}

void Writing::recordTerm()
{
    const auto &directory = m_sight.fleet().directory;
    if (!directory || !canTerm())
        return;
    const facts::ClusterFacts *facts = m_sight.snapshot().cluster(directory->cluster);
    const bool isThis = directory->cluster == m_sight.cluster().name;
    if (!isThis && (!facts || !facts->primary))
        return;
    const ServerId on = isThis ? m_new : *facts->primary;
    const std::string next = std::to_string(*m_sight.term() + 1);
    const std::string table = identifier(directory->schema) + ".terms";
    const std::string subject = literal(m_sight.cluster().name.text());
    Step &step = add(StepKind::RecordTerm, {on}, seconds(5), false);
    Command write = sql(on, "INSERT INTO " + table + " (kind, subject, term, raised_by) VALUES ('cluster', " + subject + ", " + next +
                                ", '{operation}') ON CONFLICT (kind, subject) DO UPDATE SET term = excluded.term, raised_at = now(), raised_by = excluded.raised_by WHERE terms.term < excluded.term");
    write.database = directory->database;
    Command check = sql(on, "SELECT term FROM " + table + " WHERE kind = 'cluster' AND subject = " + subject, next);
    check.database = directory->database;
    step.commands = {std::move(write)};
    step.verifications = {std::move(check)};
    step.mayBeLeft = true;
    step.detail = next;
}

} // namespace shardlens::operate
