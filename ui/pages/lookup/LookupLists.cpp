// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Fact.h"
#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/lookup/CopyMask.h"
#include "ui/pages/lookup/LookupSheet.h"
#include "ui/pages/lookup/LookupWords.h"

#include <algorithm>

namespace shardlens::ui::pages {

using namespace inspect::lookup;
using format::text;
using operate::OutlineRow;
using Tr = LookupPageWords;

namespace {

struct ListKey {
    const char *key;
    Assoc assoc;
};
constexpr ListKey listKeys[] = {{"followers", Assoc::FollowedBy},
                                {"following", Assoc::Follows},
                                {"media", Assoc::Authored},
                                {"liked", Assoc::Liked},
                                {"likes", Assoc::LikedBy},
                                {"comments", Assoc::Commented}};

/// "likes/2043…": the list and what the row leads to. A thing that stands twice has a row each.
OutlineRow listRow(LookupList &list, const QString &subject, const QString &title, const QString &second, const QString &right)
{
    OutlineRow row;
    row.id = list.key + "/" + subject.toStdString() + "/" + std::to_string(list.rows.size());
    row.title = title;
    row.second = second;
    row.right = right;
    return row;
}

LookupList newList(Assoc assoc, const QString &title)
{
    LookupList list;
    for (const ListKey &key : listKeys) {
        if (key.assoc == assoc)
            list.key = key.key;
    }
    list.title = title;
    return list;
}

void addEdge(LookupList &list, std::uint64_t to, base::UtcTime since, const facts::Known<bool> &hasInverse, base::UtcTime now)
{
    const bool lacks = hasInverse && !*hasInverse;
    OutlineRow row = listRow(list, QString::number(to), QString::number(to), lacks ? Tr::tr("the other side does not have it") : QString(), format::ago(since, now));
    if (lacks)
        row.shape = theme::Shape::NotEqual;
    list.rows.push_back(std::move(row));
}

const GraphPage *openedOf(const Lookup &lookup, Assoc assoc)
{
    const auto opened = lookup.opened.find(assoc);
    return opened == lookup.opened.end() ? nullptr : &opened->second;
}

void addEdges(LookupList &list, const Lookup &lookup, Assoc assoc, base::UtcTime now)
{
    const auto more = lookup.more.find(assoc);
    if (more == lookup.more.end())
        return;
    for (const Edge &edge : more->second.items)
        addEdge(list, edge.to, edge.since, edge.hasInverse, now);
}

/// How many are shown of how many.
void closeList(LookupList &list, const Lookup &lookup, Assoc assoc, const Count *count)
{
    list.hasMore = !nextOf(lookup, assoc).empty();
    const QString shown = format::count(static_cast<std::int64_t>(list.rows.size()));
    const std::int64_t all = count ? count->actual ? *count->actual : count->stored : static_cast<std::int64_t>(list.rows.size());
    const bool isAllTold = count && all >= static_cast<std::int64_t>(list.rows.size());
    list.note = list.rows.empty() ? Tr::tr("none") : Tr::tr("%1 of %2, newest first").arg(shown, isAllTold ? format::rowsText(*count) : shown);
    if (const GraphPage *opened = openedOf(lookup, assoc); opened && opened->oldest && !list.rows.empty())
        list.note += Tr::tr(", since %1").arg(format::dayAndTime(*opened->oldest));
}

LookupList people(const Lookup &lookup, Assoc assoc, const QString &title, const inspect::lookup::Page<Person> &page, const Count &count,
                  base::UtcTime now)
{
    LookupList list = newList(assoc, title);
    const GraphPage *opened = openedOf(lookup, assoc);
    for (const Person &person : page.items) {
        facts::Known<bool> hasInverse = facts::notAsked<bool>();
        for (const Edge &edge : opened ? opened->edges.items : std::vector<Edge>()) {
            if (edge.to == person.id)
                hasInverse = edge.hasInverse;
        }
        addEdge(list, person.id, person.since, hasInverse, now);
    }
    addEdges(list, lookup, assoc, now);
    closeList(list, lookup, assoc, &count);
    return list;
}

/// No card holds it: it is read once it is opened.
LookupList liked(const Lookup &lookup, base::UtcTime now)
{
    LookupList list = newList(Assoc::Liked, Tr::tr("Liked"));
    const GraphPage *opened = openedOf(lookup, Assoc::Liked);
    if (!opened)
        return list;
    for (const Edge &edge : opened->edges.items)
        addEdge(list, edge.to, edge.since, edge.hasInverse, now);
    addEdges(list, lookup, Assoc::Liked, now);
    Count count;
    count.actual = opened->count;
    count.isAtLeast = opened->isAtLeast;
    closeList(list, lookup, Assoc::Liked, &count);
    return list;
}

LookupList recentMedia(const Lookup &lookup, const UserCard &user, base::UtcTime now)
{
    LookupList list = newList(Assoc::Authored, Tr::tr("Photos"));
    for (const MediaLine &media : user.recentMedia.items) {
        const QString second = Tr::tr("%1 likes, %2 comments").arg(format::count(media.likes), format::count(media.comments)) +
                               (media.isPrivate ? Tr::tr(", private") : QString());
        list.rows.push_back(listRow(list, QString::number(media.id), QString::number(media.id), second, format::ago(media.postedAt, now)));
    }
    addEdges(list, lookup, Assoc::Authored, now);
    closeList(list, lookup, Assoc::Authored, &user.media);
    return list;
}

LookupList comments(const Lookup &lookup, const MediaCard &media, base::UtcTime now)
{
    LookupList list = newList(Assoc::Commented, Tr::tr("Comments"));
    for (const CommentLine &comment : media.commentList.items) {
        const QString body = comment.body.isMasked ? Tr::tr("masked") : comment.body.value ? text(*comment.body.value) : QString();
        OutlineRow row =
            listRow(list, QString::number(comment.user), Tr::tr("by %1").arg(comment.user), body, format::ago(comment.at, now));
        row.shape = comment.body.isMasked ? theme::Shape::Lock : theme::Shape::None;
        if (media.isPrivate && !comment.body.isMasked)
            row.id = revealedId(row.id);
        list.rows.push_back(std::move(row));
    }
    addEdges(list, lookup, Assoc::Commented, now);
    closeList(list, lookup, Assoc::Commented, &media.comments);
    return list;
}

LookupList names(const std::vector<NameHit> &hits)
{
    LookupList list;
    list.key = "names";
    list.title = Tr::tr("Names");
    for (const NameHit &hit : hits)
        list.rows.push_back(listRow(list, QString::number(hit.user), text(hit.name), {}, QString::number(hit.user)));
    list.note = Tr::tr("Enter looks one up");
    return list;
}

LookupList keyCopies(const std::vector<KeyCopy> &copies)
{
    LookupList list;
    list.key = "keys";
    list.title = Tr::tr("Where it is");
    for (const KeyCopy &copy : copies) {
        OutlineRow row = listRow(list, {}, Tr::tr("%1, %2").arg(text(copy.region.text()), text(copy.server.text())), {}, {});
        if (!copy.exists) {
            row.shape = theme::Shape::DashedRing;
            row.right = format::unknownText(copy.exists.error());
        } else if (!*copy.exists) {
            row.right = Tr::tr("not there");
        } else {
            row.shape = theme::Shape::Dot;
            row.right = Tr::tr("%1, %2").arg(text(copy.type), format::count(copy.length));
            row.second = copy.ttl ? Tr::tr("expires in %1").arg(format::duration(*copy.ttl)) : Tr::tr("does not expire");
        }
        row.hasShape = true;
        list.rows.push_back(std::move(row));
    }
    return list;
}

/// Nobody holds it against the shards before it is opened.
LookupList bucketAgainstShards(const Lookup &lookup)
{
    LookupList list;
    list.key = bucketList;
    list.title = Tr::tr("Map and shards");
    if (!lookup.bucketCheck) {
        list.note = Tr::tr("asking");
        return list;
    }
    if (!*lookup.bucketCheck) {
        list.note = Tr::tr("not verified: %1").arg(text(lookup.bucketCheck->error().message));
        return list;
    }
    const BucketCheck &check = **lookup.bucketCheck;
    for (const BucketCheck::Wrong &one : check.wrong) {
        const QString why = one.belongsElsewhere ? Tr::tr("belongs into another bucket")
                            : one.rowOwner == 0  ? Tr::tr("there is no such photo")
                                                 : Tr::tr("its row says %1").arg(one.rowOwner);
        OutlineRow row = listRow(list, QString::number(one.media), QString::number(one.media), why, Tr::tr("map: %1").arg(one.mapOwner));
        row.shape = theme::Shape::NotEqual;
        row.hasShape = true;
        list.rows.push_back(std::move(row));
    }
    for (const BucketCheck::Missing &one : check.missing) {
        OutlineRow row = listRow(list, QString::number(one.media), QString::number(one.media), Tr::tr("its row says %1").arg(one.rowOwner), Tr::tr("not in the map"));
        row.shape = theme::Shape::NotEqual;
        row.hasShape = true;
        list.rows.push_back(std::move(row));
    }
    list.note = Tr::tr("bucket %1 on %2: %3 of %4 entries wrong")
                    .arg(QString::number(check.bucket), text(check.server.text()), format::count(static_cast<std::int64_t>(check.wrong.size())), format::count(check.entries));
    if (check.unresolved > 0)
        list.note += Tr::tr(", %1 not known: their shards do not answer").arg(format::count(check.unresolved));
    if (!check.missing.empty())
        list.note += Tr::tr(", %1 missing").arg(format::count(static_cast<std::int64_t>(check.missing.size())));
    if (check.unsearched == 1)
        list.note += Tr::tr(", 1 shard not read through");
    else if (check.unsearched > 1)
        list.note += Tr::tr(", %1 shards not read through").arg(format::count(check.unsearched));
    if (check.unsearched > 0 && !check.unsearchedWhy.empty())
        list.note += Tr::tr(" (%1)").arg(text(check.unsearchedWhy));
    return list;
}

} // namespace

std::optional<std::uint32_t> bucketIn(const Answer &answer, const fleet::Fleet &fleet)
{
    const auto pattern = fleet.keys.redis.find("media_map");
    if (answer.find.kind == Kind::RedisKey) {
        const auto number = pattern == fleet.keys.redis.end() ? std::nullopt : fleet::numberIn(pattern->second, "bucket", answer.find.text);
        return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
    }
    for (const RegionRow &region : answer.regions) {
        if (answer.entity == Entity::Media && region.map)
            return static_cast<std::uint32_t>(region.map->bucket);
    }
    return std::nullopt;
}

std::vector<LookupList> listsOf(const Lookup &lookup, base::UtcTime now)
{
    std::vector<LookupList> lists;
    if (!lookup.answer)
        return lists;
    const Answer &answer = *lookup.answer;
    if (answer.media && answer.media->exists) {
        lists.push_back(people(lookup, Assoc::LikedBy, Tr::tr("Likes"), answer.media->likeList, answer.media->likes, now));
        lists.push_back(comments(lookup, *answer.media, now));
    } else if (!answer.media && answer.user && answer.user->exists) {
        lists.push_back(people(lookup, Assoc::FollowedBy, Tr::tr("Followers"), answer.user->followerList, answer.user->followers, now));
        lists.push_back(people(lookup, Assoc::Follows, Tr::tr("Following"), answer.user->followingList, answer.user->following, now));
        lists.push_back(recentMedia(lookup, *answer.user, now));
        lists.push_back(liked(lookup, now));
    }
    if (answer.names.size() > 1 || (answer.find.kind == Kind::NamePrefix && !answer.names.empty()))
        lists.push_back(names(answer.names));
    if (!answer.keys.empty())
        lists.push_back(keyCopies(answer.keys));
    if (lookup.bucket)
        lists.push_back(bucketAgainstShards(lookup));
    return lists;
}

std::optional<Assoc> assocOfList(const std::string &key)
{
    for (const ListKey &one : listKeys) {
        if (key == one.key)
            return one.assoc;
    }
    return std::nullopt;
}

std::string nextOf(const Lookup &lookup, Assoc assoc)
{
    if (!lookup.answer)
        return {};
    if (const auto more = lookup.more.find(assoc); more != lookup.more.end())
        return more->second.next;
    const Answer &answer = *lookup.answer;
    switch (assoc) {
    case Assoc::LikedBy: return answer.media ? answer.media->likeList.next : std::string();
    case Assoc::Commented: return answer.media ? answer.media->commentList.next : std::string();
    case Assoc::FollowedBy: return answer.user ? answer.user->followerList.next : std::string();
    case Assoc::Follows: return answer.user ? answer.user->followingList.next : std::string();
    case Assoc::Authored: return answer.user ? answer.user->recentMedia.next : std::string();
    case Assoc::Liked: {
        const GraphPage *opened = openedOf(lookup, assoc);
        return opened ? opened->edges.next : std::string();
    }
    }
    return {};
}

QString subjectOfRow(const std::string &row)
{
    return QString::fromStdString(row).section(QLatin1Char('/'), 1, 1);
}

} // namespace shardlens::ui::pages
