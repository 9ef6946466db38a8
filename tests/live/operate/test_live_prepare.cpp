// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster that lacks what moves need is prepared, moved, and given back as it was; a candidate's cache is warmed before a move. On real
// servers: assertions are on catalogs, buffers, journals.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "core/clients/postgres/Session.h"
#include "tests/live/operate/ActingFleet.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace shardlens;
using live::ActingFleet;
using live::Ran;
using live::waitFor;

namespace {

constexpr int patience = 30000;
const char *const primary = "u1-us-east";
const char *const standby = "u1-us-west";
const char *const slow = "expected_pause=a busy machine"; ///< how long the pause is, is not what is tried here
const char *const parts = "SELECT count(*) FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'shardlens')";
const char *const schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'shardlens'";

} // namespace

class LivePrepareTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aWholeClusterIsNotPrepared();
    void whatIsMissingIsSaid();
    void aPlanTouchesNothing();
    void whatIsMissingIsMadeAndTakenBack();
    void whatSomebodyElseMadeIsSpared();
    void aPreparedClusterIsMoved();
    void aRightIsGivenBack();
    void extensionsNeedASuperuser();
    void aCandidateIsWarmed();
    void warmingThatIsCancelledChangesNothing();

private:
    [[nodiscard]] QJsonObject partsCheck() const; ///< of the plan of a switchover
    [[nodiscard]] std::string cached(const std::string &server) const;
    void verifyDone(const QStringList &arguments);
    [[nodiscard]] bool change(const char *server, const std::string &sql) const; ///< as the superuser
    [[nodiscard]] bool tellsParts(const char *verdict) const;

    ActingFleet m_fleet;
};

void LivePrepareTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("prepare", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    QVERIFY(m_fleet.becomesReady("u1"));
}

QJsonObject LivePrepareTest::partsCheck() const
{
    for (const QJsonValue &check : m_fleet.json({"switchover", "u1", "--plan", "--json"}).value("checks").toArray()) {
        if (check.toObject().value("id").toString() == QLatin1String("parts"))
            return check.toObject();
    }
    return {};
}

bool LivePrepareTest::tellsParts(const char *verdict) const
{
    return waitFor([&] { return partsCheck().value("verdict").toString() == QLatin1String(verdict); }, patience, 300);
}

void LivePrepareTest::verifyDone(const QStringList &arguments)
{
    const Ran ran = m_fleet.ctl(arguments);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
}

bool LivePrepareTest::change(const char *server, const std::string &sql) const
{
    const std::string answer = m_fleet.ask(server, sql);
    if (answer.starts_with("error"))
        qWarning("%s: %s", sql.c_str(), answer.c_str());
    return !answer.starts_with("error");
}

void LivePrepareTest::aWholeClusterIsNotPrepared()
{
    QVERIFY2(tellsParts("passed"), QJsonDocument(partsCheck()).toJson().constData());
    const Ran ran = m_fleet.ctl({"prepare", "u1"});
    QVERIFY2(ran.exit == 1, (ran.out + ran.err).constData());
    QVERIFY2(ran.err.contains("Not started"), ran.err.constData());
    QVERIFY(m_fleet.newestJournal().isEmpty());
}

void LivePrepareTest::whatIsMissingIsSaid()
{
    QVERIFY(change(primary, "DROP SCHEMA shardlens CASCADE"));
    QVERIFY2(tellsParts("warning"), QJsonDocument(partsCheck()).toJson().constData());
    QCOMPARE(partsCheck().value("remedy").toString(), QStringLiteral("prepare_cluster"));
    const Ran access = m_fleet.ctl({"fleet", "access"});
    QVERIFY2(access.out.contains("shardlensctl prepare u1"), access.out.constData());
}

void LivePrepareTest::aPlanTouchesNothing()
{
    const std::string before = m_fleet.ask(primary, "SELECT count(*) FROM pg_class");
    const Ran ran = m_fleet.ctl({"prepare", "u1", "--plan"});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    for (const char *statement : {"create schema if not exists shardlens", "create table if not exists shardlens.term", "COMMENT ON table shardlens.marker",
                                  "grant update on shardlens.term to shardlens_operator", "drop table shardlens.term", "outbox_page"})
        QVERIFY2(ran.out.contains(statement), statement);
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SELECT count(*) FROM pg_class")), QString::fromStdString(before));
    QVERIFY(m_fleet.newestJournal().isEmpty());
}

void LivePrepareTest::whatIsMissingIsMadeAndTakenBack()
{
    const QJsonObject done = m_fleet.json({"prepare", "u1", "--json"});
    QCOMPARE(done.value("outcome").toString(), QStringLiteral("done"));
    QCOMPARE(m_fleet.ask(primary, "SELECT term FROM shardlens.term"), std::string("1"));
    QVERIFY2(tellsParts("passed"), QJsonDocument(partsCheck()).toJson().constData());
    const QString id = done.value("operation").toString();
    QCOMPARE(m_fleet.ask(primary, "SELECT obj_description('shardlens.term'::regclass, 'pg_class')"), "made by " + id.toStdString());
    verifyDone({"operations", "undo", id});
    QCOMPARE(m_fleet.ask(primary, schemas), std::string("0"));
    QCOMPARE(m_fleet.json({"operations", "show", id, "--json"}).value("outcome").toString(), QStringLiteral("rolled_back"));
    // Not twice.
    QCOMPARE(m_fleet.ctl({"operations", "undo", id}).exit, 1);
}

void LivePrepareTest::whatSomebodyElseMadeIsSpared()
{
    // A table of theirs, with a row, in a schema of ours.
    const QJsonObject done = m_fleet.json({"prepare", "u1", "--json"});
    QCOMPARE(done.value("outcome").toString(), QStringLiteral("done"));
    QVERIFY(change(primary, "COMMENT ON TABLE shardlens.outbox IS 'mine'"));
    const Ran ran = m_fleet.ctl({"operations", "undo", done.value("operation").toString()});
    // The schema cannot go while it holds that table: told, and the table is there.
    QVERIFY2(ran.exit == 3, (ran.out + ran.err).constData());
    QCOMPARE(m_fleet.ask(primary, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('shardlens.outbox')"), std::string("1"));
    QCOMPARE(m_fleet.ask(primary, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('shardlens.term')"), std::string("0"));
    QVERIFY(change(primary, "DROP SCHEMA shardlens CASCADE"));
}

void LivePrepareTest::aPreparedClusterIsMoved()
{
    QVERIFY2(tellsParts("warning"), QJsonDocument(partsCheck()).toJson().constData());
    verifyDone({"prepare", "u1"});
    QVERIFY(m_fleet.becomesReady("u1"));
    QVERIFY2(tellsParts("passed"), QJsonDocument(partsCheck()).toJson().constData());
    verifyDone({"switchover", "u1", "--to", standby, "--force", slow});
    QCOMPARE(m_fleet.primaries("u1"), std::string(standby));
    QCOMPARE(m_fleet.ask(standby, "SELECT term FROM shardlens.term"), std::string("2"));
    QVERIFY(m_fleet.becomesReady("u1"));
    verifyDone({"switchover", "u1", "--to", primary, "--force", "recent_move=back again", "--force", slow});
    QCOMPARE(m_fleet.primaries("u1"), std::string(primary));
    QVERIFY(m_fleet.ask(primary, parts) != "0");
}

void LivePrepareTest::aRightIsGivenBack()
{
    QVERIFY(change(primary, "REVOKE SELECT ON shardlens.marker FROM shardlens_app"));
    QVERIFY2(tellsParts("failed"), QJsonDocument(partsCheck()).toJson().constData()); // the marker is read as the application
    const QJsonObject plan = m_fleet.json({"prepare", "u1", "--plan", "--json"});
    QCOMPARE(plan.value("steps").toArray().size(), 1);
    verifyDone({"prepare", "u1"});
    QCOMPARE(m_fleet.ask(primary, "SELECT has_table_privilege('shardlens_app', 'shardlens.marker', 'select')"), std::string("t"));
}

void LivePrepareTest::extensionsNeedASuperuser()
{
    const Ran refused = m_fleet.ctl({"prepare", "u1", "--warm"});
    QVERIFY2(refused.exit == 1 && refused.err.contains("may_make"), (refused.out + refused.err).constData());
    const Ran cold = m_fleet.ctl({"switchover", "u1", "--to", standby, "--warm", "--plan"});
    QVERIFY2(cold.out.contains("CREATE EXTENSION") && !cold.out.contains("Warm the cache of"), cold.out.constData());
    QVERIFY(change(primary, "ALTER ROLE shardlens_operator SUPERUSER"));
    const Ran ran = m_fleet.ctl({"prepare", "u1", "--warm"});
    QVERIFY(change(primary, "ALTER ROLE shardlens_operator NOSUPERUSER"));
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    QCOMPARE(m_fleet.ask(primary, "SELECT count(*) FROM pg_extension WHERE extname IN ('pg_buffercache', 'pg_prewarm')"), std::string("2"));
}

/// Blocks of the table that lie in a server's cache.
std::string LivePrepareTest::cached(const std::string &server) const
{
    return m_fleet.ask(server, "SELECT count(*) FROM shardlens.pg_buffercache b JOIN pg_class c ON c.relfilenode = b.relfilenode WHERE c.relname = 'hot' AND b.relforknumber = 0 "
                               "AND b.reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())");
}

void LivePrepareTest::aCandidateIsWarmed()
{
    QVERIFY(change(primary, "CREATE SCHEMA trial AUTHORIZATION shardlens_operator"));
    QVERIFY(change(primary, "CREATE TABLE trial.hot AS SELECT g AS id, repeat('x', 200) AS x FROM generate_series(1, 4000) g"));
    QVERIFY(change(primary, "CREATE TABLE trial.cold AS SELECT g AS id, repeat('x', 200) AS x FROM generate_series(1, 40000) g"));
    QVERIFY(change(primary, "ALTER TABLE trial.hot OWNER TO shardlens_operator"));
    QVERIFY(waitFor([&] { return m_fleet.ask(standby, "SELECT count(*) FROM trial.cold") == "40000"; }, patience));
    // The primary holds it, in use; the standby's cache is filled with something else.
    for (int turn = 0; turn < 6; ++turn)
        (void)m_fleet.ask(primary, "SELECT shardlens.pg_prewarm('trial.hot')");
    for (int turn = 0; turn < 6 && std::stoi(cached(standby)) > 0; ++turn)
        (void)m_fleet.ask(standby, "SELECT shardlens.pg_prewarm('trial.cold')");
    const int held = std::stoi(cached(primary));
    const int before = std::stoi(cached(standby));
    QVERIFY2(held > 90 && before < held / 4, (cached(primary) + " " + cached(standby)).c_str());
    verifyDone({"switchover", "u1", "--to", standby, "--warm", "--force", "recent_move=a trial", "--force", slow});
    QCOMPARE(m_fleet.primaries("u1"), std::string(standby));
    const int after = std::stoi(cached(standby));
    qInfo("of %d blocks cached on the old primary, %d were on the candidate before and %d after", held, before, after);
    QVERIFY2(after >= held * 3 / 4, cached(standby).c_str());
    const QByteArray journal = ActingFleet::read(m_fleet.newestJournal());
    QVERIFY(journal.contains("warmed: done "));
    QVERIFY(m_fleet.becomesReady("u1"));
}

void LivePrepareTest::warmingThatIsCancelledChangesNothing()
{
    // Whoever locks the table on the primary locks it on the standby, too: the warming waits, in short turns.
    const auto &ground = m_fleet.ground();
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.applicationName = "locks";
    for (int turn = 0; turn < 6; ++turn)
        (void)m_fleet.ask(standby, "SELECT shardlens.pg_prewarm('trial.hot')");
    auto locker = postgres::Session::connect({standby, {"127.0.0.1", ground.ports.of(standby)}, ground.database(*ground.server(standby)), localfleet::user::operation},
                                             ground.secrets.of(localfleet::user::operation), options, base::seconds(5));
    QVERIFY(locker);
    const QString before = m_fleet.newestJournal();
    QVERIFY(locker->script("BEGIN; LOCK TABLE trial.hot IN ACCESS EXCLUSIVE MODE", base::seconds(5)));
    const auto moving = m_fleet.ctlBeside({"switchover", "u1", "--to", primary, "--warm", "--force", "recent_move=a trial", "--force", "long_transaction=a trial", "--force", slow});
    const auto underWay = m_fleet.waitForStep(before, "warm_target");
    QVERIFY(underWay);
    verifyDone({"operations", "cancel", underWay->id()});
    QVERIFY(moving->waitForFinished(patience));
    const QJsonObject told = m_fleet.json({"operations", "show", underWay->id(), "--json"});
    QVERIFY2(told.value("outcome").toString() == "rolled_back", QJsonDocument(told).toJson().constData());
    QVERIFY(!told.contains("writes_held_ms"));
    QVERIFY(locker->script("ROLLBACK", base::seconds(5)));
    QCOMPARE(m_fleet.primaries("u1"), std::string(standby));
}

QTEST_GUILESS_MAIN(LivePrepareTest)
#include "test_live_prepare.moc"
