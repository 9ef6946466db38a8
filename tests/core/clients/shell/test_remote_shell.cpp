// SPDX-License-Identifier: GPL-3.0-or-later
// How a command comes to a host, what is read of its kernel, and what is said where it cannot be asked. An ssh of the test's own stands in
// for the real one.
#include "core/clients/shell/Remote.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using Way = fleet::HostReach::Way;

namespace {

fleet::Host hostBy(Way way, const std::string &target = {}, const std::string &bastion = {})
{
    return {fleet::HostName("db7"), fleet::RegionName("us-east"), {way, target, bastion}};
}

base::Instant soon(base::milliseconds in = 5s)
{
    return std::chrono::steady_clock::now() + in;
}

QString joined(const std::vector<std::string> &words)
{
    QStringList all;
    for (const std::string &word : words)
        all << QString::fromStdString(word);
    return all.join(QLatin1Char('|'));
}

} // namespace

class RemoteShellTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theWayThere_data();
    void theWayThere();
    void thisMachine();
    void whatSshSays_data();
    void whatSshSays();
    void itsKernel();
    void kernels_data();
    void kernels();

private:
    QTemporaryDir m_programs;
};

void RemoteShellTest::initTestCase()
{
    QVERIFY(m_programs.isValid());
    qputenv("PATH", m_programs.path().toUtf8() + ':' + qgetenv("PATH"));
    QFile ssh(m_programs.filePath(QStringLiteral("ssh")));
    QVERIFY(ssh.open(QIODevice::WriteOnly));
    // Does what a person's would: the last word is run by a shell, unless the target is one that is not there.
    ssh.write("#!/bin/sh\n"
              "for word in \"$@\"; do before=$last; last=$word; done\n"
              "case $before in\n"
              "gone) echo 'ssh: connect to host gone port 22: No route to host' >&2; exit 255;;\n"
              "hangs) sleep 60;;\n"
              "*) echo 'Welcome to db7'; exec /bin/sh -c \"$last\";;\n"
              "esac\n");
    ssh.close();
    QVERIFY(ssh.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
}

void RemoteShellTest::theWayThere_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<QString>("bastion");
    QTest::addColumn<QString>("words");
    QTest::newRow("none") << int(Way::None) << ""
                          << "";
    QTest::newRow("this machine") << int(Way::Local) << ""
                                  << "/bin/sh|-c|uname -r";
    QTest::newRow("by ssh") << int(Way::Ssh) << ""
                            << "ssh|-o|BatchMode=yes|-o|ConnectTimeout=5|--|ops@db7|uname -r";
    QTest::newRow("through another") << int(Way::Ssh) << "jump"
                                     << "ssh|-o|BatchMode=yes|-o|ConnectTimeout=5|-J|jump|--|ops@db7|uname -r";
}

void RemoteShellTest::theWayThere()
{
    QFETCH(int, way);
    QFETCH(QString, bastion);
    QFETCH(QString, words);
    QCOMPARE(joined(shell::commandLine({Way(way), "ops@db7", bastion.toStdString()}, "uname -r")), words);
}

void RemoteShellTest::thisMachine()
{
    const auto said = shell::runOn(hostBy(Way::Local), "echo one; echo two", soon());
    QVERIFY(said.has_value());
    QCOMPARE(*said, std::string("one\ntwo\n"));
    QCOMPARE(int(shell::runOn(hostBy(Way::None), "true", soon()).error().code), int(base::ErrorCode::Unavailable));
}

void RemoteShellTest::whatSshSays_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("command");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("part");
    QTest::newRow("it does not come through") << "gone"
                                              << "true" << int(base::ErrorCode::Unreachable) << "No route to host";
    QTest::newRow("the command fails there") << "db7"
                                             << "echo no such file >&2; exit 3" << int(base::ErrorCode::Rejected) << "ended with 3: ";
    QTest::newRow("it hangs") << "hangs"
                              << "true" << int(base::ErrorCode::TimedOut) << "not done in time";
}

void RemoteShellTest::whatSshSays()
{
    QFETCH(QString, target);
    QFETCH(QString, command);
    QFETCH(int, code);
    QFETCH(QString, part);
    const auto said = shell::runOn(hostBy(Way::Ssh, target.toStdString()), command.toStdString(), soon(1s));
    QVERIFY(!said);
    QCOMPARE(int(said.error().code), code);
    QVERIFY2(QString::fromStdString(said.error().message).contains(part), said.error().message.c_str());
    QVERIFY2(said.error().message.rfind("db7", 0) == 0, said.error().message.c_str());
}

void RemoteShellTest::itsKernel()
{
    QFile release(QStringLiteral("/proc/sys/kernel/osrelease"));
    QVERIFY(release.open(QIODevice::ReadOnly));
    const std::string running = release.readAll().trimmed().toStdString();
    for (const fleet::Host &host : {hostBy(Way::Local), hostBy(Way::Ssh, "db7")}) { // the second under what its login says
        const auto kernel = shell::kernelOf(host, soon());
        QVERIFY2(kernel.has_value(), kernel ? "" : kernel.error().message.c_str());
        QCOMPARE(kernel->release, running);
        QCOMPARE(kernel->bootId.size(), std::size_t(36));
        QVERIFY(kernel->bootedAt < base::SystemClock().utcNow() && kernel->bootedAt > base::UtcTime(base::seconds(1'500'000'000)));
    }
}

void RemoteShellTest::kernels_data()
{
    QTest::addColumn<QString>("said");
    QTest::addColumn<bool>("isKernel");
    QTest::newRow("as it is said") << "6.1.0-30-amd64\n2b1f\nbtime 1764460000\n" << true;
    QTest::newRow("with other ends of lines") << "6.1.0-30-amd64\r\n2b1f\r\nbtime 1764460000\r\n" << true;
    QTest::newRow("nothing") << "" << false;
    QTest::newRow("no boot time") << "6.1.0-30-amd64\n2b1f\n" << false;
    QTest::newRow("a boot time that is none") << "6.1.0-30-amd64\n2b1f\nbtime soon\n" << false;
}

void RemoteShellTest::kernels()
{
    QFETCH(QString, said);
    QFETCH(bool, isKernel);
    const auto kernel = shell::kernelIn(said.toStdString());
    QCOMPARE(kernel.has_value(), isKernel);
    if (!isKernel) {
        QCOMPARE(int(kernel.error().code), int(base::ErrorCode::Protocol));
        return;
    }
    QVERIFY(*kernel == (facts::Kernel{"6.1.0-30-amd64", "2b1f", base::UtcTime(base::seconds(1'764'460'000))}));
}

QTEST_GUILESS_MAIN(RemoteShellTest)
#include "test_remote_shell.moc"
