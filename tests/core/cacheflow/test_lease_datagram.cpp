// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/LeaseDatagram.h"

#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using cacheflow::ClientCounts;
using cacheflow::LeaseCounts;

class TestLeaseDatagram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsSaidIsWhatIsCounted()
    {
        ClientCounts counts;
        std::uint64_t next = 1;
        for (const auto &counter : cacheflow::leaseCounters())
            counts.leases.*counter.member = next++;
        for (auto &bucket : counts.leases.waits)
            bucket = 1'000'000'000 - next++;
        for (auto &bucket : counts.herds.sizes)
            bucket = next++;
        std::map<std::string, ClientCounts> pools{{"cache.us-east", {}}};
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
        std::map<std::string, ClientCounts> pools{{"p", {}}};
        QTEST(quint64(cacheflow::addLeaseDatagram(line.toStdString(), pools)), "unread");
        QTEST(quint64(pools.at("p").leases.granted), "granted");
        QTEST(quint64(pools.at("p").leases.waits[1]), "fiveMs");
        QCOMPARE(pools.size(), std::size_t(1));
    }

    void herdsFallIntoTheirBuckets()
    {
        std::map<std::string, ClientCounts> pools{{"p", {}}};
        QCOMPARE(cacheflow::addLeaseDatagram("shardlens.lease.p.herd:1|h\nshardlens.lease.p.herd:2|h\nshardlens.lease.p.herd:21|h|@0.5\nshardlens.lease.p.herd:501|h", pools), std::size_t(0));
        const auto &herds = pools.at("p").herds;
        QCOMPARE(herds.sizes, (std::array<std::uint64_t, 10>{1, 1, 0, 0, 0, 2, 0, 0, 0, 1}));
        QCOMPARE(herds.herds(), std::uint64_t(5));
        QCOMPARE(cacheflow::addLeaseDatagram("shardlens.lease.p.herd:3|g", pools), std::size_t(1));
        QCOMPARE(facts::largestHerd([](std::string_view name) { return name == "herd_le_2" || name == "herd_le_50"; }), std::optional<std::size_t>(5));
        QVERIFY(!facts::largestHerd([](std::string_view) { return false; }));
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
