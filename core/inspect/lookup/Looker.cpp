// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Looker.h"

#include "core/base/Json.h"
#include "core/desk/Standing.h"
#include "core/inspect/lookup/EntityLook.h"
#include "core/inspect/lookup/KeyLook.h"
#include "core/inspect/lookup/LookerPrivate.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shardlens::inspect::lookup {

using base::ErrorCode;
using base::Result;

namespace {

/// Whose role may look: support, on-call and ops. A name, a row, a session is personal: not the observer.
base::Result<fleet::DatabaseUser> whoLooks(const fleet::Fleet &fleet, const std::string &wanted)
{
    const fleet::DatabaseUser *user = desk::standingOf(fleet, wanted).user;
    if (!user)
        return base::fail(ErrorCode::NoRights, wanted.empty() ? "the fleet file names no user with the role support, on-call or ops"
                                                              : "the fleet file has no user '" + wanted + "'");
    const bool mayLook = user->role == fleet::Role::Support || user->role == fleet::Role::OnCall || user->role == fleet::Role::Ops;
    if (!mayLook)
        return base::fail(ErrorCode::NoRights, "looking people up needs the role support, on-call or ops; " + user->name + " is " +
                                                   std::string(fleet::name(user->role)));
    return *user;
}

std::shared_ptr<const LinkGround> groundFor(const std::shared_ptr<const fleet::Fleet> &fleet, const LookerOptions &options,
                                            const fleet::DatabaseUser &person)
{
    return std::make_shared<const LinkGround>(LinkGround{fleet, options.from.isEmpty() ? fleet->ownRegion : options.from, person,
                                                         Keyring(person, fleet->access.redisSecret, options.keychain), options.patience});
}

/// The audit log's words for what is looked at.
std::string subjectOf(const Find &find)
{
    switch (find.kind) {
    case Kind::Id: return "id " + std::to_string(find.id);
    case Kind::Media: return "media " + std::to_string(find.id);
    case Kind::User: return "user " + std::to_string(find.id);
    case Kind::UserName: return "name " + find.text;
    case Kind::NamePrefix: return "names " + find.text + "*";
    case Kind::Shard: return "shard " + find.text;
    case Kind::RedisKey: return "redis key " + find.text;
    case Kind::CachedKey: return "cached key " + find.text;
    }
    return find.text;
}

/// What is shown unmasked, as the audit log keeps it.
std::string unmaskedDetail(const fleet::Queries &queries)
{
    nlohmann::ordered_json fields = queries.personal().names;
    fields.push_back("private captions and comments");
    return base::jsonText(nlohmann::ordered_json{{"fields", std::move(fields)}, {"of", "it and its owner"}});
}

std::vector<Look> looksOf(const Question &question, const fleet::Queries &queries)
{
    std::vector<Look> looks;
    looks.push_back({"look_up", subjectOf(question.find), {}, question.caseNumber, "{}"});
    if (question.unmask)
        looks.push_back(
            {"look_up_unmasked", subjectOf(question.find), question.unmask->reason, question.unmask->caseNumber,
             unmaskedDetail(queries)});
    return looks;
}

} // namespace

Looker::Looker(std::shared_ptr<const fleet::Fleet> fleet, LookerOptions options, std::shared_ptr<const base::Clock> clock)
    : m_d(std::make_unique<Private>())
{
    const auto person = whoLooks(*fleet, options.user);
    if (person)
        m_d->context.emplace(fleet, groundFor(fleet, options, *person), std::move(clock));
    else
        m_d->refusal = person.error();
}

Looker::~Looker()
{
    cancel();
}

void Looker::cancel()
{
    m_d->isCancelled = true;
    if (m_d->context)
        m_d->context->ground->interrupt->raise();
}

Result<void> Looker::Private::begin()
{
    if (refusal)
        return base::fail(*refusal);
    isCancelled = false;
    context->ground->interrupt->lower();
    return {};
}

Result<Recording> Looker::Private::record(const std::vector<Look> &looks, bool isNeeded, Rounds &rounds)
{
    Recording recording = context->recorder.record(looks, context->places, rounds);
    if (!isNeeded || recording.state == Recording::State::Recorded)
        return recording;
    if (recording.state == Recording::State::NoDirectory)
        return base::fail(ErrorCode::NoRights, "the fleet has no directory that would record it: nothing can be unmasked");
    base::Error error = recording.error;
    error.message = "it could not be recorded, so nothing is unmasked: " + error.message;
    return base::fail(std::move(error));
}

Looker::Private::OneRead Looker::Private::readOne(fleet::RowKind kind, std::uint64_t id,
                                                  const std::function<Sql(const std::string &schema)> &statement, Stage stage,
                                                  Rounds &rounds, const std::function<void(Round &)> &beside)
{
    OneRead read;
    const fleet::Partition *partition = context->places.partitionOf(kind);
    std::optional<Home> home;
    if (partition) {
        const base::ShardNumber shard = ids::anatomy(id, context->fleet->idLayout).shard;
        home = context->places.home(*partition, shard);
        if (!home && context->places.isInRange(*partition, shard) && !context->places.hasMap()) {
            const auto found = context->places.find(*partition, shard, rounds);
            if (!found)
                read.error = found.error();
            home = found.value_or(std::nullopt);
        }
    }
    Round round(context->links, stage);
    if (beside)
        beside(round);
    if (!home) {
        round.run(rounds);
        return read;
    }
    const Sql sql = statement(quotedName(home->schema));
    std::vector<ServerId> members = nearestFirst(*context->fleet, *home->cluster, context->ground->from);
    const ServerId likely = likelyPrimary(context->links, *home->cluster);
    std::stable_partition(members.begin(), members.end(), [&](const ServerId &member) { return member == likely; });
    for (const ServerId &member : members) {
        round.ask(member, [&](Link &link) -> Result<void> {
            auto rows = link.query(home->cluster->database, sql.text, sql.parameters);
            if (!rows) {
                read.error = rows.error();
                return isNoSuchShard(rows.error()) ? Result<void>() : base::fail(rows.error());
            }
            read.rows = std::move(*rows);
            read.error.reset();
            return {};
        });
        round.run(rounds);
        if (!read.rows)
            continue;
        Link *link = context->links.of(member);
        read.from = {home->cluster->name, home->schema, member, {}, !link->isPrimary().value_or(member == likely)};
        if (const fleet::Server *server = context->fleet->server(likely); server && !read.from.isStandby)
            read.from.masterRegion = server->region;
        break;
    }
    return read;
}

Result<void> Looker::Private::byId(Answer &answer, const Question &question, Rounds &rounds)
{
    EntityLook look(*context, question, answer, rounds);
    look.run();
    if (look.commentOf() == 0)
        return {};
    // A comment is shown with what it was said of; that is a look of its own.
    Question about = question;
    about.find.kind = Kind::Media;
    about.find.id = look.commentOf();
    auto recorded = record(looksOf(about, context->fleet->queries), about.unmask.has_value(), rounds);
    if (!recorded)
        return base::fail(recorded.error());
    const IdCheck id = *answer.id;
    EntityLook second(*context, about, answer, rounds);
    second.run();
    answer.id = id;
    answer.entity = Entity::Comment;
    return {};
}

Result<void> Looker::Private::byName(Answer &answer, const Question &question, Rounds &rounds)
{
    auto hits = context->recorder.names({question.find.text, question.find.kind == Kind::NamePrefix}, rounds);
    if (!hits && hits.error().code == ErrorCode::NotFound)
        return base::fail(hits.error());
    if (!hits)
        return {}; // not known: the troubles tell
    answer.names = std::move(*hits);
    if (question.find.kind == Kind::NamePrefix) {
        answer.verdict.outcome = Outcome::Listed;
        return {};
    }
    if (answer.names.empty()) {
        answer.verdict.outcome = Outcome::NobodyHasName;
        return {};
    }
    Question who = question;
    who.find.kind = Kind::User;
    who.find.id = answer.names.front().user;
    return byId(answer, who, rounds);
}

Result<void> Looker::Private::answerInto(Answer &answer, const Question &question, Rounds &rounds)
{
    const Kind kind = question.find.kind;
    if (kind == Kind::Shard || kind == Kind::RedisKey || kind == Kind::CachedKey) {
        if (isOfSomebody(context->fleet->keys, question.find))
            answer.recording = context->recorder.record(looksOf(question, context->fleet->queries), context->places, rounds);
        if (kind == Kind::Shard)
            lookAtShard(*context, question, answer, rounds);
        else
            lookAtKey(*context, question, answer, rounds);
        answer.verdict.outcome = Outcome::Listed;
        return {};
    }
    auto recorded = record(looksOf(question, context->fleet->queries), question.unmask.has_value(), rounds);
    if (!recorded)
        return base::fail(recorded.error());
    answer.recording = std::move(*recorded);
    return kind == Kind::UserName || kind == Kind::NamePrefix ? byName(answer, question, rounds) : byId(answer, question, rounds);
}

Result<Answer> Looker::answer(const Question &question)
{
    if (question.unmask && (question.unmask->reason.empty() || question.unmask->caseNumber.empty()))
        return base::fail(ErrorCode::BadInput, "unmasking needs a reason and a case");
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    const auto begun = std::chrono::steady_clock::now();
    const auto askedAt = m_d->context->clock->utcNow();
    Rounds rounds;
    Answer answer;
    answer.find = question.find;
    if (auto done = m_d->answerInto(answer, question, rounds); !done)
        return base::fail(m_d->isCancelled ? base::Error{ErrorCode::Cancelled, "cancelled", {}, {}, base::Effect::None} : done.error());
    return m_d->finish(std::move(answer), rounds, begun, askedAt);
}

} // namespace shardlens::inspect::lookup
