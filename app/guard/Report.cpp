// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Report.h"

#include "core/base/Json.h"

#include <cstdio>
#include <ctime>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace shardlens::guard
{

using nlohmann::ordered_json;

namespace
{

const char *name(BeatReport::State state)
{
    switch (state) {
    case BeatReport::State::Starting: return "starting";
    case BeatReport::State::Beating: return "beating";
    case BeatReport::State::StandingBy: return "standing_by";
    case BeatReport::State::Failing: return "failing";
    }
    return "starting";
}

template <class T, class Convert>
ordered_json orNull(const std::optional<T> &value, Convert convert)
{
    return value ? ordered_json(convert(*value)) : ordered_json(nullptr);
}

ordered_json textOrNull(const std::string &text)
{
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json toJson(const BeatReport &beat)
{
    ordered_json out;
    out["state"] = name(beat.state);
    out["sequence"] = orNull(beat.sequence, [](std::int64_t n) { return n; });
    out["took_us"] = orNull(beat.took, [](base::microseconds took) { return took.count(); });
    out["at"] = orNull(beat.at, isoUtc);
    out["lock_server"] = textOrNull(beat.lockServer);
    out["error"] = orNull(beat.error, [](const base::Error &error) { return error.message; });
    out["error_code"] = orNull(beat.error, [](const base::Error &error) { return std::string(base::name(error.code)); });
    out["error_at"] = beat.error ? ordered_json(beat.isErrorAtRouter ? "router" : "lock") : ordered_json(nullptr);
    out["waiting_since"] = orNull(beat.waitingSince, isoUtc);
    out["waits_at"] = beat.waitingSince ? ordered_json(beat.waitsAtRouter ? "router" : "lock") : ordered_json(nullptr);
    out["sqlstate"] = beat.error ? textOrNull(beat.error->sqlState) : ordered_json(nullptr);
    return out;
}

ordered_json toJson(const ReachReport &reach)
{
    ordered_json out;
    out["reachable"] = reach.isReachable;
    out["latency_us"] = orNull(reach.latency, [](base::microseconds latency) { return latency.count(); });
    out["at"] = isoUtc(reach.at);
    out["error"] = textOrNull(reach.error);
    return out;
}

ordered_json toJson(const RouterReport &router)
{
    ordered_json out;
    out["answering"] = router.isAnswering;
    out["at"] = isoUtc(router.at);
    out["error"] = textOrNull(router.error);
    ordered_json databases = ordered_json::object();
    for (const auto &[database, state] : router.databases)
        databases[database] = {{"paused", state.isPaused}, {"disabled", state.isDisabled}, {"host", state.host}, {"port", state.port}};
    out["databases"] = std::move(databases);
    return out;
}

ordered_json toJson(const facts::ProbeKey &key, const WayReport &way)
{
    const auto micros = [](base::microseconds value) { return value.count(); };
    ordered_json out;
    out["way"] = facts::name(key.way);
    out["subject"] = key.subject;
    out["state"] = facts::name(way.state);
    out["took_us"] = orNull(way.took, micros);
    out["usual_us"] = orNull(way.usual, micros);
    out["at"] = orNull(way.at, isoUtc);
    out["silent_since"] = orNull(way.silentSince, isoUtc);
    out["writable"] = orNull(way.writable, [](bool is) { return is; });
    out["error"] = orNull(way.error, [](const base::Error &error) { return error.message; });
    out["error_code"] = orNull(way.error, [](const base::Error &error) { return std::string(base::name(error.code)); });
    out["sqlstate"] = way.error ? textOrNull(way.error->sqlState) : ordered_json(nullptr);
    return out;
}

ordered_json toJson(const DiskReport &disk)
{
    ordered_json out;
    out["free_bytes"] = orNull(disk.space, [](const facts::DiskSpace &space) { return space.free.count; });
    out["total_bytes"] = orNull(disk.space, [](const facts::DiskSpace &space) { return space.total.count; });
    out["at"] = isoUtc(disk.at);
    out["error"] = textOrNull(disk.error);
    return out;
}

ordered_json toJson(const OperationReport &operation)
{
    ordered_json out;
    out["operation"] = operation.operation;
    out["number"] = operation.number;
    out["term"] = operation.term;
    out["state"] = name(operation.state);
    out["since"] = isoUtc(operation.since);
    out["said"] = textOrNull(operation.said);
    return out;
}

} // namespace

const char *name(OperationReport::State state)
{
    switch (state) {
    case OperationReport::State::Running: return "running";
    case OperationReport::State::TakingOver: return "taking_over";
    case OperationReport::State::Waiting: return "waiting";
    case OperationReport::State::TakenOver: return "taken_over";
    case OperationReport::State::Released: return "released";
    }
    return "running";
}

std::optional<OperationReport::State> operationStateNamed(const std::string &text)
{
    for (const auto state : {OperationReport::State::Running, OperationReport::State::TakingOver, OperationReport::State::Waiting,
                             OperationReport::State::TakenOver, OperationReport::State::Released}) {
        if (text == name(state))
            return state;
    }
    return std::nullopt;
}

base::UtcTime utcNow()
{
    return std::chrono::floor<base::microseconds>(std::chrono::system_clock::now());
}

std::string isoUtc(base::UtcTime at)
{
    const auto ms = std::chrono::floor<base::milliseconds>(at.time_since_epoch()).count();
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts = {};
    ::gmtime_r(&seconds, &parts);
    char text[96];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                  parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(ms % 1000));
    return text;
}

void Report::setBeat(const base::ClusterName &cluster, BeatReport beat)
{
    const std::scoped_lock lock(m_mutex);
    m_beats[cluster] = std::move(beat);
}

void Report::setReach(const base::ServerId &server, ReachReport reach)
{
    const std::scoped_lock lock(m_mutex);
    m_reach[server] = std::move(reach);
}

bool Report::isStandby(const base::ServerId &server) const
{
    const auto found = reach(server);
    return found && found->isReachable && found->isStandby.value_or(false);
}

std::optional<ReachReport> Report::reach(const base::ServerId &server) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_reach.find(server);
    return found == m_reach.end() ? std::nullopt : std::optional(found->second);
}

void Report::setRouter(const base::ServerId &server, RouterReport router)
{
    const std::scoped_lock lock(m_mutex);
    m_routers[server] = std::move(router);
}

void Report::setWay(const facts::ProbeKey &key, WayReport way)
{
    const std::scoped_lock lock(m_mutex);
    m_ways[key] = std::move(way);
}

void Report::setOperation(const base::ClusterName &cluster, OperationReport operation)
{
    const std::scoped_lock lock(m_mutex);
    m_operations[cluster] = std::move(operation);
}

void Report::setFence(const base::ServerId &server, FenceReport fence)
{
    const std::scoped_lock lock(m_mutex);
    m_fenced[server] = std::move(fence);
}

void Report::setDisk(const base::ServerId &server, DiskReport disk)
{
    const std::scoped_lock lock(m_mutex);
    m_disks[server] = std::move(disk);
}

void Report::setLogEnd(const base::ServerId &server, const std::optional<facts::LogEnd> &end)
{
    const std::scoped_lock lock(m_mutex);
    if (end)
        m_logEnds[server] = {utcNow(), *end};
    else
        m_logEnds.erase(server);
}

void Report::countOrder(bool wasRefused)
{
    const std::scoped_lock lock(m_mutex);
    ++(wasRefused ? m_refused : m_carriedOut);
}

std::string Report::toJson() const
{
    ordered_json out;
    out["region"] = m_region.text();
    out["at"] = isoUtc(utcNow());
    out["started_at"] = isoUtc(m_startedAt);
    out["pid"] = ::getpid();
    out["ways"] = ordered_json::array();
    out["reachable"] = out["beats"] = out["routers"] = out["operations"] = out["fenced"] = out["disks"] = out["log_ends"] = ordered_json::object();
    const std::scoped_lock lock(m_mutex);
    for (const auto &[server, reach] : m_reach)
        out["reachable"][server.text()] = guard::toJson(reach);
    for (const auto &[cluster, beat] : m_beats)
        out["beats"][cluster.text()] = guard::toJson(beat);
    for (const auto &[server, router] : m_routers)
        out["routers"][server.text()] = guard::toJson(router);
    for (const auto &[key, way] : m_ways)
        out["ways"].push_back(guard::toJson(key, way));
    for (const auto &[cluster, operation] : m_operations)
        out["operations"][cluster.text()] = guard::toJson(operation);
    for (const auto &[server, fence] : m_fenced)
        out["fenced"][server.text()] = {{"at", isoUtc(fence.at)}, {"said", fence.said}};
    for (const auto &[server, disk] : m_disks)
        out["disks"][server.text()] = guard::toJson(disk);
    for (const auto &[server, end] : m_logEnds)
        out["log_ends"][server.text()] = {{"end", end.found.end.toString()}, {"timeline", end.found.timeline}, {"at", isoUtc(end.at)}};
    out["orders"] = {{"carried_out", m_carriedOut}, {"refused", m_refused}};
    // What a server said may not be UTF-8; a report is worth more than its worst byte.
    return base::jsonText(out);
}

} // namespace shardlens::guard
