// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Beater.h"

#include "app/guard/Ticker.h"
#include "core/clients/secrets/Secrets.h"

#include <charconv>

namespace shardlens::guard
{

using base::Error;
using base::ErrorCode;
using base::Result;

namespace
{

constexpr base::milliseconds beatDeadline{2000}; ///< longer than the worst link, shorter than a person's patience
constexpr base::milliseconds lockMayBeOld{500}; ///< beyond the question's interval and its deadline

std::int64_t toNumber(const std::string &text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

Beater::Beater(std::shared_ptr<const fleet::Fleet> fleet, const fleet::Cluster &cluster, base::RegionName region, const OperationBook &book,
               Report &report, std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_cluster(cluster), m_region(std::move(region)), m_book(book), m_report(report), m_stop(std::move(stop))
{
    if (const auto *user = m_fleet->access.firstWith(fleet::Role::Ops))
        m_user = user->name;
    m_report.setBeat(m_cluster.name, m_beat);
}

void Beater::run(base::milliseconds firstAfter)
{
    if (firstAfter.count() > 0 && !Ticker(firstAfter, *m_stop).wait())
        return;
    Ticker ticker(m_fleet->heartbeat ? m_fleet->heartbeat->interval : base::milliseconds(500), *m_stop);
    do
        beatOnce();
    while (ticker.wait());
}

void Beater::failed(const base::Error &error, BeatReport::State state)
{
    m_beat.state = state;
    m_beat.error = error;
    m_beat.isErrorAtRouter = m_beat.waitsAtRouter;
    m_beat.waitingSince.reset();
    m_report.setBeat(m_cluster.name, m_beat);
}

/// An attempt that hangs is told while it hangs, not when it is given up.
void Beater::waitAtRouter()
{
    m_beat.waitingSince = utcNow();
    m_beat.waitsAtRouter = true;
    m_report.setBeat(m_cluster.name, m_beat);
}

void Beater::beatOnce()
{
    m_beat.lockServer.clear();
    m_beat.waitsAtRouter = false;
    if (const auto holder = m_book.holder(m_cluster.name))
        return failed({ErrorCode::Rejected, "operation " + *holder + " is under way", {}, {}, base::Effect::None}, BeatReport::State::StandingBy);
    const auto lock = lockServer();
    if (!lock)
        return failed(lock.error());
    if (!*lock)
        return failed({ErrorCode::Rejected, "another guard of " + m_region.text() + " holds the lock", {}, {}, base::Effect::None},
                      BeatReport::State::StandingBy);
    m_beat.lockServer = (*lock)->text();
    waitAtRouter();
    if (!m_routed || !m_routed->isOpen()) {
        if (auto opened = openRouted(); !opened)
            return failed(opened.error());
    }
    const std::string table = m_fleet->heartbeat ? m_fleet->heartbeat->table : "shardlens.heartbeat";
    const auto sentAt = std::chrono::steady_clock::now();
    const auto rows =
        m_routed->exec("insert into " + table +
                           " as h (region, sequence, at) values ($1, 1, $2::timestamptz) "
                           "on conflict (region) do update set sequence = h.sequence + 1, at = excluded.at returning sequence",
                       {m_region.text(), isoUtc(utcNow())}, beatDeadline);
    if (!rows)
        return failed(rows.error());
    m_beat.took = std::chrono::duration_cast<base::microseconds>(std::chrono::steady_clock::now() - sentAt);
    m_beat.sequence = toNumber(rows->first());
    m_beat.at = utcNow();
    m_beat.state = BeatReport::State::Beating;
    m_beat.error.reset();
    m_beat.waitingSince.reset();
    m_report.setBeat(m_cluster.name, m_beat);
}

/// On whose primary this guard holds the lock, as its session there said last (see Sessions); empty where another one does.
Result<std::optional<base::ServerId>> Beater::lockServer() const
{
    const base::microseconds seenWithin = m_fleet->thresholds.interval + m_fleet->thresholds.deadline + lockMayBeOld;
    Error last{ErrorCode::WrongServer, "no member is a primary", {}, {}, base::Effect::None};
    for (const auto &id : m_cluster.servers) {
        const auto reach = m_report.reach(id);
        if (!reach)
            last = {ErrorCode::Unreachable, id.text() + " was not asked yet", {}, id.text(), base::Effect::None};
        else if (std::chrono::steady_clock::now() - reach->foundAt > seenWithin)
            last = {ErrorCode::TimedOut, id.text() + " was last asked too long ago", {}, id.text(), base::Effect::None};
        else if (reach->holdsLock.value_or(false))
            return id;
        else if (reach->isStandby == false)
            return std::nullopt;
        else if (!reach->isStandby)
            last = reach->failure.value_or(Error{ErrorCode::TimedOut, "no answer in time", {}, id.text(), base::Effect::None});
    }
    return base::fail(last);
}

Result<void> Beater::openRouted()
{
    const auto *router = m_fleet->routerOf(m_region);
    const auto *server = router ? m_fleet->server(router->server) : nullptr;
    if (!server)
        return base::fail(ErrorCode::NotFound, "no router is declared in " + m_region.text());
    const std::string database = fleet::expand(router->primaryDatabase, "cluster", m_cluster.name.text());
    const fleet::Endpoint &endpoint = server->address.from(m_region);
    const auto secret = secretFor(endpoint, database);
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = m_fleet->access.tls;
    options.throughRouter = true;
    options.applicationName = "shardlens-guard " + m_region.text();
    auto session = postgres::Session::connect({server->id.text(), endpoint, database, m_user}, *secret, options, beatDeadline, m_stop);
    if (!session)
        return base::fail(session.error());
    m_routed = std::move(*session);
    return {};
}

Result<std::string> Beater::secretFor(const fleet::Endpoint &endpoint, const std::string &database) const
{
    const auto *user = m_fleet->access.user(m_user);
    if (!user)
        return base::fail(ErrorCode::NotFound, "no database user with the role ops is declared");
    return secrets::resolve(user->secret, {endpoint.host, endpoint.port, database, user->name});
}

} // namespace shardlens::guard
