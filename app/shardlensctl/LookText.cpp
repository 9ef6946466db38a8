// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookText.h"

#include "app/shardlensctl/Text.h"
#include "core/ids/Shortcode.h"
#include "core/mend/Remedy.h"
#include "ui/format/FeedText.h"
#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"

namespace shardlens::ctl {

using namespace inspect::lookup;
namespace format = ui::format;

namespace {

constexpr qsizetype listedIds = 5; ///< of a list; --json tells all of a page

QString word(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString idText(std::uint64_t id)
{
    return id == 0 ? QStringLiteral("-") : QString::number(id);
}

/// A value in its column under a label.
QString labelled(const QString &label, const QString &value)
{
    return QStringLiteral("  %1 %2\n").arg(label, -14).arg(value);
}

QString masked(const Masked<std::string> &field)
{
    if (field.isMasked)
        return QStringLiteral("masked (--unmask --reason TEXT --case N)");
    return field.value ? text(*field.value) : QStringLiteral("-");
}

QString counted(const Count &count)
{
    const QString stored = format::count(count.stored);
    if (!count.actual)
        return count.actual.error().why == facts::WhyUnknown::NotAskedYet
                   ? stored
                   : QStringLiteral("%1 (rows: %2)").arg(stored, format::unknownText(count.actual.error()));
    return count.isMiscount() ? QStringLiteral("%1 stored, %2 rows: MISCOUNT").arg(stored, format::count(*count.actual)) : stored;
}

QString fromText(const ReadFrom &from)
{
    QString out = QStringLiteral("%1 on %2, read from %3").arg(text(from.schema), text(from.cluster), text(from.server));
    if (from.isStandby)
        out += QStringLiteral(" (a standby: the primary does not answer)");
    else if (!from.masterRegion.isEmpty())
        out += QStringLiteral(", primary in %1").arg(text(from.masterRegion));
    return out;
}

QString tombstoneText(const std::optional<Tombstone> &tombstone)
{
    if (!tombstone)
        return {};
    return labelled(QStringLiteral("deleted"), format::dateTime(tombstone->at) +
                                                   (tombstone->by.empty() ? QString() : QStringLiteral(" by %1").arg(text(tombstone->by))));
}

/// The first few of a list by their IDs, and how many more it has; nothing of an empty one. `total`: of the whole list, not of the page.
template <class Item>
QString listText(const QString &label, const Page<Item> &page, std::int64_t total)
{
    QStringList ids;
    for (const Item &item : page.items)
        ids << QString::number(item.id);
    if (ids.isEmpty())
        return {};
    const auto all = page.next.empty() ? std::int64_t(ids.size()) : std::max(total, std::int64_t(ids.size()) + 1);
    ids = ids.mid(0, listedIds);
    const auto more = all - ids.size();
    return labelled(label, ids.join(QLatin1Char(' ')) + (more > 0 ? QStringLiteral(" and %1 more").arg(format::count(more)) : QString()));
}

QString userText(const UserCard &user, bool isOwner)
{
    QString out = isOwner ? QStringLiteral("owner %1\n").arg(user.id) : QStringLiteral("user %1\n").arg(user.id);
    out += labelled(QStringLiteral("lives in"), fromText(user.from)) + tombstoneText(user.tombstone);
    if (!user.exists)
        return out;
    out += labelled(QStringLiteral("name"), text(user.name));
    if (!user.isPersonal("full_name"))
        out += labelled(QStringLiteral("full name"), text(user.fullName));
    for (const inspect::lookup::PersonalField &field : user.personal)
        out += labelled(format::personalFieldText(field.name).toLower(), masked(field.value));
    out += labelled(QStringLiteral("joined"), format::dateTime(user.createdAt)) +
           labelled(QStringLiteral("changed"), format::dateTime(user.updatedAt));
    out += labelled(QStringLiteral("photos"), counted(user.media)) + labelled(QStringLiteral("followers"), counted(user.followers)) +
           labelled(QStringLiteral("following"), counted(user.following));
    if (isOwner)
        return out;
    out += listText(QStringLiteral("new followers"), user.followerList, user.followers.actual.value_or(user.followers.stored)) +
           listText(QStringLiteral("new following"), user.followingList, user.following.actual.value_or(user.following.stored)) +
           listText(QStringLiteral("new photos"), user.recentMedia, user.media.actual.value_or(user.media.stored));
    for (const FeedLength &feed : user.feeds) {
        const auto length = [](const Known<std::int64_t> &known) {
            return known ? format::count(*known) : format::unknownText(known.error());
        };
        out += labelled(
            QStringLiteral("feed"),
            QStringLiteral("%1: %2 entries, activity %3").arg(text(feed.region), length(feed.mainFeed), length(feed.activityFeed)));
    }
    if (user.sessions)
        out += labelled(QStringLiteral("sessions"),
                        format::count(user.sessions->count) +
                            (user.sessions->isComplete ? QString() : QStringLiteral(", not all keys were searched")));
    return out;
}

QString mediaText(const MediaCard &media)
{
    QString out =
        QStringLiteral("media %1, short code %2\n").arg(QString::number(media.id), text(std::string(ids::Shortcode(media.id).text())));
    out += labelled(QStringLiteral("lives in"), fromText(media.from)) + tombstoneText(media.tombstone);
    if (!media.exists)
        return out;
    out += labelled(QStringLiteral("posted"), format::dateTime(media.createdAt)) +
           labelled(QStringLiteral("changed"), format::dateTime(media.updatedAt));
    out += labelled(QStringLiteral("private"), media.isPrivate ? QStringLiteral("yes") : QStringLiteral("no")) +
           labelled(QStringLiteral("caption"), masked(media.caption));
    out += labelled(QStringLiteral("likes"), counted(media.likes)) + labelled(QStringLiteral("comments"), counted(media.comments));
    out += listText(QStringLiteral("new likes by"), media.likeList, media.likes.actual.value_or(media.likes.stored)) +
           listText(QStringLiteral("new comments"), media.commentList, media.comments.actual.value_or(media.comments.stored));
    return out;
}

QString anatomyText(const Answer &answer, const ids::IdLayout &layout)
{
    const IdCheck &check = *answer.id;
    QString out = labelled(QStringLiteral("ID"), QStringLiteral("minted %1, shard %2, sequence %3")
                                                     .arg(format::dateTime(check.anatomy.mintedAt()))
                                                     .arg(check.anatomy.shard.value)
                                                     .arg(check.anatomy.sequence));
    if (check.isFuture)
        out += labelled({}, QStringLiteral("minted in the future"));
    if (!check.isShardInRange)
        out += labelled({}, QStringLiteral("no such shard is declared"));
    if (const QString sequence = format::sequenceText(answer, layout); !sequence.isEmpty())
        out += labelled({}, sequence);
    return out;
}

QString shardText(const ShardCard &card)
{
    QString out = QStringLiteral("%1, %2: %3\n")
                      .arg(text(card.schema), text(card.partition),
                           !card.isInRange ? QStringLiteral("no such shard")
                           : card.declared ? QStringLiteral("declared on %1").arg(text(*card.declared))
                           : card.declared.error().why == facts::WhyUnknown::ServerSilent
                               ? QStringLiteral("where it is declared is unknown: the directory does not answer")
                               : QStringLiteral("declared nowhere"));
    for (const ShardCard::Place &place : card.places) {
        if (place.hasIt && !*place.hasIt)
            continue;
        const QString what = !place.hasIt ? format::unknownText(place.hasIt.error())
                                          : QStringLiteral("%1, %2 rows estimated")
                                                .arg(place.isPrimary ? QStringLiteral("primary") : QStringLiteral("standby"),
                                                     place.rows ? format::count(*place.rows) : QStringLiteral("?"));
        out += labelled(text(place.server), what);
    }
    return out;
}

QString keysText(const std::vector<KeyCopy> &keys)
{
    QString out;
    for (const KeyCopy &copy : keys) {
        QString what = !copy.exists    ? format::unknownText(copy.exists.error())
                       : !*copy.exists ? QStringLiteral("not there")
                                       : QStringLiteral("%1, %2").arg(text(copy.type), format::count(copy.length));
        if (copy.exists && *copy.exists)
            what += copy.ttl ? QStringLiteral(", expires in %1").arg(format::duration(*copy.ttl)) : QStringLiteral(", does not expire");
        const QString where = copy.pool.isEmpty() ? text(copy.server) : QStringLiteral("%1 (%2)").arg(text(copy.server), text(copy.pool));
        out += QStringLiteral("  %1 %2\n").arg(where, -20).arg(what);
    }
    return out;
}

template <class Out>
QString courseText(const Out &out)
{
    QString text;
    for (const Trouble &trouble : out.troubles)
        text += QStringLiteral("%1 did not answer: %2\n").arg(ctl::text(trouble.server), ctl::text(trouble.error.message));
    return text;
}

QString headText(const Answer &answer, const fleet::Fleet &fleet)
{
    const auto words = format::lookupWords(answer, fleet);
    const auto taken = format::findWords(answer.find);
    QString out = QStringLiteral("%1: %2, %3\n%4\n").arg(text(answer.find.text), taken.what, taken.how, words.sentence);
    if (!words.second.isEmpty())
        out += words.second + QLatin1Char('\n');
    return out;
}

} // namespace

QString lookText(const Answer &answer, const fleet::Fleet &fleet)
{
    QString out = headText(answer, fleet);
    if (answer.id)
        out += anatomyText(answer, fleet.idLayout);
    if (answer.media)
        out += mediaText(*answer.media);
    if (answer.user)
        out += userText(*answer.user, answer.media.has_value());
    for (const NameHit &hit : answer.names)
        out += labelled(text(hit.name), QString::number(hit.user));
    for (const ShardCard &card : answer.shards)
        out += shardText(card);
    out += keysText(answer.keys);
    for (const RegionRow &row : answer.regions)
        out += labelled(text(row.region), format::seesText(row.sees) +
                                              (row.since ? QStringLiteral(" since %1").arg(format::dateTime(*row.since)) : QString()));
    for (const Finding &finding : answer.verdict.findings)
        out += QStringLiteral("! ") + format::findingText(finding) + QLatin1Char('\n');
    return plain(
        out +
        QStringLiteral("This look-up is %1. It took %2.\n").arg(format::recordingText(answer.recording), format::duration(answer.took)));
}

QString traceText(const Answer &answer, const fleet::Fleet &fleet)
{
    QString out = format::lookupEvidence(answer, fleet);
    const auto remedies = mend::remediesOf(answer);
    if (!remedies.empty())
        out += QStringLiteral("What puts it right (role on-call or ops; each tells first what it would do with --plan):\n");
    for (const mend::Remedy &remedy : remedies)
        out += QStringLiteral("  shardlensctl %1\n").arg(text(mend::commandFor(remedy)));
    return plain(out);
}

QString bulkText(const BulkLine &line)
{
    return QStringList{text(line.find.text),
                       word(name(line.outcome)),
                       word(name(line.entity)),
                       idText(line.id),
                       line.at ? format::iso8601(*line.at) : QStringLiteral("-"),
                       line.entity == Entity::User ? text(line.name) : idText(line.owner)}
        .join(QLatin1Char('\t'));
}

QString feedText(const FeedPage &page)
{
    QString out = QStringLiteral("%1 of user %2 as %3 has it: %4 entries%5\n")
                      .arg(format::feedKindText(page.question.kind), QString::number(page.question.user), text(page.server),
                           format::count(page.length),
                           page.trimmedTo ? QStringLiteral(", kept to %1").arg(format::count(page.trimmedTo)) : QString());
    TextTable table({{QStringLiteral("#"), true},
                     {QStringLiteral("media"), false},
                     {QStringLiteral("owner"), false},
                     {QStringLiteral("age"), false},
                     {QStringLiteral("marks"), false},
                     {QStringLiteral("caption"), false}});
    for (const FeedEntry &entry : page.entries) {
        QStringList marks;
        for (const Mark mark : entry.marks)
            marks << format::markText(mark);
        if (!entry.isResolved && entry.media != 0 && marks.isEmpty())
            marks << QStringLiteral("not known");
        QString what =
            entry.caption.isMasked ? (entry.owner ? QStringLiteral("masked") : QString()) : text(entry.caption.value.value_or(""));
        if (entry.activity != ActivityKind::None)
            what = format::activityText(entry.activity) + QStringLiteral(" by %1").arg(entry.actor);
        table.add({QString::number(entry.position + 1), entry.media ? QString::number(entry.media) : text(entry.raw), idText(entry.owner),
                   entry.postedAt ? format::ago(*entry.postedAt, page.askedAt) : QStringLiteral("-"), marks.join(QStringLiteral(", ")),
                   what.simplified()});
    }
    out += table.toString();
    if (page.next)
        out += QStringLiteral("More: --offset %1\n").arg(page.next);
    return plain(out + courseText(page));
}

QString explanationText(const FeedExplanation &explanation)
{
    QString out = format::explanationSentence(explanation) + QLatin1Char('\n');
    for (std::size_t i = 0; i < explanation.steps.size(); ++i) {
        const ExplainedStep &step = explanation.steps[i];
        const auto words = format::stepWords(step);
        const bool isCause = explanation.cause && *explanation.cause == i;
        out += QStringLiteral("%1 %2 %3%4\n")
                   .arg(isCause ? QStringLiteral(">") : QStringLiteral(" "), word(name(step.result)).leftJustified(11), words.title,
                        words.evidence.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(words.evidence));
    }
    return plain(out + courseText(explanation));
}

QString comparisonText(const FeedComparison &comparison)
{
    QString out = QStringLiteral("Feed of user %1 in %2: %3 entries, %4 expected: %5\n")
                      .arg(QString::number(comparison.user), text(comparison.region), format::count(comparison.length),
                           format::count(comparison.expected), format::comparisonText(comparison));
    const auto list = [&](const char *what, const std::vector<std::uint64_t> &ids) {
        for (const std::uint64_t id : ids)
            out += labelled(QString::fromUtf8(what), QString::number(id));
    };
    list("missing", comparison.missing);
    list("extra", comparison.extra);
    list("out of order", comparison.misordered);
    list("twice", comparison.duplicates);
    if (!comparison.isComplete)
        out += QStringLiteral("Not all shards answered: more may be missing.\n");
    return plain(out + courseText(comparison));
}

QString graphText(const GraphPage &page)
{
    QString out = QStringLiteral("%1 of %2: %3\n")
                      .arg(word(name(page.question.assoc)), QString::number(page.question.id),
                           page.count ? format::count(*page.count) : format::unknownText(page.count.error()));
    if (!page.from.server.isEmpty())
        out += labelled(QStringLiteral("lives in"), fromText(page.from));
    if (page.oldest && page.newest)
        out += labelled(QStringLiteral("from, to"), format::dateTime(*page.oldest) + QStringLiteral(", ") + format::dateTime(*page.newest));
    for (const Edge &edge : page.edges.items) {
        QString line = format::dateTime(edge.since);
        if (edge.hasInverse && !*edge.hasInverse)
            line += QStringLiteral("  NO INVERSE EDGE");
        out += QStringLiteral("  %1 %2\n").arg(QString::number(edge.to), -20).arg(line);
    }
    if (!page.edges.next.empty())
        out += QStringLiteral("More: --after %1\n").arg(text(page.edges.next));
    return plain(out + courseText(page));
}

Exit bucketExit(const BucketCheck &check)
{
    return check.wrong.empty() && check.missing.empty() && check.unresolved == 0 && check.unsearched == 0 && check.troubles.empty() ? Exit::Well : Exit::Problem;
}

QString bucketText(const BucketCheck &check)
{
    QString out =
        QStringLiteral("Bucket %1 of %2 on %3: %4 entries, %5 wrong, %6 missing%7\n")
            .arg(QString::number(check.bucket), QString::number(check.buckets), text(check.server), format::count(check.entries),
                 format::count(static_cast<std::int64_t>(check.wrong.size())), format::count(static_cast<std::int64_t>(check.missing.size())),
                 check.unresolved ? QStringLiteral(", %1 not known: their shards do not answer").arg(format::count(check.unresolved))
                                  : QString());
    for (const BucketCheck::Wrong &one : check.wrong) {
        const QString why = one.belongsElsewhere ? QStringLiteral("belongs into another bucket")
                            : one.rowOwner == 0  ? QStringLiteral("there is no such media")
                                                 : QStringLiteral("its row says %1").arg(one.rowOwner);
        out += QStringLiteral("  %1 %2, %3\n").arg(QString::number(one.media), -20).arg(idText(one.mapOwner), why);
    }
    for (const BucketCheck::Missing &one : check.missing)
        out += QStringLiteral("  %1 not in the map, its row says %2\n").arg(QString::number(one.media), -20).arg(one.rowOwner);
    out += courseText(check);
    if (check.unsearched > 0)
        out += QStringLiteral("Of %1 shards that may have media of the bucket %2 were not read through: entries that lack may be more%3.\n")
                   .arg(format::count(check.searched + check.unsearched), format::count(check.unsearched), check.unsearchedWhy.empty() ? QString() : QStringLiteral(" (%1)").arg(text(check.unsearchedWhy)));
    if (!check.troubles.empty())
        out += QStringLiteral("Not all is checked: what lies there was held against another member, as of its replay, or not at all.\n");
    return plain(out);
}

} // namespace shardlens::ctl
