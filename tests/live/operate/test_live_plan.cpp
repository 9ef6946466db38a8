// SPDX-License-Identifier: GPL-3.0-or-later
// Plans of real servers: made from what was really read, understood by the servers, and touching nothing.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace shardlens;

namespace {

constexpr int patience = 60000;

struct Ran {
    int exit = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

class LivePlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void everyClusterIsReady();
    void nothingIsTouched();
    void theServersUnderstandEveryStatement();
    void aPausedReplayIsNoCandidate();

private:
    [[nodiscard]] Ran run(const QStringList &arguments) const;
    [[nodiscard]] QJsonObject object(const QStringList &arguments) const;
    [[nodiscard]] QJsonObject readiness(const QString &cluster) const { return object({"readiness", cluster, "--json"}); }
    [[nodiscard]] std::string state() const;
    [[nodiscard]] std::string ask(const std::string &server, const std::string &sql) const;

    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
};

Ran LivePlanTest::run(const QStringList &arguments) const
{
    QProcess process;
    // As the servers' owner in every respect: Qt refuses to start as one who is somebody else in part.
    process.setChildProcessModifier([] {
        if (::setresgid(::getegid(), ::getegid(), ::getegid()) != 0 || ::setresuid(::geteuid(), ::geteuid(), ::geteuid()) != 0)
            ::_exit(127);
    });
    process.start(QStringLiteral(SHARDLENSCTL), QStringList{"--fleet", QString::fromStdString(m_home->fleetFile().string())} + arguments);
    if (!process.waitForFinished(30000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QJsonObject LivePlanTest::object(const QStringList &arguments) const
{
    const Ran ran = run(arguments);
    if (ran.out.isEmpty())
        qWarning("%s", ran.err.constData());
    return QJsonDocument::fromJson(ran.out).object();
}

std::string LivePlanTest::ask(const std::string &server, const std::string &sql) const
{
    const localfleet::Instance *instance = m_ground->server(server);
    const auto answer = localfleet::postgres::query(*m_ground, *instance, m_ground->database(*instance), sql);
    return answer ? *answer : "error: " + answer.error().message;
}

/// All that an act would change: transactions, positions, settings, slots, roles, the files of servers and routers, what routers say.
std::string LivePlanTest::state() const
{
    std::string all;
    for (const localfleet::Instance &server : m_ground->ofKind(fleet::ServerKind::Postgres)) {
        all += server.id + " " +
               ask(server.id, "SELECT pg_is_in_recovery(), pg_snapshot_xmax(pg_current_snapshot()), pg_conf_load_time(), pg_postmaster_start_time(), "
                              "(SELECT md5(string_agg(name || '=' || coalesce(reset_val, ''), ',' ORDER BY name)) FROM pg_settings), "
                              "(SELECT string_agg(slot_name || active::text, ',' ORDER BY slot_name) FROM pg_replication_slots), "
                              "(SELECT count(*) FROM pg_prepared_xacts), (SELECT count(*) FROM pg_stat_replication)") +
               "\n";
        QFile automatic(QString::fromStdString((m_ground->home.pgData(server.id) / "postgresql.auto.conf").string()));
        all += automatic.open(QIODevice::ReadOnly) ? automatic.readAll().toStdString() : std::string("unreadable");
    }
    for (const localfleet::Instance &router : m_ground->ofKind(fleet::ServerKind::Pgbouncer)) {
        QDir etc(QString::fromStdString(m_ground->home.etc(router.id).string()));
        for (const QString &name : etc.entryList(QDir::Files, QDir::Name)) {
            QFile file(etc.filePath(name));
            all += file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string("unreadable");
        }
    }
    for (const QByteArray &line : run({"routers", "--json"}).out.split('\n')) {
        const QJsonObject target = QJsonDocument::fromJson(line).object();
        all += (target.value("router").toString() + target.value("database").toString() + target.value("leads_to").toString() +
                (target.value("paused").toBool() ? " paused" : "")).toStdString();
    }
    return all;
}

void LivePlanTest::initTestCase()
{
    m_home = *localfleet::Home::at("/tmp/shardlens-plan-" + std::to_string(::getpid()));
    QVERIFY(localfleet::Owner::become(m_home->root()));
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.latencyMs = 2;
    localfleet::Progress silent;
    auto ground = localfleet::up(*m_home, &shape, silent);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    m_ground = *ground;
}

void LivePlanTest::cleanupTestCase()
{
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, true, silent);
}

void LivePlanTest::everyClusterIsReady()
{
    for (const QString &cluster : {QStringLiteral("u1"), QStringLiteral("m1"), QStringLiteral("directory")}) {
        QTRY_COMPARE_WITH_TIMEOUT(readiness(cluster).value("readiness").toString(), QStringLiteral("ready"), patience);
        const QJsonObject row = readiness(cluster);
        QVERIFY(!row.value("best").toString().isEmpty());
        QVERIFY(!row.value("runner_up").toString().isEmpty());
        QVERIFY(row.value("expected_pause_ms").toDouble() > 0);
    }
    QCOMPARE(run({"readiness"}).exit, 0);
}

void LivePlanTest::nothingIsTouched()
{
    // Without guards and invalidators nobody else writes: then a transaction that is not ours would show.
    for (const std::string &region : m_ground->shape.regions) {
        for (const std::string &resident : {"guard-" + region, "invalidator-" + region}) {
            const auto process = localfleet::servers::process(*m_ground, resident);
            QVERIFY2(process, resident.c_str());
            ::kill(process->pid, SIGTERM);
            QTRY_VERIFY_WITH_TIMEOUT(!localfleet::servers::process(*m_ground, resident), patience);
        }
    }
    // Nor does the server itself.
    for (const localfleet::Instance &server : m_ground->ofKind(fleet::ServerKind::Postgres)) {
        (void)ask(server.id, "ALTER SYSTEM SET autovacuum = off");
        (void)ask(server.id, "SELECT pg_reload_conf()");
        QTRY_COMPARE_WITH_TIMEOUT(ask(server.id, "SHOW autovacuum"), std::string("off"), patience);
    }
    const std::string before = state();
    QVERIFY2(before.find("error") == std::string::npos && before.find("unreadable") == std::string::npos, before.c_str());
    for (const QString &act : {QStringLiteral("switchover"), QStringLiteral("failover")}) {
        for (const QString &cluster : {QStringLiteral("u1"), QStringLiteral("m1"), QStringLiteral("directory")}) {
            QVERIFY(run({act, cluster, "--plan"}).out.contains("Planned at"));
            QVERIFY(!object({act, cluster, "--plan", "--json"}).value("steps").toArray().isEmpty());
        }
    }
    QCOMPARE(QString::fromStdString(state()), QString::fromStdString(before));
    // Nor does a session stay behind.
    for (const localfleet::Instance &server : m_ground->ofKind(fleet::ServerKind::Postgres))
        QTRY_COMPARE_WITH_TIMEOUT(ask(server.id, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'shardlens_observer'"), std::string("0"), patience);
}

void LivePlanTest::theServersUnderstandEveryStatement()
{
    int understood = 0;
    for (const QString &act : {QStringLiteral("switchover"), QStringLiteral("failover")}) {
        const QJsonObject plan = object({act, "u1", "--plan", "--json"});
        QCOMPARE(plan.value("from").toString(), QStringLiteral("u1-us-east"));
        for (const auto &step : plan.value("steps").toArray()) {
            for (const char *part : {"preconditions", "commands", "verifications", "undo"}) {
                for (const auto &one : step.toObject().value(QLatin1String(part)).toArray()) {
                    const QJsonObject command = one.toObject();
                    QString text = command.value("text").toString();
                    const bool prepares = text.startsWith("SELECT") || text.startsWith("UPDATE") || text.startsWith("INSERT");
                    if (command.value("by").toString() != QLatin1String("sql") || !prepares)
                        continue;
                    text.replace("'{clock}'", "'2026-01-01'").replace(QRegularExpression("\\{[^}]+\\}(?=')"), "0/0");
                    text.replace("{spared}", "'{1}'::int[]").replace("{token}", "t").replace("{operation}", "o");
                    QVERIFY2(!text.contains(QRegularExpression("\\{[a-z]")), qPrintable(text));
                    QString on = command.value("on").toString();
                    if (on.startsWith("router"))
                        on = "u1-us-east"; // through it
                    const localfleet::Instance *instance = m_ground->server(on.toStdString());
                    QVERIFY2(instance, qPrintable(on));
                    const std::string database = command.value("database").toString() == QLatin1String("directory") ? "directory" : m_ground->database(*instance);
                    const auto answer = localfleet::postgres::query(*m_ground, *instance, database, "PREPARE understood AS " + text.toStdString());
                    QVERIFY2(answer.has_value(), qPrintable(text + ": " + (answer ? QString() : QString::fromStdString(answer.error().message))));
                    ++understood;
                }
            }
        }
    }
    QVERIFY2(understood > 50, qPrintable(QString::number(understood)));
}

void LivePlanTest::aPausedReplayIsNoCandidate()
{
    const QString best = readiness("u1").value("best").toString();
    const QString runnerUp = readiness("u1").value("runner_up").toString();
    (void)ask(best.toStdString(), "SELECT pg_wal_replay_pause()");
    const QJsonObject row = readiness("u1");
    QCOMPARE(row.value("best").toString(), runnerUp);
    bool isRejected = false;
    for (const auto &candidate : row.value("candidates").toArray())
        isRejected = isRejected || (candidate.toObject().value("server").toString() == best &&
                                    candidate.toObject().value("rejected_for").toObject().value("id").toString() == QLatin1String("replay_runs"));
    QVERIFY(isRejected);
    // Asked for all the same, it is planned for, and refused.
    const Ran asked = run({"switchover", "u1", "--to", best, "--plan"});
    QCOMPARE(asked.exit, 1);
    QVERIFY(asked.out.contains("replay_runs"));
    (void)ask(best.toStdString(), "SELECT pg_wal_replay_resume()");
    QTRY_COMPARE_WITH_TIMEOUT(readiness("u1").value("best").toString(), best, patience);
}

QTEST_GUILESS_MAIN(LivePlanTest)
#include "test_live_plan.moc"
