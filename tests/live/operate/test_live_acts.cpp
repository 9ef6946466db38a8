// SPDX-License-Identifier: GPL-3.0-or-later
// The smaller acts on real servers, and the audit log that they leave: assertions are on rows, settings, slots, routers and pauses.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "core/clients/postgres/Session.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <QScopeGuard>

#include <atomic>
#include <csignal>
#include <thread>

using namespace shardlens;
using live::ActingFleet;
using live::Ledger;
using live::Ran;
using live::waitFor;

namespace {

constexpr int patience = 20000;
const char *const primary = "u1-us-east";
const char *const standby = "u1-us-west";
const char *const other = "u1-eu-west";
const char *const directory = "directory-us-east";

} // namespace

class LiveActsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPlanTouchesNothing();
    void aPausedRouterStaysPausedUntilItIsResumed();
    void aRouterThatManyWaitAtIsResumed();
    void aKilledExecutorsPauseIsTakenBack();
    void readsArePointedElsewhereAndBack();
    void replayStandsStillAndGoesOn();
    void aStandbyReceivesFromAnother();
    void aStandbyIsRebuiltWhileItServes();
    void aRebuildingThatIsCancelledLeavesTheOldData();
    void aStandbyWhoseDataAreSpoiltIsRebuilt();
    void onlyASlotThatNobodyUsesIsDropped();
    void aBrakeIsLiftedOnTheOnePrimary();
    void aBackendIsEndedAndAnotherOfItsPidSpared();
    void aMarkedStandbyIsNoCandidate();
    void aSavedPlanTellsWhatDiffers();
    void whatHasEndedIsNeitherUndoneNorResumed();
    void theAuditLogTellsItAll();
    void whoTampersWithTheLogIsFoundOut();

private:
    [[nodiscard]] bool isPaused(const QString &region, const QString &database) const;
    [[nodiscard]] postgres::Session session(const std::string &server) const;
    /// The act is refused with that check named, and nothing is begun.
    void verifyRefused(const QStringList &arguments, const char *words);
    void verifyDone(const QStringList &arguments);
    [[nodiscard]] std::string receives(const std::string &from, const char *standby) const;

    ActingFleet m_fleet;
};

void LiveActsTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("acts", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    QVERIFY(m_fleet.becomesReady("u1"));
}

bool LiveActsTest::isPaused(const QString &region, const QString &database) const
{
    for (const QByteArray &line : m_fleet.ctl({"routers", "--json"}).out.split('\n')) {
        const QJsonObject target = QJsonDocument::fromJson(line).object();
        if (target.value("router").toString() == "router-" + region && target.value("database").toString() == database)
            return target.value("paused").toBool();
    }
    return false;
}

postgres::Session LiveActsTest::session(const std::string &server) const
{
    const auto &ground = m_fleet.ground();
    const localfleet::Instance &instance = *ground.server(server);
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.applicationName = "acts";
    const fleet::Endpoint endpoint{"127.0.0.1", ground.ports.of(server)};
    return *postgres::Session::connect({server, endpoint, ground.database(instance), localfleet::user::application},
                                       ground.secrets.of(localfleet::user::application), options, base::seconds(5));
}

void LiveActsTest::verifyRefused(const QStringList &arguments, const char *words)
{
    const QString before = m_fleet.newestJournal();
    const Ran ran = m_fleet.ctl(arguments);
    QVERIFY2(ran.exit == 1, (ran.out + ran.err).constData());
    QVERIFY2(ran.err.contains(words), ran.err.constData());
    QCOMPARE(m_fleet.newestJournal(), before);
}

void LiveActsTest::verifyDone(const QStringList &arguments)
{
    const Ran ran = m_fleet.ctl(arguments);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    QVERIFY2(ran.out.contains("Done."), ran.out.constData());
}

std::string LiveActsTest::receives(const std::string &from, const char *who) const
{
    return m_fleet.ask(from, std::string("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '") +
                                 who + "'");
}

void LiveActsTest::aPlanTouchesNothing()
{
    const QList<QStringList> acts{
        {"router", "pause", "u1", "--router", "us-east"}, {"replay", "pause", standby}, {"standby", "repoint", other, "--to", standby}};
    const auto state = [this] {
        return m_fleet.ask(standby, "SELECT pg_get_wal_replay_pause_state(), pg_conf_load_time()") +
               m_fleet.ask(other, "SELECT pg_conf_load_time(), current_setting('primary_conninfo')") +
               m_fleet.ask(primary, "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots");
    };
    const std::string before = state();
    for (const QStringList &act : acts) {
        const Ran ran = m_fleet.ctl(act + QStringList{"--plan"});
        QVERIFY2(ran.exit == 0 && ran.out.contains("nothing was changed"), (ran.out + ran.err).constData());
    }
    QCOMPARE(QString::fromStdString(state()), QString::fromStdString(before));
    QVERIFY(!isPaused("us-east", "u1"));
    QVERIFY(m_fleet.newestJournal().isEmpty());
}

void LiveActsTest::aPausedRouterStaysPausedUntilItIsResumed()
{
    Ledger ledger(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    ledger.start();
    QVERIFY(waitFor([&] { return ledger.count() > 20; }, patience));
    verifyDone({"router", "pause", "u1", "--router", "us-east"});
    QVERIFY(isPaused("us-east", "u1"));
    QVERIFY(!isPaused("us-west", "u1"));
    const std::size_t held = ledger.count();
    // For longer than a guard waits for an executor that fell silent: this pause is one that a person wanted.
    QVERIFY2(!waitFor([&] { return ledger.count() > held; }, 5000), "the pause did not hold");
    // One look tells what a console that looks on would tell.
    const Ran status = m_fleet.ctl({"status"});
    QVERIFY2(status.exit == 1 && status.out.contains("holds u1: it is paused") && !status.out.contains("write paths"), (status.out + status.err).constData());
    verifyRefused({"router", "pause", "u1", "--router", "us-east"}, "[not_yet]");
    verifyDone({"router", "resume", "u1", "--router", "us-east"});
    QVERIFY(waitFor([&] { return ledger.count() > held + 20; }, patience));
    const Ran told = m_fleet.ctl({"timeline", "--since", "5min"});
    QVERIFY2(told.out.contains("router pause begun by ") && told.out.contains("router resume"), (told.out + told.err).constData());
    ledger.stop();
    QVERIFY2(ledger.tale().failed == 0, ledger.tale().firstError.c_str());
    QCOMPARE(QString::fromStdString(ledger.missingOn(primary)), QStringLiteral("0"));
    verifyRefused({"router", "resume", "u1", "--router", "us-east"}, "[not_yet]");
    verifyRefused({"router", "point", "u1", "--router", "us-east", "--to", standby}, "[leads_right]");
}

/// Clients of a far region: when they are let go the router dials its servers one after the other, so that who asks last waits longest.
void LiveActsTest::aRouterThatManyWaitAtIsResumed()
{
    constexpr int clients = 80;
    std::atomic<bool> isOver{false};
    std::atomic<int> answered{0};
    std::vector<std::jthread> threads;
    const auto &ground = m_fleet.ground();
    const fleet::Endpoint router{"127.0.0.1", ground.ports.of("router-us-west")};
    m_fleet.slowLinks(base::milliseconds(60));
    for (int i = 0; i < clients; ++i) {
        threads.emplace_back([&] {
            postgres::SessionOptions options;
            options.tls.mode = fleet::Tls::Mode::Disable;
            options.throughRouter = true;
            auto session = postgres::Session::connect({"router-us-west", router, "u1", localfleet::user::application}, ground.secrets.of(localfleet::user::application), options, base::seconds(30));
            while (!isOver && session && session->exec("SELECT pg_sleep(0.4)", base::seconds(60)))
                ++answered;
        });
    }
    const auto end = qScopeGuard([&] {
        m_fleet.slowLinks(base::milliseconds(0));
        isOver = true;
    });
    QVERIFY(waitFor([&] { return answered > clients; }, 30000));
    verifyDone({"router", "pause", "u1", "--router", "us-west"});
    QVERIFY(isPaused("us-west", "u1"));
    QTest::qWait(1000); // all wait by then
    const int held = answered;
    const Ran ran = m_fleet.ctl({"router", "resume", "u1", "--router", "us-west"});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    qInfo("%s", ran.out.constData()); // how long who asked last waited
    QVERIFY(!isPaused("us-west", "u1"));
    QVERIFY(answered > held);
}

void LiveActsTest::aKilledExecutorsPauseIsTakenBack()
{
    Ledger ledger(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "TRUNCATE shardlens.ledger")), QString());
    ledger.start();
    QVERIFY(waitFor([&] { return ledger.count() > 20; }, patience));
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlBeside({"router", "pause", "u1", "--router", "us-east"});
    QVERIFY(waitFor([&] { return m_fleet.newestJournal() != before; }, patience, 1));
    const QString journal = m_fleet.newestJournal();
    QVERIFY(waitFor([&] { return ActingFleet::read(journal).contains("\"doing\""); }, patience, 1));
    const QByteArray writer = ActingFleet::read(QString(journal).replace(".jsonl", ".lock")).trimmed();
    {
        const localfleet::AsRoot asRoot;
        QVERIFY(writer.toInt() > 0 && ::kill(writer.toInt(), SIGKILL) == 0);
    }
    QVERIFY(operation->waitForFinished(patience));
    QVERIFY2(!ActingFleet::read(journal).contains("\"outcome\""), "it was over before it was killed");
    const std::size_t atKill = ledger.count();
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(waitFor([&] { return ledger.count() > atKill + 50; }, patience), "writes do not flow again");
    qInfo("writes flowed %lld ms after the kill", timer.elapsed());
    QVERIFY(timer.elapsed() < 6000);
    QVERIFY(waitFor([&] { return !isPaused("us-east", "u1"); }, patience, 100));
    ledger.stop();
    QVERIFY2(ledger.tale().failed == 0, ledger.tale().firstError.c_str());
    // It is a broken-off operation, and is undone.
    const QString id = QFileInfo(journal).completeBaseName();
    QVERIFY(waitFor([&] { return m_fleet.ctl({"operations", "undo", id}).exit == 0; }, patience, 200)); // rolled back, as was asked
    QVERIFY(!isPaused("us-east", "u1"));
}

void LiveActsTest::readsArePointedElsewhereAndBack()
{
    verifyDone({"router", "point", "u1_read", "--router", "us-east", "--to", other});
    QVERIFY(m_fleet.leads("us-east", "u1_read", other));
    const QJsonObject told = m_fleet.json({"router", "point", "u1_read", "--router", "us-east", "--to", standby, "--json"});
    QCOMPARE(told.value("outcome").toString(), QStringLiteral("done"));
    QCOMPARE(told.value("act").toString(), QStringLiteral("router_point"));
    QCOMPARE(told.value("on").toString(), QStringLiteral("router-us-east"));
    QVERIFY(m_fleet.leads("us-east", "u1_read", standby));
}

void LiveActsTest::replayStandsStillAndGoesOn()
{
    verifyDone({"replay", "pause", standby});
    QCOMPARE(QString::fromStdString(m_fleet.ask(standby, "SELECT pg_get_wal_replay_pause_state()")), QStringLiteral("paused"));
    // It is no candidate meanwhile.
    QCOMPARE(m_fleet.ctl({"switchover", "u1", "--to", standby, "--plan"}).exit, 1);
    verifyRefused({"replay", "pause", standby}, "[not_yet]");
    verifyRefused({"replay", "pause", primary}, "[target_role]");
    verifyDone({"replay", "resume", standby});
    QCOMPARE(QString::fromStdString(m_fleet.ask(standby, "SELECT pg_get_wal_replay_pause_state()")), QStringLiteral("not paused"));
}

void LiveActsTest::aStandbyReceivesFromAnother()
{
    verifyDone({"standby", "repoint", other, "--to", standby});
    QCOMPARE(QString::fromStdString(receives(standby, other)), QStringLiteral("1"));
    QVERIFY(waitFor([&] { return receives(primary, other) == "0"; }, patience, 50));
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SELECT count(*) FROM pg_replication_slots WHERE NOT active")),
             QStringLiteral("0"));
    verifyRefused({"standby", "repoint", standby, "--to", other}, "[sender_apart]");
    verifyDone({"standby", "repoint", other, "--to", primary});
    QVERIFY(waitFor([&] { return receives(primary, other) == "1"; }, patience, 50));
    QCOMPARE(QString::fromStdString(m_fleet.ask(standby, "SELECT count(*) FROM pg_replication_slots")), QStringLiteral("0"));
}

namespace {

std::string folderBeside(const std::string &data)
{
    return "SELECT count(*) FROM pg_ls_dir('" + data + "/..') AS name WHERE name LIKE '%.shardlens-%'";
}

/// The tool that copies for that data directory stands still from now on.
bool freezeCopy(const std::string &data)
{
    for (const QString &pid : QDir("/proc").entryList(QDir::Dirs)) {
        QFile file("/proc/" + pid + "/cmdline");
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray line = file.readAll();
        if (line.contains("pg_basebackup") && line.contains(data.c_str()))
            return ::kill(pid.toInt(), SIGSTOP) == 0;
    }
    return false;
}

} // namespace

void LiveActsTest::aStandbyIsRebuiltWhileItServes()
{
    const std::string data = m_fleet.ask(other, "SHOW data_directory");
    const std::string started = m_fleet.ask(other, "SELECT pg_postmaster_start_time()");
    QCOMPARE(m_fleet.ask(other, "SELECT count(*) FROM pg_ls_dir('.') AS name WHERE name = 'backup_manifest'"), std::string("0"));
    verifyRefused({"standby", "rebuild", primary, "--source", standby}, "[target_role]");
    const Ran ran = m_fleet.ctl({"standby", "rebuild", other});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    QVERIFY2(ran.out.contains("Done."), ran.out.constData());
    QVERIFY(waitFor([&] { return receives(primary, other) == "1"; }, patience, 50));
    QVERIFY(m_fleet.ask(other, "SELECT pg_postmaster_start_time()") != started);
    QCOMPARE(m_fleet.ask(other, "SELECT pg_is_in_recovery()"), std::string("t"));
    QCOMPARE(m_fleet.ask(other, "SHOW data_directory"), data);
    QCOMPARE(m_fleet.ask(other, "SELECT count(*) FROM pg_ls_dir('.') AS name WHERE name = 'backup_manifest'"), std::string("1"));
    QCOMPARE(m_fleet.ask(other, folderBeside(data)), std::string("0"));
    QCOMPARE(m_fleet.ask(primary, "SELECT count(*) FROM pg_replication_slots WHERE NOT active OR slot_name LIKE '%copy%'"), std::string("0"));
}

void LiveActsTest::aRebuildingThatIsCancelledLeavesTheOldData()
{
    const std::string data = m_fleet.ask(other, "SHOW data_directory");
    const std::string started = m_fleet.ask(other, "SELECT pg_postmaster_start_time()");
    const QString before = m_fleet.newestJournal();
    const auto act = m_fleet.ctlBeside({"standby", "rebuild", other});
    // A copy that stands still, so that it is not whole before it is cancelled.
    QVERIFY(waitFor([&] { return freezeCopy(data); }, patience, 1));
    const auto underWay = m_fleet.waitForStep(before, "copy_data");
    QVERIFY(underWay);
    const auto isTold = [&] { return m_fleet.read(underWay->journal).contains("nothing yet") || m_fleet.read(underWay->journal).contains("kB"); };
    QVERIFY(waitFor(isTold, patience, 50)); // how far it is
    QCOMPARE(m_fleet.ctl({"operations", "cancel", underWay->id()}).exit, 0);
    QVERIFY(act->waitForFinished(30000));
    QCOMPARE(act->exitCode(), 3);
    QCOMPARE(m_fleet.ask(other, "SELECT pg_postmaster_start_time()"), started);
    QVERIFY(waitFor([&] { return receives(primary, other) == "1"; }, patience, 50));
    QCOMPARE(m_fleet.ask(other, folderBeside(data)), std::string("0"));
    QVERIFY(waitFor([&] { return m_fleet.ask(primary, "SELECT count(*) FROM pg_replication_slots WHERE NOT active") == "0"; }, patience, 50));
}

void LiveActsTest::aStandbyWhoseDataAreSpoiltIsRebuilt()
{
    const std::string data = m_fleet.ask(other, "SHOW data_directory");
    const auto &ground = m_fleet.ground();
    // It ends, and does not start again: a standby as a disk fault leaves it.
    QVERIFY2(m_fleet.inflict("kill", other).empty(), "kill");
    QFile control(QString::fromStdString(data + "/global/pg_control"));
    QVERIFY(control.exists());
    QVERIFY(control.remove());
    QVERIFY(waitFor([&] { return receives(primary, other) == "0"; }, patience, 50));
    QVERIFY(ground.server(other));
    QVERIFY(waitFor(
        [&] {
            const Ran ran = m_fleet.ctl({"standby", "rebuild", other, "--source", standby});
            return ran.exit == 0 && ran.out.contains("Done.");
        },
        90000, 1000));
    QVERIFY(waitFor([&] { return receives(standby, other) == "1"; }, patience, 50));
    verifyDone({"standby", "repoint", other, "--to", primary});
    QVERIFY(waitFor([&] { return receives(primary, other) == "1"; }, patience, 50));
    QCOMPARE(m_fleet.ask(other, folderBeside(data)), std::string("0"));
}

void LiveActsTest::onlyASlotThatNobodyUsesIsDropped()
{
    QVERIFY(m_fleet.ask(primary, "SELECT pg_create_physical_replication_slot('left_over', true)").rfind("error", 0) != 0);
    const std::string used = m_fleet.ask(primary, "SELECT slot_name FROM pg_replication_slots WHERE active LIMIT 1");
    verifyRefused({"slot", "drop", primary, QString::fromStdString(used)}, "[slot_idle]");
    verifyRefused({"slot", "drop", primary, "nobodys"}, "[not_yet]");
    verifyDone({"slot", "drop", primary, "left_over"});
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'left_over'")),
             QStringLiteral("0"));
}

void LiveActsTest::aBrakeIsLiftedOnTheOnePrimary()
{
    verifyRefused({"brake", "lift", primary}, "[not_yet]");
    (void)m_fleet.ask(primary, "ALTER SYSTEM SET default_transaction_read_only = on");
    (void)m_fleet.ask(primary, "SELECT pg_reload_conf()");
    QVERIFY(waitFor([&] { return m_fleet.ask(primary, "SHOW default_transaction_read_only") == "on"; }, patience));
    verifyDone({"brake", "lift", primary, "--reason", "left over by a test"});
    QVERIFY(waitFor([&] { return m_fleet.ask(primary, "SHOW default_transaction_read_only") == "off"; }, patience));
}

void LiveActsTest::aBackendIsEndedAndAnotherOfItsPidSpared()
{
    postgres::Session victim = session(primary);
    QVERIFY(victim.exec("BEGIN", base::seconds(5)));
    const QString pid = QString::number(victim.backendPid());
    const Ran plan = m_fleet.ctl({"backend", "terminate", primary, pid, "--plan", "--json"});
    QVERIFY2(plan.exit == 0, (plan.out + plan.err).constData());
    const QJsonObject seen = QJsonDocument::fromJson(plan.out.split('\n').value(1)).object();
    QCOMPARE(seen.value("application").toString(), QStringLiteral("acts"));
    QCOMPARE(seen.value("state").toString(), QStringLiteral("idle in transaction"));
    QVERIFY(!victim.hasHungUp());
    // The same pid with another start is another backend.
    const QString command = plan.out.split('\n').value(0);
    QCOMPARE(QString::fromStdString(
                 m_fleet.ask(primary, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid = " + pid.toStdString() +
                                          " AND backend_start = '2000-01-01T00:00:00Z'::timestamptz")),
             QStringLiteral("0"));
    QVERIFY2(command.contains("backend_start = '" + seen.value("began").toString() + "'::timestamptz"), qPrintable(command));
    QVERIFY(!victim.hasHungUp());
    verifyDone({"backend", "terminate", primary, pid});
    QVERIFY(waitFor([&] { return victim.hasHungUp(); }, patience));
    const Ran again = m_fleet.ctl({"backend", "terminate", primary, pid});
    QVERIFY2(again.exit == 1 && again.err.contains("There is no backend"), (again.out + again.err).constData());
    QCOMPARE(m_fleet.ctl({"backend", "terminate", primary, "one"}).exit, 2);
}

void LiveActsTest::aMarkedStandbyIsNoCandidate()
{
    const auto best = [this] { return m_fleet.json({"readiness", "u1", "--json"}).value("best").toString(); };
    QCOMPARE(m_fleet.ctl({"maintenance", "mark", standby, "--until", "1h", "--reason", "new kernel"}).exit, 0);
    QCOMPARE(best(), QString::fromUtf8(other));
    verifyRefused({"switchover", "u1", "--to", standby}, "[not_marked]");
    const QJsonObject listed = m_fleet.json({"maintenance", "list", "--json"});
    QCOMPARE(listed.value("subject").toString(), QString::fromUtf8(standby));
    QCOMPARE(listed.value("reason").toString(), QStringLiteral("new kernel"));
    QVERIFY(!listed.value("overdue").toBool());
    QCOMPARE(m_fleet.ctl({"maintenance", "lift", standby}).exit, 0);
    QCOMPARE(m_fleet.ctl({"maintenance", "lift", standby}).exit, 1);
    QVERIFY(!best().isEmpty());
    // A host stands for all that it runs; what is not declared, or is over already, is refused.
    const std::string host = m_fleet.ground().server(other)->host;
    QCOMPARE(m_fleet.ctl({"maintenance", "mark", QString::fromStdString(host), "--until", "1h", "--reason", "new disk"}).exit, 0);
    QCOMPARE(best(), QString::fromUtf8(standby));
    QCOMPARE(m_fleet.ctl({"maintenance", "lift", QString::fromStdString(host)}).exit, 0);
    QCOMPARE(m_fleet.ctl({"maintenance", "mark", "nobody", "--until", "1h", "--reason", "x"}).exit, 2);
    QCOMPARE(m_fleet.ctl({"maintenance", "mark", standby, "--until", "2020-01-01T00:00:00Z", "--reason", "x"}).exit, 2);
}

void LiveActsTest::aSavedPlanTellsWhatDiffers()
{
    QCOMPARE(m_fleet.ctl({"plans", "save", "evening", "switchover", "u1", "--to", standby, "--at", "2h"}).exit, 0);
    QCOMPARE(m_fleet.json({"plans", "list", "--json"}).value("to").toString(), QString::fromUtf8(standby));
    const Ran again = m_fleet.ctl({"plans", "save", "evening", "replay_pause", standby});
    QVERIFY2(again.exit == 1 && again.err.contains("--replace"), (again.out + again.err).constData());
    QCOMPARE(m_fleet.json({"plans", "list", "--json"}).value("act").toString(), QStringLiteral("switchover"));
    QCOMPARE(m_fleet.ctl({"plans", "save", "evening", "switchover", "u1", "--to", standby, "--replace"}).exit, 0);
    QCOMPARE(m_fleet.json({"switchover", "u1", "--plan", "--json"}).value("shards").toInt(), 8);
    const Ran same = m_fleet.ctl({"plans", "open", "evening"});
    QVERIFY2(same.exit == 0 && same.out.contains("Nothing that it rests on differs"), (same.out + same.err).constData());
    (void)m_fleet.ask(standby, "SELECT pg_wal_replay_pause()");
    const Ran other = m_fleet.ctl({"plans", "open", "evening"});
    QVERIFY2(other.exit == 1 && other.out.contains("u1-us-west.replay is paused, was runs"), (other.out + other.err).constData());
    (void)m_fleet.ask(standby, "SELECT pg_wal_replay_resume()");
    QCOMPARE(m_fleet.ctl({"plans", "remove", "evening"}).exit, 0);
    QCOMPARE(m_fleet.ctl({"plans", "open", "evening"}).exit, 1);
    QCOMPARE(m_fleet.ctl({"plans", "save", "x", "something", "u1"}).exit, 2);
    // A whole region's likewise.
    QCOMPARE(m_fleet.ctl({"plans", "save", "storm", "evacuate", "us-east", "--at", "2h", "--at-once", "3"}).exit, 0);
    const QJsonObject storm = m_fleet.json({"plans", "list", "--json"});
    QCOMPARE(storm.value("act").toString() + storm.value("subject").toString() + QString::number(storm.value("at_once").toInt()), QStringLiteral("evacuateus-east3"));
    QVERIFY(!storm.value("intended_at").toString().isEmpty());
    const Ran unchanged = m_fleet.ctl({"plans", "open", "storm"});
    QVERIFY2(unchanged.out.contains("Nothing that it rests on differs"), (unchanged.out + unchanged.err).constData());
    (void)m_fleet.ask(standby, "SELECT pg_wal_replay_pause()");
    const Ran paused = m_fleet.ctl({"plans", "open", "storm"});
    QVERIFY2(paused.out.contains("u1-us-west.replay is paused, was runs"), (paused.out + paused.err).constData());
    (void)m_fleet.ask(standby, "SELECT pg_wal_replay_resume()");
    QCOMPARE(m_fleet.ctl({"plans", "save", "x", "evacuate", "atlantis"}).exit, 1);
    QCOMPARE(m_fleet.ctl({"plans", "remove", "storm"}).exit, 0);
}

void LiveActsTest::whatHasEndedIsNeitherUndoneNorResumed()
{
    verifyDone({"replay", "pause", standby});
    const QString done = QFileInfo(m_fleet.newestJournal()).completeBaseName();
    for (const char *way : {"undo", "resume"}) {
        const Ran ran = m_fleet.ctl({"operations", way, done});
        QVERIFY2(ran.exit == 1 && ran.err.contains("it has ended: done"), (ran.out + ran.err).constData());
    }
    verifyDone({"replay", "resume", standby});
}

void LiveActsTest::theAuditLogTellsItAll()
{
    const Ran list = m_fleet.ctl({"audit", "list", "--json"});
    QVERIFY2(list.exit == 0, (list.out + list.err).constData());
    const QJsonObject newest = QJsonDocument::fromJson(list.out.split('\n').value(0)).object();
    QCOMPARE(newest.value("action").toString(), QStringLiteral("maintenance_lifted"));
    QVERIFY(list.out.contains("backend_terminate ended") && list.out.contains("server u1-us-east"));
    QVERIFY(list.out.contains("brake_lift begun") && list.out.contains("left over by a test"));
    QCOMPARE(m_fleet.ctl({"audit", "list", "--limit", "2", "--json"}).out.count('\n'), 2);
    QCOMPARE(m_fleet.ctl({"audit", "list", "--since", "1d", "--json"}).out, list.out);
    const Ran verified = m_fleet.ctl({"audit", "verify", "--json"});
    QVERIFY2(verified.exit == 0, (verified.out + verified.err).constData());
    const QJsonObject told = QJsonDocument::fromJson(verified.out).object();
    QVERIFY(told.value("verified").toBool() && told.value("heads_kept").toInt() > 10);
    QCOMPARE(told.value("heads_met").toInt(), told.value("heads_kept").toInt());
    QCOMPARE(m_fleet.ctl({"audit", "export"}).out.count('\n'), told.value("rows").toInt());
}

void LiveActsTest::whoTampersWithTheLogIsFoundOut()
{
    const auto flaws = [this] {
        const Ran ran = m_fleet.ctl({"audit", "verify", "--json"});
        QString all = QString::number(ran.exit);
        for (const auto &flaw : QJsonDocument::fromJson(ran.out).object().value("flaws").toArray())
            all += " " + flaw.toObject().value("fault").toString() + " " + QString::number(flaw.toObject().value("from").toInt());
        return all;
    };
    const auto run = [this](const char *sql) { QCOMPARE(QString::fromStdString(m_fleet.ask(directory, sql)), QString()); };
    QCOMPARE(flaws(), QStringLiteral("0"));
    run("CREATE TABLE kept AS SELECT * FROM directory.audit");
    run("UPDATE directory.audit SET reason = 'nothing happened' WHERE seq = 2");
    QCOMPARE(flaws(), QStringLiteral("1 edited 2"));
    run("UPDATE directory.audit a SET reason = k.reason FROM kept k WHERE a.seq = 2 AND k.seq = 2");
    QCOMPARE(flaws(), QStringLiteral("0"));
    run("DELETE FROM directory.audit WHERE seq = 3");
    QCOMPARE(flaws(), QStringLiteral("1 missing 3"));
    run("INSERT INTO directory.audit SELECT * FROM kept WHERE seq = 3");
    run("DELETE FROM directory.audit WHERE seq > (SELECT max(seq) - 2 FROM kept)");
    const QString last = QString::fromStdString(m_fleet.ask(directory, "SELECT max(seq) - 1 FROM kept"));
    QCOMPARE(flaws(), "1 cut_off " + last);
    // Another chain on what is left is as well hashed as the first one: what was kept here tells.
    run("DO $$ BEGIN PERFORM directory.append_audit('x', 'x', 'something else', 'x', '', '', '{}'), directory.append_audit('x', 'x', "
        "'something else', 'x', '', '', '{}'), "
        "directory.append_audit('x', 'x', 'something else', 'x', '', '', '{}'); END $$");
    QCOMPARE(flaws(), "1 replaced " + QString::fromStdString(m_fleet.ask(directory, "SELECT max(seq) FROM kept")));
}

QTEST_GUILESS_MAIN(LiveActsTest)
#include "test_live_acts.moc"
