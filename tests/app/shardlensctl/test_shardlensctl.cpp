// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QString sourceDir = QStringLiteral(SHARDLENS_SOURCE_DIR);

struct Ran {
    int exit = -1;
    QString out;
    QString err;
};

Ran run(const QStringList &arguments, const QByteArray &input = {}, const QString &fleetVariable = {})
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("SHARDLENS_FLEET"));
    if (!fleetVariable.isEmpty())
        environment.insert(QStringLiteral("SHARDLENS_FLEET"), fleetVariable);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(SHARDLENSCTL), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, {}, process.errorString()};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

QJsonObject objectOf(const QString &line)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(line.toUtf8(), &error);
    if (error.error != QJsonParseError::NoError)
        qWarning("%s: %s", qPrintable(error.errorString()), qPrintable(line));
    return document.object();
}

QString pathOf(const char *name)
{
    return sourceDir + QLatin1String(name);
}

} // namespace

class TestShardlensctl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCommandLineAnswersByItsExit_data();
    void theCommandLineAnswersByItsExit();
    void anIdIsDecodedForAPerson();
    void anIdIsDecodedAsJson();
    void aTextThatIsNoIdIsAProblem();
    void linesAreDecodedOneByOne();
    void linesBecomeJsonObjectsOneByOne();
    void bytesThatAreNoUtf8StayValidJson();
    void aLineWithoutEndIsBounded();
    void anAnswerComesBeforeTheInputEnds();
    void manyLinesKeepTheirOrder();
    void theLayoutOfTheFleetFileHolds();
    void encodingGivesBackTheId();
    void encodingRefusesWhatDoesNotFit();
    void aGoodFleetFileIsWell();
    void aBadFleetFileIsAProblem();
    void aFleetFileAsJson();
    void aFleetThatDoesNotRunIsToldInTime();
    void watchingBeginsAndEnds();
    void liveCommandsNeedAFleetFile();
};

void TestShardlensctl::theCommandLineAnswersByItsExit_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("out");
    QTest::addColumn<QString>("err");
    QTest::newRow("the version") << QStringList{"--version"} << 0 << "shardlensctl " SHARDLENS_VERSION << "";
    QTest::newRow("help") << QStringList{"--help"} << 0 << "Exit: 0 well"
                          << "";
    QTest::newRow("help of a command") << QStringList{"id", "decode", "--help"} << 0 << "Usage: shardlensctl id decode"
                                       << "";
    QTest::newRow("nothing at all") << QStringList{} << 2 << ""
                                    << "A subcommand is required";
    QTest::newRow("a command that does not exist") << QStringList{"flet"} << 2 << ""
                                                   << "there is no command 'flet'. Did you mean 'fleet'?";
    QTest::newRow("a group without its command") << QStringList{"id"} << 2 << ""
                                                 << "A subcommand is required";
    QTest::newRow("a group with a wrong command") << QStringList{"id", "decoed"} << 2 << ""
                                                  << "there is no command 'decoed'. Did you mean 'decode'?";
    QTest::newRow("an option that does not exist") << QStringList{"id", "decode", "--jsn", "B"} << 2 << ""
                                                   << "--jsn";
    QTest::newRow("encode without a shard") << QStringList{"id", "encode", "--minted", "2022-01-01"} << 2 << ""
                                            << "--shard is required";
    QTest::newRow("encode with what is no time") << QStringList{"id", "encode", "--minted", "yesterday", "--shard", "1"} << 2 << ""
                                                 << "'yesterday' is no time";
    QTest::newRow("a word that is also a command is decoded") << QStringList{"id", "decode", "fleet"} << 0 << "taken for   a shortcode"
                                                              << "";
    QTest::newRow("what begins with a hyphen follows --") << QStringList{"id", "decode", "--", "-9223372036854775808"} << 0 << "IAAAAAAAAAA"
                                                          << "";
    QTest::newRow("-- behind other words") << QStringList{"id", "decode", "foo_bar", "--", "-abc"} << 0 << "-abc\n  taken for   a shortcode"
                                           << "";
    const QString example = QStringLiteral(SHARDLENS_SOURCE_DIR "/resources/fleet/example.toml");
    QTest::newRow("a user that is none of the fleet's") << QStringList{"--fleet", example, "--as", "nobody", "status"} << 2 << ""
                                                        << "there is no database user 'nobody'";
    QTest::newRow("a watch of no time") << QStringList{"watch", "--for", "0"} << 2 << ""
                                        << "--for: '0' is not more than 0\n";
    QTest::newRow("a list of nothing") << QStringList{"audit", "list", "--limit", "0"} << 2 << ""
                                       << "--limit: Value 0 not in range 1 to 1000000\n";
    QTest::newRow("unmasking without a case") << QStringList{"lookup", "1", "--unmask", "--reason", "asks"} << 2 << ""
                                              << "--case";
    QTest::newRow("a deletion planned as JSON") << QStringList{"--fleet", example, "cache", "delete", "u:42", "--all", "--plan", "--json"} << 0
                                                << R"({"key":"u:42","places":[{"region":")"
                                                << "";
    QTest::newRow("the path as typed") << QStringList{"fleet", "check", example} << 0 << example + QStringLiteral(": nothing to complain about")
                                       << "";
    QTest::newRow("invalidators are counted, too") << QStringList{"fleet", "check", example} << 0 << "1 guard, 1 invalidator."
                                                   << "";
    QTest::newRow("a fleet file that is not there")
        << QStringList{"fleet", "check", "/nowhere.toml"} << 3 << "nowhere.toml: cannot be read: No such file or directory."
        << "";
    QTest::newRow("no fleet file at all") << QStringList{"fleet", "check"} << 2 << ""
                                          << "SHARDLENS_FLEET";
    QTest::newRow("a switchover of no fleet") << QStringList{"switchover", "u1"} << 2 << ""
                                              << "SHARDLENS_FLEET";
    QTest::newRow("a check forced without a reason") << QStringList{"--fleet", SHARDLENS_SOURCE_DIR "/resources/fleet/example.toml", "failover", "u1", "--force", "replay_lag"} << 2 << ""
                                                     << "--force takes CHECK=REASON";
    QTest::newRow("an operation that is none of ours") << QStringList{"--fleet", SHARDLENS_SOURCE_DIR "/resources/fleet/example.toml", "operations", "show", "u1-0"} << 1 << ""
                                                       << "u1-0";
    QTest::newRow("a preparation of nothing") << QStringList{"prepare", "--plan"} << 2 << ""
                                              << "CLUSTER is required";
    QTest::newRow("a preparation of no fleet") << QStringList{"prepare", "u1"} << 2 << ""
                                               << "SHARDLENS_FLEET";
    QTest::newRow("a Redis group's cache is not warmed") << QStringList{"--fleet", SHARDLENS_SOURCE_DIR "/resources/fleet/example.toml", "switchover", "feeds", "--warm"} << 2 << ""
                                                         << "--warm is for the switchover of a cluster";
    QTest::newRow("a switchover of nothing") << QStringList{"switchover", "--plan"} << 2 << ""
                                             << "NAME is required";
}

void TestShardlensctl::theCommandLineAnswersByItsExit()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exit);
    QFETCH(QString, out);
    QFETCH(QString, err);
    const Ran ran = run(arguments);
    QCOMPARE(ran.exit, exit);
    QVERIFY2(ran.out.contains(out), qPrintable(ran.out));
    QVERIFY2(ran.err.contains(err), qPrintable(ran.err));
    QVERIFY2(out.isEmpty() == ran.out.isEmpty(), "answers go to standard output alone");
    QVERIFY2(err.isEmpty() == ran.err.isEmpty(), "complaints about the call go to standard error alone");
}

void TestShardlensctl::anIdIsDecodedForAPerson()
{
    const Ran ran = run({"id", "decode", "https://www.instagram.com/p/CZVEugIPkVn/?igsh=abc"});
    QCOMPARE(ran.out, QStringLiteral("https://www.instagram.com/p/CZVEugIPkVn/?igsh=abc\n"
                                     "  taken for   a link\n"
                                     "  id          2762134734241678695\n"
                                     "  shortcode   CZVEugIPkVn\n"
                                     "  minted      2022-01-29T21:35:41.033Z\n"
                                     "  shard       3985\n"
                                     "  sequence    359\n"));
    QCOMPARE(ran.exit, 0);
    QVERIFY(run({"id", "decode", "18446744073709551615"}).out.contains(QStringLiteral("where a signed bigint ends")));
}

void TestShardlensctl::anIdIsDecodedAsJson()
{
    for (const QStringList &arguments :
         {QStringList{"--json", "id", "decode", "CZVEugIPkVn"}, QStringList{"id", "--json", "decode", "CZVEugIPkVn"},
          QStringList{"id", "decode", "CZVEugIPkVn", "--json"}}) {
        const Ran ran = run(arguments);
        QCOMPARE(ran.exit, 0);
        QCOMPARE(ran.out, QStringLiteral("{\"input\":\"CZVEugIPkVn\",\"id\":\"2762134734241678695\",\"shortcode\":\"CZVEugIPkVn\","
                                         "\"minted_at\":\"2022-01-29T21:35:41.033Z\",\"shard\":3985,\"sequence\":359}\n"));
    }
}

void TestShardlensctl::aTextThatIsNoIdIsAProblem()
{
    const Ran text = run({"id", "decode", "CZVEugIPkVn", "not an id"});
    QCOMPARE(text.exit, 1);
    QVERIFY(text.out.endsWith(QStringLiteral("not an id\n  error       neither an ID, a shortcode nor a link\n")));
    const Ran json = run({"id", "decode", "--json", "not an id"});
    QCOMPARE(json.exit, 1);
    const QJsonObject object = objectOf(json.out);
    QCOMPARE(object.keys(), (QStringList{"error", "input"}));
}

void TestShardlensctl::linesAreDecodedOneByOne()
{
    const Ran ran = run({"id", "decode"}, "1\nCZVEugIPkVn\r\n\na\tb c\n12_34");
    QCOMPARE(ran.out, QStringLiteral("1\t1\tB\t2011-08-24T21:07:01.721Z\t0\t1\n"
                                     "CZVEugIPkVn\t2762134734241678695\tCZVEugIPkVn\t2022-01-29T21:35:41.033Z\t3985\t359\n"
                                     "\terror: nothing to read\n"
                                     "a b c\terror: neither an ID, a shortcode nor a link\n"
                                     "12_34\t12\tM\t2011-08-24T21:07:01.721Z\t0\t12\n"));
    QCOMPARE(ran.exit, 1);
    QCOMPARE(run({"id", "decode"}, "1\n2\n").exit, 0);
    const Ran nothing = run({"id", "decode"}, "");
    QCOMPARE(nothing.exit, 0);
    QVERIFY(nothing.out.isEmpty());
}

void TestShardlensctl::linesBecomeJsonObjectsOneByOne()
{
    const Ran ran = run({"id", "decode", "--json"}, "CZVEugIPkVn\n\"quoted\\x\n");
    const QStringList lines = ran.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    const QJsonObject first = objectOf(lines[0]);
    QCOMPARE(first.keys(), (QStringList{"id", "input", "minted_at", "sequence", "shard", "shortcode"}));
    QVERIFY(first.value("id").isString());
    QCOMPARE(first.value("shard").toInt(), 3985);
    QCOMPARE(objectOf(lines[1]).value("input").toString(), QStringLiteral("\"quoted\\x"));
    QCOMPARE(ran.exit, 1);
}

void TestShardlensctl::bytesThatAreNoUtf8StayValidJson()
{
    const Ran ran = run({"id", "decode", "--json"}, QByteArray("a\xff\xc0\x80\xed\xa0\x80 \xd1\x84\x01\n"));
    QVERIFY(!ran.out.isEmpty());
    const QJsonObject object = objectOf(ran.out);
    QVERIFY(object.value("input").toString().contains(QChar(0x0444)));
    QVERIFY(object.value("input").toString().contains(QChar(0xfffd)));
}

void TestShardlensctl::aLineWithoutEndIsBounded()
{
    const Ran ran = run({"id", "decode"}, QByteArray(3 << 20, '7') + "\n1\n");
    QCOMPARE(ran.exit, 1);
    QVERIFY(ran.out.endsWith(QStringLiteral("\n1\t1\tB\t2011-08-24T21:07:01.721Z\t0\t1\n")));
}

void TestShardlensctl::anAnswerComesBeforeTheInputEnds()
{
    QProcess process;
    process.start(QStringLiteral(SHARDLENSCTL), {"id", "decode"});
    QVERIFY(process.waitForStarted());
    process.write("B\n");
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 10000);
    QCOMPARE(process.readLine(), QByteArray("B\t1\tB\t2011-08-24T21:07:01.721Z\t0\t1\n"));
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
}

void TestShardlensctl::manyLinesKeepTheirOrder()
{
    QByteArray input;
    const int count = 200000; // more than several of the program's own buffers
    for (int i = 0; i < count; ++i)
        input += QByteArray::number(i) + '\n';
    const Ran ran = run({"id", "decode"}, input);
    QCOMPARE(ran.exit, 0);
    const QStringList lines = ran.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), count);
    for (int i = 0; i < count; ++i)
        QVERIFY2(lines[i].startsWith(QString::number(i) + QLatin1Char('\t')), qPrintable(lines[i]));
}

void TestShardlensctl::theLayoutOfTheFleetFileHolds()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("fleet.toml"));
    QFile example(pathOf("/resources/fleet/example.toml"));
    QVERIFY(example.open(QIODevice::ReadOnly));
    QByteArray text = example.readAll();
    text.replace("shard_bits = 13", "shard_bits = 12").replace("sequence_bits = 10", "sequence_bits = 11");
    QFile other(path);
    QVERIFY(other.open(QIODevice::WriteOnly));
    other.write(text);
    other.close();
    for (const Ran &ran :
         {run({"--fleet", path, "id", "decode", "CZVEugIPkVn", "--json"}), run({"id", "decode", "CZVEugIPkVn", "--json"}, {}, path)}) {
        QCOMPARE(ran.exit, 0);
        const QJsonObject object = objectOf(ran.out);
        QCOMPARE(object.value("shard").toInt(), 3985 / 2);
        QCOMPARE(object.value("sequence").toInt(), 1024 + 359);
        QCOMPARE(object.value("minted_at").toString(), QStringLiteral("2022-01-29T21:35:41.033Z"));
    }
    const Ran bad = run({"id", "decode", "B", "--fleet", pathOf("/tests/core/fleet/ten_errors.toml")});
    QCOMPARE(bad.exit, 3);
    QVERIFY(bad.err.contains(QStringLiteral("ten_errors.toml, line 4: environment")));
    QCOMPARE(run({"id", "decode", "B", "--fleet", path, "--from", "mars"}).exit, 2);
}

void TestShardlensctl::encodingGivesBackTheId()
{
    for (const char *minted : {"2022-01-29T21:35:41.033Z", "2022-01-29 21:35:41.033", "1643492141033"}) {
        const Ran ran = run({"id", "encode", "--minted", minted, "--shard", "3985", "--sequence", "359", "--json"});
        QCOMPARE(ran.exit, 0);
        QCOMPARE(objectOf(ran.out).value("id").toString(), QStringLiteral("2762134734241678695"));
        QCOMPARE(objectOf(ran.out).value("shortcode").toString(), QStringLiteral("CZVEugIPkVn"));
    }
    QVERIFY(
        run({"id", "encode", "--minted", "2022-01-29T21:35:41.033Z", "--shard", "3985"}).out.contains(QStringLiteral("  shortcode   ")));
}

void TestShardlensctl::encodingRefusesWhatDoesNotFit()
{
    const Ran text = run({"id", "encode", "--minted", "2022-01-29", "--shard", "8192"});
    QCOMPARE(text.exit, 1);
    QVERIFY(text.err.contains(QStringLiteral("shard 8192 is above the last one, 8191")));
    const Ran json = run({"id", "encode", "--minted", "2011-01-01", "--shard", "1", "--json"});
    QCOMPARE(json.exit, 1);
    QVERIFY(objectOf(json.out).value("error").toString().contains(QStringLiteral("is before the epoch")));
}

void TestShardlensctl::aGoodFleetFileIsWell()
{
    const QString example = pathOf("/resources/fleet/example.toml");
    const Ran ran = run({"fleet", "check", example});
    QCOMPARE(ran.out,
             example + QStringLiteral(": nothing to complain about. insta-main (production): 2 regions, 2 hosts, 6 servers, 1 partition, "
                            "2 clusters, 1 router, 1 redis group, 1 pool, 1 guard, 1 invalidator.\n"));
    QCOMPARE(ran.exit, 0);
    QCOMPARE(run({"fleet", "check"}, {}, example).exit, 0);
    QCOMPARE(run({"fleet", "check", "--fleet", example}).exit, 0);
}

void TestShardlensctl::aBadFleetFileIsAProblem()
{
    const Ran ran = run({"fleet", "check", pathOf("/tests/core/fleet/ten_errors.toml")});
    QCOMPARE(ran.exit, 1);
    QCOMPARE(ran.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts).size(), 10);
    QVERIFY(ran.err.isEmpty());
}

void TestShardlensctl::aFleetFileAsJson()
{
    const QJsonObject good = objectOf(run({"fleet", "check", pathOf("/resources/fleet/example.toml"), "--json"}).out);
    QCOMPARE(good.value("ok").toBool(), true);
    QCOMPARE(good.value("servers").toInt(), 6);
    QVERIFY(good.value("complaints").toArray().isEmpty());
    const QJsonObject bad = objectOf(run({"fleet", "check", pathOf("/tests/core/fleet/ten_errors.toml"), "--json"}).out);
    QCOMPARE(bad.value("ok").toBool(true), false);
    QCOMPARE(bad.value("complaints").toArray().size(), 10);
    const QJsonObject first = bad.value("complaints").toArray().first().toObject();
    QCOMPARE(first.value("line").toInt(), 4);
    QCOMPARE(first.value("suggestion").toString(), QStringLiteral("production"));
}

/// A fleet of six servers on ports of loopback where nothing listens, as they are taken and let go again.
static QString silentFleet(const QTemporaryDir &folder)
{
    QFile example(pathOf("/resources/fleet/example.toml"));
    if (!example.open(QIODevice::ReadOnly))
        return {};
    QByteArray text = example.readAll();
    for (const char *address : {"db1-wan.example:5432", "db1.example:5432", "db2.example:5432", "db1.example:5433", "db1.example:6432",
                                "db1.example:6379", "db1.example:11211", "db1.example:7400"}) {
        QTcpServer server;
        if (!server.listen(QHostAddress::LocalHost))
            return {};
        text.replace(QByteArray("\"") + address, QByteArray("\"127.0.0.1:") + QByteArray::number(server.serverPort()));
    }
    text.replace("\"verify-full\"", "\"disable\"");
    const QString path = folder.filePath(QStringLiteral("silent.toml"));
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? path : QString();
}

void TestShardlensctl::aFleetThatDoesNotRunIsToldInTime()
{
    const QTemporaryDir folder;
    const QString fleet = silentFleet(folder);
    QVERIFY(!fleet.isEmpty());
    QElapsedTimer timer;
    timer.start();
    const Ran status = run({"--fleet", fleet, "status"});
    QVERIFY2(timer.elapsed() < 10000, "a fleet that refuses is no reason to wait");
    QCOMPARE(status.exit, 1);
    QVERIFY2(status.out.startsWith(QStringLiteral("insta-main (production), seen from us-east, ")), qPrintable(status.out));
    QVERIFY2(status.out.contains(QStringLiteral("0 of 6 servers answered.")), qPrintable(status.out));
    const Ran json = run({"--fleet", fleet, "status", "--json", "--from", "us-west"});
    QCOMPARE(json.exit, 1);
    QCOMPARE(objectOf(json.out).value("servers_answered").toInt(-1), 0);
    QCOMPARE(objectOf(json.out).value("from").toString(), QStringLiteral("us-west"));
    const Ran servers = run({"--fleet", fleet, "servers", "--json"});
    QCOMPARE(servers.exit, 1);
    const QStringList lines = servers.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 6);
    for (const QString &line : lines) {
        QVERIFY2(objectOf(line).value("role").isNull(), qPrintable(line));
        QVERIFY2(!objectOf(line).value("error").toString().isEmpty(), qPrintable(line));
        if (objectOf(line).value("kind").toString() == QLatin1String("memcached")) // the others miss their secrets first
            QCOMPARE(objectOf(line).value("error_code").toString(), QStringLiteral("refused"));
    }
    QCOMPARE(run({"--fleet", fleet, "replication"}).exit, 1);
    const Ran shards = run({"--fleet", fleet, "shards"});
    QCOMPARE(shards.exit, 3);
    QVERIFY2(shards.err.contains(QStringLiteral("no catalog could be read")), qPrintable(shards.err));
}

void TestShardlensctl::watchingBeginsAndEnds()
{
    const QTemporaryDir folder;
    const QString fleet = silentFleet(folder);
    QProcess process;
    process.start(QStringLiteral(SHARDLENSCTL), {"--fleet", fleet, "watch", "--json"});
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 20000);
    const QJsonObject first = objectOf(QString::fromUtf8(process.readLine()));
    QCOMPARE(first.value("kind").toString(), QStringLiteral("watching"));
    QCOMPARE(first.keys(), (QStringList{"after", "at", "before", "kind", "subject", "text"}));
    process.terminate();
    QVERIFY(process.waitForFinished(10000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(run({"--fleet", fleet, "watch", "--for", "0.5"}).exit, 0);
    QCOMPARE(run({"--fleet", fleet, "watch", "--for", "-1"}).exit, 2);
}

void TestShardlensctl::liveCommandsNeedAFleetFile()
{
    for (const char *command : {"status", "problems", "servers", "shards", "replication", "routers", "redis", "watch"}) {
        const Ran ran = run({command});
        QCOMPARE(ran.exit, 2);
        QVERIFY2(ran.err.contains(QStringLiteral("No fleet file")), qPrintable(ran.err));
    }
    QCOMPARE(run({"cache", "show"}).exit, 2);
}

QTEST_GUILESS_MAIN(TestShardlensctl)
#include "test_shardlensctl.moc"
