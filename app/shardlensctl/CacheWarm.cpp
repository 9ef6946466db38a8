// SPDX-License-Identifier: GPL-3.0-or-later
// `cache warm`: the plan, who may, the audit rows, then a region's pool filled from another's.
#include "app/owed/Owed.h"
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/Warming.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/Standing.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Numbers.h"

#include <csignal>
#include <cstdio>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using cacheflow::Warmed;
using cacheflow::WarmOptions;
using cacheflow::WarmPlan;

wire::Interrupt *warmStop = nullptr; ///< of the warming under way; what a signal handler may touch

void stopWarming(int)
{
    if (warmStop)
        warmStop->raise();
}

/// Ctrl+C ends a warming after its batch.
class StopOnSignal
{
public:
    explicit StopOnSignal(wire::Interrupt &stop)
    {
        warmStop = &stop;
        std::signal(SIGINT, stopWarming);
        std::signal(SIGTERM, stopWarming);
    }
    ~StopOnSignal()
    {
        std::signal(SIGINT, SIG_DFL);
        std::signal(SIGTERM, SIG_DFL);
        warmStop = nullptr;
    }
    StopOnSignal(const StopOnSignal &) = delete;
    StopOnSignal &operator=(const StopOnSignal &) = delete;
};

QString warmCount(std::uint64_t value)
{
    return format::count(static_cast<std::int64_t>(value));
}

base::microseconds timeFor(std::uint64_t keys, double perSecond)
{
    return std::chrono::duration_cast<base::microseconds>(std::chrono::duration<double>(static_cast<double>(keys) / perSecond));
}

Exit nothingWarmed(const QString &why, Exit exit)
{
    Answer answer;
    answer.error = plain(QStringLiteral("Nothing was filled. ") + why).toStdString() + "\n";
    answer.exit = exit;
    return print(answer);
}

void countsJson(JsonWriter &json, const Warmed &done)
{
    json.member("tried", done.tried).member("filled", done.filled).member("there", done.there).member("gone", done.gone);
    json.member("differs", done.differs).member("lost", done.lost).member("failed", done.failed).member("cancelled", done.isCancelled);
    json.member("error", done.error ? done.error->message : std::string());
}

QString countsText(const Warmed &done)
{
    QStringList phrases{QStringLiteral("%1 of %2 filled").arg(warmCount(done.filled), warmCount(done.tried))};
    const auto add = [&](std::uint64_t count, const QString &words) {
        if (count > 0)
            phrases << words.arg(warmCount(count));
    };
    add(done.there, QStringLiteral("%1 were there or being filled"));
    add(done.gone, QStringLiteral("%1 gone from the source or without a row"));
    add(done.differs, QStringLiteral("%1 not of their row's version there"));
    add(done.lost, QStringLiteral("%1 deleted meanwhile"));
    add(done.failed, QStringLiteral("%1 failed"));
    return phrases.join(QStringLiteral(", "));
}

/// On standard error, so that what is said at the end stands alone.
void tellProgress(const Warmed &soFar, std::size_t of, double perSecond)
{
    const QString line = QStringLiteral("%1; about %2 left").arg(countsText(soFar), format::age(timeFor(of - soFar.tried, perSecond)));
    std::fprintf(stderr, "\r%s   ", plain(line).toStdString().c_str());
    std::fflush(stderr);
}

} // namespace

Answer warmPlanOf(const WarmPlan &plan, const Options &options)
{
    Answer answer;
    const auto expected = timeFor(plan.keys.size(), options.perSecond);
    if (options.json) {
        std::string out;
        JsonWriter json(out);
        json.beginObject().member("from", plan.sources()).member("to", plan.targets()).member("keys", plan.keys.size()).member("bytes", plan.bytes).member("walked", plan.walked);
        json.member("unread", plan.unread).member("rowless", plan.rowless).member("there", plan.there).member("per_second", options.perSecond);
        json.member("expected_s", static_cast<double>(expected.count()) / 1e6).key("errors").beginArray();
        for (const base::Error &error : plan.errors)
            json.beginObject().member("server", error.server).member("error", error.message).endObject();
        json.endArray().endObject();
        answer.line(out);
    } else {
        answer.line(QStringLiteral("Fill %1 keys of %2 from %3, %4, the last read first: about %5 at %6.")
                        .arg(warmCount(plan.keys.size()), text(plan.targets()), text(plan.sources()), format::bytes({static_cast<std::int64_t>(plan.bytes)}), format::age(expected),
                             format::rate(options.perSecond)));
        answer.line(QStringLiteral("Of %1 keys there: %2 are in %3 already, %4 were never read, of %5 no row is known.")
                        .arg(warmCount(plan.walked), warmCount(plan.there), text(plan.targets()), warmCount(plan.unread), warmCount(plan.rowless)));
        answer.line(QStringLiteral("Each key costs a get there, a lease here, and a share of a read of its row's version in its region. A value is stored only "
                                   "if it is of that version, and while the lease holds: nothing stale is set."));
        for (const base::Error &error : plan.errors)
            answer.line(QStringLiteral("Not read: %1: %2").arg(text(error.server), text(error.message)));
    }
    answer.exit = plan.errors.empty() ? Exit::Well : Exit::Problem;
    return answer;
}

Answer warmedOf(const WarmPlan &plan, const Warmed &done, const Options &options)
{
    Answer answer;
    if (options.json) {
        std::string out;
        JsonWriter json(out);
        json.beginObject().member("from", plan.sources()).member("to", plan.targets());
        countsJson(json, done);
        json.endObject();
        answer.line(out);
    } else {
        answer.line(QStringLiteral("%1: %2%3.").arg(text(plan.targets()), countsText(done), done.isCancelled ? QStringLiteral("; ended before the rest") : QString()));
        if (done.error)
            answer.line(QStringLiteral("The newest that failed: %1%2").arg(done.error->server.empty() ? QString() : text(done.error->server) + QStringLiteral(": "), text(done.error->message)));
    }
    answer.exit = done.failed > 0 && done.filled == 0 ? Exit::Failed : done.failed > 0 || done.isCancelled ? Exit::Incomplete : Exit::Well;
    return answer;
}

Exit warmPool(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    const fleet::Fleet &fleet = **loaded;
    const auto stop = std::make_shared<wire::Interrupt>();
    const StopOnSignal stopping(*stop);
    WarmOptions how;
    how.keys = options.keys;
    how.perSecond = options.perSecond;
    how.stop = stop;
    const auto plan = cacheflow::planWarming(fleet, base::RegionName(options.warmFrom), base::RegionName(options.warmTo), how);
    if (!plan)
        return nothingWarmed(text(plan.error().message), plan.error().code == base::ErrorCode::Cancelled ? Exit::Incomplete : Exit::Usage);
    if (options.planOnly)
        return print(warmPlanOf(*plan, options));
    const desk::Standing standing = desk::standingOf(fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return nothingWarmed(format::refusalText(standing.refusal, standing.user ? standing.user->name : options.user, standing.whoMay), Exit::Problem);
    const QString environment = text(std::string(fleet::name(fleet.environment)));
    const bool isGuarded = fleet.environment != fleet::Environment::Local;
    if (isGuarded && options.confirm != options.warmTo)
        return nothingWarmed(QStringLiteral("This fleet is %1: say --confirm %2.").arg(environment, text(options.warmTo)), Exit::Problem);
    if (isGuarded && options.reason.empty())
        return nothingWarmed(QStringLiteral("This fleet is %1: say why, with --reason.").arg(environment), Exit::Problem);
    bool isRefused = false;
    owed::ActRecorder recorder(*loaded, deskOptions(fleet, options), "pool " + plan->targets(), options.reason);
    const auto record = [&](const char *action, const std::string &detail) {
        auto recorded = recorder.record(action, detail);
        isRefused = !recorded;
        return recorded;
    };
    const auto keychain = [](const std::string &entry) { return keychain::read(entry); };
    auto tellAt = std::chrono::steady_clock::now();
    const auto end = cacheflow::carryOut(fleet, *plan, *standing.user, keychain, how, record, [&](const Warmed &soFar) {
        if (options.json || std::chrono::steady_clock::now() < tellAt)
            return;
        tellAt = std::chrono::steady_clock::now() + base::seconds(1);
        tellProgress(soFar, plan->keys.size(), options.perSecond);
    });
    if (!end && isRefused) {
        const Answer trouble = deskTrouble(end.error(), fleet, options, false);
        return nothingWarmed(QStringLiteral("The directory could not record it: ") + text(trouble.error).trimmed(), trouble.exit);
    }
    if (!end)
        return nothingWarmed(text(end.error().message), Exit::Failed);
    if (!options.json && end->done.tried > 0)
        std::fputs("\n", stderr);
    Answer answer = warmedOf(*plan, end->done, options);
    if (end->unrecorded)
        answer.error = plain(QStringLiteral("What came of it could not be recorded: ") + text(end->unrecorded->message)).toStdString() + "\n";
    return print(answer);
}

} // namespace shardlens::ctl
