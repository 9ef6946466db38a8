// SPDX-License-Identifier: GPL-3.0-or-later
// The lease client against a real memcached: races, restarts, a frozen server, and what the server says of sizes and keys.
#include "core/cacheflow/ItemLook.h"
#include "core/cacheflow/LeaseClient.h"
#include "core/cacheflow/Vouching.h"
#include "tests/live/cacheflow/RealMemcached.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>

using namespace shardlens;
using namespace std::chrono_literals;
using base::ErrorCode;
using cacheflow::FillOutcome;
using cacheflow::LeaseClient;
using cacheflow::LeaseCounts;
using cacheflow::LeaseRules;
using Kind = cacheflow::LeaseRead::Kind;

namespace {

/// A row that changes, and takes a while to be read; counts how often it is.
struct SlowRow {
    std::atomic<int> version{0};
    std::atomic<int> reads{0};
    std::string read()
    {
        ++reads;
        const int seen = version;
        std::this_thread::sleep_for(5ms); // so that a delete may come between reading and filling
        return std::to_string(seen);
    }
};

/// One application's reads of one key, through the cache, until `stop`. Answers what its leases did.
LeaseCounts readAlong(LeaseClient client, SlowRow &row, const std::atomic<bool> &stop)
{
    while (!stop) {
        const auto read = client.get("hot");
        if (!read || read->kind == Kind::GaveUp)
            (void)row.read();
        else if (read->kind == Kind::Fill)
            (void)client.fill("hot", read->token, row.read(), 60s);
    }
    return client.counts();
}

} // namespace

class TestLiveLeases : public QObject
{
    Q_OBJECT

    RealMemcached m_server;

    LeaseClient open(LeaseRules rules = {})
    {
        rules.deadline = 400ms;
        rules.restAfterFailure = 20ms;
        return *LeaseClient::open({m_server.member()}, fleet::Hashing::Ketama, rules);
    }

    static LeaseRules vouched()
    {
        LeaseRules rules;
        rules.needsVouching = true;
        return rules;
    }
    /// As the invalidator of its region does it.
    void vouch(const std::string &value, base::seconds lasts = cacheflow::vouchLasts) const
    {
        auto session = memcached::MetaSession::dial(m_server.member(), 500ms);
        QVERIFY(session);
        QVERIFY(session->ask("ms " + std::string(cacheflow::vouchKey) + " " + std::to_string(value.size()) + " T" + std::to_string(lasts.count()) + "\r\n" + value + "\r\n", 500ms));
    }
    void put(const std::string &key, const std::string &value) const
    {
        auto session = memcached::MetaSession::dial(m_server.member(), 500ms);
        QVERIFY(session);
        QVERIFY(session->ask("ms " + key + " " + std::to_string(value.size()) + " T600\r\n" + value + "\r\n", 500ms));
    }

    /// Whether one of the next reads of u:1 is granted the lease.
    static bool winsSoon(LeaseClient &client)
    {
        bool hasWon = false; // once: the read after the winning one would not win
        return QTest::qWaitFor([&] { return hasWon = hasWon || client.get("u:1")->kind == Kind::Fill; }, 5000);
    }

private Q_SLOTS:
    void init() { QVERIFY(m_server.start()); }
    void cleanup() { m_server.kill(); }

    void manyClientsRaceAndNoOldValueStays_data()
    {
        QTest::addColumn<bool>("marksStale");
        QTest::newRow("changes delete the key") << false;
        QTest::newRow("changes mark it stale") << true;
    }
    void manyClientsRaceAndNoOldValueStays()
    {
        QFETCH(bool, marksStale);
        constexpr int changes = 60;
        SlowRow row;
        std::atomic<bool> stop{false};
        std::vector<LeaseCounts> counts(12);
        std::vector<std::thread> readers;
        for (auto &count : counts)
            readers.emplace_back([&, client = open()]() mutable { count = readAlong(std::move(client), row, stop); });
        auto writer = open();
        bool isTold = true;
        for (int i = 0; i < changes; ++i) {
            ++row.version;
            isTold &= (marksStale ? writer.markStale("hot", 10s) : writer.remove("hot")).has_value();
            std::this_thread::sleep_for(std::chrono::milliseconds(3 + i % 9)); // now in the middle of a fill, now after it
        }
        const auto isCurrent = [&] {
            const auto last = writer.get("hot");
            if (last && last->kind == Kind::Fill)
                (void)writer.fill("hot", last->token, row.read(), 60s);
            return last && last->kind == Kind::Hit && last->value == std::to_string(changes);
        };
        QTRY_VERIFY(isCurrent());
        stop = true;
        for (auto &reader : readers)
            reader.join();
        QVERIFY(isTold);
        QVERIFY(isCurrent());
        LeaseCounts sum;
        for (const auto &count : counts)
            sum += count;
        QVERIFY(sum.hits > 0);
        QVERIFY2(marksStale ? sum.staleServed > 0 : sum.waited > 0, "the readers did not meet on the key");
        QCOMPARE(sum.failed, 0U);
        qInfo("%d reads of the row for %d changes, %llu fills lost to a delete, %llu reads waited, %llu took a stale value",
              row.reads.load(), changes, static_cast<unsigned long long>(sum.lost), static_cast<unsigned long long>(sum.waited),
              static_cast<unsigned long long>(sum.staleServed));
        QVERIFY2(row.reads <= 3 * changes, qPrintable(QString::number(row.reads)));
    }

    void aTokenDoesNotOutliveTheServer()
    {
        auto client = open();
        const auto lease = client.get("u:1");
        QCOMPARE(lease->kind, Kind::Fill);
        m_server.kill();
        QVERIFY(m_server.start());
        auto other = open();
        const auto theirs = other.get("u:1");
        QCOMPARE(theirs->kind, Kind::Fill);
        QCOMPARE(theirs->token.cas, lease->token.cas); // numbers begin anew: only the connection tells them apart
        const auto late = client.fill("u:1", lease->token, "old row", 60s);
        QVERIFY(!late || *late == FillOutcome::Lost);
        (void)client.get("u:2");
        QCOMPARE(*client.fill("u:1", lease->token, "old row", 60s), FillOutcome::Lost);
        QCOMPARE(*other.fill("u:1", theirs->token, "row", 60s), FillOutcome::Stored);
        QCOMPARE(client.get("u:1")->value, std::string("row"));
    }

    void anotherConnectionFillsNothing()
    {
        auto granted = open();
        auto other = open();
        const auto lease = granted.get("u:1");
        QCOMPARE(other.get("u:2")->kind, Kind::Fill);
        QCOMPARE(*other.fill("u:1", lease->token, "row", 60s), FillOutcome::Lost);
        QCOMPARE(*granted.fill("u:1", lease->token, "row", 60s), FillOutcome::Stored);
    }

    void aDeleteBetweenGrantAndFillVoidsTheFill()
    {
        auto reader = open();
        auto writer = open();
        const auto lease = reader.get("u:1");
        QVERIFY(writer.remove("u:1"));
        QCOMPARE(*reader.fill("u:1", lease->token, "old row", 60s), FillOutcome::Lost);
        const auto again = writer.get("u:1");
        QCOMPARE(again->kind, Kind::Fill);
        QCOMPARE(*reader.fill("u:1", lease->token, "old row", 60s), FillOutcome::Lost);
        QCOMPARE(*writer.fill("u:1", again->token, "new row", 60s), FillOutcome::Stored);
        QCOMPARE(reader.get("u:1")->value, std::string("new row"));
    }

    void aStaleValueLastsNoLongerThanItsMarkSays()
    {
        auto client = open();
        const auto lease = client.get("u:1");
        QCOMPARE(*client.fill("u:1", lease->token, "old row", 60s), FillOutcome::Stored);
        QVERIFY(client.markStale("u:1", 2s));
        QCOMPARE(client.get("u:1")->kind, Kind::Fill); // and this one dies with its lease
        QCOMPARE(client.get("u:1")->kind, Kind::Stale);
        QVERIFY(winsSoon(client));
    }

    void aDeadWinnerBlocksItsKeyNoLongerThanTheStub()
    {
        LeaseRules rules;
        rules.stub = 2s;
        rules.waitUpTo = 100ms;
        auto dead = std::make_unique<LeaseClient>(open(rules));
        QCOMPARE(dead->get("u:1")->kind, Kind::Fill);
        dead.reset();
        auto other = open(rules);
        QCOMPARE(other.get("u:1")->kind, Kind::GaveUp);
        QVERIFY(winsSoon(other));
    }

    void aFrozenServerHoldsNoReadForLong()
    {
        auto client = open();
        QVERIFY(client.get("u:1"));
        m_server.freeze();
        QElapsedTimer timer;
        timer.start();
        const auto late = client.get("u:1");
        QVERIFY(!late);
        QCOMPARE(late.error().code, ErrorCode::TimedOut);
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
        m_server.thaw();
        QTRY_VERIFY(client.get("u:3").has_value());
    }

    void anIdleClientIsServedNothingByAMemberThatThaws_data()
    {
        QTest::addColumn<bool>("isVouchedAgain");
        QTest::newRow("frozen right after the last read") << false;
        QTest::newRow("vouched for after the last read, then frozen") << true;
    }
    void anIdleClientIsServedNothingByAMemberThatThaws()
    {
        QFETCH(bool, isVouchedAgain);
        vouch("1");
        put("u:1", "old row");
        auto client = open(vouched());
        QCOMPARE(client.get("u:1")->kind, Kind::Hit);
        if (isVouchedAgain)
            vouch("2");
        m_server.freeze();
        QTest::qWait(static_cast<int>(base::milliseconds(cacheflow::vouchLasts).count()) + 1000); // that vouching is over
        m_server.thaw();
        for (int i = 0; i < 20; ++i) {
            const auto read = client.get("u:1");
            QVERIFY2(!read, "a member that thawed served what nobody vouches for");
            QCOMPARE(read.error().code, ErrorCode::Unavailable);
        }
        vouch("3");
        QTest::qWait(120); // longer than it takes a client to ask again
        QVERIFY(!client.get("u:1"));
        vouch("4");
        QTRY_VERIFY(client.get("u:1").has_value());
    }

    void aConnectedClientStopsWithinTheBound_data()
    {
        QTest::addColumn<bool>("isDeleted");
        QTest::newRow("the vouching is taken away") << true;
        QTest::newRow("it expires") << false;
    }
    void aConnectedClientStopsWithinTheBound()
    {
        QFETCH(bool, isDeleted);
        vouch("1", isDeleted ? 600s : 2s);
        put("u:1", "row");
        auto client = open(vouched());
        QCOMPARE(client.get("u:1")->kind, Kind::Hit);
        if (isDeleted) {
            auto session = memcached::MetaSession::dial(m_server.member(), 500ms);
            QVERIFY(session && session->ask("md " + std::string(cacheflow::vouchKey) + "\r\n", 500ms));
        }
        QElapsedTimer timer;
        timer.start();
        QVERIFY(QTest::qWaitFor([&] { return !client.get("u:1").has_value(); }, 10000));
        const auto bound = base::milliseconds(cacheflow::vouchLookEvery).count() + (isDeleted ? 500 : 3000);
        QVERIFY2(timer.elapsed() < bound, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(client.get("u:1").error().code, ErrorCode::Unavailable);
    }

    void oneReaderRenewsAValueThatExpiresSoonWhileTheOthersAreServed()
    {
        LeaseRules rules;
        rules.recache = 10s;
        auto first = open(rules);
        auto second = open(rules);
        const auto lease = first.get("u:1");
        QCOMPARE(*first.fill("u:1", lease->token, "row", 5s), FillOutcome::Stored);
        const auto renewing = first.get("u:1");
        QCOMPARE(renewing->kind, Kind::Fill);
        QCOMPARE(renewing->staleValue.value_or(""), std::string("row"));
        for (auto *other : {&second, &first}) {
            const auto served = other->get("u:1");
            QCOMPARE(served->kind, Kind::Hit);
            QCOMPARE(served->value, std::string("row"));
        }
        QCOMPARE(*first.fill("u:1", renewing->token, "new row", 60s), FillOutcome::Stored);
        QCOMPARE(second.get("u:1")->value, std::string("new row"));
        QCOMPARE(second.counts().granted, 0U);
    }

    void valuesOfAnySize_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("isStored");
        QTest::newRow("empty") << 0 << true;
        QTest::newRow("one byte") << 1 << true;
        QTest::newRow("nearly 1 MiB") << (1 << 20) - 512 << true;
        QTest::newRow("1 MiB is more than an item may hold") << (1 << 20) << false;
        QTest::newRow("5 MiB") << 5 * (1 << 20) << false;
    }
    void valuesOfAnySize()
    {
        QFETCH(int, size);
        QFETCH(bool, isStored);
        auto client = open();
        const std::string value(static_cast<std::size_t>(size), 'v');
        const auto lease = client.get("u:1");
        QCOMPARE(*client.fill("u:1", lease->token, value, 60s), isStored ? FillOutcome::Stored : FillOutcome::TooLarge);
        const auto read = client.get("u:1");
        QCOMPARE(read->kind, isStored ? Kind::Hit : Kind::Fill);
        QVERIFY(!isStored || read->value == value);
    }

    void theLongestKeyAndABinaryOne()
    {
        auto client = open();
        for (const std::string &key : {std::string(250, 'k'), std::string("\xff\xfe\x80\xc3\xa9")}) {
            const auto lease = client.get(key);
            QVERIFY2(lease && lease->kind == Kind::Fill, key.c_str());
            QCOMPARE(*client.fill(key, lease->token, "row", 60s), FillOutcome::Stored);
            QCOMPARE(client.get(key)->value, std::string("row"));
            QVERIFY(client.remove(key));
        }
        QCOMPARE(client.get(std::string(251, 'k')).error().code, ErrorCode::BadInput);
        QCOMPARE(client.get("two words").error().code, ErrorCode::BadInput);
    }

    void aThousandStaleItemsLookedAtAreStillWon()
    {
        constexpr int items = 1000;
        auto client = open();
        auto looking = memcached::MetaSession::dial(m_server.member(), 500ms);
        QVERIFY(looking);
        for (int i = 0; i < items; ++i) {
            const std::string key = "stale:" + std::to_string(i);
            const auto lease = client.get(key);
            QCOMPARE(*client.fill(key, lease->token, "value", 60s), FillOutcome::Stored);
            QVERIFY(client.markStale(key, 30s));
        }
        int won = 0;
        for (int i = 0; i < items; ++i) {
            const std::string key = "stale:" + std::to_string(i);
            // Every second one also by a look that takes the win and gives it back.
            const auto look = cacheflow::lookAt(*looking, key, i % 2 == 1, 500ms);
            QVERIFY(look);
            QCOMPARE(look->value, std::string("value"));
            QCOMPARE(look->lease, i % 2 == 1 ? cacheflow::ItemLook::Lease::ValueStale : cacheflow::ItemLook::Lease::ValueUnknown);
            won += client.get(key)->kind == Kind::Fill ? 1 : 0;
        }
        QCOMPARE(won, items);
    }

    void whatALookTells()
    {
        using Lease = cacheflow::ItemLook::Lease;
        auto client = open();
        auto looking = memcached::MetaSession::dial(m_server.member(), 500ms);
        QVERIFY(looking);
        const auto lookAt = [&](const std::string &key, bool takesWins = false) {
            return *cacheflow::lookAt(*looking, key, takesWins, 500ms);
        };
        QCOMPARE(lookAt("u:1").lease, Lease::Absent);
        const auto lease = client.get("u:1");
        QCOMPARE(lookAt("u:1").lease, Lease::StubHeld);
        QCOMPARE(lookAt("u:1", true).lease, Lease::StubHeld);
        QCOMPARE(*client.fill("u:1", lease->token, "row", 60s), FillOutcome::Stored);
        const auto value = lookAt("u:1");
        QCOMPARE(value.lease, Lease::ValueUnknown);
        QCOMPARE(value.value, std::string("row"));
        QVERIFY(value.expiresIn && *value.expiresIn > 50s && *value.expiresIn <= 60s);
        QVERIFY(value.cas > 0);
        QVERIFY(value.itemBytes > 3);
        QCOMPARE(lookAt("u:1", true).lease, Lease::ValueGood);
        QVERIFY(client.markStale("u:1", 30s));
        QCOMPARE(client.get("u:1")->kind, Kind::Fill);
        QCOMPARE(lookAt("u:1", true).lease, Lease::ValueFilling);
        const auto empty = client.get("u:2");
        QCOMPARE(*client.fill("u:2", empty->token, "", 60s), FillOutcome::Stored);
        QCOMPARE(lookAt("u:2").lease, Lease::ValueUnknown);
        // Another program's empty value is told from a stub only by asking for the win.
        QVERIFY(looking->ask("ms u:3 0\r\n\r\n", 500ms));
        QCOMPARE(lookAt("u:3").lease, Lease::StubHeld);
        QCOMPARE(lookAt("u:3", true).lease, Lease::ValueGood);
    }

    void anEvictedLeaseIsLost()
    {
        auto client = open();
        const auto lease = client.get("u:1");
        auto session = memcached::MetaSession::dial(m_server.member(), 500ms);
        QVERIFY(session && session->ask("flush_all\r\n", 500ms)); // as an eviction, but at a moment of our choice
        QCOMPARE(*client.fill("u:1", lease->token, "row", 60s), FillOutcome::Lost);
        QCOMPARE(client.get("u:1")->kind, Kind::Fill);
    }
};

QTEST_GUILESS_MAIN(TestLiveLeases)
#include "test_live_leases.moc"
