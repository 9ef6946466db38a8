// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/PoolPlacing.h"

#include <QTest>

#include <set>

using namespace shardlens;
using base::ErrorCode;
using fleet::Hashing;

class TestPoolPlacing : public QObject
{
    Q_OBJECT

    std::vector<memcached::Member> m_members{{"a", {"10.0.0.1", 11211}}, {"b", {"10.0.0.2", 11211}}, {"c", {"10.0.0.3", 11211}}};
    std::vector<std::string> m_keys;

private Q_SLOTS:
    void initTestCase()
    {
        fleet::Fleet fleet;
        fleet.keys.cached = {{"user", "u:{id}"}, {"media", "m:{id}"}};
        m_keys = cacheflow::sampleKeys(fleet, 20000);
    }

    void theSampleIsTheSameEachTimeAndHoldsNoKeyTwice()
    {
        QCOMPARE(std::set<std::string>(m_keys.begin(), m_keys.end()).size(), m_keys.size());
        QVERIFY(m_keys[0].starts_with("m:") && m_keys[1].starts_with("u:"));
    }

    /// Ketama moves about what the new member takes over; modulo nearly everything.
    void whatMoves_data()
    {
        QTest::addColumn<int>("hashing");
        QTest::addColumn<bool>("adds");
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("most");
        QTest::newRow("ketama, one joins three: about a quarter") << int(Hashing::Ketama) << true << 0.18 << 0.32;
        QTest::newRow("ketama, one of three leaves: about a third") << int(Hashing::Ketama) << false << 0.25 << 0.42;
        QTest::newRow("modulo, one joins three: about three quarters") << int(Hashing::Modulo) << true << 0.70 << 0.80;
        QTest::newRow("modulo, one of three leaves: about two thirds") << int(Hashing::Modulo) << false << 0.60 << 0.90;
    }
    void whatMoves()
    {
        QFETCH(int, hashing);
        QFETCH(bool, adds);
        QFETCH(double, least);
        QFETCH(double, most);
        const auto added = adds ? std::optional(memcached::Member{"d", {"10.0.0.4", 11211}}) : std::nullopt;
        const auto moves = cacheflow::movesIf(m_members, Hashing(hashing), m_keys, added, adds ? "" : "b");
        QVERIFY(moves);
        QVERIFY2(moves->share() > least && moves->share() < most, qPrintable(QString::number(moves->share())));
        QCOMPARE(moves->before.size(), std::size_t(3));
        QCOMPARE(moves->after.size(), std::size_t(adds ? 4 : 2));
        std::size_t sum = 0;
        for (const auto &[member, count] : moves->after)
            sum += count;
        QCOMPARE(sum, m_keys.size());
    }

    void whatCannotBeIsRefused()
    {
        QCOMPARE(cacheflow::movesIf(m_members, Hashing::Ketama, m_keys, {}, "nobody").error().code, ErrorCode::NotFound);
        QCOMPARE(cacheflow::movesIf(m_members, Hashing::Ketama, m_keys, m_members[0], "").error().code, ErrorCode::BadInput);
        QCOMPARE(cacheflow::movesIf({m_members[0]}, Hashing::Ketama, m_keys, {}, "a").error().code, ErrorCode::BadInput);
    }
};

QTEST_GUILESS_MAIN(TestPoolPlacing)
#include "test_pool_placing.moc"
