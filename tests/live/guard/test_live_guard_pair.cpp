// SPDX-License-Identifier: GPL-3.0-or-later
// Two guards of one region, as on two hosts of it: one writes its heartbeats, the other stands by and takes over.
#include "app/localfleet/Owner.h"
#include "app/localfleet/PortBook.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"
#include "core/clients/guard/GuardAnswer.h"
#include "core/fleet/FleetFile.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using State = clients::GuardBeat::State;

namespace {

constexpr int patience = 30000;
const std::string region = "us-east";
const std::vector<std::string> clusters{"u1", "m1", "directory"};

} // namespace

class LiveGuardPairTest : public QObject
{
    Q_OBJECT

    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    fleet::Endpoint m_first;
    fleet::Endpoint m_second; ///< its own address: two guards of one host cannot listen on the same port

    [[nodiscard]] std::string ask(const std::string &cluster, const std::string &sql) const
    {
        const auto primary = localfleet::postgres::primaryOf(*m_ground, cluster);
        const auto answer = primary ? localfleet::postgres::query(*m_ground, *primary, m_ground->database(*primary), sql) : base::Result<std::string>(base::fail(primary.error()));
        return answer ? *answer : "error: " + answer.error().message;
    }

    [[nodiscard]] std::int64_t sequence(const std::string &cluster) const
    {
        return std::strtoll(ask(cluster, "SELECT sequence FROM shardlens.heartbeat WHERE region = '" + region + "'").c_str(), nullptr, 10);
    }

    /// Whether all of a guard's beats are in that state, and if they stand by, that it says for whom.
    [[nodiscard]] static bool isAll(const fleet::Endpoint &guard, State state)
    {
        const auto answer = clients::askGuard(guard, 1s);
        return answer && answer->beats.size() == clusters.size() && std::all_of(answer->beats.begin(), answer->beats.end(), [&](const auto &beat) {
                   return beat.second.state == state && (state != State::StandingBy || beat.second.error == "another guard of us-east holds the lock");
               });
    }

    [[nodiscard]] static bool isAny(const fleet::Endpoint &guard, State state)
    {
        const auto answer = clients::askGuard(guard, 1s);
        return answer && std::any_of(answer->beats.begin(), answer->beats.end(), [&](const auto &beat) { return beat.second.state == state; });
    }

    [[nodiscard]] std::string locksOfBeats(const std::string &cluster) const
    {
        return ask(cluster, "SELECT count(*) || ' of ' || count(DISTINCT objid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
                            "classid = (hashtext('shardlens.heartbeat')::bigint & 4294967295)::oid");
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_home = *localfleet::Home::at("/tmp/shardlens-pair-" + std::to_string(::getpid()));
        QVERIFY(localfleet::Owner::become(m_home->root()));
        localfleet::Shape shape;
        shape.regions = {"us-east", "us-west"};
        shape.usersClusters = shape.mediaClusters = 1;
        shape.cachesPerRegion = 1;
        shape.latencyMs = 2;
        localfleet::Progress silent;
        auto ground = localfleet::up(*m_home, &shape, silent);
        QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
        m_ground = *ground;
        auto fleet = fleet::readFleetFile(m_home->fleetFile().string());
        QVERIFY(fleet.has_value());
        const auto declared = std::find_if(fleet->guards.begin(), fleet->guards.end(), [](const auto &one) { return one.region.text() == region; });
        m_first = m_second = declared->address.own;
        QTRY_VERIFY_WITH_TIMEOUT(isAll(m_first, State::Beating), patience);
        do
            ++m_second.port;
        while (!localfleet::PortBook::isFree(m_second.port));
        declared->address.own = m_second;
        const auto file = m_home->etc("guard-second") / "fleet.toml";
        std::filesystem::create_directories(file.parent_path());
        QVERIFY(localfleet::writeFile(file, fleet::toToml(*fleet)));
        auto command = localfleet::ownProgram("shardlens-guard");
        QVERIFY(command.has_value());
        command->arguments.insert(command->arguments.end(), {"--fleet", file.string(), "--region", region, "--state", m_home->data("guard-second").string()});
        QVERIFY(localfleet::startDaemon(*command, m_home->log("guard-second"), m_home->pidFile("guard-second")));
    }

    void cleanupTestCase()
    {
        localfleet::Progress silent;
        if (m_home)
            (void)localfleet::down(*m_home, !qEnvironmentVariableIsSet("KEEP_FLEET"), silent);
    }

    void theSecondStandsBy()
    {
        QTRY_VERIFY_WITH_TIMEOUT(isAll(m_second, State::StandingBy), patience);
        std::map<std::string, std::pair<base::Instant, std::int64_t>> before; // the moment before it was asked
        for (const auto &cluster : clusters) {
            QCOMPARE(locksOfBeats(cluster), std::string("2 of 2")); // one a region
            const auto asked = std::chrono::steady_clock::now();
            before[cluster] = {asked, sequence(cluster)};
        }
        for (int i = 0; i < 40; ++i) {
            QVERIFY2(!isAny(m_first, State::StandingBy) && !isAny(m_second, State::Beating), "who beats does not change while both are well");
            QTest::qWait(75);
        }
        for (const auto &cluster : clusters) {
            const auto &[asked, first] = before[cluster];
            const std::int64_t beats = sequence(cluster) - first;
            const double due = std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count() / 0.5;
            // Two writers would make twice as many.
            QVERIFY2(static_cast<double>(beats) > due * 0.5 && static_cast<double>(beats) < due + 2, qPrintable(QString("%1 beats, %2 due").arg(beats).arg(due)));
        }
    }

    void theSecondTakesOverWhenTheFirstIsKilled()
    {
        std::map<std::string, std::int64_t> before;
        for (const auto &cluster : clusters)
            before[cluster] = sequence(cluster);
        const auto first = localfleet::servers::process(*m_ground, "guard-" + region);
        QVERIFY(first.has_value());
        const auto killed = std::chrono::steady_clock::now();
        ::kill(first->pid, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(isAll(m_second, State::Beating), 8000);
        qInfo("taken over %lld ms after the kill", static_cast<long long>(std::chrono::duration_cast<base::milliseconds>(std::chrono::steady_clock::now() - killed).count()));
        for (const auto &cluster : clusters) {
            const std::int64_t now = sequence(cluster);
            QVERIFY2(now > before[cluster], cluster.c_str());
            QTRY_VERIFY_WITH_TIMEOUT(sequence(cluster) > now + 1, 5000);
            QCOMPARE(locksOfBeats(cluster), std::string("2 of 2"));
        }
    }

    void theFirstStandsByWhenItIsBack()
    {
        QVERIFY(localfleet::startResidents(*m_ground, "shardlens-guard", "guard-"));
        QTRY_VERIFY_WITH_TIMEOUT(isAll(m_first, State::StandingBy), patience);
        QVERIFY(isAll(m_second, State::Beating));
    }
};

QTEST_GUILESS_MAIN(LiveGuardPairTest)
#include "test_live_guard_pair.moc"
