// SPDX-License-Identifier: GPL-3.0-or-later
// The lease client against a scripted memcached that also hangs, cuts its answers and starts again.
#include "core/cacheflow/LeaseClient.h"
#include "core/cacheflow/Vouching.h"
#include "tests/core/cacheflow/FakeMemcached.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <thread>

using namespace shardlens;
using namespace std::chrono_literals;
using base::ErrorCode;
using cacheflow::FillOutcome;
using cacheflow::LeaseClient;
using cacheflow::LeaseRules;
using fakes::Mood;
using Kind = cacheflow::LeaseRead::Kind;

class TestLeaseClient : public QObject
{
    Q_OBJECT

    fakes::FakePeers m_peers;
    std::shared_ptr<fakes::FakeStore> m_store = std::make_shared<fakes::FakeStore>();
    fakes::FakePeer &m_server = m_peers.add([this] { return fakes::fakeMemcached(m_store); });

    LeaseClient open(LeaseRules rules = {})
    {
        rules.deadline = 300ms;
        rules.restAfterFailure = 20ms;
        return *LeaseClient::open({{"cache-1", {"127.0.0.1", m_server.port()}}}, fleet::Hashing::Ketama, rules);
    }
    static LeaseRules impatient()
    {
        LeaseRules rules;
        rules.waitUpTo = 40ms;
        return rules;
    }

private Q_SLOTS:
    void init()
    {
        m_server.setMood(Mood::Answers);
        const std::scoped_lock lock(m_store->mutex);
        m_store->items.clear();
        m_store->seen.clear();
    }

    void oneMissIsOneLeaseAndThenAHit()
    {
        auto client = open();
        const auto miss = client.get("u:1");
        QVERIFY(miss);
        QCOMPARE(miss->kind, Kind::Fill);
        QVERIFY(!miss->staleValue);
        QCOMPARE(*client.fill("u:1", miss->token, "row", 60s), FillOutcome::Stored);
        const auto hit = client.get("u:1");
        QCOMPARE(hit->kind, Kind::Hit);
        QCOMPARE(hit->value, std::string("row"));
        QCOMPARE(client.counts().granted, 1U);
        QCOMPARE(client.counts().filled, 1U);
        QCOMPARE(client.counts().hits, 1U);
        QCOMPARE(client.counts().waited, 0U);
    }

    void theSecondOfTwoWaitsForTheFirst()
    {
        auto first = open();
        auto second = open();
        const auto lease = first.get("u:1");
        QCOMPARE(lease->kind, Kind::Fill);
        std::thread filler([&] {
            std::this_thread::sleep_for(30ms); // the row is being read
            QCOMPARE(*first.fill("u:1", lease->token, "row", 60s), FillOutcome::Stored);
        });
        const auto waited = second.get("u:1");
        filler.join();
        QCOMPARE(waited->kind, Kind::Hit);
        QCOMPARE(waited->value, std::string("row"));
        QVERIFY(waited->waited >= 10ms);
        QCOMPARE(second.counts().waited, 1U);
        QCOMPARE(second.counts().databaseReads(), 0U);
        QCOMPARE(second.counts().readsSaved(), 1U);
    }

    void aHerdIsAsLargeAsManyWaitedAtOnce()
    {
        LeaseRules rules;
        rules.herds = std::make_shared<cacheflow::HerdBook>();
        auto first = open(rules);
        const auto lease = first.get("u:1");
        QCOMPARE(lease->kind, Kind::Fill);
        std::vector<LeaseClient> others;
        for (int i = 0; i < 5; ++i)
            others.push_back(open(rules));
        std::vector<std::thread> waiting;
        for (auto &client : others)
            waiting.emplace_back([&client] { (void)client.get("u:1"); });
        std::this_thread::sleep_for(100ms); // the row is being read
        QCOMPARE(*first.fill("u:1", lease->token, "row", 60s), FillOutcome::Stored);
        facts::HerdCounts herds = first.herds();
        for (std::size_t i = 0; i < others.size(); ++i) {
            waiting[i].join();
            herds += others[i].herds();
        }
        QCOMPARE(herds.herds(), std::uint64_t(1)); // whoever left last told it
        QCOMPARE(herds.sizes[2], std::uint64_t(1)); // 3 to 5
        QCOMPARE(first.get("u:1")->kind, Kind::Hit);
        QCOMPARE(first.herds().herds(), std::uint64_t(0));
    }

    void whoWaitsTooLongGivesUp()
    {
        auto holder = open();
        auto other = open(impatient());
        QCOMPARE(holder.get("u:1")->kind, Kind::Fill);
        const auto gaveUp = other.get("u:1");
        QCOMPARE(gaveUp->kind, Kind::GaveUp);
        QVERIFY(gaveUp->waited >= 40ms);
        QCOMPARE(other.counts().gaveUp, 1U);
        QCOMPARE(other.counts().readsSaved(), 0U);
    }

    void aDeleteBetweenGrantAndFillVoidsTheFill()
    {
        auto reader = open();
        auto writer = open();
        const auto lease = reader.get("u:1");
        QVERIFY(writer.remove("u:1"));
        QCOMPARE(*reader.fill("u:1", lease->token, "old row", 60s), FillOutcome::Lost);
        QCOMPARE(m_store->valueOf("u:1"), std::string("(none)"));
        QCOMPARE(reader.counts().lost, 1U);
    }

    void aStaleMarkBetweenGrantAndFillVoidsTheFill()
    {
        auto reader = open();
        const auto lease = reader.get("u:1");
        QVERIFY(reader.markStale("u:1", 10s));
        QCOMPARE(*reader.fill("u:1", lease->token, "old row", 60s), FillOutcome::Lost);
        QCOMPARE(reader.get("u:1")->kind, Kind::Fill);
    }

    void aStaleValueIsServedWhileOneFills()
    {
        auto first = open();
        auto second = open();
        m_store->put("u:1", "old row");
        QVERIFY(first.markStale("u:1", 10s));
        const auto lease = first.get("u:1");
        QCOMPARE(lease->kind, Kind::Fill);
        QCOMPARE(lease->staleValue.value_or(""), std::string("old row"));
        const auto stale = second.get("u:1");
        QCOMPARE(stale->kind, Kind::Stale);
        QCOMPARE(stale->value, std::string("old row"));
        QCOMPARE(*first.fill("u:1", lease->token, "new row", 60s), FillOutcome::Stored);
        QCOMPARE(second.get("u:1")->kind, Kind::Hit);
        QCOMPARE(second.counts().staleServed, 1U);
    }

    void whoWantsNoStaleValueWaits()
    {
        auto first = open();
        auto rules = impatient();
        rules.servesStale = false;
        auto second = open(rules);
        m_store->put("u:1", "old row");
        QVERIFY(first.markStale("u:1", 10s));
        QCOMPARE(first.get("u:1")->kind, Kind::Fill);
        QCOMPARE(second.get("u:1")->kind, Kind::GaveUp);
    }

    void anEmptyValueIsNoHeldLease()
    {
        auto client = open(impatient());
        const auto lease = client.get("u:2");
        QCOMPARE(*client.fill("u:2", lease->token, "", 60s), FillOutcome::Stored);
        QCOMPARE(client.get("u:2")->kind, Kind::Hit);
        QVERIFY(client.markStale("u:2", 10s));
        QCOMPARE(client.get("u:2")->kind, Kind::Fill);
        const auto stale = client.get("u:2");
        QCOMPARE(stale->kind, Kind::Stale);
        QVERIFY(stale->value.empty());
    }

    void whatIsGivenBackCanBeWonAtOnce()
    {
        auto first = open();
        auto second = open(impatient());
        const auto lease = first.get("u:1");
        first.giveBack("u:1", lease->token);
        QCOMPARE(second.get("u:1")->kind, Kind::Fill);
        first.giveBack("u:1", lease->token);
        auto third = open(impatient());
        QCOMPARE(third.get("u:1")->kind, Kind::GaveUp); // the second's lease is not the first's to give back
    }

    void aTokenIsGoodOnItsConnectionAlone()
    {
        auto granted = open();
        auto other = open();
        const auto lease = granted.get("u:1");
        const auto theirs = other.get("u:9");
        QCOMPARE(theirs->kind, Kind::Fill);
        QCOMPARE(*other.fill("u:1", lease->token, "row", 60s), FillOutcome::Lost);
        QCOMPARE(m_store->valueOf("u:1"), std::string(""));
        QCOMPARE(*granted.fill("u:1", lease->token, "row", 60s), FillOutcome::Stored);
    }

    void aTokenOfBeforeARestartIsRefused()
    {
        auto client = open();
        const auto lease = client.get("u:1");
        m_server.dropConnections();
        {
            const std::scoped_lock lock(m_store->mutex);
            m_store->items.clear();
            m_store->lastCas = lease->token.cas - 1; // so that the new process grants the very same number
        }
        auto other = open();
        const auto theirs = other.get("u:1");
        QCOMPARE(theirs->token.cas, lease->token.cas);
        const auto late = client.fill("u:1", lease->token, "old row", 60s);
        QVERIFY(!late || *late == FillOutcome::Lost);
        (void)client.get("u:5"); // and now over a new connection
        QCOMPARE(*client.fill("u:1", lease->token, "old row", 60s), FillOutcome::Lost);
        QCOMPARE(m_store->valueOf("u:1"), std::string(""));
    }

    void aSilentServerHoldsNoReadForLong()
    {
        auto client = open();
        QVERIFY(client.get("u:1"));
        m_server.setMood(Mood::HangsAtQuery);
        QElapsedTimer timer;
        timer.start();
        const auto late = client.get("u:1");
        QVERIFY(!late);
        QCOMPARE(late.error().code, ErrorCode::TimedOut);
        QCOMPARE(late.error().server, std::string("cache-1"));
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
        timer.restart();
        QVERIFY(!client.get("u:1"));
        QVERIFY2(timer.elapsed() < 100, "right after a failure nobody waits for the member again");
        m_server.setMood(Mood::Answers);
        QTRY_VERIFY(client.get("u:7").has_value());
        QCOMPARE(client.counts().granted, 2U);
    }

    void brokenAnswersAreErrors_data()
    {
        QTest::addColumn<int>("mood");
        QTest::newRow("closes in the middle of an answer") << int(Mood::ClosesMidAnswer);
        QTest::newRow("talks garbage") << int(Mood::TalksGarbage);
        QTest::newRow("refuses") << int(Mood::Refuses);
    }
    void brokenAnswersAreErrors()
    {
        QFETCH(int, mood);
        auto client = open();
        m_server.setMood(Mood(mood));
        QVERIFY(!client.get("u:1"));
        QCOMPARE(client.counts().failed, 1U);
        m_server.setMood(Mood::Answers);
        QTRY_VERIFY(client.get("u:1").has_value());
    }

    void keysThatCannotBeAreRefused_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("250 bytes are the most") << QByteArray(250, 'k') << true;
        QTest::newRow("251 bytes are too many") << QByteArray(251, 'k') << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("with a space") << QByteArray("two words") << false;
        QTest::newRow("with a line's end") << QByteArray("u:1\r\nflush_all") << false;
        QTest::newRow("binary") << QByteArray("\xff\xfe\x80", 3) << true;
    }
    void keysThatCannotBeAreRefused()
    {
        QFETCH(QByteArray, key);
        QFETCH(bool, isGood);
        auto client = open();
        const auto read = client.get(key.toStdString());
        QCOMPARE(read.has_value(), isGood);
        if (!isGood) {
            QCOMPARE(read.error().code, ErrorCode::BadInput);
            QCOMPARE(client.remove(key.toStdString()).error().code, ErrorCode::BadInput);
            QVERIFY(m_store->seen.empty());
        }
    }

    void aValueTooLargeFreesItsKey()
    {
        auto client = open();
        const auto lease = client.get("u:1");
        QCOMPARE(*client.fill("u:1", lease->token, std::string(1U << 20, 'x'), 60s), FillOutcome::TooLarge);
        QCOMPARE(client.get("u:1")->kind, Kind::Fill);
        QCOMPARE(client.counts().tooLarge, 1U);
    }

    void aMemberThatCameBackIsReadOnlyOnceVouchedFor()
    {
        LeaseRules rules;
        rules.needsVouching = true;
        m_store->put(std::string(cacheflow::vouchKey), "1");
        auto client = open(rules);
        m_store->put("u:1", "row");
        QCOMPARE(client.get("u:1")->kind, Kind::Hit); // the first connection of a client lost nothing
        m_server.dropConnections();
        QVERIFY(!client.get("u:1")); // meets the closed connection
        QTRY_COMPARE(client.get("u:1").error().code, ErrorCode::Unavailable);
        m_store->put(std::string(cacheflow::vouchKey), "2"); // may have been on its way since before
        QTest::qWait(120);                                   // longer than it takes a client to ask again
        QCOMPARE(client.get("u:1").error().code, ErrorCode::Unavailable);
        m_store->put(std::string(cacheflow::vouchKey), "3");
        QTRY_VERIFY(client.get("u:1").has_value());
        QCOMPARE(client.get("u:1")->value, std::string("row"));
    }

    void aMemberThatNobodyVouchesForIsNotRead()
    {
        LeaseRules rules;
        rules.needsVouching = true;
        auto client = open(rules);
        m_store->put("u:1", "row");
        QCOMPARE(client.get("u:1").error().code, ErrorCode::Unavailable);
        QVERIFY(client.remove("u:1")); // deletes go there all the same
        QCOMPARE(m_store->valueOf("u:1"), std::string("(none)"));
    }

    void aConnectedClientLooksAlongWithItsReadsAndStopsWhenItIsNotVouchedFor()
    {
        LeaseRules rules;
        rules.needsVouching = true;
        m_store->put(std::string(cacheflow::vouchKey), "1");
        auto client = open(rules);
        m_store->put("u:1", "row");
        QElapsedTimer timer;
        timer.start();
        const auto isHit = [&] {
            const auto read = client.get("u:1");
            return read && read->kind == Kind::Hit;
        };
        int reads = 0;
        for (; timer.elapsed() < 1500; ++reads)
            QVERIFY(isHit());
        const auto looks = [&] {
            const std::scoped_lock lock(m_store->mutex);
            return std::count(m_store->seen.begin(), m_store->seen.end(), "mg " + std::string(cacheflow::vouchKey) + " v");
        };
        QVERIFY2(looks() >= 2 && looks() <= 3, qPrintable(QString::number(looks())));
        QVERIFY(reads > 10 * looks());
        const int connections = m_server.connectionsMade();
        m_store->erase(std::string(cacheflow::vouchKey));
        QVERIFY(QTest::qWaitFor([&] { return !isHit(); }, 3000));
        QCOMPARE(client.get("u:1").error().code, ErrorCode::Unavailable);
        m_store->put(std::string(cacheflow::vouchKey), "2"); // as after a reconnect: once is not enough
        QTest::qWait(120);
        QCOMPARE(client.get("u:1").error().code, ErrorCode::Unavailable);
        m_store->put(std::string(cacheflow::vouchKey), "3");
        QTRY_VERIFY(isHit());
        QCOMPARE(m_server.connectionsMade(), connections); // it was connected all the time
    }

    void whatIsWonOfAMemberThatIsNotVouchedForMayBeFilledButNotServed()
    {
        LeaseRules rules;
        rules.needsVouching = true;
        m_store->put(std::string(cacheflow::vouchKey), "1");
        auto client = open(rules);
        m_store->put("u:1", "old row");
        QCOMPARE(client.get("u:1")->kind, Kind::Hit);
        m_store->erase(std::string(cacheflow::vouchKey));
        QVERIFY(client.markStale("u:1", 10s));
        QTest::qWait(1100); // the next read looks, too
        const auto won = client.get("u:1");
        QVERIFY(won && won->kind == Kind::Fill);
        QVERIFY(!won->staleValue);
        QCOMPARE(*client.fill("u:1", won->token, "new row", 60s), FillOutcome::Stored);
        QCOMPARE(client.get("u:1").error().code, ErrorCode::Unavailable);
    }
};

QTEST_GUILESS_MAIN(TestLeaseClient)
#include "test_lease_client.moc"
