// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/faults/Witness.h"

#include "core/clients/postgres/Session.h"

#include <optional>

using namespace shardlens;
using namespace std::chrono_literals;

namespace {

/// Three times what the farthest way takes under load; what takes longer is no service.
constexpr base::milliseconds patience{1500};
constexpr base::milliseconds rest{500};

double secondsSince(std::chrono::steady_clock::time_point then)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

} // namespace

Witness::Witness(const localfleet::Ground &ground, const std::vector<std::string> &clusters) : m_ground(ground)
{
    for (const std::string &cluster : clusters) {
        for (const std::string &region : ground.shape.regions) {
            for (const bool forReads : {false, true})
                m_seen[{cluster, region, forReads}] = {Clock::now(), Clock::now(), Clock::now(), true};
        }
    }
    for (const auto &entry : m_seen)
        m_threads.emplace_back([this, way = entry.first] { watch(way); });
}

Witness::~Witness()
{
    m_stop->raise();
    for (std::thread &thread : m_threads)
        thread.join();
}

void Witness::watch(const Way &way)
{
    const localfleet::Instance *router = m_ground.server("router-" + way.region);
    const postgres::Target target{router->id, {"127.0.0.1", m_ground.ports.of(router->id)}, way.cluster + (way.forReads ? "_read" : ""), localfleet::user::application};
    const std::string statement = way.forReads ? "SELECT written FROM witness.tries LIMIT 1"
                                               : "INSERT INTO witness.tries VALUES ('" + way.region + "', 1) ON CONFLICT (way) DO UPDATE SET written = tries.written + 1";
    postgres::SessionOptions options;
    options.throughRouter = true;
    options.applicationName = "witness";
    std::optional<postgres::Session> session;
    for (;;) {
        bool worked = false;
        if (!session || !session->isOpen()) {
            session.reset();
            auto opened = postgres::Session::connect(target, m_ground.secrets.of(localfleet::user::application), options, patience, m_stop);
            if (opened)
                session = std::move(*opened);
        }
        if (session)
            worked = session->exec(statement, patience).has_value();
        note(way, worked);
        const auto rested = wire::waitFor(m_stop->descriptor(), wire::Readiness::Readable, Clock::now() + rest);
        if (rested)
            return;
    }
}

void Witness::note(const Way &way, bool worked)
{
    const std::lock_guard lock(m_mutex);
    Seen &seen = m_seen.at(way);
    if (worked) {
        if (!seen.works)
            seen.worksSince = Clock::now();
        seen.lastWorked = Clock::now();
    }
    seen.lastTried = Clock::now();
    seen.works = worked;
}

std::optional<bool> Witness::workedAfter(const Way &way, std::chrono::steady_clock::time_point then) const
{
    const std::lock_guard lock(m_mutex);
    const Seen &seen = m_seen.at(way);
    return seen.lastTried > then ? std::optional(seen.works) : std::nullopt;
}

double Witness::worksFor(const Way &way) const
{
    const std::lock_guard lock(m_mutex);
    const Seen &seen = m_seen.at(way);
    // A try that hangs has not failed yet, and says nothing any more.
    return seen.works && secondsSince(seen.lastWorked) < 1.5 ? secondsSince(seen.worksSince) : 0;
}

double Witness::failsFor(const Way &way) const
{
    const std::lock_guard lock(m_mutex);
    const double ago = secondsSince(m_seen.at(way).lastWorked);
    return ago > 1.5 ? ago : 0;
}

std::vector<Witness::Way> Witness::ways() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Way> ways;
    for (const auto &[way, seen] : m_seen)
        ways.push_back(way);
    return ways;
}
