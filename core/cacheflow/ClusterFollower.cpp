// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/ClusterFollower.h"

#include "core/clients/secrets/Secrets.h"

#include <algorithm>
#include <cmath>

#include <poll.h>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;

namespace {

constexpr base::milliseconds readDeadline{2000};
constexpr base::milliseconds settleAtMost{5000}; // a member that hangs is away sooner
constexpr base::milliseconds busyPause{5};
constexpr base::milliseconds busyPauseAtMost{15};
constexpr base::milliseconds idlePause{100}; ///< the longest that a row waits because of us; a busy outbox is read twenty times as often
constexpr base::milliseconds failurePause{250};
constexpr base::milliseconds repeatPause{1000};
constexpr base::seconds routerAgainEvery{5};

/// Between two looks at a busy outbox: long enough that looking takes a quarter of the time at most, so that a server that is slow
/// because it is burdened is not burdened more.
base::milliseconds pauseAfter(base::Instant asked)
{
    const auto took = std::chrono::duration_cast<base::milliseconds>(std::chrono::steady_clock::now() - asked);
    return std::clamp(took * 3, busyPause, busyPauseAtMost);
}

} // namespace

bool mayHaveMissed(const FollowerState &state, base::Instant now, double utcSeconds)
{
    if (state.readAt != base::Instant())
        return now - state.readAt > OutboxReader::rowsKept;
    return state.safeCursor.isEmpty() || utcSeconds - state.safeCursor.serverSeconds > static_cast<double>(OutboxReader::rowsKept.count());
}

ClusterFollower::ClusterFollower(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, base::ClusterName cluster,
                                 Delivery &delivery, OutboxCursor from, std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_cluster(std::move(cluster)), m_delivery(delivery), m_stop(std::move(stop)),
      m_reader(m_region.text(), from)
{
    m_state.cursor = m_state.safeCursor = std::move(from);
}

ClusterFollower::~ClusterFollower()
{
    if (m_thread.joinable())
        m_thread.join();
}

void ClusterFollower::start()
{
    m_thread = std::thread([this] { run(); });
}

FollowerState ClusterFollower::state() const
{
    const std::scoped_lock lock(m_mutex);
    return m_state;
}

void ClusterFollower::missIsTold()
{
    const std::scoped_lock lock(m_mutex);
    m_state.missedSince.clear();
}

void ClusterFollower::primaryClockIs(const ClockSight &sight)
{
    const std::scoped_lock lock(m_mutex);
    m_primaryClock = sight;
}

/// Rows carry their primary's time and are compared with the time of the server that is read: where these differ, so does the lag.
void ClusterFollower::seeClock(const OutboxPage &page, base::Instant asked)
{
    const auto seen = ClockSight::of(page.serverSeconds, asked, std::chrono::steady_clock::now());
    const std::string &source = m_reader.source();
    m_readClock = source == m_clockSource ? ClockSight::better(m_readClock, seen) : seen;
    m_clockSource = source;
    const std::scoped_lock lock(m_mutex);
    m_state.clockLead = clockLead(m_readClock, m_primaryClock);
    m_reader.clockLeadIs(std::chrono::duration<double>(m_state.clockLead.value_or(base::microseconds(0))).count());
}

bool ClusterFollower::pauseFor(base::milliseconds time) const
{
    pollfd fd = {m_stop->descriptor(), POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(time.count())) <= 0;
}

void ClusterFollower::run()
{
    auto pause = busyPause;
    while (pauseFor(pause)) {
        const auto asked = std::chrono::steady_clock::now();
        const auto rows = step();
        if (!rows) {
            failed(rows.error());
            pause = failurePause;
        } else {
            pause = *rows > 0 ? pauseAfter(asked) : std::min(pause * 2, idlePause);
            if (m_reader.repeats())
                pause = repeatPause;
        }
    }
}

void ClusterFollower::failed(const base::Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    if (m_session && !m_session->isOpen())
        m_session.reset();
    const std::scoped_lock lock(m_mutex);
    ++m_state.errors;
    m_state.error = error;
    m_state.standing = FollowerState::Standing::Failing;
}

Result<postgres::Session> ClusterFollower::dial(bool throughRouter)
{
    const auto *router = m_fleet->routerOf(m_region);
    const auto *cluster = m_fleet->cluster(m_cluster);
    const auto *user = m_fleet->access.user(m_fleet->access.invalidator);
    if (!cluster || !user)
        return base::fail(ErrorCode::NotFound, "the fleet file names no invalidator in [access]");
    const fleet::Server *server = nullptr;
    std::string database = cluster->database;
    if (throughRouter && router) {
        server = m_fleet->server(router->server);
        database = fleet::expand(router->readDatabase, "cluster", m_cluster.text());
    } else {
        for (const auto &id : cluster->servers) {
            const auto *member = m_fleet->server(id);
            if (member && member->region == m_region)
                server = member;
        }
    }
    if (!server)
        return base::fail(ErrorCode::NotFound, throughRouter ? "no router is declared in " + m_region.text()
                                                             : m_cluster.text() + " has no member in " + m_region.text());
    const fleet::Endpoint &endpoint = server->address.from(m_region);
    const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, database, user->name});
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = m_fleet->access.tls;
    options.throughRouter = throughRouter;
    options.readOnly = !throughRouter;
    options.applicationName = "shardlens-invalidator";
    return postgres::Session::connect({server->id.text() + "/" + database, endpoint, database, user->name}, *secret, options, readDeadline,
                                      m_stop);
}

Result<postgres::Session *> ClusterFollower::session()
{
    const auto now = std::chrono::steady_clock::now();
    const bool triesRouterAgain = !m_throughRouter && now >= m_tryRouterAt;
    if (m_session && m_session->isOpen() && !triesRouterAgain)
        return &*m_session;
    auto opened = dial(true);
    if (opened) {
        m_throughRouter = true;
    } else if (opened.error().code != ErrorCode::Cancelled) {
        m_tryRouterAt = now + routerAgainEvery;
        if (m_session && m_session->isOpen())
            return &*m_session; // the direct one still serves
        auto direct = dial(false);
        if (!direct)
            return base::fail(opened.error());
        opened = std::move(direct);
        m_throughRouter = false;
    }
    if (!opened)
        return base::fail(opened.error());
    m_session = std::move(*opened);
    return &*m_session;
}

Result<std::size_t> ClusterFollower::step()
{
    const auto session = this->session();
    if (!session)
        return base::fail(session.error());
    const auto asked = std::chrono::steady_clock::now();
    auto page = m_reader.read(**session, readDeadline);
    if (!page) {
        // A router that hangs, or leads nowhere, is given up for a while: what is cached must not grow old by that.
        if (m_throughRouter && page.error().code != ErrorCode::Cancelled) {
            m_session.reset();
            m_tryRouterAt = std::chrono::steady_clock::now() + routerAgainEvery;
            if (auto direct = dial(false)) {
                m_session = std::move(*direct);
                m_throughRouter = false;
            }
        }
        return base::fail(page.error());
    }
    seeClock(*page, asked);
    // A new start that kept nothing goes on from what the cluster kept of it.
    if (m_reader.cursor().isEmpty() && page->keptCursor) {
        m_reader.jumpTo(*page->keptCursor);
        const std::scoped_lock lock(m_mutex);
        m_state.cursor = m_state.safeCursor = *page->keptCursor;
        return std::size_t(1);
    }
    bool isFlushed = false;
    {
        const std::scoped_lock lock(m_mutex);
        isFlushed = page->missedSince.empty() || page->missedSince == m_state.flushedFor;
    }
    if (!isFlushed)
        m_delivery.flushAll();
    if (!deliver(*page)) {
        m_session.reset(); // it is read and given again: nothing says that it was delivered
        return base::fail(ErrorCode::TimedOut, "a member of the pool takes its deletes too slowly");
    }
    m_reader.delivered();
    keepUp(*page);
    return page->keys.size();
}

bool ClusterFollower::deliver(const OutboxPage &page)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_state.waitingRows = page.keys.size();
        m_state.isBehind = !page.isLast;
    }
    const auto begun = std::chrono::steady_clock::now();
    const auto tickets = m_delivery.give(page.keys);
    if (!Delivery::settle(tickets, settleAtMost))
        return false;
    const auto now = std::chrono::steady_clock::now();
    const std::scoped_lock lock(m_mutex);
    const double took = std::chrono::duration<double>(now - begun).count() - std::chrono::duration<double>(m_state.clockLead.value_or(base::microseconds(0))).count();
    std::vector<base::microseconds> lags;
    lags.reserve(page.committedSeconds.size());
    for (const double committed : page.committedSeconds) {
        // A row from the future: the clock of the server that was read is behind its primary's by what is not known yet.
        // One that is told again says how long ago it was written, not how late it is.
        if (const double lag = page.serverSeconds - committed + took; lag >= 0 && committed >= page.againBefore)
            lags.emplace_back(std::llround(lag * 1e6));
    }
    m_state.lag.note(now, lags);
    m_state.rows += page.keys.size();
    m_state.waitingRows = 0;
    return true;
}

void ClusterFollower::keepUp(const OutboxPage &page)
{
    const bool isOwed = m_delivery.owes();
    const std::scoped_lock lock(m_mutex);
    m_state.readsThroughRouter = m_throughRouter;
    m_state.standing = FollowerState::Standing::Following;
    m_state.error.reset();
    m_state.readAt = std::chrono::steady_clock::now();
    m_state.cursor = m_reader.cursor();
    if (!isOwed)
        m_state.safeCursor = m_state.cursor;
    m_state.isCaughtUp = m_state.isCaughtUp || page.isLast;
    m_state.redeliveries = m_reader.redeliveries();
    if (!page.missedSince.empty() && page.missedSince != m_state.flushedFor) {
        ++m_state.flushes;
        m_state.missedSince = m_state.flushedFor = page.missedSince;
    }
}

} // namespace shardlens::cacheflow
