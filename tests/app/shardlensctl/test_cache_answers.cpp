// SPDX-License-Identifier: GPL-3.0-or-later
// What `cache leases` and `cache invalidation` say.
#include "app/shardlensctl/CacheCommands.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using ctl::Answer;
using ctl::Exit;

namespace {

fleet::Fleet twoRegions()
{
    fleet::Fleet fleet;
    for (const char *region : {"east", "west"}) {
        fleet.regions.push_back({base::RegionName(region)});
        fleet.pools.push_back({base::PoolName(std::string("cache-") + region),
                               base::RegionName(region),
                               {base::ServerId(std::string("c-") + region)},
                               fleet::Hashing::Ketama});
        fleet.invalidators.push_back({base::RegionName(region), {}, {}});
    }
    return fleet;
}

clients::InvalidatorAnswer wellAnswer()
{
    clients::InvalidatorAnswer answer;
    answer.region = base::RegionName("east");
    answer.isReady = true;
    auto &u1 = answer.clusters[base::ClusterName("u1")];
    u1.state = "following";
    u1.via = "router";
    u1.rows = 1234;
    u1.lagMedian = 31ms;
    u1.lagP99 = 44ms;
    answer.members[base::ServerId("c-east")].state = "here";
    auto &leases = answer.leases[base::PoolName("cache-east")];
    leases.counts.hits = 90;
    leases.counts.granted = 10;
    leases.counts.filled = 9;
    leases.counts.lost = 1;
    leases.counts.waited = 7;
    leases.counts.gaveUp = 2;
    leases.heardAge = 800ms;
    return answer;
}

QList<QJsonObject> objects(const Answer &answer)
{
    QList<QJsonObject> all;
    for (const QByteArray &line : QByteArray::fromStdString(answer.out).trimmed().split('\n'))
        all.push_back(QJsonDocument::fromJson(line).object());
    return all;
}

} // namespace

class TestCacheAnswers : public QObject
{
    Q_OBJECT

    fleet::Fleet m_fleet = twoRegions();
    ctl::Options m_json;
    ctl::Options m_text;
    const base::RegionName m_east{"east"};
    const base::RegionName m_west{"west"};

    ctl::InvalidatorAnswers oneAnswers(clients::InvalidatorAnswer answer = wellAnswer())
    {
        ctl::InvalidatorAnswers answers;
        answers.emplace(m_east, std::move(answer));
        answers.emplace(m_west, base::fail(base::ErrorCode::Refused, "connection refused"));
        return answers;
    }

private Q_SLOTS:
    void initTestCase() { m_json.json = true; }

    void leasesAreToldAPoolALine()
    {
        const Answer answer = ctl::leasesOf(m_fleet, oneAnswers(), m_json);
        const auto lines = objects(answer);
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines[0]["pool"].toString(), "cache-east");
        QCOMPARE(lines[0]["granted"].toInt(), 10);
        QCOMPARE(lines[0]["database_reads"].toInt(), 12);
        QCOMPARE(lines[0]["reads_saved"].toInt(), 5);
        QCOMPARE(lines[0]["heard_ms_ago"].toInt(), 800);
        QCOMPARE(lines[1]["pool"].toString(), "cache-west");
        QVERIFY(lines[1]["unknown"].toString().contains("connection refused"));
        QCOMPARE(answer.exit, Exit::Problem);
    }

    void whatIsNotKnownIsNoZero()
    {
        const Answer answer = ctl::leasesOf(m_fleet, oneAnswers(), m_text);
        QVERIFY2(answer.out.find("cache-west: unknown: its invalidator: connection refused") != std::string::npos, answer.out.c_str());
    }

    void whoIsWellIsWell()
    {
        auto answers = oneAnswers();
        answers.erase(m_west);
        fleet::Fleet fleet = m_fleet;
        fleet.regions.pop_back();
        fleet.pools.pop_back();
        QCOMPARE(ctl::leasesOf(fleet, answers, m_text).exit, Exit::Well);
        const Answer answer = ctl::invalidationOf(fleet, answers, m_text);
        QCOMPARE(answer.exit, Exit::Well);
        QVERIFY2(answer.out.find("1,234") != std::string::npos, answer.out.c_str());
        QVERIFY2(answer.out.find("31 ms") != std::string::npos, answer.out.c_str());
    }

    void troublesAreProblems_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("an outbox that cannot be read") << 0 << QByteArray("failing: no route");
        QTest::newRow("rows pruned before they were delivered") << 1 << QByteArray("the region is flushed");
        QTest::newRow("a member that is away") << 2 << QByteArray("not trusted until what it is owed is delivered");
        QTest::newRow("a member that is owed too much") << 3 << QByteArray("flushed on its return");
    }
    void troublesAreProblems()
    {
        QFETCH(int, which);
        QFETCH(QByteArray, said);
        auto told = wellAnswer();
        auto &u1 = told.clusters[base::ClusterName("u1")];
        auto &member = told.members[base::ServerId("c-east")];
        if (which == 0)
            u1.state = "failing", u1.error = "no route";
        else if (which == 1)
            u1.missedSince = "2026-11-28";
        else
            member.state = which == 2 ? "away" : "must_flush";
        fleet::Fleet fleet = m_fleet;
        fleet.regions.pop_back();
        const Answer answer = ctl::invalidationOf(fleet, oneAnswers(told), m_text);
        QCOMPARE(answer.exit, Exit::Problem);
        QVERIFY2(answer.out.find(said.toStdString()) != std::string::npos, answer.out.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCacheAnswers)
#include "test_cache_answers.moc"
