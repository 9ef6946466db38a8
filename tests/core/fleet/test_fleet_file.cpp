// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/FleetFile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens::fleet;
namespace base = shardlens::base;

namespace {

const QString sourceDir = QStringLiteral(SHARDLENS_SOURCE_DIR);

std::string examplePath()
{
    return (sourceDir + QStringLiteral("/resources/fleet/example.toml")).toStdString();
}

/// A small fleet without a mistake; `extra` is added at its end.
std::string smallFleet(const std::string &top = {}, const std::string &extra = {})
{
    return "fleet = \"small\"\n" + top + R"(
[[region]]
name = "here"
[[host]]
name = "box"
region = "here"
[[server]]
name = "u1-a"
kind = "postgres"
host = "box"
address = "127.0.0.1:6001"
[[server]]
name = "u1-b"
kind = "postgres"
host = "box"
address = "127.0.0.1:6002"
[[server]]
name = "router"
kind = "pgbouncer"
host = "box"
address = "127.0.0.1:6003"
[[server]]
name = "feeds"
kind = "redis"
host = "box"
address = "127.0.0.1:6004"
[[server]]
name = "cache"
kind = "memcached"
host = "box"
address = "127.0.0.1:6005"
[[partition]]
name = "users"
)" + extra;
}

QString complaintsOf(const std::string &text)
{
    const FleetReading reading = readFleetText(text, "/etc/shardlens/small.toml");
    if (reading)
        return QStringLiteral("none");
    QStringList lines;
    for (const Complaint &complaint : reading.error().complaints)
        lines << QString::fromStdString(sentence(complaint, "f"));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

class TestFleetFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theExampleIsReadWhole();
    void theExampleShowsEveryKey();
    void tenErrorsComeAtOnceWithTheirLines();
    void aSyntaxErrorStopsAtItsLine_data();
    void aSyntaxErrorStopsAtItsLine();
    void aRegionToLookFromTakesThePlaceOfTheFilesOwn();
    void aFileThatCannotBeReadSaysWhy();
    void whatIsWrongIsNamed_data();
    void whatIsWrongIsNamed();
    void defaultsHoldWhereNothingIsSaid();
    void secretsAndFilesBecomeAbsolute();
    void aSecretInTheFileIsRefusedAndNotRepeated();
    void aFleetThatOthersBuiltIsOnlyLookedAt();
    void patternsFillInZeros();
    void whatIsWrittenReadsBackTheSame();
    void everyFieldSurvivesWriting();
};

void TestFleetFile::theExampleIsReadWhole()
{
    const FleetReading reading = readFleetFile(examplePath());
    if (!reading)
        QFAIL(sentence(reading.error().complaints.front(), "example.toml").c_str());
    const Fleet &fleet = *reading;
    QCOMPARE(fleet.name, std::string("insta-main"));
    QCOMPARE(fleet.environment, Environment::Production);
    QCOMPARE(fleet.ownRegion.text(), std::string("us-east"));
    QCOMPARE(fleet.regions.size(), size_t(2));
    QCOMPARE(fleet.regions[1].name.text(), std::string("us-west"));
    QCOMPARE(fleet.hosts[0].reach.way, HostReach::Way::Ssh);
    QCOMPARE(fleet.hosts[1].reach.way, HostReach::Way::None);
    const Server *server = fleet.server(base::ServerId("u1-us-east"));
    QVERIFY(server);
    QCOMPARE(server->region.text(), std::string("us-east"));
    QVERIFY((server->address.from(base::RegionName("us-west")) == Endpoint{"db1-wan.example", 5432}));
    QVERIFY((server->address.from(base::RegionName("us-east")) == Endpoint{"db1.example", 5432}));
    QCOMPARE(fleet.cluster(base::ClusterName("u1"))->servers.size(), size_t(2));
    QCOMPARE(fleet.directory->database, std::string("directory"));
    QCOMPARE(fleet.heartbeat->interval, base::milliseconds(500));
    QCOMPARE(fleet.redisGroups[0].role, RedisRole::Feeds);
    QCOMPARE(fleet.pools[0].hashing, Hashing::Ketama);
    QCOMPARE(fleet.keys.cached.at("user"), std::string("u:{id}"));
    QCOMPARE(fleet.access.tls.mode, Tls::Mode::VerifyFull);
    QCOMPARE(fleet.access.tls.caFile, (sourceDir + QStringLiteral("/resources/fleet/ca.pem")).toStdString());
    QVERIFY((fleet.access.guardSecret == SecretSource{SecretSource::Kind::File, (sourceDir + QStringLiteral("/resources/fleet/guard.secret")).toStdString()}));
    QCOMPARE(fleet.thresholds.lagTime[3], base::milliseconds(30000));
}

void TestFleetFile::theExampleShowsEveryKey()
{
    FleetReading read = readFleetFile(examplePath());
    QVERIFY(read);
    Fleet fleet = *read;
    fleet.madeByLocalfleet = true; // the keys that are left out where they say nothing
    fleet.access.redisUser = "someone";
    fleet.access.patroniUser = "someone";
    fleet.access.patroniSecret = {SecretSource::Kind::Environment, "IT"};
    fleet.clusters[0].manager = Manager::Patroni;
    fleet.servers[0].patroni = Endpoint{"h", 1};
    fleet.redisGroups[0].manager = Manager::Sentinel;
    fleet.redisGroups[0].sentinels = {{"h", 1}};
    fleet.redisGroups[0].sentinelMaster = "other";
    fleet.hosts[0].stonith = {{"/sbin/off"}, base::seconds(5)};
    fleet.hosts[0].reach.options = {"Port=1"};
    fleet.hosts[0].reach.runAs = {"sudo"};
    fleet.servers[0].stopCommand = fleet.servers[0].startCommand = {"it"};
    fleet.servers[0].dataDirectory = fleet.servers[0].configFile = "/it";
    fleet.access.sentinelUser = "someone";
    fleet.access.sentinelSecret = {SecretSource::Kind::Environment, "IT"};
    QFile example(QString::fromStdString(examplePath()));
    QVERIFY(example.open(QIODevice::ReadOnly));
    const QString shown = QString::fromUtf8(example.readAll());
    for (const QString &line : QString::fromStdString(toToml(fleet)).split(QLatin1Char('\n'))) {
        const QString key = line.section(QStringLiteral(" = "), 0, 0);
        QVERIFY2(line.isEmpty() || shown.contains(line.startsWith(QLatin1Char('[')) ? line : key + QStringLiteral(" = ")),
                 qPrintable(line));
    }
}

void TestFleetFile::tenErrorsComeAtOnceWithTheirLines()
{
    const FleetReading reading = readFleetFile((sourceDir + QStringLiteral("/tests/core/fleet/ten_errors.toml")).toStdString());
    QVERIFY(!reading);
    QCOMPARE(reading.error().why, BadFleetFile::Why::Schema);
    QString told;
    for (const Complaint &complaint : reading.error().complaints)
        told += QString::fromStdString(sentence(complaint, "fleet.toml")) + QLatin1Char('\n');
    QFile golden(sourceDir + QStringLiteral("/tests/core/fleet/ten_errors.expected"));
    QVERIFY(golden.open(QIODevice::ReadOnly));
    QCOMPARE(told, QString::fromUtf8(golden.readAll()));
    QCOMPARE(reading.error().complaints.size(), size_t(10));
}

void TestFleetFile::aSyntaxErrorStopsAtItsLine_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::newRow("a key without a value") << "fleet = \"x\"\nregion = \n" << 2;
    QTest::newRow("a text that does not end") << "fleet = \"x\n" << 1;
    QTest::newRow("a key given twice") << "fleet = \"x\"\nfleet = \"y\"\n" << 2;
    QTest::newRow("two values on a line") << "a = 1 b = 2\n" << 1;
    QTest::newRow("a header that does not close") << "fleet = \"x\"\n\n[ids\nepoch_ms = 1\n" << 3;
    QTest::newRow("a name that is a text and a list of tables") << "region = \"x\"\n[[region]]\nname = \"y\"\n" << 2;
}

void TestFleetFile::aSyntaxErrorStopsAtItsLine()
{
    QFETCH(QString, text);
    QFETCH(int, line);
    const FleetReading reading = readFleetText(text.toStdString(), "/x/fleet.toml");
    QVERIFY(!reading);
    QCOMPARE(reading.error().why, BadFleetFile::Why::Syntax);
    QCOMPARE(reading.error().complaints.size(), size_t(1));
    const Complaint &complaint = reading.error().complaints.front();
    QCOMPARE(complaint.line, line);
    QVERIFY(!complaint.what.empty());
    QVERIFY2(complaint.what.find('\n') == std::string::npos && complaint.what.find("toml::") == std::string::npos, complaint.what.c_str());
}

void TestFleetFile::aRegionToLookFromTakesThePlaceOfTheFilesOwn()
{
    const FleetReading own = readFleetFile(examplePath());
    QVERIFY(own && own->regions.size() > 1);
    const std::string other = own->regions.back().name.text();
    QVERIFY(own->ownRegion.text() != other);
    const FleetReading looked = readFleetFile(examplePath(), other);
    QVERIFY(looked);
    QCOMPARE(looked->ownRegion.text(), other);
    const FleetReading wrong = readFleetFile(examplePath(), other + "x");
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().why, BadFleetFile::Why::NoRegion);
    QCOMPARE(wrong.error().complaints.front().suggestion, other);
}

void TestFleetFile::aFileThatCannotBeReadSaysWhy()
{
    const FleetReading missing = readFleetFile("/nowhere/at/all.toml");
    QVERIFY(!missing);
    QCOMPARE(missing.error().why, BadFleetFile::Why::Unreadable);
    QCOMPARE(QString::fromStdString(sentence(missing.error().complaints.front(), "all.toml")),
             QStringLiteral("all.toml: cannot be read: No such file or directory."));
    QTemporaryDir folder;
    const FleetReading isFolder = readFleetFile(folder.path().toStdString());
    QVERIFY(!isFolder);
    QCOMPARE(isFolder.error().why, BadFleetFile::Why::Unreadable);
}

void TestFleetFile::whatIsWrongIsNamed_data()
{
    QTest::addColumn<QString>("top");
    QTest::addColumn<QString>("extra");
    QTest::addColumn<QString>("complaint"); ///< a part of the one complaint; "none" where all is well
    const QString cluster = QStringLiteral("[[cluster]]\nname = \"u1\"\npartition = \"users\"\nhome = \"here\"\n");
    const QString u1 = cluster + QStringLiteral("servers = [\"u1-a\", \"u1-b\"]\n");

    QTest::newRow("a fleet without a mistake") << "" << u1 << "none";
    QTest::newRow("a region as the console's own that is not declared")
        << "own_region = \"her\"" << u1 << "there is no region 'her'. Expected one of here. Did you mean 'here'?";
    QTest::newRow("an empty cluster") << "" << cluster + "servers = []\n"
                                      << "[[cluster]] u1 .servers: is empty";
    QTest::newRow("a cluster without servers") << "" << cluster << "[[cluster]] u1 .servers: is missing";
    QTest::newRow("a server that stands twice in a cluster") << "" << cluster + "servers = [\"u1-a\", \"u1-a\"]\n"
                                                             << "u1-a stands here twice";
    QTest::newRow("a server in two clusters") << "" << u1 + QString(cluster).replace("u1", "u2") + "servers = [\"u1-b\"]\n"
                                              << "u1-b belongs to [[cluster]] u1 already";
    QTest::newRow("a redis server in a cluster") << "" << cluster + "servers = [\"u1-a\", \"feeds\"]\n"
                                                 << "feeds is a redis server. Expected postgres servers only";
    QTest::newRow("an unknown server in a cluster")
        << "" << cluster + "servers = [\"u1-a\", \"u1-c\"]\n"
        << "there is no server 'u1-c'. Expected one of u1-a, u1-b, router, feeds or cache. Did you mean 'u1-a'?";
    QTest::newRow("a cluster declared twice") << "" << cluster + "servers = [\"u1-a\"]\n" + cluster + "servers = [\"u1-b\"]\n"
                                              << "the cluster 'u1' is declared a second time; first on line 36";
    QTest::newRow("a postgres server as router") << "" << u1 + "[[router]]\nserver = \"u1-a\"\n"
                                                 << "[[router]] u1-a .server: u1-a is a postgres server. Expected a pgbouncer server";
    QTest::newRow("a router pattern without the cluster") << "" << u1 + "[[router]]\nserver = \"router\"\nprimary_database = \"insta\"\n"
                                                          << "'insta' does not hold {cluster}";
    QTest::newRow("two guards in a region")
        << "" << u1 + "[[guard]]\nregion = \"here\"\naddress = \"h:1\"\n[[guard]]\nregion = \"here\"\naddress = \"h:2\"\n"
        << "has a guard already";
    QTest::newRow("a directory of an unknown cluster") << "" << u1 + "[directory]\ncluster = \"directry\"\n"
                                                       << "there is no cluster 'directry'. Expected one of u1";
    QTest::newRow("a cluster without partition that is not the directory")
        << ""
        << "[[cluster]]\nname = \"u1\"\nhome = \"here\"\nservers = [\"u1-a\"]\n"
        << "[[cluster]] u1 .partition: is missing";
    QTest::newRow("a directory cluster without partition")
        << ""
        << "[[cluster]]\nname = \"dir\"\nhome = \"here\"\nservers = [\"u1-a\"]\n[directory]\ncluster = \"dir\"\n"
        << "none";
    QTest::newRow("a cluster that says that it holds no shards")
        << ""
        << "[[cluster]]\nname = \"u1\"\npartition = \"\"\nhome = \"here\"\nservers = [\"u1-a\"]\n"
        << "none";
    QTest::newRow("a number with zeros in front") << "" << u1 + "[[partition]]\nname = \"tenants\"\nschema_pattern = \"tenant_{shard:4}\"\n"
                                                  << "none";
    QTest::newRow("a replication name of a cache")
        << "" << u1 + "[[server]]\nname = \"x\"\nkind = \"memcached\"\nhost = \"box\"\naddress = \"h:1\"\nreplication_name = \"y\"\n"
        << "replication_name: is used by postgres servers only";
    QTest::newRow("a Patroni of a cache")
        << "" << u1 + "[[server]]\nname = \"x\"\nkind = \"memcached\"\nhost = \"box\"\naddress = \"h:1\"\npatroni = \"h:2\"\n"
        << "patroni: is used by postgres servers only";
    QTest::newRow("a managed cluster whose members do not say where their Patroni is")
        << ""
        << "[[cluster]]\nname = \"u1\"\npartition = \"\"\nhome = \"here\"\nservers = [\"u1-a\"]\nmanager = \"patroni\"\n"
        << "[[cluster]] u1 .manager: nothing says where the Patroni of u1-a listens. Expected patroni = \"HOST:8008\" in [[server]] u1-a";
    QTest::newRow("a Patroni of a cluster that is not managed")
        << ""
        << "[[server]]\nname = \"u1-c\"\nkind = \"postgres\"\nhost = \"box\"\naddress = \"h:1\"\npatroni = \"h:2\"\n"
           "[[cluster]]\nname = \"u1\"\npartition = \"\"\nhome = \"here\"\nservers = [\"u1-c\"]\n"
        << "[[cluster]] u1 .manager: u1-c says where its Patroni listens";
    QTest::newRow("a repmgr.conf of a cache")
        << "" << u1 + "[[server]]\nname = \"x\"\nkind = \"memcached\"\nhost = \"box\"\naddress = \"h:1\"\nrepmgr = \"/etc/repmgr.conf\"\n"
        << "repmgr: is used by postgres servers only";
    QTest::newRow("a repmgr.conf named relative to somewhere")
        << "" << u1 + "[[server]]\nname = \"x\"\nkind = \"postgres\"\nhost = \"box\"\naddress = \"h:1\"\nrepmgr = \"repmgr.conf\"\n"
        << "'repmgr.conf' is no absolute path";
    QTest::newRow("a cluster under repmgr whose members do not name their file")
        << ""
        << "[[cluster]]\nname = \"u1\"\npartition = \"\"\nhome = \"here\"\nservers = [\"u1-a\"]\nmanager = \"repmgr\"\n"
        << "[[cluster]] u1 .manager: nothing names the repmgr.conf of u1-a. Expected repmgr = \"/etc/repmgr.conf\" in [[server]] u1-a";
    QTest::newRow("a repmgr.conf of a cluster that is not managed")
        << ""
        << "[[server]]\nname = \"u1-c\"\nkind = \"postgres\"\nhost = \"box\"\naddress = \"h:1\"\nrepmgr = \"/etc/repmgr.conf\"\n"
           "[[cluster]]\nname = \"u1\"\npartition = \"\"\nhome = \"here\"\nservers = [\"u1-c\"]\n"
        << "[[cluster]] u1 .manager: u1-c names its repmgr.conf";
    QTest::newRow("repmgr's database of a cluster that it does not manage")
        << ""
        << "[[cluster]]\nname = \"u1\"\npartition = \"\"\nhome = \"here\"\nservers = [\"u1-a\"]\nrepmgr_database = \"x\"\n"
        << "[[cluster]] u1 .repmgr_database: the cluster does not say that repmgr manages it";
    QTest::newRow("an unknown manager")
        << ""
        << "[[cluster]]\nname = \"u1\"\npartition = \"\"\nhome = \"here\"\nservers = [\"u1-a\"]\nmanager = \"patrony\"\n"
        << "Expected one of none, patroni or repmgr. Did you mean 'patroni'?";
    QTest::newRow("a width that is no digit") << "" << u1 + "[[partition]]\nname = \"tenants\"\nschema_pattern = \"tenant_{shard:x}\"\n"
                                              << "does not hold {shard} once";
    QTest::newRow("an ID of more than 64 bits") << "" << u1 + "[ids]\ntime_bits = 45\n"
                                                << "the three parts need 68 bits";
    QTest::newRow("more shards than the bits can name") << "" << u1 + "[[partition]]\nname = \"media\"\nshards = 8193\n"
                                                        << "is 8193. Expected a whole number from 1 to 8192";
    QTest::newRow("port 0") << "" << u1 + "[[guard]]\nregion = \"here\"\naddress = \"h:0\"\n"
                            << "'h:0' is not an address";
    QTest::newRow("an address without port") << "" << u1 + "[[guard]]\nregion = \"here\"\naddress = \"h\"\n"
                                             << "'h' is not an address";
    QTest::newRow("an IPv6 address without brackets") << "" << u1 + "[[guard]]\nregion = \"here\"\naddress = \"::1:5432\"\n"
                                                      << "is not an address";
    QTest::newRow("an IPv6 address in brackets") << "" << u1 + "[[guard]]\nregion = \"here\"\naddress = \"[::1]:5432\"\n"
                                                 << "none";
    QTest::newRow("two servers at one address")
        << "" << u1 + "[[server]]\nname = \"u1-c\"\nkind = \"postgres\"\nhost = \"box\"\naddress = \"127.0.0.1:6001\"\n"
        << "is the address of u1-a too";
    QTest::newRow("a share above one") << "" << u1 + "[thresholds]\nconnections_share = 1.5\n"
                                       << "is 1.5. Expected a number from 0 to 1";
    QTest::newRow("down before late") << "" << u1 + "[thresholds]\ndeadline_ms = 4000\n"
                                      << "is shorter than deadline_ms";
    QTest::newRow("three lag levels") << "" << u1 + "[thresholds]\nlag_bytes = [1, 2, 3]\n"
                                      << "has 3 numbers";
    QTest::newRow("a text where a number belongs") << "" << u1 + "[heartbeat]\ninterval_ms = \"500\"\n"
                                                   << "[heartbeat] .interval_ms: is a text";
    QTest::newRow("a table where a list of tables belongs") << "" << u1 + "[pool]\nname = \"x\"\n"
                                                            << "pool: is a table. Expected a list of tables, each headed [[pool]]";
    QTest::newRow("an unknown section") << "" << u1 + "[[redisgroup]]\nname = \"x\"\n"
                                        << "'redisgroup' is not a key of a fleet file";
    QTest::newRow("ssh without a target") << "" << u1 + "[[host]]\nname = \"far\"\nregion = \"here\"\nreach = \"ssh\"\n"
                                          << "[[host]] far .ssh_target: is missing, though reach is \"ssh\"";
    QTest::newRow("options of ssh where nobody goes by it") << "" << u1 + "[[host]]\nname = \"far\"\nregion = \"here\"\nssh_options = [\"Port=1\"]\n"
                                                            << "[[host]] far .ssh_options: is used by reach = \"ssh\" only";
    const QString bySsh = u1 + QStringLiteral("[[host]]\nname = \"far\"\nregion = \"here\"\nreach = \"ssh\"\n");
    QTest::newRow("an option that is none of ssh's configuration") << "" << bySsh + "ssh_target = \"far\"\nssh_options = [\"-p 22\"]\n" << "'-p 22' is no option";
    QTest::newRow("a target that ssh would take for an option") << "" << bySsh + "ssh_target = \"-oProxyCommand=x\"\n" << "'-oProxyCommand=x' is no host";
    QTest::newRow("who runs what nobody runs") << "" << u1 + "[[host]]\nname = \"far\"\nregion = \"here\"\nrun_as = [\"sudo\"]\n"
                                               << "[[host]] far .run_as: is used where the host is reached only";
    QTest::newRow("data in no place")
        << "" << u1 + "[[server]]\nname = \"x\"\nkind = \"postgres\"\nhost = \"box\"\naddress = \"h:1\"\ndata_directory = \"main\"\n"
        << "[[server]] x .data_directory: 'main' is no absolute path";
    QTest::newRow("a command that stops a cache")
        << "" << u1 + "[[server]]\nname = \"x\"\nkind = \"memcached\"\nhost = \"box\"\naddress = \"h:1\"\nstop_command = [\"y\"]\n"
        << "stop_command: is used by postgres servers only";
    const QString off = QStringLiteral("[stonith]\ncommand = [\"/sbin/off\", \"{host}\"]\n");
    QTest::newRow("a command that turns hosts off") << "" << u1 + off + "deadline_s = 20\n" << "none";
    QTest::newRow("a command without its path") << "" << u1 + "[stonith]\ncommand = [\"off\"]\n"
                                                << "[stonith] .command: 'off' is no absolute path. Expected the absolute path of a program, and its arguments";
    QTest::newRow("a table without the command") << "" << u1 + "[stonith]\ndeadline_s = 20\n" << "[stonith] .command: is missing";
    QTest::newRow("a command for a shell") << "" << u1 + "[stonith]\ncommand = \"/sbin/off {host}\"\n" << "[stonith] .command: is a text";
    QTest::newRow("a placeholder that no command has") << "" << u1 + "[stonith]\ncommand = [\"/sbin/off\", \"--because={reason}\"]\n"
                                                       << "'{reason}' stands for nothing here. Expected {host}, {server} or {cluster}; the reason is in SHARDLENS_REASON";
    QTest::newRow("braces that are none of ours") << "" << u1 + "[stonith]\ncommand = [\"/sbin/off\", \"{\\\"power\\\": 0}\"]\n" << "none";
    QTest::newRow("no time for a command") << "" << u1 + off + "deadline_s = 0\n" << "is 0. Expected a whole number from 1 to 600";
    QTest::newRow("the deadline of no command") << "" << u1 + "[[host]]\nname = \"far\"\nregion = \"here\"\nstonith_deadline_s = 5\n"
                                                << "[[host]] far .stonith_deadline_s: is the deadline of a command that is not there";
    QTest::newRow("an observer that is no database user")
        << "" << u1 + "[access]\nobserver = \"watcher\"\n"
        << "there is no database user 'watcher'. Expected a database user, but the file declares none";
    QTest::newRow("a key pattern without a place") << "" << u1 + "[keys.cached]\nuser = \"u\"\n"
                                                   << "'u' names one key, not a pattern";
    const QString queries = u1 + QStringLiteral("[[partition]]\nname = \"p\"\ntables = [\"photos\"]\n");
    QTest::newRow("tables and columns called otherwise")
        << "" << queries + "[queries.media]\ntable = \"photos\"\nrows = \"(select * from {schema}.{table} where not hidden)\"\nid = \"photo_id\"\n"
        << "none";
    QTest::newRow("a fleet without tombstones") << "" << u1 + "[queries.deleted_media]\ntable = \"\"\n" << "none";
    QTest::newRow("rows of a kind that look-ups do not know") << "" << u1 + "[queries.medias]\ntable = \"photos\"\n"
        << "[queries] .medias: 'medias' is not a key of [queries]. Expected one of users, media,";
    QTest::newRow("a table that no partition has") << "" << queries + "[queries.media]\ntable = \"photo\"\n"
        << "[queries.media] .table: there is no table of a partition 'photo'. Expected one of photos. Did you mean 'photos'?";
    QTest::newRow("rows of no shard") << "" << u1 + "[queries.media]\nrows = \"public.{table}\"\n"
        << "[queries.media] .rows: does not say which shard's rows. Expected {schema} in front of each table";
    QTest::newRow("a placeholder that stands for nothing") << "" << u1 + "[queries.media]\nrows = \"{schema}.{tabel}\"\n"
        << "[queries.media] .rows: '{tabel}' stands for nothing here. Expected {schema} or {table}";
    QTest::newRow("a placeholder in a column") << "" << u1 + "[queries.media]\nid = \"{id}\"\n"
        << "[queries.media] .id: '{id}' stands for nothing here. Expected a column";
    QTest::newRow("a column that look-ups do not know") << "" << u1 + "[queries.media]\nowner = \"user_id\"\n"
        << "'owner' is not a key of [queries.media]. Expected one of table, rows, ";
    QTest::newRow("two statements") << "" << u1 + "[queries.media]\nid = \"id; drop table users\"\n" << "is not one piece of SQL";
    QTest::newRow("a parenthesis that does not close") << "" << u1 + "[queries.media]\nversion = \"coalesce(version, 1\"\n"
        << "[queries.media] .version: 'coalesce(version, 1' is not one piece of SQL";
    QTest::newRow("personal columns of one's own") << "" << u1 + "[queries.users]\npersonal = [\"email\", \"street\"]\nstreet = \"road || ' ' || door\"\npersonal_rows = \"\"\n"
        << "none";
    QTest::newRow("columns shown otherwise are personal") << "" << u1 + "[queries.users]\npersonal = [\"full_name\", \"email\", \"bio\"]\nbio = \"about\"\n" << "none";
    QTest::newRow("one that is personal twice") << "" << u1 + "[queries.users]\npersonal = [\"bio\", \"bio\"]\n" << "[queries.users] .personal: 'bio' is there already";
    QTest::newRow("a personal column that every look reads") << "" << u1 + "[queries.users]\npersonal = [\"name\"]\n"
        << "[queries.users] .personal: 'name' is there already, or read by every look";
    QTest::newRow("a personal column whose name is none") << "" << u1 + "[queries.users]\npersonal = [\"e-mail\"]\n"
        << "[queries.users] .personal: 'e-mail' is no name for a column";
    QTest::newRow("a column that is personal no more") << "" << u1 + "[queries.users]\npersonal = [\"email\"]\nphone = \"tel\"\n"
        << "'phone' is not a key of [queries.users]";
    QTest::newRow("personal rows of nobody") << "" << u1 + "[queries.users]\npersonal_rows = \"{schema}.personal()\"\n"
        << "[queries.users] .personal_rows: does not say whose";
    QTest::newRow("names called otherwise") << "" << u1 + "[queries.names]\ntable = \"handles\"\nuser_id = \"account\"\n" << "none";
    QTest::newRow("media without a table") << "" << u1 + "[queries.media]\ntable = \"\"\n" << "[queries.media] .table: is empty";
    QTest::newRow("a name with a space") << "" << u1 + "[[partition]]\nname = \"my media\"\n"
                                         << "'my media' holds other letters";
    QTest::newRow("a thing without a name") << "" << u1 + "[[partition]]\nshards = 4\n"
                                            << "[[partition]] number 2 .name: is missing";
}

void TestFleetFile::whatIsWrongIsNamed()
{
    QFETCH(QString, top);
    QFETCH(QString, extra);
    QFETCH(QString, complaint);
    const QString told = complaintsOf(smallFleet(top.toStdString(), extra.toStdString()));
    QVERIFY2(told.contains(complaint), qPrintable(told));
    QVERIFY2(!told.contains(QLatin1Char('\n')), qPrintable(told));
}

void TestFleetFile::defaultsHoldWhereNothingIsSaid()
{
    const FleetReading reading = readFleetText(smallFleet(), "/etc/small.toml");
    QVERIFY(reading);
    QCOMPARE(reading->environment, Environment::Production);
    QVERIFY(reading->ownRegion.isEmpty());
    QVERIFY(!reading->madeByLocalfleet);
    QVERIFY(!reading->directory);
    QVERIFY(!reading->heartbeat);
    QVERIFY(reading->idLayout == shardlens::ids::IdLayout{});
    QVERIFY(reading->thresholds == Thresholds{});
    QCOMPARE(reading->partitions[0].schemaPattern, std::string("insta{shard}"));
}

void TestFleetFile::secretsAndFilesBecomeAbsolute()
{
    qputenv("HOME", "/home/oncall");
    const FleetReading reading =
        readFleetText(smallFleet({}, "[access]\nredis_secret = \"file:../redis.secret\"\ntls_ca = \"~/ca.pem\"\n"
                                     "[[database_user]]\nname = \"a\"\nrole = \"on-call\"\nsecret = \"pgpass:~/.pgpass\"\n"
                                     "[[database_user]]\nname = \"b\"\nrole = \"ops\"\nsecret = \"env:PGPASSWORD\"\n"),
                      "/etc/shardlens/small.toml");
    QVERIFY2(reading, "the file is right");
    QCOMPARE(reading->access.redisSecret.where, std::string("/etc/redis.secret"));
    QCOMPARE(reading->access.tls.caFile, std::string("/home/oncall/ca.pem"));
    QVERIFY((reading->access.users[0].secret == SecretSource{SecretSource::Kind::Pgpass, "/home/oncall/.pgpass"}));
    QVERIFY((reading->access.users[1].secret == SecretSource{SecretSource::Kind::Environment, "PGPASSWORD"}));
    QCOMPARE(reading->access.users[0].role, Role::OnCall);
}

void TestFleetFile::aSecretInTheFileIsRefusedAndNotRepeated()
{
    const QString told = complaintsOf(smallFleet({}, "[access]\nredis_secret = \"hunter2:xyz\"\n"));
    QVERIFY2(told.contains(QStringLiteral("does not say where the secret is found")), qPrintable(told));
    QVERIFY(!told.contains(QStringLiteral("hunter2")) && !told.contains(QStringLiteral("xyz")));
}

void TestFleetFile::aFleetThatOthersBuiltIsOnlyLookedAt()
{
    QVERIFY(!readFleetText(smallFleet(), "/f")->acting);
    QVERIFY(readFleetText(smallFleet("acting = true\n"), "/f")->acting);
    QVERIFY(readFleetText(smallFleet("made_by_localfleet = true\n"), "/f")->acting);
    QVERIFY(!readFleetText(smallFleet("made_by_localfleet = true\nacting = false\n"), "/f")->acting);
}

void TestFleetFile::patternsFillInZeros()
{
    QCOMPARE(expand("insta{shard}", "shard", "7"), std::string("insta7"));
    QCOMPARE(expand("tenant_{shard:4}_data", "shard", "42"), std::string("tenant_0042_data"));
    QCOMPARE(expand("tenant_{shard:4}", "shard", "12345"), std::string("tenant_12345"));
    QCOMPARE(expand("u:{id}", "shard", "1"), std::string("u:{id}"));
    QVERIFY(!holeOf("t{shard:0}", "shard"));
    QCOMPARE(holeOf("{shar}{shard:3}", "shard")->at, size_t(6));
}

void TestFleetFile::whatIsWrittenReadsBackTheSame()
{
    const FleetReading read = readFleetFile(examplePath());
    QVERIFY(read);
    const std::string written = toToml(*read);
    const FleetReading again = readFleetText(written, "/elsewhere/fleet.toml");
    if (!again)
        QFAIL(sentence(again.error().complaints.front(), "written").c_str());
    QVERIFY(*again == *read);
    QCOMPARE(toToml(*again), written);
}

void TestFleetFile::everyFieldSurvivesWriting()
{
    FleetReading read = readFleetFile(examplePath());
    QVERIFY(read);
    Fleet fleet = *read;
    fleet.name = "a \"quoted\" \\ name\twith\x01 all";
    fleet.environment = Environment::Local;
    fleet.madeByLocalfleet = true;
    fleet.idLayout = {0, 40, 14, 10};
    fleet.servers[0].address.own = {"::1", 6000};
    for (Server &server : fleet.servers) {
        if (fleet.clusterOf(server.id) && fleet.clusterOf(server.id)->name.text() == "u1")
            server.patroni = Endpoint{"::1", 8008};
    }
    fleet.clusters[0].manager = Manager::Patroni;
    fleet.clusters[1].manager = Manager::Repmgr;
    fleet.clusters[1].repmgrDatabase = "cluster";
    for (Server &server : fleet.servers) {
        if (fleet.clusterOf(server.id) && fleet.clusterOf(server.id)->name == fleet.clusters[1].name)
            server.repmgr = "/etc/repmgr.conf";
    }
    fleet.hosts[0].reach.options = {"StrictHostKeyChecking=yes", "Port=22"};
    fleet.hosts[0].reach.runAs = {"sudo", "-n"};
    fleet.servers[0].stopCommand = {"systemctl", "stop", "postgresql@15-main"};
    fleet.servers[0].startCommand = {"systemctl", "start"};
    fleet.servers[0].dataDirectory = "/data/u1";
    fleet.servers[0].configFile = "/etc/u1.conf";
    fleet.hosts[1].stonith = {{"/sbin/off", "--because=\"it\"", "{host}"}, base::seconds(5)};
    fleet.redisGroups[0].manager = Manager::Sentinel;
    fleet.redisGroups[0].sentinels = {{"::1", 26379}, {"redis2.example", 26379}};
    fleet.redisGroups[0].sentinelMaster = "mymaster";
    fleet.access.sentinelUser = "console";
    fleet.access.sentinelSecret = {SecretSource::Kind::Environment, "SENTINEL_PASSWORD"};
    fleet.access.patroniUser = "shardlens";
    fleet.access.patroniSecret = {SecretSource::Kind::Environment, "PATRONI_PASSWORD"};
    fleet.guards[0].address.seenFrom[base::RegionName("us-west")] = {"10.0.0.1", 7401};
    fleet.invalidators = {{base::RegionName("us-east"), {{"10.0.0.1", 7500}, {{base::RegionName("us-west"), {"10.0.0.1", 7501}}}}, {"10.0.0.1", 8125}}};
    fleet.access.invalidator = fleet.access.observer;
    fleet.directory->database = "other";
    fleet.access.redisUser = "console";
    fleet.access.guardSecret = {SecretSource::Kind::File, "/etc/shardlens/guard.secret"};
    fleet.access.users.push_back({"p", Role::Support, {SecretSource::Kind::Keychain, "shardlens/p"}});
    fleet.keys.cached["odd key"] = "o:{id}";
    fleet.queries.of(RowKind::Users).table = "followers";
    fleet.queries.of(RowKind::Users).rows = "(select * from {schema}.{table} where note <> 'a \"b\"')";
    fleet.queries.personal() = {{"email", "full_name", "street"}, ""};
    for (const char *gone : {"phone", "birthday", "last_ip"})
        fleet.queries.of(RowKind::Users).columns.erase(gone);
    fleet.queries.of(RowKind::Users).columns["street"] = "street";
    fleet.queries.of(RowKind::Names).table = "handles";
    fleet.queries.of(RowKind::Comments).columns["version"] = "coalesce(version, 1)";
    fleet.queries.of(RowKind::DeletedMedia).table.clear();
    fleet.queries.of(RowKind::DeletedMedia).rows = noRows(RowKind::DeletedMedia);
    fleet.thresholds.slowFactor = 2.1;
    fleet.thresholds.slotWarnShare = 1;
    fleet.thresholds.interval = base::milliseconds(250);
    fleet.thresholds.shardMapInterval = base::seconds(5);
    fleet.thresholds.slotWarnBytes = base::Bytes{12345};
    fleet.thresholds.lagBytes = {base::Bytes{1}, base::Bytes{2}, base::Bytes{3}, base::Bytes{4}};
    const FleetReading again = readFleetText(toToml(fleet), "/x/fleet.toml");
    if (!again)
        QFAIL(sentence(again.error().complaints.front(), "written").c_str());
    QVERIFY(*again == fleet);
    fleet.directory.reset();
    fleet.heartbeat.reset();
    QVERIFY(fleet.clusters.back().partition.isEmpty()); // the directory's own, which without [directory] holds no shards
    const FleetReading less = readFleetText(toToml(fleet), "/x/fleet.toml");
    QVERIFY(less);
    QVERIFY(*less == fleet);
}

QTEST_APPLESS_MAIN(TestFleetFile)
#include "test_fleet_file.moc"
