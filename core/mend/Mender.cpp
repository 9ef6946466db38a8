// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mend/Mender.h"

#include "core/base/Json.h"
#include "core/clients/redis/Session.h"
#include "core/desk/Errand.h"
#include "core/desk/Standing.h"
#include "core/facts/OwedAudit.h"
#include "core/ids/Shortcode.h"
#include "core/inspect/lookup/MediaMap.h"
#include "core/mend/GroupLook.h"
#include "core/mend/Judging.h"
#include "core/record/AuditOutbox.h"
#include "core/record/MendFolder.h"
#include "core/record/OperationJournal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>
#include <set>

namespace shardlens::mend {

using base::ErrorCode;
using base::Result;
using base::ServerId;
using inspect::lookup::Context;
using inspect::lookup::Look;
using inspect::lookup::Looker;
using inspect::lookup::LookerOptions;
using inspect::lookup::redisKey;
using inspect::lookup::Rounds;

namespace {

/// So many words go with one RPUSH: a long list is pushed in several, in the same transaction.
constexpr std::size_t pushedAtOnce = 1000;
constexpr int mostAttempts = 5;

fleet::RedisRole roleFor(What what)
{
    return what == What::Feed ? fleet::RedisRole::Feeds : fleet::RedisRole::MediaMap;
}

std::string mapKey(const fleet::Fleet &fleet, std::uint64_t bucket)
{
    return redisKey(fleet, "media_map", "bucket", std::to_string(bucket));
}

/// "feed-20261129-043501-4f2a": what, when, and a few digits of chance.
std::string freshId(What what, base::UtcTime now)
{
    const std::time_t seconds = std::chrono::floor<base::seconds>(now).time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    std::snprintf(text, sizeof text, "%04d%02d%02d-%02d%02d%02d-%04x", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                  parts.tm_min, parts.tm_sec, std::random_device()() & 0xffffU);
    return (what == What::Feed ? "feed-" : "mediamap-") + std::string(text);
}

std::string actionOf(const Plan &plan)
{
    const std::string what = plan.intent.what == What::Feed ? "feed_rebuild" : "media_map_mend";
    return plan.undoes.empty() ? what : what + "_undone";
}

std::string detailOf(const Plan &plan, const std::string &id)
{
    nlohmann::json detail{{"mend", id}, {"group", plan.group.text()}, {"server", plan.primary.text()}, {"term", plan.term}, {"changes", plan.changes.size()}};
    if (plan.list)
        detail["entries"] = {{"before", plan.list->before.size()}, {"after", plan.list->after.size()}};
    if (!plan.undoes.empty())
        detail["undoes"] = plan.undoes;
    return base::jsonText(detail);
}

} // namespace

struct Mender::Private {
    std::shared_ptr<const fleet::Fleet> fleet;
    LookerOptions options;
    std::shared_ptr<const base::Clock> clock;
    Looker looker;
    desk::Standing standing;
    std::optional<Context> context; ///< nothing: nobody may look

    Private(std::shared_ptr<const fleet::Fleet> declared, const LookerOptions &wanted, std::shared_ptr<const base::Clock> time)
        : fleet(std::move(declared)), options(wanted), clock(std::move(time)), looker(fleet, wanted, clock), standing(desk::standingOf(*fleet, wanted.user))
    {
        if (!standing.user)
            return;
        const base::RegionName from = wanted.from.isEmpty() ? fleet->ownRegion : wanted.from;
        context.emplace(fleet,
                        std::make_shared<const inspect::lookup::LinkGround>(inspect::lookup::LinkGround{
                            fleet, from, *standing.user, inspect::lookup::Keyring(*standing.user, fleet->access.redisSecret, wanted.keychain), wanted.patience}),
                        clock);
    }

    [[nodiscard]] Measure measure() const { return {clock->utcNow(), fleet->idLayout}; }
    [[nodiscard]] Result<GroupSeen> seeGroup(What what);
    [[nodiscard]] Result<Plan> begin(const Intent &intent);
    [[nodiscard]] Result<void> planFeed(Plan &plan);
    [[nodiscard]] Result<void> planBucket(Plan &plan);
    [[nodiscard]] Result<void> planEntry(Plan &plan);
    [[nodiscard]] Result<std::map<std::uint64_t, RightPlace>> placesOf(const ServerId &server, const std::vector<std::uint64_t> &media);
    void answered(Plan &plan, std::int64_t unresolved, const std::vector<inspect::lookup::Trouble> &troubles) const;

    [[nodiscard]] Result<redis::Session> dial(const ServerId &server) const;
    [[nodiscard]] Result<void> mayRun(const Plan &plan);
    [[nodiscard]] Result<void> carryOn(redis::Session &session, Plan &plan, Done &done) const;
    /// After carryOn(): whether what is added where nothing stands is still as the shards and the number of buckets say.
    [[nodiscard]] Result<void> isStillSo(redis::Session &session, const Plan &plan);
    /// False: somebody wrote to it since it was compared, and nothing was written.
    [[nodiscard]] Result<bool> write(redis::Session &session, const Plan &plan) const;
    [[nodiscard]] Result<std::int64_t> audit(const Plan &plan, const std::string &detail, const std::string &action, const std::string &reason);
    void auditAfter(const Plan &plan, const std::string &id, const std::string &action, const std::string &reason);
};

Mender::Mender(std::shared_ptr<const fleet::Fleet> fleet, LookerOptions options, std::shared_ptr<const base::Clock> clock)
    : m_d(std::make_unique<Private>(std::move(fleet), options, std::move(clock)))
{
}

Mender::~Mender() = default;

void Mender::cancel()
{
    m_d->looker.cancel();
}

Result<GroupSeen> Mender::Private::seeGroup(What what)
{
    const fleet::RedisGroup *group = inspect::lookup::groupWith(*fleet, roleFor(what));
    if (!group)
        return base::fail(ErrorCode::NotFound, what == What::Feed ? "the fleet file declares no redis group that holds feeds"
                                                                  : "the fleet file declares no redis group that holds the media map");
    if (!context)
        return base::fail(ErrorCode::NoRights, "the fleet file names no user with the role on-call or ops");
    return lookAtGroup(*context, *group);
}

/// A plan that knows its group; without a primary nothing more can be said.
Result<Plan> Mender::Private::begin(const Intent &intent)
{
    const auto seen = seeGroup(intent.what);
    if (!seen)
        return base::fail(seen.error());
    Plan plan;
    plan.intent = intent;
    plan.group = seen->group->name;
    plan.checks = groupChecks(*seen);
    plan.madeAt = clock->utcNow();
    if (const MemberSaid *primary = seen->primary()) {
        plan.primary = primary->server;
        plan.region = fleet->server(primary->server)->region;
        plan.term = std::strtoll(primary->term.c_str(), nullptr, 10);
    }
    return plan;
}

void Mender::Private::answered(Plan &plan, std::int64_t unresolved, const std::vector<inspect::lookup::Trouble> &troubles) const
{
    std::string silent;
    for (const inspect::lookup::Trouble &trouble : troubles)
        silent += (silent.empty() ? "" : ", ") + trouble.server.text();
    plan.checks.push_back({CheckId::ShardsAnswered, unresolved == 0 && troubles.empty(), silent.empty() ? std::to_string(unresolved) : silent, {}});
}

Result<void> Mender::Private::planFeed(Plan &plan)
{
    const auto comparison = looker.compareOn(plan.primary, plan.intent.user, plan.region, plan.intent.caseNumber);
    if (!comparison)
        return base::fail(comparison.error());
    plan.recording = comparison->recording;
    answered(plan, comparison->isComplete ? 0 : 1, comparison->troubles);
    const std::string key = redisKey(*fleet, "main_feed", "user", std::to_string(plan.intent.user));
    judgeFeed(plan, *comparison, key, fleet->keys.feedLength, measure());
    auto session = dial(plan.primary);
    const auto left = session ? session->command({"PTTL", key}, options.patience) : base::fail(session.error());
    if (!left)
        return base::fail(left.error());
    plan.list->expiresInMs = std::max<std::int64_t>(0, left->integer);
    return {};
}

/// Where each of these belongs by the number of buckets that the map tells, and what stands there.
Result<std::map<std::uint64_t, RightPlace>> Mender::Private::placesOf(const ServerId &server, const std::vector<std::uint64_t> &media)
{
    auto session = dial(server);
    if (!session)
        return base::fail(session.error());
    const auto told = session->command({"GET", redisKey(*fleet, "media_map", "bucket", "buckets")}, options.patience);
    if (!told)
        return base::fail(told.error());
    const auto buckets = static_cast<std::uint32_t>(std::min<std::uint64_t>(ids::parseDecimal(told->text).value_or(0), UINT32_MAX));
    std::map<std::uint64_t, RightPlace> places;
    if (media.empty())
        return places;
    for (const std::uint64_t id : media) {
        const std::uint64_t bucket = buckets != 0 ? inspect::lookup::bucketOf(id, buckets) : id / std::max(1U, fleet->keys.mediaMapBucket);
        RightPlace &place = places[id];
        place.key = mapKey(*fleet, bucket);
    }
    for (const auto &[id, place] : places)
        session->add({"HGET", place.key, std::to_string(id)});
    const auto replies = session->run(options.patience);
    if (!replies)
        return base::fail(replies.error());
    std::size_t at = 0;
    for (auto &[id, place] : places) {
        const redis::Reply &reply = replies->at(at++);
        if (reply.isError())
            return base::fail(ErrorCode::Rejected, reply.text, server.text());
        if (reply.kind == redis::Reply::Kind::Text)
            place.owner = reply.text;
    }
    return places;
}

Result<void> Mender::Private::planBucket(Plan &plan)
{
    const auto check = looker.verifyBucket(plan.intent.bucket, plan.primary);
    if (!check)
        return base::fail(check.error());
    std::vector<std::uint64_t> elsewhere;
    for (const auto &wrong : check->wrong) {
        if (wrong.belongsElsewhere && wrong.media != 0)
            elsewhere.push_back(wrong.media);
    }
    const auto places = placesOf(plan.primary, elsewhere);
    if (!places)
        return base::fail(places.error());
    answered(plan, check->unresolved, check->troubles);
    judgeBucket(plan, *check, mapKey(*fleet, plan.intent.bucket), *places, measure());
    return {};
}

Result<void> Mender::Private::planEntry(Plan &plan)
{
    const auto rows = looker.media({plan.intent.media});
    if (!rows)
        return base::fail(rows.error());
    const auto places = placesOf(plan.primary, {plan.intent.media});
    if (!places)
        return base::fail(places.error());
    const inspect::lookup::MediaBrief &row = rows->at(plan.intent.media);
    answered(plan, row.isResolved ? 0 : 1, {});
    judgeEntry(plan, plan.intent.media, row, places->at(plan.intent.media), measure());
    return {};
}

Result<Plan> Mender::plan(const Intent &intent)
{
    auto plan = m_d->begin(intent);
    if (!plan || plan->primary.isEmpty())
        return plan;
    const auto judged = intent.what == What::Feed        ? m_d->planFeed(*plan)
                        : intent.what == What::MapBucket ? m_d->planBucket(*plan)
                                                         : m_d->planEntry(*plan);
    return judged ? plan : base::fail(judged.error());
}

Result<Plan> Mender::planUndo(const Intent &intent)
{
    const QString folder = record::mendsFolder(*m_d->fleet);
    const auto all = record::operationsIn(folder);
    if (!all)
        return base::fail(all.error());
    for (const record::KeptOperation &one : *all) {
        const auto lines = record::readJournal(folder, one.id);
        const auto kept = lines ? keptIn(one.id, lines->lines) : base::fail(lines.error());
        if (!kept)
            continue; // another's journal may be broken; it is not the one that is asked for
        const bool isIt = confirmationOf(kept->plan.intent) == confirmationOf(intent) && kept->plan.intent.what == intent.what;
        const bool isUndoable = kept->end == Kept::End::Written || kept->end == Kept::End::Open;
        if (!isIt || !isUndoable || !kept->plan.undoes.empty())
            continue;
        auto plan = m_d->begin(intent);
        if (!plan)
            return plan;
        Plan back = reversed(kept->plan, kept->id);
        back.intent.caseNumber = intent.caseNumber;
        back.group = plan->group;
        back.primary = plan->primary;
        back.region = plan->region;
        back.term = plan->term;
        back.checks = std::move(plan->checks);
        back.madeAt = plan->madeAt;
        auto session = m_d->dial(back.primary);
        Plan tried = back;
        Done nothing;
        const auto same = session ? m_d->carryOn(*session, tried, nothing) : base::fail(session.error());
        if (!same && same.error().code != ErrorCode::Rejected)
            return base::fail(same.error());
        back.checks.push_back({CheckId::StillTheSame, same.has_value(), same ? std::string() : same.error().message, {}});
        return back;
    }
    return base::fail(ErrorCode::NotFound, "no mend of the " + subjectOf(intent) + " is kept on this machine");
}

Result<redis::Session> Mender::Private::dial(const ServerId &server) const
{
    const fleet::Server *declared = fleet->server(server);
    if (!declared)
        return base::fail(ErrorCode::NotFound, "the group has no primary");
    const auto secret = context->ground->keyring.ofRedis();
    if (!secret)
        return base::fail(secret.error());
    return redis::Session::connect({server.text(), declared->address.from(context->ground->from), fleet->access.redisUser}, *secret, options.patience);
}

/// Watches what is about to be written and compares it with the plan: entries that were pushed to the list since are carried on.
Result<void> Mender::Private::carryOn(redis::Session &session, Plan &plan, Done &done) const
{
    std::vector<std::string_view> watch{"WATCH"};
    if (plan.list)
        watch.push_back(plan.list->key);
    for (const FieldWrite &one : plan.fields)
        watch.push_back(one.key);
    const std::string bucketsKey = redisKey(*fleet, "media_map", "bucket", "buckets");
    if (!plan.fields.empty()) // where a media belongs is told by it
        watch.push_back(bucketsKey);
    session.add(watch);
    if (plan.list) {
        session.add({"LRANGE", plan.list->key, "0", "-1"});
        session.add({"PTTL", plan.list->key});
    }
    for (const FieldWrite &one : plan.fields)
        session.add({"HGET", one.key, one.field});
    const auto replies = session.run(options.patience);
    if (!replies) {
        base::Error error = replies.error();
        error.effect = base::Effect::None; // these only read
        return base::fail(std::move(error));
    }
    for (const redis::Reply &reply : *replies) {
        if (reply.isError())
            return base::fail(ErrorCode::Rejected, reply.text, plan.primary.text());
    }
    std::size_t at = 1;
    if (plan.list) {
        std::vector<std::string> now;
        for (const redis::Reply &item : replies->at(at++).items)
            now.push_back(item.text);
        auto list = carriedOn(*plan.list, now);
        if (!list)
            return base::fail(ErrorCode::Rejected, plan.list->key + " is not as it was when this was planned", plan.primary.text());
        const std::set<std::string> planned(plan.list->after.begin(), plan.list->after.end());
        done.carried += static_cast<std::size_t>(
            std::count_if(list->begin(), list->end(), [&](const std::string &entry) { return !planned.contains(entry); }));
        plan.list->expiresInMs = std::max<std::int64_t>(0, replies->at(at++).integer);
        plan.list->before = std::move(now);
        plan.list->after = std::move(*list);
    }
    for (const FieldWrite &one : plan.fields) {
        const redis::Reply &reply = replies->at(at++);
        const auto now = reply.kind == redis::Reply::Kind::Text ? std::optional(reply.text) : std::nullopt;
        if (now != one.before)
            return base::fail(ErrorCode::Rejected, one.field + " in " + one.key + " is not as it was when this was planned", plan.primary.text());
    }
    return {};
}

Result<void> Mender::Private::isStillSo(redis::Session &session, const Plan &plan)
{
    const std::vector<std::uint64_t> added = addedMedia(plan);
    if (added.empty())
        return {};
    const auto told = session.command({"GET", redisKey(*fleet, "media_map", "bucket", "buckets")}, options.patience);
    if (!told || told->isError()) {
        base::Error error = told ? base::Error{ErrorCode::Rejected, told->text, {}, plan.primary.text(), base::Effect::None} : told.error();
        error.effect = base::Effect::None; // this only reads
        return base::fail(std::move(error));
    }
    const auto buckets = static_cast<std::uint32_t>(std::min<std::uint64_t>(ids::parseDecimal(told->text).value_or(0), UINT32_MAX));
    const auto rows = looker.media(added);
    if (!rows) {
        base::Error error = rows.error();
        error.effect = base::Effect::None;
        return base::fail(std::move(error));
    }
    const auto other = notSoAnyMore(plan, *rows, [&](std::uint64_t id) {
        return mapKey(*fleet, buckets != 0 ? inspect::lookup::bucketOf(id, buckets) : id / std::max(1U, fleet->keys.mediaMapBucket));
    });
    if (other)
        return base::fail(ErrorCode::Rejected, other->field + " in " + other->key + " is not as it was when this was planned: its row or its bucket is another, or its shard does not answer",
                          plan.primary.text());
    return {};
}

Result<bool> Mender::Private::write(redis::Session &session, const Plan &plan) const
{
    session.add({"MULTI"});
    if (plan.list) {
        const std::vector<std::string> &entries = plan.list->after;
        session.add({"DEL", plan.list->key});
        for (std::size_t from = 0; from < entries.size(); from += pushedAtOnce) {
            std::vector<std::string_view> push{"RPUSH", plan.list->key};
            push.insert(push.end(), entries.begin() + static_cast<std::ptrdiff_t>(from),
                        entries.begin() + static_cast<std::ptrdiff_t>(std::min(from + pushedAtOnce, entries.size())));
            session.add(push);
        }
    }
    if (plan.list && plan.list->expiresInMs > 0)
        session.add({"PEXPIRE", plan.list->key, std::to_string(plan.list->expiresInMs)});
    for (const FieldWrite &one : plan.fields) {
        if (one.after)
            session.add({"HSET", one.key, one.field, *one.after});
        else
            session.add({"HDEL", one.key, one.field});
    }
    session.add({"EXEC"});
    const auto replies = session.run(options.patience);
    if (!replies)
        return base::fail(replies.error());
    // A command that Redis does not even queue ends the whole; a watched key that was written since gives nil.
    for (std::size_t i = 0; i + 1 < replies->size(); ++i) {
        if (replies->at(i).isError())
            return base::fail(ErrorCode::Rejected, replies->at(i).text, plan.primary.text());
    }
    const redis::Reply &done = replies->back();
    if (done.isError())
        return base::fail(ErrorCode::Rejected, done.text, plan.primary.text());
    if (done.kind != redis::Reply::Kind::List)
        return false;
    for (const redis::Reply &one : done.items) {
        if (one.isError()) {
            base::Error error{ErrorCode::Rejected, one.text, {}, plan.primary.text(), base::Effect::InDoubt};
            return base::fail(std::move(error));
        }
    }
    return true;
}

/// Who may, and whether the group is as it was planned for.
Result<void> Mender::Private::mayRun(const Plan &plan)
{
    if (standing.refusal != facts::ClaimRefusal::None)
        return base::fail(ErrorCode::NoRights, standing.refusal == facts::ClaimRefusal::LookOnly      ? "the fleet file does not switch acting on"
                                               : standing.refusal == facts::ClaimRefusal::NoDirectory ? "the fleet has no directory, which would tell others of it"
                                                                                                      : "it needs the role on-call or ops");
    if (!plan.passes())
        return base::fail(ErrorCode::Rejected, "a check of the plan does not pass");
    if (!plan.isNeeded())
        return base::fail(ErrorCode::Rejected, "there is nothing to be put right");
    const auto seen = seeGroup(plan.intent.what);
    if (!seen)
        return base::fail(seen.error());
    const MemberSaid *primary = seen->primary();
    for (const Check &check : groupChecks(*seen)) {
        if (!check.passed)
            return base::fail(ErrorCode::Rejected, "the group changed since this was planned: " + std::string(name(check.id)) + " does not hold any more");
    }
    if (!primary || primary->server != plan.primary || std::strtoll(primary->term.c_str(), nullptr, 10) != plan.term)
        return base::fail(ErrorCode::Rejected, "the group has another primary or term than when this was planned");
    return {};
}

Result<std::int64_t> Mender::Private::audit(const Plan &plan, const std::string &detail, const std::string &action, const std::string &reason)
{
    Rounds rounds;
    const auto recording = context->recorder.record({{action, subjectOf(plan.intent), reason, plan.intent.caseNumber, detail}}, context->places, rounds);
    if (recording.state == inspect::lookup::Recording::State::Recorded)
        return recording.number;
    base::Error error = recording.error;
    error.message = "the directory could not record it: " + error.message;
    error.effect = base::Effect::None;
    return base::fail(std::move(error));
}

/// What came of it. The mend is over, whatever becomes of this: where the directory does not answer it waits on this machine.
void Mender::Private::auditAfter(const Plan &plan, const std::string &id, const std::string &action, const std::string &reason)
{
    const facts::Person by = desk::whoRuns();
    const facts::OwedAudit row{facts::freshRowId(), clock->utcNow(), standing.user->name, by.osUser, by.host, action, subjectOf(plan.intent), reason, detailOf(plan, id), plan.intent.caseNumber};
    const auto told = audit(plan, facts::detailToWrite(row, false), action, reason);
    if (!told && desk::mayBeRecordedLater(told.error()))
        (void)record::oweAudit(record::auditOutboxPath(*fleet), row);
}

Result<Done> Mender::carryOut(const Plan &wanted, const std::string &reason)
{
    Plan plan = wanted;
    if (const auto may = m_d->mayRun(plan); !may)
        return base::fail(may.error());
    Done done;
    auto session = m_d->dial(plan.primary);
    if (!session)
        return base::fail(session.error());
    if (const auto same = m_d->carryOn(*session, plan, done); !same)
        return base::fail(same.error());
    if (const auto same = m_d->isStillSo(*session, plan); !same)
        return base::fail(same.error());
    done.id = freshId(plan.intent.what, m_d->clock->utcNow());
    const QString folder = record::mendsFolder(*m_d->fleet);
    auto journal = record::OperationJournal::create(folder, done.id);
    if (!journal)
        return base::fail(journal.error());
    const auto seq = m_d->audit(plan, detailOf(plan, done.id), actionOf(plan), reason);
    if (!seq) {
        (void)(*journal)->append(endLine(Kept::End::Failed, seq.error().message));
        return base::fail(seq.error());
    }
    done.audit = *seq;
    Kept kept{done.id, plan, m_d->standing.user->name, reason, m_d->clock->utcNow(), Kept::End::Open};
    Result<bool> written = false;
    for (int attempt = 0; written && !*written && attempt < mostAttempts; ++attempt) {
        // A feed is pushed to while it is mended: what came is carried on, and the journal tells what is written now.
        auto same = attempt == 0 ? Result<void>() : m_d->carryOn(*session, plan, done);
        if (same && attempt > 0)
            same = m_d->isStillSo(*session, plan);
        if (!same) {
            written = base::fail(same.error());
            break;
        }
        kept.plan = plan;
        const auto told = (*journal)->append(planLine(kept));
        written = told ? m_d->write(*session, plan) : base::fail(told.error());
    }
    if (written && !*written)
        written = base::fail(ErrorCode::Rejected, "others write to it all the time", plan.primary.text());
    if (!written) {
        const bool isNothing = written.error().effect == base::Effect::None;
        if (isNothing)
            (void)(*journal)->append(endLine(Kept::End::Failed, written.error().message));
        m_d->auditAfter(plan, done.id, actionOf(plan) + (isNothing ? "_failed" : "_in_doubt"), written.error().message);
        return base::fail(written.error());
    }
    done.written = plan.list ? plan.list->after.size() : plan.fields.size();
    // It is done: a line that could not be added is no failure of it. Without it the journal tells that it may have been written.
    (void)(*journal)->append(endLine(Kept::End::Written, {}));
    if (!plan.undoes.empty()) {
        if (auto undone = record::OperationJournal::reopen(folder, plan.undoes))
            (void)(*undone)->append(endLine(Kept::End::Undone, done.id));
    }
    return done;
}

} // namespace shardlens::mend
