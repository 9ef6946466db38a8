// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Sessions.h"

#include <utility>

namespace shardlens::guard {

namespace {

constexpr std::uint32_t sessionSeed = 30000; // of the jitter of connecting again

/// Its process spoke, whatever it said.
bool hasAnswered(const facts::Reach &reach)
{
    if (!reach.lastError)
        return reach.state == facts::ReachState::Answering;
    switch (reach.lastError->code) {
    case base::ErrorCode::Rejected:
    case base::ErrorCode::NoRights:
    case base::ErrorCode::Protocol: return true;
    default: return false;
    }
}

/// One lock a region, so that regions do not wait for each other; two 32-bit keys, apart from an operation's.
std::string lockOfBeats(const base::RegionName &region)
{
    std::string literal;
    for (const char c : region.text())
        literal += c == '\'' ? std::string("''") : std::string(1, c);
    return "pg_catalog.hashtext('shardlens.heartbeat'), pg_catalog.hashtext('" + literal + "')";
}

} // namespace

Sessions::Sessions(const std::shared_ptr<const fleet::Fleet> &fleet, const base::RegionName &region, const std::shared_ptr<const observe::Dialling> &dialling,
                   const std::shared_ptr<const base::Clock> &clock, Report &report)
    : m_report(report), m_loop(std::make_shared<clients::EventLoop>())
{
    std::uint32_t seed = sessionSeed;
    for (const fleet::Server &server : fleet->servers) {
        if (server.kind != fleet::ServerKind::Postgres)
            continue;
        const fleet::Cluster *cluster = fleet->clusterOf(server.id);
        const observe::Lane::Settings settings{server.id, fleet->thresholds.deadline, fleet->thresholds.downAfter, ++seed};
        const auto found = std::make_shared<std::optional<clients::WayProbe::Found>>();
        auto probe = dialling->wayProbe(server, cluster == nullptr ? "postgres" : cluster->database, m_loop, [found](const auto &said) { *found = said; }, {},
                                        cluster != nullptr && fleet->heartbeat ? lockOfBeats(region) : std::string());
        m_lanes.push_back(std::make_unique<observe::Lane>(
            m_loop, std::move(probe), settings, clock,
            [this, id = server.id, found](const std::shared_ptr<const facts::Observation> &seen) { note(id, seen->reach, found); },
            [](std::uint64_t) {}));
    }
}

Sessions::~Sessions()
{
    if (!m_running)
        return;
    m_loop->post([this] {
        for (const auto &lane : m_lanes)
            lane->stop();
    });
    m_loop->stop();
}

void Sessions::start()
{
    m_running = true;
    m_loop->start("guard-sessions");
}

void Sessions::ask()
{
    m_loop->post([this] {
        ++m_round;
        for (const auto &lane : m_lanes)
            lane->ask(m_round);
    });
}

void Sessions::note(const base::ServerId &server, const facts::Reach &reach, const Found &found)
{
    if (reach.state == facts::ReachState::Asking)
        return;
    ReachReport report;
    report.isReachable = hasAnswered(reach);
    if (report.isReachable)
        report.latency = reach.latency;
    else
        report.error = reach.lastError ? reach.lastError->message : "no answer in time";
    report.at = utcNow();
    report.foundAt = std::chrono::steady_clock::now();
    report.failure = reach.lastError;
    if (const auto said = std::exchange(*found, std::nullopt)) {
        report.isStandby = said->isStandby;
        report.holdsLock = said->holdsLock;
    }
    m_report.setReach(server, report);
}

} // namespace shardlens::guard
