// SPDX-License-Identifier: GPL-3.0-or-later
// Members that lost their data: what others hold is kept, and they are made anew from whoever is the primary now.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Process.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"

#include <QTest>

#include <unistd.h>

using namespace shardlens::localfleet;
namespace base = shardlens::base;
using namespace std::chrono_literals;

#define VERIFY_DONE(expression)                                                                                                            \
    do {                                                                                                                                   \
        const auto outcome_ = (expression);                                                                                                \
        QVERIFY2(outcome_.has_value(), outcome_ ? "" : outcome_.error().message.c_str());                                                  \
    } while (false)

class TestLiveLocalfleetData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void data_that_only_a_standby_holds_are_kept();
    void lost_first_primary_is_made_anew_from_the_primary_of_today();

private:
    [[nodiscard]] std::string sql(const char *server, const std::string &text);
    [[nodiscard]] bool streams(const char *cluster);
    [[nodiscard]] const Instance &server(const char *id) const { return *m_ground->server(id); }

    std::optional<Home> m_home;
    std::optional<Ground> m_ground;
};

void TestLiveLocalfleetData::initTestCase()
{
    m_home = *Home::at("/tmp/shardlens-data-" + std::to_string(::getpid()));
    VERIFY_DONE(Owner::become(m_home->root()));
    Shape shape;
    shape.regions = {"us-east", "us-west"};
    shape.usersClusters = shape.mediaClusters = 1;
    shape.latencyMs = 2;
    Progress silent;
    auto ground = up(*m_home, &shape, silent);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    m_ground = *ground;
}

void TestLiveLocalfleetData::cleanupTestCase()
{
    Progress silent;
    if (m_home)
        (void)down(*m_home, true, silent);
}

std::string TestLiveLocalfleetData::sql(const char *id, const std::string &text)
{
    const auto answer = postgres::query(*m_ground, server(id), m_ground->database(server(id)), text, 5s);
    return answer ? *answer : "error: " + answer.error().message;
}

bool TestLiveLocalfleetData::streams(const char *cluster)
{
    const auto primary = postgres::primaryOf(*m_ground, cluster);
    return primary && postgres::streamingFrom(*m_ground, *primary).value_or(0) == 1;
}

void TestLiveLocalfleetData::data_that_only_a_standby_holds_are_kept()
{
    QCOMPARE(sql("u1-us-east", "CREATE TABLE kept AS SELECT 8 AS n; SELECT n FROM kept"), std::string("8"));
    QTRY_COMPARE(sql("u1-us-west", "SELECT n FROM kept"), std::string("8"));
    for (const char *member : {"u1-us-east", "u1-us-west"})
        VERIFY_DONE(servers::stop(*m_ground, server(member), 5s));
    std::filesystem::remove_all(m_home->data("u1-us-east"));
    Progress silent;
    const auto refused = up(*m_home, nullptr, silent);
    QVERIFY(!refused);
    const std::string said = refused.error().message;
    QCOMPARE(refused.error().code, base::ErrorCode::Unavailable);
    QVERIFY2(said.find("u1 has no primary: the data of u1-us-east are gone, and only standbys hold some: u1-us-west up to 0/") == 0, said.c_str());
    QCOMPARE(sql("u1-us-west", "SELECT n FROM kept"), std::string("8"));
    // What it says to do is done as it is said.
    const std::size_t from = said.find("psql ");
    const std::size_t to = said.find("'", said.find("'", from) + 1) + 1;
    QVERIFY2(from != std::string::npos && to > from, said.c_str());
    VERIFY_DONE(runOrFail({{"/bin/sh", "-c", said.substr(from, to - from)}, {}, {}, -1}, 20s));
    const auto again = up(*m_home, nullptr, silent);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QCOMPARE(postgres::primaryOf(*m_ground, "u1")->id, std::string("u1-us-west"));
    QVERIFY(streams("u1"));
    QTRY_COMPARE(sql("u1-us-east", "SELECT n FROM kept"), std::string("8"));
}

void TestLiveLocalfleetData::lost_first_primary_is_made_anew_from_the_primary_of_today()
{
    QCOMPARE(postgres::primaryOf(*m_ground, "u1")->id, std::string("u1-us-west"));
    QCOMPARE(sql("u1-us-west", "CREATE TABLE since AS SELECT 9 AS n; SELECT n FROM since"), std::string("9"));
    std::filesystem::remove_all(m_home->data("u1-us-east")); // while it runs: it goes on, on files that are gone
    QVERIFY(servers::process(*m_ground, "u1-us-east"));
    Progress silent;
    const auto again = up(*m_home, nullptr, silent);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QCOMPARE(sql("u1-us-west", "SELECT n FROM since"), std::string("9"));
    QVERIFY(streams("u1"));
    QCOMPARE(sql("u1-us-east", "SELECT pg_is_in_recovery()"), std::string("t"));
    QTRY_COMPARE(sql("u1-us-east", "SELECT n FROM since"), std::string("9"));
}

QTEST_GUILESS_MAIN(TestLiveLocalfleetData)
#include "test_live_localfleet_data.moc"
