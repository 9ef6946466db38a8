// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/Cards.h"

#include "ui/format/Fact.h"
#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/lookup/CardPanel.h"
#include "ui/pages/lookup/CopyMask.h"
#include "ui/pages/lookup/LookupWords.h"

#include <algorithm>

namespace shardlens::ui::pages {

using namespace inspect::lookup;
using format::text;
using operate::OutlineRow;
using operate::OutlineRows;
using Tr = LookupPageWords;

namespace {

/// `isPersonal`: without a recorded reason it would be masked.
OutlineRow maskedRow(const std::string &id, const QString &name, const Masked<std::string> &field, bool isPersonal)
{
    if (field.isMasked)
        return cardMasked(id, name);
    return cardFact(isPersonal ? revealedId(id) : id, name, field.value && !field.value->empty() ? text(*field.value) : Tr::tr("none"));
}

/// "412", or both numbers where they differ.
OutlineRow countRow(const std::string &id, const QString &name, const Count &count)
{
    if (!count.isMiscount())
        return cardFact(id, name, format::count(count.stored));
    OutlineRow row = cardFact(id, name, Tr::tr("%1, really %2").arg(format::count(count.stored), format::count(*count.actual)));
    row.shape = theme::Shape::NotEqual;
    return row;
}

/// Within a day how long ago, too; before, the whole date.
QString writtenText(base::UtcTime at, base::UtcTime now)
{
    if (now - at < std::chrono::hours(24))
        return Tr::tr("%1, %2").arg(format::clockTime(at, now), format::ago(at, now));
    return format::dateTime(at);
}

QString stateWords(bool exists, const std::optional<Tombstone> &tombstone, base::UtcTime now)
{
    if (exists)
        return Tr::tr("exists");
    if (!tombstone)
        return Tr::tr("not there");
    return Tr::tr("deleted %1").arg(format::clockTime(tombstone->at, now));
}

void addFeeds(OutlineRows &rows, const std::vector<FeedLength> &feeds)
{
    for (const FeedLength &feed : feeds) {
        const auto number = [](const Known<std::int64_t> &known) {
            return format::valueOr(known, [](std::int64_t value) { return format::count(value); });
        };
        rows.push_back(cardFact("feed/" + feed.region.text(), Tr::tr("Feed, %1").arg(text(feed.region.text())), number(feed.mainFeed)));
    }
}

/// "4 min ago", however long ago; a session that does not tell has the time 0.
QString sessionAge(base::UtcTime at, base::UtcTime now)
{
    if (at == base::UtcTime())
        return Tr::tr("not known");
    return Tr::tr("%1 ago").arg(format::age(std::max<base::microseconds>(base::microseconds(0), now - at)));
}

/// How many, and how old each of the newest is. They are searched for within a limit, which is said where it was reached.
void addSessions(OutlineRows &rows, const Known<Sessions> &sessions, base::UtcTime now)
{
    constexpr std::size_t mostSessions = 5;
    if (!sessions) {
        if (sessions.error().why != facts::WhyUnknown::NotAskedYet)
            rows.push_back(cardFact("sessions", Tr::tr("Sessions"), format::unknownText(sessions.error())));
        return;
    }
    const QString count = format::count(sessions->count);
    rows.push_back(cardFact("sessions", Tr::tr("Sessions"),
                            sessions->isComplete ? count : Tr::tr("%1 among the first %2 of all").arg(count, format::count(sessions->searched))));
    const std::size_t shown = std::min(mostSessions, sessions->times.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const auto &[begun, seen] = sessions->times[i];
        rows.push_back(cardFact("sessions/" + std::to_string(i), Tr::tr("Begun %1").arg(sessionAge(begun, now)), Tr::tr("seen %1").arg(sessionAge(seen, now))));
    }
    if (shown < sessions->times.size())
        rows.push_back(cardNote("sessions/more", Tr::tr("%1 more sessions are older.").arg(format::count(static_cast<std::int64_t>(sessions->times.size() - shown)))));
}

} // namespace

OutlineRows userCard(const UserCard &user, bool inShort, base::UtcTime now)
{
    OutlineRows rows;
    rows.push_back(cardFact("id", Tr::tr("User ID"), QString::number(user.id)));
    if (!user.exists) {
        rows.push_back(cardFact("state", Tr::tr("State"), stateWords(false, user.tombstone, now)));
        return rows;
    }
    rows.push_back(cardFact("name", Tr::tr("Name"), text(user.name)));
    if (!user.fullName.empty() && !inShort)
        rows.push_back(cardFact("full_name", Tr::tr("Full name"), text(user.fullName)));
    for (const PersonalField &field : user.personal)
        rows.push_back(maskedRow(field.name, format::personalFieldText(field.name), field.value, true));
    rows.push_back(countRow("followers", Tr::tr("Followers"), user.followers));
    rows.push_back(countRow("following", Tr::tr("Following"), user.following));
    rows.push_back(countRow("media", Tr::tr("Photos"), user.media));
    if (inShort)
        return rows;
    rows.push_back(cardFact("joined", Tr::tr("Joined"), writtenText(user.createdAt, now)));
    rows.push_back(cardFact("changed", Tr::tr("Changed"), writtenText(user.updatedAt, now)));
    rows.push_back(cardFact("version", Tr::tr("Version"), QString::number(user.version)));
    addFeeds(rows, user.feeds);
    addSessions(rows, user.sessions, now);
    return rows;
}

OutlineRows mediaCard(const MediaCard &media, bool hasOwnerCard, base::UtcTime now)
{
    OutlineRows rows;
    rows.push_back(cardFact("state", Tr::tr("State"), stateWords(media.exists, media.tombstone, now)));
    if (media.tombstone && !media.tombstone->by.empty())
        rows.push_back(cardFact("by", Tr::tr("Deleted by"), text(media.tombstone->by)));
    if (media.exists) {
        rows.push_back(cardFact("posted", Tr::tr("Posted"), writtenText(media.createdAt, now)));
        rows.push_back(cardFact("changed", Tr::tr("Changed"), writtenText(media.updatedAt, now)));
        rows.push_back(cardFact("version", Tr::tr("Version"), QString::number(media.version)));
        rows.push_back(cardFact("private", Tr::tr("Private"), media.isPrivate ? Tr::tr("yes") : Tr::tr("no")));
        rows.push_back(countRow("likes", Tr::tr("Likes"), media.likes));
        rows.push_back(countRow("comments", Tr::tr("Comments"), media.comments));
        rows.push_back(maskedRow("caption", Tr::tr("Caption"), media.caption, media.isPrivate));
    }
    if (media.owner != 0 && !hasOwnerCard)
        rows.push_back(cardFact("owner", Tr::tr("Owner"), QString::number(media.owner)));
    return rows;
}

OutlineRows shardCards(const std::vector<ShardCard> &shards)
{
    OutlineRows rows;
    for (const ShardCard &shard : shards) {
        const std::string key = shard.partition.text();
        OutlineRow head;
        head.id = key;
        head.kind = OutlineRow::Kind::Heading;
        head.title = Tr::tr("%1, %2").arg(text(shard.schema), text(key));
        rows.push_back(head);
        if (!shard.isInRange)
            rows.push_back(cardNote(key + "/range", Tr::tr("The fleet has no such shard.")));
        rows.push_back(cardFact(key + "/declared", Tr::tr("Declared on"),
                                format::valueOr(shard.declared, [](const ClusterName &name) { return text(name.text()); })));
        for (const ShardCard::Place &place : shard.places) {
            const QString where = text(place.server.text());
            const QString has =
                format::valueOr(place.hasIt, [](bool isThere) { return isThere ? Tr::tr("has it") : Tr::tr("has it not"); });
            const QString rowsText = place.rows ? Tr::tr(", about %1 rows").arg(format::count(*place.rows)) : QString();
            rows.push_back(
                cardFact(key + "/" + place.server.text(), place.isPrimary ? Tr::tr("%1, primary").arg(where) : where, has + rowsText));
        }
    }
    return rows;
}

OutlineRows keptRows(const ReadFrom &from)
{
    OutlineRows rows;
    if (from.server.isEmpty())
        return rows;
    rows.push_back(cardFact("kept", Tr::tr("Kept in"), Tr::tr("%1 on %2").arg(text(from.schema), text(from.cluster.text()))));
    const QString server = text(from.server.text());
    rows.push_back(cardFact("read_from", Tr::tr("Read from"), from.isStandby ? Tr::tr("%1, a standby").arg(server) : server));
    if (!from.masterRegion.isEmpty())
        rows.push_back(cardFact("master", Tr::tr("Written in"), text(from.masterRegion.text())));
    return rows;
}

bool hasMasked(const Answer &answer)
{
    const bool user = answer.user && answer.user->exists &&
                      std::any_of(answer.user->personal.begin(), answer.user->personal.end(), [](const PersonalField &field) { return field.value.isMasked; });
    return user || (answer.media && answer.media->exists && answer.media->caption.isMasked);
}

} // namespace shardlens::ui::pages
