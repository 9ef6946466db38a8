// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a feed's entries, why a photo is not in a feed, and what should be in it.
#include "core/inspect/lookup/FeedRules.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::inspect::lookup;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t user = 1;
constexpr std::uint64_t owner = 7;

base::UtcTime at(int second)
{
    return base::UtcTime(std::chrono::seconds(1'700'000'000 + second));
}

MediaBrief post(int second, std::uint64_t by = owner)
{
    MediaBrief brief;
    brief.state = CopyState::Exists;
    brief.isResolved = true;
    brief.owner = by;
    brief.caption = "hello";
    brief.at = at(second);
    return brief;
}

QString marksOf(const std::vector<FeedEntry> &entries)
{
    QStringList out;
    for (const FeedEntry &entry : entries) {
        QStringList marks;
        for (const Mark mark : entry.marks)
            marks << QString::fromUtf8(name(mark).data());
        out << QString::fromStdString(entry.raw) + (marks.isEmpty() ? QString() : QStringLiteral("(%1)").arg(marks.join(QLatin1Char(','))));
    }
    return out.join(QLatin1Char(' '));
}

QString listOf(const std::vector<std::uint64_t> &ids)
{
    QStringList out;
    for (const auto id : ids)
        out << QString::number(id);
    return out.join(QLatin1Char(' '));
}

/// Followed at 10, posted at 20, third in a feed of two regions.
FeedFacts wellFed()
{
    FeedFacts facts;
    facts.user = user;
    facts.media = 500;
    facts.trimmedTo = 10;
    facts.userExists = true;
    facts.row = post(20);
    facts.map = MapCopy{base::ServerId("mediamap-us-east"), 1, CopyState::Exists, owner};
    facts.followsSince = std::optional(at(10));
    facts.hasInverse = true;
    for (const char *region : {"us-east", "us-west"}) {
        RegionFeed feed;
        feed.region = base::RegionName(region);
        feed.server = base::ServerId(std::string("feeds-") + region);
        feed.isPrimary = facts.feeds.empty();
        feed.position = 2;
        feed.length = 10;
        feed.oldest = 400;
        facts.feeds.emplace_back(feed.region, feed);
    }
    return facts;
}

using Change = std::function<void(FeedFacts &)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class FeedRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void entriesAreMarked_data();
    void entriesAreMarked();
    void aPageIsJudgedAgainstAllThatStandsAboveIt();
    void privateCaptionsStayMasked();
    void theCauseIs_data();
    void theCauseIs();
    void aFeedIsComparedWithTheGraph();
    void whatWasPostedBeforeTheFollowMayBeThereOrNot();
};

void FeedRulesTest::entriesAreMarked_data()
{
    QTest::addColumn<QString>("entries");
    QTest::addColumn<bool>("isActivity");
    QTest::addColumn<QString>("above");
    QTest::addColumn<QString>("marked");
    QTest::newRow("as it should be") << "30 20 10" << false << ""
                                     << "30 20 10";
    QTest::newRow("the same twice") << "30 20 30 10" << false << ""
                                    << "30 20 30(duplicate) 10";
    QTest::newRow("an older one above") << "10 30 20" << false << ""
                                        << "10 30(misordered) 20";
    QTest::newRow("in order after the page before") << "20 10" << false << "30"
                                                    << "20 10";
    QTest::newRow("newer than the last of the page before") << "30 10" << false << "20"
                                                            << "30(misordered) 10";
    QTest::newRow("the last of the page before again") << "20 10" << false << "20"
                                                       << "20(duplicate) 10";
    QTest::newRow("nothing of it is there") << "30 29 10" << false << ""
                                            << "30 29(dangling) 10";
    QTest::newRow("deleted") << "30 28 10" << false << ""
                             << "30 28(deleted) 10";
    QTest::newRow("its owner is not followed") << "30 27 10" << false << ""
                                               << "30 27(unfollowed) 10";
    QTest::newRow("its shard did not answer: nothing is said against it") << "30 26 10" << false << ""
                                                                          << "30 26 10";
    QTest::newRow("no ID") << "30 x 10" << false << ""
                           << "30 x(garbled) 10";
    QTest::newRow("activities") << "l:30:5 c:30:5:77 f:5 l:20:6" << true << ""
                                << "l:30:5 c:30:5:77 f:5 l:20:6";
    QTest::newRow("activities that nobody understands") << "l:30 z:1 f: 30" << true << ""
                                                        << "l:30(garbled) z:1(garbled) f:(garbled) 30(garbled)";
    QTest::newRow("an activity about what is deleted") << "l:28:5" << true << ""
                                                       << "l:28:5(deleted)";
}

void FeedRulesTest::entriesAreMarked()
{
    QFETCH(QString, entries);
    QFETCH(bool, isActivity);
    QFETCH(QString, above);
    QFETCH(QString, marked);
    const FeedKind kind = isActivity ? FeedKind::Activity : FeedKind::Main;
    std::vector<FeedEntry> read;
    for (const QString &raw : entries.split(QLatin1Char(' ')))
        read.push_back(entryIn(raw.toStdString(), std::uint32_t(read.size()), kind));
    std::map<std::uint64_t, MediaBrief> media{{30, post(30)}, {20, post(20)}, {10, post(10)}, {27, post(27, 99)}};
    media[29].isResolved = true;
    media[28].isResolved = true;
    media[28].state = CopyState::Deleted;
    media[26] = {};
    std::vector<std::uint64_t> before;
    if (!above.isEmpty())
        before.push_back(above.toULongLong());
    markEntries(read, kind, media, Follows{{owner, at(0)}}, before, {});
    QCOMPARE(marksOf(read), marked);
}

void FeedRulesTest::aPageIsJudgedAgainstAllThatStandsAboveIt()
{
    std::vector<std::string> list;
    for (std::uint64_t id = 2000; id > 1000; --id)
        list.push_back(std::to_string(id));
    list.insert(list.begin() + 700, "1990"); // once more, on the second page of 500
    FeedQuestion question;
    question.offset = 500;
    question.limit = 500;
    QCOMPARE(firstToRead(question.offset), std::int64_t(0));
    std::vector<std::uint64_t> above;
    auto entries = entriesOf(question, {list.begin(), list.begin() + 1000}, 0, above);
    QCOMPARE(above.size(), std::size_t(500));
    QCOMPARE(entries.size(), std::size_t(500));
    QCOMPARE(entries.front().position, 500U);
    markEntries(entries, FeedKind::Main, {}, std::nullopt, above, {});
    for (const FeedEntry &entry : entries)
        QVERIFY2(entry.marks == (entry.position == 700 ? std::vector<Mark>{Mark::Duplicate} : std::vector<Mark>{}), entry.raw.c_str());
    // Far down only the entry above is known: nothing is said of what stands further up.
    QCOMPARE(firstToRead(20'000), std::int64_t(19'999));
    question.offset = 20'000;
    above.clear();
    entries = entriesOf(question, {"1990", "1980"}, 19'999, above);
    QCOMPARE(above, std::vector<std::uint64_t>{1990});
    QCOMPARE(entries.size(), std::size_t(1));
}

void FeedRulesTest::privateCaptionsStayMasked()
{
    std::vector<FeedEntry> read{entryIn("30", 0, FeedKind::Main), entryIn("20", 1, FeedKind::Main)};
    std::map<std::uint64_t, MediaBrief> media{{30, post(30)}, {20, post(20)}};
    media[30].isPrivate = true;
    markEntries(read, FeedKind::Main, media, std::nullopt, {}, {});
    QVERIFY(read[0].caption.isMasked && !read[0].caption.value);
    QVERIFY(!read[1].caption.isMasked && read[1].caption.value == "hello");
}

void FeedRulesTest::theCauseIs_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("steps");
    QTest::addColumn<QString>("cause");
    const auto add = [](const char *name, const Change &change, const char *steps, const char *cause) {
        QTest::newRow(name) << change << QString::fromUtf8(steps) << QString::fromUtf8(cause);
    };
    add(
        "it is in the feed everywhere", [](FeedFacts &) {}, "h h h h h h h h h", "");
    add(
        "there is no such user", [](FeedFacts &f) { f.userExists = false; }, "F h h h h h h h h", "user_exists");
    add(
        "deleted", [](FeedFacts &f) { f.row->state = CopyState::Deleted; }, "h F - - - - h h h", "media_exists");
    add(
        "the map names another owner", [](FeedFacts &f) { f.map->owner = 8; }, "h h F h h h h h h", "owner_known");
    add(
        "the owner is not followed",
        [](FeedFacts &f) {
            f.followsSince = std::optional<base::UtcTime>();
            for (auto &[region, feed] : f.feeds)
                feed->position.reset();
        },
        "h h h F - - h F -", "follows");
    add(
        "unfollowed, and still in the feed", [](FeedFacts &f) { f.followsSince = std::optional<base::UtcTime>(); }, "h h h F - - h h h", "follows");
    add(
        "followed after it was posted",
        [](FeedFacts &f) {
            f.followsSince = std::optional(at(30));
            for (auto &[region, feed] : f.feeds)
                feed->position.reset();
        },
        "h h h h F h h F -", "followed_first");
    add(
        "followed after it was posted, and filled in since", [](FeedFacts &f) { f.followsSince = std::optional(at(30)); }, "h h h h h h h h h", "");
    add(
        "the owner's list of followers lacks the user",
        [](FeedFacts &f) {
            f.hasInverse = false;
            for (auto &[region, feed] : f.feeds)
                feed->position.reset();
        },
        "h h h h h F h F -", "inverse");
    add(
        "trimmed: the feed is full of newer ones",
        [](FeedFacts &f) {
            for (auto &[region, feed] : f.feeds) {
                feed->position.reset();
                feed->oldest = 600;
            }
        },
        "h h h h h h F F -", "not_trimmed");
    add(
        "the fan-out never came: the feed is not full",
        [](FeedFacts &f) {
            for (auto &[region, feed] : f.feeds) {
                feed->position.reset();
                feed->length = 4;
                feed->oldest = 600;
            }
        },
        "h h h h h h h F -", "in_feed");
    add(
        "missing in one region", [](FeedFacts &f) { f.feeds[1].second->position.reset(); }, "h h h h h h h h F", "in_every_region");
    add(
        "one region is silent", [](FeedFacts &f) { f.feeds[1].second = facts::unknown(facts::WhyUnknown::ServerSilent, "feeds-us-west"); }, "h h h h h h h h ?", "");
    add(
        "the media's shard is silent", [](FeedFacts &f) { f.row->isResolved = false; }, "h ? ? - - - h h h", "");
    add(
        "the user's shard is silent",
        [](FeedFacts &f) {
            f.userExists = facts::unknown(facts::WhyUnknown::ServerSilent, "u1");
            f.followsSince = facts::unknown(facts::WhyUnknown::ServerSilent, "u1");
        },
        "? h h ? ? ? h h h", "");
}

void FeedRulesTest::theCauseIs()
{
    QFETCH(Change, change);
    QFETCH(QString, steps);
    QFETCH(QString, cause);
    FeedFacts facts = wellFed();
    change(facts);
    const FeedExplanation explanation = explainFeed(facts);
    QStringList letters;
    for (std::size_t i = 0; i < explanation.steps.size(); ++i) {
        QCOMPARE(int(explanation.steps[i].step), int(i)); // each once, in order
        letters << QString(QStringLiteral("hF?-")[int(explanation.steps[i].result)]);
    }
    QCOMPARE(letters.join(QLatin1Char(' ')), steps);
    QCOMPARE(explanation.cause ? QString::fromUtf8(name(explanation.steps[*explanation.cause].step).data()) : QString(), cause);
}

void FeedRulesTest::aFeedIsComparedWithTheGraph()
{
    const Follows follows{{owner, at(0)}};
    std::vector<Post> posts;
    std::map<std::uint64_t, MediaBrief> media;
    for (const std::uint64_t id : {10U, 20U, 30U, 40U, 50U}) {
        posts.push_back({id, owner, at(int(id))});
        media[id] = post(int(id));
    }
    media[45] = post(45, 99);    // of nobody who is followed
    media[44].isResolved = true; // of nothing
    media[43] = {};              // its shard did not answer
    FeedComparison comparison;
    compareFeed(comparison, {50, 45, 44, 43, 30, 40, 30}, posts, follows, media, 4);
    QCOMPARE(listOf(comparison.missing), QStringLiteral("20")); // 10 would be trimmed
    QCOMPARE(listOf(comparison.extra), QStringLiteral("45 44"));
    QCOMPARE(listOf(comparison.misordered), QStringLiteral("40"));
    QCOMPARE(listOf(comparison.duplicates), QStringLiteral("30"));
    QCOMPARE(comparison.expected, std::int64_t(4));
    QVERIFY(!comparison.agrees());
}

void FeedRulesTest::whatWasPostedBeforeTheFollowMayBeThereOrNot()
{
    const Follows follows{{owner, at(25)}};
    const std::vector<Post> posts{{30, owner, at(30)}, {20, owner, at(20)}};
    const std::map<std::uint64_t, MediaBrief> media{{30, post(30)}, {20, post(20)}};
    FeedComparison without;
    compareFeed(without, {30}, posts, follows, media, 0);
    QVERIFY(without.agrees());
    FeedComparison with;
    compareFeed(with, {30, 20}, posts, follows, media, 0);
    QVERIFY(with.agrees());
}

QTEST_GUILESS_MAIN(FeedRulesTest)
#include "test_feed_rules.moc"
