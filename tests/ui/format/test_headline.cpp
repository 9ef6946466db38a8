// SPDX-License-Identifier: GPL-3.0-or-later
// The first sentence: right in every state, and also where no cause was found.
#include "tests/fixtures/Snapshots.h"
#include "ui/format/Headline.h"
#include "ui/format/ServingText.h"

#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::ServingCell;
using facts::ServingOf;
using facts::ServingVerdict;
using ui::format::Headline;
using ui::format::headlineFor;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

/// The well fleet with some ways as a test wants them.
class Altered
{
public:
    explicit Altered(const facts::SnapshotPtr &from = fixtures::well()) : snapshot(*from) {}

    Altered &cells(ServingOf of, const char *name, std::initializer_list<const char *> regions, ServingVerdict verdict)
    {
        for (facts::ServingRow &row : snapshot.serving.rows) {
            const bool named = row.cluster.text() == name || row.group.text() == name || *name == '*';
            if (row.of != of || !named)
                continue;
            for (ServingCell &cell : row.cells) {
                if (regions.size() > 0 && std::none_of(regions.begin(), regions.end(), [&](const char *region) { return cell.region.text() == region; }))
                    continue;
                cell.verdict = verdict;
                if (cell.fails())
                    cell.failingSince = snapshot.takenUtc - 33s;
                if (verdict == ServingVerdict::Slow) {
                    cell.took = 940ms;
                    cell.usual = 88ms;
                }
            }
        }
        return *this;
    }

    Altered &inferred()
    {
        for (facts::ServingRow &row : snapshot.serving.rows) {
            for (ServingCell &cell : row.cells) {
                if (row.of == ServingOf::Writes)
                    cell.proof = facts::ServingProof::Inferred;
            }
        }
        return *this;
    }

    Altered &problem(facts::Rule rule, facts::Severity severity, const char *cluster, facts::Harm harm)
    {
        facts::Problem one;
        one.rule = rule;
        one.severity = severity;
        one.place.cluster = base::ClusterName(cluster);
        one.since = {snapshot.takenUtc - 33s, true};
        one.impact = facts::impactOn({one.place.cluster}, snapshot);
        one.impact.harm = harm;
        snapshot.problems.push_back(one);
        return *this;
    }

    Altered &ofGroup(facts::Rule rule, const char *group, facts::Severity severity = facts::Severity::Critical)
    {
        facts::Problem one;
        one.rule = rule;
        one.severity = severity;
        one.place.group = base::GroupName(group);
        one.since = {snapshot.takenUtc - 33s, true};
        one.impact.harm = facts::Harm::WritesRefused;
        snapshot.problems.push_back(one);
        return *this;
    }

    /// Of the ways people use, one of a sort is left.
    Altered &onlyOne(bool writes, bool reads)
    {
        for (const auto &[of, wanted] : {std::pair(ServingOf::Writes, writes), std::pair(ServingOf::Reads, reads)}) {
            bool isFirst = true;
            for (facts::ServingRow &row : snapshot.serving.rows) {
                if (!wanted || row.of != of || row.partition.isEmpty())
                    continue;
                row.cells.resize(isFirst ? 1 : 0);
                isFirst = false;
            }
        }
        return *this;
    }

    Altered &group(fleet::RedisRole role, const char *region)
    {
        for (facts::ServingRow &row : snapshot.serving.rows) {
            for (facts::ServingCell &cell : row.cells) {
                if (row.of == ServingOf::Group && row.role == role && cell.region.text() == region)
                    cell.verdict = ServingVerdict::Refused;
            }
        }
        return *this;
    }

    Altered &nobodyCounted()
    {
        auto map = std::make_shared<facts::ShardMap>(*snapshot.shardMap);
        for (facts::Shard &shard : map->shards)
            shard.users = facts::unknown(facts::WhyUnknown::NoRights);
        snapshot.shardMap = map;
        return *this;
    }

    facts::Snapshot snapshot;
};

using Make = facts::Snapshot (*)();

} // namespace
Q_DECLARE_METATYPE(Make)

class TestHeadline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void says_data()
    {
        QTest::addColumn<Make>("make");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, Make make, const char *expected) { QTest::newRow(name) << make << QString::fromUtf8(expected); };
        row("all well", [] { return *fixtures::well(); }, "All 12 write paths and 12 read paths work.");
        row("no write was tried", [] { return Altered().inferred().snapshot; }, "All 12 read paths work, and all 12 write paths lead to writable primaries.");
        row("one way of each", [] { return Altered().onlyOne(true, true).snapshot; }, "The only write path and the only read path work.");
        row("one write path", [] { return Altered().onlyOne(true, false).snapshot; }, "The only write path and all 12 read paths work.");
        row("one read path", [] { return Altered().onlyOne(false, true).snapshot; }, "All 12 write paths and the only read path work.");
        row("a name in the singular", [] { return Altered().group(fleet::RedisRole::MediaMap, "us-east").snapshot; }, "Media map fails from us-east.");
        row("a name in the plural", [] { return Altered().group(fleet::RedisRole::Feeds, "us-east").snapshot; }, "Feeds fail from us-east.");
        row("a dead primary", [] { return *fixtures::incident(); }, "Writes fail on u1: 512 of 1,024 users shards, about 50 % of users. Reads work.");
        row("no cause is found: the ways alone tell", [] { return Altered().cells(ServingOf::Writes, "u2", {}, ServingVerdict::Refused).snapshot; },
            "Writes fail on u2: 512 of 1,024 users shards, about 50 % of users. Reads work.");
        row("how many users are hit is not said where nobody counted them",
            [] { return Altered().nobodyCounted().cells(ServingOf::Writes, "u2", {}, ServingVerdict::Refused).snapshot; },
            "Writes fail on u2: 512 of 1,024 users shards. Reads work.");
        row("of two partitions only the users are said", [] {
            return Altered().cells(ServingOf::Writes, "u1", {}, ServingVerdict::Refused).cells(ServingOf::Writes, "m1", {}, ServingVerdict::Refused).snapshot;
        }, "Writes fail on u1 and m1: about 50 % of users. Reads work.");
        row("users of both clusters, once", [] { return Altered().cells(ServingOf::Writes, "u1", {}, ServingVerdict::Refused).cells(ServingOf::Writes, "u2", {}, ServingVerdict::Refused).snapshot; },
            "Writes fail on u1 and u2: 1,024 of 1,024 users shards, about 100 % of users. Reads work.");
        row("what is lost goes before what is slow, whatever its severity", [] {
            return Altered().problem(facts::Rule::StandbyDown, facts::Severity::Warning, "u1", facts::Harm::RedundancyLost).problem(facts::Rule::RegionSlow, facts::Severity::Critical, "u2", facts::Harm::Slow).snapshot;
        }, "u1");
        row("writes fail from one region only", [] { return Altered().cells(ServingOf::Writes, "u2", {"eu-west"}, ServingVerdict::Refused).snapshot; },
            "Writes from eu-west fail on u2. Reads work.");
        row("from most regions first", [] {
            return Altered().cells(ServingOf::Writes, "u1", {"us-west"}, ServingVerdict::Refused).cells(ServingOf::Writes, "m1", {"us-west"}, ServingVerdict::Refused)
                .cells(ServingOf::Writes, "u2", {"us-east", "us-west"}, ServingVerdict::Refused).snapshot;
        }, "Writes from us-east and us-west fail on u2. Writes from us-west fail on u1 and m1. Reads work.");
        row("a whole router refuses", [] {
            return Altered().cells(ServingOf::Writes, "*", {"eu-west"}, ServingVerdict::Refused).cells(ServingOf::Reads, "*", {"eu-west"}, ServingVerdict::Refused).snapshot;
        }, "All writes from eu-west fail. All reads from eu-west fail.");
        row("reads alone fail", [] { return Altered().cells(ServingOf::Reads, "m1", {"us-west"}, ServingVerdict::Refused).snapshot; }, "Reads from us-west fail on m1.");
        row("feeds are refused", [] { return Altered().cells(ServingOf::Group, "feeds", {}, ServingVerdict::Refused).snapshot; }, "Feeds fail. Reads work.");
        row("one thing fails, several fail", [] { return Altered().cells(ServingOf::Group, "mediamap", {"us-east"}, ServingVerdict::Refused).snapshot; },
            "Media map fails from us-east. Reads work.");
        row("behind a group, the shards' ways are what works", [] { return Altered().ofGroup(facts::Rule::RedisPrimaryDown, "sessions").snapshot; }, "sessions");
        row("writes before feeds before reads", [] {
            return Altered().cells(ServingOf::Reads, "m1", {}, ServingVerdict::Refused).cells(ServingOf::Group, "feeds", {}, ServingVerdict::Refused).cells(ServingOf::Writes, "m1", {}, ServingVerdict::Refused).snapshot;
        }, "Writes fail on m1: 512 of 1,024 media shards, about 50 % of users. Feeds fail. Reads fail on m1.");
        row("an answer is late, nothing is refused yet", [] { return Altered().cells(ServingOf::Writes, "u1", {}, ServingVerdict::Late).snapshot; },
            "Writes on u1 get no answer: 512 of 1,024 users shards, about 50 % of users. Reads work.");
        row("wrong data goes before refused reads", [] {
            return Altered().cells(ServingOf::Reads, "m1", {}, ServingVerdict::Refused).problem(facts::Rule::TwoPrimaries, facts::Severity::Critical, "u2", facts::Harm::DataWrong).snapshot;
        }, "u2 has");
        row("a problem found before any way failed", [] {
            auto altered = Altered();
            for (facts::ServingRow &one : altered.snapshot.serving.rows) {
                for (ServingCell &cell : one.cells)
                    cell.readUtc = altered.snapshot.takenUtc - 40s;
            }
            return altered.problem(facts::Rule::PrimaryDown, facts::Severity::Critical, "u1", facts::Harm::WritesRefused).snapshot;
        }, "Writes fail on u1");
        row("slow, and no cause is found", [] { return Altered().cells(ServingOf::Writes, "u2", {"us-east"}, ServingVerdict::Slow).snapshot; },
            "Writes u2 from us-east: slow, 940 ms, was 88 ms.");
        row("a silent region is named, not one server of it", [] { return *fixtures::partlyDown(); },
            "us-west is not known from here: 11 of 33 servers silent for 14 s. us-east and eu-west write and read.");
        row("nothing has answered", [] { return *fixtures::asking(); }, "Asking 33 servers.");
        row("ways are still being tried", [] { return Altered().cells(ServingOf::Writes, "u1", {"eu-west"}, ServingVerdict::Asking).snapshot; }, "Still trying 1 of 24 ways to write and read.");
        row("only this machine may be cut off", [] { return *fixtures::allDown(); }, "No server answers. Only this machine may be cut off.");
        row("this console slept", [] {
            auto altered = Altered();
            altered.snapshot.stall = facts::Stall{altered.snapshot.takenUtc - 42min, altered.snapshot.takenUtc};
            return altered.snapshot;
        }, "This console slept 42 min. Reading again.");
        row("one way cannot be judged", [] {
            auto altered = Altered().cells(ServingOf::Writes, "u1", {"eu-west"}, ServingVerdict::NotKnown);
            for (facts::ServingRow &one : altered.snapshot.serving.rows) {
                for (ServingCell &cell : one.cells)
                    cell.why = {facts::WhyUnknown::NoRights, {}};
            }
            return altered.snapshot;
        }, "11 of 12 write paths and 12 of 12 read paths are known to work.");
    }
    void says()
    {
        QFETCH(Make, make);
        QFETCH(QString, expected);
        const Headline headline = headlineFor(make());
        QVERIFY2(plain(headline.sentence).startsWith(expected), qPrintable(plain(headline.sentence)));
        QVERIFY(headline.sentence.endsWith(QLatin1Char('.')));
        QVERIFY2(!headline.sentence.contains(QStringLiteral("..")) && !headline.sentence.contains(QStringLiteral("  ")), qPrintable(headline.sentence));
    }

    /// The listed problems but the one that the headline tells, whichever way it tells it.
    void moreProblemsAreTheOthers()
    {
        const auto noteOf = [](const Altered &altered) { return plain(headlineFor(altered.snapshot).note); };
        auto altered = Altered().ofGroup(facts::Rule::RedisPrimaryDown, "sessions");
        QCOMPARE(noteOf(altered), "All 12 write paths and 12 read paths of the shards work.");
        altered.problem(facts::Rule::StandbyDown, facts::Severity::Warning, "u1", facts::Harm::RedundancyLost);
        QCOMPARE(noteOf(altered), "All 12 write paths and 12 read paths of the shards work. 1 more problem.");
        // What the ways tell, folded under a problem of the list; then one that nothing in the list is about.
        auto link = Altered().cells(ServingOf::Group, "mediamap", {"us-east"}, ServingVerdict::Refused).ofGroup(facts::Rule::RedisUnlinked, "mediamap", facts::Severity::Warning);
        facts::Problem cut;
        cut.rule = facts::Rule::LinkCut;
        cut.impact.harm = facts::Harm::ReadsRefused;
        cut.consequences = std::move(link.snapshot.problems);
        link.snapshot.problems = {cut};
        QCOMPARE(noteOf(link), "");
        link.problem(facts::Rule::StandbyDown, facts::Severity::Warning, "u1", facts::Harm::RedundancyLost);
        QCOMPARE(noteOf(link), "1 more problem.");
        link.snapshot.problems.erase(link.snapshot.problems.begin());
        QCOMPARE(noteOf(link), "1 more problem.");
    }

    /// What is told a little longer than it holds, so that it does not flap, stands beside ways that work again.
    void whatIsNoLongerFoundSeemsOver()
    {
        auto altered = Altered().problem(facts::Rule::PrimaryDown, facts::Severity::Critical, "u1", facts::Harm::WritesRefused);
        for (facts::ServingRow &row : altered.snapshot.serving.rows) {
            for (ServingCell &cell : row.cells) {
                if (row.cluster.text() == "u1")
                    cell.readUtc = altered.snapshot.takenUtc;
            }
        }
        altered.snapshot.problems.front().notSeenSince = altered.snapshot.takenUtc - 1s;
        const Headline headline = headlineFor(altered.snapshot);
        QCOMPARE(headline.verdict, Headline::Verdict::Critical);
        QCOMPARE(plain(headline.note), "Seems over: all 12 write paths and 12 read paths work.");
        altered.cells(ServingOf::Writes, "u1", {"eu-west"}, ServingVerdict::Refused);
        QVERIFY2(plain(headlineFor(altered.snapshot).sentence).startsWith("Writes from eu-west fail on u1"), qPrintable(headlineFor(altered.snapshot).sentence));
    }

    void saysWhichRegionIsNotSeen()
    {
        QVERIFY(ui::format::notSeenText(ui::format::notSeenFromHere(*fixtures::well())).isEmpty());
        QCOMPARE(plain(ui::format::notSeenText(ui::format::notSeenFromHere(*fixtures::partlyDown()))),
                 "us-west is not seen from here: 12 of 33 servers do not answer. Totals count only what is seen.");
        QVERIFY(ui::format::notSeenText(ui::format::notSeenFromHere(*fixtures::allDown())).isEmpty());
    }

    void isWellOnlyWhereEveryWayIsKnownToWork()
    {
        QCOMPARE(headlineFor(*fixtures::well()).verdict, Headline::Verdict::Well);
        QCOMPARE(headlineFor(*fixtures::asking()).verdict, Headline::Verdict::Asking);
        QCOMPARE(headlineFor(*fixtures::asking()).note, "0 of 33 answered");
        for (const auto verdict : {ServingVerdict::Slow, ServingVerdict::Late, ServingVerdict::Refused, ServingVerdict::NotKnown, ServingVerdict::Asking}) {
            const auto altered = Altered().cells(ServingOf::Writes, "m2", {"us-east"}, verdict);
            QVERIFY2(headlineFor(altered.snapshot).verdict != Headline::Verdict::Well, facts::name(verdict).data());
        }
    }

    void saysHowOldTheCountOfUsersIs()
    {
        const Headline headline = headlineFor(Altered().cells(ServingOf::Writes, "u2", {}, ServingVerdict::Refused).snapshot);
        QVERIFY2(plain(headline.note).startsWith(QStringLiteral("Users by row estimates read ")), qPrintable(headline.note));
        QVERIFY(!headlineFor(Altered().nobodyCounted().cells(ServingOf::Writes, "u2", {}, ServingVerdict::Refused).snapshot).note.contains(QStringLiteral("estimates")));
    }

    void hasShorterFormsThatKeepTheUsers()
    {
        const Headline headline = headlineFor(Altered().cells(ServingOf::Writes, "u2", {}, ServingVerdict::Refused).snapshot);
        QCOMPARE(plain(headline.shorter.join(QLatin1Char('|'))), "Writes fail on u2: about 50 % of users. Reads work.|Writes fail on u2: about 50 % of users.|Writes fail on u2.");
    }

    void saysWhatIsNotObservedWhereAllIsWell()
    {
        QCOMPARE(headlineFor(*fixtures::well()).notObserved, "Not observed: application servers, queues.");
        QVERIFY(headlineFor(*fixtures::incident()).notObserved.isEmpty());
    }

    void tellsSinceWhenAndHowOldThatIs()
    {
        const Headline incident = headlineFor(*fixtures::incident());
        QCOMPARE(incident.verdict, Headline::Verdict::Critical);
        QVERIFY2(plain(incident.aside).startsWith("since 03:13:4"), qPrintable(incident.aside));
        QVERIFY2(plain(incident.aside).contains("probed 0.6 s ago"), qPrintable(incident.aside));
        QVERIFY2(plain(headlineFor(*fixtures::well()).note).startsWith("Last problem ended 02:4"), qPrintable(headlineFor(*fixtures::well()).note));
    }

    /// At every tick of a fleet in which servers come and go: "work" only where every way works then.
    void isTrueAtEveryTick()
    {
        fixtures::Churn churn;
        for (int i = 0; i < fixtures::Churn::ticks; ++i) {
            const auto snapshot = churn.next();
            const Headline headline = headlineFor(*snapshot);
            const auto writes = ui::format::countForPeople(*snapshot, ServingOf::Writes);
            const auto reads = ui::format::countForPeople(*snapshot, ServingOf::Reads);
            if (headline.verdict == Headline::Verdict::Well)
                QVERIFY2(writes.working == writes.paths && reads.working == reads.paths, qPrintable(headline.sentence));
            if (writes.failing > 0)
                QVERIFY2(headline.sentence.contains(QStringLiteral("rites")) || headline.verdict == Headline::Verdict::Critical, qPrintable(headline.sentence));
        }
    }
};

QTEST_APPLESS_MAIN(TestHeadline)
#include "test_headline.moc"
