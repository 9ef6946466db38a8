// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/guard/GuardAnswer.h"

#include "core/base/Json.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace shardlens::clients
{

using base::ErrorCode;
using nlohmann::json;

namespace
{

std::string textAt(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flagAt(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::optional<std::int64_t> numberAt(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

std::optional<base::microseconds> microsAt(const json &object, const char *key)
{
    const auto number = numberAt(object, key);
    return number ? std::optional(base::microseconds(*number)) : std::nullopt;
}

std::optional<base::UtcTime> timeAt(const json &object, const char *key)
{
    const std::string text = textAt(object, key);
    int year = 0;
    unsigned month = 0, day = 0;
    int hour = 0, minute = 0, second = 0, ms = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d.%3dZ", &year, &month, &day, &hour, &minute, &second, &ms) != 7)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok())
        return std::nullopt;
    return base::UtcTime(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                         base::seconds(second) + base::milliseconds(ms));
}

GuardBeat::State stateOf(const std::string &text)
{
    if (text == "beating")
        return GuardBeat::State::Beating;
    if (text == "standing_by")
        return GuardBeat::State::StandingBy;
    return text == "failing" ? GuardBeat::State::Failing : GuardBeat::State::Starting;
}

ErrorCode codeOf(const std::string &text)
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::Unavailable); ++code) {
        if (text == base::name(static_cast<ErrorCode>(code)))
            return static_cast<ErrorCode>(code);
    }
    return ErrorCode::Protocol;
}

facts::GuardBeat::State stateOf(GuardBeat::State state)
{
    using Told = facts::GuardBeat::State;
    switch (state) {
    case GuardBeat::State::Starting: return Told::Starting;
    case GuardBeat::State::Beating: return Told::Beating;
    case GuardBeat::State::StandingBy: return Told::StandingBy;
    case GuardBeat::State::Failing: return Told::Failing;
    }
    return Told::Starting;
}

/// The guard's clock may be off: its times are taken as so long before its answer.
void fillBeat(facts::GuardBeat &told, const GuardBeat &beat, const GuardAnswer &answer, const base::Clock &clock)
{
    const auto before = [&](const std::optional<base::UtcTime> &at) { return at && answer.at ? std::optional(std::max(*answer.at - *at, base::microseconds(0))) : std::nullopt; };
    told.state = stateOf(beat.state);
    told.sequence = beat.sequence;
    told.took = beat.took;
    if (const auto age = before(beat.at)) {
        told.committedAt = clock.now() - *age;
        told.committedUtc = clock.utcNow() - *age;
    }
    const auto waited = before(beat.waitingSince);
    told.waitingSince = waited ? std::optional(clock.now() - *waited) : std::nullopt;
    told.waitsAtRouter = beat.waitsAtRouter;
    told.reachedRouter = beat.isErrorAtRouter;
    told.error.reset();
    if (!beat.error.empty())
        told.error = base::Error{beat.errorCode, beat.error, beat.sqlState, {}, base::Effect::None};
}

std::optional<facts::ProbeKey::Way> wayNamed(const std::string &text)
{
    using Way = facts::ProbeKey::Way;
    for (const Way way : {Way::Writes, Way::Reads, Way::Group, Way::Cache}) {
        if (text == facts::name(way))
            return way;
    }
    return std::nullopt;
}

std::optional<GuardWay> readWay(const json &from, const base::RegionName &region)
{
    const auto way = wayNamed(textAt(from, "way"));
    if (!way)
        return std::nullopt;
    GuardWay out;
    out.key = {*way, region, textAt(from, "subject")};
    for (const auto state : {facts::ReachState::Answering, facts::ReachState::Late, facts::ReachState::Down}) {
        if (textAt(from, "state") == facts::name(state))
            out.state = state;
    }
    out.took = microsAt(from, "took_us");
    out.usual = microsAt(from, "usual_us");
    out.at = timeAt(from, "at");
    out.silentSince = timeAt(from, "silent_since");
    if (const auto writable = from.find("writable"); writable != from.end() && writable->is_boolean())
        out.writable = writable->get<bool>();
    if (const std::string error = textAt(from, "error"); !error.empty())
        out.error = base::Error{codeOf(textAt(from, "error_code")), error, textAt(from, "sqlstate"), {}, base::Effect::None};
    return out;
}

void fillWay(facts::ProbeReading &told, const GuardWay &way, const GuardAnswer &answer, const base::Clock &clock)
{
    const auto before = [&](const std::optional<base::UtcTime> &at) { return at && answer.at ? std::optional(std::max(*answer.at - *at, base::microseconds(0))) : std::nullopt; };
    told = {};
    told.from = answer.region;
    told.writable = way.writable;
    facts::Reach &reach = told.reach;
    reach.state = way.state;
    reach.latency = way.took;
    reach.usualLatency = way.usual;
    reach.lastError = way.error;
    if (const auto age = before(way.at)) {
        reach.lastAnswer = clock.now() - *age;
        reach.lastAnswerUtc = clock.utcNow() - *age;
    }
    if (const auto age = before(way.silentSince)) {
        reach.askedAt = reach.silentSince = clock.now() - *age;
        reach.silentSinceUtc = clock.utcNow() - *age;
    }
}

GuardBeat readBeat(const json &from)
{
    return {stateOf(textAt(from, "state")), numberAt(from, "sequence"), microsAt(from, "took_us"), timeAt(from, "at"),
            textAt(from, "error"),          textAt(from, "sqlstate"),      codeOf(textAt(from, "error_code")),
            textAt(from, "error_at") == "router", timeAt(from, "waiting_since"), textAt(from, "waits_at") == "router"};
}

GuardRouter readRouter(const json &from)
{
    GuardRouter router{flagAt(from, "answering"), {}, textAt(from, "error")};
    const auto databases = from.find("databases");
    if (databases == from.end() || !databases->is_object())
        return router;
    for (const auto &[name, database] : databases->items()) {
        if (database.is_object())
            router.paused[name] = flagAt(database, "paused");
    }
    return router;
}

GuardOperationState readOperation(const json &from)
{
    using State = GuardOperationState::State;
    GuardOperationState operation{textAt(from, "operation"), numberAt(from, "number").value_or(0), numberAt(from, "term").value_or(0), State::Running, timeAt(from, "since"), textAt(from, "said")};
    const std::string state = textAt(from, "state");
    for (const auto &[text, known] : {std::pair("taking_over", State::TakingOver), {"waiting", State::Waiting}, {"taken_over", State::TakenOver}, {"released", State::Released}}) {
        if (state == text)
            operation.state = known;
    }
    return operation;
}

GuardDisk readDisk(const json &from)
{
    const auto bytesAt = [&](const char *key) {
        const auto number = numberAt(from, key);
        return number ? std::optional(base::Bytes{*number}) : std::nullopt;
    };
    return {bytesAt("free_bytes"), bytesAt("total_bytes"), timeAt(from, "at"), textAt(from, "error")};
}

facts::Known<facts::DiskSpace> diskOf(const GuardDisk &disk, const GuardAnswer &answer, const base::Clock &clock)
{
    if (!disk.free || !disk.total || !disk.at || !answer.at)
        return facts::unknown(facts::WhyUnknown::Unreadable, disk.error);
    return facts::DiskSpace{*disk.free, *disk.total, clock.now() - std::max(*answer.at - *disk.at, base::microseconds(0))};
}

/// Calls `take` with each object in the object under `key`.
template <class Take>
void forEachIn(const json &document, const char *key, Take take)
{
    const auto found = document.find(key);
    if (found == document.end() || !found->is_object())
        return;
    for (const auto &[name, value] : found->items()) {
        if (value.is_object())
            take(name, value);
    }
}

} // namespace

base::Result<GuardAnswer> parseGuardAnswer(std::string_view line)
{
    const json document = base::readJson(line);
    if (!document.is_object())
        return base::fail(ErrorCode::Protocol, "a guard's answer is not a JSON object");
    if (const std::string error = textAt(document, "error"); !error.empty())
        return base::fail(ErrorCode::Protocol, error);
    GuardAnswer answer;
    answer.region = base::RegionName(textAt(document, "region"));
    if (answer.region.isEmpty())
        return base::fail(ErrorCode::Protocol, "a guard's answer names no region");
    answer.at = timeAt(document, "at");
    forEachIn(document, "reachable", [&](const std::string &name, const json &from) {
        answer.reachable[base::ServerId(name)] = {flagAt(from, "reachable"), microsAt(from, "latency_us"), textAt(from, "error")};
    });
    forEachIn(document, "beats",
              [&](const std::string &name, const json &from) { answer.beats[base::ClusterName(name)] = readBeat(from); });
    forEachIn(document, "routers",
              [&](const std::string &name, const json &from) { answer.routers[base::ServerId(name)] = readRouter(from); });
    forEachIn(document, "operations",
              [&](const std::string &name, const json &from) { answer.operations[base::ClusterName(name)] = readOperation(from); });
    forEachIn(document, "fenced", [&](const std::string &name, const json &from) { answer.fenced[base::ServerId(name)] = {timeAt(from, "at"), textAt(from, "said")}; });
    forEachIn(document, "disks", [&](const std::string &name, const json &from) { answer.disks[base::ServerId(name)] = readDisk(from); });
    forEachIn(document, "log_ends", [&](const std::string &name, const json &from) {
        const auto end = base::Lsn::parse(textAt(from, "end"));
        const auto at = timeAt(from, "at");
        if (end && at)
            answer.logEnds[base::ServerId(name)] = {*end, static_cast<std::int32_t>(numberAt(from, "timeline").value_or(0)), *at};
    });
    if (const auto ways = document.find("ways"); ways != document.end() && ways->is_array()) {
        for (const json &from : *ways) {
            if (auto way = from.is_object() ? readWay(from, answer.region) : std::nullopt)
                answer.ways.push_back(std::move(*way));
        }
    }
    return answer;
}

void fill(facts::GuardReport &report, const GuardAnswer &answer, const base::Clock &clock)
{
    std::map<base::ServerId, bool> reachable;
    for (const auto &[server, reach] : answer.reachable)
        reachable[server] = reach.isReachable;
    report.ways.clear();
    for (const GuardWay &way : answer.ways)
        fillWay(report.ways[way.key], way, answer, clock);
    std::map<base::ClusterName, base::microseconds> took;
    std::map<base::ClusterName, std::string> errors;
    for (const auto &[cluster, beat] : answer.beats) {
        fillBeat(report.beats[cluster], beat, answer, clock);
        if (beat.took)
            took[cluster] = *beat.took;
        if (!beat.error.empty())
            errors[cluster] = beat.error;
    }
    report.takenOver.clear();
    for (const auto &[cluster, known] : answer.operations) {
        using State = GuardOperationState::State;
        if (known.state == State::TakingOver || known.state == State::Waiting)
            report.takenOver[cluster] = {known.operation, known.state == State::Waiting, known.said};
    }
    report.fenced.clear();
    for (const auto &[server, fence] : answer.fenced) {
        const auto age = fence.at && answer.at ? std::max(*answer.at - *fence.at, base::microseconds(0)) : base::microseconds(0);
        report.fenced[server] = {clock.utcNow() - age, fence.said};
    }
    report.disks.clear();
    for (const auto &[server, disk] : answer.disks)
        report.disks[server] = diskOf(disk, answer, clock);
    report.logEnds.clear();
    for (const auto &[server, told] : answer.logEnds)
        report.logEnds[server] = {told.end, told.timeline, clock.now() - std::max(answer.at.value_or(told.at) - told.at, base::microseconds(0))};
    report.reachable = std::move(reachable);
    report.lastBeatTook = std::move(took);
    report.beatErrors = std::move(errors);
}

} // namespace shardlens::clients
