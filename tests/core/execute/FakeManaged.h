// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Runner.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace shardlens::execute {

/// What a Patroni, or repmgr, does with what it is asked.
enum class Obeys : std::uint8_t {
    Well,
    Slowly,       ///< it answers after three seconds
    Refuses,      ///< 412
    Fails,        ///< 503 "failed": it tried, and nothing moved
    KnowsNot,     ///< 503 "status unknown", nothing moves
    SaysSo,       ///< 200, and nothing moves
    HangsAndDoes, ///< no answer comes, and it moves
    Hangs,        ///< no answer comes, nothing moves
    Elsewhere,    ///< the other standby is promoted
    LosesKey,     ///< the old primary stops, nobody leads for eight seconds, then the candidate does
    IsGone,       ///< nothing listens there
};

/// A cluster under Patroni or repmgr, as the fleet says, with its routers, in memory, in virtual time, under an application that writes
/// through each router. As hands, journal and pace of a runner in one.
class FakeManaged final : public Hands, public Journal, public Pace
{
public:
    FakeManaged(const fleet::Fleet &fleet, const Operation &operation, Obeys obeys);

    [[nodiscard]] const base::Clock &clock() const { return m_clock; }
    void kill(const std::string &server);             ///< with its Patroni, whose leader key runs out
    void failOverTo(const std::string &server);       ///< by itself
    void pass(base::microseconds time);

    base::Result<void> holdsLock() override { return {}; }
    Carried carryOut(const std::vector<operate::Command> &commands, base::Instant deadline) override;
    std::map<std::string, std::string> names() override { return {{"spared", "ARRAY[1]"}, {"operation", m_operation}, {"token", "t0ken"}}; }
    base::Result<void> announce() override { return {}; }
    base::Result<void> append(const std::string &entry) override;
    void wait(base::milliseconds time) override { pass(time); }
    void together(const std::vector<std::function<void()>> &deeds) override;

    [[nodiscard]] std::vector<std::string> writable() const;
    /// What must hold when an operation is over; "" if all does.
    [[nodiscard]] std::string complaint() const;
    [[nodiscard]] bool areRoutersPaused() const;

    std::vector<std::string> lines;    ///< the journal
    int posts = 0;                     ///< how often anything was asked of it
    std::int64_t term = 7;
    std::string leader; ///< empty: nobody holds the key; of repmgr whom its table names

private:
    struct Server {
        bool isRunning = true;
        bool isInRecovery = true;
        std::int64_t log = 0x100; ///< what it has
    };
    struct Router {
        bool isPaused = false;
        std::map<std::string, std::string> leadsTo; ///< database -> server
    };
    struct Said {
        std::string answer;
        std::optional<base::Error> error;
    };
    [[nodiscard]] Said one(const operate::Command &command);
    [[nodiscard]] Said sql(Server &server, const std::string &text);
    [[nodiscard]] Said throughRouter(const Router &router) const;
    [[nodiscard]] Said router(Router &router, const std::string &name, const std::string &text);
    [[nodiscard]] Said manager(const std::string &text);
    [[nodiscard]] Said onHost(const operate::Command &command);
    void moveTo(const std::string &server);
    [[nodiscard]] std::string serverAt(const std::string &router, const std::string &words) const;
    [[nodiscard]] std::string addressOf(const std::string &server, const std::string &router) const;
    void later(base::microseconds in, std::function<void()> deed) { m_later.emplace_back(m_clock.now() + in, std::move(deed)); }

    const fleet::Fleet &m_fleet;
    std::string m_operation, m_from, m_to, m_database, m_token;
    Obeys m_obeys;
    bool m_isRepmgrs;
    base::ManualClock m_clock;
    std::map<std::string, Server> m_servers;
    std::map<std::string, Router> m_routers;
    std::vector<std::pair<base::Instant, std::function<void()>>> m_later;
    std::int64_t m_acknowledged = 0x100;
    std::string m_broken;
};

} // namespace shardlens::execute
