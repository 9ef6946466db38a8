// SPDX-License-Identifier: GPL-3.0-or-later
// What is done on a host by a shell: to a process that is called postgres and works in a data directory, and to files. The way there is this
// machine's; that ssh carries the same is for the tests with real servers.
#include "core/effects/HostShell.h"
#include "core/effects/LogEndText.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>

#include <sys/stat.h>

using namespace shardlens;
using namespace std::chrono_literals;
using operate::HostAct;
using operate::HostDeed;

class TestHostShell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void whetherItRuns();
    void aServerIsStopped_data();
    void aServerIsStopped();
    void aDeclaredCommandComesFirst();
    void whatIsNotKnownIsNoProof_data();
    void whatIsNotKnownIsNoProof();
    void aStoppedOneBecomesAStandby();
    void filesOfAnyText();
    void roomForItsData();
    void whereARecordEnds_data();
    void whereARecordEnds();
    void theEndOfAStoppedLog();
    void whatOnlyAGuardDoes();

private:
    [[nodiscard]] base::Result<std::string> carryOut(HostDeed deed, base::milliseconds within = 8s) const;
    [[nodiscard]] base::Result<std::string> carryOut(HostAct act) const;
    void run(const QString &program = QStringLiteral("/bin/sleep"));
    [[nodiscard]] QString path(const char *name) const { return m_folder->filePath(QString::fromUtf8(name)); }
    [[nodiscard]] QByteArray textOf(const QString &file) const;
    void write(const QString &file, const QByteArray &text) const;

    std::optional<QTemporaryDir> m_folder;
    QProcess m_server;
    std::shared_ptr<fleet::Fleet> m_fleet;
};

void TestHostShell::init()
{
    m_folder.emplace();
    QVERIFY(QDir().mkpath(path("it's data/pg_replslot/old")));
    write(path("it's data/PG_VERSION"), "15\n");
    m_fleet = std::make_shared<fleet::Fleet>();
    m_fleet->regions = {{base::RegionName("here")}};
    m_fleet->hosts = {{base::HostName("box"), base::RegionName("here"), {fleet::HostReach::Way::Local, {}, {}}}};
    m_fleet->servers = {{base::ServerId("u1-a"), fleet::ServerKind::Postgres, base::HostName("box"), base::RegionName("here"), {{"127.0.0.1", 6001}, {}}}};
    m_fleet->clusters.push_back({base::ClusterName("u1"), {}, base::RegionName("here"), {base::ServerId("u1-a")}});
}

void TestHostShell::cleanup()
{
    if (m_server.state() == QProcess::NotRunning)
        return;
    m_server.kill();
    m_server.waitForFinished();
}

QByteArray TestHostShell::textOf(const QString &file) const
{
    QFile read(file);
    return read.open(QIODevice::ReadOnly) ? read.readAll() : "nothing";
}

void TestHostShell::write(const QString &file, const QByteArray &text) const
{
    QFile made(file);
    QVERIFY(made.open(QIODevice::WriteOnly));
    made.write(text);
}

/// A copy of a program that is called as a server is; a script would be called as its shell.
void TestHostShell::run(const QString &program)
{
    const QString copy = path("postgres");
    QVERIFY(QFile::copy(program, copy));
    m_server.setWorkingDirectory(path("it's data"));
    m_server.start(copy, {QStringLiteral("600")});
    QVERIFY(m_server.waitForStarted());
    write(path("it's data/postmaster.pid"), QByteArray::number(m_server.processId()) + "\n");
}

base::Result<std::string> TestHostShell::carryOut(HostDeed deed, base::milliseconds within) const
{
    if (deed.directory.empty())
        deed.directory = path("it's data").toStdString();
    return effects::HostShell(m_fleet).carryOut(base::ServerId("u1-a"), deed, std::chrono::steady_clock::now() + within);
}

base::Result<std::string> TestHostShell::carryOut(HostAct act) const
{
    HostDeed deed;
    deed.act = act;
    return carryOut(deed);
}

void TestHostShell::whetherItRuns()
{
    QCOMPARE(carryOut(HostAct::AskStopped).value_or("error"), std::string("stopped"));
    run();
    QCOMPARE(carryOut(HostAct::AskStopped).value_or("error"), std::string("runs"));
    QFile::remove(path("it's data/postmaster.pid")); // its processes tell, not its file
    QCOMPARE(carryOut(HostAct::AskStopped).value_or("error"), std::string("runs"));
    ::kill(pid_t(m_server.processId()), SIGSTOP);
    QCOMPARE(carryOut(HostAct::AskStopped).value_or("error"), std::string("runs"));
}

void TestHostShell::aServerIsStopped_data()
{
    QTest::addColumn<bool>("isFrozen");
    QTest::addColumn<bool>("hasFile");
    QTest::newRow("as one asks it to") << false << true;
    QTest::newRow("frozen: it is not thawed") << true << true;
    QTest::newRow("its lock file is gone") << false << false;
}

void TestHostShell::aServerIsStopped()
{
    QFETCH(bool, isFrozen);
    QFETCH(bool, hasFile);
    run();
    if (isFrozen)
        ::kill(pid_t(m_server.processId()), SIGSTOP);
    if (!hasFile)
        QFile::remove(path("it's data/postmaster.pid"));
    const auto said = carryOut(HostAct::Stop);
    QVERIFY2(said.has_value(), said ? "" : said.error().message.c_str());
    QCOMPARE(*said, std::string("stopped"));
    QVERIFY(m_server.waitForFinished(1000));
    QCOMPARE(m_server.exitCode(), isFrozen || !hasFile ? SIGKILL : SIGINT); // of a process that a signal ended
    QCOMPARE(carryOut(HostAct::Stop).value_or("error"), std::string("stopped")); // as often as one likes
}

/// A service manager would start again what was killed behind its back.
void TestHostShell::aDeclaredCommandComesFirst()
{
    run();
    m_fleet->servers[0].stopCommand = {"/bin/sh", "-c", "echo \"$0 $1\" >\"$2\"; exit 1", "it's", "told", path("told").toStdString()};
    QCOMPARE(carryOut(HostAct::Stop).value_or("error"), std::string("stopped")); // that one failed: its processes were ended all the same
    QCOMPARE(textOf(path("told")), QByteArray("it's told\n"));
}

void TestHostShell::whatIsNotKnownIsNoProof_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("code");
    QTest::newRow("no directory is named") << "unknown" << int(base::ErrorCode::NotFound);
    QTest::newRow("there is none") << "gone" << int(base::ErrorCode::Rejected);
    QTest::newRow("it is none") << "empty" << int(base::ErrorCode::Rejected);
    QTest::newRow("no way leads there") << "no way" << int(base::ErrorCode::Unavailable);
    QTest::newRow("who would run it is not there") << "nobody" << int(base::ErrorCode::Rejected);
}

void TestHostShell::whatIsNotKnownIsNoProof()
{
    QFETCH(QString, what);
    QFETCH(int, code);
    HostDeed deed;
    deed.act = HostAct::AskStopped;
    deed.directory = path(what == QLatin1String("gone") ? "gone" : "it's data").toStdString();
    if (what == QLatin1String("empty"))
        QFile::remove(path("it's data/PG_VERSION"));
    if (what == QLatin1String("no way"))
        m_fleet->hosts[0].reach = {};
    if (what == QLatin1String("nobody"))
        m_fleet->hosts[0].reach.runAs = {"/no/such/sudo", "-n"};
    const effects::HostShell shell(m_fleet);
    if (what == QLatin1String("unknown"))
        deed.directory.clear();
    const auto said = shell.carryOut(base::ServerId("u1-a"), deed, std::chrono::steady_clock::now() + 5s);
    QVERIFY(!said);
    QCOMPARE(int(said.error().code), code);
}

void TestHostShell::aStoppedOneBecomesAStandby()
{
    const QString settings = path("it's data/postgresql.auto.conf");
    write(settings, "work_mem = '1MB'\ndefault_transaction_read_only = 'on'\n");
    write(path("it's data/recovery.signal"), "");
    HostDeed deed;
    deed.act = HostAct::MakeStandby;
    deed.connection = "host=1 password='it''s $(id)'";
    deed.slot = "u1_a";
    QCOMPARE(carryOut(deed).value_or("error"), std::string("made"));
    QCOMPARE(textOf(settings), QByteArray("work_mem = '1MB'\nprimary_conninfo = 'host=1 password=''it''''s $(id)'''\nprimary_slot_name = 'u1_a'\n"));
    QCOMPARE(textOf(path("it's data/standby.signal")), QByteArray());
    QVERIFY(!QFile::exists(path("it's data/recovery.signal")));
    QVERIFY(QDir(path("it's data/pg_replslot")).isEmpty());
    run();
    const auto said = carryOut(deed);
    QVERIFY(!said);
    QVERIFY2(said.error().message.find("runs; it has to be stopped first") != std::string::npos, said.error().message.c_str());
}

void TestHostShell::whereARecordEnds_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("on the next multiple of 8") << QByteArray("rmgr: XLOG        len (rec/tot):    114/   114, tx:          0, lsn: 0/01500718, prev 0/015006D0, desc: CHECKPOINT_SHUTDOWN redo 0/1500718; tli 1")
                                               << QByteArray("0/1500790");
    QTest::newRow("with its page images") << QByteArray("rmgr: Heap        len (rec/tot):     54/   150, tx:        723, lsn: 16/015006D0, prev 16/01500630, desc: INSERT off 3 len (rec/tot): 9/9, lsn: 1/1")
                                          << QByteArray("16/1500768");
    QTest::newRow("over a page's header") << QByteArray("rmgr: Heap        len (rec/tot):     64/    64, tx:        723, lsn: 0/01501FE0, prev 0/01501F00, desc: INSERT") << QByteArray("0/1502038");
    QTest::newRow("right at a page's end") << QByteArray("rmgr: Heap        len (rec/tot):     32/    32, tx:        723, lsn: 0/01501FE0, prev 0/01501F00, desc: INSERT") << QByteArray("0/1502000");
    QTest::newRow("over a segment's") << QByteArray("rmgr: Heap        len (rec/tot):     64/    64, tx:        723, lsn: 0/01FFFFE0, prev 0/01FFFF00, desc: INSERT") << QByteArray("0/2000048");
    QTest::newRow("over two pages") << QByteArray("rmgr: Heap        len (rec/tot):     64/  8232, tx:        723, lsn: 0/01501FE0, prev 0/01501F00, desc: INSERT") << QByteArray("0/1504038");
    QTest::newRow("no record") << QByteArray("pg_waldump: error: error in WAL record at 0/1500718: invalid record length at 0/1500790: wanted 24, got 0") << QByteArray();
    QTest::newRow("half a record") << QByteArray("rmgr: XLOG        len (rec/tot):    114/   114, tx:") << QByteArray();
    QTest::newRow("of no length") << QByteArray("rmgr: XLOG        len (rec/tot):    x/   y, tx: 0, lsn: 0/01500718, prev 0/0") << QByteArray();
}

void TestHostShell::whereARecordEnds()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, end);
    const auto found = effects::endOfRecord(line.toStdString(), 16 << 20);
    QCOMPARE(QByteArray::fromStdString(found ? found->toString() : std::string()), end);
}

/// By a pg_waldump of ours, which finds nothing in the file that was made ahead.
void TestHostShell::theEndOfAStoppedLog()
{
    write(path("it's data/PG_VERSION"), "99\n"); // no programs of that one are installed
    QVERIFY(QDir().mkpath(path("bin")) && QDir().mkpath(path("it's data/pg_wal/archive_status")));
    write(path("bin/pg_ctl"), "");
    write(path("bin/pg_waldump"), "#!/bin/sh\nprintf '%s\\n' \"$*\" >>\"" + path("asked").toUtf8() + "\"\n"
                                  "case \"$*\" in\n*'-s 00000002/C000') echo 'rmgr: XLOG  len (rec/tot): 30/ 30, tx: 0, lsn: 2/0000C100, prev 2/0, desc: older'\n"
                                  "echo 'rmgr: Transaction  len (rec/tot): 66/ 66, tx: 7, lsn: 2/0000C200, prev 2/C100, desc: COMMIT'\n;; *) echo 'could not find a valid record' >&2; exit 1 ;; esac\n");
    for (const char *program : {"bin/pg_ctl", "bin/pg_waldump"})
        QVERIFY(QFile::setPermissions(path(program), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    const auto segment = [&](const char *name, int age) {
        write(path("it's data/pg_wal/") + QString::fromUtf8(name), QByteArray(16384, '\0'));
        QFile made(path("it's data/pg_wal/") + QString::fromUtf8(name));
        QVERIFY(made.open(QIODevice::ReadWrite));
        QVERIFY(made.setFileTime(QDateTime::currentDateTime().addSecs(-age), QFileDevice::FileModificationTime));
    };
    segment("000000110000000200000002", 60);
    segment("000000110000000200000003", 5);
    segment("000000110000000200000009", 90); // kept for another use: its name is newer, it was written long ago
    segment("000000110000000200000004", 1);
    const QByteArray before = qgetenv("PATH");
    qputenv("PATH", path("bin").toUtf8() + ":" + before);
    const auto logEnd = [&] {
        return effects::HostShell(m_fleet).logEndOf(base::ServerId("u1-a"), path("it's data").toStdString(), std::chrono::steady_clock::now() + 8s);
    };
    const auto end = logEnd();
    run();
    const auto running = logEnd();
    qputenv("PATH", before);
    QVERIFY2(end.has_value(), end ? "" : end.error().message.c_str());
    QCOMPARE(end->timeline, 17);
    QCOMPARE(end->end.toString(), std::string("2/C248"));
    QCOMPARE(textOf(path("asked")).count("-t 17"), 2);
    QVERIFY(!running);
    QVERIFY2(running.error().message.find("its log goes on") != std::string::npos, running.error().message.c_str());
    QCOMPARE(int(running.error().effect), int(base::Effect::None));
}

void TestHostShell::roomForItsData()
{
    const auto spaceOf = [&](const QString &directory) {
        return effects::HostShell(m_fleet).spaceOf(base::ServerId("u1-a"), directory.toStdString(), std::chrono::steady_clock::now() + 8s);
    };
    const auto room = spaceOf(path("it's data"));
    QVERIFY2(room.has_value(), room ? "" : room.error().message.c_str());
    const auto own = std::filesystem::space(path("it's data").toStdString());
    QVERIFY(room->free.count > 0 && room->free.count <= room->total.count);
    const auto total = static_cast<std::int64_t>(own.capacity);
    QVERIFY(room->total.count <= total + 1024 && room->total.count > total / 2); // some file systems count what they keep for themselves
    // The log on a file system with less room than the data decides; here it may be any that is mounted, with more or less.
    QVERIFY(QFile::link(QStringLiteral("/dev/shm"), path("it's data/pg_wal")));
    const auto withLog = spaceOf(path("it's data"));
    QVERIFY(withLog.has_value());
    QVERIFY(withLog->total.count == room->total.count || withLog->total.count == static_cast<std::int64_t>(std::filesystem::space("/dev/shm").capacity));
    const auto none = spaceOf(path("nothing"));
    QVERIFY(!none);
    QCOMPARE(int(none.error().effect), int(base::Effect::None));
    QVERIFY2(none.error().message.find("no data directory") != std::string::npos, none.error().message.c_str());
}

void TestHostShell::filesOfAnyText()
{
    const QString file = path("it's a file");
    const std::filesystem::path named = file.toStdString();
    const effects::HostShell shell(m_fleet);
    const effects::RouterFiles files = shell.filesOn(base::ServerId("u1-a"), std::chrono::steady_clock::now() + 10s);
    QVERIFY(!files.read(named));
    for (const std::string text : {"a = 'b'\n\n", "no line's end", "shardlens: end\n\nshardlens: begin\n`id` $HOME \\ \"\n", ""}) {
        write(file, "before");
        QVERIFY(::chmod(named.c_str(), 0640) == 0);
        const auto replaced = files.replace(named, text);
        QVERIFY2(replaced.has_value(), replaced ? "" : replaced.error().message.c_str());
        QCOMPARE(textOf(file), QByteArray::fromStdString(text));
        QCOMPARE(files.read(named).value_or("error"), text);
        struct stat info = {};
        QVERIFY(::stat(named.c_str(), &info) == 0);
        QCOMPARE(int(info.st_mode & 0777), 0640);
        QVERIFY(!QFile::exists(file + ".new"));
    }
}

void TestHostShell::whatOnlyAGuardDoes()
{
    for (const HostAct act : {HostAct::BeginCopy, HostAct::DropReplaced, HostAct::RepmgrSwitch, HostAct::PointStable}) {
        const auto said = carryOut(act);
        QVERIFY(!said);
        QCOMPARE(int(said.error().code), int(base::ErrorCode::Unavailable));
    }
}

QTEST_GUILESS_MAIN(TestHostShell)
#include "test_host_shell.moc"
