// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/traffic/Tally.h"
#include "app/localfleet/traffic/Traffic.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::traffic;
using base::ErrorCode;

class TestTraffic : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatWasDoneAndTellsTheCommonestFailure()
    {
        Tally tally;
        for (int i = 0; i < 6; ++i)
            tally.done(Deed::ReadFeed);
        tally.done(Deed::Post);
        tally.failed(Deed::Like, {ErrorCode::Refused, "Connection refused", {}, "u1-here", base::Effect::None});
        for (int i = 0; i < 2; ++i)
            tally.failed(Deed::Follow, {ErrorCode::TimedOut, "no answer within the deadline", {}, "m1-here", base::Effect::InDoubt});
        for (int i = 0; i < 4; ++i)
            tally.cache(i != 0);
        tally.fannedOut(12);
        Interval interval = tally.take();
        QCOMPARE(interval.doneInAll(), std::uint64_t(7));
        QCOMPARE(interval.failedInAll(), std::uint64_t(3));
        interval.length = 2;
        interval.since = base::seconds(14);
        QCOMPARE(QString::fromStdString(sentence(interval)),
                 QStringLiteral("   14 s     3.5/s  feed 3.0 like 0.0 comment 0.0 follow 0.0 post 0.5 login 0.0  cache 75 %  fan-out 6/s  3 failed "
                                "(2 x m1-here: no answer within the deadline)"));
        QCOMPARE(tally.take().doneInAll(), std::uint64_t(0));
    }

    void refusesWhatCannotRun_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<bool>("directory");
        QTest::addColumn<QString>("region");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("no rate") << 0.0 << true << "here" << ErrorCode::BadInput;
        QTest::newRow("a rate beyond all reason") << 1e9 << true << "here" << ErrorCode::BadInput;
        QTest::newRow("no directory") << 10.0 << false << "here" << ErrorCode::NotFound;
        QTest::newRow("a region without router") << 10.0 << true << "elsewhere" << ErrorCode::NotFound;
        QTest::newRow("a router that nobody listens at") << 10.0 << true << "here" << ErrorCode::Refused;
    }
    void refusesWhatCannotRun()
    {
        QFETCH(double, rate);
        QFETCH(bool, directory);
        QFETCH(QString, region);
        QFETCH(ErrorCode, code);
        fleet::Fleet fleet;
        const fleet::RegionName here("here");
        fleet.regions = {{here}};
        fleet.servers = {{fleet::ServerId("router"), fleet::ServerKind::Pgbouncer, fleet::HostName("box"), here, {{"127.0.0.1", 1}, {}}}};
        fleet.routers = {{fleet::ServerId("router"), here, "{cluster}", "{cluster}_read"}};
        fleet.access.users = {{"app", fleet::Role::Application, {}}};
        if (directory)
            fleet.directory = fleet::Directory{fleet::ClusterName("directory"), "directory", "directory"};
        Options options;
        options.rate = rate;
        options.regions = {fleet::RegionName(region.toStdString())};
        const auto refused = run(fleet, options, {}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, code);
    }
};

QTEST_GUILESS_MAIN(TestTraffic)
#include "test_traffic.moc"
