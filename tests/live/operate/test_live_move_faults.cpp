// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong while a primary is moved, on real servers. Assertions are on rows, roles, routers, and on which members a plain
// INSERT as the application commits at all, sampled every 10 ms.
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Process.h"
#include "core/clients/postgres/Session.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"
#include "tests/live/operate/Writability.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace shardlens;
using live::ActingFleet;
using live::Ledger;
using live::Ran;
using live::waitFor;
using live::Writability;

namespace {

constexpr int patience = 20000;
const QStringList anyway{"--force", "recent_move=a test", "--force", "expected_pause=a test"};
const std::vector<std::string> regions{"us-east", "us-west", "eu-west"};

/// A file that its owner may only read, as the key of a certificate is: where both servers have one, pg_rewind wants to write it and ends there,
/// with half its work done. A base backup reads it.
bool putKey(const std::filesystem::path &data)
{
    const std::filesystem::path key = data / "server.key";
    std::ofstream(key) << "a key\n";
    struct stat owner = {};
    return ::stat((data / "PG_VERSION").c_str(), &owner) == 0 && ::chown(key.c_str(), owner.st_uid, owner.st_gid) == 0 && ::chmod(key.c_str(), S_IRUSR) == 0;
}

} // namespace

class LiveMoveFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cancellingTakesBackWhatWasDone_data();
    void cancellingTakesBackWhatWasDone();
    void theCandidateDiesInThePause();
    void whatCannotBeRewoundIsCopied();
    void aTransactionIsOpenThroughTheRouter();
    void theDirectoryIsDownThroughout();
    void aFrozenExecutorDoesNothingWhenThawed();
    void aFrozenPrimaryIsReplacedAndItsTransactionFails();
    void everyStandbyIsDead();
    void aRegionIsLostWithItsGuardAndRouter();

private:
    void verifyWell(const std::string &primary, std::optional<base::Instant> diedAt = {});
    [[nodiscard]] base::Result<postgres::Session> throughRouter() const;

    ActingFleet m_fleet;
    std::string m_old; ///< u1's primary when the function began
    std::string m_new; ///< one of its standbys then
    std::optional<Ledger> m_ledger;
    std::optional<Writability> m_writable;
};

void LiveMoveFaultsTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("move-faults", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

void LiveMoveFaultsTest::init()
{
    QVERIFY(m_fleet.becomesReady("u1"));
    m_old = m_fleet.primaries("u1");
    m_new = m_old == "u1-us-west" ? "u1-us-east" : "u1-us-west";
    m_ledger.emplace(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(m_ledger->prepare()), QString());
    QCOMPARE(QString::fromStdString(m_fleet.ask(m_old, "TRUNCATE shardlens.ledger")), QString());
    m_writable.emplace(m_fleet.ground(), "u1");
    QCOMPARE(QString::fromStdString(m_writable->begin()), QString());
    m_ledger->start();
    QVERIFY(waitFor([&] { return m_ledger->count() > 20 && m_writable->commits() > 20; }, patience));
}

void LiveMoveFaultsTest::cleanup()
{
    m_ledger.reset();
    m_writable.reset();
}

/// One primary, its standbys stream, every router leads there, writes flow, and what was acknowledged is there; but for what a primary that had died by
/// then acknowledged in its last second, and nobody had received.
void LiveMoveFaultsTest::verifyWell(const std::string &primary, std::optional<base::Instant> diedAt)
{
    QVERIFY2(waitFor([&] { return m_fleet.primaries("u1") == primary; }, patience, 50), m_fleet.primaries("u1").c_str());
    QVERIFY2(waitFor([&] { return m_fleet.ask(primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "2"; }, patience, 50),
             m_fleet.ask(primary, "SELECT string_agg(application_name || ' ' || state, ', ') FROM pg_stat_replication").c_str());
    for (const std::string &region : regions)
        QVERIFY2(m_fleet.leads(region, "u1", primary), region.c_str());
    const std::size_t now = m_ledger->count();
    QVERIFY(waitFor([&] { return m_ledger->count() > now + 10; }, patience));
    m_ledger->stop();
    if (!diedAt) {
        QCOMPARE(QString::fromStdString(m_ledger->missingOn(primary)), QStringLiteral("0"));
        return;
    }
    const auto lost = m_ledger->lostOn(primary);
    QVERIFY2(lost, lost ? "" : lost.error().message.c_str());
    const auto tale = m_ledger->tale();
    for (const std::size_t place : *lost)
        QVERIFY(tale.at[place] <= *diedAt && tale.at[place] >= *diedAt - base::seconds(1));
}

base::Result<postgres::Session> LiveMoveFaultsTest::throughRouter() const
{
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.throughRouter = true;
    const fleet::Endpoint router{"127.0.0.1", m_fleet.ground().ports.of("router-us-east")};
    return postgres::Session::connect({"router-us-east", router, "u1", localfleet::user::application}, m_fleet.ground().secrets.of(localfleet::user::application), options, base::seconds(5));
}

void LiveMoveFaultsTest::cancellingTakesBackWhatWasDone_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"prove_catch_up", "pause_routers", "brake", "clear_backends", "catch_up"})
        QTest::newRow(step) << step;
}

void LiveMoveFaultsTest::cancellingTakesBackWhatWasDone()
{
    QFETCH(const QString, step);
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt(step, QStringList{"switchover", "u1"} + anyway);
    const auto underWay = m_fleet.waitUntilHeld(before); // the wish comes before anything of the step
    QVERIFY2(underWay, ActingFleet::read(m_fleet.newestJournal()).constData());
    if (step == QLatin1String("prove_catch_up")) { // no guard waits for it yet, however long a program takes to start
        const Ran asked = m_fleet.ctl({"operations", "cancel", underWay->id()});
        QVERIFY2(asked.exit == 0, (asked.out + asked.err).constData());
    } else {
        QVERIFY(ActingFleet::signal(underWay->executor, SIGINT));
    }
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(patience));
    QVERIFY2(operation->exitCode() == 3, (operation->readAll() + operation->readAllStandardError()).constData());
    verifyWell(m_old);
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(m_old));
    QVERIFY2(m_ledger->tale().failed == 0, m_ledger->tale().firstError.c_str());
}

void LiveMoveFaultsTest::theCandidateDiesInThePause()
{
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt("brake", QStringList{"switchover", "u1", "--to", QString::fromStdString(m_new)} + anyway); // routers are paused by then
    const auto underWay = m_fleet.waitUntilHeld(before);
    if (!underWay)
        QFAIL((operation->readAll() + operation->readAllStandardError()).constData());
    const std::string killed = m_fleet.inflict("kill", m_new);
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QCOMPARE(QString::fromStdString(killed), QString());
    QVERIFY(operation->waitForFinished(patience));
    QVERIFY2(operation->exitCode() == 3, (operation->readAll() + operation->readAllStandardError()).constData());
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", m_new)), QString());
    verifyWell(m_old);
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(m_old));
}

void LiveMoveFaultsTest::whatCannotBeRewoundIsCopied()
{
    const localfleet::Home &home = m_fleet.ground().home;
    const std::filesystem::path data = home.pgData(m_old);
    QVERIFY(putKey(data) && putKey(home.pgData(m_new)));
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1", "--to", QString::fromStdString(m_new)} + anyway, 180000);
    std::error_code ignored;
    for (const std::string &member : {m_old, m_new})
        std::filesystem::remove(std::filesystem::path(home.pgData(member)) / "server.key", ignored);
    const QByteArray journal = ActingFleet::read(m_fleet.newestJournal());
    QVERIFY2(ran.exit == 0, (ran.out + ran.err + journal).constData());
    QVERIFY2(journal.contains("copied anew: ") && journal.contains("pg_rewind"), journal.constData());
    verifyWell(m_new); // the old primary streams, too
    QCOMPARE(QString::fromStdString(m_fleet.ask(m_old, "SELECT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'")), QStringLiteral("t"));
    // Its own slot keeps what it needs, the copy's is gone, and so are the data that could not be rewound.
    QCOMPARE(QString::fromStdString(m_fleet.ask(m_new, "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE '%copy'")), QStringLiteral("0"));
    QCOMPARE(QString::fromStdString(m_fleet.ask(m_new, "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical' AND active")), QStringLiteral("2"));
    QVERIFY(!std::filesystem::exists(data.string() + ".shardlens-replaced") && !std::filesystem::exists(data.string() + ".shardlens-copy"));
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(m_old + " " + m_new));
    QVERIFY2(m_ledger->tale().failed == 0, m_ledger->tale().firstError.c_str());
}

void LiveMoveFaultsTest::aFrozenExecutorDoesNothingWhenThawed()
{
    const QString before = m_fleet.newestJournal();
    const auto frozen = m_fleet.ctlHeldAt("clear_backends", QStringList{"switchover", "u1", "--to", QString::fromStdString(m_new)} + anyway);
    const auto underWay = m_fleet.waitUntilHeld(before);
    if (!underWay)
        QFAIL((frozen->readAll() + frozen->readAllStandardError()).constData());
    const std::size_t held = m_ledger->count();
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(waitFor([&] { return m_ledger->count() > held + 10; }, patience), "the guards do not let writes go on");
    qInfo("writes flowed again %lld ms after the executor was frozen", timer.elapsed());
    QVERIFY(timer.elapsed() < 6000);
    QVERIFY(m_fleet.becomesReady("u1"));
    const Ran other = m_fleet.ctl(QStringList{"switchover", "u1", "--to", QString::fromStdString(m_new)} + anyway);
    QVERIFY2(other.exit == 0 || other.exit == 4, (other.out + other.err).constData());
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(frozen->waitForFinished(60000));
    QVERIFY2(frozen->exitCode() != 0, frozen->readAll().constData());
    verifyWell(m_new);
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(m_old + " " + m_new));
}

void LiveMoveFaultsTest::aTransactionIsOpenThroughTheRouter()
{
    auto session = throughRouter();
    QVERIFY(session);
    QVERIFY(session->exec("BEGIN", base::seconds(3)));
    QVERIFY(session->exec("INSERT INTO shardlens.ledger (n) VALUES (-1)", base::seconds(3)));
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1"} + anyway);
    const auto committed = session->exec("COMMIT", base::seconds(5));
    // Whatever became of the move: a row is there if, and only if, its transaction was acknowledged.
    const std::string primary = m_fleet.primaries("u1");
    verifyWell(primary);
    QVERIFY2(ran.exit == 0 ? primary != m_old : primary == m_old, (ran.out + ran.err).constData());
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SELECT count(*) FROM shardlens.ledger WHERE n = -1")), committed ? QStringLiteral("1") : QStringLiteral("0"));
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(ran.exit == 0 ? m_old + " " + primary : m_old));
    qInfo("exit %d, the open transaction %s: %s", ran.exit, committed ? "was committed" : "failed", (ran.out + ran.err).right(300).constData());
}

void LiveMoveFaultsTest::theDirectoryIsDownThroughout()
{
    for (const localfleet::Instance &member : m_fleet.ground().members("directory"))
        QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", member.id)), QString());
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1"} + anyway);
    for (const localfleet::Instance &member : m_fleet.ground().members("directory"))
        QCOMPARE(QString::fromStdString(m_fleet.heal("kill", member.id)), QString());
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    const std::string primary = m_fleet.primaries("u1");
    QVERIFY(primary != m_old);
    verifyWell(primary);
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(m_old + " " + primary));
    QVERIFY2(m_ledger->tale().failed == 0, m_ledger->tale().firstError.c_str());
    // Its rows of the audit log waited here; they are written once, in their order.
    const auto later = [&] {
        QStringList actions;
        for (const QByteArray &line : m_fleet.ctl({"audit", "list", "--json"}).out.split('\n')) {
            const QJsonObject row = QJsonDocument::fromJson(line).object();
            if (!row.value("happened_at").toString().isEmpty())
                actions.prepend(row.value("action").toString());
        }
        return actions;
    };
    QVERIFY(waitFor([&] { return later().size() >= 2; }, patience, 500));
    QCOMPARE(later(), QStringList({"switchover begun", "switchover ended"}));
}

void LiveMoveFaultsTest::aFrozenPrimaryIsReplacedAndItsTransactionFails()
{
    auto session = throughRouter();
    QVERIFY(session);
    QVERIFY(session->exec("BEGIN", base::seconds(3)));
    QVERIFY(session->exec("INSERT INTO shardlens.ledger (n) VALUES (-2)", base::seconds(3)));
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", m_old)), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    const Ran ran = m_fleet.ctl(QStringList{"failover", "u1", "--force", "old_primary_stopped=it hangs", "--force", "data_loss=a test"} + anyway);
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    const std::string primary = m_fleet.primaries("u1");
    QVERIFY(primary != m_old && !primary.empty());
    (void)m_fleet.heal("freeze", m_old); // where it was stopped for good nothing is left to thaw
    QVERIFY(!session->exec("COMMIT", base::seconds(5)));
    QVERIFY2(waitFor([&] { return m_fleet.ask(m_old, "SELECT pg_is_in_recovery()") == "t"; }, 60000, 100), (ran.out + ran.err).constData());
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SELECT count(*) FROM shardlens.ledger WHERE n = -2")), QStringLiteral("0"));
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(m_old + " " + primary));
    for (const std::string &region : regions)
        QVERIFY2(m_fleet.leads(region, "u1", primary), region.c_str());
}

void LiveMoveFaultsTest::everyStandbyIsDead()
{
    const auto members = m_fleet.ground().members("u1");
    for (const localfleet::Instance &member : members) {
        if (member.id != m_old)
            QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", member.id)), QString());
    }
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1"} + anyway);
    for (const localfleet::Instance &member : members) {
        if (member.id != m_old)
            QCOMPARE(QString::fromStdString(m_fleet.heal("kill", member.id)), QString());
    }
    QVERIFY2(ran.exit == 1, (ran.out + ran.err).constData());
    verifyWell(m_old);
    QVERIFY2(m_ledger->tale().failed == 0, m_ledger->tale().firstError.c_str());
    QCOMPARE(QString::fromStdString(m_writable->sequence()), QString::fromStdString(m_old));
}

/// Who is left goes on: nothing of the lost region is waited for, its router is named and pointed once it answers, and its old primary is
/// fenced when it comes back.
void LiveMoveFaultsTest::aRegionIsLostWithItsGuardAndRouter()
{
    const std::string lost = m_old.substr(std::string("u1-").size());
    const std::string left = lost == "us-west" ? "eu-west" : "us-west";
    const QString router = QString::fromStdString("router-" + lost);
    m_ledger.reset();
    m_ledger.emplace(m_fleet.ground(), "u1", left, base::milliseconds(5));
    m_ledger->start();
    QVERIFY(waitFor([&] { return m_ledger->count() > 20; }, patience));
    const auto guard = localfleet::recorded(m_fleet.ground().home.pidFile("guard-" + lost));
    QVERIFY(guard);
    QVERIFY(ActingFleet::signal(guard->pid, SIGSTOP));
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", router.toStdString())), QString());
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", m_old)), QString());
    const base::Instant diedAt = std::chrono::steady_clock::now();
    const QStringList from{"--from", QString::fromStdString(left)};
    QVERIFY(waitFor([&] { return m_fleet.json(QStringList{"readiness", "u1", "--json"} + from).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    const QStringList words = QStringList{"failover", "u1", "--force", "old_primary_stopped=its region is lost", "--force", "data_loss=a test"} + anyway + from;
    const Ran refused = m_fleet.ctl(words);
    const Ran ran = m_fleet.ctl(words + QStringList{"--force", "routers_answer=its region is lost"}, 240000);
    const std::string primary = m_fleet.primaries("u1");
    const QByteArray journal = ActingFleet::read(m_fleet.newestJournal());
    QVERIFY(ActingFleet::signal(guard->pid, SIGCONT));
    QCOMPARE(QString::fromStdString(m_fleet.heal("freeze", router.toStdString())), QString());
    (void)m_fleet.heal("freeze", m_old);
    QVERIFY2(refused.exit == 1 && (refused.out + refused.err).contains("routers_answer"), (refused.out + refused.err).constData());
    QVERIFY2(ran.exit == 4, (ran.out + ran.err).constData());
    QVERIFY2(!primary.empty() && primary != m_old, primary.c_str());
    QVERIFY2(journal.contains("point_later"), journal.constData());
    // Its guard stops it; what it takes until then nobody else has.
    QVERIFY2(waitFor([&] { return m_fleet.ask(m_old, "SELECT pg_is_in_recovery()") != "f"; }, 60000, 100), m_fleet.ask(m_old, "SELECT term FROM shardlens.term").c_str());
    const Ran pointed = m_fleet.ctl({"router", "point", "u1", "--router", QString::fromStdString(lost), "--to", QString::fromStdString(primary)});
    QVERIFY2(pointed.exit == 0, (pointed.out + pointed.err).constData());
    const Ran rebuilt = m_fleet.ctl({"standby", "rebuild", QString::fromStdString(m_old)}, 120000);
    QVERIFY2(rebuilt.exit == 0, (rebuilt.out + rebuilt.err).constData());
    verifyWell(primary, diedAt);
}

QTEST_GUILESS_MAIN(LiveMoveFaultsTest)
#include "test_live_move_faults.moc"
