// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/execute/Operation.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace shardlens::execute {

/// What a statement, an admin command or a deed came to.
struct Said {
    std::string answer;
    std::optional<base::Error> error;
};

/// One Postgres server, as far as a move concerns it.
struct FakeServer {
    bool isRunning = true;
    bool isStopped = false;      ///< by a deed: nobody starts it but a deed
    bool isOff = false;          ///< its host was turned off: nobody does anything there
    bool isFrozen = false;
    bool isInRecovery = false;
    bool hasBrakeInFile = false; ///< postgresql.auto.conf
    bool isBraked = false;       ///< what a new session has
    std::string conninfoInFile, conninfo;
    std::string follows;         ///< whom `conninfo` leads to; empty: nobody
    std::string slotInFile;
    std::uint64_t written = 0;   ///< received, of a standby
    std::uint64_t replayed = 0;
    std::uint64_t lastCommit = 0;
    std::uint64_t forkedAt = 0;  ///< where its timeline began
    int timeline = 4;
    int writers = 0;             ///< sessions from before the brake that could still commit
    std::string term = "7", token;
    std::map<std::string, bool> slots;
    bool isReceiving = false;
    std::optional<base::Instant> copiedAt; ///< when a copy beside its data is whole
    std::string copyOf;
    bool hasReplaced = false;
    std::optional<base::Instant> triggersAt, promotesAt; ///< of a promotion that was asked for
    base::Instant startedAt;
};

/// What the command does that is to turn the old primary's host off.
enum class FakeStonith : std::uint8_t { Works, Fails, Hangs, WorksAndFails, Lies };

struct FakeRouter {
    bool isRunning = true;
    bool isFrozen = false;
    bool isPaused = false;
    bool refusesToPause = false;
    std::map<std::string, std::string> leadsTo; ///< database -> "host=… port=…"
};

/// A cluster with its routers and their guards, in memory, in virtual time: understands every command that a plan holds, streams,
/// promotes with delay, lets an application try to write at every instant, and counts on how many servers it could. One thread.
class FakeCluster
{
public:
    FakeCluster(const fleet::Fleet &fleet, const Operation &operation, std::uint64_t seed);

    /// Time goes by; everything that happens by itself happens.
    void pass(base::microseconds time);
    [[nodiscard]] const base::Clock &clock() const { return m_clock; }

    [[nodiscard]] Said sql(const base::ServerId &on, const operate::Command &command, const std::string &session);
    [[nodiscard]] Said admin(const base::ServerId &router, const std::string &text);
    [[nodiscard]] Said deed(const base::ServerId &on, const operate::HostDeed &deed);
    [[nodiscard]] Said turnOff(const std::string &server, bool isLate = false);

    void kill(const std::string &server);
    void start(const std::string &server);
    /// What a person or an operating system does once it is all over: everything thawed, started, linked.
    void heal();

    /// Something that happens by itself, later.
    void later(base::microseconds in, std::function<void()> deed) { m_later.emplace_back(m_clock.now() + in, std::move(deed)); }

    /// What was sent and not yet carried out: it will be, unless its session is ended before.
    [[nodiscard]] bool isAwaited(const std::string &server) const; ///< a statement that was sent there is still to be carried out
    void delay(const base::ServerId &on, const operate::Command &command, const std::string &session, base::microseconds by);
    /// A guard carries out one order after the other: those that it was sent before come first.
    void catchUpOn(const base::ServerId &on);
    /// Guards refuse what an older operation sent, however late it comes.
    void dropOrders();
    /// Ends what such a session still has to carry out; how many there were.
    int endSessions(const std::string &server);

    [[nodiscard]] std::vector<std::string> writable() const; ///< where a plain INSERT would commit now
    [[nodiscard]] std::string serverAt(const std::string &address) const; ///< "host=… port=…" -> its name
    [[nodiscard]] std::string addressOf(const std::string &server, const std::string &router) const;
    [[nodiscard]] bool isServer(const std::string &id) const { return servers.contains(id); }
    [[nodiscard]] const std::string &database() const { return m_database; } ///< the routers' name of the writes

    std::map<std::string, FakeServer> servers;
    std::map<std::string, FakeRouter> routers;
    std::map<std::string, std::string> directoryTerms;
    std::string broken;                  ///< the first invariant that did not hold, and when
    bool mayLose = false;                ///< a failover: what was not received is lost
    std::int64_t lockedBy = 0;           ///< the operation's number that holds the lock
    std::int64_t newestNumber = 0;       ///< of which the guards were told: they refuse older ones
    std::map<std::string, int> endings;  ///< how often a guard ended an operation's sessions there
    bool slowPromotions = false;
    bool mayNotResume = false;           ///< the operation's user may not ask whether a promotion was triggered
    std::string cannotStop;              ///< a server that its guard fails to stop
    std::string cannotRewind;            ///< a server whose rewind is refused
    std::string cannotCopy;              ///< a server of which a copy breaks off
    int copies = 0;                      ///< how many were begun
    std::string noGuardAt;               ///< a server whose region's guard is not there
    FakeStonith stonith = FakeStonith::Works;
    int turnedOff = 0;                   ///< how often that command was run
    std::function<void(const std::string &)> trace;

    [[nodiscard]] bool chance(double of) { return std::uniform_real_distribution<>(0, 1)(m_random) < of; }
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) { return std::uniform_int_distribution<std::int64_t>(low, high)(m_random); }
    void note(const std::string &what);

private:
    struct Delayed {
        base::ServerId on;
        operate::Command command;
        std::string session;
        base::Instant at;
    };

    void tick(base::microseconds time);
    void stream(const std::string &id, FakeServer &server);
    void promoteIfDue(const std::string &id, FakeServer &server);
    void carryOutDelayed();
    void carryOutLate(std::size_t index);
    void check();
    void reload(FakeServer &server);
    [[nodiscard]] Said ask(const std::string &id, FakeServer &server, const std::string &text, const std::string &session);
    [[nodiscard]] std::optional<Said> write(const std::string &id, FakeServer &server, const std::string &text);
    [[nodiscard]] std::optional<Said> read(const std::string &id, FakeServer &server, const std::string &text, const std::string &session);
    [[nodiscard]] Said copying(const std::string &id, FakeServer &server, const operate::HostDeed &deed);
    [[nodiscard]] Said throughRouter(FakeRouter &router, const operate::Command &command);
    [[nodiscard]] bool canFollow(const FakeServer &server, const FakeServer &source) const;

    const fleet::Fleet &m_fleet;
    std::string m_from, m_to, m_database;
    std::mt19937_64 m_random;
    base::ManualClock m_clock;
    std::vector<Delayed> m_delayed;
    std::vector<std::pair<base::Instant, std::function<void()>>> m_later;
};

} // namespace shardlens::execute
