// SPDX-License-Identifier: GPL-3.0-or-later
// Deliveries to a scripted memcached that hangs, cuts its answers, or is away for long.
#include "core/cacheflow/MemberLane.h"
#include "core/cacheflow/Vouching.h"
#include "tests/core/cacheflow/FakeMemcached.h"

#include <QElapsedTimer>
#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using cacheflow::LaneRules;
using cacheflow::LaneState;
using cacheflow::MemberLane;
using fakes::Mood;
using Standing = LaneState::Standing;

class TestMemberLane : public QObject
{
    Q_OBJECT

    fakes::FakePeers m_peers;
    std::shared_ptr<fakes::FakeStore> m_store = std::make_shared<fakes::FakeStore>();
    fakes::FakePeer &m_server = m_peers.add([this] { return fakes::fakeMemcached(m_store); });
    std::shared_ptr<wire::Interrupt> m_stop = std::make_shared<wire::Interrupt>();

    std::unique_ptr<MemberLane> lane(LaneRules rules = {})
    {
        rules.deadline = 200ms;
        rules.retryEvery = 20ms;
        auto lane = std::make_unique<MemberLane>(memcached::Member{"cache-1", {"127.0.0.1", m_server.port()}}, rules, m_stop);
        lane->start();
        return lane;
    }
    std::string vouched() { return m_store->valueOf(std::string(cacheflow::vouchKey)); }
    static bool isAt(const MemberLane &lane, Standing standing) { return lane.state().standing == standing; }

private Q_SLOTS:
    void init()
    {
        m_server.setMood(Mood::Answers);
        const std::scoped_lock lock(m_store->mutex);
        m_store->items.clear();
        m_store->seen.clear();
    }

    void keysAreDeletedAndTheTicketSettles()
    {
        auto to = lane();
        m_store->put("u:1", "old");
        m_store->put("u:2", "kept");
        const auto ticket = to->give({"u:1", "u:3"});
        QVERIFY(to->settle(ticket, 5s));
        QCOMPARE(m_store->valueOf("u:1"), std::string("(none)"));
        QCOMPARE(m_store->valueOf("u:2"), std::string("kept"));
        QCOMPARE(to->state().delivered, 2U);
        QCOMPARE(to->state().found, 1U);
        QVERIFY(!to->owes());
        QTRY_VERIFY(isAt(*to, Standing::Here));
    }

    void keysAreMarkedStaleWhereThatIsWished()
    {
        LaneRules rules;
        rules.staleFor = 10s;
        auto to = lane(rules);
        m_store->put("u:1", "old");
        QVERIFY(to->settle(to->give({"u:1"}), 5s));
        const std::scoped_lock lock(m_store->mutex);
        QVERIFY(m_store->items.at("u:1").isStale);
        QCOMPARE(m_store->seen.back(), std::string("md u:1 I T10"));
    }

    void aKeyThatNoClientCanHaveStoredHoldsNothingUp()
    {
        auto to = lane();
        m_store->put("u:1", "old");
        QVERIFY(to->settle(to->give({"two words", std::string(251, 'k'), "u:1"}), 5s));
        QCOMPARE(m_store->valueOf("u:1"), std::string("(none)"));
        QCOMPARE(to->state().refused, 2U);
    }

    void whatIsOwedToASilentMemberIsDeliveredOnItsReturn_data()
    {
        QTest::addColumn<int>("mood");
        QTest::newRow("it hangs") << int(Mood::HangsAtQuery);
        QTest::newRow("it hangs from the first word") << int(Mood::HangsAtConnect);
        QTest::newRow("it is gone") << int(Mood::Refuses);
        QTest::newRow("it cuts its answers") << int(Mood::ClosesMidAnswer);
    }
    void whatIsOwedToASilentMemberIsDeliveredOnItsReturn()
    {
        QFETCH(int, mood);
        auto to = lane();
        QTRY_VERIFY(isAt(*to, Standing::Here));
        m_store->put("u:1", "old");
        m_server.setMood(Mood(mood));
        if (Mood(mood) == Mood::Refuses)
            m_server.dropConnections();
        QElapsedTimer timer;
        timer.start();
        const auto ticket = to->give({"u:1"});
        QVERIFY(to->settle(ticket, 10s));
        QVERIFY2(timer.elapsed() < 3000, "nobody waits long for a member that is away");
        QTRY_VERIFY(isAt(*to, Standing::Away));
        QVERIFY(to->owes());
        QVERIFY(to->settle(to->give({"u:2", "u:2"}), 10s));
        QCOMPARE(to->state().waiting, std::size_t(2)); // u:1 and u:2, each once
        m_store->put("u:2", "old");
        m_server.setMood(Mood::Answers);
        QTRY_VERIFY(!to->owes());
        QCOMPARE(m_store->valueOf("u:1"), std::string("(none)"));
        QCOMPARE(m_store->valueOf("u:2"), std::string("(none)"));
        QTRY_VERIFY(isAt(*to, Standing::Here));
        QCOMPARE(to->state().flushes, 0U);
    }

    void aMemberThatIsOwedTooMuchIsFlushed()
    {
        LaneRules rules;
        rules.mostOwed = 10;
        auto to = lane(rules);
        m_server.setMood(Mood::HangsAtQuery);
        m_store->put("u:1", "old");
        std::vector<std::string> keys;
        for (int i = 100; i < 111; ++i)
            keys.push_back("u:" + std::to_string(i));
        QVERIFY(to->settle(to->give(keys), 10s));
        QTRY_VERIFY(isAt(*to, Standing::MustFlush));
        QVERIFY2(!to->owes(), "the flush will do: cursors may pass");
        m_server.setMood(Mood::Answers);
        QTRY_VERIFY(isAt(*to, Standing::Here));
        QCOMPARE(m_store->valueOf("u:1"), std::string("(none)"));
        QCOMPARE(to->state().flushes, 1U);
    }

    void aFlushThatIsDemandedIsDone()
    {
        auto to = lane();
        m_store->put("u:1", "old");
        to->demandFlush();
        QTRY_COMPARE(to->state().flushes, 1U);
        QCOMPARE(m_store->valueOf("u:1"), std::string("(none)"));
        QVERIFY(!to->owes());
    }

    void itVouchesOnlyOnceItMayAndIsCaughtUp()
    {
        auto to = lane();
        QVERIFY(to->settle(to->give({"u:1"}), 5s));
        QCOMPARE(vouched(), std::string("(none)"));
        to->mayVouch(true);
        QTRY_VERIFY(vouched() != "(none)");
        const auto first = vouched();
        QTRY_VERIFY(vouched() != first);
        m_server.setMood(Mood::HangsAtQuery);
        (void)to->give({"u:2"});
        QTRY_VERIFY(isAt(*to, Standing::Away));
        m_server.setMood(Mood::Answers);
        QTRY_VERIFY(!to->owes());
        const auto back = vouched();
        QTRY_VERIFY(vouched() != back);
        const std::scoped_lock lock(m_store->mutex);
        const auto &seen = m_store->seen;
        const auto lastDelete = std::find(seen.rbegin(), seen.rend(), "md u:2");
        const auto lastVouch =
            std::find_if(seen.rbegin(), seen.rend(), [](const std::string &line) { return line.starts_with("ms shardlens.vouched"); });
        QVERIFY(lastDelete != seen.rend());
        QVERIFY2(lastVouch < lastDelete, "it is vouched for after its backlog was delivered");
    }
};

QTEST_GUILESS_MAIN(TestMemberLane)
#include "test_member_lane.moc"
