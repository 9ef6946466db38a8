// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/LeaseDatagram.h"

#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using cacheflow::LeaseCounts;

class TestLeaseDatagram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsSaidIsWhatIsCounted()
    {
        LeaseCounts counts;
        std::uint64_t next = 1;
        for (const auto &counter : cacheflow::leaseCounters())
            counts.*counter.member = next++;
        for (auto &bucket : counts.waits)
            bucket = 1'000'000'000 - next++;
        std::map<std::string, LeaseCounts> pools{{"cache.us-east", {}}};
        for (const std::string &datagram : cacheflow::leaseDatagrams("cache.us-east", counts)) {
            QVERIFY(datagram.size() <= 1200);
            QCOMPARE(cacheflow::addLeaseDatagram(datagram, pools), std::size_t(0));
        }
        QCOMPARE(pools.at("cache.us-east"), counts);
    }

    void linesOfAnyClient_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<quint64>("granted");
        QTest::addColumn<quint64>("fiveMs");
        QTest::addColumn<quint64>("unread");
        QTest::newRow("a counter") << QByteArray("shardlens.lease.p.granted:3|c") << quint64(3) << quint64(0) << quint64(0);
        QTest::newRow("a sampled counter is scaled up")
            << QByteArray("shardlens.lease.p.granted:3|c|@0.1") << quint64(30) << quint64(0) << quint64(0);
        QTest::newRow("with tags") << QByteArray("shardlens.lease.p.granted:3|c|#a:b") << quint64(3) << quint64(0) << quint64(0);
        QTest::newRow("two lines") << QByteArray("shardlens.lease.p.granted:3|c\nshardlens.lease.p.granted:4|c\n") << quint64(7)
                                   << quint64(0) << quint64(0);
        QTest::newRow("a wait as a timing") << QByteArray("shardlens.lease.p.wait:4.2|ms") << quint64(0) << quint64(1) << quint64(0);
        QTest::newRow("a sampled timing") << QByteArray("shardlens.lease.p.wait:4|ms|@0.5") << quint64(0) << quint64(2) << quint64(0);
        QTest::newRow("somebody else's counter is passed over") << QByteArray("web.requests:1|c") << quint64(0) << quint64(0) << quint64(0);
        QTest::newRow("an undeclared pool") << QByteArray("shardlens.lease.q.granted:3|c") << quint64(0) << quint64(0) << quint64(1);
        QTest::newRow("an unknown counter") << QByteArray("shardlens.lease.p.stolen:3|c") << quint64(0) << quint64(0) << quint64(1);
        QTest::newRow("a negative count") << QByteArray("shardlens.lease.p.granted:-3|c") << quint64(0) << quint64(0) << quint64(1);
        QTest::newRow("no number") << QByteArray("shardlens.lease.p.granted:nan|c") << quint64(0) << quint64(0) << quint64(1);
        QTest::newRow("a rate of none") << QByteArray("shardlens.lease.p.granted:3|c|@0") << quint64(0) << quint64(0) << quint64(1);
        QTest::newRow("cut short") << QByteArray("shardlens.lease.p.granted:3") << quint64(0) << quint64(0) << quint64(1);
        QTest::newRow("no pool") << QByteArray("shardlens.lease.granted:3|c") << quint64(0) << quint64(0) << quint64(1);
    }
    void linesOfAnyClient()
    {
        QFETCH(QByteArray, line);
        std::map<std::string, LeaseCounts> pools{{"p", {}}};
        QTEST(quint64(cacheflow::addLeaseDatagram(line.toStdString(), pools)), "unread");
        QTEST(quint64(pools.at("p").granted), "granted");
        QTEST(quint64(pools.at("p").waits[1]), "fiveMs");
        QCOMPARE(pools.size(), std::size_t(1));
    }

    void waitsFallIntoTheirBuckets()
    {
        LeaseCounts counts;
        counts.noteWait(2ms);
        counts.noteWait(2001us);
        counts.noteWait(1s);
        counts.noteWait(1001ms);
        QCOMPARE(counts.waits, (std::array<std::uint64_t, 10>{1, 1, 0, 0, 0, 0, 0, 0, 1, 1}));
    }
};

QTEST_GUILESS_MAIN(TestLeaseDatagram)
#include "test_lease_datagram.moc"
