// SPDX-License-Identifier: GPL-3.0-or-later
// What a mend would write, of what was read: no server here.
#include "core/mend/GroupLook.h"
#include "core/mend/Judging.h"
#include "core/mend/Kept.h"
#include "core/mend/Remedy.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::mend;
namespace look = inspect::lookup;

namespace {

/// Old enough to be judged: 21 Jul 2016.
const base::UtcTime now(base::seconds(1'469'000'000));

std::uint64_t minted(base::seconds ago, std::uint32_t sequence)
{
    const ids::IdLayout layout;
    const auto ms = std::chrono::floor<base::milliseconds>((now - ago).time_since_epoch()).count();
    return (static_cast<std::uint64_t>(ms - layout.epochMs) << 23) | (std::uint64_t(3) << 10) | sequence;
}

QString words(const std::vector<std::string> &entries)
{
    QStringList out;
    for (const std::string &entry : entries)
        out << QString::fromStdString(entry);
    return out.join(QLatin1Char(' '));
}

std::vector<std::string> listOf(const QString &words)
{
    std::vector<std::string> entries;
    for (const QString &word : words.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        entries.push_back(word.toStdString());
    return entries;
}

QString written(const std::vector<Change> &changes)
{
    QStringList out;
    for (const Change &change : changes) {
        QString one = QString::fromUtf8(name(change.kind).data()) + QLatin1Char(' ') + QString::fromStdString(change.entry);
        if (change.wasAt)
            one += QStringLiteral(" was %1").arg(*change.wasAt);
        if (change.isAt)
            one += QStringLiteral(" is %1").arg(*change.isAt);
        if (!change.key.empty())
            one += QStringLiteral(" in %1: '%2', was '%3'").arg(QString::fromStdString(change.key), QString::fromStdString(change.becomes), QString::fromStdString(change.was));
        out << one;
    }
    return out.join(QStringLiteral("; "));
}

/// A group of two that may be written to.
GroupSeen healthy(const fleet::RedisGroup &group)
{
    GroupSeen seen;
    seen.group = &group;
    seen.members = {{base::ServerId("feeds-a"), true, "7", {}, 1, 1}, {base::ServerId("feeds-b"), false, "7", {}, 1, 0}};
    seen.directoryTerm = 7;
    return seen;
}

using Break = void (*)(GroupSeen &);

} // namespace

Q_DECLARE_METATYPE(Break)

class MendPlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aListChangesByAsLittleAsCanBe_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("changes");
        QTest::newRow("the same") << "9 8 7" << "9 8 7" << "";
        QTest::newRow("one is missing") << "9 7" << "9 8 7" << "added 8 is 1";
        QTest::newRow("one is too many") << "9 8 7" << "9 7" << "removed 8 was 1";
        QTest::newRow("one stands too low") << "9 7 6 8 5" << "9 8 7 6 5" << "moved 8 was 3 is 1";
        QTest::newRow("one stands twice") << "9 8 7 8" << "9 8 7" << "removed 8 was 3";
        QTest::newRow("an entry that is no ID") << "9 x 7" << "9 7" << "removed x was 1";
        QTest::newRow("from nothing") << "" << "2 1" << "added 2 is 0; added 1 is 1";
        QTest::newRow("to nothing") << "2 1" << "" << "removed 2 was 0; removed 1 was 1";
        QTest::newRow("all at once") << "5 9 7 3 9" << "9 8 7 5" << "moved 5 was 0 is 3; added 8 is 1; removed 3 was 3; removed 9 was 4";
    }
    void aListChangesByAsLittleAsCanBe()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, changes);
        // Sorted by hand as well: the order among equal places is not what is promised.
        QStringList told = written(listChanges(listOf(before), listOf(after))).split(QStringLiteral("; "));
        QStringList wanted = changes.split(QStringLiteral("; "));
        told.sort();
        wanted.sort();
        QCOMPARE(told, wanted);
    }

    void whatIsPushedMeanwhileIsCarriedOn_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("now");
        QTest::addColumn<int>("most");
        QTest::addColumn<QString>("list"); ///< "no" where something else has happened
        QTest::newRow("nothing was pushed") << "3 1" << "3 2 1" << "3 1" << 0 << "3 2 1";
        QTest::newRow("one was pushed") << "3 1" << "3 2 1" << "4 3 1" << 0 << "4 3 2 1";
        QTest::newRow("two were pushed, and one cut") << "3 2 1" << "3 2" << "5 4 3" << 3 << "5 4 3";
        QTest::newRow("pushed to a list that was not there") << "" << "2 1" << "3" << 0 << "3 2 1";
        QTest::newRow("what was pushed is what was missing") << "2 1" << "3 2 1" << "3 2 1" << 0 << "3 2 1";
        QTest::newRow("kept to so many") << "3 1" << "3 2 1" << "4 3 1" << 3 << "4 3 2";
        QTest::newRow("one was taken out") << "3 2 1" << "3 1" << "3 1" << 0 << "no";
        QTest::newRow("cut, though it is kept to none") << "3 2 1" << "3 1" << "4 3 2" << 0 << "no";
        QTest::newRow("gone") << "3 2 1" << "3 1" << "" << 0 << "no";
        QTest::newRow("another list altogether") << "3 2 1" << "3 1" << "9 8 7" << 3 << "no";
    }
    void whatIsPushedMeanwhileIsCarriedOn()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, now);
        QFETCH(int, most);
        QFETCH(QString, list);
        const auto told = carriedOn({"feed:1", listOf(before), listOf(after), static_cast<std::size_t>(most), 0}, listOf(now));
        QCOMPARE(told ? words(*told) : QStringLiteral("no"), list);
    }

    void aFeedIsJudgedButForItsYoungest()
    {
        using namespace std::chrono_literals;
        const std::uint64_t old1 = minted(3600s, 1);
        const std::uint64_t old2 = minted(7200s, 2);
        const std::uint64_t gone = minted(9000s, 3);
        const std::uint64_t fresh = minted(5s, 4);     // in the feed; its row is not to be seen yet
        const std::uint64_t onItsWay = minted(10s, 5); // posted; its fan-out is not here yet
        look::FeedComparison comparison;
        comparison.entries = {std::to_string(fresh), std::to_string(old2), "garbled", std::to_string(gone)};
        comparison.wanted = {onItsWay, old1, old2};
        Plan plan;
        judgeFeed(plan, comparison, "feed:1", 500, {now, {}});
        QCOMPARE(words(plan.list->after), words({std::to_string(fresh), std::to_string(old1), std::to_string(old2)}));
        QCOMPARE(plan.list->before, comparison.entries);
        QCOMPARE(plan.tooYoung, 2);
        QCOMPARE(plan.changes.size(), std::size_t(3)); // one added, two removed
        judgeFeed(plan, comparison, "feed:1", 2, {now, {}});
        QCOMPARE(plan.list->after.size(), std::size_t(2));
    }

    void aBucketIsJudged()
    {
        using namespace std::chrono_literals;
        const std::uint64_t other = minted(3600s, 1);
        const std::uint64_t gone = minted(3600s, 2);
        const std::uint64_t strayed = minted(3600s, 3);
        const std::uint64_t twin = minted(3600s, 4);
        const std::uint64_t young = minted(5s, 5);
        const auto text = [](std::uint64_t id) { return std::to_string(id); };
        look::BucketCheck check;
        check.wrong = {{other, 5, 6, false, text(other), "5"},   {gone, 5, 0, false, text(gone), "5"}, {strayed, 5, 5, true, text(strayed), "5"},
                       {twin, 5, 5, true, text(twin), "5"},      {young, 5, 0, false, text(young), "5"}, {0, 0, 0, false, "no id", "?"}};
        Plan plan;
        judgeBucket(plan, check, "mediamap:3", {{strayed, {"mediamap:4", std::nullopt}}, {twin, {"mediamap:5", "5"}}}, {now, {}});
        QCOMPARE(written(plan.changes), QStringLiteral("replaced %1 in mediamap:3: '6', was '5'; removed %2 in mediamap:3: '', was '5'; "
                                                       "added %3 in mediamap:4: '5', was ''; removed %3 in mediamap:3: '', was '5'; "
                                                       "removed %4 in mediamap:3: '', was '5'; removed no id in mediamap:3: '', was '?'")
                                            .arg(other)
                                            .arg(gone)
                                            .arg(strayed)
                                            .arg(twin));
        QCOMPARE(plan.tooYoung, 1);
        // Taken back in the opposite order, each as it was.
        const Plan back = reversed(plan, "mediamap-1");
        QCOMPARE(back.undoes, std::string("mediamap-1"));
        QCOMPARE(back.fields.size(), plan.fields.size());
        QVERIFY((back.fields.back() == FieldWrite{"mediamap:3", text(other), "6", "5"}));
        QVERIFY((back.fields.front() == FieldWrite{"mediamap:3", "no id", std::nullopt, "?"}));
    }

    void whatABucketLacksIsAdded()
    {
        using namespace std::chrono_literals;
        const std::uint64_t lacking = minted(3600s, 1);
        const std::uint64_t young = minted(5s, 2);
        look::BucketCheck check;
        check.missing = {{lacking, 6}, {young, 7}};
        check.unsearched = 3;
        check.unsearchedWhy = "u1: permission denied";
        Plan plan;
        judgeBucket(plan, check, "mediamap:3", {}, {now, {}});
        QCOMPARE(written(plan.changes), QStringLiteral("added %1 in mediamap:3: '6', was ''").arg(lacking));
        QCOMPARE(plan.tooYoung, 1);
        QCOMPARE(plan.unsearched, 3);
        QCOMPARE(plan.unsearchedWhy, std::string("u1: permission denied"));
        // Taken back it is missing again.
        QVERIFY((reversed(plan, "mediamap-1").fields == std::vector<FieldWrite>{{"mediamap:3", std::to_string(lacking), "6", std::nullopt}}));
    }

    void whatIsAddedIsHeldAgainstItsRowOnceMore()
    {
        Plan plan;
        plan.fields = {{"mediamap:3", "41", "5", "6"}, {"mediamap:3", "42", std::nullopt, "6"}};
        QVERIFY((addedMedia(plan) == std::vector<std::uint64_t>{42}));
        look::MediaBrief row;
        row.state = look::CopyState::Exists;
        row.owner = 6;
        row.isResolved = true;
        const auto isSo = [&](const look::MediaBrief &brief, const char *key) {
            return !notSoAnyMore(plan, {{42, brief}}, [&](std::uint64_t) { return std::string(key); });
        };
        QVERIFY(isSo(row, "mediamap:3"));
        QVERIFY(!isSo(row, "mediamap:4"));
        look::MediaBrief other = row;
        other.owner = 7;
        QVERIFY(!isSo(other, "mediamap:3"));
        other = row;
        other.state = look::CopyState::Deleted;
        QVERIFY(!isSo(other, "mediamap:3"));
        other = row;
        other.isResolved = false;
        QVERIFY(!isSo(other, "mediamap:3"));
        plan.undoes = "mediamap-1"; // what stood there is put back
        QVERIFY(addedMedia(plan).empty());
        QVERIFY(isSo(other, "mediamap:4"));
    }

    void anEntryIsWrittenAsItsRowSays()
    {
        using namespace std::chrono_literals;
        look::MediaBrief row;
        row.state = look::CopyState::Exists;
        row.owner = 6;
        row.isResolved = true;
        const std::uint64_t media = minted(3600s, 1);
        const auto changed = [&](const look::MediaBrief &brief, std::optional<std::string> stands) {
            Plan plan;
            judgeEntry(plan, media, brief, {"mediamap:3", std::move(stands)}, {now, {}});
            return written(plan.changes).remove(QString::number(media));
        };
        QCOMPARE(changed(row, "6"), QString());
        QCOMPARE(changed(row, "5"), QStringLiteral("replaced  in mediamap:3: '6', was '5'"));
        QCOMPARE(changed(row, std::nullopt), QStringLiteral("added  in mediamap:3: '6', was ''"));
        row.state = look::CopyState::Deleted;
        QCOMPARE(changed(row, "6"), QStringLiteral("removed  in mediamap:3: '', was '6'"));
        QCOMPARE(changed(row, std::nullopt), QString());
    }

    void aGroupThatMayNotBeWrittenToSaysWhy_data()
    {
        QTest::addColumn<Break>("broken");
        QTest::addColumn<QString>("failed");
        const auto add = [](const char *row, Break broken, const char *failed) { QTest::newRow(row) << broken << failed; };
        add("all is well", [](GroupSeen &) {}, "");
        add("a replica does not answer",
            [](GroupSeen &seen) {
                seen.members.pop_back();
                seen.silent.emplace_back(base::ServerId("feeds-b"), base::Error{});
            },
            "");
        add("nobody is the primary", [](GroupSeen &seen) { seen.members.front().isPrimary = false; }, "one_primary takes_writes newest_term");
        add("two are", [](GroupSeen &seen) { seen.members.back().isPrimary = true; }, "one_primary takes_writes newest_term");
        add("it is braked", [](GroupSeen &seen) { seen.members.front().wantsReplicas = 2; }, "takes_writes");
        add("an operation runs, as a replica tells", [](GroupSeen &seen) { seen.members.back().operations = {"shardlens:operation:feeds:5:x"}; }, "no_operation");
        add("it has an older term", [](GroupSeen &seen) { seen.members.front().term = "6"; }, "newest_term");
        add("it has no term", [](GroupSeen &seen) { seen.members.front().term.clear(); }, "newest_term");
        add("the directory does not answer", [](GroupSeen &seen) { seen.directoryTrouble = "no answer"; }, "newest_term");
        add("no operation has raised it yet", [](GroupSeen &seen) { seen.directoryTerm.reset(); }, "");
        add("the directory lacks the last operation's", [](GroupSeen &seen) { seen.directoryTerm = 6; }, "");
        add("a replica knows a newer one", [](GroupSeen &seen) { seen.members.back().term = "8"; }, "newest_term");
    }
    void aGroupThatMayNotBeWrittenToSaysWhy()
    {
        QFETCH(Break, broken);
        QFETCH(QString, failed);
        fleet::RedisGroup group;
        group.name = base::GroupName("feeds");
        group.termKey = "shardlens:term";
        GroupSeen seen = healthy(group);
        broken(seen);
        QStringList told;
        for (const Check &check : groupChecks(seen)) {
            if (!check.passed)
                told << QString::fromUtf8(name(check.id).data());
        }
        QCOMPARE(told.join(QLatin1Char(' ')), failed);
        group.termKey.clear();
        QCOMPARE(groupChecks(seen).size(), std::size_t(3)); // a group without terms is not asked for one
    }

    void whatIsSentIsTold()
    {
        Plan plan;
        plan.list = ListWrite{"feed:1", {"1"}, {"3", "it's"}, 0, 0};
        plan.changes = listChanges(plan.list->before, plan.list->after);
        QCOMPARE(words(commandsOf(plan)), QStringLiteral("MULTI DEL feed:1 RPUSH feed:1 3 'it'\\''s' EXEC"));
        plan.list->expiresInMs = 60000;
        QVERIFY(words(commandsOf(plan)).endsWith(QStringLiteral("PEXPIRE feed:1 60000 EXEC")));
        plan.list->expiresInMs = 0;
        plan.list->after.clear();
        QCOMPARE(words(commandsOf(plan)), QStringLiteral("MULTI DEL feed:1 EXEC"));
        plan.list.reset();
        plan.fields = {{"mediamap:3", "77", "5", "6"}, {"mediamap:3", "78", "5", std::nullopt}};
        QCOMPARE(words(commandsOf(plan)), QStringLiteral("MULTI HSET mediamap:3 77 6 HDEL mediamap:3 78 EXEC"));
        plan.changes.clear();
        QVERIFY(commandsOf(plan).empty());
    }

    void aJournalTellsWhatStoodThere()
    {
        Kept kept;
        kept.id = "feed-1";
        kept.plan.intent.user = minted(base::seconds(1), 1);
        kept.plan.intent.caseNumber = "48213";
        kept.plan.group = base::GroupName("feeds");
        kept.plan.primary = base::ServerId("feeds-a");
        kept.plan.term = 7;
        kept.plan.list = ListWrite{"feed:1", {"3", "it's \"odd\""}, {"3", "2"}, 500, 60000};
        kept.plan.changes = listChanges(kept.plan.list->before, kept.plan.list->after);
        kept.by = "oncall1";
        kept.reason = "a ticket";
        kept.at = now;
        const auto open = keptIn("feed-1", {planLine(kept)});
        QVERIFY(open);
        QVERIFY(*open == kept);
        // Others wrote meanwhile: the newest line is what was written.
        Kept later = kept;
        later.plan.list->before.insert(later.plan.list->before.begin(), "4");
        later.plan.changes = listChanges(later.plan.list->before, later.plan.list->after);
        const auto done = keptIn("feed-1", {planLine(kept), planLine(later), endLine(Kept::End::Written, {})});
        later.end = Kept::End::Written;
        QVERIFY(done && *done == later);
        const auto undone = keptIn("feed-1", {planLine(kept), endLine(Kept::End::Written, {}), endLine(Kept::End::Undone, "feed-2")});
        QVERIFY(undone && undone->end == Kept::End::Undone);
        kept.plan.list.reset();
        kept.plan.fields = {{"mediamap:3", "77", std::nullopt, "6"}};
        kept.plan.changes = fieldChanges(kept.plan.fields);
        QVERIFY(*keptIn("feed-1", {planLine(kept)}) == kept);
        QVERIFY(!keptIn("feed-1", {}) && !keptIn("feed-1", {"{}"}) && !keptIn("feed-1", {"no line"}));
    }

    void findingsLeadToWhatPutsThemRight()
    {
        look::Answer answer;
        answer.media.emplace();
        answer.media->id = 42;
        const auto commands = [&] {
            QStringList out;
            for (const Remedy &remedy : remediesOf(answer))
                out << QString::fromStdString(commandFor(remedy));
            return out.join(QStringLiteral(" | "));
        };
        for (const char *region : {"us-east", "eu-west"}) {
            look::RegionRow row;
            row.region = base::RegionName(region);
            row.cached = look::CachedCopy{};
            row.cached->key = "m:42";
            row.cached->state = look::CopyState::Exists;
            answer.regions.push_back(row);
        }
        QCOMPARE(commands(), QString());
        answer.verdict.findings = {{look::Amiss::RowBehind, {base::RegionName("eu-west")}, {}, {}, {}, 0}};
        QCOMPARE(commands(), QString()); // it catches up
        answer.verdict.findings = {{look::Amiss::StaleCopy, {base::RegionName("eu-west")}, {}, {}, {}, 0}, {look::Amiss::MapOtherOwner, {}, {}, {}, {}, 7}};
        QCOMPARE(commands(), QStringLiteral("cache delete m:42 --region eu-west | mediamap mend --media 42"));
        answer.verdict.findings = {{look::Amiss::StillShown, {base::RegionName("us-east"), base::RegionName("eu-west")}, {}, {}, {}, 0}};
        QCOMPARE(commands(), QStringLiteral("cache delete m:42 --all"));
        QVERIFY(!mapIsWrong(answer));
    }
};

QTEST_APPLESS_MAIN(MendPlanTest)
#include "test_mend_plan.moc"
