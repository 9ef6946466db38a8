// SPDX-License-Identifier: GPL-3.0-or-later
// Can people use it? Real routers, guards and servers; a primary is frozen, and at every tick the cells and the first sentence
// must be true.
#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Up.h"
#include "core/fleet/FleetFile.h"
#include "core/observe/Engine.h"
#include "ui/format/Headline.h"

#include <QTest>

#include <algorithm>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::ServingCell;
using facts::ServingOf;
using facts::ServingProof;
using facts::ServingVerdict;
using ui::format::Headline;
using ui::format::headlineFor;

namespace {

constexpr int patience = 40000;
const base::ClusterName u1("u1");
const base::ClusterName m1("m1");

bool all(const facts::ServingRow *row, bool (*is)(const ServingCell &))
{
    return row && !row->cells.empty() && std::all_of(row->cells.begin(), row->cells.end(), is);
}

bool works(const ServingCell &cell)
{
    return cell.works();
}

bool fails(const ServingCell &cell)
{
    return cell.fails();
}

bool isProven(const ServingCell &cell)
{
    return cell.works() && cell.proof == ServingProof::Committed;
}

} // namespace

class LiveServingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void everyWayIsTried();
    void aFrozenPrimaryIsToldAtEveryTick();
    void aDeadCacheServerMakesItsPoolPartlyWork();
    void theEventsTellWhatHappened();

private:
    [[nodiscard]] facts::SnapshotPtr now() const { return m_engine->latest(); }
    [[nodiscard]] Headline headline() const { return headlineFor(*now()); }

    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::unique_ptr<observe::Engine> m_engine;
};

void LiveServingTest::initTestCase()
{
    m_home = *localfleet::Home::at("/tmp/shardlens-serving-" + std::to_string(::getpid()));
    QVERIFY(localfleet::Owner::become(m_home->root()));
    localfleet::Shape shape;
    shape.regions = {"us-east", "us-west"};
    shape.usersClusters = shape.mediaClusters = 1;
    shape.latencyMs = 2;
    localfleet::Progress silent;
    auto ground = localfleet::up(*m_home, &shape, silent);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    m_ground = *ground;
    auto read = fleet::readFleetFile(m_home->fleetFile().string());
    QVERIFY(read.has_value());
    m_fleet = std::make_shared<const fleet::Fleet>(*std::move(read));
    observe::Engine::Options options;
    options.readsShardMap = false;
    m_engine = std::make_unique<observe::Engine>(m_fleet, options, std::make_shared<base::SystemClock>());
    m_engine->start();
}

void LiveServingTest::cleanupTestCase()
{
    m_engine.reset();
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, true, silent);
}

void LiveServingTest::everyWayIsTried()
{
    for (const auto &name : {u1, m1}) {
        QTRY_VERIFY_WITH_TIMEOUT(all(now()->serving.writes(name), isProven), patience);
        QTRY_VERIFY_WITH_TIMEOUT(all(now()->serving.reads(name), works), patience);
    }
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(now()->serving.rows.begin(), now()->serving.rows.end(), [](const auto &row) { return all(&row, works); }), patience);
    const auto tried = now();
    for (const facts::ServingRow &row : tried->serving.rows) {
        for (const ServingCell &cell : row.cells)
            QVERIFY(cell.took && cell.took->count() > 0);
    }
    // The region's guard tells what its applications feel; the link of this console is not in it.
    QTRY_VERIFY_WITH_TIMEOUT(std::none_of(now()->serving.reads(u1)->cells.begin(), now()->serving.reads(u1)->cells.end(), [](const auto &cell) { return cell.fromElsewhere; }), patience);
    QTRY_COMPARE_WITH_TIMEOUT(headline().verdict, Headline::Verdict::Well, patience);
    QCOMPARE(headline().sentence, QStringLiteral("All 4 write paths and 4 read paths work."));
}

void LiveServingTest::aFrozenPrimaryIsToldAtEveryTick()
{
    std::optional<base::Instant> frozenAt;
    std::optional<base::Instant> healedAt;
    base::microseconds failedAfter{0};
    QStringList lies;
    const auto lie = [&](const facts::Snapshot &snapshot, const char *what) {
        const double at = std::chrono::duration<double>(snapshot.takenAt - *frozenAt).count();
        lies << QStringLiteral("%1 s after the freeze, %2: %3").arg(at, 0, 'f', 1).arg(QString::fromUtf8(what), headlineFor(snapshot).sentence);
    };
    const base::SystemClock clock;
    const auto watching = QObject::connect(m_engine.get(), &observe::Engine::snapshotTaken, this, [&](const facts::SnapshotPtr &snapshot) {
        if (!frozenAt)
            return;
        const Headline said = headlineFor(*snapshot);
        const bool saysFail = said.sentence.startsWith(QStringLiteral("Writes fail on u1"));
        const bool u1Fails = all(snapshot->serving.writes(u1), fails);
        if (all(snapshot->serving.writes(m1), fails))
            lie(*snapshot, "m1 is called failing");
        if (std::any_of(snapshot->serving.reads(u1)->cells.begin(), snapshot->serving.reads(u1)->cells.end(), fails))
            lie(*snapshot, "reads of u1 are called failing");
        if (said.verdict == Headline::Verdict::Well && !all(snapshot->serving.writes(u1), works))
            lie(*snapshot, "well, while a write path does not work");
        if (healedAt)
            return;
        const auto after = std::chrono::duration_cast<base::microseconds>(snapshot->takenAt - *frozenAt);
        if (u1Fails && failedAfter.count() == 0)
            failedAfter = after;
        if (after > 5s && !saysFail)
            lie(*snapshot, "writes are not called failing");
        if (after > 3500ms && said.verdict == Headline::Verdict::Well)
            lie(*snapshot, "all is called well");
    });
    frozenAt = clock.now();
    QVERIFY(localfleet::inflict(*m_ground, {"freeze", "u1-us-east"}));
    QTRY_VERIFY_WITH_TIMEOUT(headline().sentence.startsWith(QStringLiteral("Writes fail on u1")), patience);
    const auto telling = clock.now();
    QTRY_VERIFY_WITH_TIMEOUT(now()->takenAt > telling + 5s, patience); // it stays told
    QVERIFY2(failedAfter > 0ms && failedAfter < 5s, qPrintable(QStringLiteral("the cells failed %1 ms after the freeze").arg(failedAfter.count() / 1000)));
    QVERIFY(headline().sentence.endsWith(QStringLiteral("Reads work.")));
    qInfo("cells of u1 failed %lld ms after the freeze", static_cast<long long>(failedAfter.count() / 1000));

    localfleet::Progress silent;
    healedAt = clock.now();
    QVERIFY(localfleet::heal(*m_ground, {"freeze", "u1-us-east"}, silent));
    QTRY_VERIFY_WITH_TIMEOUT(all(now()->serving.writes(u1), isProven), patience);
    QTRY_VERIFY_WITH_TIMEOUT(headline().verdict == Headline::Verdict::Well, patience);
    QObject::disconnect(watching);
    QVERIFY2(lies.isEmpty(), qPrintable(lies.join(QLatin1Char('\n'))));
}

void LiveServingTest::aDeadCacheServerMakesItsPoolPartlyWork()
{
    const auto cell = [this]() -> ServingCell {
        for (const facts::ServingRow &row : now()->serving.rows) {
            if (row.of == ServingOf::Cache)
                return *row.cell(base::RegionName("us-east"));
        }
        return {};
    };
    QVERIFY(localfleet::inflict(*m_ground, {"kill", "cache-us-east-1"}));
    QTRY_VERIFY_WITH_TIMEOUT(cell().verdict == ServingVerdict::Partly || (cell().parts == 1 && cell().verdict == ServingVerdict::Refused), patience);
    localfleet::Progress silent;
    QVERIFY(localfleet::heal(*m_ground, {"kill", "cache-us-east-1"}, silent));
    QTRY_VERIFY_WITH_TIMEOUT(cell().works(), patience);
}

void LiveServingTest::theEventsTellWhatHappened()
{
    // Each server of this fleet was started shortly before: only what follows another start is a restart.
    const auto has = [this](facts::EventKind kind, const char *server) {
        const auto &events = *now()->events;
        return std::any_of(events.begin(), events.end(), [&](const facts::Event &event) {
            return event.kind == kind && event.place.server == base::ServerId(server) && (kind != facts::EventKind::ServerRestarted || !event.before.empty());
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(has(facts::EventKind::ServerRestarted, "cache-us-east-1"), patience);
    QVERIFY(has(facts::EventKind::ServerLost, "u1-us-east"));
    QVERIFY(has(facts::EventKind::ServerBack, "u1-us-east"));
    QVERIFY2(!has(facts::EventKind::ServerRestarted, "u1-us-east"), "a frozen server that thaws was not restarted");
}

QTEST_GUILESS_MAIN(LiveServingTest)
#include "test_live_serving.moc"
