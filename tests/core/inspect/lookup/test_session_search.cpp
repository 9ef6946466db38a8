// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions of a user, looked for among the keys of a scripted Redis.
#include "core/inspect/lookup/SessionSearch.h"
#include "tests/fakes/FakeCaches.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::inspect::lookup;
using namespace std::chrono_literals;

class TestSessionSearch : public QObject
{
    Q_OBJECT

    std::shared_ptr<fakes::RedisScript> m_script = std::make_shared<fakes::RedisScript>();
    fakes::FakePeers m_peers;
    fakes::FakePeer &m_server = m_peers.add([this] { return std::make_unique<fakes::RedisDialect>(m_script); });

    base::Result<Sessions> search(std::uint64_t user)
    {
        const fleet::DatabaseUser person{"looker", {}, {}};
        const auto ground = std::make_shared<LinkGround>(
            LinkGround{std::make_shared<const fleet::Fleet>(), base::RegionName("us-east"), person, Keyring(person, {}, {}), 2000ms});
        fleet::Server server;
        server.id = base::ServerId("sessions-us-east");
        server.kind = fleet::ServerKind::Redis;
        server.address.own = {"127.0.0.1", m_server.port()};
        Link link(ground, server);
        return searchSessions(link, "session:*", user);
    }
    void setSessions(std::vector<fakes::RedisScript::Session> sessions)
    {
        const std::lock_guard lock(m_script->mutex);
        m_script->sessions = std::move(sessions);
    }

private Q_SLOTS:
    void init() { m_server.setMood(fakes::Mood::Answers); }

    void onlyThoseOfTheUserAreCountedOnceNewestFirst()
    {
        setSessions({{"7", "1700000000", "1700000500"}, {"8", "1700000100", "1700000100"}, {"7", "1700000900", "1700000950"}, {"7", "1700000300", ""}});
        const auto found = search(7);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QVERIFY(found->isComplete);
        QCOMPARE(found->searched, std::int64_t(4)); // one is given twice
        QCOMPARE(found->count, std::int64_t(3));
        const std::vector<std::pair<base::UtcTime, base::UtcTime>> times{{base::UtcTime(1700000900s), base::UtcTime(1700000950s)},
                                                                         {base::UtcTime(1700000300s), base::UtcTime()},
                                                                         {base::UtcTime(1700000000s), base::UtcTime(1700000500s)}};
        QVERIFY(found->times == times);
        QCOMPARE(search(9)->count, std::int64_t(0));
    }

    void aServerThatHangsIsAnError()
    {
        setSessions({{"7", "1700000000", "1700000500"}});
        m_server.setMood(fakes::Mood::HangsAtQuery);
        const auto found = search(7);
        QVERIFY(!found);
        QCOMPARE(found.error().code, base::ErrorCode::TimedOut);
    }
};

QTEST_GUILESS_MAIN(TestSessionSearch)
#include "test_session_search.moc"
