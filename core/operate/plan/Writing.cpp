// SPDX-License-Identifier: GPL-3.0-or-later
// The steps up to the point of no return, and what all steps share.
#include "core/operate/plan/Writing.h"

#include "core/facts/SqlStatements.h"
#include "core/facts/derive/Settings.h"
#include "core/operate/Stonith.h"
#include "core/operate/Unguarded.h"

#include <algorithm>
#include <utility>

namespace shardlens::operate {

using base::seconds;
using base::ServerId;

namespace {

// What sessions wrote last is flushed page by page, each 200 ms, and on an idle server without heartbeat not at all: the position could lie
// inside a record that the candidate gets that much later. A commit flushes it all, and waits for no standby here.
const char *const flushWhole = "SELECT set_config('synchronous_commit', 'local', true), pg_logical_emit_message(true, 'shardlens', '')";

/// After the command has ended: for asking whether the server is silent.
constexpr seconds stonithLook{5};

/// A position that an earlier look told; one that never received anything since its start told none.
std::string receivedBy(const ServerId &standby)
{
    return "nullif('{received by " + standby.text() + "}', '')::pg_lsn";
}

/// Whoever was not ahead when this was planned, and received more since: promoting past it would lose that, and part it from the cluster.
std::string isNotBehind(const ServerId &other)
{
    return "SELECT coalesce(" + literal("failed: " + other.text() + " has ") + " || nullif(greatest(pg_wal_lsn_diff(" + receivedBy(other) +
           ", greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())), 0), 0) || ' bytes of log more: plan again, to it or to fetch from it', 't')";
}

/// Ends every session that began before the brake was loaded and could still write, and counts them: 0 when none is left. Spared are
/// the operation's own, and the observer's, who may not write. A superuser's is counted and has to be ended by its owner.
std::string endWriters(const std::string &observer)
{
    return "SELECT count(CASE WHEN r.rolsuper THEN true ELSE pg_terminate_backend(a.pid) END) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid "
           "WHERE a.backend_type = 'client backend' AND a.pid <> ALL ({spared}) AND a.usename <> " + literal(observer) + " AND a.backend_start < pg_conf_load_time()";
}

} // namespace

std::string literal(const std::string &text)
{
    return facts::sqlLiteral(text);
}

std::string identifier(const std::string &name)
{
    return facts::sqlName(name);
}

Writing::Writing(const Sight &sight, Act act, ServerId candidate) : m_sight(sight), m_act(act), m_old(sight.primary()), m_new(std::move(candidate))
{
    // What holds up a failover for a region that is lost would be the region's loss itself; who forces that check knows it.
    for (const RouterUse &use : sight.routers())
        (act != Act::Failover || (use.observation && sight.isFresh(use.router->server)) ? m_routers : m_lost).push_back(use);
}

std::vector<Step> Writing::take()
{
    for (Step &step : m_steps) {
        for (std::vector<Command> *asked : {&step.preconditions, &step.verifications}) {
            for (Command &command : *asked)
                command.onlyAsks = command.by == By::Sql || command.by == By::Stonith;
        }
    }
    return std::move(m_steps);
}

Step &Writing::add(StepKind kind, std::vector<ServerId> targets, base::milliseconds deadline, bool holdsWrites)
{
    Step step;
    step.number = static_cast<int>(m_steps.size()) + 1;
    step.kind = kind;
    step.targets = std::move(targets);
    step.deadline = deadline;
    step.holdsWrites = holdsWrites;
    step.usual = facts::unknown(facts::WhyUnknown::NoValue, "no_past_run");
    m_steps.push_back(std::move(step));
    return m_steps.back();
}

Command Writing::sql(const ServerId &on, std::string text, std::string expects) const
{
    return {By::Sql, on, m_sight.cluster().database, std::move(text), {}, std::move(expects), std::nullopt, false};
}

Command Writing::admin(const ServerId &router, std::string text, std::string expects) const
{
    return {By::Router, router, {}, std::move(text), {}, std::move(expects), std::nullopt, false};
}

HostDeed Writing::onData(HostAct act, const ServerId &on) const
{
    HostDeed deed;
    deed.act = act;
    const fleet::Server *server = m_sight.fleet().server(on); // one that is dead by now may never have told
    deed.directory = m_sight.setting(on, "data_directory").value_or(server ? server->dataDirectory : std::string());
    deed.config = m_sight.setting(on, "config_file").value_or(server ? server->configFile : std::string());
    return deed;
}

Command Writing::host(const ServerId &on, HostDeed deed) const
{
    const bool isDirect = isUnguarded(m_sight.fleet(), on);
    const bool isReached = m_sight.reachesHost(on) && (!isDirect || needsNoGuard(deed.act));
    std::string text = isDirect && isReached ? directTextOf(m_sight.fleet(), on, deed) : textOf(deed);
    return {isReached ? By::Host : By::Hand, on, {}, std::move(text), {}, {}, std::move(deed), false};
}

std::vector<ServerId> Writing::standbysReached() const
{
    std::vector<ServerId> reached;
    for (const ServerId &id : m_sight.standbys()) {
        if (m_sight.isFresh(id))
            reached.push_back(id);
    }
    return reached;
}

std::vector<ServerId> Writing::routerIds() const
{
    std::vector<ServerId> ids;
    for (const RouterUse &use : m_routers)
        ids.push_back(use.router->server);
    return ids;
}

void Writing::proveCatchUp()
{
    Step &step = add(StepKind::ProveCatchUp, {m_new}, seconds(2), false);
    step.commands = {sql(m_old, flushWhole), sql(m_old, "SELECT pg_current_wal_flush_lsn()")};
    step.commands.back().keepsAs = "now";
    step.verifications.push_back(sql(m_new, positionReached("{now}"), "t"));
    step.exchanges = 3;
}

std::string Writing::positionReached(const std::string &position) const
{
    return "SELECT pg_last_wal_replay_lsn() >= " + literal(position) + "::pg_lsn";
}

void Writing::pauseRouters()
{
    if (m_routers.empty())
        return;
    Step &step = add(StepKind::PauseRouters, routerIds(), m_sight.limits.pausePatience, true);
    for (const RouterUse &use : m_routers) {
        const std::string name = identifier(use.writes->database);
        step.commands.push_back(admin(use.router->server, "PAUSE " + name));
        step.verifications.push_back(admin(use.router->server, "SHOW DATABASES", use.writes->database + ": paused = 1"));
        step.undo.push_back(admin(use.router->server, "RESUME " + name));
    }
}

void Writing::brake()
{
    Step &step = add(StepKind::Brake, {m_old}, seconds(1), true);
    step.commands = {sql(m_old, "ALTER SYSTEM SET default_transaction_read_only = on"), sql(m_old, "SELECT pg_reload_conf()")};
    // A backend is told of a changed file after the server's main process, from which new sessions have their settings.
    step.verifications = {sql(m_old, "SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only'", "on")};
    step.undo = {sql(m_old, "ALTER SYSTEM RESET default_transaction_read_only"), sql(m_old, "SELECT pg_reload_conf()")};
}

void Writing::clearBackends()
{
    Step &step = add(StepKind::ClearBackends, {m_old}, seconds(1), true);
    step.verifications = {sql(m_old, endWriters(m_sight.fleet().access.observer), "0"), sql(m_old, "SELECT count(*) FROM pg_prepared_xacts", "0")};
}

void Writing::readFinal()
{
    Step &step = add(StepKind::ReadFinal, {m_old}, seconds(1), true);
    step.commands = {sql(m_old, flushWhole),
                     sql(m_old, "SELECT pg_current_wal_flush_lsn()"), sql(m_old, "SELECT clock_timestamp()")};
    step.commands[1].keepsAs = "final";
    step.commands[2].keepsAs = "clock";
}

void Writing::catchUp()
{
    Step &step = add(StepKind::CatchUp, {m_new}, seconds(2), true);
    step.verifications = {sql(m_new, positionReached("{final}"), "t")};
}

void Writing::killRouters()
{
    if (m_routers.empty())
        return;
    Step &step = add(StepKind::KillRouters, routerIds(), seconds(2), true);
    for (const RouterUse &use : m_routers) {
        const std::string name = identifier(use.writes->database);
        step.commands.push_back(admin(use.router->server, "KILL " + name));
        step.verifications.push_back(admin(use.router->server, "SHOW DATABASES", use.writes->database + ": paused = 1"));
        step.undo.push_back(admin(use.router->server, "RESUME " + name));
    }
}

void Writing::fence()
{
    const bool turnsOff = usesStonith(m_sight, m_new);
    if (!turnsOff || m_sight.reachesHost(m_old)) // else a person would have to do it, and need not
        stopForCertain();
    if (turnsOff)
        stonith();
}

void Writing::stopForCertain()
{
    Step &step = add(StepKind::Fence, {m_old}, seconds(10), true);
    step.commands = {host(m_old, onData(HostAct::Stop, m_old))};
    step.verifications = {host(m_old, onData(HostAct::AskStopped, m_old))};
    step.verifications.back().expects = "stopped";
}

void Writing::stonith()
{
    const fleet::Fleet &fleet = m_sight.fleet();
    Step &step = add(StepKind::Stonith, {m_old}, stonithOf(fleet, m_old)->within + stonithLook, true);
    step.commands = {{By::Stonith, m_old, {}, stonithText(fleet, m_old), "stonith", turnedOff, std::nullopt, false}};
    // A command that says so of a server that goes on answering is found out; a frozen one answers as little as one that is off.
    step.verifications = {{By::Stonith, m_old, {}, "connect to " + addressText(fleet, m_old, fleet.ownRegion), {}, answersNothing, std::nullopt, true}};
    const fleet::Host *host = fleet.hostOf(m_old);
    step.detail = host->name.text();
}

void Writing::stopReceivers()
{
    std::vector<ServerId> reachable;
    for (const ServerId &id : m_sight.standbys()) {
        if (m_sight.isFresh(id))
            reachable.push_back(id);
    }
    Step &step = add(StepKind::StopReceivers, reachable, seconds(2), true);
    for (const ServerId &id : reachable) {
        const std::string kept = "conninfo of " + id.text();
        step.commands.push_back(sql(id, "SELECT current_setting('primary_conninfo')"));
        step.commands.back().keepsAs = kept;
        // Nowhere, and not empty: the server itself keeps as whom it logs in, whatever becomes of who read it.
        step.commands.push_back(sql(id, "ALTER SYSTEM SET primary_conninfo = '{" + kept + " leading nowhere}'"));
        step.commands.push_back(sql(id, "SELECT pg_reload_conf()"));
        step.verifications.push_back(sql(id, "SELECT count(*) FROM pg_stat_wal_receiver", "0"));
        step.undo.push_back(sql(id, "ALTER SYSTEM SET primary_conninfo = '" + connectionOf(id, m_old) + "'"));
        step.undo.push_back(sql(id, "SELECT pg_reload_conf()"));
    }
    step.exchanges = 4;
}

void Writing::comparePositions()
{
    const std::vector<ServerId> reachable = standbysReached();
    Step &step = add(StepKind::ComparePositions, reachable, seconds(1), true);
    for (const ServerId &id : reachable) {
        step.commands.push_back(sql(id, "SELECT pg_last_wal_receive_lsn()"));
        step.commands.back().keepsAs = "received by " + id.text();
    }
}

void Writing::fetchLog(const ServerId &ahead)
{
    Step &step = add(StepKind::FetchLog, {m_new}, seconds(10), true);
    step.detail = ahead.text();
    step.commands = {sql(m_new, "ALTER SYSTEM SET primary_conninfo = '" + connectionOf(m_new, ahead) + "'"), sql(m_new, "ALTER SYSTEM SET primary_slot_name = ''"),
                     sql(m_new, "SELECT pg_reload_conf()")};
    step.verifications = {sql(m_new, "SELECT pg_last_wal_receive_lsn() >= '{received by " + ahead.text() + "}'::pg_lsn", "t")};
    step.undo = {sql(m_new, "ALTER SYSTEM SET primary_conninfo = '" + connectionOf(m_new, m_old) + "'"), sql(m_new, "SELECT pg_reload_conf()")};
    step.exchanges = 3;
}

void Writing::replayAll(const ServerId &fetchedFrom)
{
    Step &step = add(StepKind::ReplayAll, {m_new}, seconds(10), true);
    if (const facts::PostgresSample *sample = m_sight.fresh(m_new); sample && sample->replayPaused) {
        step.commands.push_back(sql(m_new, "SELECT pg_wal_replay_resume()"));
        step.undo.push_back(sql(m_new, "SELECT pg_wal_replay_pause()"));
    }
    step.verifications = {sql(m_new, "SELECT pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()", "t")};
    for (const ServerId &id : standbysReached()) {
        if (id != m_new && id != fetchedFrom) // whose log is seen to be here
            step.verifications.push_back(sql(m_new, isNotBehind(id), "t"));
    }
}

void Writing::promote()
{
    Step &step = add(StepKind::Promote, {m_new}, seconds(10), true);
    step.isPointOfNoReturn = true;
    step.preconditions = {sql(m_new, "SELECT pg_is_in_recovery()", "t")};
    if (m_act == Act::Switchover)
        step.preconditions.push_back(sql(m_new, positionReached("{final}"), "t"));
    // It waits on the server: pg_promote's own waiting looks each tenth of a second, and from here each look is a way there and back.
    step.commands = {sql(m_new, "SELECT pg_promote(false)"),
                     sql(m_new, "DO $$BEGIN FOR i IN 1..1000 LOOP EXIT WHEN NOT pg_is_in_recovery(); PERFORM pg_sleep(0.002); END LOOP; END$$")};
    step.verifications = {sql(m_new, "SELECT pg_is_in_recovery()", "f")};
    step.exchanges = 2;
}

std::string_view name(StepKind kind)
{
    switch (kind) {
    case StepKind::WarmTarget: return "warm_target";
    case StepKind::ProveCatchUp: return "prove_catch_up";
    case StepKind::PauseRouters: return "pause_routers";
    case StepKind::Brake: return "brake";
    case StepKind::ClearBackends: return "clear_backends";
    case StepKind::ReadFinal: return "read_final";
    case StepKind::CatchUp: return "catch_up";
    case StepKind::KillRouters: return "kill_routers";
    case StepKind::Fence: return "fence";
    case StepKind::StopReceivers: return "stop_receivers";
    case StepKind::ComparePositions: return "compare_positions";
    case StepKind::FetchLog: return "fetch_log";
    case StepKind::ReplayAll: return "replay_all";
    case StepKind::Promote: return "promote";
    case StepKind::RaiseTerm: return "raise_term";
    case StepKind::FollowFirst: return "follow_first";
    case StepKind::WriteMarker: return "write_marker";
    case StepKind::PointRouters: return "point_routers";
    case StepKind::WaitClock: return "wait_clock";
    case StepKind::ResumeRouters: return "resume_routers";
    case StepKind::ReadMarker: return "read_marker";
    case StepKind::Follow: return "follow";
    case StepKind::SeeFollowers: return "see_followers";
    case StepKind::StopOld: return "stop_old";
    case StepKind::RejoinOld: return "rejoin_old";
    case StepKind::PointReads: return "point_reads";
    case StepKind::RecordTerm: return "record_term";
    case StepKind::PauseRouter: return "pause_router";
    case StepKind::ResumeRouter: return "resume_router";
    case StepKind::PointRouter: return "point_router";
    case StepKind::PauseReplay: return "pause_replay";
    case StepKind::ResumeReplay: return "resume_replay";
    case StepKind::Repoint: return "repoint";
    case StepKind::LeaveSender: return "leave_sender";
    case StepKind::DropSlot: return "drop_slot";
    case StepKind::LiftBrake: return "lift_brake";
    case StepKind::EndBackend: return "end_backend";
    case StepKind::PauseWrites: return "pause_writes";
    case StepKind::RefuseWrites: return "refuse_writes";
    case StepKind::CutLinks: return "cut_links";
    case StepKind::CompareOffsets: return "compare_offsets";
    case StepKind::PointStables: return "point_stables";
    case StepKind::DemoteOld: return "demote_old";
    case StepKind::TakeWrites: return "take_writes";
    case StepKind::KeepRoles: return "keep_roles";
    case StepKind::ManagerSwitches: return "manager_switches";
    case StepKind::ManagerPromotes: return "manager_promotes";
    case StepKind::ManagerLed: return "manager_led";
    case StepKind::PreferCandidate: return "prefer_candidate";
    case StepKind::SeeManager: return "see_manager";
    case StepKind::RehearseRepmgr: return "rehearse_repmgr";
    case StepKind::SeeRepmgr: return "see_repmgr";
    case StepKind::RestorePriorities: return "restore_priorities";
    case StepKind::CopyData: return "copy_data";
    case StepKind::StopStandby: return "stop_standby";
    case StepKind::ExchangeData: return "exchange_data";
    case StepKind::DropReplaced: return "drop_replaced";
    case StepKind::MakePart: return "make_part";
    case StepKind::GrantRights: return "grant_rights";
    case StepKind::Stonith: return "stonith";
    case StepKind::PointLater: return "point_later";
    case StepKind::HoldOld: return "hold_old";
    }
    return "";
}

std::string_view name(By by)
{
    switch (by) {
    case By::Sql: return "sql";
    case By::Router: return "router";
    case By::Host: return "host";
    case By::Hand: return "hand";
    case By::Redis: return "redis";
    case By::Manager: return "manager";
    case By::Stonith: return "stonith";
    }
    return "";
}

std::optional<StepKind> stepKindNamed(std::string_view text)
{
    for (int i = 0; i <= static_cast<int>(lastStep); ++i) {
        if (name(static_cast<StepKind>(i)) == text)
            return static_cast<StepKind>(i);
    }
    return std::nullopt;
}

} // namespace shardlens::operate
