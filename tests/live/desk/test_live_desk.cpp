// SPDX-License-Identifier: GPL-3.0-or-later
// Two consoles on a real fleet: what one says in the directory the other sees within seconds; without the directory nothing is lost;
// who may not is refused.
#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Up.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/desk/AuditReading.h"
#include "core/desk/Desk.h"
#include "core/desk/Errand.h"
#include "core/fleet/FleetFile.h"
#include "core/observe/Engine.h"

#include <QTest>

#include <algorithm>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::Claim;
using facts::ClaimRefusal;

namespace {

constexpr int patience = 40000;

/// What one window has: an engine that observes, and a desk whose words go into its snapshots.
struct Seat {
    Seat(std::shared_ptr<const fleet::Fleet> fleet, const char *from, const char *user)
    {
        observe::Engine::Options looks;
        looks.from = base::RegionName(from);
        looks.readsShardMap = false;
        engine = std::make_unique<observe::Engine>(fleet, looks, clock);
        desk::DeskOptions tells;
        tells.from = looks.from;
        tells.user = user;
        desk = std::make_unique<desk::Desk>(fleet, tells, clock);
        QObject::connect(desk.get(), &desk::Desk::changed, engine.get(), [this](const facts::SharedPtr &shared) { engine->setShared(shared); });
        QObject::connect(engine.get(), &observe::Engine::snapshotTaken, desk.get(), [this](const facts::SnapshotPtr &snapshot) { desk->see(*snapshot); });
        QObject::connect(desk.get(), &desk::Desk::refused, desk.get(), [this](const Claim &, const base::Error &error) { refused = error; });
        engine->setShared(desk->latest());
        engine->start();
        desk->start();
    }
    ~Seat()
    {
        desk.reset();
        engine.reset();
    }

    [[nodiscard]] const Claim *claim(const facts::Problem &problem, Claim::Kind kind)
    {
        seen = engine->latest();
        return facts::claimOn(seen->shared.get(), problem, kind, seen->takenUtc);
    }
    /// It is there, and others see it too.
    [[nodiscard]] bool hasTold(const facts::Problem &problem, Claim::Kind kind)
    {
        const Claim *found = claim(problem, kind);
        return found && !found->isPending;
    }
    [[nodiscard]] const facts::Shared &shared()
    {
        seen = engine->latest();
        return *seen->shared;
    }

    std::shared_ptr<const base::Clock> clock = std::make_shared<base::SystemClock>();
    std::unique_ptr<observe::Engine> engine;
    std::unique_ptr<desk::Desk> desk;
    facts::SnapshotPtr seen;
    std::optional<base::Error> refused;
};

} // namespace

class LiveDeskTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void consolesSeeEachOther();
    void aClaimIsSeenByTheOtherWithinSeconds();
    void aQuietIsSeenWithItsReasonAndEnded();
    void everyClaimStandsInTheAuditLog();
    void aRowThatIsSaidTwiceStandsOnce();
    void supportAndLookOnlyAreRefused();
    void withoutTheDirectoryNothingIsLost();
    void whoLeavesIsTakenOff();

private:
    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::unique_ptr<Seat> m_one;
    std::unique_ptr<Seat> m_other;
    facts::Problem m_problem;
};

void LiveDeskTest::initTestCase()
{
    m_home = *localfleet::Home::at("/tmp/shardlens-desk-" + std::to_string(::getpid()));
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
    m_one = std::make_unique<Seat>(m_fleet, "us-east", "");
    m_other = std::make_unique<Seat>(m_fleet, "us-west", "shardlens_support");
    QVERIFY(localfleet::inflict(*m_ground, {"kill", "cache-us-east-1"}));
    const auto cacheDown = [this]() -> const facts::Problem * {
        m_one->seen = m_one->engine->latest();
        const auto &problems = m_one->seen->problems;
        const auto found = std::find_if(problems.begin(), problems.end(), [](const auto &problem) { return problem.place.server == base::ServerId("cache-us-east-1"); });
        return found == problems.end() ? nullptr : &*found;
    };
    QTRY_VERIFY_WITH_TIMEOUT(cacheDown(), patience);
    m_problem = *cacheDown();
}

void LiveDeskTest::cleanupTestCase()
{
    m_one.reset();
    m_other.reset();
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, true, silent);
}

void LiveDeskTest::consolesSeeEachOther()
{
    const auto other = [this]() -> const facts::ConsoleSeen * {
        const auto &consoles = m_one->shared().consoles;
        const auto found = std::find_if(consoles.begin(), consoles.end(), [](const auto &seen) { return !seen.isOwn && seen.region == base::RegionName("us-west"); });
        return found == consoles.end() ? nullptr : &*found;
    };
    QTRY_VERIFY_WITH_TIMEOUT(other() != nullptr, patience);
    // It lost the same server, and says so.
    QTRY_VERIFY_WITH_TIMEOUT(other() && std::find(other()->lost.begin(), other()->lost.end(), base::ServerId("cache-us-east-1")) != other()->lost.end(), patience);
    QCOMPARE(other()->declared, std::uint32_t(m_fleet->servers.size()));
    QVERIFY(other()->ago < 20s);
    QCOMPARE(std::count_if(m_one->shared().consoles.begin(), m_one->shared().consoles.end(), [](const auto &seen) { return seen.isOwn; }), 1);
}

void LiveDeskTest::aClaimIsSeenByTheOtherWithinSeconds()
{
    QVERIFY(!m_other->claim(m_problem, Claim::Kind::Claimed));
    const auto said = m_one->clock->now();
    m_one->desk->claim(m_problem.id());
    QVERIFY2(m_one->desk->latest()->claims.front().isPending, "it is shown at once, as not told yet");
    QTRY_VERIFY_WITH_TIMEOUT(m_other->claim(m_problem, Claim::Kind::Claimed), 3000);
    qInfo("the other console saw the claim after %lld ms", static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(m_one->clock->now() - said).count()));
    const Claim *claim = m_other->claim(m_problem, Claim::Kind::Claimed);
    QCOMPARE(QString::fromStdString(claim->by.databaseUser), QStringLiteral("shardlens_operator"));
    QVERIFY(claim->until && *claim->until > claim->at + 11h);
    QTRY_VERIFY_WITH_TIMEOUT(m_one->hasTold(m_problem, Claim::Kind::Claimed), 3000);
    QTRY_VERIFY_WITH_TIMEOUT(std::any_of(m_other->engine->latest()->events->begin(), m_other->engine->latest()->events->end(),
                                         [](const auto &event) { return event.kind == facts::EventKind::ProblemClaimed && event.after == "shardlens_operator"; }),
                             3000);
    m_one->desk->release(m_problem.id(), Claim::Kind::Claimed);
    QTRY_VERIFY_WITH_TIMEOUT(!m_other->claim(m_problem, Claim::Kind::Claimed), 3000);
    QVERIFY(!m_one->refused);
}

void LiveDeskTest::aQuietIsSeenWithItsReasonAndEnded()
{
    m_one->desk->quiet(m_problem.id(), "kernel upgrade, it's planned", 600s);
    QTRY_VERIFY_WITH_TIMEOUT(m_other->claim(m_problem, Claim::Kind::Quieted), 3000);
    QCOMPARE(QString::fromStdString(m_other->claim(m_problem, Claim::Kind::Quieted)->reason), QStringLiteral("kernel upgrade, it's planned"));
    m_one->desk->release(m_problem.id(), Claim::Kind::Quieted);
    QTRY_VERIFY_WITH_TIMEOUT(!m_other->claim(m_problem, Claim::Kind::Quieted), 3000);
    m_one->desk->quiet(m_problem.id(), "for a moment", 2s);
    QTRY_VERIFY_WITH_TIMEOUT(m_other->claim(m_problem, Claim::Kind::Quieted), 3000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_other->claim(m_problem, Claim::Kind::Quieted), 6000); // it ends by itself
}

void LiveDeskTest::everyClaimStandsInTheAuditLog()
{
    desk::DeskOptions options;
    desk::Deed deed;
    deed.claim.problem = "untidy/x";
    deed.lasting = 60s;
    const auto set = desk::actOnce(m_fleet, options, deed);
    QVERIFY2(set && *set, set ? "" : set.error().message.c_str());
    deed.what = desk::Deed::What::Release;
    const auto released = desk::actOnce(m_fleet, options, deed);
    QVERIFY(released && *released);
    const auto again = desk::actOnce(m_fleet, options, deed);
    QVERIFY2(again && !*again, "there is nothing to release twice");

    const fleet::DatabaseUser &user = *m_fleet->access.user("shardlens_operator");
    const fleet::Endpoint &endpoint = m_fleet->server(base::ServerId("directory-us-east"))->address.own;
    const auto secret = secrets::resolve(user.secret, {endpoint.host, endpoint.port, "directory", user.name});
    QVERIFY(secret);
    auto session = postgres::Session::connect({"directory-us-east", endpoint, "directory", user.name}, *secret, {}, 5s);
    QVERIFY(session);
    const auto rows = session->exec("select string_agg(database_user || ' ' || action, ', ' order by seq) from directory.audit where subject = 'untidy/x'", 5s);
    QVERIFY(rows);
    QCOMPARE(QString::fromStdString(rows->first()), QStringLiteral("shardlens_operator problem_claimed, shardlens_operator problem_released"));
    // The tables themselves are nobody's to write.
    QVERIFY(!session->exec("insert into directory.claims (problem, kind, owner) values ('x', 'claimed', 'somebody else')", 5s));
}

void LiveDeskTest::aRowThatIsSaidTwiceStandsOnce()
{
    desk::OwedRecorder recorder(m_fleet, {});
    facts::OwedAudit row{facts::freshRowId(), base::UtcTime(base::seconds(1'795'000'000)), "oncall2", "anna", "ws3", "switchover begun", "cluster said-twice", "", R"({"n":1})"};
    const auto first = recorder.write(row, false); // its answer was lost, say
    const auto again = recorder.write(row, true);
    QVERIFY2(first, first ? "" : first.error().message.c_str());
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QCOMPARE(again->head.seq, first->head.seq);
    QCOMPARE(QString::fromStdString(again->head.hash), QString::fromStdString(first->head.hash));
    row.id = facts::freshRowId();
    row.action = "switchover ended";
    const auto other = desk::OwedRecorder(m_fleet, {}).write(row, true);
    QVERIFY(other && other->head.seq > first->head.seq);
    std::vector<facts::AuditRow> rows;
    desk::AuditQuery all;
    all.isFromPrimary = true;
    QVERIFY(desk::readAudit(m_fleet, {}, all, [&](const facts::AuditRow &one) {
        if (one.subject == "cluster said-twice")
            rows.push_back(one);
        return true;
    }));
    QCOMPARE(rows.size(), std::size_t(2));
    QVERIFY(!facts::writtenLater(rows[0].detail)); // it was written at once
    const auto later = facts::writtenLater(rows[1].detail);
    QVERIFY(later);
    QCOMPARE(later->at, row.at);
    QCOMPARE(QString::fromStdString(later->databaseUser + ", " + rows[1].databaseUser), QStringLiteral("oncall2, shardlens_operator"));
    QCOMPARE(rows[1].hash, rows[1].computed);
}

void LiveDeskTest::supportAndLookOnlyAreRefused()
{
    m_other->desk->claim(m_problem.id());
    QVERIFY(m_other->refused);
    QCOMPARE(m_other->shared().refusal, ClaimRefusal::Role);
    QCOMPARE(QString::fromStdString(m_other->shared().you), QStringLiteral("shardlens_support"));
    QCOMPARE(m_other->shared().whoMay, std::vector<std::string>{"shardlens_operator"});

    fleet::Fleet lookOnly = *m_fleet;
    lookOnly.acting = false;
    const auto refused = desk::actOnce(std::make_shared<const fleet::Fleet>(lookOnly), {}, {});
    QVERIFY(!refused);
    QCOMPARE(QString::fromStdString(refused.error().message), QStringLiteral("look_only"));

    // Whatever a fleet file says of a role, the directory's grants have the last word.
    fleet::Fleet lying = *m_fleet;
    for (fleet::DatabaseUser &user : lying.access.users) {
        if (user.name == "shardlens_support")
            user.role = fleet::Role::OnCall;
    }
    desk::DeskOptions asSupport;
    asSupport.user = "shardlens_support";
    const auto denied = desk::actOnce(std::make_shared<const fleet::Fleet>(lying), asSupport, {});
    QVERIFY(!denied);
    QCOMPARE(denied.error().code, base::ErrorCode::NoRights);
    QCOMPARE(QString::fromStdString(denied.error().sqlState), QStringLiteral("42501"));
}

void LiveDeskTest::withoutTheDirectoryNothingIsLost()
{
    m_one->desk->claim(m_problem.id());
    QTRY_VERIFY_WITH_TIMEOUT(m_other->claim(m_problem, Claim::Kind::Claimed), 3000);
    for (const char *server : {"directory-us-east", "directory-us-west"})
        QVERIFY(localfleet::inflict(*m_ground, {"freeze", server}));
    QTRY_VERIFY_WITH_TIMEOUT(m_one->shared().trouble && m_other->shared().trouble, patience);
    QVERIFY2(m_other->claim(m_problem, Claim::Kind::Claimed), "what was read before stays");
    m_one->desk->quiet(m_problem.id(), "while the directory is away", 600s);
    QVERIFY2(!m_one->refused, m_one->refused ? m_one->refused->message.c_str() : "");
    QVERIFY(!m_one->desk->latest()->claims.empty() && m_one->desk->latest()->claims.front().isPending);
    QTRY_VERIFY_WITH_TIMEOUT(m_one->engine->latest()->takenAt > m_one->clock->now() - 2s, patience); // the engine waits for nobody
    QVERIFY(!m_other->claim(m_problem, Claim::Kind::Quieted));
    localfleet::Progress silent;
    for (const char *server : {"directory-us-east", "directory-us-west"})
        QVERIFY(localfleet::heal(*m_ground, {"freeze", server}, silent));
    QTRY_VERIFY_WITH_TIMEOUT(m_other->claim(m_problem, Claim::Kind::Quieted), patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_one->hasTold(m_problem, Claim::Kind::Quieted) && !m_one->shared().trouble, patience);
    QVERIFY(m_other->claim(m_problem, Claim::Kind::Claimed));
    QVERIFY(!m_one->refused);
}

void LiveDeskTest::whoLeavesIsTakenOff()
{
    m_other.reset();
    QTRY_COMPARE_WITH_TIMEOUT(m_one->shared().consoles.size(), std::size_t(1), 25000);
    QVERIFY(m_one->shared().consoles.front().isOwn);
}

QTEST_GUILESS_MAIN(LiveDeskTest)
#include "test_live_desk.moc"
