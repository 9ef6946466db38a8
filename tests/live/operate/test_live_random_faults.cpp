// SPDX-License-Identifier: GPL-3.0-or-later
// Moves of a Redis group's primary on real servers while something goes wrong at random: an executor killed or frozen, a member frozen or
// killed, links slowed, at a random step, healed after a random time, then resumed. Never two members that take writes, no acknowledged
// write lost, nothing stuck. SHARDLENS_SEEDS=FROM-TO plays others; each is told by its seed.
#include "app/localfleet/Servers.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/RedisLedger.h"
#include "tests/live/operate/RedisWritability.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <random>

using namespace shardlens;
using live::ActingFleet;
using live::Ran;
using live::RedisLedger;
using live::RedisWritability;
using live::waitFor;
namespace redis_at = localfleet::redis;

namespace {

constexpr int patience = 30000;
const QStringList anyway{"--force", "recent_move=a test", "--force", "expected_pause=a test"};
const std::vector<std::string> members{"feeds-us-east", "feeds-us-west", "feeds-eu-west"};

/// What goes wrong in a story.
enum class Mishap {
    ExecutorKilled,
    ExecutorFrozen,
    PrimaryFrozen,
    CandidateFrozen,
    CandidateKilled,
    OtherFrozen,
    OtherKilled,
    Cancelled,
    LinksSlow
};
constexpr int mishapCount = int(Mishap::LinksSlow) + 1;

const char *nameOf(Mishap mishap)
{
    constexpr const char *names[]{"the executor is killed",      "the executor freezes",    "the primary freezes",
                                  "the candidate freezes",       "the candidate is killed", "the other replica freezes",
                                  "the other replica is killed", "a person cancels",        "links become slow"};
    return names[int(mishap)];
}

} // namespace

class LiveRandomFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aGroupsStory_data();
    void aGroupsStory();

private:
    [[nodiscard]] std::string info(const std::string &id, const std::string &field) const;
    [[nodiscard]] std::string primaries() const;
    [[nodiscard]] bool isWell() const;
    void inflict(Mishap mishap, const std::string &from, const std::string &to, const std::string &other,
                 const ActingFleet::UnderWay &operation);
    void heal(Mishap mishap, const std::string &from, const std::string &to, const std::string &other,
              const ActingFleet::UnderWay &operation);

    ActingFleet m_fleet;
};

void LiveRandomFaultsTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("random-faults", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

std::string LiveRandomFaultsTest::info(const std::string &id, const std::string &field) const
{
    const auto fields = redis_at::info(m_fleet.ground(), *m_fleet.ground().server(id), "replication");
    return fields && fields->contains(field) ? fields->at(field) : std::string("unknown");
}

std::string LiveRandomFaultsTest::primaries() const
{
    std::string out;
    for (const std::string &id : members)
        out += info(id, "role") == "master" ? (out.empty() ? "" : " ") + id : std::string();
    return out;
}

/// One primary alone that refuses nobody, and both others follow it themselves.
bool LiveRandomFaultsTest::isWell() const
{
    const std::string primary = primaries();
    const localfleet::Instance *leader = m_fleet.ground().server(primary);
    if (!leader ||
        redis_at::command(m_fleet.ground(), *leader, {"CONFIG", "GET", "min-replicas-to-write"}).value_or("1000000").find("1000000") !=
            std::string::npos)
        return false;
    return std::all_of(members.begin(), members.end(), [&](const std::string &id) {
        const std::string port = std::to_string(m_fleet.ground().portFrom(m_fleet.ground().server(id)->region, *leader));
        return id == primary || (info(id, "master_link_status") == "up" && info(id, "master_port") == port);
    });
}

void LiveRandomFaultsTest::inflict(Mishap mishap, const std::string &from, const std::string &to, const std::string &other,
                                   const ActingFleet::UnderWay &operation)
{
    switch (mishap) {
    case Mishap::ExecutorKilled: (void)ActingFleet::signal(operation.executor, SIGKILL); break;
    case Mishap::ExecutorFrozen: break; // it is held already
    case Mishap::PrimaryFrozen: QCOMPARE(m_fleet.inflict("freeze", from), std::string()); break;
    case Mishap::CandidateFrozen: QCOMPARE(m_fleet.inflict("freeze", to), std::string()); break;
    case Mishap::CandidateKilled: QCOMPARE(m_fleet.inflict("kill", to), std::string()); break;
    case Mishap::OtherFrozen: QCOMPARE(m_fleet.inflict("freeze", other), std::string()); break;
    case Mishap::OtherKilled: QCOMPARE(m_fleet.inflict("kill", other), std::string()); break;
    case Mishap::Cancelled: (void)m_fleet.ctl({"operations", "cancel", operation.id()}); break;
    case Mishap::LinksSlow: m_fleet.slowLinks(base::milliseconds(250)); break;
    }
}

void LiveRandomFaultsTest::heal(Mishap mishap, const std::string &from, const std::string &to, const std::string &other,
                                const ActingFleet::UnderWay &operation)
{
    switch (mishap) {
    case Mishap::ExecutorFrozen: (void)ActingFleet::signal(operation.executor, SIGCONT); break;
    case Mishap::PrimaryFrozen: QCOMPARE(m_fleet.heal("freeze", from), std::string()); break;
    case Mishap::CandidateFrozen: QCOMPARE(m_fleet.heal("freeze", to), std::string()); break;
    case Mishap::CandidateKilled: QCOMPARE(m_fleet.heal("kill", to), std::string()); break;
    case Mishap::OtherFrozen: QCOMPARE(m_fleet.heal("freeze", other), std::string()); break;
    case Mishap::OtherKilled: QCOMPARE(m_fleet.heal("kill", other), std::string()); break;
    case Mishap::ExecutorKilled:
    case Mishap::Cancelled:
    case Mishap::LinksSlow: break;
    }
    m_fleet.slowLinks(base::milliseconds(0));
}

void LiveRandomFaultsTest::aGroupsStory_data()
{
    QTest::addColumn<int>("seed");
    const QStringList range = qEnvironmentVariable("SHARDLENS_SEEDS", QStringLiteral("1-12")).split(QLatin1Char('-'));
    for (int seed = range.value(0).toInt(); seed <= range.value(range.size() - 1).toInt(); ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void LiveRandomFaultsTest::aGroupsStory()
{
    QFETCH(const int, seed);
    std::mt19937_64 random(static_cast<std::uint64_t>(seed) * 7919);
    const auto pick = [&](int below) { return int(random() % std::uint64_t(below)); };
    constexpr const char *steps[]{"pause_writes", "refuse_writes", "promote", "raise_term", "point_stables", "demote_old"};
    const auto mishap = Mishap(pick(mishapCount));
    const QString step = QString::fromLatin1(steps[pick(int(std::size(steps)))]);
    const int healAfter = 300 + pick(4000);
    QVERIFY2(m_fleet.becomesReady("feeds", patience), m_fleet.ctl({"readiness", "feeds"}).out.constData());
    const std::string from = primaries();
    std::vector<std::string> others;
    std::copy_if(members.begin(), members.end(), std::back_inserter(others), [&](const std::string &id) { return id != from; });
    QCOMPARE(others.size(), std::size_t(2));
    const int chosen = pick(2);
    const std::string to = others[std::size_t(chosen)], other = others[std::size_t(1 - chosen)];
    qInfo("seed %d: %s to %s, at %s %s, healed after %d ms", seed, from.c_str(), to.c_str(), qPrintable(step), nameOf(mishap), healAfter);

    m_fleet.slowLinks(base::milliseconds(60)); // so that each step takes long enough for something to happen in it
    RedisLedger ledger(m_fleet.ground(), "feeds", 6, base::microseconds(5000));
    RedisWritability writable(m_fleet.ground(), "feeds");
    ledger.start();
    writable.begin();
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt(step, QStringList{"switchover", "feeds", "--to", QString::fromStdString(to)} + anyway);
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError()).constData());
    inflict(mishap, from, to, other, *underWay);
    if (mishap != Mishap::ExecutorFrozen)
        (void)ActingFleet::signal(underWay->executor, SIGCONT); // one that was killed is gone
    QTest::qWait(healAfter);
    heal(mishap, from, to, other, *underWay);
    QVERIFY(operation->state() == QProcess::NotRunning || operation->waitForFinished(90000));

    // Whatever came of it: writes flow, by the guards' hands if by nobody else's.
    const std::size_t then = ledger.count();
    QVERIFY2(waitFor([&] { return ledger.count() > then + 50; }, patience), "writes do not flow again");
    writable.stop();
    QVERIFY(writable.writes() > 50);
    // One moves, or none does. Whoever was promoted and killed comes back as a replica: then the old one takes writes again, alone.
    QStringList allowed{QString::fromStdString(from), QString::fromStdString(from + " " + to)};
    if (mishap == Mishap::CandidateKilled)
        allowed << QString::fromStdString(from + " " + to + " " + from);
    QVERIFY2(allowed.contains(QString::fromStdString(writable.sequence())), writable.sequence().c_str());

    // Gone on with, it ends, and whoever takes writes then does so alone.
    RedisWritability after(m_fleet.ground(), "feeds");
    after.begin();
    const auto outcome = [&] { return m_fleet.json({"operations", "show", underWay->id(), "--json"}).value("outcome").toString(); };
    const QString first = outcome();
    for (int i = 0; i < 3 && outcome() != QLatin1String("done"); ++i)
        (void)m_fleet.ctl({"operations", "resume", underWay->id()}, patience); // refused where it is over
    QVERIFY2(waitFor([&] { return isWell(); }, patience, 100), primaries().c_str());
    after.stop();
    ledger.stop();
    qInfo("%s, then %s; took writes: %s, then: %s", qPrintable(first), qPrintable(outcome()), writable.sequence().c_str(),
          after.sequence().c_str());
    const std::string primary = primaries();
    QVERIFY2(primary == from || primary == to, primary.c_str());
    const std::string moved = (primary == to ? from : to) + " " + primary;
    QVERIFY2(after.sequence() == primary || after.sequence() == moved, after.sequence().c_str());
    QCOMPARE(QString::fromStdString(ledger.missingOn(primary)), QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(LiveRandomFaultsTest)
#include "test_live_random_faults.moc"
