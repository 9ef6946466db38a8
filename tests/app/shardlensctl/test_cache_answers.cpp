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
    leases.herds.note(1);
    leases.herds.note(17);
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
        QCOMPARE(lines[0]["herds"].toObject()["herd_le_20"].toInt(), 1);
        QCOMPARE(lines[1]["pool"].toString(), "cache-west");
        QVERIFY(lines[1]["unknown"].toString().contains("connection refused"));
        QCOMPARE(answer.exit, Exit::Problem);
    }

    void whatIsNotKnownIsNoZero()
    {
        const Answer answer = ctl::leasesOf(m_fleet, oneAnswers(), m_text);
        QVERIFY2(answer.out.find("up to 20") != std::string::npos, answer.out.c_str());
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

    void staleItemsAreToldWithTheirSample()
    {
        auto well = wellAnswer();
        well.staleness.emplace();
        well.staleness->compared = 600;
        well.staleness->stale = 3;
        well.staleness->oldest = 12s;
        well.staleness->age = 7s;
        auto answers = oneAnswers(well);
        answers.erase(m_west);
        fleet::Fleet fleet = m_fleet;
        fleet.regions.pop_back();
        Answer answer = ctl::invalidationOf(fleet, answers, m_text);
        QVERIFY2(QString::fromStdString(answer.out).contains(QStringLiteral("east: of 600 cached items compared in the last 10 min 3 are older than their row (0.5 %), the oldest 12 s.")), answer.out.c_str());
        QCOMPARE(answer.exit, Exit::Problem);
        const auto last = objects(ctl::invalidationOf(fleet, answers, m_json)).last();
        QCOMPARE(last["compared"].toInt(), 600);
        QCOMPARE(last["oldest_ms"].toInt(), 12000);
        well.staleness->orphans = 2;
        answers = oneAnswers(well);
        answers.erase(m_west);
        answer = ctl::invalidationOf(fleet, answers, m_text);
        QVERIFY2(answer.out.find(", 2 of them without a row.") != std::string::npos, answer.out.c_str());
        well.staleness->orphans = 0;
        well.staleness->stale = 0;
        well.staleness->oldest.reset();
        answers = oneAnswers(well);
        answers.erase(m_west);
        answer = ctl::invalidationOf(fleet, answers, m_text);
        QVERIFY2(answer.out.find("none is older than their row.") != std::string::npos, answer.out.c_str());
        QCOMPARE(answer.exit, Exit::Well);
        well.staleness->compared = 0;
        well.staleness->error = "permission denied for table users";
        answers = oneAnswers(well);
        answer = ctl::invalidationOf(fleet, answers, m_text);
        QVERIFY2(answer.out.find("no cached item could be compared with its row (permission denied for table users).") != std::string::npos, answer.out.c_str());
    }

    void eachPoolOfARegionIsToldWithItsOwnSample()
    {
        auto told = wellAnswer();
        told.staleness.emplace();
        told.staleness->compared = 600;
        told.staleness->stale = 3;
        auto &users = told.poolStaleness[base::PoolName("cache-users")];
        users.compared = 200;
        users.stale = 3;
        ctl::Options text = m_text;
        const QString one = QString::fromStdString(ctl::invalidationOf(m_fleet, oneAnswers(told), text).out);
        QVERIFY2(!one.contains(QStringLiteral("cache-users: of")), qPrintable(one)); // its figures are the region's
        int sampled = 0; // whoever sums the lines counts nothing twice
        for (const QJsonObject &line : objects(ctl::invalidationOf(m_fleet, oneAnswers(told), m_json)))
            sampled += line.contains("compared") ? line["compared"].toInt() : 0;
        QCOMPARE(sampled, 600);
        told.poolStaleness[base::PoolName("cache-media")].compared = 400;
        const QString both = QString::fromStdString(ctl::invalidationOf(m_fleet, oneAnswers(told), text).out);
        QVERIFY2(both.contains(QStringLiteral("east: of 600 cached items compared in the last 10 min 3 are older than their row (0.5 %)")), qPrintable(both));
        QVERIFY2(both.contains(QStringLiteral("  cache-users: of 200 cached items compared in the last 10 min 3 are older than their row (1.5 %)")), qPrintable(both));
        QVERIFY2(both.contains(QStringLiteral("  cache-media: of 400 cached items compared in the last 10 min none is older than their row")), qPrintable(both));
        QStringList pools;
        for (const QJsonObject &line : objects(ctl::invalidationOf(m_fleet, oneAnswers(told), m_json))) {
            if (line.contains("compared"))
                pools << QStringLiteral("%1 %2 %3").arg(line["region"].toString(), line["pool"].toString(QStringLiteral("all"))).arg(line["compared"].toInt());
        }
        QCOMPARE(pools, (QStringList{"east all 600", "east cache-media 400", "east cache-users 200"}));
    }

    void aWarmingIsPlannedAndTold()
    {
        cacheflow::WarmPlan plan{base::PoolName("cache-east"), base::PoolName("cache-west"), std::vector<std::string>(1200, "u:1"), 5000, 40, 60, 3700, {}, 3 << 20};
        ctl::Options options = m_text;
        options.perSecond = 100;
        auto several = plan;
        several.further.push_back({base::PoolName("sessions-east"), base::PoolName("sessions-west"), 700});
        const std::string both = ctl::warmPlanOf(several, options).out;
        QVERIFY2(both.starts_with("Fill 1,200 keys of cache-west, sessions-west from cache-east, sessions-east, "), both.c_str());
        Answer answer = ctl::warmPlanOf(plan, options);
        QVERIFY2(answer.out.starts_with("Fill 1,200 keys of cache-west from cache-east, 3.00 MiB, the last read first: about 12 s at 100 /s.\n"), answer.out.c_str());
        QVERIFY2(answer.out.find("Of 5,000 keys there: 3,700 are in cache-west already, 40 were never read, of 60 no row is known.") != std::string::npos, answer.out.c_str());
        QCOMPARE(answer.exit, Exit::Well);
        plan.errors.push_back({base::ErrorCode::Refused, "connection refused", {}, "c-east", base::Effect::None});
        options.json = true;
        answer = ctl::warmPlanOf(plan, options);
        QCOMPARE(answer.exit, Exit::Problem);
        QCOMPARE(objects(answer).first()["keys"].toInt(), 1200);
        QCOMPARE(objects(answer).first()["bytes"].toInt(), 3 << 20);
        QCOMPARE(objects(answer).first()["expected_s"].toDouble(), 12.0);
        cacheflow::Warmed done;
        done.tried = 1200;
        done.filled = 1190;
        done.differs = 6;
        done.lost = 4;
        answer = ctl::warmedOf(plan, done, m_text);
        QCOMPARE(QString::fromStdString(answer.out), QStringLiteral("cache-west: 1,190 of 1,200 filled, 6 not of their row's version there, 4 deleted meanwhile.\n"));
        QCOMPARE(answer.exit, Exit::Well);
        done.isCancelled = true;
        QCOMPARE(ctl::warmedOf(plan, done, options).exit, Exit::Incomplete);
        QCOMPARE(objects(ctl::warmedOf(plan, done, options)).first()["filled"].toInt(), 1190);
        done.filled = 0;
        done.failed = 1200;
        QCOMPARE(ctl::warmedOf(plan, done, options).exit, Exit::Failed);
    }

    void whoMayNotLookSeesNoValue()
    {
        using inspect::lookup::Recording;
        cacheflow::ItemLook look;
        look.lease = cacheflow::ItemLook::Lease::ValueUnknown;
        look.value = R"({"id":"42","name":"ann.lee"})";
        const std::vector<cacheflow::PlacedLook> looks{{{m_east, base::PoolName("cache-east"), base::ServerId("c-east")}, look}};
        const std::string recorded = ctl::whyMasked(Recording{Recording::State::Recorded, 4112, {}});
        QCOMPARE(recorded, std::string());
        Answer answer = ctl::inspectedOf(m_fleet, "u:42", looks, recorded, m_text);
        QVERIFY2(answer.out.find("ann.lee") != std::string::npos, answer.out.c_str());
        QCOMPARE(answer.exit, Exit::Well);
        QVERIFY(objects(ctl::inspectedOf(m_fleet, "u:42", looks, recorded, m_json)).first()["masked"].isNull());
        const base::Error silent{base::ErrorCode::TimedOut, "no answer within 1 s", {}, "directory-us-east", base::Effect::None};
        const std::string roles = ctl::whyMasked(base::fail(base::ErrorCode::NoRights, "the role of looker is observer"));
        const std::string unrecorded = ctl::whyMasked(Recording{Recording::State::Failed, 0, silent});
        QVERIFY2(roles.find("support, on-call and ops") != std::string::npos, roles.c_str());
        QVERIFY2(unrecorded.find("could not be recorded: no answer within 1 s") != std::string::npos, unrecorded.c_str());
        for (const std::string &why : {roles, unrecorded}) {
            answer = ctl::inspectedOf(m_fleet, "u:42", looks, why, m_text);
            QVERIFY2(answer.out.find("ann.lee") == std::string::npos && answer.out.find("masked: " + why) != std::string::npos, answer.out.c_str());
            QCOMPARE(answer.exit, Exit::Problem);
            const auto line = objects(ctl::inspectedOf(m_fleet, "u:42", looks, why, m_json)).first();
            QVERIFY(line["value"].isNull());
            QCOMPARE(line["masked"].toString().toStdString(), why);
        }
    }

    void aDeletionIsPlannedWithItsReads()
    {
        const cacheflow::KeyPlace east{m_east, base::PoolName("cache-east"), base::ServerId("c-east")};
        const cacheflow::KeyPlace west{m_west, base::PoolName("cache-west"), base::ServerId("c-west")};
        const cacheflow::DeletePlan plan{"u:42", {east, west}};
        cacheflow::ItemLook there;
        there.lease = cacheflow::ItemLook::Lease::ValueUnknown;
        auto well = wellAnswer();
        well.leases[base::PoolName("cache-east")].perSecond["hits"] = 9;
        // East says its leases; west's invalidator does not answer.
        Answer answer = ctl::deletePlanOf(plan, {{east, there}, {west, there}}, oneAnswers(well), m_text);
        QVERIFY2(answer.out.find("\n  west  cache-west  c-west\nAt least 2 extra reads of the databases.") != std::string::npos, answer.out.c_str());
        const auto line = objects(ctl::deletePlanOf(plan, {{east, there}, {west, there}}, oneAnswers(well), m_json)).first();
        QCOMPARE(line["extra_reads"].toInt(), 2);
        QVERIFY(line["extra_reads_is_least"].toBool());
        answer = ctl::deletePlanOf({"u:42", {east}}, {{east, there}}, oneAnswers(well), m_text);
        QVERIFY2(answer.out.find("About 1 extra read of the databases.") != std::string::npos, answer.out.c_str());
        answer = ctl::deletePlanOf({"u:42", {east}}, {{east, cacheflow::ItemLook()}}, oneAnswers(well), m_text);
        QVERIFY2(answer.out.find("no extra read is expected") != std::string::npos, answer.out.c_str());
        const std::string record = cacheflow::deletedRecord("u:42", {{east, true}, {west, base::fail(base::ErrorCode::TimedOut, "no answer within 1 s")}});
        QCOMPARE(QByteArray::fromStdString(record),
                 QByteArray(R"({"key":"u:42","members":[{"region":"east","member":"c-east","became":"deleted","error":null},)"
                            R"({"region":"west","member":"c-west","became":"not_deleted","error":"no answer within 1 s"}]})"));
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
