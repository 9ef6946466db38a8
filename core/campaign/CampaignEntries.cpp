// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a campaign's journal: how each is written, and how they are folded into a campaign again.
#include "core/base/Iso8601.h"
#include "core/base/Json.h"
#include "core/campaign/Campaign.h"
#include "core/execute/StepJson.h"

#include <algorithm>

namespace shardlens::campaign {

using execute::enumNamed;
using nlohmann::json;

namespace {

std::string lineText(const json &entry)
{
    return base::jsonText(entry);
}

json entryOf(const char *kind, base::UtcTime at)
{
    return json{{"entry", kind}, {"at", base::isoUtcMicros(at)}};
}

base::UtcTime momentIn(const json &object, const char *key)
{
    const auto text = object.at(key).get<std::string>();
    const auto time = base::parseIso(text);
    if (!time)
        throw json::other_error::create(599, "'" + text + "' is no time", nullptr);
    return *time;
}

std::optional<base::UtcTime> maybeMoment(const json &object, const char *key)
{
    return object.contains(key) ? std::optional(momentIn(object, key)) : std::nullopt;
}

std::optional<base::microseconds> maybeSpan(const json &object, const char *key)
{
    return object.contains(key) ? std::optional(base::microseconds(object.at(key).get<std::int64_t>())) : std::nullopt;
}

void putMoment(json &object, const char *key, const std::optional<base::UtcTime> &time)
{
    if (time)
        object[key] = base::isoUtcMicros(*time);
}

void putSpan(json &object, const char *key, const std::optional<base::microseconds> &span)
{
    if (span)
        object[key] = span->count();
}

json jsonOf(const execute::Author &author)
{
    return json{{"database_user", author.databaseUser}, {"os_user", author.osUser}, {"host", author.host}};
}

execute::Author authorOf(const json &object)
{
    return {object.at("database_user").get<std::string>(), object.at("os_user").get<std::string>(), object.at("host").get<std::string>()};
}

void putProgress(json &object, const Move &move)
{
    object["state"] = name(move.state);
    if (!move.operation.empty())
        object["operation"] = move.operation;
    if (!move.said.empty())
        object["said"] = move.said;
    putMoment(object, "started_at", move.startedAt);
    putMoment(object, "flows_at", move.flowsAt);
    putMoment(object, "ended_at", move.endedAt);
    putSpan(object, "lag_us", move.lag);
    putSpan(object, "pause_us", move.pause);
}

void takeProgress(Move &move, const json &object)
{
    move.state = enumNamed(object.at("state").get<std::string>(), MoveState::NotBegun);
    move.operation = object.value("operation", std::string());
    move.said = object.value("said", std::string());
    move.startedAt = maybeMoment(object, "started_at");
    move.flowsAt = maybeMoment(object, "flows_at");
    move.endedAt = maybeMoment(object, "ended_at");
    move.lag = maybeSpan(object, "lag_us");
    move.pause = maybeSpan(object, "pause_us");
}

json jsonOf(const Move &move)
{
    json object{{"subject", move.subject}, {"act", operate::name(move.act)}, {"from", move.from.text()}, {"to", move.to.text()}, {"wave", move.wave}, {"fit", name(move.fit)}};
    if (move.isGroup)
        object["group"] = true;
    if (move.isDirectory)
        object["directory"] = true;
    if (!move.why.empty())
        object["why"] = move.why;
    putSpan(object, "expected_pause_us", move.expectedPause);
    putProgress(object, move);
    return object;
}

Move moveIn(const json &object)
{
    Move move;
    move.subject = object.at("subject").get<std::string>();
    const auto act = operate::actNamed(object.at("act").get<std::string>());
    if (!act)
        throw json::other_error::create(599, "an act that is not known here", nullptr);
    move.act = *act;
    move.from = base::ServerId(object.at("from").get<std::string>());
    move.to = base::ServerId(object.at("to").get<std::string>());
    move.wave = object.at("wave").get<unsigned>();
    move.fit = enumNamed(object.at("fit").get<std::string>(), Fit::Settled);
    move.isGroup = object.value("group", false);
    move.isDirectory = object.value("directory", false);
    move.why = object.value("why", std::vector<std::string>());
    move.expectedPause = maybeSpan(object, "expected_pause_us");
    takeProgress(move, object);
    return move;
}

json jsonOf(const Tick &tick)
{
    json object{{"kind", name(tick.step.kind)}, {"subject", tick.step.subject}, {"from", tick.step.from.text()}, {"before", tick.step.isBefore}};
    if (!tick.by.empty())
        object["by"] = tick.by;
    putMoment(object, "ticked_at", tick.at);
    return object;
}

Tick tickIn(const json &object)
{
    Tick tick;
    tick.step.kind = enumNamed(object.at("kind").get<std::string>(), ManualStep::Kind::WorkOnHost);
    tick.step.subject = object.at("subject").get<std::string>();
    tick.step.from = base::ServerId(object.at("from").get<std::string>());
    tick.step.isBefore = object.at("before").get<bool>();
    tick.by = object.value("by", std::string());
    tick.at = maybeMoment(object, "ticked_at");
    return tick;
}

json jsonOf(const Options &options)
{
    json object{{"at_once", options.atOnce}, {"stop_after", options.stopAfter}};
    if (!options.toRegion.isEmpty())
        object["to_region"] = options.toRegion.text();
    if (options.bringsHome)
        object["brings_home"] = true;
    putMoment(object, "until", options.until);
    for (const execute::Forced &one : options.forced)
        object["forced"].push_back({{"check", operate::name(one.check)}, {"reason", one.reason}});
    return object;
}

Options optionsIn(const json &object)
{
    Options options;
    options.atOnce = object.at("at_once").get<unsigned>();
    options.stopAfter = object.at("stop_after").get<unsigned>();
    options.toRegion = base::RegionName(object.value("to_region", std::string()));
    options.bringsHome = object.value("brings_home", false);
    options.until = maybeMoment(object, "until");
    for (const json &one : object.value("forced", json::array()))
        options.forced.push_back({enumNamed(one.at("check").get<std::string>(), operate::lastCheck), one.at("reason").get<std::string>()});
    return options;
}

json jsonOf(const facts::Kernel &kernel)
{
    return json{{"release", kernel.release}, {"boot_id", kernel.bootId}, {"booted_at", base::isoUtcMicros(kernel.bootedAt)}};
}

std::optional<facts::Kernel> kernelIn(const json &object, const char *key)
{
    if (!object.contains(key))
        return std::nullopt;
    const json &one = object.at(key);
    return facts::Kernel{one.at("release").get<std::string>(), one.at("boot_id").get<std::string>(), momentIn(one, "booted_at")};
}

void foldKernel(Campaign &to, const json &from)
{
    KernelSeen seen;
    seen.now = kernelIn(from, "now");
    seen.before = kernelIn(from, "before");
    seen.unknown = from.value("unknown", std::string());
    if (from.contains("change"))
        seen.change = enumNamed(from.at("change").get<std::string>(), facts::KernelChange::NotCompared);
    to.kernel = std::move(seen);
}

std::optional<double> maybeShare(const json &object, const char *key)
{
    return object.contains(key) ? std::optional(object.at(key).get<double>()) : std::nullopt;
}

void foldPools(Campaign &to, const json &from)
{
    to.watch = enumNamed(from.at("watch").get<std::string>(), Watch::Cold);
    to.pools.clear();
    for (const json &one : from.at("pools"))
        to.pools.push_back({base::PoolName(one.at("pool").get<std::string>()), base::RegionName(one.at("region").get<std::string>()),
                            one.value("by_clients", false), maybeShare(one, "before"), maybeShare(one, "now")});
}

void foldBegun(Campaign &to, const json &from)
{
    to.id = from.at("id").get<std::string>();
    to.goal = {enumNamed(from.at("aim").get<std::string>(), Aim::HostUp), from.at("subject").get<std::string>()};
    to.options = optionsIn(from.at("options"));
    to.author = authorOf(from.at("author"));
    to.reason = from.at("reason").get<std::string>();
    to.beganAt = momentIn(from, "at");
    to.waves = from.at("waves").get<unsigned>();
    to.setsMark = from.at("sets_mark").get<bool>();
    to.liftsMark = from.at("lifts_mark").get<bool>();
    for (const json &move : from.at("moves"))
        to.moves.push_back(moveIn(move));
    for (const json &tick : from.at("manual"))
        to.manual.push_back(tickIn(tick));
}

void foldMove(Campaign &to, const json &from)
{
    const auto subject = from.at("subject").get<std::string>();
    const auto found = std::find_if(to.moves.begin(), to.moves.end(), [&](const Move &move) { return move.subject == subject; });
    if (found == to.moves.end())
        throw json::other_error::create(599, "there is no move of '" + subject + "'", nullptr);
    takeProgress(*found, from);
}

void foldTick(Campaign &to, const json &from)
{
    const auto step = from.at("step").get<std::string>();
    for (Tick &tick : to.manual) {
        if (tick.step.id() == step) {
            tick.by = from.at("by").get<std::string>();
            tick.at = momentIn(from, "at");
        }
    }
}

void foldEntry(Campaign &to, const json &from)
{
    const auto kind = from.at("entry").get<std::string>();
    if (kind == "wave") {
        to.wave = from.at("wave").get<unsigned>();
    } else if (kind == "move") {
        foldMove(to, from);
    } else if (kind == "gate") {
        to.gates.push_back({from.at("wave").get<unsigned>(), from.at("passed").get<bool>(), from.value("said", std::string()), momentIn(from, "at")});
    } else if (kind == "tick") {
        foldTick(to, from);
    } else if (kind == "stop") {
        to.stop = enumNamed(from.at("stop").get<std::string>(), Stop::Now);
        to.stopAskedAt = momentIn(from, "at");
    } else if (kind == "mark") {
        to.mark = enumNamed(from.at("state").get<std::string>(), MarkState::Failed);
        to.markSaid = from.value("said", std::string());
    } else if (kind == "kernel") {
        foldKernel(to, from);
    } else if (kind == "pools") {
        foldPools(to, from);
    } else if (kind == "taken_over") {
        to.author = authorOf(from.at("by"));
        to.retries = to.outcome.has_value();
        to.stop = Stop::No;
        to.stopAskedAt.reset();
        to.outcome.reset();
        to.endedAt.reset();
        to.left.clear();
        to.said.clear();
    } else if (kind == "outcome") {
        to.outcome = enumNamed(from.at("outcome").get<std::string>(), Outcome::Abandoned);
        to.said = from.value("said", std::string());
        to.left = from.value("left", std::vector<std::string>());
        to.endedAt = momentIn(from, "at");
    }
}

} // namespace

std::string entryBegun(const Campaign &campaign)
{
    json object = entryOf("campaign", campaign.beganAt);
    object["id"] = campaign.id;
    object["aim"] = name(campaign.goal.aim);
    object["subject"] = campaign.goal.subject;
    object["options"] = jsonOf(campaign.options);
    object["author"] = jsonOf(campaign.author);
    object["reason"] = campaign.reason;
    object["waves"] = campaign.waves;
    object["sets_mark"] = campaign.setsMark;
    object["lifts_mark"] = campaign.liftsMark;
    object["moves"] = json::array();
    for (const Move &move : campaign.moves)
        object["moves"].push_back(jsonOf(move));
    object["manual"] = json::array();
    for (const Tick &tick : campaign.manual)
        object["manual"].push_back(jsonOf(tick));
    return lineText(object);
}

std::string entryWave(unsigned wave, base::UtcTime at)
{
    json object = entryOf("wave", at);
    object["wave"] = wave;
    return lineText(object);
}

std::string entryMove(const Move &move, base::UtcTime at)
{
    json object = entryOf("move", at);
    object["subject"] = move.subject;
    putProgress(object, move);
    return lineText(object);
}

std::string entryGate(const GateSeen &gate, base::UtcTime at)
{
    json object = entryOf("gate", at);
    object["wave"] = gate.wave;
    object["passed"] = gate.isPassed;
    if (!gate.said.empty())
        object["said"] = gate.said;
    return lineText(object);
}

std::string entryTick(const std::string &step, const std::string &by, base::UtcTime at)
{
    json object = entryOf("tick", at);
    object["step"] = step;
    object["by"] = by;
    return lineText(object);
}

std::string entryStop(Stop stop, base::UtcTime at)
{
    json object = entryOf("stop", at);
    object["stop"] = name(stop);
    return lineText(object);
}

std::string entryMark(MarkState state, const std::string &said, base::UtcTime at)
{
    json object = entryOf("mark", at);
    object["state"] = name(state);
    if (!said.empty())
        object["said"] = said;
    return lineText(object);
}

std::string entryKernel(const KernelSeen &seen, base::UtcTime at)
{
    json object = entryOf("kernel", at);
    if (seen.now)
        object["now"] = jsonOf(*seen.now);
    if (seen.before)
        object["before"] = jsonOf(*seen.before);
    if (!seen.unknown.empty())
        object["unknown"] = seen.unknown;
    if (seen.change)
        object["change"] = name(*seen.change);
    return lineText(object);
}

std::string entryPools(Watch watch, const std::vector<PoolWarmth> &pools, base::UtcTime at)
{
    json object = entryOf("pools", at);
    object["watch"] = name(watch);
    object["pools"] = json::array();
    for (const PoolWarmth &pool : pools) {
        json one{{"pool", pool.pool.text()}, {"region", pool.region.text()}};
        if (pool.isByClients)
            one["by_clients"] = true;
        if (pool.before)
            one["before"] = *pool.before;
        if (pool.now)
            one["now"] = *pool.now;
        object["pools"].push_back(std::move(one));
    }
    return lineText(object);
}

std::string entryTakenOver(const execute::Author &by, base::UtcTime at)
{
    json object = entryOf("taken_over", at);
    object["by"] = jsonOf(by);
    return lineText(object);
}

std::string entryOutcome(Outcome outcome, const std::string &said, const std::vector<std::string> &left, base::UtcTime at)
{
    json object = entryOf("outcome", at);
    object["outcome"] = name(outcome);
    if (!said.empty())
        object["said"] = said;
    if (!left.empty())
        object["left"] = left;
    return lineText(object);
}

base::Result<void> addEntry(Campaign &to, const std::string &line)
{
    try {
        const json object = base::parseJson(line);
        foldEntry(to, object);
        to.lastEntryAt = momentIn(object, "at");
    } catch (const json::exception &error) {
        return base::fail(base::ErrorCode::Protocol, error.what());
    }
    return {};
}

base::Result<Campaign> campaignOf(const std::vector<std::string> &lines)
{
    if (lines.empty())
        return base::fail(base::ErrorCode::Protocol, "the journal is empty");
    const auto unreadable = [](std::size_t line, const std::string &why) {
        return base::fail(base::ErrorCode::Protocol, "line " + std::to_string(line) + " of the journal cannot be read: " + why);
    };
    Campaign campaign;
    try {
        const json object = base::parseJson(lines.front());
        if (object.at("entry") != "campaign")
            return unreadable(1, "a campaign's journal begins otherwise");
        foldBegun(campaign, object);
        campaign.lastEntryAt = campaign.beganAt;
    } catch (const json::exception &error) {
        return unreadable(1, error.what());
    }
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const bool brokeOff = i + 1 == lines.size() && !json::accept(lines[i]); // its writer was killed while it wrote
        if (brokeOff)
            break;
        if (const auto added = addEntry(campaign, lines[i]); !added)
            return unreadable(i + 1, added.error().message);
    }
    return campaign;
}

} // namespace shardlens::campaign
