// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/RowFacts.h"

#include "core/base/Json.h"

#include <QCryptographicHash>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shardlens::inspect::lookup {

using nlohmann::json;

namespace {

std::int64_t numberIn(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<std::int64_t>() : 0;
}

std::string textIn(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flagIn(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

base::UtcTime timeIn(const json &object, const char *key)
{
    return utcOfMicros(numberIn(object, key));
}

const json *objectIn(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_object() ? &*found : nullptr;
}

/// A masked field: its value only where personal columns were asked for.
Masked<std::string> maskedIn(const json &object, const char *key, bool isUnmasked)
{
    Masked<std::string> field;
    field.isMasked = !isUnmasked;
    const auto found = object.find(key);
    if (isUnmasked && found != object.end() && found->is_string())
        field.value = found->get<std::string>();
    return field;
}

/// Takes the rows of a list over; the one more than asked for only tells that there is a next page.
template <class Item, class Read, class Next>
void fillPage(Page<Item> &page, const json &answer, const char *key, const Span &span, Read &&read, Next &&next)
{
    const auto found = answer.find(key);
    if (found == answer.end() || !found->is_array())
        return;
    for (const json &item : *found) {
        if (page.items.size() == span.limit) {
            page.next = next(page.items.back());
            return;
        }
        page.items.push_back(read(item));
    }
}

Person personIn(const json &item)
{
    return {static_cast<std::uint64_t>(numberIn(item, "id")), timeIn(item, "at")};
}

std::string afterPerson(const Person &person)
{
    return std::to_string(person.since.time_since_epoch().count()) + ":" + bigintOf(person.id);
}

void fillPeople(Page<Person> &page, const json &answer, const char *key, const Span &span)
{
    fillPage(page, answer, key, span, personIn, afterPerson);
}

void fillActual(Count &count, const json &answer, const char *actual)
{
    if (!answer.contains(actual))
        return;
    const std::int64_t rows = numberIn(answer, actual);
    count.actual = std::min(rows, mostCounted);
    count.isAtLeast = rows > mostCounted;
}

Count countIn(const json &row, const char *stored, const json &answer, const char *actual)
{
    Count count;
    count.stored = numberIn(row, stored);
    fillActual(count, answer, actual);
    return count;
}

std::optional<Tombstone> tombstoneIn(const json &answer)
{
    const json *gone = objectIn(answer, "gone");
    return gone ? std::optional(Tombstone{timeIn(*gone, "at"), textIn(*gone, "by")}) : std::nullopt;
}

void fillFields(RowFacts &facts, const json &row, Entity entity)
{
    const auto number = [&](Field field, const char *key) { facts.fields[field] = std::to_string(numberIn(row, key)); };
    number(Field::Version, "version");
    if (entity == Entity::User) {
        facts.fields[Field::Name] = textIn(row, "name");
        if (row.contains("full_name")) // else it is personal: not read, so not compared
            facts.fields[Field::FullName] = textIn(row, "full_name");
        number(Field::Media, "media");
        number(Field::Followers, "followers");
        number(Field::Following, "following");
        return;
    }
    facts.fields[Field::Owner] = std::to_string(facts.copy.owner);
    facts.fields[Field::Caption] = textIn(row, "caption_md5");
    facts.fields[Field::Filter] = textIn(row, "filter");
    facts.fields[Field::Private] = facts.isPrivate ? "true" : "false";
    number(Field::Likes, "likes");
    number(Field::Comments, "comments");
}

} // namespace

base::UtcTime utcOfMicros(std::int64_t micros)
{
    return base::UtcTime(base::microseconds(micros));
}

std::string fingerprintOf(const std::string &text)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Md5).toHex().toStdString();
}

std::optional<json> answerIn(const postgres::Rows &rows)
{
    if (rows.isEmpty())
        return std::nullopt;
    auto answer = base::readJson(rows.first());
    return answer.is_object() ? std::optional(std::move(answer)) : std::nullopt;
}

RowFacts factsIn(const json &answer, Entity entity)
{
    RowFacts facts;
    facts.copy.isPrimary = !flagIn(answer, "recovery");
    facts.copy.position = base::Lsn::parse(textIn(answer, "lsn")).value_or(base::Lsn{});
    facts.now = timeIn(answer, "now");
    if (facts.copy.isPrimary)
        facts.copy.replayedUpTo = facts::unknown(facts::WhyUnknown::NotSupported);
    else if (answer.contains("replayed") && answer["replayed"].is_number())
        facts.copy.replayedUpTo = timeIn(answer, "replayed");
    else
        facts.copy.replayedUpTo = facts::unknown(facts::WhyUnknown::NoValue);
    facts.tombstone = tombstoneIn(answer);
    if (const json *row = objectIn(answer, "row")) {
        facts.copy.state = CopyState::Exists;
        facts.copy.version = numberIn(*row, "version");
        facts.copy.updatedAt = timeIn(*row, "updated");
        facts.copy.owner = static_cast<std::uint64_t>(numberIn(*row, "owner"));
        facts.createdAt = timeIn(*row, "created");
        facts.isPrivate = flagIn(*row, "private");
        fillFields(facts, *row, entity);
    } else if (facts.tombstone) {
        facts.copy.state = CopyState::Deleted;
        facts.copy.updatedAt = facts.tombstone->at;
    }
    return facts;
}

std::uint64_t neighbourIn(const json &answer, const char *side)
{
    return static_cast<std::uint64_t>(numberIn(answer, side));
}

void fillUser(UserCard &card, const json &answer, const Question &question, const fleet::Queries &queries)
{
    card.tombstone = tombstoneIn(answer);
    const json *row = objectIn(answer, "row");
    card.exists = row != nullptr;
    const json none = json::object();
    const json &from = row ? *row : none;
    const bool isUnmasked = question.unmask.has_value();
    card.name = textIn(from, "name");
    card.fullName = textIn(from, "full_name");
    card.bio = textIn(from, "bio");
    const json *personal = objectIn(answer, "personal");
    const json &masked = personal ? *personal : none;
    for (const std::string &name : queries.personal().names)
        card.personal.push_back({name, maskedIn(masked, name.c_str(), isUnmasked)});
    card.createdAt = timeIn(from, "created");
    card.updatedAt = timeIn(from, "updated");
    card.version = numberIn(from, "version");
    card.media.stored = numberIn(from, "media");
    card.followers = countIn(from, "followers", answer, "followers_n");
    card.following = countIn(from, "following", answer, "following_n");
    fillPeople(card.followerList, answer, "followers", question.followers);
    fillPeople(card.followingList, answer, "following", question.following);
}

void fillPosted(UserCard &card, const json &answer, const Question &question)
{
    fillActual(card.media, answer, "owned_n");
    fillPage(
        card.recentMedia, answer, "owned", question.media,
        [](const json &item) {
            return MediaLine{static_cast<std::uint64_t>(numberIn(item, "id")), timeIn(item, "at"), flagIn(item, "private"),
                             numberIn(item, "likes"), numberIn(item, "comments")};
        },
        [](const MediaLine &line) { return bigintOf(line.id); });
}

void fillMedia(MediaCard &card, const json &answer, const Question &question)
{
    card.tombstone = tombstoneIn(answer);
    const json *row = objectIn(answer, "row");
    card.exists = row != nullptr;
    const json none = json::object();
    const json &from = row ? *row : none;
    card.owner = static_cast<std::uint64_t>(numberIn(from, "owner"));
    card.isPrivate = flagIn(from, "private");
    const bool isShown = row && (!card.isPrivate || question.unmask.has_value());
    card.caption = maskedIn(from, "caption", isShown);
    card.filter = textIn(from, "filter");
    card.width = static_cast<std::int32_t>(numberIn(from, "width"));
    card.height = static_cast<std::int32_t>(numberIn(from, "height"));
    card.createdAt = timeIn(from, "created");
    card.updatedAt = timeIn(from, "updated");
    card.version = numberIn(from, "version");
    card.likes = countIn(from, "likes", answer, "likes_n");
    card.comments = countIn(from, "comments", answer, "comments_n");
    fillPeople(card.likeList, answer, "likes", question.likes);
    fillPage(
        card.commentList, answer, "comments", question.comments,
        [&](const json &item) {
            return CommentLine{static_cast<std::uint64_t>(numberIn(item, "id")), static_cast<std::uint64_t>(numberIn(item, "user")),
                               timeIn(item, "at"), maskedIn(item, "body", isShown)};
        },
        [](const CommentLine &line) { return bigintOf(line.id); });
}

} // namespace shardlens::inspect::lookup
