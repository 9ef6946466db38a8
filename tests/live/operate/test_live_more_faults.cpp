// SPDX-License-Identifier: GPL-3.0-or-later
// More of what goes wrong while a primary is moved, on real servers: what a candidate, a router or a link does in the middle of it, what cuts
// a primary off from some and not from others, and two failovers in a row. Assertions are on rows, roles, routers and brakes, and on which
// members a plain INSERT as the application commits at all, sampled every 10 ms.
#include "app/localfleet/DiskFull.h"
#include "app/localfleet/Files.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "core/clients/postgres/Session.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/MovedCluster.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace shardlens;
using live::ActingFleet;
using live::MovedCluster;
using live::Ran;
using live::waitFor;

namespace {

constexpr int patience = 30000;
constexpr int endPatience = 90000; ///< what is in doubt is asked for 30 s
const QStringList anyway{"--force", "recent_move=a test", "--force", "expected_pause=a test"};
const QStringList deadAnyway{"--force", "old_primary_stopped=a test", "--force", "data_loss=a test", "--force", "expected_pause=a test"};
const QStringList recentAnyway{"--force", "recent_move=a test"};
const std::string consoleRegion = "us-east";

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

class LiveMoreFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void aKilledExecutorLeavesNoPause_data();
    void aKilledExecutorLeavesNoPause();
    void cancelledTooLateItFinishes_data();
    void cancelledTooLateItFinishes();
    void theLinkToTheCandidateIsCutAtThePromotion();
    void aRouterDoesNotPause();
    void aRouterStopsAfterThePromotion();
    void aLongTransactionIsOpenPastTheRouters();
    void replayIsPausedInThePause();
    void everyStandbyIsBehind();
    void cutOffFromItsStandbysOnly();
    void cutOffFromTheRoutersOnly();
    void cutOffFromTheConsoleOnly();
    void theCandidatesClockIsBehind();
    void theCandidatesDiskIsFull_data();
    void theCandidatesDiskIsFull();
    void failingOverTwiceInARow();

private:
    [[nodiscard]] const localfleet::Ground &ground() const { return m_fleet.ground(); }
    void hold(const char *step); ///< a switchover to m_new, before anything of that step is done
    void letGo();                ///< and waits for its end
    void goOnUntilDone();
    void verifyWell(const std::string &primary);
    void verifyMoved(bool isMoved);
    void verifyNothingWasBegun(const Ran &ran, const char *check);
    [[nodiscard]] std::string failOver(const std::string &primary);

    ActingFleet m_fleet;
    std::optional<MovedCluster> m_cluster;
    std::string m_old, m_new; ///< u1's primary when the function began, and a standby that is not in the console's region
    QString m_before;         ///< the newest journal then
    std::unique_ptr<QProcess> m_operation;
    std::optional<ActingFleet::UnderWay> m_underWay;
};

void LiveMoreFaultsTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.cachesPerRegion = 1;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("more-faults", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

void LiveMoreFaultsTest::init()
{
    QVERIFY2(m_fleet.becomesReady("u1"), m_fleet.ctl({"readiness", "u1"}).out.constData());
    m_cluster.emplace(m_fleet, "u1", consoleRegion);
    QCOMPARE(qt(m_cluster->begin()), QString());
    m_old = m_cluster->old();
    m_new = m_cluster->standbyOutside(consoleRegion);
    m_before = m_fleet.newestJournal();
}

void LiveMoreFaultsTest::cleanup()
{
    if (m_operation && m_underWay && m_operation->state() != QProcess::NotRunning)
        (void)ActingFleet::signal(m_underWay->executor, SIGKILL);
    if (m_operation && m_operation->state() != QProcess::NotRunning && !m_operation->waitForFinished(5000)) {
        m_operation->kill();
        m_operation->waitForFinished(5000);
    }
    m_operation.reset();
    m_underWay.reset();
    m_cluster.reset();
    localfleet::Progress silent;
    (void)localfleet::healAll(ground(), silent);
}

void LiveMoreFaultsTest::hold(const char *step)
{
    m_operation = m_fleet.ctlHeldAt(QString::fromLatin1(step), QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway);
    m_underWay = m_fleet.waitUntilHeld(m_before);
    QVERIFY2(m_underWay, (m_operation->readAllStandardOutput() + m_operation->readAllStandardError()).constData());
}

void LiveMoreFaultsTest::letGo()
{
    (void)ActingFleet::signal(m_underWay->executor, SIGCONT);
    QVERIFY2(m_operation->state() == QProcess::NotRunning || m_operation->waitForFinished(endPatience), ActingFleet::read(m_underWay->journal).right(1500).constData());
}

/// What is not over, or has things left, is gone on with; what is refused is over.
void LiveMoreFaultsTest::goOnUntilDone()
{
    const QStringList unfinished{"none", "failed", "in_doubt", "incomplete"};
    for (int i = 0; i < 3; ++i) {
        if (!unfinished.contains(m_fleet.json({"operations", "show", m_underWay->id(), "--json"}).value("outcome").toString()))
            return;
        const Ran ran = m_fleet.ctl({"operations", "resume", m_underWay->id()}, endPatience);
        qInfo("resumed with exit %d: %s", ran.exit, (ran.out + ran.err).trimmed().right(300).constData());
    }
}

/// By itself, else by what the product offers; nothing acknowledged is missing, and no two took writes.
void LiveMoreFaultsTest::verifyWell(const std::string &primary)
{
    std::string amiss = m_cluster->whyNotWell(primary, 15000);
    if (!amiss.empty()) {
        const std::string taken = m_cluster->mend();
        qInfo("%s; %s", amiss.c_str(), taken.c_str());
        amiss = m_cluster->whyNotWell(primary);
    }
    QCOMPARE(qt(amiss), QString());
    m_cluster->stop();
    QCOMPARE(qt(m_cluster->whyNotOneAtATime(primary)), QString());
    QCOMPARE(qt(m_cluster->whatIsMissing(primary)), QString());
}

void LiveMoreFaultsTest::verifyMoved(bool isMoved)
{
    verifyWell(isMoved ? m_new : m_old);
    QCOMPARE(qt(m_cluster->writable().sequence()), qt(isMoved ? m_old + " " + m_new : m_old));
}

/// Refused by that check, and no write failed.
void LiveMoreFaultsTest::verifyNothingWasBegun(const Ran &ran, const char *check)
{
    QVERIFY2(ran.exit == 1, (ran.out + ran.err).constData());
    QVERIFY2((ran.out + ran.err).contains("[" + QByteArray(check) + "]"), (ran.out + ran.err).constData());
    QCOMPARE(m_fleet.newestJournal(), m_before);
    QVERIFY2(m_cluster->ledger().tale().failed == 0, m_cluster->ledger().tale().firstError.c_str());
}

void LiveMoreFaultsTest::aKilledExecutorLeavesNoPause_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"brake", "read_final", "catch_up", "raise_term", "write_marker", "resume_routers"})
        QTest::newRow(step) << step;
}

/// Nobody goes on with it until writes flow again.
void LiveMoreFaultsTest::aKilledExecutorLeavesNoPause()
{
    QFETCH(const QString, step);
    hold(qPrintable(step));
    if (QTest::currentTestFailed())
        return;
    QVERIFY(ActingFleet::signal(m_underWay->executor, SIGKILL));
    const std::size_t atKill = m_cluster->ledger().count();
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(waitFor([&] { return m_cluster->ledger().count() > atKill + 10; }, patience), "writes do not flow again");
    qInfo("writes flowed again %lld ms after the kill", timer.elapsed());
    QVERIFY(timer.elapsed() < 6000);
    letGo();
    goOnUntilDone();
    const std::string primary = m_fleet.primaries("u1");
    QVERIFY2(primary == m_old || primary == m_new, primary.c_str());
    verifyWell(primary);
}

void LiveMoreFaultsTest::cancelledTooLateItFinishes_data()
{
    QTest::addColumn<QString>("step");
    QTest::addColumn<bool>("isTooLate");
    QTest::newRow("the final position is read") << "read_final" << false;
    QTest::newRow("the term is raised") << "raise_term" << true;
    QTest::newRow("routers are pointed") << "point_routers" << true;
    QTest::newRow("the old primary is stopped") << "stop_old" << true;
}

void LiveMoreFaultsTest::cancelledTooLateItFinishes()
{
    QFETCH(const QString, step);
    QFETCH(const bool, isTooLate);
    hold(qPrintable(step));
    if (QTest::currentTestFailed())
        return;
    QVERIFY(ActingFleet::signal(m_underWay->executor, SIGINT));
    letGo();
    const int exit = m_operation->exitCode();
    QVERIFY2(isTooLate ? exit == 0 || exit == 4 : exit == 3, (m_operation->readAllStandardOutput() + m_operation->readAllStandardError()).constData());
    verifyMoved(isTooLate);
}

/// Its answer does not come, or it was never sent: which, is found out; nothing is taken back that was carried out.
void LiveMoreFaultsTest::theLinkToTheCandidateIsCutAtThePromotion()
{
    hold("promote");
    if (QTest::currentTestFailed())
        return;
    localfleet::FaultRequest cut;
    cut.kind = "link-cut";
    cut.target = consoleRegion;
    cut.to = ground().server(m_new)->region;
    QVERIFY(localfleet::inflict(ground(), cut));
    (void)ActingFleet::signal(m_underWay->executor, SIGCONT);
    QTest::qWait(2500);
    localfleet::Progress silent;
    QVERIFY(localfleet::heal(ground(), cut, silent));
    letGo();
    qInfo("exit %d", m_operation->exitCode());
    goOnUntilDone();
    const std::string primary = m_fleet.primaries("u1");
    QVERIFY2(primary == m_old || primary == m_new, primary.c_str());
    verifyMoved(primary == m_new);
}

/// A router that hangs is asked to pause, and may do so once it is thawed, when all is taken back: it must not stay paused.
void LiveMoreFaultsTest::aRouterDoesNotPause()
{
    hold("pause_routers");
    if (QTest::currentTestFailed())
        return;
    const std::string router = "router-us-west";
    QCOMPARE(qt(m_fleet.inflict("freeze", router)), QString());
    letGo();
    QCOMPARE(qt(m_fleet.heal("freeze", router)), QString());
    QVERIFY2(m_operation->exitCode() == 3, (m_operation->readAllStandardOutput() + m_operation->readAllStandardError()).constData());
    verifyMoved(false);
}

/// It comes back as its file says, not paused; the others need not wait for it longer than the plan says.
void LiveMoreFaultsTest::aRouterStopsAfterThePromotion()
{
    hold("point_routers");
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(qt(m_fleet.inflict("router-stop", "us-west")), QString());
    (void)ActingFleet::signal(m_underWay->executor, SIGCONT);
    QTest::qWait(3000);
    QCOMPARE(qt(m_fleet.heal("router-stop", "us-west")), QString());
    letGo();
    qInfo("exit %d", m_operation->exitCode());
    goOnUntilDone();
    verifyMoved(true);
}

/// Its session ends before the final position is read: its row is on neither, and its COMMIT says so.
void LiveMoreFaultsTest::aLongTransactionIsOpenPastTheRouters()
{
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.applicationName = "long";
    const localfleet::Instance &old = *ground().server(m_old);
    auto session = postgres::Session::connect({m_old, {"127.0.0.1", ground().ports.of(m_old)}, ground().database(old), localfleet::user::application},
                                              ground().secrets.of(localfleet::user::application), options, base::seconds(5));
    QVERIFY(session);
    QVERIFY(session->exec("BEGIN", base::seconds(3)));
    QVERIFY(session->exec("INSERT INTO shardlens.ledger (n) VALUES (-3)", base::seconds(3)));
    QTest::qWait(1500); // longer than a pause waits
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway);
    QVERIFY(!session->exec("COMMIT", base::seconds(5)));
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    verifyMoved(true);
    QCOMPARE(qt(m_fleet.ask(m_new, "SELECT count(*) FROM shardlens.ledger WHERE n = -3")), QStringLiteral("0"));
}

void LiveMoreFaultsTest::replayIsPausedInThePause()
{
    hold("brake"); // routers are paused by then
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(qt(m_fleet.inflict("replay-paused", m_new)), QString());
    letGo();
    QCOMPARE(qt(m_fleet.heal("replay-paused", m_new)), QString());
    QVERIFY2(m_operation->exitCode() == 3, (m_operation->readAllStandardOutput() + m_operation->readAllStandardError()).constData());
    verifyMoved(false);
}

void LiveMoreFaultsTest::everyStandbyIsBehind()
{
    for (const std::string &standby : m_cluster->standbys())
        QCOMPARE(qt(m_fleet.inflict("replay-paused", standby)), QString());
    const Ran named = m_fleet.ctl(QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway);
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1"} + anyway);
    for (const std::string &standby : m_cluster->standbys())
        QCOMPARE(qt(m_fleet.heal("replay-paused", standby)), QString());
    verifyNothingWasBegun(named, "replay_runs");
    QVERIFY2(ran.exit == 1, (ran.out + ran.err).constData());
    verifyMoved(false);
}

/// It goes on serving: a failover of one that answers is refused, and a switchover to one that does not receive from it.
void LiveMoreFaultsTest::cutOffFromItsStandbysOnly()
{
    std::vector<std::pair<std::string, std::string>> back;
    for (const std::string &standby : m_cluster->standbys()) {
        back.emplace_back(standby, m_fleet.ask(standby, "SELECT format('ALTER SYSTEM SET primary_conninfo = %L', current_setting('primary_conninfo'))"));
        (void)m_fleet.ask(standby, "ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'");
        (void)m_fleet.ask(standby, "SELECT pg_reload_conf()");
    }
    const bool isCut = waitFor([&] { return m_fleet.ask(m_old, "SELECT count(*) FROM pg_stat_replication") == "0"; }, patience, 50);
    const Ran failover = m_fleet.ctl(QStringList{"failover", "u1"} + deadAnyway + recentAnyway);
    const Ran switchover = m_fleet.ctl(QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway);
    for (const auto &[standby, sql] : back) {
        QCOMPARE(qt(m_fleet.ask(standby, sql)), QString());
        (void)m_fleet.ask(standby, "SELECT pg_reload_conf()");
    }
    QVERIFY(isCut);
    QVERIFY2(failover.exit == 1, (failover.out + failover.err).constData());
    verifyNothingWasBegun(switchover, "candidate_attached");
    verifyMoved(false);
}

/// Who dials it past them goes on writing meanwhile; it is not failed over.
void LiveMoreFaultsTest::cutOffFromTheRoutersOnly()
{
    std::vector<std::pair<std::filesystem::path, QByteArray>> files;
    const auto reload = [&] {
        for (const std::string &region : ground().shape.regions) {
            const auto router = localfleet::servers::process(ground(), "router-" + region);
            QVERIFY(router && ActingFleet::signal(router->pid, SIGHUP));
        }
    };
    for (const std::string &region : ground().shape.regions) {
        const std::filesystem::path file = ground().home.etc("router-" + region) / "databases.ini";
        files.emplace_back(file, ActingFleet::read(qt(file.string())));
        QString text = QString::fromUtf8(files.back().second);
        const auto line = QRegularExpression(QStringLiteral("^u1 = host=\\S+ port=(\\d+)"), QRegularExpression::MultilineOption).match(text);
        QVERIFY2(line.hasMatch(), files.back().second.constData());
        text.replace(line.capturedStart(1), line.capturedLength(1), QStringLiteral("1")); // nobody listens there
        QVERIFY(localfleet::writeFile(file, text.toStdString()));
    }
    const base::Instant since = std::chrono::steady_clock::now();
    reload();
    const auto isCut = [&] { return std::none_of(ground().shape.regions.begin(), ground().shape.regions.end(), [&](const std::string &region) { return m_cluster->takesWrites(region); }); };
    const bool wasCut = waitFor(isCut, patience, 50);
    const Ran ran = m_fleet.ctl(QStringList{"failover", "u1"} + deadAnyway + recentAnyway);
    for (const auto &[file, text] : files)
        QVERIFY(localfleet::writeFile(file, text.toStdString()));
    reload();
    QVERIFY(wasCut);
    QVERIFY2(ran.exit == 1 && (ran.out + ran.err).contains("[primary_gone]"), (ran.out + ran.err).constData());
    QCOMPARE(m_fleet.newestJournal(), m_before);
    QVERIFY(m_cluster->writable().longestGap(since) < base::seconds(2));
    verifyMoved(false);
}

/// The others hear it: "only I cannot see it" is not death.
void LiveMoreFaultsTest::cutOffFromTheConsoleOnly()
{
    if (ground().server(m_old)->region == consoleRegion) {
        const Ran away = m_fleet.ctl(QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway);
        QVERIFY2(away.exit == 0 || away.exit == 4, (away.out + away.err).constData());
        QVERIFY(m_fleet.becomesReady("u1"));
    }
    const std::string region = ground().server(m_fleet.primaries("u1"))->region;
    m_cluster.emplace(m_fleet, "u1", region);
    QCOMPARE(qt(m_cluster->begin()), QString());
    m_old = m_cluster->old();
    m_before = m_fleet.newestJournal();
    localfleet::FaultRequest cut;
    cut.kind = "link-cut";
    cut.target = consoleRegion;
    cut.to = region;
    QVERIFY(localfleet::inflict(ground(), cut));
    const base::Instant since = std::chrono::steady_clock::now();
    QTest::qWait(3500); // as long as it takes until a silent one counts as down
    const Ran ran = m_fleet.ctl(QStringList{"failover", "u1"} + deadAnyway + recentAnyway);
    const auto gap = m_cluster->writable().longestGap(since);
    localfleet::Progress silent;
    QVERIFY(localfleet::heal(ground(), cut, silent));
    verifyNothingWasBegun(ran, "primary_gone");
    QVERIFY(gap < base::seconds(2));
    verifyMoved(false);
}

/// Ids are made of the clock: the first write waits until the candidate's has passed the last one that the old primary committed.
void LiveMoreFaultsTest::theCandidatesClockIsBehind()
{
    localfleet::FaultRequest turned;
    turned.kind = "clock-off";
    turned.target = m_new;
    turned.clockOffset = -1.2;
    const auto done = localfleet::inflict(ground(), turned);
    if (!done && done.error().code == base::ErrorCode::Unavailable)
        QSKIP(done.error().message.c_str());
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(qt(m_cluster->whyNotWell(m_old)), QString());
    const QStringList words = QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway;
    const Ran refused = m_fleet.ctl(words);
    verifyNothingWasBegun(refused, "clock");
    const Ran ran = m_fleet.ctl(words + QStringList{"--force", "clock=a test"});
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    QVERIFY(m_cluster->flows(patience));
    QCOMPARE(qt(m_fleet.ask(m_new, "SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY n) AS is_back FROM shardlens.ledger) AS each WHERE is_back")), QStringLiteral("0"));
    QCOMPARE(qt(m_fleet.heal("clock-off", m_new)), QString()); // started again
    verifyMoved(true);
}

void LiveMoreFaultsTest::theCandidatesDiskIsFull_data()
{
    QTest::addColumn<QString>("step");
    QTest::newRow("before it begins") << QString();
    QTest::newRow("when it is to be promoted") << QStringLiteral("promote");
}

void LiveMoreFaultsTest::theCandidatesDiskIsFull()
{
    QFETCH(const QString, step);
    if (const auto allowed = localfleet::diskfull::isAllowed(ground()); !allowed)
        QSKIP(allowed.error().message.c_str());
    const localfleet::Instance &candidate = *ground().server(m_new);
    if (step.isEmpty()) {
        QCOMPARE(qt(m_fleet.inflict("disk-full", m_new)), QString());
        const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway, 120000);
        qInfo("exit %d: %s", ran.exit, (ran.out + ran.err).trimmed().right(300).constData());
        QVERIFY2(ran.exit >= 0 && ran.exit != 2, (ran.out + ran.err).constData());
        QCOMPARE(qt(m_fleet.heal("disk-full", m_new)), QString());
        const QString journal = m_fleet.newestJournal();
        if (journal != m_before)
            m_underWay = ActingFleet::UnderWay{journal, 0};
    } else {
        QVERIFY(localfleet::servers::stop(ground(), candidate, base::seconds(8)));
        QVERIFY(localfleet::diskfull::moveToSmallDisk(ground(), candidate, 64 << 20));
        QVERIFY(localfleet::servers::start(ground(), candidate));
        QVERIFY(localfleet::servers::waitReady(ground(), candidate, base::seconds(30)));
        QCOMPARE(qt(m_cluster->whyNotWell(m_old)), QString());
        hold(qPrintable(step));
        if (QTest::currentTestFailed())
            return;
        QCOMPARE(qt(m_fleet.inflict("disk-full", m_new)), QString());
        letGo();
        qInfo("exit %d", m_operation->exitCode());
        QCOMPARE(qt(m_fleet.heal("disk-full", m_new)), QString());
    }
    if (m_underWay)
        goOnUntilDone();
    const std::string primary = m_fleet.primaries("u1");
    QVERIFY2(primary == m_old || primary == m_new, primary.c_str());
    verifyMoved(primary == m_new);
}

/// Kills the primary; the second time without a word on the move just made it is refused. Who is the primary after it; empty: it failed.
std::string LiveMoreFaultsTest::failOver(const std::string &primary)
{
    const bool isSecond = primary != m_old;
    if (const std::string trouble = m_fleet.inflict("kill", primary); !trouble.empty())
        return {};
    if (!waitFor([&] { return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100))
        return {};
    const QStringList words = QStringList{"failover", "u1"} + deadAnyway;
    if (isSecond) {
        Ran refused;
        const auto isRefused = [&] { refused = m_fleet.ctl(words); return refused.exit != 1 || (refused.out + refused.err).contains("[recent_move]"); };
        if (!waitFor(isRefused, patience, 100) || refused.exit != 1) {
            qInfo("the second was not refused for the first: exit %d %s", refused.exit, (refused.out + refused.err).constData());
            return {};
        }
    }
    const Ran ran = m_fleet.ctl(words + recentAnyway, endPatience);
    qInfo("exit %d: %s", ran.exit, (ran.out + ran.err).trimmed().right(200).constData());
    const std::string next = m_fleet.primaries("u1");
    // It was rewound and started by then, or is to be made anew: nobody starts it as it is.
    std::string amiss = m_cluster->whyNotWell(next, 20000);
    for (int i = 0; i < 2 && !amiss.empty(); ++i) {
        const std::string taken = m_cluster->mend();
        qInfo("%s; %s", amiss.c_str(), taken.c_str());
        amiss = m_cluster->whyNotWell(next);
    }
    (void)m_fleet.heal("kill", primary); // it runs
    return amiss.empty() && next != primary ? next : std::string();
}

void LiveMoreFaultsTest::failingOverTwiceInARow()
{
    QElapsedTimer timer;
    timer.start();
    std::vector<base::Instant> died{std::chrono::steady_clock::now()};
    const std::string second = failOver(m_old);
    QVERIFY2(!second.empty(), m_fleet.primaries("u1").c_str());
    const std::size_t between = m_cluster->ledger().count();
    died.push_back(std::chrono::steady_clock::now());
    const std::string third = failOver(second);
    qInfo("two failovers in %.1f s", double(timer.elapsed()) / 1000);
    QVERIFY2(!third.empty(), m_fleet.primaries("u1").c_str());
    QVERIFY(m_cluster->ledger().count() > between);
    m_cluster->stop();
    QCOMPARE(qt(m_cluster->writable().sequence()), qt(m_old + " " + second + " " + third));
    // What is lost was acknowledged in the last second of one of the two.
    const auto lost = m_cluster->ledger().lostOn(third);
    QVERIFY2(lost, lost ? "" : lost.error().message.c_str());
    const auto tale = m_cluster->ledger().tale();
    for (const std::size_t place : *lost) {
        const auto isOf = [&](base::Instant death) { return tale.at[place] >= death - base::seconds(1) && tale.at[place] <= death + base::seconds(1); };
        QVERIFY(std::any_of(died.begin(), died.end(), isOf));
    }
}

QTEST_GUILESS_MAIN(LiveMoreFaultsTest)
#include "test_live_more_faults.moc"
