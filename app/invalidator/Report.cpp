// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/invalidator/Report.h"

#include "core/base/Json.h"

#include <nlohmann/json.hpp>

namespace shardlens::invalidator {

using cacheflow::FollowerState;
using cacheflow::LaneState;
using nlohmann::json;

namespace {

double ageMs(base::Instant then, base::Instant now)
{
    return std::chrono::duration<double, std::milli>(now - then).count();
}

json errorOf(const std::optional<base::Error> &error)
{
    return error ? json((error->server.empty() ? "" : error->server + ": ") + error->message) : json(nullptr);
}

const char *word(FollowerState::Standing standing)
{
    switch (standing) {
    case FollowerState::Standing::Starting: return "starting";
    case FollowerState::Standing::Following: return "following";
    case FollowerState::Standing::Failing: return "failing";
    }
    return "";
}

const char *word(LaneState::Standing standing)
{
    switch (standing) {
    case LaneState::Standing::Dialling: return "dialling";
    case LaneState::Standing::Here: return "here";
    case LaneState::Standing::Away: return "away";
    case LaneState::Standing::MustFlush: return "must_flush";
    case LaneState::Standing::CatchingUp: return "catching_up";
    }
    return "";
}

json clusterJson(const FollowerState &state, const Keeper::Report *kept, base::Instant now)
{
    json out{{"state", word(state.standing)},
             {"via", state.readsThroughRouter ? "router" : "member"},
             {"source", state.cursor.source},
             {"timeline", state.cursor.timeline},
             {"rows", state.rows},
             {"waiting_rows", state.waitingRows},
             {"behind", state.isBehind},
             {"redeliveries", state.redeliveries},
             {"flushes", state.flushes},
             {"errors", state.errors},
             {"error", errorOf(state.error)},
             {"missed_since", state.missedSince.empty() ? json(nullptr) : json(state.missedSince)}};
    const auto lag = [&](double quantile) {
        const auto value = state.lag.share(now, quantile);
        return value ? json(std::chrono::duration<double, std::milli>(*value).count()) : json(nullptr);
    };
    out["lag_p50_ms"] = lag(0.5);
    out["lag_p99_ms"] = lag(0.99);
    out["lag_max_ms"] = lag(1);
    out["clock_lead_ms"] = state.clockLead ? json(std::chrono::duration<double, std::milli>(*state.clockLead).count()) : json(nullptr);
    out["read_age_ms"] = state.readAt == base::Instant() ? json(nullptr) : json(ageMs(state.readAt, now));
    out["cursor_kept_age_ms"] = kept && kept->keptAt ? json(ageMs(*kept->keptAt, now)) : json(nullptr);
    out["cursor_error"] = kept ? errorOf(kept->error) : json(nullptr);
    return out;
}

json memberJson(const LaneState &state, const base::PoolName &pool, base::Instant now)
{
    return {{"pool", pool.text()},
            {"state", word(state.standing)},
            {"since_ms", ageMs(state.since, now)},
            {"waiting", state.waiting},
            {"delivered", state.delivered},
            {"found", state.found},
            {"refused", state.refused},
            {"flushes", state.flushes},
            {"vouched", state.vouched},
            {"error", errorOf(state.standing == LaneState::Standing::Here ? std::nullopt : state.error)}};
}

json leasesJson(const LeaseTotals::Pool &pool, base::Instant now)
{
    json out{{"counts", json::object()}, {"per_second", json::object()}, {"waits", json::object()}, {"herds", json::object()}};
    const auto perSecond = [&](std::string_view name, std::uint64_t recent) {
        if (pool.recentSeconds > 0)
            out["per_second"][std::string(name)] = static_cast<double>(recent) / pool.recentSeconds;
    };
    for (const auto &counter : cacheflow::leaseCounters()) {
        out["counts"][std::string(counter.name)] = pool.counts.leases.*counter.member;
        perSecond(counter.name, pool.recent.leases.*counter.member);
    }
    for (std::size_t i = 0; i < pool.counts.leases.waits.size(); ++i)
        out["waits"][std::string(cacheflow::waitBucketName(i))] = pool.counts.leases.waits[i];
    for (std::size_t i = 0; i < pool.counts.herds.sizes.size(); ++i) {
        out["herds"][std::string(facts::herdBucketName(i))] = pool.counts.herds.sizes[i];
        perSecond(facts::herdBucketName(i), pool.recent.herds.sizes[i]);
    }
    out["heard_age_ms"] = pool.heardAt ? json(ageMs(*pool.heardAt, now)) : json(nullptr);
    return out;
}

json stalenessJson(const PoolWindows::Sum &sum, base::Instant now)
{
    const cacheflow::Staleness &found = sum.found;
    json out{{"age_ms", ageMs(sum.measuredAt, now)},
             {"window_s", StalenessWindow::window.count()},
             {"compared", found.compared},
             {"stale", found.stale},
             {"late", found.late},
             {"orphans", found.orphans},
             {"unread", found.unread},
             {"stale_keys", found.staleKeys},
             {"error", errorOf(found.error)}};
    out["oldest_ms"] = found.oldest ? json(std::chrono::duration<double, std::milli>(*found.oldest).count()) : json(nullptr);
    return out;
}

} // namespace

Report::Report(base::RegionName region, const Keeper::Followers &followers, const cacheflow::Delivery &delivery, const Keeper &keeper,
               const LeaseTotals &totals, const Measurer &measurer, std::optional<base::seconds> staleFor)
    : m_region(std::move(region)), m_followers(followers), m_delivery(delivery), m_keeper(keeper), m_totals(totals), m_measurer(measurer), m_staleFor(staleFor),
      m_startedAt(std::chrono::steady_clock::now())
{
}

std::string Report::toJson() const
{
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> at = std::chrono::system_clock::now().time_since_epoch();
    json out{{"region", m_region.text()},
             {"at", at.count()},
             {"up_s", ageMs(m_startedAt, now) / 1000},
             {"ready", m_isReady.load()},
             {"mark_stale_s", m_staleFor ? json(m_staleFor->count()) : json(nullptr)},
             {"clusters", json::object()},
             {"members", json::object()},
             {"leases", json::object()},
             {"pool_staleness", json::object()},
             {"statsd", {{"datagrams", m_totals.datagrams()}, {"unread", m_totals.unread()}}},
             {"state_error", errorOf(m_keeper.fileError())}};
    const auto kept = m_keeper.reports();
    for (const auto &follower : m_followers) {
        const auto found = kept.find(follower->cluster());
        out["clusters"][follower->cluster().text()] = clusterJson(follower->state(), found == kept.end() ? nullptr : &found->second, now);
    }
    for (const auto &pool : m_delivery.pools()) {
        for (const auto &lane : pool.lanes)
            out["members"][lane->server()] = memberJson(lane->state(), pool.pool, now);
    }
    for (const auto &[name, pool] : m_totals.pools(now))
        out["leases"][name] = leasesJson(pool, now);
    const auto measured = m_measurer.report();
    out["staleness"] = measured.sum ? stalenessJson(*measured.sum, now) : json(nullptr);
    for (const auto &[name, pool] : measured.pools)
        out["pool_staleness"][name.text()] = stalenessJson(pool, now);
    return base::jsonText(out);
}

} // namespace shardlens::invalidator
