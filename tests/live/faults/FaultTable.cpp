// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/faults/FaultTable.h"

#include "app/localfleet/Postgres.h"
#include "app/localfleet/Progress.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"

#include <algorithm>
#include <csignal>

using namespace shardlens;
using facts::Rule;
using localfleet::FaultRequest;

namespace {

class Table
{
public:
    Table(const localfleet::Ground &ground, Hand &hand) : m_ground(ground), m_hand(hand) {}

    std::vector<FaultRow> rows()
    {
        addServers();
        addWrites();
        addRouters();
        addLinks();
        addCaches();
        addInvalidators();
        addRest();
        // After some, a cache must be as full again as it was: the less it held by then the sooner, and nothing else can be tried meanwhile.
        std::stable_partition(m_rows.begin(), m_rows.end(), [](const FaultRow &row) { return !row.outlasts.empty(); });
        return std::move(m_rows);
    }

private:
    FaultRow &fault(const std::string &name, const FaultRequest &request, Rule rule, const std::string &where, double within = 5)
    {
        FaultRow row;
        row.name = name;
        row.inflict = [this, request] {
            const auto done = localfleet::inflict(m_ground, request);
            return done ? std::string() : done.error().message;
        };
        row.heal = [this, request] {
            localfleet::Progress silent;
            const auto done = localfleet::heal(m_ground, request, silent);
            return done ? std::string() : done.error().message;
        };
        row.rule = rule;
        row.where = where;
        row.within = within;
        m_rows.push_back(std::move(row));
        return m_rows.back();
    }

    FaultRow &byHand(const std::string &name, std::function<std::string()> inflict, std::function<std::string()> heal, Rule rule, const std::string &where, double within = 5)
    {
        FaultRow row;
        row.name = name;
        row.inflict = std::move(inflict);
        row.heal = std::move(heal);
        row.rule = rule;
        row.where = where;
        row.within = within;
        m_rows.push_back(std::move(row));
        return m_rows.back();
    }

    FaultRow &setting(const std::string &name, const std::string &server, const std::string &setting, const std::string &value, Rule rule)
    {
        Hand &hand = m_hand;
        return byHand(
            name, [&hand, server, setting, value] { return hand.sql(server, "insta", "ALTER SYSTEM SET " + setting + " = " + value + "; SELECT pg_reload_conf()"); },
            [&hand, server, setting] { return hand.sql(server, "insta", "SET default_transaction_read_only = off; ALTER SYSTEM RESET " + setting + "; SELECT pg_reload_conf()"); }, rule, server);
    }

    void addServers()
    {
        FaultRow &frozen = fault("a primary is frozen", {"freeze", "u1-us-east"}, Rule::PrimaryDown, "u1-us-east", 3);
        frozen.quick = true;
        frozen.words = "Both standbys lost it too";
        FaultRow &dead = fault("a primary is killed", {"kill", "u1-us-east"}, Rule::PrimaryDown, "u1-us-east", 3);
        dead.quick = true;
        dead.words = "Both standbys lost it too";
        fault("a standby is frozen", {"freeze", "m1-us-west"}, Rule::StandbyDown, "m1-us-west").words = "does not answer";
        fault("a standby is killed", {"kill", "u1-us-west"}, Rule::StandbyDown, "u1-us-west");
        fault("replay is paused", {"replay-paused", "u2-us-west"}, Rule::ReplayPaused, "u2-us-west");
        fault("a clock is 30 s off", {"clock-off", "u1-us-west"}, Rule::ClockSkew, "u1-us-west", 12).alsoTrue = {Rule::StandbyDown, Rule::StandbyNotStreaming, Rule::ServerLate};
    }

    void addWrites()
    {
        setting("a primary is left read-only", "u1-us-east", "default_transaction_read_only", "on", Rule::ReadOnly).quick = true;
        setting("commits wait for a standby that is not there", "m1-us-east", "synchronous_standby_names", "'missing'", Rule::SyncStandbyLost);
        // Its data are moved to a small file system first: it is stopped and started again on the way there, and on the way back.
        fault("a primary's disk is full", {"disk-full", "m1-us-east"}, Rule::DiskFull, "m1-us-east", 8).alsoTrue = {Rule::PrimaryDown, Rule::WritesFailing, Rule::StandbyNotStreaming};
        byHand(
            "a crowd waits for one lock",
            [this] {
                std::string error = m_hand.sql("u1-us-east", "insta", "CREATE TABLE IF NOT EXISTS public.fault_lock (id int)");
                for (int i = 0; error.empty() && i < 9; ++i)
                    error = m_hand.hold("u1-us-east", "insta", "BEGIN; LOCK TABLE public.fault_lock IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(120)");
                return error;
            },
            [this] {
                (void)m_hand.letGo();
                return m_hand.sql("u1-us-east", "insta", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'faults' AND pid <> pg_backend_pid()");
            },
            Rule::LockPileUp, "u1-us-east");
        byHand(
            "a primary's connections are used up",
            [this] {
                std::string error;
                for (int i = 0; i < 110 && error.empty(); ++i)
                    error = m_hand.hold("m1-us-east", "insta", "SELECT pg_sleep(120)");
                return error.find("already") != std::string::npos || error.find("reserved") != std::string::npos ? std::string() : error;
            },
            [this] { return m_hand.letGo(); }, Rule::Connections, "m1-us-east");
    }

    void addRouters()
    {
        fault("a router is stopped", {"router-stop", "router-us-west"}, Rule::RouterDown, "router-us-west").quick = true;
        byHand(
            "a router's database is paused", [this] { return m_hand.router("router-us-east", "PAUSE u1", false); },
            [this] {
                const std::string error = m_hand.router("router-us-east", "RESUME u1");
                (void)m_hand.letGo();
                return error;
            },
            Rule::RouterPaused, "router-us-east");
        byHand(
            "a router is paused as a whole", [this] { return m_hand.router("router-us-west", "PAUSE", false); },
            [this] {
                const std::string error = m_hand.router("router-us-west", "RESUME");
                (void)m_hand.letGo();
                return error;
            },
            Rule::RouterSuspectedPaused, "router-us-west");
        byHand(
            "a router leads writes to a standby", [this] { return m_hand.point("router-eu-west", "u1", "u1-us-west"); },
            [this] { return m_hand.point("router-eu-west", "u1", "u1-us-east"); }, Rule::RouterMisdirected, "router-eu-west");
    }

    void addLinks()
    {
        FaultRequest cut{"link-cut", "us-west", "eu-west"};
        FaultRow &between = fault("the link between two other regions is cut", cut, Rule::LinkCut, "eu-west");
        between.quick = true;
        FaultRequest far{"link-slow", "us-west", "eu-west"};
        far.latencyMs = 450;
        // Guards there probe each second and wait for the slow answer, we ask them each second, and three readings make it told.
        fault("the link between two other regions is slow", far, Rule::LinkSlow, "eu-west", 7);
        FaultRequest slow{"link-slow", "us-east", "eu-west"};
        slow.latencyMs = 400;
        fault("the link to a region is slow", slow, Rule::RegionSlow, "eu-west");
        FaultRequest hole{"link-cut", "us-east", "us-west"};
        hole.blackhole = true;
        fault("the link from here to a region swallows everything", hole, Rule::RegionSilent, "us-west");
        FaultRequest deaf{"link-cut", "us-east", "eu-west"};
        deaf.blackhole = true;
        deaf.oneWay = true;
        fault("what goes from here to a region is swallowed, what comes from there is not", deaf, Rule::RegionSilent, "eu-west");
    }

    void addCaches()
    {
        FaultRow &killed = fault("a memcached is killed", {"kill", "cache-us-west-1"}, Rule::CacheServerDown, "cache-us-west");
        killed.quick = true;
        killed.outlasts = {Rule::CacheCold, Rule::CacheHeldBack}; // it starts empty, and is owed deletes
        FaultRow &flushed = fault("a memcached is flushed", {"memcached-flush", "cache-us-east-1"}, Rule::CacheCold, "cache-us-east");
        flushed.heal = nullptr; // it fills again by reads
        fault("a Redis is full", {"redis-full", "sessions-us-east"}, Rule::RedisMemoryFull, "sessions").quick = true;
        fault("a Redis primary is killed", {"kill", "feeds-us-east"}, Rule::RedisPrimaryDown, "feeds");
        byHand(
            "a Redis saves nothing", [this] { return m_hand.redis("sessions-us-east", {"CONFIG", "SET", "appendonly", "no"}); },
            [this] { return m_hand.redis("sessions-us-east", {"CONFIG", "SET", "appendonly", "yes"}); }, Rule::RedisNotSaved, "sessions");
        byHand(
            "a Redis wants more replicas than it has", [this] { return m_hand.redis("sessions-us-east", {"CONFIG", "SET", "min-replicas-to-write", "9"}); },
            [this] { return m_hand.redis("sessions-us-east", {"CONFIG", "SET", "min-replicas-to-write", "0"}); }, Rule::RedisReplicasMissing, "sessions", 7);
    }

    /// An invalidator is no server of the fleet: it is stopped and started by its process.
    void addInvalidators()
    {
        const auto signal = [this](int which) {
            const auto process = localfleet::servers::process(m_ground, "invalidator-us-west");
            return process && ::kill(process->pid, which) == 0 ? std::string() : std::string("no such process");
        };
        byHand(
            "an invalidator is killed", [signal] { return signal(SIGKILL); },
            [this] {
                localfleet::Progress silent;
                const auto up = localfleet::up(m_ground.home, nullptr, silent);
                return up ? std::string() : up.error().message;
            },
            Rule::InvalidatorDown, "us-west")
            .outlasts = {Rule::InvalidationLate, Rule::CacheHeldBack}; // what it missed is delivered late
        byHand(
            "an invalidator is frozen", [signal] { return signal(SIGSTOP); }, [signal] { return signal(SIGCONT); }, Rule::InvalidatorDown, "us-west");
    }

    void addRest()
    {
        byHand(
            "a shard is on two clusters", [this] { return m_hand.sql("u2-eu-west", "insta", "CREATE SCHEMA insta1") + m_hand.sql("u1-us-east", "insta", "CREATE SCHEMA IF NOT EXISTS insta1"); },
            [this] { return m_hand.sql("u2-eu-west", "insta", "DROP SCHEMA insta1 CASCADE"); }, Rule::ShardDrift, "u");
        byHand(
            "a shard's schema is gone", [this] { return m_hand.sql("u1-us-east", "insta", "ALTER SCHEMA insta3 RENAME TO gone3"); },
            [this] { return m_hand.sql("u1-us-east", "insta", "ALTER SCHEMA gone3 RENAME TO insta3"); }, Rule::ShardDrift, "u");
        byHand(
            "two members take writes", [this] { return m_hand.sql("m1-us-west", "insta", "SELECT pg_promote(false)"); },
            [this] {
                const localfleet::Instance *standby = m_ground.server("m1-us-west");
                const localfleet::Instance *primary = m_ground.server("m1-us-east");
                localfleet::Progress silent;
                (void)localfleet::inflict(m_ground, {"kill", standby->id});
                const auto rebuilt = localfleet::postgres::rebuildStandby(m_ground, *standby, *primary);
                const auto started = localfleet::heal(m_ground, {"kill", standby->id}, silent);
                return !rebuilt ? rebuilt.error().message : !started ? started.error().message : std::string();
            },
            Rule::TwoPrimaries, "m1")
            .alsoTrue = {Rule::RouterMisdirected, Rule::StandbyDown, Rule::StandbyNotStreaming, Rule::SlotFilling};
    }

    const localfleet::Ground &m_ground;
    Hand &m_hand;
    std::vector<FaultRow> m_rows;
};

} // namespace

std::vector<FaultRow> faultTable(const localfleet::Ground &ground, Hand &hand)
{
    static std::optional<Table> table; // the rows' functions refer to it
    table.emplace(ground, hand);
    return table->rows();
}
