// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/Perform.h"

#include "app/executor/CancelWatch.h"
#include "app/executor/DirectoryBook.h"
#include "app/executor/HeldJournal.h"
#include "app/executor/InputLines.h"
#include "app/executor/JournalCopier.h"
#include "app/executor/JournalSource.h"
#include "app/executor/StandingLook.h"
#include "app/executor/Surroundings.h"
#include "core/effects/FleetHands.h"
#include "core/effects/GroupHands.h"
#include "core/execute/Anew.h"
#include "core/execute/Leftover.h"
#include "core/execute/LockKey.h"
#include "core/execute/Runner.h"
#include "core/observe/Settled.h"
#include "core/operate/Aftermath.h"
#include "core/record/OperationJournal.h"

#include <QEventLoop>
#include <QSocketNotifier>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <future>
#include <random>
#include <set>

namespace shardlens::executor {

namespace {

using base::ErrorCode;
using execute::Operation;
using execute::Outcome;

/// For so long the guards wait for a sign of life before they end an operation: with their second look and its two round trips,
/// writes flow again within five seconds.
constexpr base::milliseconds hold{2500};
constexpr base::milliseconds lockPatience{5000};
constexpr base::milliseconds copyPatience{1500}; ///< at the end, for what the directory's copy of the journal lacks yet

effects::Login loginFor(const Setting &setting, const fleet::DatabaseUser &actor, std::int64_t number)
{
    effects::Login login;
    login.fleet = setting.fleet;
    login.from = setting.fleet->ownRegion;
    login.acts = actor;
    const fleet::DatabaseUser *application = setting.fleet->access.firstWith(fleet::Role::Application);
    login.application = application ? *application : actor;
    login.keychain = fromKeychain;
    login.sessionName = execute::sessionNameOf(setting.id, number);
    login.redisSessionName = execute::redisSessionNameOf(setting.id, number);
    return login;
}

/// The clock's milliseconds: higher than that of every earlier operation, unless a clock ran ahead. The guards refuse it then, and say so.
std::int64_t freshNumber()
{
    return std::chrono::duration_cast<base::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

facts::SnapshotPtr lookAfresh(const Setting &setting, const operate::Intent &intent)
{
    auto marks = std::async(std::launch::async, [&setting] { return sharedNow(setting.fleet); });
    const facts::SnapshotPtr seen = observe::lookOnce(
        concernedBy(*setting.fleet, intent), lookingOptions(*setting.fleet), [&](const facts::Snapshot &snapshot) { return isReadFor(snapshot, intent); },
        lookPatience(*setting.fleet));
    auto snapshot = std::make_shared<facts::Snapshot>(*seen);
    snapshot->shared = marks.get();
    return snapshot;
}

Operation operationFor(const Setting &setting, const execute::ActRequest &request, const operate::Plan &plan, const fleet::DatabaseUser &actor)
{
    Operation operation;
    operation.id = setting.id;
    operation.act = request.act;
    operation.cluster = request.cluster;
    operation.group = request.group;
    operation.from = plan.from;
    operation.to = plan.to;
    operation.on = request.on;
    operation.object = request.object;
    operation.term = plan.term;
    operation.author = authorOf(actor);
    operation.reason = request.reason;
    operation.forced = execute::forcedOf(request, plan);
    operation.beganAt = base::SystemClock().utcNow();
    operation.lastEntryAt = operation.beganAt;
    if (plan.pause.expected)
        operation.expectedPause = *plan.pause.expected;
    if (request.act == operate::Act::Failover)
        operation.setLoss(plan.loss);
    operation.steps = plan.steps;
    operation.progress.resize(plan.steps.size());
    for (const operate::Step &step : plan.steps) {
        if (step.kind == operate::StepKind::RaiseTerm)
            std::from_chars(step.detail.data(), step.detail.data() + step.detail.size(), operation.term);
    }
    return operation;
}

/// Of a move whose candidate is not promoted, as when it began: a second look under the lock, and a gate. What it would lose by now, as a
/// line of its journal; empty: nothing to tell.
base::Result<std::string> judgeAnew(const Setting &setting, Operation operation)
{
    if (!operate::isMove(operation.act))
        return std::string();
    const facts::SnapshotPtr seen = lookAfresh(setting, operation.intent());
    const auto plan = operate::planFor(*seen, operation.intent());
    if (const auto may = execute::judgeAnew(operation, *seen, plan); !may)
        return base::fail(may.error());
    if (operation.act != operate::Act::Failover)
        return std::string();
    operation.setLoss(plan->loss);
    return execute::entryLoss(operation, base::SystemClock().utcNow());
}

/// What holds for the guards until the end: told at the end only where nothing is held any more. Else they wait for a sign of life,
/// and end it their way.
bool isOver(Outcome outcome)
{
    return outcome == Outcome::Done || outcome == Outcome::Incomplete || outcome == Outcome::RolledBack;
}

/// A move that promoted nobody raised no term: who is told so obeys what comes after it, also what raises none.
std::int64_t termLeft(const Operation &operation)
{
    return operate::isMove(operation.act) && !operation.hasPromoted() ? operation.term - 1 : operation.term;
}

/// What an operation takes effect by, made once the guards' lines are.
using MakeHands = std::function<std::unique_ptr<execute::Hands>(const effects::Login &login, const Operation &operation, effects::GuardLines &guards)>;

End carryOut(const Setting &setting, Operation operation, const effects::Login &login, const MakeHands &makeHands, FileJournal &journal, bool undo)
{
    const fleet::SecretSource secret = setting.fleet->access.guardSecret;
    effects::GuardLines guards(setting.fleet, setting.fleet->ownRegion, [secret](const fleet::Endpoint &guard) {
        return secrets::resolve(secret, {guard.host, guard.port, {}, {}}, fromKeychain);
    });
    JournalCopier copier(setting, login.acts, operation.number);
    journal.written = [&copier] { copier.nudge(); };
    DirectoryBook book(login);
    auto noting = std::async(std::launch::async, [&book, operation] { return book.begun(operation); }); // no step waits for the directory
    const auto hands = makeHands(login, operation, guards);
    const base::SystemClock clock;
    HeldJournal held(journal, operation, setting.holdAt);
    execute::Runner runner(std::move(operation), *hands, held, clock);
    runner.judgeAnew = [&setting](const Operation &broken) { return judgeAnew(setting, broken); };
    held.wentOn = [&] { // whoever asked to stop while it was held comes before the step
        if (isCancelAsked(journal.file()))
            runner.cancel();
    };
    Outcome outcome;
    {
        const CancelWatch watch(journal.file(), [&runner] { runner.cancel(); });
        outcome = undo ? runner.undo() : runner.run();
    }
    if (isOver(outcome)) {
        for (const base::RegionName &region : guards.release(termLeft(runner.operation()), std::chrono::steady_clock::now() + base::seconds(2)))
            std::fprintf(stderr, "The guard of %s was not told that it is over; it will find out.\n", region.text().c_str());
    }
    if (const auto noted = noting.get(); !noted)
        std::fprintf(stderr, "The directory does not show this operation: %s\n", noted.error().message.c_str());
    if (const auto noted = book.ended(runner.operation(), outcome, runner.operation().said); !noted)
        std::fprintf(stderr, "The directory does not show how this operation ended: %s\n", noted.error().message.c_str());
    journal.written = {};
    if (const std::string misses = copier.finish(copyPatience); !misses.empty()) {
        std::fprintf(stderr, "Another machine cannot see all of this: %s\n", misses.c_str());
        (void)journal.append(execute::entryCopyMisses(misses, clock.utcNow()));
    }
    sayEnded(execute::name(outcome), runner.operation().said);
    return endOf(outcome);
}

/// Another operation moved the cluster on: its term is past this one's, or is the one that this move would have raised, and raised by another.
base::Result<void> isStillNewest(const Operation &operation, const fleet::Cluster &cluster, effects::MemberLocks &locks)
{
    for (const base::ServerId &member : cluster.servers) {
        postgres::Session *session = locks.session(member);
        const auto term = session && operation.term > 0 ? session->exec("SELECT term, raised_by FROM shardlens.term", base::seconds(2)) : base::Result<postgres::Rows>(postgres::Rows{});
        if (!term)
            return base::fail(term.error());
        std::int64_t there = 0;
        const std::string text = term->first();
        std::from_chars(text.data(), text.data() + text.size(), there);
        // Also where no term is kept: it moves from one to the other, and cannot know of a third.
        const auto recovers = session ? session->exec("SELECT pg_is_in_recovery()", base::seconds(2)) : base::Result<postgres::Rows>(postgres::Rows{});
        if (recovers && recovers->first() == "f" && operate::isMove(operation.act) && member != operation.from && member != operation.to)
            return base::fail(ErrorCode::Rejected, "another operation has moved " + cluster.name.text() + " since: " + member.text() + " is out of recovery", member.text());
        // Its own, and a guard's that acted for it, begin with its id.
        const std::string by = term->isEmpty() ? std::string() : term->at(0, 1).value_or("");
        const bool isAnothers = there == operation.term && operate::isMove(operation.act) && !by.starts_with(operation.id);
        if (there > operation.term || isAnothers)
            return base::fail(ErrorCode::Rejected, "another operation has moved " + cluster.name.text() + " since: its term is " + text + (by.empty() ? "" : ", raised by " + by) + "; this one would make it " + std::to_string(operation.term), member.text());
    }
    return {};
}

base::Result<void> isStillNewest(const Operation &operation, const fleet::RedisGroup &group, effects::GroupLocks &locks)
{
    const bool keepsTerm = operation.term > 0 && !group.termKey.empty();
    std::map<base::ServerId, std::string> roles; // of those that answer
    for (const base::ServerId &member : group.servers) {
        const base::Instant deadline = std::chrono::steady_clock::now() + base::seconds(2);
        const auto session = locks.session(member, deadline);
        if (!session)
            continue;
        const auto role = (*session)->command({"INFO", "replication"}, effects::leftUntil(deadline));
        if (role)
            roles[member] = operate::fieldOf(role->text, "role").value_or(std::string());
        const auto reply = keepsTerm ? (*session)->command({"GET", group.termKey}, effects::leftUntil(deadline)) : base::Result<redis::Reply>(redis::Reply{});
        std::int64_t there = 0;
        if (reply)
            std::from_chars(reply->text.data(), reply->text.data() + reply->text.size(), there);
        if (there > operation.term && keepsTerm)
            return base::fail(ErrorCode::Rejected, "another operation has moved " + group.name.text() + " since: its term is " + reply->text + ", this one would make it " + std::to_string(operation.term), member.text());
    }
    if (group.manager != fleet::Manager::None) // its Sentinels are asked who leads
        return {};
    // The term does not say who raised it: two moves that began from the same one are told apart by who leads.
    for (const auto &[member, role] : roles) {
        const bool isThird = role == "master" && member != operation.from && member != operation.to;
        const bool hasLeft = member == operation.from && role == "slave" && roles.contains(operation.to) && roles.at(operation.to) == "slave";
        if (isThird || hasLeft)
            return base::fail(ErrorCode::Rejected, "another operation has moved " + group.name.text() + " since: " + member.text() + (isThird ? " is a primary" : " is none any more, nor is " + operation.to.text()), member.text());
    }
    return {};
}

/// How a person says it.
std::string commandOf(const operate::Intent &intent)
{
    const auto *act = std::get_if<operate::SmallAct>(&intent);
    const std::string on = act ? act->on.text() : std::string();
    switch (operate::actOf(intent)) {
    case operate::Act::Failover: return "failover " + operate::nameOf(intent);
    case operate::Act::LiftBrake: return "brake lift " + on;
    case operate::Act::PointRouter: return "router point " + act->object + " --router " + on + " --to " + act->to.text();
    case operate::Act::ResumeRouter: return "router resume " + act->object + " --router " + on;
    case operate::Act::RepointStandby: return "standby repoint " + on + " --to " + act->to.text();
    default: return std::string(operate::name(operate::actOf(intent)));
    }
}

std::string joined(const std::vector<base::ServerId> &servers)
{
    std::string names;
    for (const base::ServerId &id : servers)
        names += (names.empty() ? "" : ", ") + id.text();
    return names;
}

/// Without a journal what the servers say is all there is. An id begins with what was acted on: "u1-20261128-173502-4f2a".
std::string whatIsSo(const Setting &setting)
{
    std::string subject = setting.id;
    for (int parts = 0; parts < 3; ++parts)
        subject.resize(std::min(subject.size(), subject.rfind('-')));
    const base::ClusterName cluster(subject);
    if (setting.fleet->redisGroup(base::GroupName(subject)))
        return ". What it left is seen by looking: shardlensctl redis, then failover " + subject + " --plan";
    if (!setting.fleet->cluster(cluster))
        return {};
    const operate::Aftermath after = operate::aftermathOf(*lookAfresh(setting, operate::SwitchCluster{cluster, {}}), cluster);
    const std::string silent = after.silent.empty() ? std::string() : "; " + joined(after.silent) + " did not answer";
    if (after.primaries.size() > 1)
        return ". " + joined(after.primaries) + " of " + subject + " are out of recovery, the first with the highest term: stop the others, then shardlensctl standby rebuild them" + silent;
    std::string text = after.primaries.empty() ? ". No member of " + subject + " that answers takes writes" : ". " + joined(after.primaries) + " is the primary of " + subject;
    text += silent;
    if (after.remedies.empty())
        return text + ": every router that answers leads there, and nothing of it is left to do";
    text += ", which these put right, each with --plan first:";
    for (const operate::Intent &remedy : after.remedies)
        text += (&remedy == &after.remedies.front() ? " " : "; ") + ("shardlensctl " + commandOf(remedy));
    return text;
}

End refuse(const base::Error &error)
{
    sayRefused(error);
    return End::Refused;
}

/// The lock of what is acted on, and the hands that act by it.
struct Grip {
    std::unique_ptr<effects::MemberLocks> cluster;
    std::unique_ptr<effects::GroupLocks> group;

    /// `silent`: members that were seen not to answer just before.
    [[nodiscard]] base::Result<void> take(bool takeOver, const std::set<base::ServerId> &silent = {})
    {
        const auto deadline = std::chrono::steady_clock::now() + lockPatience;
        return group ? group->take(takeOver, deadline, silent) : cluster->take(takeOver, deadline, silent);
    }
    [[nodiscard]] MakeHands hands()
    {
        return [this](const effects::Login &login, const Operation &operation, effects::GuardLines &guards) -> std::unique_ptr<execute::Hands> {
            if (group)
                return std::make_unique<effects::GroupHands>(login, operation, *group, guards, hold);
            return std::make_unique<effects::FleetHands>(login, operation, *cluster, guards, hold);
        };
    }
};

/// Errors: NotFound, where the fleet declares neither.
base::Result<Grip> gripFor(const Setting &setting, const operate::Intent &intent, const effects::Login &login, std::int64_t number)
{
    Grip grip;
    if (const fleet::RedisGroup *group = setting.fleet->redisGroup(operate::groupOf(intent)))
        grip.group = std::make_unique<effects::GroupLocks>(login, *group, setting.id, number, operate::actOf(intent));
    else if (const fleet::Cluster *cluster = setting.fleet->cluster(operate::clusterOf(intent)))
        grip.cluster = std::make_unique<effects::MemberLocks>(login, *cluster);
    else
        return base::fail(ErrorCode::NotFound, "the fleet has no cluster or Redis group '" + operate::nameOf(intent) + "'");
    return grip;
}

/// Who may not act touches no member's lock either, and no server: the gate is passed once before, and once with the fresh plan.
const fleet::DatabaseUser *whoActs(const Setting &setting, const execute::ActRequest &request)
{
    const fleet::DatabaseUser *actor = execute::actorOf(*setting.fleet, request.user);
    if (setting.fleet->acting && actor && execute::mayAct(actor->role))
        return actor;
    sayDenied(*execute::denialOf(*setting.fleet, request, {}), {});
    return nullptr;
}

/// What is so, asked once the lock is held.
using Look = std::function<facts::SnapshotPtr()>;

End beginBy(const Setting &setting, const execute::ActRequest &request, const fleet::DatabaseUser &actor, const std::set<base::ServerId> &silent, const Look &look)
{
    const std::int64_t number = freshNumber();
    const effects::Login login = loginFor(setting, actor, number);
    auto grip = gripFor(setting, request.intent(), login, number);
    if (!grip)
        return refuse(grip.error());
    if (const auto taken = grip->take(false, silent); !taken)
        return refuse(taken.error());
    const auto plan = operate::planFor(*look(), request.intent());
    if (!plan)
        return refuse(plan.error());
    if (const auto denied = execute::denialOf(*setting.fleet, request, *plan)) {
        sayDenied(*denied, {});
        return End::Refused;
    }
    Operation operation = operationFor(setting, request, *plan, actor);
    operation.number = number;
    auto file = record::OperationJournal::create(setting.folder, setting.id);
    if (!file)
        return refuse(file.error());
    FileJournal journal(std::move(*file));
    if (const auto written = journal.append(execute::entryBegun(operation)); !written)
        return refuse(written.error());
    sayBegun(setting.id);
    return carryOut(setting, std::move(operation), login, grip->hands(), journal, false);
}

/// What it is let begin: as was asked for first, or as was confirmed. Errors: Cancelled (the input ended), BadInput.
base::Result<execute::ActRequest> confirmed(const std::optional<std::string> &line, execute::ActRequest first)
{
    if (!line)
        return base::fail(ErrorCode::Cancelled, "whoever started it did not let it begin");
    if (*line == effects::goAhead)
        return first;
    auto request = execute::actRequestFrom(*line);
    if (request && operate::nameOf(request->intent()) != operate::nameOf(first.intent()))
        return base::fail(ErrorCode::BadInput, "it looks at " + operate::nameOf(first.intent()) + ", and is to act on " + operate::nameOf(request->intent()));
    return request;
}

} // namespace

End begin(const Setting &setting, const execute::ActRequest &request)
{
    const fleet::DatabaseUser *actor = whoActs(setting, request);
    if (!actor)
        return End::Refused;
    return beginBy(setting, request, *actor, {}, [&] { return lookAfresh(setting, request.intent()); });
}

End standBy(Setting setting, execute::ActRequest request, InputLines &input)
{
    if (!whoActs(setting, request))
        return End::Refused;
    StandingLook look(setting, request.intent());
    bool isReady = false;
    look.looked = [&] {
        if (!isReady && look.isRead())
            sayReady(operate::nameOf(request.intent()));
        isReady = isReady || look.isRead();
    };
    QEventLoop waiting;
    QSocketNotifier arrives(input.descriptor(), QSocketNotifier::Read);
    QObject::connect(&arrives, &QSocketNotifier::activated, &waiting, [&] {
        input.readSome();
        if (input.hasLine() || input.hasEnded())
            waiting.quit();
    });
    if (!input.hasLine() && !input.hasEnded())
        waiting.exec();
    arrives.setEnabled(false);
    look.looked = {};
    auto asked = confirmed(input.next(), std::move(request));
    if (!asked)
        return refuse(asked.error());
    const fleet::DatabaseUser *actor = whoActs(setting, *asked);
    if (!actor)
        return End::Refused;
    if (setting.id.empty())
        setting.id = freshId(operate::nameOf(asked->intent()));
    return beginBy(setting, *asked, *actor, look.silent(), [&] {
        const base::Instant held = std::chrono::steady_clock::now();
        const facts::SnapshotPtr seen = look.since(held);
        look.end();
        return observe::isAskedSince(*seen, held) ? seen : lookAfresh(setting, asked->intent());
    });
}

End goOn(const Setting &setting, Way way, const std::string &user)
{
    const fleet::DatabaseUser *actor = execute::actorOf(*setting.fleet, user);
    if (!setting.fleet->acting || !actor || !execute::mayAct(actor->role))
        return refuse({ErrorCode::NoRights, "acting on this fleet needs the role on-call or ops, and acting switched on", {}, {}, base::Effect::None});
    auto source = findJournal(setting, *actor);
    if (!source) {
        if (source.error().code == ErrorCode::NotFound)
            source.error().message += whatIsSo(setting);
        return refuse(source.error());
    }
    Operation &operation = source->operation;
    const bool takesBackWhole = way == Way::Undo && execute::canBeTakenBack(operation);
    if (operation.outcome && !takesBackWhole && *operation.outcome != Outcome::Failed && *operation.outcome != Outcome::InDoubt && *operation.outcome != Outcome::Incomplete)
        return refuse({ErrorCode::Rejected, "it has ended: " + std::string(execute::name(*operation.outcome)), {}, {}, base::Effect::None});
    if (way == Way::Undo && operation.hasPromoted())
        return refuse({ErrorCode::Rejected, "it is past its point of no return: it can only be resumed", {}, {}, base::Effect::None});
    const std::int64_t number = std::max(freshNumber(), operation.number + 1);
    const effects::Login login = loginFor(setting, *actor, number);
    auto grip = gripFor(setting, operation.intent(), login, number);
    if (!grip)
        return refuse(grip.error());
    if (const auto taken = grip->take(true); !taken)
        return refuse(taken.error());
    const auto newest = grip->group ? isStillNewest(operation, *setting.fleet->redisGroup(operation.group), *grip->group)
                                    : isStillNewest(operation, *setting.fleet->cluster(operation.cluster), *grip->cluster);
    if (!newest)
        return refuse(newest.error());
    // Whoever had the lock has lost it by now: what it sent it has sent.
    const base::UtcTime now = base::SystemClock().utcNow();
    std::vector<std::string> entries{execute::entryTakenOver(number, authorOf(*actor), now)};
    if (!source->mayBeShort.empty())
        entries.push_back(execute::entryMayBeShort(source->mayBeShort, now));
    for (const std::string &entry : entries) {
        if (const auto added = execute::addEntry(operation, entry); !added)
            return refuse(added.error());
    }
    if (way == Way::Resume && !operation.hasPromoted()) { // else the runner asks, once it is proven that nobody is promoted
        const auto told = judgeAnew(setting, operation);
        if (!told) {
            base::Error why = told.error();
            why.message += "; undo operation " + operation.id + " or abandon it, then begin anew";
            return refuse(why);
        }
        if (!told->empty() && execute::addEntry(operation, *told))
            entries.push_back(*told);
    }
    auto file = openJournal(setting, *source, entries);
    if (!file)
        return refuse(file.error());
    FileJournal journal(std::move(*file));
    sayBegun(setting.id);
    return carryOut(setting, std::move(operation), login, grip->hands(), journal, way == Way::Undo);
}

std::string freshId(const std::string &subject)
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "-%Y%m%d-%H%M%S-", &utc);
    char tail[8];
    std::snprintf(tail, sizeof tail, "%04x", std::random_device()() & 0xffffU);
    return subject + text + tail;
}

} // namespace shardlens::executor
