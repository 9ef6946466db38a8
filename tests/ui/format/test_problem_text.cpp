// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Snapshots.h"
#include "ui/format/BacklogText.h"
#include "ui/format/Headline.h"
#include "ui/format/MovePrice.h"
#include "ui/format/ProblemText.h"

#include <QRegularExpression>
#include <QTest>

using namespace shardlens;
using namespace shardlens::ui::format;
using namespace std::chrono_literals;
using facts::Problem;
using facts::Rule;
using facts::Severity;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

constexpr auto kNow = base::UtcTime(std::chrono::sys_days{std::chrono::November / 21 / 2026} + 3h + 14min + 14s);

/// One users cluster in two regions behind one router a region.
std::shared_ptr<fleet::Fleet> smallFleet()
{
    auto fleet = std::make_shared<fleet::Fleet>();
    fleet->name = "small";
    for (const char *region : {"us-east", "us-west"}) {
        const base::RegionName name{region};
        fleet->regions.push_back({name});
        for (const char *kind : {"u1-", "router-"}) {
            fleet::Server server;
            server.id = base::ServerId(std::string(kind) + region);
            server.kind = kind[0] == 'u' ? fleet::ServerKind::Postgres : fleet::ServerKind::Pgbouncer;
            server.region = name;
            fleet->servers.push_back(server);
        }
        fleet->routers.push_back({base::ServerId(std::string("router-") + region), name});
    }
    fleet->partitions.push_back({base::PartitionName("users"), "insta{shard}", 1024, {}});
    fleet->clusters.push_back({base::ClusterName("u1"),
                               base::PartitionName("users"),
                               base::RegionName("us-east"),
                               {base::ServerId("u1-us-east"), base::ServerId("u1-us-west")},
                               "insta"});
    return fleet;
}

facts::Snapshot snapshotOf(std::size_t answering)
{
    facts::Snapshot snapshot;
    snapshot.fleet = smallFleet();
    snapshot.takenAt = base::Instant(1h);
    snapshot.observingSince = snapshot.takenAt - 10s;
    snapshot.takenUtc = kNow;
    std::size_t i = 0;
    for (const fleet::Server &server : snapshot.fleet->servers) {
        auto observation = std::make_shared<facts::Observation>();
        observation->server = server.id;
        if (i++ < answering) {
            observation->reach.state = facts::ReachState::Answering;
            observation->sampledAt = snapshot.takenAt - 400ms;
        }
        snapshot.servers[server.id] = observation;
    }
    for (const char *region : {"us-east", "us-west"}) {
        facts::RouterFacts router;
        router.server = base::ServerId(std::string("router-") + region);
        router.region = base::RegionName(region);
        for (const bool reads : {false, true}) {
            facts::RouterTarget target;
            target.cluster = base::ClusterName("u1");
            target.forReads = reads;
            target.leadsTo = base::ServerId(reads ? "u1-us-west" : "u1-us-east");
            target.right = true;
            router.targets.push_back(target);
        }
        snapshot.routers.push_back(router);
    }
    return snapshot;
}

Problem primaryDown()
{
    Problem problem;
    problem.rule = Rule::PrimaryDown;
    problem.severity = Severity::Critical;
    problem.place.cluster = base::ClusterName("u1");
    problem.place.server = base::ServerId("u1-us-east");
    problem.since = {kNow - 33s, true};
    problem.impact.harm = facts::Harm::WritesRefused;
    problem.impact.service = facts::Service::Shards;
    problem.impact.shards = {{base::PartitionName("users"), 512, 1024}};
    problem.impact.userShare = 0.48;
    problem.alsoSeenBy = {base::ServerId("u1-us-west"), base::ServerId("router-us-east")};
    problem.consequences.resize(7);
    return problem;
}

} // namespace

class TestProblemText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRuleFitsItsRow_data()
    {
        QTest::addColumn<int>("rule");
        for (int rule = 0; rule <= int(facts::lastRule); ++rule)
            QTest::newRow(qPrintable(QStringLiteral("rule %1").arg(rule))) << rule;
    }
    void everyRuleFitsItsRow()
    {
        QFETCH(int, rule);
        const facts::Snapshot snapshot = snapshotOf(4);
        // Names as long as they come: the row's form still fits and still names something.
        Problem problem = primaryDown();
        problem.rule = Rule(rule);
        problem.place.cluster = base::ClusterName("users-shards-of-north-america-07");
        problem.place.server = base::ServerId("users-shards-of-north-america-07-us-east-standby");
        problem.detail = "users-shards-of-north-america-07-read-only-database";
        problem.evidence = {{"last_message_age", base::microseconds(33'000'000), std::nullopt, base::ServerId("u1-us-west"), snapshot.takenAt}};
        const ProblemText words = problemText(problem, snapshot);
        QVERIFY2(!words.line1.isEmpty() && words.line1.size() <= ProblemText::kLine1, qPrintable(words.line1));
        QVERIFY2(!words.line2.isEmpty() && words.line2.size() <= ProblemText::kLine2, qPrintable(words.line2));
        QVERIFY2(!words.button.isEmpty() && words.button.size() <= ProblemText::kButton, qPrintable(words.button));
        QVERIFY2(words.toDo != QLatin1String("Read the evidence."), "this rule has no words of its own");
        QVERIFY(!words.toDo.isEmpty());
        for (const QString &text : {words.line1, words.line2, words.sentence, words.toDo, words.button}) {
            QVERIFY2(!text.contains(QLatin1Char('%')) || text.contains(QStringLiteral("users")), qPrintable(text));
            QVERIFY2(!text.contains(QLatin1Char('!')), qPrintable(text));
            QVERIFY2(!text.contains(QStringLiteral("  ")), qPrintable(text));
        }
    }

    /// Every problem of every fixture, consequences too: whole sentences, within their limits.
    void fixturesReadWell_data()
    {
        QTest::addColumn<facts::SnapshotPtr>("snapshot");
        QTest::newRow("well") << fixtures::well();
        QTest::newRow("incident") << fixtures::incident();
        QTest::newRow("lagging") << fixtures::lagging();
        QTest::newRow("slow region") << fixtures::slowRegion();
        QTest::newRow("partly down") << fixtures::partlyDown();
        QTest::newRow("asking") << fixtures::asking();
        QTest::newRow("all down") << fixtures::allDown();
        QTest::newRow("drifted") << fixtures::drifted();
    }
    void fixturesReadWell()
    {
        QFETCH(facts::SnapshotPtr, snapshot);
        const Headline headline = headlineFor(*snapshot);
        QVERIFY(headline.sentence.endsWith(QLatin1Char('.')));
        QStringList told{plain(headline.sentence + QStringLiteral(" | ") + headline.note + QStringLiteral(" | ") + headline.aside)};
        std::vector<Problem> all = snapshot->problems;
        for (const Problem &problem : snapshot->problems)
            all.insert(all.end(), problem.consequences.begin(), problem.consequences.end());
        for (const Problem &problem : all) {
            const ProblemText words = problemText(problem, *snapshot);
            told << plain(words.line1 + QStringLiteral(" | ") + words.line2 + QStringLiteral(" | ") + words.sentence);
            QVERIFY2(words.line1.size() <= ProblemText::kLine1 && words.line2.size() <= ProblemText::kLine2, qPrintable(told.last()));
            for (const QString &text : {words.line1, words.line2, words.sentence}) {
                QVERIFY2(!text.isEmpty() && !text.contains(QStringLiteral("  ")) && !text.contains(QStringLiteral("..")), qPrintable(told.last()));
                QVERIFY2(!text.contains(QLatin1Char('_')) || problem.rule == Rule::FactUnknown || problem.rule == Rule::ShardDrift, qPrintable(told.last()));
            }
        }
        if (qEnvironmentVariableIsSet("SHARDLENS_PRINT"))
            qInfo().noquote() << told.join(QStringLiteral("\n    "));
    }

    void primaryDownReadsAsWritten()
    {
        facts::Snapshot snapshot = snapshotOf(4);
        const ProblemText words = problemText(primaryDown(), snapshot);
        QCOMPARE(words.line1, "u1 takes no writes: u1-us-east does not answer");
        QCOMPARE(words.button, QStringLiteral("Plan failover…"));
        QCOMPARE(plain(words.sentence), "u1 takes no writes: its primary u1-us-east has not answered since 03:13:41Z (33 s). 512 of 1,024 users shards, about "
                                        "48 % of users. It is lost to u1-us-west and router-us-east too.");
    }

    /// The standbys as one, and whose routers agree, as far as there is room.
    void whoElseLostAPrimary_data()
    {
        QTest::addColumn<QStringList>("others");
        QTest::addColumn<int>("folded");
        QTest::addColumn<QString>("line");
        const QStringList standbys{"u1-us-west", "u1-eu-west"};
        QTest::newRow("both standbys") << standbys << 6 << "Both standbys lost it too";
        QTest::newRow("and a router") << standbys + QStringList{"router-us-east"} << 0 << "Both standbys lost it too, and router-us-east";
        QTest::newRow("and all routers") << standbys + QStringList{"router-us-east", "router-us-west", "router-eu-west"} << 6 << "Both standbys lost it too, and 3 routers";
        QTest::newRow("a standby and a router") << QStringList{"u1-us-west", "router-us-east"} << 0 << "Lost to u1-us-west and router-us-east too";
    }
    void whoElseLostAPrimary()
    {
        QFETCH(QStringList, others);
        QFETCH(int, folded);
        QFETCH(QString, line);
        Problem problem = fixtures::incident()->problems.front();
        problem.consequences.resize(std::size_t(folded));
        problem.alsoSeenBy.clear();
        for (const QString &other : others)
            problem.alsoSeenBy.emplace_back(other.toStdString());
        const QString told = plain(problemText(problem, *fixtures::incident()).line2);
        QVERIFY2(told == line || told.startsWith(line + QStringLiteral(". ")), qPrintable(told));
    }

    void aRedisThatRefusesWritesSaysWhyAndWhatToDo_data()
    {
        QTest::addColumn<int>("rule");
        QTest::addColumn<QString>("reading");
        QTest::addColumn<QString>("line1");
        QTest::addColumn<QString>("line2");
        QTest::addColumn<QString>("toDo");
        QTest::newRow("a save failed") << int(Rule::RedisNotSaved) << "last_save" << "feeds-us-east refuses writes: save failed" << "It is set to refuse writes after a failed save" << "BGSAVE";
        QTest::newRow("it cannot append") << int(Rule::RedisNotSaved) << "last_append" << "feeds-us-east refuses writes: save failed" << "Its append-only file cannot be written" << "append";
        QTest::newRow("too few replicas") << int(Rule::RedisReplicasMissing) << "good_replicas" << "feeds-us-east refuses writes: too few replicas" << "1 of 2 wanted replicas acknowledge in time"
                                          << "min-replicas-to-write";
    }
    void aRedisThatRefusesWritesSaysWhyAndWhatToDo()
    {
        QFETCH(int, rule);
        QFETCH(QString, reading);
        QFETCH(QString, line1);
        QFETCH(QString, line2);
        QFETCH(QString, toDo);
        Problem problem;
        problem.rule = Rule(rule);
        problem.severity = Severity::Critical;
        problem.place.group = base::GroupName("feeds");
        problem.place.server = base::ServerId("feeds-us-east");
        problem.since = {kNow - 33s, true};
        problem.impact.harm = facts::Harm::WritesRefused;
        problem.impact.service = facts::Service::Feeds;
        if (problem.rule == Rule::RedisNotSaved)
            problem.evidence = {{reading.toStdString(), std::string("failed"), std::nullopt, {}, std::nullopt}};
        else
            problem.evidence = {{"good_replicas", std::int64_t(1), std::nullopt, {}, std::nullopt}, {"min_replicas_to_write", std::int64_t(2), std::nullopt, {}, std::nullopt}};
        const ProblemText words = problemText(problem, *fixtures::well());
        QCOMPARE(words.line1, line1);
        QCOMPARE(words.line2, line2);
        QVERIFY2(words.toDo.contains(toDo), qPrintable(words.toDo));
    }

    /// The bound that a configuration's age gives is not the time that observing began.
    void aBoundIsCalledObservingOnlyWhereItIs()
    {
        facts::Snapshot snapshot = snapshotOf(4);
        snapshot.observingSinceUtc = kNow - 10s;
        Problem problem = primaryDown();
        problem.since = {kNow - 33s, false};
        QVERIFY2(problemText(problem, snapshot).sentence.contains("since before 03:13:41Z (over"), qPrintable(problemText(problem, snapshot).sentence));
        snapshot.observingSinceUtc = problem.since.at;
        QVERIFY2(problemText(problem, snapshot).sentence.contains("since before 03:13:41Z, when observing began (over"), qPrintable(problemText(problem, snapshot).sentence));
    }

    void cachesThatDoNotFollowReadAsWritten_data()
    {
        QTest::addColumn<int>("rule");
        QTest::addColumn<QString>("detail");
        QTest::addColumn<bool>("hasOlder");
        QTest::addColumn<bool>("hasRowless");
        QTest::addColumn<QString>("told"); ///< a part of the sentence, or of the second line
        QTest::newRow("clients leave a member within the bound") << int(Rule::CacheHeldBack) << "away" << false << false << "Clients stop reading from cache-us-east-1 within 6 s: the invalidator of us-east has not reached it since ";
        QTest::newRow("older items") << int(Rule::CacheStale) << "" << true << false << "are older than their rows since ";
        QTest::newRow("items of deleted rows among them") << int(Rule::CacheStale) << "" << true << true << "are older than their rows, or without one since ";
        QTest::newRow("nothing but these: what is the oldest is not known") << int(Rule::CacheStale) << "" << false << true << "The rows of 3 are deleted";
    }
    void cachesThatDoNotFollowReadAsWritten()
    {
        QFETCH(int, rule);
        QFETCH(QString, detail);
        QFETCH(bool, hasOlder);
        QFETCH(bool, hasRowless);
        QFETCH(QString, told);
        Problem problem = primaryDown();
        problem.rule = Rule(rule);
        problem.place = {};
        problem.place.region = base::RegionName("us-east");
        problem.place.server = base::ServerId("cache-us-east-1");
        problem.detail = detail.toStdString();
        problem.impact = {};
        problem.alsoSeenBy.clear();
        problem.consequences.clear();
        problem.evidence = {{"stale_share", 0.004, std::nullopt, base::ServerId("invalidator-us-east"), std::nullopt}};
        if (hasRowless)
            problem.evidence.push_back({"items_without_row", std::int64_t(3), std::nullopt, base::ServerId("invalidator-us-east"), std::nullopt});
        if (hasOlder)
            problem.evidence.push_back({"oldest_stale_for", base::microseconds(14min), std::nullopt, base::ServerId("invalidator-us-east"), std::nullopt});
        const ProblemText words = problemText(problem, snapshotOf(4));
        const QString all = plain(words.sentence + QStringLiteral(" | ") + words.line2);
        QVERIFY2(all.contains(told), qPrintable(all));
    }

    void theSmallestActMendsIt_data()
    {
        QTest::addColumn<int>("rule");
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QString>("reading");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("act");
        QTest::addColumn<QString>("button");
        QTest::newRow("a paused router is resumed") << int(Rule::RouterPaused) << "u1" << "paused" << "yes" << "router_resume u1-us-east u1 " << "Resume router…";
        QTest::newRow("a disabled one is not") << int(Rule::RouterPaused) << "u1" << "disabled" << "yes" << "" << "";
        QTest::newRow("a router that leads elsewhere is pointed to the primary") << int(Rule::RouterMisdirected) << "u1" << "primary" << "u1-eu-west" << "router_point u1-us-east u1 u1-eu-west" << "Point router…";
        QTest::newRow("a paused replay goes on") << int(Rule::ReplayPaused) << "" << "replay" << "paused" << "replay_resume u1-us-east  " << "Resume replay…";
        QTest::newRow("a left-over brake is lifted") << int(Rule::ReadOnly) << "" << "brake" << "on" << "brake_lift u1-us-east  " << "Lift brake…";
        QTest::newRow("an abandoned slot is dropped") << int(Rule::SlotFilling) << "left_over" << "slot_active" << "no" << "slot_drop u1-us-east left_over " << "Drop slot…";
        QTest::newRow("a slot that is read is not") << int(Rule::SlotFilling) << "left_over" << "slot_active" << "yes" << "" << "";
        QTest::newRow("a standby whose slot is lost is rebuilt") << int(Rule::SlotFilling) << "" << "wal_status" << "lost" << "standby_rebuild u1-us-east  " << "Rebuild standby…";
        QTest::newRow("a standby's is not") << int(Rule::SlotFilling) << "" << "slot_active" << "no" << "" << "";
    }
    void theSmallestActMendsIt()
    {
        QFETCH(int, rule);
        QFETCH(QString, subject);
        QFETCH(QString, reading);
        QFETCH(QString, value);
        QFETCH(QString, act);
        QFETCH(QString, button);
        Problem problem = primaryDown();
        problem.rule = Rule(rule);
        problem.subject = subject.toStdString();
        problem.evidence = {{reading.toStdString(), value.toStdString(), std::nullopt, base::ServerId(value.toStdString()), std::nullopt}};
        const auto intent = planOf(problem);
        const auto *small = intent ? std::get_if<operate::SmallAct>(&*intent) : nullptr;
        const std::string told = small ? std::string(operate::name(small->act)) + " " + small->on.text() + " " + small->object + " " + small->to.text() : std::string();
        QCOMPARE(QString::fromStdString(told), act);
        const QString shown = problemText(problem, snapshotOf(4)).button;
        QVERIFY2(act.isEmpty() ? !shown.endsWith(QChar(0x2026)) : shown == button, qPrintable(shown));
    }

    void lastProblemIsNamed()
    {
        facts::Snapshot snapshot = snapshotOf(4);
        snapshot.ended = {primaryDown()};
        snapshot.ended[0].since.at = kNow - 37min;
        snapshot.endedAt = {kNow - 33min};
        QCOMPARE(plain(headlineFor(snapshot).note), "Last problem ended 02:41Z (u1, 4 min).");
        QCOMPARE(plain(lastedText(snapshot.ended[0], snapshot.endedAt[0])), "lasted 4 min");
    }

    void aBacklogHasADirectionAndAnEnd_data()
    {
        using State = facts::StandbyState;
        QTest::addColumn<int>("state");
        QTest::addColumn<qint64>("behind"); // MiB; negative: not known
        QTest::addColumn<double>("pace");   // MiB/s
        QTest::addColumn<int>("fullIn");    // minutes; 0: it does not fill
        QTest::addColumn<QString>("sentence");
        QTest::newRow("its slot fills") << int(State::Streaming) << qint64(312) << 2.1 << 17 << "u1-eu-west is 312 MiB behind, growing 2.10 MiB/s; its slot reaches its limit at 03:31Z.";
        QTest::newRow("grows") << int(State::Streaming) << qint64(312) << 2.1 << 0 << "u1-eu-west is 312 MiB behind, growing 2.10 MiB/s.";
        QTest::newRow("shrinks") << int(State::CatchingUp) << qint64(720) << -2.0 << 0 << "u1-eu-west is 720 MiB behind, caught up in about 6 min.";
        QTest::newRow("steady") << int(State::Streaming) << qint64(312) << 0.0 << 0 << "u1-eu-west is 312 MiB behind, steady.";
        QTest::newRow("paused") << int(State::Paused) << qint64(312) << 2.1 << 0 << "u1-eu-west is 312 MiB behind, replay paused, growing 2.10 MiB/s.";
        QTest::newRow("cut off") << int(State::NotStreaming) << qint64(312) << 0.0 << 17 << "u1-eu-west is 312 MiB behind, not streaming; its slot reaches its limit at 03:31Z.";
        QTest::newRow("only its end is known") << int(State::NotStreaming) << qint64(-1) << 0.0 << 17 << "The slot of u1-eu-west reaches its limit at 03:31Z.";
        QTest::newRow("nothing is known") << int(State::Unknown) << qint64(-1) << 0.0 << 0 << "";
    }
    void aBacklogHasADirectionAndAnEnd()
    {
        QFETCH(int, state);
        QFETCH(qint64, behind);
        QFETCH(double, pace);
        QFETCH(int, fullIn);
        QFETCH(QString, sentence);
        facts::StandbyLag lag;
        lag.standby = base::ServerId("u1-eu-west");
        lag.state = facts::StandbyState(state);
        if (behind >= 0)
            lag.behind = base::Bytes{std::int64_t(behind) << 20};
        lag.backlogBytesPerSecond = pace * (1 << 20);
        if (fullIn > 0)
            lag.slotFullIn = base::microseconds(std::chrono::minutes(fullIn));
        QCOMPARE(plain(backlogSentence(lag, kNow)), sentence);
    }

    void aDirectionThatIsNotKnownIsSaid()
    {
        facts::StandbyLag lag;
        lag.standby = base::ServerId("u1-eu-west");
        lag.state = facts::StandbyState::Streaming;
        lag.behind = base::Bytes{312 << 20};
        QCOMPARE(plain(backlogSentence(lag, kNow)), QStringLiteral("u1-eu-west is 312 MiB behind, whether it grows is not known."));
    }

    void aProblemTellsTheBacklogsThatItHoldsBack()
    {
        const auto lagging = fixtures::lagging();
        QCOMPARE(lagging->problems.size(), std::size_t(2));
        QCOMPARE(plain(backlogLines(lagging->problems[0], *lagging).join(QLatin1Char('|'))), QStringLiteral("u1-us-west is 38.4 MiB behind, growing 2.10 MiB/s; its slot reaches its limit at 06:34Z."));
        QCOMPARE(plain(backlogLines(lagging->problems[1], *lagging).join(QLatin1Char('|'))), QStringLiteral("m2-us-west is 23.6 MiB behind, replay paused, growing 1.90 MiB/s."));
        // Of a slow region all whose streams lead into it or out of it; those that keep up are none.
        const auto slow = fixtures::slowRegion();
        QCOMPARE(int(slow->problems.front().rule), int(Rule::RegionSlow));
        const QStringList lines = backlogLines(slow->problems.front(), *slow);
        QCOMPARE(lines.size(), 4);
        QCOMPARE(plain(lines.first()), QStringLiteral("u1-eu-west is 12.6 MiB behind, steady."));
        QCOMPARE(lines.last(), QStringLiteral("and 4 more"));
        QVERIFY(backlogLines(fixtures::incident()->problems.front(), *fixtures::incident()).isEmpty());
    }

    void theTemptingMoveHasAPrice()
    {
        const auto slow = fixtures::slowRegion();
        const QString prices = plain(movePrices(slow->problems.front(), *slow).join(QLatin1Char('\n')));
        static const QRegularExpression tooLong(QStringLiteral("^A switchover of u2 now would hold writes for about [0-9.]+ s \\(limit 1\\.00 s\\): not offered\\.\n"
                                                               "A switchover of m2 now would hold writes for about [0-9.]+ s \\(limit 1\\.00 s\\): not offered\\.$"));
        QVERIFY2(tooLong.match(prices).hasMatch(), qPrintable(prices));
        const auto lagging = fixtures::lagging();
        const QStringList one = movePrices(lagging->problems.front(), *lagging);
        QVERIFY2(one.size() == 1 && one.front().startsWith(QStringLiteral("A switchover of u1 now would hold writes for about ")), qPrintable(one.join(QLatin1Char('\n'))));
        QVERIFY(movePrices(fixtures::incident()->problems.front(), *fixtures::incident()).isEmpty()); // its primary is gone: that is a failover
    }

    void aMoveThatIsShortHasAPriceAlone()
    {
        const auto well = fixtures::well();
        Problem slow;
        slow.rule = Rule::ServerSlow;
        slow.place.cluster = base::ClusterName("u1");
        slow.place.server = base::ServerId("u1-us-east");
        const QString price = plain(movePrices(slow, *well).join(QLatin1Char('\n')));
        QVERIFY2(price.startsWith(QStringLiteral("A switchover of u1 now would hold writes for about ")) && price.endsWith(QStringLiteral("s.")) && !price.contains(QStringLiteral("offered")), qPrintable(price));
    }
};

QTEST_APPLESS_MAIN(TestProblemText)
#include "test_problem_text.moc"
