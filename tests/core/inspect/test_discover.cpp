// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/FleetFile.h"
#include "core/inspect/discover/Discovery.h"
#include "core/inspect/discover/Grouping.h"
#include "core/inspect/discover/SchemaPatterns.h"
#include "tests/fakes/FakePeers.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <map>

using namespace shardlens;
using namespace shardlens::inspect::discover;

namespace {

/// Answers lines as it was told; what it was not told of gets no answer.
class LineDialect final : public fakes::Dialect
{
public:
    explicit LineDialect(std::map<std::string, std::string> answers) : m_answers(std::move(answers)) {}
    std::vector<Reply> take(std::string_view bytes) override
    {
        std::vector<Reply> replies;
        m_unread.append(bytes);
        for (auto end = m_unread.find("\r\n"); end != std::string::npos; end = m_unread.find("\r\n")) {
            const auto found = m_answers.find(m_unread.substr(0, end));
            m_unread.erase(0, end + 2);
            if (found != m_answers.end())
                replies.push_back({found->second, true, false});
        }
        return replies;
    }

private:
    std::map<std::string, std::string> m_answers;
    std::string m_unread;
};

Finding at(const std::string &host, std::uint16_t port, const std::string &region = {})
{
    Finding finding;
    finding.address = {{host, port}, region, "named", false, false};
    finding.numericHost = host;
    finding.roundTrip = base::microseconds(1500);
    return finding;
}

Finding postgres(const std::string &host, const std::string &identifier, bool inRecovery, const std::string &region = {})
{
    Finding finding = at(host, 5432, region);
    finding.kind = Kind::Postgres;
    PostgresTold told;
    told.systemIdentifier = identifier;
    told.versionNumber = 150005;
    told.inRecovery = inRecovery;
    told.startedAt = std::int64_t(std::hash<std::string>()(host) % 1000000);
    finding.told = told;
    return finding;
}

Database tenants(const std::string &name, std::uint32_t count)
{
    Database database;
    database.name = name;
    database.schemas.push_back({"tenant_{shard:4}", count, 0, count - 1, "tenant_0000", "tenant_0019", {"orders", "invoices"}});
    return database;
}

Finding router(const std::string &host, std::vector<RouterTarget> targets)
{
    Finding finding = at(host, 6432);
    finding.kind = Kind::Pgbouncer;
    finding.told = RouterTold{"1.18.0", "transaction", std::move(targets)};
    return finding;
}

Finding redis(const std::string &host, bool isPrimary, const std::string &primaryHost = {})
{
    Finding finding = at(host, 6379);
    finding.kind = Kind::Redis;
    RedisTold told;
    told.version = "7.0.15";
    told.runId = host;
    told.isPrimary = isPrimary;
    told.primaryHost = primaryHost;
    told.primaryPort = 6379;
    told.replicationId = "id-of-" + (isPrimary ? host : primaryHost);
    if (isPrimary) {
        told.prefixes = {{"feed", 180}, {"activity", 20}};
        told.keysLookedAt = 200;
    }
    finding.told = told;
    return finding;
}

Login observer()
{
    Login login;
    login.user = "looker";
    login.userFrom = "--user";
    login.secret = {fleet::SecretSource::Kind::Environment, "PGPASSWORD"};
    login.secretFrom = "PGPASSWORD is set";
    login.tlsFrom = "--tls";
    return login;
}

/// A primary and a standby of one cluster with a router before them, a redis pair, and what answered nothing.
std::vector<Finding> smallFleet()
{
    std::vector<Finding> findings;
    Finding primary = postgres("db1", "7301", false, "east");
    Finding standby = postgres("db2", "7301", true, "west");
    auto &first = std::get<PostgresTold>(primary.told);
    first.databases = {tenants("shop", 20)};
    first.senders = {{"db2", 0, "node2", "streaming"}};
    first.observed.worstLag = base::milliseconds(140);
    auto &second = std::get<PostgresTold>(standby.told);
    second.receiver = Peer{"db1", 5432, "node2", "streaming"};
    findings.push_back(std::move(primary));
    findings.push_back(std::move(standby));
    findings.push_back(
        router("lb1", {{"shop_rw", "db1", 5432, "shop"}, {"shop_ro", "db2", 5432, "shop"}, {"other", "db9", 5432, "other"}}));
    findings.push_back(redis("r2", false, "r1"));
    findings.push_back(redis("r1", true));
    Finding silent = at("db7", 5432);
    silent.trouble = base::Error{base::ErrorCode::Refused, "connection refused", {}, {}, base::Effect::None};
    findings.push_back(silent);
    return findings;
}

fleet::Fleet loaded(const Draft &draft)
{
    const auto reading = fleet::readFleetText(draft.toml(), "/x/fleet.toml");
    return reading ? *reading : fleet::Fleet{};
}

bool holds(const Draft &draft, const std::string &text)
{
    return draft.toml().find(text) != std::string::npos;
}

} // namespace

class TestDiscover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void schemasAreGroupedByTheirNumber_data();
    void schemasAreGroupedByTheirNumber();
    void tablesAreThoseThatMostSchemasHave();
    void addressesAreRead_data();
    void addressesAreRead();
    void aDraftLoadsAndHangsTogether();
    void everyValueCarriesItsEvidence();
    void thresholdsAreProposedAndNotSet();
    void whatDidNotAnswerIsNamedWithWhy();
    void oneServerUnderTwoAddressesIsOneServer();
    void standbysJoinTheirPrimaryWithoutAnIdentifier();
    void aSecondRouterOfARegionIsLeftOut();
    void partitionsOfOnePatternAreNamedForTheirTables();
    void addressesOnTheTellersOwnMachineAreItsHost();
    void whatSpeaksIsFoundByAsking();
    void aCancelledDiscoveryStillTellsWhatItKnows();
};

void TestDiscover::schemasAreGroupedByTheirNumber_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("groups"); ///< "pattern count lowest-highest; …"
    QTest::newRow("numbers as they are") << QStringList{"insta0", "insta7", "insta1341", "public"} << "insta{shard} 3 0-1341";
    QTest::newRow("zeros in front") << QStringList{"tenant_0042", "tenant_0007"} << "tenant_{shard:4} 2 7-42";
    QTest::newRow("zeros in front, and one that has grown longer") << QStringList{"t_0042", "t_12345"} << "t_{shard:4} 2 42-12345";
    QTest::newRow("a number in the middle") << QStringList{"eu_1_data", "eu_2_data"} << "eu_{shard}_data 2 1-2";
    QTest::newRow("the last number counts") << QStringList{"v2_shard3", "v2_shard4"} << "v2_shard{shard} 2 3-4";
    QTest::newRow("two groups, the larger first") << QStringList{"a1", "a2", "b1", "b2", "b3"} << "b{shard} 3 1-3; a{shard} 2 1-2";
    QTest::newRow("one alone is no group") << QStringList{"insta1", "public"} << "";
    QTest::newRow("a number too long is none") << QStringList{"x1234567890", "x1234567891"} << "";
}

void TestDiscover::schemasAreGroupedByTheirNumber()
{
    QFETCH(QStringList, names);
    QFETCH(QString, groups);
    std::vector<Schema> schemas;
    for (const QString &name : names)
        schemas.push_back({name.toStdString(), {}});
    QStringList told;
    for (const SchemaGroup &group : schemaGroups(schemas)) {
        told << QStringLiteral("%1 %2 %3-%4")
                    .arg(QString::fromStdString(group.pattern))
                    .arg(group.count)
                    .arg(group.lowest)
                    .arg(group.highest);
        // What was grouped is found again by the pattern.
        QVERIFY(names.contains(QString::fromStdString(fleet::expand(group.pattern, "shard", std::to_string(group.lowest)))));
    }
    QCOMPARE(told.join(QStringLiteral("; ")), groups);
}

void TestDiscover::tablesAreThoseThatMostSchemasHave()
{
    const auto groups = schemaGroups(
        {{"s1", {"users", "follows"}}, {"s2", {"users", "follows", "scratch"}}, {"s3", {"users"}}, {"s4", {"users", "follows"}}});
    QCOMPARE(groups.size(), size_t(1));
    QVERIFY((groups[0].tables == std::vector<std::string>{"users", "follows"}));
}

void TestDiscover::addressesAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("read"); ///< "region host:port…", or "no"
    QTest::newRow("host and port") << "db1:5432"
                                   << " db1:5432";
    QTest::newRow("with a region") << "us-east=db1:5432"
                                   << "us-east db1:5432";
    QTest::newRow("IPv6") << "[2001:db8::1]:6379"
                          << " [2001:db8::1]:6379";
    QTest::newRow("a host alone stands for the usual ports") << "db1"
                                                             << " db1:5432 db1:6432 db1:6379 db1:11211";
    QTest::newRow("port 0") << "db1:0"
                            << "no";
    QTest::newRow("a port that is no number") << "db1:pg"
                                              << "no";
    QTest::newRow("a link") << "postgres://db1:5432"
                            << "no";
    QTest::newRow("no host") << ":5432"
                             << "no";
    QTest::newRow("an empty region") << "=db1:5432"
                                     << "no";
}

void TestDiscover::addressesAreRead()
{
    QFETCH(QString, text);
    QFETCH(QString, read);
    const auto addresses = readAddresses({text.toStdString()});
    if (read == QLatin1String("no")) {
        QVERIFY(!addresses);
        QVERIFY(addresses.error().message.find("expected") != std::string::npos);
        return;
    }
    QVERIFY(addresses);
    QString told = QString::fromStdString(addresses->front().region);
    for (const Address &address : *addresses)
        told += QLatin1Char(' ') + QString::fromStdString(inspect::discover::text(address.endpoint));
    QCOMPARE(told, read);
}

void TestDiscover::aDraftLoadsAndHangsTogether()
{
    const Draft draft = draftFleet(smallFleet(), observer(), {"shop", "staging", {}, false});
    QVERIFY2(draft.complaints.empty(), draft.complaints.empty() ? "" : draft.complaints.front().c_str());
    const fleet::Fleet fleet = loaded(draft);
    QCOMPARE(fleet.name, std::string("shop"));
    QVERIFY(!fleet.acting);
    QCOMPARE(fleet.regions.size(), size_t(2));
    QCOMPARE(fleet.servers.size(), size_t(5));
    QCOMPARE(fleet.clusters.size(), size_t(1));
    // "shop_rw" and "shop_ro" are two ways to one cluster "shop".
    QCOMPARE(fleet.clusters[0].name.text(), std::string("shop"));
    QCOMPARE(fleet.clusters[0].servers.size(), size_t(2));
    QCOMPARE(fleet.clusters[0].home.text(), std::string("east"));
    QCOMPARE(fleet.clusters[0].database, std::string("shop"));
    QCOMPARE(fleet.partition(fleet.clusters[0].partition)->schemaPattern, std::string("tenant_{shard:4}"));
    QCOMPARE(fleet.partitions[0].shardCount, 20U);
    QCOMPARE(fleet.routers[0].primaryDatabase, std::string("{cluster}_rw"));
    QCOMPARE(fleet.routers[0].readDatabase, std::string("{cluster}_ro"));
    QCOMPARE(fleet.redisGroups[0].servers.size(), size_t(2));
    QCOMPARE(fleet.redisGroups[0].role, fleet::RedisRole::Feeds);
    QCOMPARE(fleet.access.observer, std::string("looker"));
    QVERIFY((fleet.access.users[0].secret == fleet::SecretSource{fleet::SecretSource::Kind::Environment, "PGPASSWORD"}));
    // The standby is called as its primary knows it.
    QVERIFY(fleet.server(base::ServerId("node2")));
}

void TestDiscover::everyValueCarriesItsEvidence()
{
    const Draft draft = draftFleet(smallFleet(), observer(), {});
    for (const DraftLine &line : draft.lines) {
        if (line.sureness != DraftLine::Sureness::Structure)
            QVERIFY2(!line.evidence.empty(), line.text.c_str());
    }
    QVERIFY(draft.guesses > 0);
    QVERIFY(holds(draft, "environment = \"production\"                  # guess"));
    QVERIFY(holds(draft, "# system identifier 7301"));
}

void TestDiscover::thresholdsAreProposedAndNotSet()
{
    const Draft draft = draftFleet(smallFleet(), observer(), {});
    QVERIFY(loaded(draft).thresholds == fleet::Thresholds{});
    QVERIFY2(holds(draft, "# lag_time_ms = [500, 5000, 25000, 150000]"), draft.toml().c_str());
    QVERIFY(holds(draft, "the worst replay lag seen was 140 ms"));
}

void TestDiscover::whatDidNotAnswerIsNamedWithWhy()
{
    const Draft draft = draftFleet(smallFleet(), observer(), {});
    QCOMPARE(draft.unanswered.size(), size_t(1));
    QCOMPARE(draft.unanswered[0].what, std::string("db7:5432"));
    QCOMPARE(draft.unanswered[0].why, std::string("connection refused"));
    // A target that nobody named is not dialled, and said.
    QCOMPARE(draft.wouldDial.size(), size_t(1));
    QCOMPARE(inspect::discover::text(draft.wouldDial[0].endpoint), std::string("db9:5432"));
    QVERIFY(holds(draft, "# not asked: db9:5432 (target other of router lb1:6432)"));
}

void TestDiscover::oneServerUnderTwoAddressesIsOneServer()
{
    auto findings = smallFleet();
    Finding again = findings[0];
    again.address.endpoint.host = "db1-wan";
    findings.push_back(again);
    const Draft draft = draftFleet(findings, observer(), {});
    QCOMPARE(loaded(draft).clusters[0].servers.size(), size_t(2));
    QVERIFY(holds(draft, "also reached as db1-wan:5432"));
    // Where a router of another region leads to it by that address, it is what that region sees.
    Finding far = router("lb9", {{"shop_rw", "db1-wan", 5432, "shop"}});
    far.address.region = "south";
    findings.push_back(far);
    const fleet::Fleet fleet = loaded(draftFleet(findings, observer(), {}));
    const fleet::Server *primary = fleet.server(fleet.clusters[0].servers[0]);
    QCOMPARE(primary->address.from(base::RegionName("south")).host, std::string("db1-wan"));
    QCOMPARE(primary->address.from(base::RegionName("east")).host, std::string("db1"));
}

void TestDiscover::standbysJoinTheirPrimaryWithoutAnIdentifier()
{
    auto findings = smallFleet();
    for (Finding &finding : findings) {
        if (auto *told = std::get_if<PostgresTold>(&finding.told))
            told->systemIdentifier.clear();
    }
    const Draft draft = draftFleet(findings, observer(), {});
    QVERIFY(draft.complaints.empty());
    QCOMPARE(loaded(draft).clusters.size(), size_t(1));
    QCOMPARE(loaded(draft).clusters[0].servers.size(), size_t(2));
}

void TestDiscover::aSecondRouterOfARegionIsLeftOut()
{
    auto findings = smallFleet();
    findings.push_back(router("lb2", {{"shop_rw", "db1", 5432, "shop"}}));
    const Draft draft = draftFleet(findings, observer(), {});
    QVERIFY2(draft.complaints.empty(), draft.complaints.empty() ? "" : draft.complaints.front().c_str());
    QCOMPARE(loaded(draft).routers.size(), size_t(1));
    QVERIFY(holds(draft, "No [[router]] for"));
}

void TestDiscover::partitionsOfOnePatternAreNamedForTheirTables()
{
    auto findings = smallFleet();
    Finding other = postgres("db4", "7302", false, "east");
    Database bills = tenants("bills", 20);
    bills.schemas[0].tables = {"bills", "payments"};
    std::get<PostgresTold>(other.told).databases = {bills};
    findings.push_back(std::move(other));
    const fleet::Fleet fleet = loaded(draftFleet(findings, observer(), {}));
    QCOMPARE(fleet.partitions.size(), size_t(2));
    QCOMPARE(fleet.partitions[0].name.text(), std::string("orders"));
    QCOMPARE(fleet.partitions[1].name.text(), std::string("bills"));
    QCOMPARE(fleet.clusters.size(), size_t(2));
    QCOMPARE(fleet.clusters[1].partition.text(), std::string("bills"));
    // A directory's word counts more.
    Finding directory = postgres("db5", "7303", false, "east");
    Database map;
    map.name = "map";
    map.directorySchema = "where_is";
    map.declared = {{"shop", "sales"}, {"gone", "sales"}};
    std::get<PostgresTold>(directory.told).databases = {map};
    findings.push_back(std::move(directory));
    const Draft draft = draftFleet(findings, observer(), {});
    QVERIFY2(draft.complaints.empty(), draft.complaints.empty() ? "" : draft.complaints.front().c_str());
    QCOMPARE(loaded(draft).partitions[0].name.text(), std::string("sales"));
    QCOMPARE(loaded(draft).directory->schema, std::string("where_is"));
    QVERIFY(holds(draft, "declares shards on a cluster gone, which is not in this draft"));
}

void TestDiscover::addressesOnTheTellersOwnMachineAreItsHost()
{
    const Finding teller = router("lb1", {{"a", "127.0.0.1", 5432, "a"}, {"b", "", 5433, "b"}, {"c", "db3", 5432, "c"}});
    std::vector<std::string> told;
    for (const Address &address : mentionedBy(teller))
        told.push_back(inspect::discover::text(address.endpoint));
    QVERIFY((told == std::vector<std::string>{"lb1:5432", "lb1:5433", "db3:5432"}));
}

void TestDiscover::whatSpeaksIsFoundByAsking()
{
    fakes::FakePeers peers;
    const auto speaking = [&](std::map<std::string, std::string> answers) -> fakes::FakePeer & {
        return peers.add([answers] { return std::make_unique<LineDialect>(answers); });
    };
    const auto &cache = speaking({{"PING", "ERROR\r\n"},
                                  {"version", "VERSION 1.6.18\r\n"},
                                  {"stats", "STAT pid 7\r\nSTAT version 1.6.18\r\nSTAT curr_items 3\r\nEND\r\n"}});
    const auto &web = speaking({{"PING", "HTTP/1.1 400 Bad Request\r\n"}});
    const auto &locked = speaking({{"PING", "-NOAUTH Authentication required.\r\n"}});
    auto &hanging = speaking({});
    hanging.setMood(fakes::Mood::HangsAtConnect);
    auto &gone = speaking({});
    gone.setMood(fakes::Mood::Refuses);
    Question question;
    for (const auto *peer :
         {&cache, &web, &locked, static_cast<const fakes::FakePeer *>(&hanging), static_cast<const fakes::FakePeer *>(&gone)})
        question.addresses.push_back({{"127.0.0.1", peer->port()}, {}, "named", false, false});
    question.login = observer();
    question.patience = base::milliseconds(600);
    Discovery discovery(question);
    int steps = 0;
    connect(&discovery, &Discovery::progressed, this, [&](const Progress &) { ++steps; });
    bool isFinished = false;
    connect(&discovery, &Discovery::finished, this, [&](const Draft &) { isFinished = true; });
    discovery.start();
    QTRY_VERIFY_WITH_TIMEOUT(isFinished, 20000);
    QCOMPARE(steps, 5);
    const auto &findings = discovery.findings();
    QCOMPARE(findings[0].kind, Kind::Memcached);
    QVERIFY(findings[0].as<MemcachedTold>());
    QCOMPARE(findings[0].as<MemcachedTold>()->items, std::int64_t(3));
    QCOMPARE(findings[1].kind, Kind::Foreign);
    QVERIFY(findings[1].trouble->message.find("a web server") != std::string::npos);
    QCOMPARE(findings[2].kind, Kind::Redis);
    QVERIFY(findings[2].trouble);
    QCOMPARE(findings[3].kind, Kind::Silent);
    QCOMPARE(findings[3].trouble->code, base::ErrorCode::TimedOut);
    QCOMPARE(findings[4].trouble->code, base::ErrorCode::Refused);
}

void TestDiscover::aCancelledDiscoveryStillTellsWhatItKnows()
{
    fakes::FakePeers peers;
    auto &hanging = peers.add([] { return std::make_unique<LineDialect>(std::map<std::string, std::string>{}); });
    hanging.setMood(fakes::Mood::HangsAtConnect);
    Question question;
    question.addresses.push_back({{"127.0.0.1", hanging.port()}, {}, "named", false, false});
    question.login = observer();
    question.patience = base::seconds(60);
    Discovery discovery(question);
    Draft draft;
    int finished = 0;
    connect(&discovery, &Discovery::finished, this, [&](const Draft &made) {
        draft = made;
        ++finished;
    });
    discovery.start();
    QTRY_VERIFY(hanging.connectionsMade() > 0);
    discovery.cancel();
    QTRY_COMPARE(finished, 1);
    QCOMPARE(draft.unanswered.size(), size_t(1));
    QVERIFY(draft.unanswered[0].why.find("cancelled") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestDiscover)
#include "test_discover.moc"
