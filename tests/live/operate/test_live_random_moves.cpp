// SPDX-License-Identifier: GPL-3.0-or-later
// Moves of a Postgres primary on real servers while something goes wrong at random: a switchover or a failover is held at a random step, one
// or two faults come, are healed, and it is resumed, undone, abandoned, or left to the guards. A plain INSERT is tried on every member each
// 10 ms: never do two take it; no acknowledged row is lost but inside of the window that a failover told; nothing is stuck after it.
// SHARDLENS_SEEDS=FROM-TO plays others; each is told by its seed.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Process.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"
#include "core/base/Iso8601.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/MovedCluster.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <random>
#include <utility>

using namespace shardlens;
using live::ActingFleet;
using live::MovedCluster;
using live::Ran;
using live::waitFor;

namespace {

constexpr int patience = 30000;
const QStringList anyway{"--force", "recent_move=a test", "--force", "expected_pause=a test"};
const QStringList deadAnyway{"--force", "old_primary_stopped=a test", "--force", "data_loss=a test"};

enum class Mishap {
    ExecutorKilled,
    ExecutorFrozen,
    Cancelled,
    PrimaryKilled,
    PrimaryFrozen,
    CandidateKilled,
    CandidateFrozen,
    ReplayPaused,
    OtherKilled,
    OtherFrozen,
    RouterStopped,
    LinkCut,
    GuardKilled
};
constexpr int mishapCount = int(Mishap::GuardKilled) + 1;

const char *nameOf(Mishap mishap)
{
    constexpr const char *names[]{"the executor is killed",
                                  "the executor freezes",
                                  "a person cancels",
                                  "the primary is killed",
                                  "the primary freezes",
                                  "the candidate is killed",
                                  "the candidate freezes",
                                  "the candidate's replay is paused",
                                  "the other standby is killed",
                                  "the other standby freezes",
                                  "a router is stopped",
                                  "a link is cut",
                                  "a guard is killed"};
    return names[int(mishap)];
}

/// What it happens to: nothing has two mishaps in a story, as who is dead cannot freeze.
int victimOf(Mishap mishap)
{
    constexpr int victims[]{0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6};
    return victims[int(mishap)];
}

enum class Ending { Resumed, Undone, Abandoned, LeftAlone };

struct Story {
    bool isFailover = false;
    bool isFrozen = false; ///< a failover's old primary hangs, else it was killed
    QString step;          ///< where it is held until the first mishap
    std::vector<Mishap> mishaps;
    int between = 0;   ///< ms from the first to the second
    int healAfter = 0; ///< ms after the last
    Ending ending = Ending::Resumed;
    int candidate = 0; ///< of a switchover: which of the two standbys
    int place = 0;     ///< which region's router and guard, and which pair's link
};

/// A failover's old primary that hangs must be reached by the guard that stops it: where a person's word alone says that it is
/// stopped, it takes writes once it is thawed, as the plan warned.
bool isAllowed(Mishap mishap, const Story &story)
{
    const bool isOfPrimary = victimOf(mishap) == 1;
    if (story.isFailover)
        return !isOfPrimary && mishap != Mishap::GuardKilled && (mishap != Mishap::LinkCut || !story.isFrozen);
    // One that is killed is started again by us, which nobody does while a guard rewinds it.
    return !isOfPrimary || (story.mishaps.empty() && story.step != QLatin1String("stop_old"));
}

Story storyOf(int seed)
{
    std::mt19937_64 random(static_cast<std::uint64_t>(seed) * 7919);
    const auto pick = [&](int below) { return int(random() % std::uint64_t(below)); };
    constexpr const char *ofSwitchover[]{"prove_catch_up", "pause_routers", "brake", "clear_backends", "read_final", "catch_up", "promote", "raise_term", "point_routers", "stop_old"};
    constexpr const char *ofFailover[]{"kill_routers", "fence", "stop_receivers", "promote", "raise_term", "point_routers"};
    Story story;
    story.isFailover = pick(3) == 0;
    story.isFrozen = pick(2) == 0;
    story.step = QString::fromLatin1(story.isFailover ? ofFailover[pick(int(std::size(ofFailover)))] : ofSwitchover[pick(int(std::size(ofSwitchover)))]);
    const std::size_t count = std::size_t(1 + pick(2));
    while (story.mishaps.size() < count) {
        const auto one = Mishap(pick(mishapCount));
        if (isAllowed(one, story) && std::none_of(story.mishaps.begin(), story.mishaps.end(), [&](Mishap other) { return victimOf(other) == victimOf(one); }))
            story.mishaps.push_back(one);
    }
    story.between = pick(1200);
    story.healAfter = 200 + pick(1800);
    story.ending = Ending(pick(4));
    story.candidate = pick(2);
    story.place = pick(3);
    return story;
}

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

class LiveRandomMovesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void aStory_data();
    void aStory();

private:
    [[nodiscard]] bool has(Mishap mishap) const { return std::find(m_story.mishaps.begin(), m_story.mishaps.end(), mishap) != m_story.mishaps.end(); }
    [[nodiscard]] std::string region() const { return m_fleet.ground().shape.regions[std::size_t(m_story.place)]; }
    [[nodiscard]] localfleet::FaultRequest link() const;
    [[nodiscard]] QString told() const;
    void losePrimary();
    void hold();
    [[nodiscard]] std::string inflict(Mishap mishap);
    [[nodiscard]] std::string heal(Mishap mishap);
    void waitForItsEnd();
    [[nodiscard]] QString outcome() const { return m_fleet.json({"operations", "show", m_underWay->id(), "--json"}).value("outcome").toString(); }
    void endIt();
    void bringOldBack();
    void bringRight();

    ActingFleet m_fleet;
    Story m_story;
    std::optional<MovedCluster> m_cluster;
    std::string m_from, m_to, m_other;
    std::unique_ptr<QProcess> m_operation;
    std::optional<ActingFleet::UnderWay> m_underWay;
    std::optional<MovedCluster::Window> m_window; ///< of a failover
};

void LiveRandomMovesTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.cachesPerRegion = 1;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("random-moves", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

/// What a story that failed left behind is not the next one's.
void LiveRandomMovesTest::cleanup()
{
    if (m_underWay && m_operation && m_operation->state() != QProcess::NotRunning)
        (void)ActingFleet::signal(m_underWay->executor, SIGKILL);
    if (m_operation && m_operation->state() != QProcess::NotRunning && !m_operation->waitForFinished(5000)) {
        m_operation->kill();
        m_operation->waitForFinished(5000);
    }
    m_operation.reset();
    m_underWay.reset();
    m_cluster.reset(); // its writers with it
    localfleet::Progress silent;
    (void)localfleet::healAll(m_fleet.ground(), silent);
    if (has(Mishap::GuardKilled))
        (void)localfleet::startResidents(m_fleet.ground(), "shardlens-guard", "guard-");
}

localfleet::FaultRequest LiveRandomMovesTest::link() const
{
    const auto &regions = m_fleet.ground().shape.regions;
    localfleet::FaultRequest request;
    request.kind = "link-cut";
    request.target = region();
    request.to = regions[std::size_t(m_story.place + 1) % regions.size()];
    return request;
}

QString LiveRandomMovesTest::told() const
{
    constexpr const char *endings[]{"resumed", "undone", "abandoned", "left alone"};
    QStringList mishaps;
    for (const Mishap mishap : m_story.mishaps)
        mishaps << QString::fromLatin1(nameOf(mishap));
    const QString act = !m_story.isFailover ? QStringLiteral("switchover") : m_story.isFrozen ? QStringLiteral("failover of one that hangs") : QStringLiteral("failover of one that is dead");
    return QStringLiteral("%1 from %2 to %3, at %4 %5 (%6 ms between, place %7), healed after %8 ms, then %9")
        .arg(act, qt(m_from), qt(m_to), m_story.step, mishaps.join(QStringLiteral(", then ")))
        .arg(m_story.between)
        .arg(qt(region()))
        .arg(m_story.healAfter)
        .arg(QLatin1String(endings[int(m_story.ending)]));
}

/// And waits until the failover is offered, with what it would lose.
void LiveRandomMovesTest::losePrimary()
{
    QCOMPARE(qt(m_fleet.inflict(m_story.isFrozen ? "freeze" : "kill", m_from)), QString());
    const base::Instant diedAt = std::chrono::steady_clock::now();
    QJsonObject offered;
    const auto isOffered = [&] {
        offered = m_fleet.json({"readiness", "u1", "--json"});
        return offered.value("act").toString() == QLatin1String("failover") && !offered.value("best").toString().isEmpty() && !offered.value("last_commit").toString().isEmpty();
    };
    QVERIFY2(waitFor(isOffered, patience, 100), "no failover is offered");
    const auto lastCommit = base::parseIso(offered.value("last_commit").toString().toStdString());
    QVERIFY(lastCommit);
    m_window = MovedCluster::Window{*lastCommit, diedAt};
    m_to = offered.value("best").toString().toStdString();
    const auto standbys = m_cluster->standbys();
    m_other = standbys[0] == m_to ? standbys[1] : standbys[0];
}

/// What an earlier story left may not be seen well yet: asked again while it is refused.
void LiveRandomMovesTest::hold()
{
    const QString act = m_story.isFailover ? QStringLiteral("failover") : QStringLiteral("switchover");
    const QStringList words = QStringList{act, "u1", "--to", qt(m_to)} + anyway + (m_story.isFailover ? deadAnyway : QStringList());
    QByteArray said;
    QElapsedTimer timer;
    timer.start();
    while (!m_underWay && timer.elapsed() < 2 * patience) {
        const QString before = m_fleet.newestJournal();
        m_operation = m_fleet.ctlHeldAt(m_story.step, words);
        while (!(m_underWay = m_fleet.waitUntilHeld(before, 20))) {
            (void)m_operation->waitForFinished(10);
            if (m_operation->state() == QProcess::NotRunning || timer.elapsed() > 2 * patience)
                break;
        }
        if (!m_underWay)
            said = m_operation->readAllStandardOutput() + m_operation->readAllStandardError();
    }
    QVERIFY2(m_underWay, said.constData());
}

std::string LiveRandomMovesTest::inflict(Mishap mishap)
{
    const auto guard = localfleet::recorded(m_fleet.ground().home.pidFile("guard-" + region()));
    switch (mishap) {
    case Mishap::ExecutorKilled: (void)ActingFleet::signal(m_underWay->executor, SIGKILL); return {}; // it may have ended
    case Mishap::ExecutorFrozen: (void)ActingFleet::signal(m_underWay->executor, SIGSTOP); return {};
    case Mishap::Cancelled: (void)ActingFleet::signal(m_underWay->executor, SIGINT); return {};
    case Mishap::PrimaryKilled: return m_fleet.inflict("kill", m_from);
    case Mishap::PrimaryFrozen: return m_fleet.inflict("freeze", m_from);
    case Mishap::CandidateKilled: return m_fleet.inflict("kill", m_to);
    case Mishap::CandidateFrozen: return m_fleet.inflict("freeze", m_to);
    case Mishap::ReplayPaused: (void)m_fleet.ask(m_to, "SELECT pg_wal_replay_pause()"); return {}; // it may be promoted by then
    case Mishap::OtherKilled: return m_fleet.inflict("kill", m_other);
    case Mishap::OtherFrozen: return m_fleet.inflict("freeze", m_other);
    case Mishap::RouterStopped: return m_fleet.inflict("router-stop", region());
    case Mishap::LinkCut: {
        const auto cut = localfleet::inflict(m_fleet.ground(), link());
        return cut ? std::string() : cut.error().message;
    }
    case Mishap::GuardKilled: return guard && ActingFleet::signal(guard->pid, SIGKILL) ? std::string() : std::string("no such guard runs");
    }
    return {};
}

std::string LiveRandomMovesTest::heal(Mishap mishap)
{
    localfleet::Progress silent;
    base::Result<void> done;
    switch (mishap) {
    case Mishap::ExecutorKilled:
    case Mishap::Cancelled: return {};
    case Mishap::ExecutorFrozen: (void)ActingFleet::signal(m_underWay->executor, SIGCONT); return {};
    case Mishap::PrimaryKilled: return {}; // once nobody carries the operation out any more
    case Mishap::PrimaryFrozen: return m_fleet.heal("freeze", m_from);
    case Mishap::CandidateKilled: return m_fleet.heal("kill", m_to);
    case Mishap::CandidateFrozen: return m_fleet.heal("freeze", m_to);
    case Mishap::ReplayPaused: (void)m_fleet.ask(m_to, "DO $$ BEGIN IF pg_is_in_recovery() THEN PERFORM pg_wal_replay_resume(); END IF; END $$"); return {};
    case Mishap::OtherKilled: return m_fleet.heal("kill", m_other);
    case Mishap::OtherFrozen: return m_fleet.heal("freeze", m_other);
    case Mishap::RouterStopped: return m_fleet.heal("router-stop", region());
    case Mishap::LinkCut: done = localfleet::heal(m_fleet.ground(), link(), silent); break;
    case Mishap::GuardKilled: done = localfleet::startResidents(m_fleet.ground(), "shardlens-guard", "guard-"); break;
    }
    return done ? std::string() : done.error().message;
}

void LiveRandomMovesTest::waitForItsEnd()
{
    const bool hasEnded = m_operation->state() == QProcess::NotRunning || m_operation->waitForFinished(90000) || m_operation->state() == QProcess::NotRunning;
    QVERIFY2(hasEnded, ActingFleet::read(m_underWay->journal).right(1500).constData());
    if (has(Mishap::PrimaryKilled))
        QCOMPARE(qt(m_fleet.heal("kill", m_from)), QString());
    if (m_story.isFailover && m_story.isFrozen)
        QCOMPARE(qt(m_fleet.heal("freeze", m_from)), QString()); // where it was stopped for good nothing is left to thaw
    // A write that no failure of a member can hold up flows by the guards' hands alone.
    const bool isTheExecutorsAlone = std::all_of(m_story.mishaps.begin(), m_story.mishaps.end(), [](Mishap one) { return victimOf(one) == 0 || victimOf(one) == 3; });
    if (!m_story.isFailover && isTheExecutorsAlone)
        QVERIFY2(m_cluster->flows(15000), "the guards do not let writes go on");
}

void LiveRandomMovesTest::endIt()
{
    const auto isOpen = [](const QString &said) { return said == QLatin1String("none") || said == QLatin1String("failed") || said == QLatin1String("in_doubt"); };
    const QString id = m_underWay->id();
    QString said = outcome();
    Ran ran;
    if (m_story.ending == Ending::Undone && isOpen(said)) {
        ran = m_fleet.ctl({"operations", "undo", id}, 90000);
        said = ran.exit == 0 ? QStringLiteral("rolled_back") : said; // past its point of no return it can only be resumed
    }
    if (m_story.ending == Ending::Abandoned && said == QLatin1String("none"))
        ran = m_fleet.ctl({"operations", "abandon", id, "--reason", "a test"});
    const bool goesOn = m_story.ending == Ending::Resumed || m_story.ending == Ending::Undone;
    for (int i = 0; goesOn && i < 3 && (isOpen(said) || said == QLatin1String("incomplete")); ++i, said = outcome())
        ran = m_fleet.ctl({"operations", "resume", id}, 90000);
    qInfo("%s", qPrintable("outcome " + outcome() + ", last said: " + QString::fromUtf8((ran.out + ran.err).trimmed().right(300))));
}

/// Where nobody is promoted the old primary's host is brought back by a person.
void LiveRandomMovesTest::bringOldBack()
{
    if (m_story.isFailover && !waitFor([&] { return !m_fleet.primaries("u1").empty(); }, 2000, 100)) {
        const localfleet::Instance &old = *m_fleet.ground().server(m_from);
        const auto started = localfleet::servers::start(m_fleet.ground(), old);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const auto ready = localfleet::servers::waitReady(m_fleet.ground(), old, base::seconds(30));
        QVERIFY2(ready, ready ? "" : ready.error().message.c_str());
    }
    (void)live::startCrashedRouters(m_fleet.ground());
}

/// By itself, else by what the product offers.
void LiveRandomMovesTest::bringRight()
{
    const auto isOnePrimary = [&] { return m_fleet.ground().server(m_fleet.primaries("u1")) != nullptr; };
    QVERIFY2(waitFor(isOnePrimary, patience, 50), m_fleet.primaries("u1").c_str());
    const bool isLeft = m_story.ending == Ending::Abandoned || m_story.ending == Ending::LeftAlone;
    std::string amiss = m_cluster->whyNotWell(m_fleet.primaries("u1"), isLeft ? 4000 : 8000);
    for (int i = 0; i < 3 && !amiss.empty(); ++i) {
        const std::string taken = m_cluster->mend();
        qInfo("%s; %s", amiss.c_str(), taken.c_str());
        amiss = m_cluster->whyNotWell(m_fleet.primaries("u1"), 15000);
    }
    QCOMPARE(qt(amiss), QString());
}

void LiveRandomMovesTest::aStory_data()
{
    QTest::addColumn<int>("seed");
    const QStringList range = qEnvironmentVariable("SHARDLENS_SEEDS", QStringLiteral("1-50")).split(QLatin1Char('-'));
    for (int seed = range.value(0).toInt(); seed <= range.value(range.size() - 1).toInt(); ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void LiveRandomMovesTest::aStory()
{
    QFETCH(const int, seed);
    QElapsedTimer timer;
    timer.start();
    m_story = storyOf(seed);
    m_window.reset();
    m_cluster.emplace(m_fleet, "u1", "us-east");
    QVERIFY2(waitFor([&] { return m_fleet.ground().server(m_fleet.primaries("u1")) != nullptr; }, patience, 100), m_fleet.primaries("u1").c_str());
    if (!m_fleet.whyNotWell("u1", m_fleet.primaries("u1"), 10000).empty())
        (void)m_cluster->mend(); // what an earlier story left that failed
    QCOMPARE(qt(m_cluster->begin()), QString());
    m_from = m_cluster->old();
    const auto standbys = m_cluster->standbys();
    QCOMPARE(standbys.size(), std::size_t(2));
    m_to = standbys[std::size_t(m_story.candidate)];
    m_other = standbys[std::size_t(1 - m_story.candidate)];
    if (m_story.isFailover)
        losePrimary();
    if (QTest::currentTestFailed())
        return;
    qInfo("%s", qPrintable(QStringLiteral("seed %1: ").arg(seed) + told()));

    hold();
    if (QTest::currentTestFailed())
        return;
    bool isHeld = true;
    for (std::size_t i = 0; i < m_story.mishaps.size(); ++i) {
        if (i > 0)
            QTest::qWait(m_story.between);
        QCOMPARE(qt(inflict(m_story.mishaps[i])), QString());
        if (std::exchange(isHeld, false) && m_story.mishaps[i] != Mishap::ExecutorFrozen)
            (void)ActingFleet::signal(m_underWay->executor, SIGCONT); // one that was killed is gone
    }
    QTest::qWait(m_story.healAfter);
    for (const Mishap mishap : m_story.mishaps)
        QCOMPARE(qt(heal(mishap)), QString());
    for (void (LiveRandomMovesTest::*next)() : {&LiveRandomMovesTest::waitForItsEnd, &LiveRandomMovesTest::endIt, &LiveRandomMovesTest::bringOldBack, &LiveRandomMovesTest::bringRight}) {
        (this->*next)();
        if (QTest::currentTestFailed())
            return;
    }

    m_cluster->stop();
    const std::string primary = m_fleet.primaries("u1");
    QVERIFY2(primary == m_from || primary == m_to, primary.c_str());
    QCOMPARE(qt(m_cluster->whyNotOneAtATime(primary)), QString());
    QCOMPARE(qt(m_cluster->whatIsMissing(primary, primary == m_from ? std::nullopt : m_window)), QString());
    qInfo("took writes: %s; %.1f s", m_cluster->writable().sequence().c_str(), double(timer.elapsed()) / 1000);
}

QTEST_GUILESS_MAIN(LiveRandomMovesTest)
#include "test_live_random_moves.moc"
