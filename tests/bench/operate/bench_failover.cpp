// SPDX-License-Identifier: GPL-3.0-or-later
// A primary is killed, or hangs, while a writer commits every 5 ms through a router: when a console names the cause, how long it takes from
// the click to the first write that is accepted, and whether every acknowledged row that is lost lies in the window that the plan told
// before. The click finds an executor that stands ready, as one does while the console shows the plan, or starts one; in the latter runs the senders stand
// still just before the fault, so that rows are lost for certain. SHARDLENS_RUNS: how many with an executor that stands ready.
#include "app/localfleet/Servers.h"
#include "core/desk/Errand.h"
#include "core/execute/ActRequest.h"
#include "core/fleet/FleetFile.h"
#include "core/observe/Engine.h"
#include "core/operate/Plan.h"
#include "tests/bench/operate/StepTimes.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"

#include <QFileInfo>
#include <QTest>

#include <csignal>
#include <sstream>

using namespace shardlens;
using bench::median;
using bench::worst;

namespace {

constexpr int patience = 30000;
constexpr int startedByClick = 2;     // runs
constexpr double namedLimit = 3000;   // ms
constexpr double writesLimit = 600;   // ms, median
const base::ClusterName cluster("u1");

double sinceMs(base::Instant then)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - then).count();
}

/// What nobody can prove of a server that does not answer, and what a bench that moves one cluster all the time does.
bool mayBeForced(operate::CheckId id)
{
    return id == operate::CheckId::OldPrimaryStopped || id == operate::CheckId::RecentMove;
}

bool canBeConfirmed(const operate::Plan &plan)
{
    return !plan.steps.empty() && plan.loss.since &&
           std::all_of(plan.checks.begin(), plan.checks.end(), [](const operate::Check &check) { return !operate::isBlocking(check) || mayBeForced(check.id); });
}

execute::ActRequest requestFor(const operate::Plan &plan)
{
    execute::ActRequest request;
    request.setIntent(operate::withCandidate(plan.intent, plan.to));
    request.fingerprint = plan.fingerprint.digest();
    for (const operate::Check &check : plan.checks) {
        if (operate::isBlocking(check))
            request.forced.push_back({check.id, "a bench"});
    }
    return request;
}

/// A pgbouncer that is told to KILL while somebody logs in may crash (pgbouncer#1401). Starts it again; false: all of them run.
bool startedCrashedRouters(const localfleet::Ground &ground)
{
    bool isStarted = false;
    for (const std::string &region : ground.shape.regions) {
        const localfleet::Instance *router = ground.server("router-" + region);
        if (!localfleet::servers::process(ground, router->id))
            isStarted |= localfleet::servers::start(ground, *router) && localfleet::servers::waitReady(ground, *router, base::seconds(10));
    }
    return isStarted;
}

bool says(QProcess &executor, const char *word)
{
    QByteArray told;
    return live::waitFor([&] { executor.waitForReadyRead(5); return (told += executor.readAllStandardOutput()).contains(word) || executor.state() == QProcess::NotRunning; }, patience, 1) &&
           told.contains(word);
}

} // namespace

class BenchFailover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fromTheFaultToTheFirstWrite_data();
    void fromTheFaultToTheFirstWrite();

private:
    struct Figures {
        std::vector<double> named;    ///< ms from the fault
        std::vector<double> offered;  ///< ms from the fault until its plan can be confirmed
        std::vector<double> stood;    ///< ms from the plan's opening until somebody stands ready
        std::vector<double> begun;    ///< ms from the click until it began: locked, looked at, planned and written down
        std::vector<double> waited;   ///< ms from the click to the first write, the executor standing ready
        std::vector<double> started;  ///< likewise, the executor started by it
        std::vector<double> returned; ///< ms from then until the old primary streams
        std::vector<double> lost;     ///< rows
        std::vector<double> window;   ///< ms, as told
        std::size_t outside = 0;      ///< lost rows that lie outside of it
        std::size_t crashed = 0;      ///< runs in which a router crashed: they were gone on with, and have no time from the click
        bench::StepTimes steps;
    };

    /// One fault and its failover; what is amiss, or nothing.
    [[nodiscard]] std::string failOver(const std::string &fault, bool standsReady);
    [[nodiscard]] std::string standStill(const std::string &primary, const live::Ledger &ledger) const;
    [[nodiscard]] std::string click(const operate::Plan &plan, bool standsReady, const live::Ledger &ledger);
    [[nodiscard]] std::string compare(const operate::Plan &plan, const live::Ledger &ledger);

    live::ActingFleet m_fleet;
    std::unique_ptr<observe::Engine> m_engine;
    Figures m_figures;
};

void BenchFailover::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("failover", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    QVERIFY(m_fleet.becomesReady("u1"));
    const auto read = fleet::readFleetFile(m_fleet.ground().home.fleetFile().string());
    QVERIFY(read.has_value());
    const auto fleet = std::make_shared<const fleet::Fleet>(*read);
    m_engine = std::make_unique<observe::Engine>(fleet, observe::Engine::Options{}, std::make_shared<base::SystemClock>());
    m_engine->start();
    const auto shared = desk::readOnce(fleet, {}, base::SystemClock());
    QVERIFY2(shared.has_value(), shared ? "" : shared.error().message.c_str());
    m_engine->setShared(std::make_shared<const facts::Shared>(*shared));
}

/// What is acknowledged from now on reaches no standby: some 60 rows of it.
std::string BenchFailover::standStill(const std::string &primary, const live::Ledger &ledger) const
{
    std::istringstream senders(m_fleet.ask(primary, "SELECT string_agg(pid::text, ' ') FROM pg_stat_replication"));
    for (pid_t sender = 0; senders >> sender;) {
        if (!live::ActingFleet::signal(sender, SIGSTOP))
            return "a sender does not stand still";
    }
    const std::size_t before = ledger.count();
    return live::waitFor([&] { return ledger.count() > before + 60; }, patience) ? std::string() : "nothing is written";
}

std::string BenchFailover::failOver(const std::string &fault, bool standsReady)
{
    const std::string old = m_fleet.primaries("u1");
    const auto isCalm = [&] {
        const auto snapshot = m_engine->latest();
        const facts::ClusterFacts *facts = snapshot->cluster(cluster);
        return facts->primary && facts->primary->text() == old &&
               std::none_of(snapshot->problems.begin(), snapshot->problems.end(), [](const facts::Problem &problem) { return problem.place.cluster == cluster; });
    };
    if (!m_fleet.becomesReady("u1") || !live::waitFor(isCalm, patience))
        return "u1 does not become calm";
    live::Ledger ledger(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    std::string trouble = ledger.prepare();
    trouble += m_fleet.ask(old, "TRUNCATE shardlens.ledger");
    if (!trouble.empty())
        return trouble;
    ledger.start();
    // At that rate for a while: by the last one it is told how much may be lost.
    if (!live::waitFor([&] { return ledger.count() > 600; }, patience))
        return "nothing is written: " + ledger.tale().firstError;
    if (!standsReady && !(trouble = standStill(old, ledger)).empty())
        return trouble;
    const base::Instant broken = std::chrono::steady_clock::now();
    if (!(trouble = m_fleet.inflict(fault, old)).empty())
        return trouble;
    const auto isNamed = [&] {
        const auto snapshot = m_engine->latest();
        return !snapshot->problems.empty() && snapshot->problems.front().rule == facts::Rule::PrimaryDown && snapshot->problems.front().place.server.text() == old;
    };
    if (!live::waitFor(isNamed, patience, 1))
        return "the cause is not named";
    m_figures.named.push_back(sinceMs(broken));
    auto plan = operate::planFor(*m_engine->latest(), operate::FailCluster{cluster, {}});
    if (!live::waitFor([&] { return (plan = operate::planFor(*m_engine->latest(), operate::FailCluster{cluster, {}})) && canBeConfirmed(*plan); }, patience)) {
        std::string blocking;
        for (const operate::Check &check : plan ? plan->checks : operate::Checks()) {
            if (operate::isBlocking(check))
                blocking += " " + std::string(operate::name(check.id));
        }
        return "there is no plan that can be confirmed:" + blocking;
    }
    m_figures.offered.push_back(sinceMs(broken));
    if (!(trouble = click(*plan, standsReady, ledger)).empty())
        return trouble;
    trouble = m_fleet.heal(fault, old);
    trouble += m_fleet.whyNotWell("u1", plan->to.text(), 60000);
    if (!trouble.empty())
        return trouble;
    ledger.stop();
    return compare(*plan, ledger);
}

std::string BenchFailover::click(const operate::Plan &plan, bool standsReady, const live::Ledger &ledger)
{
    const auto line = [](const execute::ActRequest &request) { return QByteArray::fromStdString(execute::toJson(request)) + '\n'; };
    execute::ActRequest open; // what the console tells of a plan that nobody has confirmed yet
    open.setIntent(plan.intent);
    const std::size_t before = ledger.count();
    base::Instant clicked = std::chrono::steady_clock::now();
    const auto executor = m_fleet.executorBeside(standsReady ? QStringList{QStringLiteral("--waits")} : QStringList());
    if (standsReady) {
        executor->write(line(open));
        executor->waitForBytesWritten();
        if (!says(*executor, "\"ready\""))
            return ("no executor stands ready: " + executor->readAllStandardError()).toStdString();
        m_figures.stood.push_back(sinceMs(clicked));
        clicked = std::chrono::steady_clock::now();
    }
    const base::UtcTime clickedUtc = base::SystemClock().utcNow();
    executor->write(line(requestFor(plan)));
    executor->waitForBytesWritten();
    executor->closeWriteChannel();
    const bool isOver = executor->waitForFinished(90000) && (executor->exitCode() == 0 || executor->exitCode() == 4);
    const bool flows = isOver && live::waitFor([&] { return ledger.count() > before; }, patience);
    const QByteArray journal = live::ActingFleet::read(m_fleet.newestJournal());
    if (!flows && startedCrashedRouters(m_fleet.ground())) {
        ++m_figures.crashed;
        const live::Ran resumed = m_fleet.ctl({"operations", "resume", QFileInfo(m_fleet.newestJournal()).completeBaseName()}, 90000);
        return resumed.exit == 0 || resumed.exit == 4 ? std::string() : (resumed.out + resumed.err).toStdString();
    }
    if (!flows)
        return (executor->readAllStandardOutput() + executor->readAllStandardError() + journal).toStdString();
    const double took = std::chrono::duration<double, std::milli>(ledger.tale().at.at(before) - clicked).count();
    (standsReady ? m_figures.waited : m_figures.started).push_back(took);
    const auto operation = bench::operationIn(journal);
    if (!operation)
        return operation.error().message;
    m_figures.steps.add(*operation);
    if (standsReady)
        m_figures.begun.push_back(bench::milliseconds(operation->beganAt - clickedUtc));
    if (const auto returned = bench::returnedAfterMs(*operation))
        m_figures.returned.push_back(*returned);
    return {};
}

/// By the time at which each was acknowledged; the servers' clock is ours.
std::string BenchFailover::compare(const operate::Plan &plan, const live::Ledger &ledger)
{
    const auto lost = ledger.lostOn(plan.to.text());
    if (!lost)
        return lost.error().message;
    const base::UtcTime from = *plan.loss.lastCommit;
    const base::UtcTime to = from + *plan.loss.since;
    const auto tale = ledger.tale();
    for (const std::size_t place : *lost) {
        const base::UtcTime at = plan.takenUtc + std::chrono::duration_cast<base::microseconds>(tale.at[place] - plan.takenAt);
        m_figures.outside += at < from || at > to;
    }
    m_figures.lost.push_back(static_cast<double>(lost->size()));
    m_figures.window.push_back(bench::milliseconds(*plan.loss.since));
    return {};
}

void BenchFailover::fromTheFaultToTheFirstWrite_data()
{
    QTest::addColumn<QString>("fault");
    for (const char *fault : {"kill", "freeze"})
        QTest::newRow(fault) << QString(fault);
}

void BenchFailover::fromTheFaultToTheFirstWrite()
{
    QFETCH(const QString, fault);
    const int runs = qEnvironmentVariableIsSet("SHARDLENS_RUNS") ? qEnvironmentVariableIntValue("SHARDLENS_RUNS") : 4;
    m_figures = {};
    for (int i = 0; i < runs + startedByClick; ++i) {
        if (const std::string trouble = failOver(fault.toStdString(), i < runs); !trouble.empty())
            QFAIL(trouble.c_str());
    }
    bench::printHead(qPrintable("ms: " + fault));
    bench::printRow("from the fault to its name (limit 3000)", m_figures.named);
    bench::printRow("from the fault to a plan to confirm", m_figures.offered);
    bench::printRow("from the plan to an executor that stands ready", m_figures.stood);
    bench::printRow("from the click until it began", m_figures.begun);
    bench::printRow("from the click to a write (limit 600, median)", m_figures.waited);
    bench::printRow("likewise, where the click starts the executor", m_figures.started);
    bench::printRow("old primary streams again after", m_figures.returned);
    bench::printRow("the window that was told", m_figures.window);
    bench::printRow("acknowledged rows lost", m_figures.lost);
    std::printf("%-48s %8zu\n", "of these outside of the window (limit 0)", m_figures.outside);
    std::printf("%-48s %8zu\n", "runs in which a pgbouncer crashed, not timed", m_figures.crashed);
    m_figures.steps.print();
    QCOMPARE(m_figures.outside, 0U);
    QVERIFY(worst(m_figures.lost) > 0);
#ifdef NDEBUG
    QVERIFY(worst(m_figures.named) <= namedLimit);
    QVERIFY(!m_figures.waited.empty() && median(m_figures.waited) <= writesLimit);
#endif
}

QTEST_GUILESS_MAIN(BenchFailover)
#include "bench_failover.moc"
