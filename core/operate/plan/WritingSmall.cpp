// SPDX-License-Identifier: GPL-3.0-or-later
// The smaller acts. None of them has a point of no return: what fails is taken back, where there is anything to take back.
#include "core/facts/derive/Settings.h"
#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

using base::seconds;
using base::ServerId;

/// As an application: where the router's database leads is proven by whom one reaches.
Command Writing::throughRouter(const ServerId &on, const std::string &database, bool toPrimary) const
{
    Command ask = sql(on, "SELECT pg_is_in_recovery()", toPrimary ? "f" : "t");
    ask.database = database;
    return ask;
}

/// What is paused already, by whoever began this and broke off, is paused again: no precondition speaks against it.
void Writing::pauseRouter(const ServerId &on, const std::string &database)
{
    Step &step = add(StepKind::PauseRouter, {on}, m_sight.limits.pausePatience, false);
    step.commands = {admin(on, "PAUSE " + identifier(database))};
    step.verifications = {admin(on, "SHOW DATABASES", database + ": paused = 1")};
    step.undo = {admin(on, "RESUME " + identifier(database))};
    step.detail = database;
}

/// Never taken back by a pause: who waits there waits because it was paused, and whoever may not go on was found before.
void Writing::resumeRouter(const ServerId &on, const std::string &database, const facts::RouterTarget &target)
{
    Step &step = add(StepKind::ResumeRouter, {on}, seconds(5), false);
    const bool toPrimary = !target.forReads;
    const ServerId leads = toPrimary ? m_old : target.leadsTo.value_or(ServerId());
    if (!leads.isEmpty())
        step.preconditions.push_back(
            admin(on, "SHOW DATABASES", database + ": " + addressText(m_sight.fleet(), leads, m_sight.regionOf(on))));
    if (toPrimary && !m_old.isEmpty())
        step.preconditions.push_back(sql(m_old, "SELECT pg_is_in_recovery()", "f"));
    step.commands = {admin(on, "RESUME " + identifier(database))};
    step.verifications = {admin(on, "SHOW DATABASES", database + ": paused = 0")};
    step.detail = database;
    if (!toPrimary)
        return;
    // Whoever asks through it stands at the end of those who waited: a late answer says nothing against the resume.
    Step &look = add(StepKind::ReadMarker, {on}, m_sight.limits.queuePatience, false);
    look.verifications = {throughRouter(on, database, true)};
    look.mayBeLeft = true;
    look.detail = database;
}

void Writing::pointRouter(const ServerId &on, const facts::RouterTarget &target, const ServerId &to)
{
    Step &step = add(StepKind::PointRouter, {on}, seconds(5), false);
    const auto deedTo = [&](const ServerId &server) {
        HostDeed deed;
        deed.act = HostAct::PointRouter;
        deed.database = target.database;
        deed.leadsTo = addressText(m_sight.fleet(), server, m_sight.regionOf(on)) + " dbname=" + m_sight.cluster().database;
        return host(on, std::move(deed));
    };
    step.commands = {deedTo(to)};
    step.verifications = {admin(on, "SHOW DATABASES", target.database + ": " + addressText(m_sight.fleet(), to, m_sight.regionOf(on)))};
    // Through one that is paused nobody reaches anything until it is resumed.
    const facts::PostgresSample *sample = m_sight.last(to);
    if (!target.paused && sample)
        step.verifications.push_back(throughRouter(on, target.database, !sample->inRecovery));
    if (target.leadsTo)
        step.undo = {deedTo(*target.leadsTo)};
    step.detail = target.database;
}

void Writing::pauseReplay(const ServerId &on)
{
    Step &step = add(StepKind::PauseReplay, {on}, seconds(5), false);
    step.preconditions = {sql(on, "SELECT pg_is_in_recovery()", "t")};
    step.commands = {sql(on, "SELECT pg_wal_replay_pause()")};
    // Before 14 a server tells only that a pause was asked for.
    const bool tellsState = m_sight.majorVersion().value_or(14) >= 14;
    step.verifications = {tellsState ? sql(on, "SELECT pg_get_wal_replay_pause_state()", "paused")
                                     : sql(on, "SELECT pg_is_wal_replay_paused()", "t")};
    step.undo = {sql(on, "SELECT pg_wal_replay_resume()")};
}

void Writing::resumeReplay(const ServerId &on)
{
    Step &step = add(StepKind::ResumeReplay, {on}, seconds(5), false);
    step.preconditions = {sql(on, "SELECT pg_is_in_recovery()", "t")};
    step.commands = {sql(on, "SELECT pg_wal_replay_resume()")};
    step.verifications = {sql(on, "SELECT pg_is_wal_replay_paused()", "f")};
    step.undo = {sql(on, "SELECT pg_wal_replay_pause()")};
}

void Writing::repoint(const ServerId &on, const ServerId &to)
{
    Step &step = add(StepKind::Repoint, {on}, seconds(10), false);
    const std::string slot = literal(facts::derive::replicationName(m_sight.fleet(), on));
    const std::string hasSlot = "SELECT FROM pg_replication_slots WHERE slot_name = " + slot;
    step.detail = to.text();
    step.preconditions = {sql(on, "SELECT pg_is_in_recovery()", "t")};
    step.commands = {sql(on, "SELECT current_setting('primary_conninfo')"),
                     sql(to, "SELECT pg_create_physical_replication_slot(" + slot + ", true) WHERE NOT EXISTS (" + hasSlot + ")"),
                     sql(on, "ALTER SYSTEM SET primary_conninfo = '" + connectionOf(on, to) + "'"),
                     sql(on, "ALTER SYSTEM SET primary_slot_name = " + slot), sql(on, "SELECT pg_reload_conf()")};
    step.commands.front().keepsAs = "conninfo of " + on.text();
    step.verifications = {sql(to,
                              "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = " +
                                  literal(applicationNameOf(m_sight.fleet(), on)),
                              "1")};
    // Whoever takes this up again reads the connection that it may have changed already: the way back is named by the old address.
    const facts::StandbyLag *lag = m_sight.lag(on);
    const auto &members = m_sight.cluster().servers;
    const bool isKnown = lag && std::find(members.begin(), members.end(), lag->upstream) != members.end();
    const std::string before = isKnown ? connectionOf(on, lag->upstream) : "{conninfo of " + on.text() + "}";
    step.undo = {
        sql(on, "ALTER SYSTEM SET primary_conninfo = '" + before + "'"), sql(on, "SELECT pg_reload_conf()"),
        sql(to, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = " + slot + " AND NOT active")};
    step.exchanges = 5;
}

/// A slot that nobody uses keeps the log until the disk is full.
void Writing::leaveSender(const ServerId &on, const ServerId &sender)
{
    Step &step = add(StepKind::LeaveSender, {sender}, seconds(5), false);
    const std::string slot = literal(facts::derive::replicationName(m_sight.fleet(), on));
    step.commands = {
        sql(sender, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = " + slot + " AND NOT active")};
    step.verifications = {sql(sender, "SELECT count(*) FROM pg_replication_slots WHERE slot_name = " + slot, "0")};
    step.mayBeLeft = true;
    step.detail = on.text();
}

void Writing::dropSlot(const ServerId &on, const std::string &slot)
{
    Step &step = add(StepKind::DropSlot, {on}, seconds(5), false);
    const std::string named = " WHERE slot_name = " + literal(slot);
    // Asked again in the very statement: who came back meanwhile keeps it.
    step.commands = {sql(on, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots" + named + " AND NOT active")};
    step.verifications = {sql(on, "SELECT count(*) FROM pg_replication_slots" + named, "0")};
    step.detail = slot;
}

void Writing::liftBrake(const ServerId &on)
{
    Step &step = add(StepKind::LiftBrake, {on}, seconds(5), false);
    const facts::PostgresSample *sample = m_sight.last(on);
    step.preconditions = {sql(on, "SELECT pg_is_in_recovery()", sample && sample->inRecovery ? "t" : "f")};
    // Seen again at the last moment: a second primary, however it came to be, must not find this one writable.
    for (const ServerId &member : m_sight.cluster().servers) {
        if (member != on && m_sight.isFresh(member))
            step.preconditions.push_back(sql(member, "SELECT pg_is_in_recovery()", "t"));
    }
    if (sample && sample->inRecovery)
        step.preconditions.resize(1);
    step.commands = {sql(on, "ALTER SYSTEM RESET default_transaction_read_only"), sql(on, "SELECT pg_reload_conf()")};
    step.verifications = {sql(on, "SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only'", "off")};
    step.undo = {sql(on, "ALTER SYSTEM SET default_transaction_read_only = on"), sql(on, "SELECT pg_reload_conf()")};
}

void Writing::endBackend(const ServerId &on, const std::string &pid, const std::string &began)
{
    Step &step = add(StepKind::EndBackend, {on}, seconds(5), false);
    // A pid is given anew; a pid with its start is not.
    const std::string same = " FROM pg_stat_activity WHERE pid = " + pid + " AND backend_start = " + literal(began) +
                             "::timestamptz AND backend_type = 'client backend'";
    step.commands = {sql(on, "SELECT pg_terminate_backend(pid)" + same + " AND pid <> pg_backend_pid()")};
    step.verifications = {sql(on, "SELECT count(*)" + same, "0")};
    step.detail = pid;
}

} // namespace shardlens::operate
