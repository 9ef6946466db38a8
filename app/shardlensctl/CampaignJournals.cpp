// SPDX-License-Identifier: GPL-3.0-or-later
// Campaigns that were begun here.
#include "app/shardlensctl/CampaignCommands.h"

#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/campaign/Means.h"
#include "core/desk/Desk.h"
#include "core/record/CampaignFolder.h"
#include "ui/format/CampaignText.h"
#include "ui/format/HostText.h"
#include "ui/format/Numbers.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using campaign::Campaign;

Exit failCampaign(const base::Error &error)
{
    Answer answer;
    answer.error = error.message + "\n";
    answer.exit = error.code == base::ErrorCode::Io ? Exit::Failed : Exit::Problem;
    return print(answer);
}

Exit sayLine(const QString &words)
{
    Answer answer;
    answer.line(words);
    return print(answer);
}

double milliseconds(base::microseconds time)
{
    return static_cast<double>(time.count()) / 1000.0;
}

void moveJson(JsonWriter &json, const campaign::Move &move)
{
    json.beginObject().member("subject", move.subject).member("wave", move.wave).member("from", move.from.text()).member("to", move.to.text());
    json.member("fit", name(move.fit)).member("state", name(move.state)).member("operation", move.operation).member("said", move.said);
    if (move.pause)
        json.member("writes_held_ms", milliseconds(*move.pause));
    if (move.lag)
        json.member("lag_ms", milliseconds(*move.lag));
    for (const auto &[key, at] : {std::pair("started_at", move.startedAt), std::pair("flows_at", move.flowsAt), std::pair("ended_at", move.endedAt)}) {
        if (at)
            json.member(key, base::isoUtc(*at));
    }
    json.key("why").beginArray();
    for (const std::string &check : move.why)
        json.text(check);
    json.endArray().endObject();
}

void kernelJson(JsonWriter &json, const campaign::KernelSeen &seen)
{
    const auto put = [&](const char *key, const std::optional<facts::Kernel> &kernel) {
        json.key(key);
        if (kernel)
            json.beginObject()
                .member("release", kernel->release)
                .member("boot_id", kernel->bootId)
                .member("booted_at", base::isoUtc(kernel->bootedAt))
                .endObject();
        else
            json.null();
    };
    json.beginObject();
    put("now", seen.now);
    put("before", seen.before);
    json.member("unknown", orNull(seen.unknown))
        .member("change", seen.change ? std::optional(std::string(facts::name(*seen.change))) : std::nullopt)
        .endObject();
}

void poolsJson(JsonWriter &json, const std::vector<campaign::PoolWarmth> &pools)
{
    const auto put = [&](const char *key, const std::optional<double> &share) {
        json.key(key);
        if (share)
            json.number(*share);
        else
            json.null();
    };
    json.beginArray();
    for (const campaign::PoolWarmth &pool : pools) {
        json.beginObject().member("pool", pool.pool.text()).member("region", pool.region.text());
        put("hit_share_before", pool.before);
        put("hit_share", pool.now);
        json.member("warm", pool.isWarm()).endObject();
    }
    json.endArray();
}

/// Stops it; the same for a person at the console.
Exit stopCampaign(const fleet::Fleet &fleet, const Options &options)
{
    const campaign::Wish wish{options.isNow ? campaign::Stop::Now : campaign::Stop::AfterWave, {}, desk::whoRuns().osUser};
    if (const auto told = record::wish(record::campaignsFolder(fleet), options.operation, toJson(wish)); !told)
        return failCampaign(told.error());
    if (const auto campaign = readCampaign(fleet, options.operation); campaign && campaign->watch == campaign::Watch::Watching)
        return sayLine(QStringLiteral("Asked. The caches are watched no longer; nothing else is left to do."));
    return sayLine(options.isNow ? QStringLiteral("Asked. No move begins any more; those under way are taken back, or finish past their point of no return.")
                                 : QStringLiteral("Asked. It stops after this wave."));
}

Exit abandonCampaign(const fleet::Fleet &fleet, const Options &options, const Campaign &campaign)
{
    if (campaign.outcome == campaign::Outcome::Done)
        return failCampaign({base::ErrorCode::Rejected, "It has ended: there is nothing to abandon.", {}, {}, base::Effect::None});
    const auto journal = record::OperationJournal::reopen(record::campaignsFolder(fleet), options.operation);
    if (!journal)
        return failCampaign(journal.error());
    const auto written = (*journal)->append(campaign::entryOutcome(campaign::Outcome::Abandoned, options.reason, {}, base::SystemClock().utcNow()));
    if (!written)
        return failCampaign(written.error());
    return sayLine(QStringLiteral("Abandoned. What was moved stays where it is."));
}

} // namespace

base::Result<Campaign> readCampaign(const fleet::Fleet &fleet, const std::string &id)
{
    const auto lines = record::readJournal(record::campaignsFolder(fleet), id);
    return lines ? campaign::campaignOf(lines->lines) : base::fail(lines.error());
}

std::vector<KeptCampaign> campaignsOf(const fleet::Fleet &fleet)
{
    std::vector<KeptCampaign> all;
    const auto kept = record::operationsIn(record::campaignsFolder(fleet));
    for (const record::KeptOperation &one : kept ? *kept : std::vector<record::KeptOperation>()) {
        if (auto campaign = readCampaign(fleet, one.id))
            all.push_back({std::move(*campaign), one.isWritten});
    }
    return all;
}

Exit exitOf(const Campaign &campaign)
{
    if (!campaign.outcome)
        return Exit::InDoubt;
    switch (*campaign.outcome) {
    case campaign::Outcome::Done: return Exit::Well;
    case campaign::Outcome::Incomplete:
    case campaign::Outcome::Stopped: return Exit::Incomplete;
    case campaign::Outcome::InDoubt: return Exit::InDoubt;
    case campaign::Outcome::Failed:
    case campaign::Outcome::Abandoned: return Exit::Failed;
    }
    return Exit::InDoubt;
}

QString moveLine(const campaign::Move &move)
{
    QString line = (move.wave == 0 ? QStringLiteral("        ") : QStringLiteral("wave %1  ").arg(move.wave)) + text(move.subject).leftJustified(10) + QStringLiteral("  ");
    const bool isMove = move.wave != 0 && !move.to.isEmpty();
    line += (isMove ? text(move.from) + QStringLiteral(" to ") + text(move.to) : text(move.from)) + QStringLiteral("  ");
    line += move.state == campaign::MoveState::Left ? format::fitWord(move.fit) : format::moveStateWord(move.state);
    if (move.lag && move.state == campaign::MoveState::Starting)
        line += QStringLiteral(", lag ") + format::lag(*move.lag);
    if (move.pause && move.flowsAt)
        line += QStringLiteral(", held for ") + format::duration(*move.pause);
    QStringList why;
    for (const std::string &check : move.why)
        why << text(check);
    if (!move.said.empty())
        why << text(move.said);
    return why.isEmpty() ? line : line + QStringLiteral(": ") + why.join(QStringLiteral(", "));
}

void addCampaignReport(Answer &answer, const Campaign &campaign, bool isDriven)
{
    for (const campaign::GateSeen &gate : campaign.gates) {
        if (!gate.isPassed)
            answer.line(QStringLiteral("The gate after wave %1 did not open: it waited for %2.").arg(gate.wave).arg(text(gate.said)));
    }
    if (campaign.mark == campaign::MarkState::Set)
        answer.line(QStringLiteral("%1 is marked.").arg(text(campaign.goal.subject)));
    else if (campaign.mark == campaign::MarkState::Lifted)
        answer.line(QStringLiteral("The mark of %1 is lifted.").arg(text(campaign.goal.subject)));
    if (campaign.kernel)
        answer.line(format::kernelText(*campaign.kernel));
    if (const QString total = format::campaignTotal(campaign); !total.isEmpty())
        answer.line(total);
    if (const QString watch = format::watchText(campaign); !watch.isEmpty()) {
        answer.line(watch);
        for (const campaign::PoolWarmth &pool : campaign.pools)
            answer.line(QStringLiteral("  %1: %2").arg(text(pool.pool), format::warmthText(pool)));
    }
    answer.line(format::campaignOutcome(campaign, isDriven));
    for (const std::string &one : campaign.left)
        answer.line("  left: " + one);
}

std::string jsonOf(const Campaign &campaign, bool isDriven)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("campaign", campaign.id).member("aim", name(campaign.goal.aim)).member("subject", campaign.goal.subject).member("runs", isDriven);
    json.member("outcome", campaign.outcome ? name(*campaign.outcome) : std::string_view("none")).member("said", campaign.said);
    json.member("database_user", campaign.author.databaseUser).member("os_user", campaign.author.osUser).member("host", campaign.author.host).member("reason", campaign.reason);
    json.member("began_at", base::isoUtc(campaign.beganAt)).member("waves", campaign.waves).member("wave", campaign.wave).member("failures", campaign.failures());
    if (campaign.endedAt)
        json.member("ended_at", base::isoUtc(*campaign.endedAt));
    json.member("stop", name(campaign.stop)).member("mark", name(campaign.mark)).member("moved", campaign.moved());
    if (const auto longest = campaign.longestPause())
        json.member("longest_pause_ms", milliseconds(*longest));
    if (campaign.kernel)
        kernelJson(json.key("kernel"), *campaign.kernel);
    poolsJson(json.member("watch", name(campaign.watch)).key("pools"), campaign.pools);
    json.key("moves").beginArray();
    for (const campaign::Move &move : campaign.moves)
        moveJson(json, move);
    json.endArray().key("gates").beginArray();
    for (const campaign::GateSeen &gate : campaign.gates) {
        json.beginObject().member("wave", gate.wave).member("passed", gate.isPassed).member("said", gate.said);
        if (gate.at)
            json.member("at", base::isoUtc(*gate.at));
        json.endObject();
    }
    json.endArray().key("manual").beginArray();
    for (const campaign::Tick &tick : campaign.manual)
        json.beginObject().member("step", tick.step.id()).member("by", tick.by).endObject();
    json.endArray().key("left").beginArray();
    for (const std::string &one : campaign.left)
        json.text(one);
    json.endArray().endObject();
    return out;
}

std::optional<Exit> campaignCommand(const Options &options, const fleet::Fleet &fleet)
{
    const auto campaign = readCampaign(fleet, options.operation);
    if (!campaign && campaign.error().code == base::ErrorCode::NotFound)
        return std::nullopt;
    if (!campaign)
        return failCampaign(campaign.error());
    if (options.command == Command::OperationsCancel)
        return stopCampaign(fleet, options);
    if (options.command == Command::OperationsAbandon)
        return abandonCampaign(fleet, options, *campaign);
    if (options.command != Command::OperationsShow)
        return failCampaign({base::ErrorCode::Rejected, "It is made of operations of its own: undo those.", {}, {}, base::Effect::None});
    const bool isDriven = record::writerOf(record::campaignsFolder(fleet), options.operation).has_value();
    Answer answer;
    if (options.json) {
        answer.line(jsonOf(*campaign, isDriven));
        return print(answer);
    }
    answer.line(format::campaignTitle(campaign->goal) + QStringLiteral(", begun ") + text(base::isoUtc(campaign->beganAt)) + QStringLiteral(" by ") + text(campaign->author.databaseUser) +
                (campaign->reason.empty() ? QString() : QStringLiteral(": ") + text(campaign->reason)));
    for (const campaign::Move &move : campaign->moves)
        answer.line(moveLine(move) + (move.operation.empty() ? QString() : QStringLiteral("  [") + text(move.operation) + QLatin1Char(']')));
    for (const campaign::Tick &tick : campaign->manual)
        answer.line(QStringLiteral("By hand: %1 [%2] %3").arg(format::manualStepText(tick.step, campaign->goal.aim), text(tick.step.id()), tick.by.empty() ? QStringLiteral("not ticked") : QStringLiteral("ticked by ") + text(tick.by)));
    addCampaignReport(answer, *campaign, isDriven);
    return print(answer);
}

Exit tickCampaign(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const auto campaign = readCampaign(**fleet, options.operation);
    if (!campaign)
        return failCampaign(campaign.error());
    const QString folder = record::campaignsFolder(**fleet);
    const std::string by = options.user.empty() ? desk::whoRuns().osUser : options.user;
    for (const std::string &step : options.ticked) {
        const bool isThere = std::any_of(campaign->manual.begin(), campaign->manual.end(), [&](const campaign::Tick &tick) { return tick.step.id() == step; });
        if (!isThere)
            return failCampaign({base::ErrorCode::NotFound, "It has no manual step '" + step + "'.", {}, {}, base::Effect::None});
        auto told = record::wish(folder, options.operation, toJson(campaign::Wish{campaign::Stop::No, step, by}));
        if (!told && told.error().code == base::ErrorCode::NotFound) { // nobody drives it: this program writes it down itself
            const auto journal = record::OperationJournal::reopen(folder, options.operation);
            told = journal ? (*journal)->append(campaign::entryTick(step, by, base::SystemClock().utcNow())) : base::fail(journal.error());
        }
        if (!told)
            return failCampaign(told.error());
    }
    return sayLine(QStringLiteral("Ticked."));
}

} // namespace shardlens::ctl
