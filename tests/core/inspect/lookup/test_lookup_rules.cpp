// SPDX-License-Identifier: GPL-3.0-or-later
// From what servers said to what people see and to the verdict; and how items of memcached are read.
#include "core/base/Iso8601.h"
#include "core/inspect/lookup/BucketMedia.h"
#include "core/inspect/lookup/CachedItem.h"
#include "core/inspect/lookup/Judge.h"
#include "core/inspect/lookup/MediaMap.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::inspect::lookup;
using namespace std::chrono_literals;

namespace {

const base::UtcTime now = *base::parseIso("2026-11-28T12:00:00Z");
const base::UtcTime posted = *base::parseIso("2026-11-01T10:00:00Z");
const base::UtcTime before = *base::parseIso("2026-11-28T11:46:00Z");
const base::UtcTime changed = *base::parseIso("2026-11-28T11:59:46Z");

RowFacts row(const char *server, bool isPrimary, std::int64_t version = 7)
{
    RowFacts facts;
    facts.copy.server = base::ServerId(server);
    facts.copy.isPrimary = isPrimary;
    facts.copy.state = CopyState::Exists;
    facts.copy.version = version;
    facts.copy.updatedAt = version >= 7 ? changed : before;
    facts.copy.owner = 11;
    facts.createdAt = posted;
    facts.now = now;
    facts.fields = {{Field::Version, std::to_string(version)}, {Field::Likes, std::to_string(version * 10)}, {Field::Owner, "11"}, {Field::Caption, version >= 7 ? "aa" : "bb"}};
    return facts;
}

RowFacts gone(const char *server, bool hasTombstone = true)
{
    RowFacts facts;
    facts.copy.server = base::ServerId(server);
    facts.now = now;
    if (hasTombstone) {
        facts.copy.state = CopyState::Deleted;
        facts.copy.updatedAt = changed;
        facts.tombstone = Tombstone{changed, "user:11"};
    }
    return facts;
}

CachedFacts cached(const char *server, CopyState state, std::int64_t version = 7)
{
    CachedFacts facts;
    facts.copy.server = base::ServerId(server);
    facts.copy.state = state;
    if (state == CopyState::Exists || state == CopyState::Deleted) {
        facts.copy.version = version;
        facts.copy.updatedAt = version >= 7 ? changed : before;
        facts.copy.age = std::chrono::duration_cast<base::microseconds>(now - facts.copy.updatedAt);
    }
    if (state == CopyState::Exists)
        facts.fields = row("x", true, version).fields;
    return facts;
}

MapCopy mapped(std::uint64_t owner)
{
    return {base::ServerId("mediamap-x"), 3, owner ? CopyState::Exists : CopyState::Absent, owner};
}

/// The row as it is since a moment ago.
RowFacts young(const char *server, bool isPrimary, std::int64_t version = 7)
{
    RowFacts facts = row(server, isPrimary, version);
    facts.copy.updatedAt = now - 300ms;
    return facts;
}

/// Two regions in which everything agrees.
TraceFacts agreeing()
{
    TraceFacts facts;
    facts.entity = Entity::Media;
    facts.truth = row("m1-us-east", true);
    facts.ownerExists = true;
    facts.now = now;
    for (const char *region : {"us-east", "us-west"}) {
        RegionFacts here;
        here.region = base::RegionName(region);
        here.row = row(region[3] == 'e' ? "m1-us-east" : "m1-us-west", region[3] == 'e');
        here.cached = cached(region[3] == 'e' ? "cache-us-east-1" : "cache-us-west-1", CopyState::Absent);
        here.map = mapped(11);
        facts.regions.push_back(here);
    }
    return facts;
}

QString written(const std::vector<RegionRow> &rows, const Verdict &verdict)
{
    QString text = QString::fromUtf8(name(verdict.outcome).data());
    for (const Finding &finding : verdict.findings) {
        text += QStringLiteral(" | ") + QString::fromUtf8(name(finding.amiss).data());
        for (const auto &region : finding.regions)
            text += QLatin1Char(' ') + QString::fromStdString(region.text());
        if (finding.age.count() > 0)
            text += QStringLiteral(" %1 s").arg(finding.age.count() / 1000000);
        if (finding.owner)
            text += QStringLiteral(" owner %1").arg(finding.owner);
    }
    if (verdict.changedAgo)
        text += QStringLiteral(" | changed %1 ms ago").arg(verdict.changedAgo->count() / 1000);
    for (const RegionRow &row : rows) {
        text += QStringLiteral(" / ") + QString::fromUtf8(name(row.sees).data());
        for (const Difference &one : row.differences)
            text +=
                QStringLiteral(" [%1 %2: %3, not %4]")
                    .arg(QString::fromUtf8(name(one.copy).data()), QString::fromUtf8(name(one.field).data()), QString::fromStdString(one.here), QString::fromStdString(one.truth));
    }
    return text;
}

using Change = std::function<void(TraceFacts &)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class LookupRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSequenceIsHeldAgainstItsNeighbours_data()
    {
        QTest::addColumn<int>("lower");
        QTest::addColumn<int>("own");
        QTest::addColumn<int>("greater");
        QTest::addColumn<int>("fit");
        const auto row = [](const char *what, int lower, int own, int greater, SequenceFit fit) { QTest::newRow(what) << lower << own << greater << static_cast<int>(fit); };
        row("between them", 57, 58, 60, SequenceFit::Fits);
        row("no room", 57, 58, 58, SequenceFit::FitsNot);
        row("elsewhere", 57, 90, 60, SequenceFit::FitsNot);
        row("where it begins anew", 1022, 1, 3, SequenceFit::Fits);
        row("a whole round between them", 57, 12, 57, SequenceFit::Fits);
        row("the newest", 57, 58, -1, SequenceFit::NotKnown);
    }
    void aSequenceIsHeldAgainstItsNeighbours()
    {
        QFETCH(int, lower);
        QFETCH(int, own);
        QFETCH(int, greater);
        const ids::IdLayout layout;
        const auto minted = [](int sequence, std::uint64_t ms) { return sequence < 0 ? 0 : ms << 23 | std::uint64_t(3) << 10 | std::uint64_t(sequence); };
        IdCheck check;
        check.before = minted(lower, 1000);
        check.anatomy = ids::anatomy(minted(own, 2000), layout);
        check.after = minted(greater, 3000);
        QTEST(static_cast<int>(sequenceFit(check, layout)), "fit");
    }

    void aVerdictIs_data();
    void aVerdictIs();
    void sinceIsTheEarliestThatATableTells();
    void whatIsNotRecordedIsSaid();
    void anItemIsRead_data();
    void anItemIsRead();
    void noValueOfAPrivateCaptionIsInADifference();
    void aKeyIsLookedForInEveryPoolOfItsRegion();
    void aWrongCopyDoesNotHideBehindAnotherPoolsGoodOne();
    void bucketsAreNumberedAsTheSeedNumbersThem();
    void theHashesOfABucketAreThoseThatItsNumberingGivesIt();
    void theMediaOfABucketAreAskedForByItsFleetFilesNames();
};

void LookupRulesTest::aVerdictIs_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("verdict");
    const auto add = [](const char *name, const Change &change, const char *verdict) { QTest::newRow(name) << change << QString::fromUtf8(verdict); };

    add(
        "consistent", [](TraceFacts &) {}, "exists / it / it");
    add(
        "consistent, and cached as it is", [](TraceFacts &f) { f.regions[1].cached = cached("c", CopyState::Exists); }, "exists / it / it");
    add(
        "a lost invalidation: the copy is older than the standby's own row", [](TraceFacts &f) { f.regions[1].cached = cached("c", CopyState::Exists, 6); },
        "exists_amiss | stale_copy us-west 14 s / it / old_copy [cached version: 6, not 7] [cached caption: , not ] [cached likes: 60, "
        "not 70]");
    add(
        "the standby is behind, and so is what was cached from it",
        [](TraceFacts &f) {
            f.regions[1].row = row("m1-us-west", false, 6);
            f.regions[1].cached = cached("c", CopyState::Exists, 6);
        },
        "exists_amiss | stale_both us-west 14 s / it / old_copy [row version: 6, not 7] [row caption: , not ] [row likes: 60, not 70] "
        "[cached version: 6, not 7] "
        "[cached caption: , not ] [cached likes: 60, not 70]");
    add(
        "the standby is behind, nothing is cached", [](TraceFacts &f) { f.regions[1].row = row("m1-us-west", false, 6); },
        "exists_amiss | row_behind us-west 14 s / it / old_row [row version: 6, not 7] [row caption: , not ] [row likes: 60, not 70]");
    add(
        "changed 0.3 s ago, and a copy is of before: no invalidation is lost yet",
        [](TraceFacts &f) {
            f.regions[0].row = young("m1-us-east", true);
            f.truth = *f.regions[0].row;
            f.regions[1].row = young("m1-us-west", false);
            f.regions[1].cached = cached("c", CopyState::Exists, 6);
        },
        "exists | changed 300 ms ago / it / before [cached version: 6, not 7] [cached caption: , not ] [cached likes: 60, not 70]");
    add(
        "changed 0.3 s ago by our own clock, where the server's was not read",
        [](TraceFacts &f) {
            f.regions[0].row = young("m1-us-east", true);
            f.truth = *f.regions[0].row;
            f.truth->now = {};
            f.regions[1].row = row("m1-us-west", false, 6);
        },
        "exists | changed 300 ms ago / it / before [row version: 6, not 7] [row caption: , not ] [row likes: 60, not 70]");
    add(
        "changed 0.3 s ago, and a copy lacks the change before that, too",
        [](TraceFacts &f) {
            f.regions[0].row = young("m1-us-east", true, 8);
            f.truth = *f.regions[0].row;
            f.regions[1].cached = cached("c", CopyState::Exists, 6);
        },
        "exists_amiss | stale_copy us-west 14 s / it / old_copy [row version: 7, not 8] [row likes: 70, not 80] [cached version: 6, not 8] "
        "[cached caption: , not ] [cached likes: 60, not 80]");
    add(
        "posted 0.3 s ago: neither row nor map has to be everywhere",
        [](TraceFacts &f) {
            f.regions[0].row = young("m1-us-east", true);
            f.truth = *f.regions[0].row;
            f.truth->createdAt = f.truth->copy.updatedAt;
            f.regions[1].row = gone("m1-us-west", false);
            f.regions[1].map = mapped(0);
        },
        "exists | changed 300 ms ago / it / before [row state: absent, not exists]");
    add(
        "deleted 0.3 s ago: it may be seen and mapped still",
        [](TraceFacts &f) {
            f.truth = gone("m1-us-east");
            f.truth->copy.updatedAt = f.truth->tombstone->at = now - 300ms;
            f.regions[0].row = gone("m1-us-east");
            f.regions[0].map = mapped(0);
        },
        "deleted | changed 300 ms ago / deletion / before [row state: exists, not deleted]");
    add(
        "a 'deleted' that was cached just now, of a row that did not change",
        [](TraceFacts &f) {
            f.regions[1].cached = cached("c", CopyState::Deleted, 6);
            f.regions[1].cached->copy.updatedAt = now - 1s;
        },
        "exists_amiss | says_deleted us-west 1 s / it / nothing [cached state: deleted, not exists]");
    add(
        "a cached 'deleted' hides what exists", [](TraceFacts &f) { f.regions[1].cached = cached("c", CopyState::Deleted, 6); },
        "exists_amiss | says_deleted us-west 14 s / it / nothing [cached state: deleted, not exists]");
    add(
        "not replayed yet: not to be seen there", [](TraceFacts &f) { f.regions[1].row = gone("m1-us-west", false); },
        "exists_amiss | not_visible us-west 14 s / it / nothing [row state: absent, not exists]");
    add(
        "deleted on the primary, still cached in one region",
        [](TraceFacts &f) {
            f.truth = gone("m1-us-east");
            for (auto &region : f.regions) {
                region.row = gone("x");
                region.map = mapped(0);
            }
            f.regions[1].cached = cached("c", CopyState::Exists, 6);
        },
        "deleted_amiss | still_shown us-west 14 s / deletion / it_still [cached state: exists, not deleted]");
    add(
        "deleted, and gone everywhere",
        [](TraceFacts &f) {
            f.truth = gone("m1-us-east");
            for (auto &region : f.regions) {
                region.row = gone("x");
                region.map = mapped(0);
            }
        },
        "deleted / deletion / deletion");
    add(
        "deleted, and the map still has it",
        [](TraceFacts &f) {
            f.truth = gone("m1-us-east");
            for (auto &region : f.regions)
                region.row = gone("x");
        },
        "deleted_amiss | map_left_over us-east us-west owner 11 / deletion [map state: exists, not absent] / deletion [map state: exists, "
        "not absent]");
    add(
        "no trace",
        [](TraceFacts &f) {
            f.truth = gone("m1-us-east", false);
            for (auto &region : f.regions) {
                region.row = gone("x", false);
                region.map = mapped(0);
            }
        },
        "no_trace / deletion / deletion");
    add(
        "the map names another owner in one region", [](TraceFacts &f) { f.regions[1].map = mapped(99); },
        "exists_amiss | map_other_owner us-west owner 99 / it / it [map owner: 99, not 11]");
    add(
        "the map has no entry", [](TraceFacts &f) { f.regions[0].map = f.regions[1].map = mapped(0); },
        "exists_amiss | map_missing us-east us-west / it [map state: absent, not exists] / it [map state: absent, not exists]");
    add(
        "the owner does not exist", [](TraceFacts &f) { f.ownerExists = false; }, "exists_amiss | owner_gone owner 11 / it / it");
    add(
        "another owner was asked for", [](TraceFacts &f) { f.askedOwner = 12; }, "exists_amiss | asked_owner_differs owner 11 / it / it");
    add(
        "counts differ from rows", [](TraceFacts &f) { f.hasMiscount = true; }, "exists_amiss | miscount / it / it");
    add(
        "an empty place that somebody fills shows the row", [](TraceFacts &f) { f.regions[1].cached = cached("c", CopyState::Filling); }, "exists / it / it");
    add(
        "a cached value that nobody understands shows the row", [](TraceFacts &f) { f.regions[1].cached = cached("c", CopyState::Garbled); },
        "exists / it / it [cached state: garbled, not exists]");
    add(
        "a region's cache is silent: what is seen there is not known",
        [](TraceFacts &f) { f.regions[1].cached = facts::unknown(facts::WhyUnknown::ServerSilent, "cache-us-west-1"); }, "exists | region_silent us-west / it / not_known");
    add(
        "a region without a pool shows its row", [](TraceFacts &f) { f.regions[1].cached = facts::unknown(facts::WhyUnknown::NotConfigured); }, "exists / it / it");
    add(
        "the primary is silent: read from a standby", [](TraceFacts &f) { f.isPrimarySilent = true; }, "exists | primary_silent / it / it");
    add(
        "nothing answers", [](TraceFacts &f) { f.truth.reset(); }, "not_known / not_known / not_known");
    add(
        "an ID of the future",
        [](TraceFacts &f) {
            f.isFuture = true;
            f.truth = gone("m1-us-east", false);
            f.regions.clear();
        },
        "not_minted");
    add(
        "an ID of the future that is there: a clock was ahead", [](TraceFacts &f) { f.isFuture = true; }, "exists / it / it");
    add(
        "a shard that does not exist",
        [](TraceFacts &f) {
            f.isShardThere = false;
            f.truth.reset();
            f.regions.clear();
        },
        "no_such_shard");
    add(
        "two things are amiss, the worse first",
        [](TraceFacts &f) {
            f.regions[0].map = mapped(99);
            f.regions[1].cached = cached("c", CopyState::Deleted, 6);
        },
        "exists_amiss | says_deleted us-west 14 s | map_other_owner us-east owner 99 / it [map owner: 99, not 11] / nothing [cached "
        "state: deleted, not exists]");
}

void LookupRulesTest::aVerdictIs()
{
    QFETCH(Change, change);
    QFETCH(QString, verdict);
    TraceFacts facts = agreeing();
    change(facts);
    const auto rows = regionRows(facts);
    QCOMPARE(written(rows, judge(facts, rows)), verdict);
}

void LookupRulesTest::sinceIsTheEarliestThatATableTells()
{
    TraceFacts facts = agreeing();
    facts.regions[1].cached = cached("c", CopyState::Deleted, 6);
    const auto rows = regionRows(facts);
    QCOMPARE(rows[0].since, std::optional(posted)); // a like changes the row later, not since when it is seen
    QCOMPARE(rows[1].since, std::optional(changed)); // the copy is older, and was right until then
    const Verdict verdict = judge(facts, rows);
    QCOMPARE(verdict.since, std::optional(posted));
    QCOMPARE(verdict.findings.front().since, std::optional(changed));
    QCOMPARE(verdict.findings.front().servers.front(), base::ServerId("c"));
}

void LookupRulesTest::whatIsNotRecordedIsSaid()
{
    TraceFacts facts = agreeing();
    facts.truth = gone("m1-us-east", false);
    const Verdict none = judge(facts, regionRows(facts));
    QCOMPARE(none.notRecorded.front(), NotRecorded::WhoDeleted);
    facts.truth = gone("m1-us-east");
    const Verdict told = judge(facts, regionRows(facts));
    QCOMPARE(QString::fromStdString(told.by), QStringLiteral("user:11"));
    QCOMPARE(told.notRecorded.front(), NotRecorded::Viewers);
}

void LookupRulesTest::anItemIsRead_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("read");
    const auto add = [](const char *name, const QByteArray &answer, const char *read) { QTest::newRow(name) << answer << QString::fromUtf8(read); };
    const QByteArray value = R"({"id":"5","owner":"11","caption":"hi","version":6,"updated_at":"2026-11-28T11:46:00.000Z"})";
    const auto item = [](const QByteArray &exp, const QByteArray &bytes) {
        return "ME m:5 exp=" + exp + " la=3 cas=42 fetch=yes cls=5 size=300\r\nVALUE m:5 0 " + QByteArray::number(bytes.size()) + " 42\r\n" + bytes + "\r\nEND\r\n";
    };
    add("a miss", "EN\r\nEND\r\n", "absent");
    add("a row's copy", item("-30", value), "exists version 6 owner 11 age 840 ttl 30 accessed 3 cas 42");
    add("-1 may mean never", item("-1", value), "exists version 6 owner 11 age 840 no ttl accessed 3 cas 42");
    add("a value with line ends in it", item("-30", "{\"caption\":\"a\\r\\nEND\",\r\n\"version\":6}"), "exists version 6 owner 0 age 0 ttl 30 accessed 3 cas 42");
    add("an empty place", item("-5", ""), "filling version 0 owner 0 age 0 ttl 5 accessed 3 cas 42");
    add("a cached deletion", item("-30", R"({"deleted":true,"version":8,"updated_at":"2026-11-28T11:46:00Z"})"), "deleted version 8 owner 0 age 840 ttl 30 accessed 3 cas 42");
    add("a cached null", item("-30", "null"), "deleted version 0 owner 0 age 0 ttl 30 accessed 3 cas 42");
    add("no JSON", item("-30", "\x80\x04pickle"), "garbled version 0 owner 0 age 0 ttl 30 accessed 3 cas 42");
    add("JSON of another shape", item("-30", "[1,2]"), "garbled version 0 owner 0 age 0 ttl 30 accessed 3 cas 42");
    add("an error", "ERROR\r\nERROR\r\n", "error protocol");
    add("cut short", "ME m:5 exp=-1 la=0 cas=1 fetch=no cls=1 size=9\r\nVALUE m:5 0 100 1\r\nabc", "error protocol");
}

void LookupRulesTest::anItemIsRead()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, read);
    std::string_view left(answer.constData(), std::size_t(answer.size()));
    const auto item = takeItem(left, "m:5", now);
    QString text;
    if (!item) {
        text = QStringLiteral("error ") + QString::fromUtf8(base::name(item.error().code).data());
    } else {
        const CachedCopy &copy = item->copy;
        text = QString::fromUtf8(name(copy.state).data());
        if (copy.state != CopyState::Absent)
            text += QStringLiteral(" version %1 owner %2 age %3 %4 accessed %5 cas %6")
                        .arg(copy.version)
                        .arg(copy.owner)
                        .arg(copy.age.count() / 1000000)
                        .arg(copy.ttl ? QStringLiteral("ttl %1").arg(copy.ttl->count()) : QStringLiteral("no ttl"))
                        .arg(copy.lastAccess.count())
                        .arg(copy.cas);
        QVERIFY(left.empty());
    }
    QCOMPARE(text, read);
}

void LookupRulesTest::noValueOfAPrivateCaptionIsInADifference()
{
    CachedFacts item;
    readValue(item, R"({"caption":"my secret","version":6})", now);
    QCOMPARE(QString::fromStdString(item.fields.at(Field::Caption)), QString::fromStdString(fingerprintOf("my secret")));
    TraceFacts facts = agreeing();
    item.copy.state = CopyState::Exists;
    facts.regions[1].cached = item;
    for (const Difference &difference : regionRows(facts)[1].differences)
        QVERIFY(difference.field != Field::Caption || (difference.here.empty() && difference.truth.empty()));
}

void LookupRulesTest::aKeyIsLookedForInEveryPoolOfItsRegion()
{
    const auto silent = facts::Known<CachedFacts>(facts::unknown(facts::WhyUnknown::ServerSilent, "c-2"));
    const auto absent = [](const char *server) { return facts::Known<CachedFacts>(cached(server, CopyState::Absent)); };
    RegionFacts region;
    takeCopies(region, {absent("c-1"), facts::Known<CachedFacts>(cached("c-2", CopyState::Exists))});
    QCOMPARE(QString::fromStdString(region.cached->copy.server.text()), QStringLiteral("c-2")); // it is the second pool's
    QVERIFY(region.others.empty());

    region = {};
    takeCopies(region, {absent("c-1"), absent("c-2")});
    QCOMPARE(region.cached->copy.state, CopyState::Absent);

    region = {};
    takeCopies(region, {absent("c-1"), silent});
    QVERIFY(!region.cached); // it may be there
    QCOMPARE(region.cached.error().why, facts::WhyUnknown::ServerSilent);

    region = {};
    takeCopies(region, {silent, facts::Known<CachedFacts>(cached("c-2", CopyState::Exists))});
    QVERIFY(region.cached);

    region = {};
    region.cached = facts::unknown(facts::WhyUnknown::NotConfigured);
    takeCopies(region, {});
    QCOMPARE(region.cached.error().why, facts::WhyUnknown::NotConfigured);
}

void LookupRulesTest::aWrongCopyDoesNotHideBehindAnotherPoolsGoodOne()
{
    TraceFacts facts = agreeing();
    facts.regions[1].cached = facts::unknown(facts::WhyUnknown::NotAskedYet);
    takeCopies(facts.regions[1], {facts::Known<CachedFacts>(cached("c-1", CopyState::Exists)), facts::Known<CachedFacts>(cached("c-2", CopyState::Exists, 6))});
    const auto rows = regionRows(facts);
    QCOMPARE(rows[1].sees, Sees::OldCopy);
    QCOMPARE(QString::fromStdString(rows[1].cached->server.text()), QStringLiteral("c-2"));
    QCOMPARE(rows[1].others.size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(rows[1].others[0].server.text()), QStringLiteral("c-1"));
    const Verdict verdict = judge(facts, rows);
    QCOMPARE(verdict.outcome, Outcome::ExistsAmiss);
    QCOMPARE(QString::fromStdString(verdict.findings.front().servers.front().text()), QStringLiteral("c-2"));

    facts.regions[1].cached = cached("c-1", CopyState::Exists);
    facts.regions[1].others = {cached("c-2", CopyState::Exists)};
    QCOMPARE(QString::fromStdString(regionRows(facts)[1].cached->server.text()), QStringLiteral("c-1")); // both are good: the first
}

void LookupRulesTest::bucketsAreNumberedAsTheSeedNumbersThem()
{
    QCOMPARE(bucketOf(2763105489120465674, 1), 0U);
    // Of 3 buckets the third is the first one's second half: hash mod 4, and where that is 3, hash mod 2.
    QCOMPARE(bucketOf(2, 3), 2U);
    QCOMPARE(bucketOf(3, 3), 1U);
    QCOMPARE(bucketOf(1'000'003 + 2, 3), 2U);
    QCOMPARE(bucketOf(5, 0), 0U);
}

/// What is searched for in the shards is what the map's own numbering puts into the bucket: nothing more, nothing less.
void LookupRulesTest::theHashesOfABucketAreThoseThatItsNumberingGivesIt()
{
    for (const std::uint32_t buckets : {1U, 2U, 3U, 6U, 8U, 13U}) {
        for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
            const BucketResidues hashes = residuesOf(bucket, buckets);
            for (std::uint64_t id = 999'990; id < 1'000'100; ++id) { // across the prime
                const bool isIn = std::find(hashes.residues.begin(), hashes.residues.end(), id % bucketPrime % hashes.modulus) != hashes.residues.end();
                QVERIFY2(isIn == (bucketOf(id, buckets) == bucket), qPrintable(QStringLiteral("%1 in bucket %2 of %3").arg(id).arg(bucket).arg(buckets)));
            }
        }
    }
    QVERIFY(residuesOf(3, 3).residues.empty()); // there is no such bucket
}

void LookupRulesTest::theMediaOfABucketAreAskedForByItsFleetFilesNames()
{
    fleet::Fleet fleet;
    fleet.queries.of(fleet::RowKind::Media).columns["owner_id"] = "author";
    const Sql hashed = bucketStatement(fleet, {"insta3", "insta4"}, 1, 3, 10);
    QCOMPARE(QString::fromStdString(hashed.text),
             QStringLiteral("(select id, author, 0 from \"insta3\".\"media\" r where (id) % 1000003 % $1::bigint = any($2::bigint[]) limit 11)"
                            " union all (select id, author, 1 from \"insta4\".\"media\" r where (id) % 1000003 % $1::bigint = any($2::bigint[]) limit 11)"));
    QCOMPARE(QString::fromStdString(hashed.parameters.at(0).value_or("") + " " + hashed.parameters.at(1).value_or("")), QStringLiteral("4 {1,3}"));
    fleet.keys.mediaMapBucket = 1000;
    const Sql numbered = bucketStatement(fleet, {"insta3"}, 7, 0, 10);
    QCOMPARE(QString::fromStdString(numbered.text),
             QStringLiteral("(select id, author, 0 from \"insta3\".\"media\" r where id between $1::bigint and $2::bigint limit 11)"));
    QCOMPARE(QString::fromStdString(numbered.parameters.at(0).value_or("") + " " + numbered.parameters.at(1).value_or("")), QStringLiteral("7000 7999"));
}

QTEST_GUILESS_MAIN(LookupRulesTest)
#include "test_lookup_rules.moc"
