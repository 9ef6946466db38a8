// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/invalidator/Keeper.h"

#include "core/clients/secrets/Secrets.h"

#include <algorithm>
#include <cstdlib>
#include <random>

#include <poll.h>

namespace shardlens::invalidator {

using base::ErrorCode;
using base::Result;

namespace {

constexpr base::milliseconds keepEvery{500};
constexpr base::milliseconds writeDeadline{2000};
constexpr base::seconds restAfterFailure{3};
constexpr base::seconds pruneEvery{10};
constexpr base::seconds clockEvery{10};
constexpr base::seconds idleEvery{15}; // a cursor moves with every transaction of the cluster: not each is worth a write
// A session for a cluster in which nothing was deleted costs its primary a process for as long as the router keeps it. They come one by
// one, else all of a fleet's would stand at the same moment.
constexpr base::milliseconds idleRestLeast{40000};
constexpr base::milliseconds idleRestMost{60000};

const char *const keepCursor =
    "INSERT INTO shardlens.invalidation_cursor AS c (region, snapshot, timeline, lsn, at) VALUES ($1, $2::pg_snapshot, $3::integer, "
    "$4::pg_lsn, now()) "
    "ON CONFLICT (region) DO UPDATE SET snapshot = excluded.snapshot, timeline = excluded.timeline, lsn = excluded.lsn, at = excluded.at";
const char *const clearMiss =
    "UPDATE shardlens.invalidation_cursor SET missed_since = NULL WHERE region = $1 AND missed_since = $2::timestamptz";
const char *const primaryClock = "SELECT extract(epoch FROM clock_timestamp())";
const char *const pruneDelivered = "SELECT shardlens.prune_delivered()";

base::milliseconds idleRest()
{
    thread_local std::minstd_rand chance{std::random_device{}()};
    return base::milliseconds(std::uniform_int_distribution<base::milliseconds::rep>(idleRestLeast.count(), idleRestMost.count())(chance));
}

} // namespace

Keeper::Keeper(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::filesystem::path file, Followers &followers,
               cacheflow::Delivery &delivery, std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_file(std::move(file)), m_followers(followers), m_delivery(delivery),
      m_stop(std::move(stop))
{
}

Keeper::~Keeper()
{
    if (m_thread.joinable())
        m_thread.join();
}

void Keeper::start()
{
    m_thread = std::thread([this] { run(); });
}

std::map<base::ClusterName, Keeper::Report> Keeper::reports() const
{
    const std::scoped_lock lock(m_mutex);
    return m_reports;
}

std::optional<base::Error> Keeper::fileError() const
{
    const std::scoped_lock lock(m_mutex);
    return m_fileError;
}

bool Keeper::pauseFor(base::milliseconds time) const
{
    pollfd fd = {m_stop->descriptor(), POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(time.count())) <= 0;
}

void Keeper::run()
{
    while (pauseFor(keepEvery)) {
        keepHere();
        for (const auto &follower : m_followers)
            keepThere(*follower, m_lines[follower->cluster()]);
    }
    keepHere();
}

void Keeper::keepHere()
{
    if (m_file.empty())
        return;
    Kept kept;
    // The cursors first: one may pass keys of a member that is to be flushed only if that member is written, too.
    std::uint64_t rows = 0;
    for (const auto &follower : m_followers) {
        const auto state = follower->state();
        kept.cursors[follower->cluster()] = state.safeCursor;
        rows += state.rows + state.redeliveries;
    }
    for (const auto &pool : m_delivery.pools()) {
        for (const auto &lane : pool.lanes) {
            if (lane->state().standing == cacheflow::LaneState::Standing::MustFlush)
                kept.mustFlush.insert(lane->server());
        }
    }
    const auto now = std::chrono::steady_clock::now();
    const bool isIdle = rows == m_writtenRows && kept.mustFlush == m_written.mustFlush && now - m_writtenAt < idleEvery;
    if (kept == m_written || (isIdle && !m_written.cursors.empty()))
        return;
    const auto written = writeKept(m_file, kept);
    if (written) {
        m_written = std::move(kept);
        m_writtenRows = rows;
        m_writtenAt = now;
    }
    const std::scoped_lock lock(m_mutex);
    m_fileError = written ? std::nullopt : std::optional(written.error());
}

Result<postgres::Session> Keeper::dial(const base::ClusterName &cluster) const
{
    const auto *router = m_fleet->routerOf(m_region);
    const auto *server = router ? m_fleet->server(router->server) : nullptr;
    const auto *user = m_fleet->access.user(m_fleet->access.invalidator);
    if (!server || !user)
        return base::fail(ErrorCode::NotFound, "no router is declared in " + m_region.text() + ", or no invalidator in [access]");
    const std::string database = fleet::expand(router->primaryDatabase, "cluster", cluster.text());
    const fleet::Endpoint &endpoint = server->address.from(m_region);
    const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, database, user->name});
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = m_fleet->access.tls;
    options.throughRouter = true;
    return postgres::Session::connect({server->id.text() + "/" + database, endpoint, database, user->name}, *secret, options, writeDeadline,
                                      m_stop);
}

void Keeper::keepThere(cacheflow::ClusterFollower &follower, Line &line)
{
    const auto now = std::chrono::steady_clock::now();
    const auto state = follower.state();
    const bool hasMoved = state.safeCursor.snapshot != line.told && state.rows != line.toldRows;
    const bool isNews = !state.safeCursor.isEmpty() && (hasMoved || !state.missedSince.empty());
    if (state.rows != line.prunedRows)
        line.pruneAt = std::min<base::Instant>(line.pruneAt, now + pruneEvery);
    if (now < line.notBefore || (!isNews && now < line.pruneAt))
        return;
    const auto told = tell(follower, line, state);
    if (told)
        line.notBefore = now + base::seconds(1);
    else
        line.notBefore = now + restAfterFailure;
    const std::scoped_lock lock(m_mutex);
    Report &report = m_reports[follower.cluster()];
    report.error = told ? std::nullopt : std::optional(told.error());
    if (told)
        report.keptAt = now;
}

Result<void> Keeper::tell(cacheflow::ClusterFollower &follower, Line &line, const cacheflow::FollowerState &state)
{
    if (!line.session || !line.session->isOpen()) {
        auto session = dial(follower.cluster());
        if (!session)
            return base::fail(session.error());
        line.session = std::move(*session);
    }
    const auto &cursor = state.safeCursor;
    if (!cursor.isEmpty() && cursor.snapshot != line.told) {
        const auto lsn = cursor.lsn.empty() ? postgres::Value() : postgres::Value(cursor.lsn);
        const auto kept =
            line.session->exec(keepCursor, {m_region.text(), cursor.snapshot, std::to_string(cursor.timeline), lsn}, writeDeadline);
        if (!kept)
            return base::fail(kept.error());
        line.told = cursor.snapshot;
        line.toldRows = state.rows;
    }
    if (!state.missedSince.empty() && !m_delivery.owes()) {
        const auto cleared = line.session->exec(clearMiss, {m_region.text(), state.missedSince}, writeDeadline);
        if (!cleared)
            return base::fail(cleared.error());
        if (cleared->affected > 0)
            follower.missIsTold();
    }
    const auto now = std::chrono::steady_clock::now();
    if (now >= line.clockAt) {
        const auto clock = line.session->exec(primaryClock, writeDeadline);
        if (!clock)
            return base::fail(clock.error());
        follower.primaryClockIs(cacheflow::ClockSight::of(std::strtod(clock->first().c_str(), nullptr), now, std::chrono::steady_clock::now()));
        line.clockAt = now + clockEvery;
    }
    if (now >= line.pruneAt) {
        const auto pruned = line.session->exec(pruneDelivered, writeDeadline);
        if (!pruned)
            return base::fail(pruned.error());
        const bool isIdle = state.rows == line.prunedRows;
        line.prunedRows = state.rows;
        line.pruneAt = now + (pruned->first() != "0" ? keepEvery : isIdle ? idleRest() : base::milliseconds(pruneEvery));
    }
    return {};
}

} // namespace shardlens::invalidator
