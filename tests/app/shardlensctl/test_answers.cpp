// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/AuditCommands.h"
#include "core/base/Iso8601.h"
#include "core/desk/AuditVerifying.h"
#include "app/shardlensctl/CampaignCommands.h"
#include "app/shardlensctl/Changes.h"
#include "app/shardlensctl/Deeds.h"
#include "app/shardlensctl/DenialWords.h"
#include "app/shardlensctl/HostAnswers.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/OperationCommands.h"
#include "app/shardlensctl/SmallActCommands.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Golden.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"
#include "ui/format/AuditText.h"
#include "ui/format/Headline.h"
#include "ui/format/OperationText.h"
#include "ui/format/ProblemText.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace shardlens;
using namespace shardlens::ctl;

Q_DECLARE_METATYPE(shardlens::ctl::Command)

namespace {

using Say = Answer (*)(const facts::Snapshot &, const Options &);

struct Named {
    const char *command;
    Say say;
};

constexpr Named commands[] = {
    {"status", statusOf}, {"problems", problemsOf}, {"servers", serversOf}, {"replication", replicationOf},
    {"shards", shardsOf}, {"routers", routersOf},   {"redis", redisOf},     {"cache show", cacheOf},
    {"readiness", readinessAnswer},
};

facts::SnapshotPtr makeSnapshot(const QString &name)
{
    if (name == QLatin1String("well"))
        return fixtures::well();
    if (name == QLatin1String("incident"))
        return fixtures::incident();
    if (name == QLatin1String("lagging"))
        return fixtures::lagging();
    if (name == QLatin1String("partly_down"))
        return fixtures::partlyDown();
    if (name == QLatin1String("drifted"))
        return fixtures::drifted();
    if (name == QLatin1String("asking"))
        return fixtures::asking();
    return fixtures::allDown();
}

/// Each is made once: making one plays minutes of a fleet.
facts::SnapshotPtr snapshotNamed(const QString &name)
{
    static std::map<QString, facts::SnapshotPtr> made;
    facts::SnapshotPtr &snapshot = made[name];
    if (!snapshot)
        snapshot = makeSnapshot(name);
    return snapshot;
}

QString goldenPath(const QString &name)
{
    return QStringLiteral(SHARDLENS_SOURCE_DIR "/tests/app/shardlensctl/golden/") + name + QStringLiteral(".txt");
}

void compareWithGolden(const QString &name, const std::string &text)
{
    fixtures::compareWithGolden(goldenPath(name), text);
}

} // namespace

class TestAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStateIsToldWhole_data();
    void aStateIsToldWhole();
    void statusTellsTheHeadlineAndWhoAnswered();
    void problemsAreToldWithTheirEvidence();
    void aHostIsToldWithWhatHasNoSecond();
    void waysThatFailAreAProblem();
    void aNewDirectoryIsNoTampering_data();
    void aNewDirectoryIsNoTampering();
    void whatWaitsForTheLogIsTold();
    void whatWasDoneIsTold();
    void theExitTellsAProblem_data();
    void theExitTellsAProblem();
    void jsonIsAnObjectALineWithTheSameKeys_data();
    void jsonIsAnObjectALineWithTheSameKeys();
    void aProblemAsJsonTellsWhatTheTextDoes();
    void redisTellsWhatIsKeptAndWhatIsSlow();
    void whatIsNotKnownIsNeverZero();
    void aColdPoolIsSaidByWhatWasKept();
    void driftAloneIsListed();
    void whatAStandbyToldIsSaid();
    void anUnknownPartitionIsAUsageError();
    void changesAreToldOnce();
    void hundredTicksOfChurnGiveOnlyChanges();
    void aTableAlignsItsColumns();
    void whatSentinelsSayIsTold();
    void aPlanIsTold_data();
    void aPlanIsTold();
    void aPlanAsJsonHasAllThatTheTextHas();
    void aRefusalNamesItsOption();
    void eachMoveOfAnEvacuationTellsItsPause();
    void aFailoverTellsItsOutageAndItsLoss();
    void aPreparationAndAWarmingAreTold();
};

void TestAnswers::aStateIsToldWhole_data()
{
    QTest::addColumn<QString>("snapshot");
    QTest::addColumn<QString>("command");
    const auto add = [](const char *snapshot, const char *command) {
        QTest::addRow("%s when %s", command, snapshot) << QString::fromLatin1(snapshot) << QString::fromLatin1(command);
    };
    // The words of problems and headlines are held elsewhere; here are the tables of the command line's own.
    add("incident", "replication");
    add("lagging", "replication");
    for (const char *command : {"servers", "replication", "routers", "redis", "cache show"})
        add("partly_down", command);
}

void TestAnswers::aStateIsToldWhole()
{
    QFETCH(QString, snapshot);
    QFETCH(QString, command);
    for (const Named &named : commands) {
        if (command == QLatin1String(named.command))
            compareWithGolden(QString(command).replace(QLatin1Char(' '), QLatin1Char('_')) + QLatin1Char('_') + snapshot,
                              named.say(*snapshotNamed(snapshot), {}).out);
    }
}

void TestAnswers::statusTellsTheHeadlineAndWhoAnswered()
{
    const auto incident = snapshotNamed(QStringLiteral("incident"));
    const QStringList lines = QString::fromStdString(statusOf(*incident, {}).out).split(QLatin1Char('\n'));
    QCOMPARE(lines.value(0), QStringLiteral("insta-main (production), seen from us-east, 2026-11-21 03:14:14Z"));
    QCOMPARE(lines.value(1), plain(ui::format::headlineFor(*incident).sentence));
    QCOMPARE(lines.value(2), QStringLiteral("32 of 33 servers answered."));
    QVERIFY2(lines.value(3).startsWith(QStringLiteral("Users by row estimates read ")), qPrintable(lines.value(3)));
    QVERIFY2(lines.value(6).startsWith(QStringLiteral("critical  u1")), qPrintable(lines.value(6)));
    QVERIFY(!QString::fromStdString(statusOf(*snapshotNamed(QStringLiteral("well")), {}).out).contains(QStringLiteral("SEVERITY")));
    const QString asking = QString::fromStdString(statusOf(*snapshotNamed(QStringLiteral("asking")), {}).out);
    QVERIFY2(asking.contains(QStringLiteral("0 of 33 servers answered.")) && !asking.contains(QStringLiteral("work")), qPrintable(asking));
}

void TestAnswers::problemsAreToldWithTheirEvidence()
{
    const auto incident = snapshotNamed(QStringLiteral("incident"));
    const QString told = QString::fromStdString(problemsOf(*incident, {}).out);
    QVERIFY2(told.startsWith(QStringLiteral("critical: ") + plain(ui::format::problemText(incident->problems.front(), *incident).sentence)),
             qPrintable(told));
    QCOMPARE(told.count(QStringLiteral("\n  - ")), qsizetype(incident->problems.front().evidence.size()));
    QCOMPARE(told.count(QStringLiteral("\n  > ")), qsizetype(incident->problems.front().consequences.size()));
    QCOMPARE(problemsOf(*snapshotNamed(QStringLiteral("well")), {}).out, std::string("No problem. 33 of 33 servers answered.\n"));
}

/// No rule has held for long enough to be told, and yet writes fail.
void TestAnswers::aHostIsToldWithWhatHasNoSecond()
{
    facts::Snapshot snapshot = *snapshotNamed(QStringLiteral("well"));
    auto fleet = std::make_shared<fleet::Fleet>(*snapshot.fleet);
    for (fleet::Host &host : fleet->hosts)
        host.reach = {}; // no way to ask it
    snapshot.fleet = fleet;
    ctl::Options options;
    options.subject = "mem1-us-east";
    const Answer told = hostAnswer(snapshot, options);
    QCOMPARE(int(told.exit), int(Exit::Problem)); // the region's only router is there
    QVERIFY2(QString::fromStdString(told.out).contains(QStringLiteral("Kernel not known: no way to the host mem1-us-east is declared.")), told.out.c_str());
    QVERIFY2(QString::fromStdString(told.out).contains(QStringLiteral("us-east has no other router.")), told.out.c_str());
    options.json = true;
    options.subject = "db1-us-east";
    const Answer json = hostAnswer(snapshot, options);
    QCOMPARE(int(json.exit), int(Exit::Well));
    const QJsonObject host = QJsonDocument::fromJson(QByteArray::fromStdString(json.out)).object();
    QVERIFY(host.value(QStringLiteral("kernel")).isNull() && !host.value(QStringLiteral("marked")).toBool());
    const QJsonArray servers = host.value(QStringLiteral("servers")).toArray();
    QCOMPARE(servers.size(), qsizetype(2));
    QCOMPARE(servers.at(0).toObject().value(QStringLiteral("part")).toString(), QStringLiteral("primary"));
    QCOMPARE(servers.at(0).toObject().value(QStringLiteral("others")).toArray().size(), qsizetype(2));
    options.subject = "db9";
    QCOMPARE(int(hostAnswer(snapshot, options).exit), int(Exit::Usage));
}

void TestAnswers::waysThatFailAreAProblem()
{
    facts::Snapshot snapshot = *snapshotNamed(QStringLiteral("well"));
    for (facts::ServingRow &row : snapshot.serving.rows) {
        for (facts::ServingCell &cell : row.cells) {
            if (row.of == facts::ServingOf::Writes && row.cluster.text() == "m1" && cell.region.text() == "us-west")
                cell.verdict = facts::ServingVerdict::Refused;
        }
    }
    QVERIFY(snapshot.problems.empty());
    const Answer told = statusOf(snapshot, {});
    QVERIFY2(told.out.find("Writes from us-west fail on m1.") != std::string::npos, told.out.c_str());
    QCOMPARE(int(told.exit), int(Exit::Problem));
    Options json;
    json.json = true;
    QCOMPARE(int(statusOf(snapshot, json).exit), int(Exit::Problem));
}

void TestAnswers::aNewDirectoryIsNoTampering_data()
{
    QTest::addColumn<QStringList>("kept"); ///< directories of the heads that were kept
    QTest::addColumn<QString>("directory");
    QTest::addColumn<int>("own");
    QTest::addColumn<int>("others");
    QTest::addColumn<bool>("isNew");
    QTest::newRow("nothing was kept") << QStringList{} << "7" << 0 << 0 << false;
    QTest::newRow("heads of this one") << QStringList{"7", "7"} << "7" << 2 << 0 << false;
    QTest::newRow("heads of before directories were named count") << QStringList{"", "7"} << "7" << 2 << 0 << false;
    QTest::newRow("unnamed ones alone: who knows") << QStringList{""} << "7" << 1 << 0 << false;
    QTest::newRow("all of another one: it was made anew") << QStringList{"", "6", "6"} << "7" << 0 << 3 << true;
    QTest::newRow("of both: this one was met before") << QStringList{"6", "7"} << "7" << 1 << 1 << false;
    QTest::newRow("it does not tell who it is: all count") << QStringList{"6"} << "" << 1 << 0 << false;
}

void TestAnswers::aNewDirectoryIsNoTampering()
{
    QFETCH(QStringList, kept);
    QFETCH(QString, directory);
    std::vector<facts::KeptHead> heads;
    for (const QString &of : kept)
        heads.push_back({{std::int64_t(heads.size()) + 1, "aa"}, of.toStdString()});
    const facts::HeadsHere here = facts::headsOf(heads, directory.toStdString());
    QTEST(int(here.own.size()), "own");
    QTEST(int(here.ofOthers), "others");
    QTEST(here.isNew, "isNew");
    facts::AuditChain chain(here.own);
    chain.end();
    const Answer told = auditAnswer(desk::verdictOf(chain, here), false);
    QCOMPARE(told.out.find("This is another directory") != std::string::npos, here.isNew);
    QCOMPARE(told.out.find("cut off") != std::string::npos, !here.own.empty()); // of its own heads, an empty log has none
    QCOMPARE(int(told.exit), int(here.isNew || !here.own.empty() ? Exit::Problem : Exit::Well));
}

void TestAnswers::whatWaitsForTheLogIsTold()
{
    using ui::format::auditWaitingText;
    QVERIFY(auditWaitingText({}, 0, "oncall1").isEmpty());
    QCOMPARE(auditWaitingText({}, 1, "oncall1"), QStringList{QStringLiteral("1 entry that waited on this machine stands in the log now.")});
    const base::Error silent{base::ErrorCode::TimedOut, "no answer within 1 s", {}, {}, {}};
    QCOMPARE(auditWaitingText({3, silent, {}}, 0, "oncall1"),
             QStringList{QStringLiteral("3 entries wait on this machine: they are written once the directory takes them. The directory does not answer (no answer within 1 s).")});
    const base::Error may{base::ErrorCode::NoRights, "not_prepared", {}, {}, {}};
    QVERIFY(auditWaitingText({1, may, {}}, 0, "oncall1").value(0).contains(QStringLiteral("directory.sql")));
    QVERIFY(auditWaitingText({0, {}, "/x.damaged"}, 0, "oncall1").value(0).contains(QStringLiteral("/x.damaged")));
}

void TestAnswers::whatWasDoneIsTold()
{
    facts::AuditRow row;
    row.at = fixtures::at(12, 0, 0);
    row.databaseUser = "oncall1";
    row.osUser = "anna";
    row.host = "ws3";
    row.action = "switchover begun";
    row.subject = "cluster u1";
    row.reason = "kernel upgrade";
    row.detail = R"({"operation":"u1-1","from":"u1-us-east","to":"u1-us-west"})";
    const auto begun = deedOf(row);
    QVERIFY(begun && !begun->hasEnded);
    QCOMPARE(begun->operation, std::string("u1-1"));
    QCOMPARE(begun->words.where, QStringLiteral("u1"));
    QCOMPARE(begun->words.what, QStringLiteral("switchover to u1-us-west begun by oncall1 (anna on ws3): kernel upgrade"));
    row.action = "switchover ended";
    row.detail = R"({"operation":"u1-1","to":"u1-us-west","outcome":"rolled_back","said":"late"})";
    const auto ended = deedOf(row);
    QVERIFY(ended && ended->hasEnded);
    QCOMPARE(ended->words.what, QStringLiteral("switchover to u1-us-west: rolled back. late"));
    QCOMPARE(ended->words.at, row.at);
    // One that waited for the directory stands where it was done, not where it was written.
    row.detail = R"({"operation":"u1-1","to":"u1-us-west","outcome":"done","written_later":{"at":"2026-11-28T03:04:05.678Z","database_user":"oncall1"}})";
    QCOMPARE(deedOf(row)->words.at, *base::parseIso("2026-11-28T03:04:05.678Z"));
    row.action = "look_up";
    QVERIFY(!deedOf(row));

    execute::Operation operation;
    operation.id = "u1-1";
    operation.cluster = base::ClusterName("u1");
    operation.to = base::ServerId("u1-us-west");
    operation.author = {"oncall1", "anna", "ws3"};
    operation.reason = "kernel upgrade";
    operation.beganAt = fixtures::at(12, 0, 0);
    QCOMPARE(deedsOf(operation, true).size(), std::size_t(1));
    QCOMPARE(deedsOf(operation, true).front().words.what, begun->words.what);
    operation.endedAt = fixtures::at(12, 1, 0);
    operation.outcome = execute::Outcome::Done;
    QCOMPARE(deedsOf(operation, false).back().words.at, fixtures::at(12, 1, 0));
    operation.act = operate::Act::ResumeRouter; // has no sentence of its own for that
    operation.on = base::ServerId("router-us-east");
    operation.to = {};
    QVERIFY2(deedsOf(operation, false).back().words.what.startsWith(QStringLiteral("router resume: ")) && !deedsOf(operation, false).back().words.what.endsWith(QStringLiteral(": ")),
             qPrintable(deedsOf(operation, false).back().words.what));
    operation.act = operate::Act::Switchover;
    operation.on = {};
    operation.to = base::ServerId("u1-us-west");

    facts::Snapshot snapshot = *snapshotNamed(QStringLiteral("well"));
    auto done = deedsOf(operation, false);
    for (Deed &deed : done)
        deed.words.at = snapshot.takenUtc - std::chrono::minutes(deed.hasEnded ? 5 : 6);
    const QString text = ui::format::timelineText(snapshot.takenUtc - std::chrono::minutes(10), {}, snapshot, {done[0].words, done[1].words});
    QVERIFY2(!text.contains(QStringLiteral("nothing that was seen")) && text.contains(begun->words.what), qPrintable(text));
}

void TestAnswers::theExitTellsAProblem_data()
{
    QTest::addColumn<QString>("snapshot");
    QTest::addColumn<QString>("problemIn"); ///< commands that end with 1
    QTest::newRow("all well") << "well"
                              << "";
    QTest::newRow("a primary down") << "incident"
                                    << "status problems servers replication routers readiness";
    QTest::newRow("two standbys behind") << "lagging"
                                         << "status problems replication";
    QTest::newRow("drift") << "drifted"
                           << "status problems shards";
    QTest::newRow("nothing answers") << "all_down"
                                     << "status problems servers replication routers redis";
    QTest::newRow("nothing asked yet") << "asking"
                                       << "status replication routers redis";
}

void TestAnswers::theExitTellsAProblem()
{
    QFETCH(QString, snapshot);
    QFETCH(QString, problemIn);
    QStringList found;
    for (const Named &named : commands) {
        const Answer answer = named.say(*snapshotNamed(snapshot), {});
        if (answer.exit == Exit::Problem)
            found << QLatin1String(named.command);
    }
    for (const QString &command : problemIn.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        QVERIFY2(found.contains(command), qPrintable(command));
    if (problemIn.isEmpty())
        QCOMPARE(found.join(QLatin1Char(' ')), QString());
}

void TestAnswers::jsonIsAnObjectALineWithTheSameKeys_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("of");   ///< the lines that have this key are of one kind; empty: all of the command's
    QTest::addColumn<QString>("keys"); ///< those that each of them has, also where nothing is known
    const auto add = [](const char *name, const char *command, const char *of, const char *keys) { QTest::newRow(name) << command << of << keys; };
    add("status", "status", "", "fleet environment from taken_at verdict headline servers_answered servers regions_not_seen critical warning unknown");
    add("problems", "problems", "",
        "id rule severity region server cluster redis_group pool since since_exact sentence to_do not_seen_since shards_affected shards_in_partition impact evidence consequences "
        "consequence_details claimed quieted evacuated maintenance");
    add("servers", "servers", "", "server kind region host address role state fresh answer_age_ms latency_ms last_answer_at silent_since error error_code fenced_by_guard_of fenced_since guard_said");
    add("replication", "replication", "",
        "cluster server region role fresh answer_age_ms timeline lsn commits_per_second wal_bytes_per_second upstream state lag_ms lag_rule behind_bytes not_sent_bytes "
        "not_written_bytes not_flushed_bytes not_replayed_bytes replayed_lsn receiver_message_age_ms heartbeat_age_ms slot_retained_bytes slot_limit_bytes slot_full_in_ms sync_state");
    add("shards", "shards", "", "schema partition number cluster declared observed_on drift size_bytes rows writes_per_second growth_bytes_per_day read_at read_on_standby");
    add("routers", "routers", "", "router region database cluster for leads_to right paused waiting transactions_per_second fresh answer_age_ms");
    add("redis", "redis", "",
        "redis_group holds server state fresh answer_age_ms role version offset used_memory_bytes max_memory_bytes keys evicted_keys append_only last_append_failed saves "
        "last_save_failed changes_since_save connected_clients link_up last_save_at slow_log encoding behind_bytes last_exchange_age_ms commands_per_second hit_ratio "
        "evictions_per_second");
    add("readiness", "readiness", "", "cluster act readiness primary best runner_up blocking amiss passed candidates");
    add("cache show", "cache show", "", "pool region server");
    add("cache show, a pool", "cache show", "servers_answered",
        "servers used_bytes limit_bytes hit_ratio client_hit_ratio gets_per_second evictions_per_second");
    add("cache show, a server", "cache show", "state",
        "fresh answer_age_ms version pid uptime_s items used_bytes limit_bytes connections max_connections misses evictions hit_ratio gets_per_second sets_per_second "
        "misses_per_second evictions_per_second expired_per_second flushed_per_second refused_fills_per_second slabs");
    add("cache show, an invalidator", "cache show", "invalidator", "fresh lag_p99_ms waiting deletes_per_second compared stale measured_ms_ago");
}

void TestAnswers::jsonIsAnObjectALineWithTheSameKeys()
{
    QFETCH(QString, command);
    QFETCH(QString, of);
    QFETCH(QString, keys);
    Options options;
    options.json = true;
    int lines = 0;
    for (const char *snapshot : {"well", "incident", "lagging", "partly_down", "drifted", "asking", "all_down"}) {
        for (const Named &named : commands) {
            if (command != QLatin1String(named.command))
                continue;
            for (const QString &line : QString::fromStdString(named.say(*snapshotNamed(QString::fromLatin1(snapshot)), options).out)
                                           .split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
                QJsonParseError error;
                const QJsonObject object = QJsonDocument::fromJson(line.toUtf8(), &error).object();
                QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(line));
                for (const QString &key : object.keys())
                    QVERIFY2(key == key.toLower() && !key.contains(QLatin1Char('-')), qPrintable(key));
                if (!of.isEmpty() && !object.contains(of))
                    continue;
                ++lines;
                for (const QString &key : keys.split(QLatin1Char(' ')))
                    QVERIFY2(object.contains(key), qPrintable(key + QStringLiteral(" in ") + line));
            }
        }
    }
    QVERIFY(lines > 0);
}

/// What the text tells of a problem, a program reads too.
void TestAnswers::aProblemAsJsonTellsWhatTheTextDoes()
{
    Options options;
    options.json = true;
    const auto incident = snapshotNamed(QStringLiteral("incident"));
    const QString told = QString::fromStdString(problemsOf(*incident, {}).out);
    bool hasToDo = false;
    bool hasFolded = false;
    bool hasAge = false;
    for (const QString &line : QString::fromStdString(problemsOf(*incident, options).out).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QJsonObject problem = QJsonDocument::fromJson(line.toUtf8()).object();
        const QString toDo = problem.value("to_do").toString();
        QVERIFY2(told.contains(toDo), qPrintable(toDo));
        hasToDo = hasToDo || !toDo.isEmpty();
        const QJsonArray ids = problem.value("consequences").toArray();
        const QJsonArray details = problem.value("consequence_details").toArray();
        QCOMPARE(details.size(), ids.size());
        for (int i = 0; i < ids.size(); ++i) {
            const QJsonObject one = details.at(i).toObject();
            QCOMPARE(one.value("id"), ids.at(i));
            QVERIFY(!one.value("rule").toString().isEmpty() && !one.value("severity").toString().isEmpty() && !one.value("sentence").toString().isEmpty());
            hasFolded = true;
        }
        for (const auto &evidence : problem.value("evidence").toArray()) {
            for (const char *key : {"reading", "value", "limit", "unit", "source", "age_ms"})
                QVERIFY2(evidence.toObject().contains(QLatin1String(key)), key);
            hasAge = hasAge || evidence.toObject().value("age_ms").isDouble();
        }
    }
    QVERIFY(hasToDo && hasFolded && hasAge);
}

/// What the console tells of how a Redis server keeps its data, and of what is slow there.
void TestAnswers::redisTellsWhatIsKeptAndWhatIsSlow()
{
    const auto troubled = fixtures::servicesTroubled();
    const QString told = QString::fromStdString(redisOf(*troubled, {}).out);
    QVERIFY2(told.contains(QStringLiteral("ZRANGE 48 ms")) && told.contains(QStringLiteral("hashtable")) && told.contains(QStringLiteral("off")), qPrintable(told));
    Options options;
    options.json = true;
    std::map<QString, QJsonObject> servers;
    for (const QString &line : QString::fromStdString(redisOf(*troubled, options).out).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QJsonObject one = QJsonDocument::fromJson(line.toUtf8()).object();
        servers[one.value("server").toString()] = one;
    }
    const QJsonArray slow = servers["feeds-us-east"].value("slow_log").toArray();
    QCOMPARE(slow.size(), 2);
    QCOMPARE(slow.first().toObject().value("command").toString(), QStringLiteral("ZRANGE"));
    QCOMPARE(slow.first().toObject().value("took_ms").toDouble(), 48.0);
    QVERIFY(servers["sessions-us-west"].value("slow_log").isNull());
    QCOMPARE(servers["sessions-us-west"].value("slow_log_unknown").toString(), QStringLiteral("no_rights: slowlog"));
    QCOMPARE(servers["mediamap-eu-west"].value("encoding").toString(), QStringLiteral("hashtable"));
    QVERIFY(servers["feeds-us-east"].value("last_save_at").toString().endsWith(QLatin1Char('Z')));
}

void TestAnswers::whatIsNotKnownIsNeverZero()
{
    Options options;
    options.json = true;
    const auto asking = snapshotNamed(QStringLiteral("asking"));
    for (const QString &line : QString::fromStdString(replicationOf(*asking, options).out).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QJsonObject object = QJsonDocument::fromJson(line.toUtf8()).object();
        QVERIFY2(object.value("lag_ms").isNull(), qPrintable(line));
        QVERIFY2(!object.value("lag_ms_unknown").toString().isEmpty(), qPrintable(line));
    }
    const QString text = QString::fromStdString(replicationOf(*asking, {}).out + cacheOf(*asking, {}).out);
    QVERIFY2(text.contains(QStringLiteral("unknown: ")), qPrintable(text));
    QVERIFY2(!text.contains(QStringLiteral("0.00 s")) && !text.contains(QStringLiteral(" 0 B")), qPrintable(text));
}

void TestAnswers::aColdPoolIsSaidByWhatWasKept()
{
    const auto well = snapshotNamed(QStringLiteral("well"));
    record::KeptSeries kept{{facts::Measure::CacheClientHitRatio, "cache-us-west"}, {}};
    for (int i = 0; i < 180; ++i) {
        const double hits = i < 160 ? 0.98 : 0.98 - 0.78 * std::pow(0.5, (i - 160) / 6.0);
        kept.series.push_back({well->takenUtc - base::seconds(10 * (180 - i)), hits, hits, hits, 1});
    }
    Answer answer;
    addColdPools(answer, *well, {kept}, {});
    const QString text = QString::fromStdString(answer.out).replace(QChar(0x202F), QLatin1Char(' '));
    QVERIFY2(text.startsWith(QStringLiteral("cache-us-west is cold: 89.31 % of its reads find something, usually 98.00 %; at this slope as usual in about 3 min. About ")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral(" /s more than usual go to the databases; the fullest of its read databases, ")) && text.endsWith(QStringLiteral("nobody waits for one.\n")), qPrintable(text));
    Options options;
    options.json = true;
    Answer told;
    addColdPools(told, *well, {kept}, options);
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(told.out)).object();
    QCOMPARE(object.value("pool").toString(), QStringLiteral("cache-us-west"));
    QVERIFY(object.value("warm_in_s").toInt() > 100 && object.value("database_reads_beyond_usual_per_second").toDouble() > 0);
    QVERIFY(object.value("most_connections").toInt() > object.value("connections").toInt());
    options.region = "us-east";
    Answer elsewhere;
    addColdPools(elsewhere, *well, {kept}, options);
    QCOMPARE(elsewhere.out, std::string());
}

void TestAnswers::driftAloneIsListed()
{
    Options options;
    options.driftOnly = true;
    const auto drifted = snapshotNamed(QStringLiteral("drifted"));
    const Answer answer = shardsOf(*drifted, options);
    QCOMPARE(answer.exit, Exit::Problem);
    compareWithGolden(QStringLiteral("shards_drift_drifted"), answer.out);
    options.partition = "media";
    const Answer media = shardsOf(*drifted, options);
    QCOMPARE(media.exit, Exit::Well);
    options.partition.clear();
    QCOMPARE(shardsOf(*snapshotNamed(QStringLiteral("well")), options).out, std::string("No drift in 2,048 shards.\n"));
}

void TestAnswers::whatAStandbyToldIsSaid()
{
    auto map = std::make_shared<facts::ShardMap>(*snapshotNamed(QStringLiteral("well"))->shardMap);
    map->readOnStandby[base::ClusterName("u1")] = base::ServerId("u1-us-west");
    auto snapshot = std::make_shared<facts::Snapshot>(*snapshotNamed(QStringLiteral("well")));
    snapshot->shardMap = map;
    const std::string words = "u1: as its standby u1-us-west tells; no primary answers.\n";
    Options options;
    QVERIFY(shardsOf(*snapshot, options).out.find(words) != std::string::npos);
    options.partition = "media";
    QVERIFY(shardsOf(*snapshot, options).out.find(words) == std::string::npos);
    options.json = true;
    QVERIFY(shardsOf(*snapshot, options).out.find(R"("read_on_standby":null)") != std::string::npos);
    options.partition = "users";
    QVERIFY(shardsOf(*snapshot, options).out.find(R"("read_on_standby":"u1-us-west")") != std::string::npos);
}

void TestAnswers::anUnknownPartitionIsAUsageError()
{
    Options options;
    options.partition = "user";
    const Answer answer = shardsOf(*snapshotNamed(QStringLiteral("well")), options);
    QCOMPARE(answer.exit, Exit::Usage);
    QVERIFY(answer.out.empty());
    QCOMPARE(answer.error, std::string("shards: there is no partition 'user'. Did you mean 'users'?\n"));
}

void TestAnswers::changesAreToldOnce()
{
    fixtures::World world(fixtures::defaultFleet(), fixtures::at(3, 13, 0));
    const auto before = world.run(10);
    QVERIFY(changesBetween(before.get(), *world.tick()).empty());
    world.silence("u1-us-east", base::ErrorCode::Refused, "connection refused");
    std::vector<std::string> kinds;
    auto last = before;
    for (int i = 0; i < 10; ++i) {
        const auto now = world.tick();
        for (const Change &change : changesBetween(last.get(), *now))
            kinds.push_back(change.kind + " " + change.subject);
        last = now;
    }
    QVERIFY(std::find(kinds.begin(), kinds.end(), "server_state u1-us-east") != kinds.end());
    QVERIFY(std::find_if(kinds.begin(), kinds.end(),
                         [](const std::string &kind) { return kind.rfind("problem_began primary_cut_off", 0) == 0; }) != kinds.end());
    QVERIFY(std::set<std::string>(kinds.begin(), kinds.end()).size() >= 2);
    world.answerAgain("u1-us-east");
    bool hasEnded = false;
    for (int i = 0; i < 30 && !hasEnded; ++i) {
        const auto now = world.tick();
        for (const Change &change : changesBetween(last.get(), *now))
            hasEnded = hasEnded || (change.kind == "problem_ended" && change.subject.rfind("primary_cut_off", 0) == 0);
        last = now;
    }
    QVERIFY(hasEnded);
}

void TestAnswers::hundredTicksOfChurnGiveOnlyChanges()
{
    fixtures::Churn churn;
    auto last = churn.next();
    std::set<std::string> open;
    for (const facts::Problem &problem : last->problems)
        open.insert(problem.id());
    for (int i = 1; i < fixtures::Churn::ticks; ++i) {
        const auto now = churn.next();
        for (const Change &change : changesBetween(last.get(), *now)) {
            QVERIFY2(!change.words.isEmpty() && change.before != change.after, change.subject.c_str());
            if (change.kind == "problem_began")
                QVERIFY2(open.insert(change.subject).second, "a problem begins once");
            if (change.kind == "problem_ended")
                QVERIFY2(open.erase(change.subject) == 1, "only what began ends");
        }
        QCOMPARE(changesSince(last.get(), *now, true).out.empty(), changesBetween(last.get(), *now).empty());
        last = now;
    }
}

void TestAnswers::whatSentinelsSayIsTold()
{
    fixtures::World world(fixtures::sentinelFleet("feeds"), fixtures::at(12, 0, 0));
    world.editSentinels([](facts::SentinelReport &report) {
        if (report.address.port == 26381)
            report.primary = report.replicas.back().address;
        if (report.address.port == 26380) {
            report.hasAnswered = false;
            report.reach.state = facts::ReachState::Down;
        }
    });
    const auto snapshot = world.run(3);
    Options options;
    const std::string told = redisOf(*snapshot, options).out;
    QVERIFY2(told.find("feeds: 2 of 3 Sentinels answer, 1 lead to feeds-us-east, 1 lead to feeds-eu-west, quorum 2\n") != std::string::npos, told.c_str());
    QVERIFY(told.find("mediamap: ") == std::string::npos);
    options.json = true;
    QStringList keys;
    int lines = 0;
    for (const QString &line : QString::fromStdString(redisOf(*snapshot, options).out).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QJsonObject one = QJsonDocument::fromJson(line.toUtf8()).object();
        if (!one.contains(QStringLiteral("sentinel")))
            continue;
        QVERIFY(lines == 0 || keys == one.keys());
        keys = one.keys();
        const bool isSilent = one.value("sentinel").toString().endsWith(QStringLiteral(":26380"));
        QCOMPARE(one.value("leads_to_server").isNull(), isSilent);
        QCOMPARE(one.value("fresh").toBool(), !isSilent);
        ++lines;
    }
    QCOMPARE(lines, 3);
}

void TestAnswers::aPlanIsTold_data()
{
    QTest::addColumn<QString>("snapshot");
    QTest::addColumn<Command>("command");
    QTest::addColumn<int>("exit");
    QTest::newRow("a switchover") << "well" << Command::Switchover << int(Exit::Well);
    QTest::newRow("a failover") << "incident" << Command::Failover << int(Exit::Problem); // the old primary is not proven stopped
}

void TestAnswers::aPlanIsTold()
{
    QFETCH(QString, snapshot);
    QFETCH(Command, command);
    QFETCH(int, exit);
    Options options;
    options.command = command;
    options.cluster = "u1";
    const Answer answer = planAnswer(*snapshotNamed(snapshot), options);
    QCOMPARE(int(answer.exit), exit);
    compareWithGolden((command == Command::Switchover ? QStringLiteral("plan_switchover_") : QStringLiteral("plan_failover_")) + snapshot, answer.out);
    options.cluster = "u7";
    const Answer none = planAnswer(*snapshotNamed(snapshot), options);
    QCOMPARE(none.exit, Exit::Usage);
    QCOMPARE(none.error, std::string("the fleet has no cluster 'u7'\n"));
}

void TestAnswers::aPreparationAndAWarmingAreTold()
{
    Options options;
    options.command = Command::Prepare;
    options.cluster = "u1";
    const Answer nothing = planAnswer(*snapshotNamed(QStringLiteral("well")), options);
    QCOMPARE(int(nothing.exit), int(Exit::Problem)); // it lacks nothing
    QVERIFY(nothing.out.find("Prepare u1.") != std::string::npos);
    QVERIFY(nothing.out.find("there is nothing to do") != std::string::npos);
    options.warms = true;
    const auto prepare = intentOf(options, *snapshotNamed(QStringLiteral("well"))->fleet);
    QVERIFY(prepare && std::get<operate::SmallAct>(*prepare).object == operate::withWarming);
    options.command = Command::Switchover;
    options.json = true;
    const QJsonObject plan = QJsonDocument::fromJson(QByteArray::fromStdString(planAnswer(*snapshotNamed(QStringLiteral("well")), options).out)).object();
    QVERIFY(plan.value("warms").toBool());
    QCOMPARE(plan.value("steps").toArray().first().toObject().value("step").toString(), QStringLiteral("warm_target"));
    options.command = Command::Failover;
    QCOMPARE(int(planAnswer(*snapshotNamed(QStringLiteral("well")), options).exit), int(Exit::Usage));
}

void TestAnswers::aPlanAsJsonHasAllThatTheTextHas()
{
    Options options;
    options.command = Command::Switchover;
    options.cluster = "m1";
    options.json = true;
    const QJsonObject plan = QJsonDocument::fromJson(QByteArray::fromStdString(planAnswer(*snapshotNamed(QStringLiteral("well")), options).out)).object();
    for (const char *key : {"act", "cluster", "from", "to", "runner_up", "blocked", "taken_at", "shards", "expected_pause_ms", "pause_from_links_ms", "past_runs", "checks", "candidates", "steps",
                            "point_of_no_return", "fingerprint", "fingerprint_facts"})
        QVERIFY2(plan.contains(QLatin1String(key)), key);
    options.json = false;
    const QString told = QString::fromStdString(planAnswer(*snapshotNamed(QStringLiteral("well")), options).out);
    const QJsonArray steps = plan.value("steps").toArray();
    QVERIFY(steps.size() > 10);
    // What is taken only where another is left says of which.
    QJsonValue rejoin;
    int standIns = 0;
    for (const auto &step : steps) {
        if (step.toObject().value("step").toString() == QLatin1String("rejoin_old"))
            rejoin = step.toObject().value("number");
        if (step.toObject().contains(QLatin1String("instead_of"))) {
            QCOMPARE(step.toObject().value("instead_of"), rejoin);
            ++standIns;
        }
    }
    QCOMPARE(standIns, 4);
    for (const auto &step : steps) {
        for (const char *key : {"number", "step", "targets", "preconditions", "commands", "verifications", "undo", "deadline_ms", "usual_ms", "usual_ms_unknown", "holds_writes",
                                "point_of_no_return", "may_be_left"})
            QVERIFY2(step.toObject().contains(QLatin1String(key)), key);
        for (const auto &command : step.toObject().value("commands").toArray())
            QVERIFY2(told.contains(plain(command.toObject().value("text").toString())), qPrintable(command.toObject().value("text").toString()));
    }
    for (const auto &check : plan.value("checks").toArray()) {
        for (const char *key : {"id", "topic", "server", "verdict", "blocking", "forceable", "readings", "detail", "remedy"})
            QVERIFY2(check.toObject().contains(QLatin1String(key)), key);
    }
}

void TestAnswers::aRefusalNamesItsOption()
{
    const fleet::Fleet &fleet = *snapshotNamed(QStringLiteral("well"))->fleet;
    using execute::Denial;
    QCOMPARE(denialWords({Denial::Name, {"feeds"}, {}}, fleet), QStringLiteral("The name of what is acted on is needed here: --confirm feeds."));
    QCOMPARE(denialWords({Denial::Reason, {}, {}}, fleet), QStringLiteral("A reason is needed here: --reason TEXT."));
    operate::Check check;
    check.id = operate::CheckId::ExpectedPause;
    check.verdict = operate::Verdict::Failed;
    check.forceable = true;
    check.readings = {{"expected_pause", base::microseconds(1400000), facts::Evidence::Value(base::microseconds(1000000)), {}, {}}};
    QCOMPARE(plain(denialWords({Denial::Blocked, {"expected_pause"}, {check}}, fleet)),
             QStringLiteral("A check stands in the way: The pause of writes would be long: expected pause 1.40 s, limit 1.00 s [expected_pause]. To go on in spite of it: --force expected_pause=REASON."));
    check.forceable = false;
    QVERIFY(denialWords({Denial::Blocked, {"expected_pause"}, {check}}, fleet).endsWith(QStringLiteral("It cannot be forced: [expected_pause].")));
}

/// Of Redis groups too: the longest pause of the summary is one of the rows'.
void TestAnswers::eachMoveOfAnEvacuationTellsItsPause()
{
    Options options;
    options.command = Command::Campaign;
    options.aim = "evacuate";
    options.subject = "us-east";
    options.wavesOnly = true;
    const Answer answer = campaignPlanAnswer(*snapshotNamed(QStringLiteral("well")), options);
    QVERIFY2(answer.error.empty(), answer.error.c_str());
    int moves = 0;
    for (const QString &line : QString::fromStdString(answer.out).split(QLatin1Char('\n'))) {
        const bool isMove = !line.isEmpty() && line.trimmed().at(0).isDigit();
        moves += isMove ? 1 : 0;
        QVERIFY2(!isMove || line.contains(QStringLiteral("about ")), qPrintable(line));
    }
    QVERIFY2(moves > 2, answer.out.c_str());
    QVERIFY2(answer.out.find("feeds") != std::string::npos, answer.out.c_str());
}

void TestAnswers::aFailoverTellsItsOutageAndItsLoss()
{
    execute::Operation operation;
    operation.act = operate::Act::Failover;
    operation.cluster = base::ClusterName("m1");
    operation.from = base::ServerId("m1-us-east");
    operation.to = base::ServerId("m1-us-west");
    operation.outcome = execute::Outcome::Done;
    const base::UtcTime died{std::chrono::duration_cast<base::microseconds>(std::chrono::hours(1000))};
    operation.writesHeldFrom = died + std::chrono::seconds(80);
    operation.writesHeld = base::milliseconds(797);
    QCOMPARE(plain(ui::format::writesSentence(operation)),
             QStringLiteral("Since when writes failed is not known. Writes were held for 797 ms. Lost: what m1-us-east acknowledged and did not pass on to m1-us-west; how much is not known."));
    operation.lastWriteAt = died;
    operation.lostAtLeast = base::Bytes{0};
    operation.lostAtMost = base::Bytes{3 << 20};
    QCOMPARE(plain(ui::format::writesSentence(operation)),
             QStringLiteral("Writes failed from about 16:00:00Z, the newest commit of m1-us-east that m1-us-west has, until 16:01:20Z: 1 min 21 s. "
                            "Lost: what m1-us-east acknowledged after 16:00:00Z and did not pass on to m1-us-west, 0 B to about 3.00 MiB by the last look at it."));
    const std::string json = jsonOf(operation, false);
    QVERIFY2(json.find("\"writes_failed_ms\":80797") != std::string::npos, json.c_str());
    operation.act = operate::Act::Switchover;
    QCOMPARE(plain(ui::format::writesSentence(operation)), QStringLiteral("Writes were held for 797 ms."));
}

void TestAnswers::aTableAlignsItsColumns()
{
    TextTable table({{QStringLiteral("NAME")}, {QStringLiteral("N"), true}, {QStringLiteral("WHY")}});
    table.add({QStringLiteral("a"), QStringLiteral("1,204 /s").replace(QLatin1Char(' '), QChar(0x202F)), QString()});
    table.add({QStringLiteral("longer"), QString(QChar(0x2212)) + QStringLiteral("1"), QStringLiteral("x")});
    QCOMPARE(table.toString(), QStringLiteral("NAME           N  WHY\n"
                                              "a       1,204 /s\n"
                                              "longer        -1  x\n"));
}

QTEST_GUILESS_MAIN(TestAnswers)
#include "test_answers.moc"
