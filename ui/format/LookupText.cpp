// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/LookupText.h"

#include "core/ids/Shortcode.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace shardlens::ui::format {

using namespace inspect::lookup;
namespace look = inspect::lookup; // an operation has an Outcome too

namespace {

struct PlaceName {
    const char *prefix;
    const char *place;
};
constexpr std::array placeNames{PlaceName{"eu", QT_TRANSLATE_NOOP("shardlens::ui::format", "Europe")},
                                PlaceName{"us", QT_TRANSLATE_NOOP("shardlens::ui::format", "the United States")},
                                PlaceName{"ap", QT_TRANSLATE_NOOP("shardlens::ui::format", "Asia and the Pacific")},
                                PlaceName{"asia", QT_TRANSLATE_NOOP("shardlens::ui::format", "Asia")},
                                PlaceName{"sa", QT_TRANSLATE_NOOP("shardlens::ui::format", "South America")},
                                PlaceName{"af", QT_TRANSLATE_NOOP("shardlens::ui::format", "Africa")},
                                PlaceName{"me", QT_TRANSLATE_NOOP("shardlens::ui::format", "the Middle East")},
                                PlaceName{"ca", QT_TRANSLATE_NOOP("shardlens::ui::format", "Canada")}};

QString prefixOf(const QString &region)
{
    return region.section(QLatin1Char('-'), 0, 0).toLower();
}

/// "Europe and the United States (east)".
QString placesOf(const std::vector<base::RegionName> &regions, const fleet::Fleet &fleet)
{
    QStringList places;
    for (const base::RegionName &region : regions)
        places << placeOf(region, fleet);
    if (places.size() < 2)
        return places.join(QString());
    const QString last = places.takeLast();
    return Words::tr("%1 and %2").arg(places.join(QStringLiteral(", ")), last);
}

QString thingOf(Entity entity)
{
    switch (entity) {
    case Entity::User: return Words::tr("The account");
    case Entity::Media: return Words::tr("The photo");
    case Entity::Comment: return Words::tr("The comment");
    case Entity::None: break;
    }
    return Words::tr("It");
}

bool hasPeople(const Finding &finding)
{
    return !finding.regions.empty();
}

/// One thing that is amiss, for support: no server, no shard, nobody's ID. Begins with a capital, ends with a full stop.
QString amissSentence(const Finding &finding, const fleet::Fleet &fleet)
{
    const QString people = hasPeople(finding) ? Words::tr("People in %1").arg(placesOf(finding.regions, fleet)) : Words::tr("Some people");
    const bool aged = finding.age.count() > 0;
    const QString age = format::age(finding.age);
    switch (finding.amiss) {
    case Amiss::PrimarySilent: return Words::tr("A part of the service does not answer; this is as it was a moment before.");
    case Amiss::StillShown:
        return aged ? Words::tr("%1 still see it, %2 after it was deleted.").arg(people, age) : Words::tr("%1 still see it.").arg(people);
    case Amiss::SaysDeleted:
        return aged ? Words::tr("%1 see an old copy that says it is deleted; that copy is %2 out of date.").arg(people, age)
                    : Words::tr("%1 see an old copy that says it is deleted.").arg(people);
    case Amiss::NotVisible: return Words::tr("%1 do not see it yet.").arg(people);
    case Amiss::StaleCopy:
    case Amiss::StaleBoth:
        return aged ? Words::tr("%1 see an older version of it, %2 out of date.").arg(people, age)
                    : Words::tr("%1 see an older version of it.").arg(people);
    case Amiss::RowBehind: return Words::tr("%1 see an older version of it: changes reach them late.").arg(people);
    case Amiss::MapOtherOwner: return Words::tr("It is listed under another account.");
    case Amiss::MapMissing: return Words::tr("It is not listed under its owner.");
    case Amiss::MapLeftOver: return Words::tr("It is still listed, though it is gone.");
    case Amiss::OwnerGone: return Words::tr("The account that it belongs to does not exist.");
    case Amiss::Miscount: return Words::tr("Numbers shown with it are not the real ones.");
    case Amiss::AskedOwnerDiffers: return Words::tr("It does not belong to the account that was named with it.");
    case Amiss::RegionSilent: return Words::tr("What people in %1 see is not known now.").arg(placesOf(finding.regions, fleet));
    }
    return {};
}

/// Whether people see something that is not so, or only the look-up is short of something.
LookupTone toneOf(Amiss amiss)
{
    switch (amiss) {
    case Amiss::SaysDeleted:
    case Amiss::StillShown:
    case Amiss::NotVisible:
    case Amiss::StaleCopy:
    case Amiss::StaleBoth:
    case Amiss::RowBehind:
    case Amiss::MapOtherOwner:
    case Amiss::MapMissing:
    case Amiss::MapLeftOver:
    case Amiss::OwnerGone:
    case Amiss::Miscount:
    case Amiss::AskedOwnerDiffers: return LookupTone::Warning;
    case Amiss::PrimarySilent:
    case Amiss::RegionSilent: break;
    }
    return LookupTone::Unknown;
}

QString silentServers(const Answer &answer)
{
    QStringList names;
    for (const Trouble &trouble : answer.troubles)
        names << text(trouble.server.text());
    names.removeDuplicates();
    return names.join(QStringLiteral(", "));
}

QString shardSentence(const Answer &answer)
{
    bool isInRange = false;
    bool isThere = false;
    bool isSilent = false;
    for (const ShardCard &card : answer.shards) {
        isInRange = isInRange || card.isInRange;
        for (const ShardCard::Place &place : card.places) {
            isThere = isThere || place.hasIt.value_or(false);
            isSilent = isSilent || !place.hasIt;
        }
    }
    const QString sentence = !isInRange ? Words::tr("There is no part %1 of the data.")
                             : isThere  ? Words::tr("Part %1 of the data is here; below stands who keeps it.")
                             : isSilent ? Words::tr("Not known now: no server that answers has part %1 of the data.")
                                        : Words::tr("No server has part %1 of the data.");
    return sentence.arg(answer.find.id);
}

QString listedSentence(const Answer &answer)
{
    switch (answer.find.kind) {
    case Kind::Shard: return shardSentence(answer);
    case Kind::NamePrefix:
        return answer.names.empty() ? Words::tr("No name begins with “%1”.").arg(text(answer.find.text))
                                    : Words::tr("%1 names begin with “%2”.")
                                          .arg(count(static_cast<std::int64_t>(answer.names.size())), text(answer.find.text));
    case Kind::RedisKey:
    case Kind::CachedKey: {
        const auto there =
            std::count_if(answer.keys.begin(), answer.keys.end(), [](const KeyCopy &copy) { return copy.exists && *copy.exists; });
        const auto silent = std::count_if(answer.keys.begin(), answer.keys.end(), [](const KeyCopy &copy) { return !copy.exists; });
        if (there == 0)
            return silent == 0 ? Words::tr("The key is nowhere.")
                               : Words::tr("Not known: the key is on none of the servers that answered, and %1 did not.").arg(silent);
        return Words::tr("The key is on %1 of %2 servers.").arg(there).arg(answer.keys.size());
    }
    default: return Words::tr("Found.");
    }
}

QString deletedBy(const Answer &answer)
{
    const QString by = text(answer.verdict.by);
    if (by.isEmpty())
        return {};
    const QString owner = answer.media  ? QStringLiteral("user:%1").arg(answer.media->owner)
                          : answer.user ? QStringLiteral("user:%1").arg(answer.user->id)
                                        : QString();
    if (by == owner)
        return Words::tr(" by its owner");
    // Who else is nobody's business but on-call's; that it was not the owner is an answer.
    return by.startsWith(QLatin1String("user:")) ? Words::tr(" by another account") : Words::tr(" by %1").arg(by);
}

/// What is so for everybody; the findings come behind it.
QString outcomeSentence(const Answer &answer)
{
    const QString thing = thingOf(answer.entity);
    const Verdict &verdict = answer.verdict;
    switch (verdict.outcome) {
    case look::Outcome::Exists:
        // What is not known of some people, or still on its way to them, is not said of everybody.
        return verdict.isAmiss() || verdict.changedAgo ? Words::tr("%1 exists.").arg(thing) : Words::tr("%1 exists, and everybody sees it as it is.").arg(thing);
    case look::Outcome::ExistsAmiss: return Words::tr("%1 exists.").arg(thing);
    case look::Outcome::Deleted:
    case look::Outcome::DeletedAmiss:
        return verdict.since ? Words::tr("%1 was deleted on %2%3.").arg(thing, dayAndTime(*verdict.since), deletedBy(answer))
                             : Words::tr("%1 was deleted%2.").arg(thing, deletedBy(answer));
    case look::Outcome::NoTrace:
        return answer.id ? Words::tr("No trace. The ID is valid and was minted on %1; when or by whom it was removed is not recorded.")
                               .arg(dayAndTime(answer.id->anatomy.mintedAt()))
                         : Words::tr("No trace of it.");
    case look::Outcome::NotMinted:
        return answer.id ? Words::tr("Nobody can have this yet: its ID says %1, which is still to come.")
                               .arg(dayAndTime(answer.id->anatomy.mintedAt()))
                         : Words::tr("Nobody can have this yet.");
    case look::Outcome::NoSuchShard: return Words::tr("This is no ID of this service: it names a place that does not exist.");
    case look::Outcome::NobodyHasName: return Words::tr("Nobody has the name “%1”.").arg(text(answer.find.text));
    case look::Outcome::NotKnown: return Words::tr("Not known now: what would tell it does not answer.");
    case look::Outcome::Listed: return listedSentence(answer);
    }
    return {};
}

LookupTone toneOf(const Answer &answer)
{
    switch (answer.verdict.outcome) {
    case look::Outcome::NotKnown: return LookupTone::Unknown;
    case look::Outcome::NoTrace:
    case look::Outcome::NotMinted:
    case look::Outcome::NoSuchShard:
    case look::Outcome::NobodyHasName: return LookupTone::Warning;
    default: break;
    }
    LookupTone tone = LookupTone::Well;
    for (const Finding &finding : answer.verdict.findings) {
        if (const LookupTone here = toneOf(finding.amiss); here == LookupTone::Warning || tone == LookupTone::Well)
            tone = here;
    }
    return tone;
}

} // namespace

QString dayAndTime(base::UtcTime at)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(std::chrono::floor<base::milliseconds>(at).time_since_epoch().count(), Qt::UTC);
    return QLocale(QLocale::English).toString(time, QStringLiteral("d MMM yyyy, HH:mm")) + QStringLiteral(" UTC");
}

QString placeOf(const base::RegionName &region, const fleet::Fleet &fleet)
{
    const QString name = text(region.text());
    const QString prefix = prefixOf(name);
    const auto known =
        std::find_if(placeNames.begin(), placeNames.end(), [&](const PlaceName &place) { return prefix == QLatin1String(place.prefix); });
    if (known == placeNames.end())
        return Words::tr("the region %1").arg(name);
    const QString place = Words::tr(known->place);
    const auto alike = std::count_if(fleet.regions.begin(), fleet.regions.end(),
                                     [&](const fleet::Region &other) { return prefixOf(text(other.name.text())) == prefix; });
    const QString rest = name.section(QLatin1Char('-'), 1);
    return alike < 2 || rest.isEmpty() ? place : Words::tr("%1 (%2)").arg(place, rest);
}

LookupWords lookupWords(const Answer &answer, const fleet::Fleet &fleet)
{
    LookupWords words;
    words.tone = toneOf(answer);
    QStringList sentence{outcomeSentence(answer)};
    QStringList second;
    for (std::size_t i = 0; i < answer.verdict.findings.size(); ++i) {
        const Finding &finding = answer.verdict.findings[i];
        // That some people's view is not known belongs to what is said of the others'.
        (i == 0 || finding.amiss == Amiss::RegionSilent ? sentence : second) << amissSentence(finding, fleet);
    }
    if (const auto &changed = answer.verdict.changedAgo)
        (answer.verdict.isAmiss() ? second : sentence) << Words::tr("It changed %1 ago; copies are still on their way.").arg(format::age(*changed));
    if (!answer.troubles.empty())
        second << Words::tr("Did not answer: %1.").arg(silentServers(answer));
    words.sentence = sentence.join(QLatin1Char(' '));
    words.second = second.join(QLatin1Char(' '));
    return words;
}

QString lookupReply(const Answer &answer, const fleet::Fleet &fleet, const QString &caseNumber)
{
    QStringList reply;
    const QString thing = answer.entity == Entity::User ? Words::tr("The account") : Words::tr("Your photo");
    const bool isThing = answer.entity == Entity::User || answer.entity == Entity::Media;
    switch (answer.verdict.outcome) {
    case look::Outcome::Exists:
        if (isThing && !answer.verdict.has(Amiss::RegionSilent) && !answer.verdict.changedAgo) {
            reply << Words::tr("%1 is there, and can be seen everywhere.").arg(thing);
            break;
        }
        reply << (isThing ? Words::tr("%1 is there.").arg(thing) : Words::tr("It is there."));
        if (answer.verdict.changedAgo)
            reply << Words::tr("It was changed a moment ago; everybody sees that shortly.");
        else if (isThing)
            reply << Words::tr("A part of our service does not answer right now, so we cannot tell yet whether it can be seen everywhere.");
        break;
    case look::Outcome::ExistsAmiss: {
        reply << (isThing ? Words::tr("%1 is there.").arg(thing) : Words::tr("It is there."));
        const Finding &worst = answer.verdict.findings.empty() ? Finding() : answer.verdict.findings.front();
        const QString people = hasPeople(worst) ? Words::tr("People in %1").arg(placesOf(worst.regions, fleet)) : Words::tr("Some people");
        if (worst.amiss == Amiss::SaysDeleted)
            reply << Words::tr("%1 may still see an older version that says it was deleted.").arg(people);
        else if (worst.amiss == Amiss::NotVisible)
            reply << Words::tr("%1 may not see it yet.").arg(people);
        else if (worst.amiss == Amiss::StaleCopy || worst.amiss == Amiss::StaleBoth || worst.amiss == Amiss::RowBehind)
            reply << Words::tr("%1 may still see an older version.").arg(people);
        if (toneOf(worst.amiss) == LookupTone::Warning)
            reply << Words::tr("We are looking into it.");
        break;
    }
    case look::Outcome::Deleted:
    case look::Outcome::DeletedAmiss:
        reply << (answer.verdict.since
                      ? Words::tr("%1 was deleted on %2.").arg(isThing ? thing : Words::tr("It"), dayAndTime(*answer.verdict.since))
                      : Words::tr("It was deleted."));
        if (answer.verdict.outcome == look::Outcome::DeletedAmiss)
            reply << Words::tr("Some people may still see it for a while. We are looking into it.");
        break;
    case look::Outcome::NoTrace:
        reply << Words::tr("We find nothing under this link now. When or by whom it was removed is not recorded.");
        break;
    case look::Outcome::NotMinted:
    case look::Outcome::NoSuchShard:
        reply << Words::tr("This link leads to nothing of ours. Could you send it again, as you copied it?");
        break;
    case look::Outcome::NobodyHasName: reply << Words::tr("Nobody has this name now."); break;
    case look::Outcome::NotKnown:
        reply << Words::tr("A part of our service does not answer right now. We look again as soon as it does.");
        break;
    case look::Outcome::Listed: return {};
    }
    if (!caseNumber.isEmpty())
        reply << Words::tr("Case %1.").arg(caseNumber);
    return reply.join(QLatin1Char(' '));
}

QString findText(const Find &find)
{
    switch (find.kind) {
    case Kind::Id:
    case Kind::User:
    case Kind::Media: return find.owner != 0 ? QStringLiteral("%1_%2").arg(find.id).arg(find.owner) : QString::number(find.id);
    case Kind::NamePrefix: return text(find.text) + QLatin1Char('*');
    default: return text(find.text);
    }
}

FindWords findWords(const Find &find)
{
    using ids::Form;
    switch (find.kind) {
    case Kind::Id:
        return {Words::tr("An ID"),
                find.form == Form::NegativeNumber ? Words::tr("a number below zero") : Words::tr("the number %1").arg(find.id)};
    case Kind::Media:
        switch (find.form) {
        case Form::Link:
            return {Words::tr("A photo or video"),
                    Words::tr("by the link’s short code, %1").arg(text(std::string(ids::Shortcode(find.id).text())))};
        case Form::PrivateShortcode: return {Words::tr("A private photo or video"), Words::tr("by its short code")};
        case Form::MediaAndOwner: return {Words::tr("A photo or video"), Words::tr("by its ID and its owner’s")};
        default: return {Words::tr("A photo or video"), Words::tr("by the short code %1").arg(text(find.text))};
        }
    case Kind::User: return {Words::tr("An account"), Words::tr("by its ID")};
    case Kind::UserName: return {Words::tr("A user name"), text(find.text)};
    case Kind::NamePrefix: return {Words::tr("Names that begin so"), text(find.text)};
    case Kind::Shard: return {Words::tr("A logical shard"), QString::number(find.id)};
    case Kind::RedisKey: return {Words::tr("A Redis key"), text(find.text)};
    case Kind::CachedKey: return {Words::tr("A cache key"), text(find.text)};
    }
    return {};
}

QString seesText(Sees sees)
{
    switch (sees) {
    case Sees::It: return Words::tr("See it");
    case Sees::OldCopy: return Words::tr("See an old copy");
    case Sees::OldRow: return Words::tr("See it as it was before");
    case Sees::Deletion: return Words::tr("See that it is gone");
    case Sees::Nothing: return Words::tr("Do not see it");
    case Sees::ItStill: return Words::tr("Still see it");
    case Sees::Before: return Words::tr("See it as it was a moment ago");
    case Sees::NotKnown: break;
    }
    return Words::tr("Not known");
}

QString copyStateText(CopyState state)
{
    switch (state) {
    case CopyState::Exists: return Words::tr("exists");
    case CopyState::Deleted: return Words::tr("deleted");
    case CopyState::Absent: return Words::tr("not there");
    case CopyState::Filling: return Words::tr("being filled");
    case CopyState::Garbled: break;
    }
    return Words::tr("unreadable");
}

QString notRecordedText(NotRecorded what)
{
    switch (what) {
    case NotRecorded::WhoDeleted: return Words::tr("When or by whom it was removed.");
    case NotRecorded::Viewers: return Words::tr("Who looked at it.");
    case NotRecorded::DeviceCopies: return Words::tr("How long phones keep a copy.");
    case NotRecorded::EarlierVersions: return Words::tr("What it was before its last change.");
    case NotRecorded::WhenCached: return Words::tr("When a cache took its copy.");
    }
    return {};
}

QString sequenceText(const Answer &answer, const ids::IdLayout &layout)
{
    using inspect::lookup::SequenceFit;
    const auto fit = answer.id ? inspect::lookup::sequenceFit(*answer.id, layout) : SequenceFit::NotKnown;
    if (fit == SequenceFit::NotKnown)
        return {};
    const bool exists = answer.verdict.outcome == Outcome::Exists || answer.verdict.outcome == Outcome::ExistsAmiss;
    if (fit == SequenceFit::Fits && exists)
        return Words::tr("its sequence fits its neighbours’");
    const QString words = fit == SequenceFit::Fits ? Words::tr("a gap in the sequence: its neighbours have %1 and %2") : Words::tr("its sequence does not fit: its neighbours have %1 and %2");
    return words.arg(ids::anatomy(answer.id->before, layout).sequence).arg(ids::anatomy(answer.id->after, layout).sequence);
}

QString personalFieldText(const std::string &name)
{
    if (name == "full_name")
        return Words::tr("Full name");
    if (name == "bio")
        return Words::tr("About");
    if (name == "email")
        return Words::tr("E-mail");
    if (name == "phone")
        return Words::tr("Phone");
    if (name == "birthday")
        return Words::tr("Birthday");
    if (name == "last_ip")
        return Words::tr("Last address");
    QString own = text(name).replace(QLatin1Char('_'), QLatin1Char(' '));
    return own.left(1).toUpper() + own.mid(1);
}

QString fieldText(Field field)
{
    switch (field) {
    case Field::State: return Words::tr("state");
    case Field::Version: return Words::tr("version");
    case Field::UpdatedAt: return Words::tr("time");
    case Field::Owner: return Words::tr("owner");
    case Field::Name: return Words::tr("name");
    case Field::FullName: return Words::tr("full name");
    case Field::Caption: return Words::tr("caption");
    case Field::Filter: return Words::tr("filter");
    case Field::Private: return Words::tr("private or not");
    case Field::Likes: return Words::tr("likes");
    case Field::Comments: return Words::tr("comments");
    case Field::Media: return Words::tr("photos");
    case Field::Followers: return Words::tr("followers");
    case Field::Following: return Words::tr("following");
    }
    return {};
}

QString rowsText(const Count &rows)
{
    const QString number = count(rows.actual.value_or(rows.stored));
    return rows.isAtLeast ? Words::tr("at least %1").arg(number) : number;
}

QString recordingText(const Recording &recording)
{
    switch (recording.state) {
    case Recording::State::Recorded: return Words::tr("recorded, entry %1").arg(count(recording.number));
    case Recording::State::NotNeeded: return Words::tr("not recorded: nobody was looked at");
    case Recording::State::NoDirectory: return Words::tr("not recorded: the fleet has no directory");
    case Recording::State::Failed: break;
    }
    return Words::tr("not recorded: %1").arg(text(recording.error.message));
}

} // namespace shardlens::ui::format
