// SPDX-License-Identifier: GPL-3.0-or-later
// A region without a guard: its old primary is turned off by a command, its routers and hosts are acted on by the executor itself, on the admin
// console, by a shell here and by ssh to a real sshd on loopback. Assertions are on rows, roles, routers, processes, and on which members a
// plain INSERT as the application commits at all.
#include "app/localfleet/Files.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Process.h"
#include "core/fleet/FleetFile.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"
#include "tests/live/operate/Writability.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <functional>
#include <optional>

#include <pwd.h>
#include <unistd.h>

using namespace shardlens;
using live::ActingFleet;
using live::Ledger;
using live::Ran;
using live::waitFor;
using live::Writability;

namespace {

constexpr int patience = 30000;
const QStringList anyway{"--force", "recent_move=a test", "--force", "expected_pause=a test", "--force", "data_loss=a test"};
const std::vector<std::string> regions{"us-east", "us-west", "eu-west"};

fleet::Host &hostOf(fleet::Fleet &fleet, const std::string &server)
{
    const base::HostName name = fleet.server(base::ServerId(server))->host;
    return *std::find_if(fleet.hosts.begin(), fleet.hosts.end(), [&](const fleet::Host &one) { return one.name == name; });
}

/// Who owns the servers by now.
std::string ownerName()
{
    return ::getpwuid(::geteuid())->pw_name;
}

} // namespace

class LiveWithoutGuardTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void readinessAndPlanSaySo();
    void aRouterIsPausedAndResumed();
    void aSwitchoverGoesByShellAndSsh();
    void aFrozenPrimaryIsStoppedBySsh();
    void noPasswordIsAskedFor();
    void whereTheCommandFailsNothingIsPromoted();
    void aFrozenPrimaryIsTurnedOff();

private:
    [[nodiscard]] std::string startSshd();
    [[nodiscard]] std::string change(const std::function<void(fleet::Fleet &)> &how) const; ///< the fleet file; an error, or nothing
    void goHome(const std::string &cluster, const std::string &to);
    void verifyWell(const std::string &cluster, const std::string &primary, Ledger &ledger);
    void writeHook(const char *end) const;
    [[nodiscard]] QString path(const char *name) const { return m_folder->filePath(QString::fromUtf8(name)); }

    ActingFleet m_fleet;
    std::optional<QTemporaryDir> m_folder;
    QProcess m_sshd;
    quint16 m_port = 0;
};

/// Lets in whoever owns the servers, by a key that lies beside it, and runs as them.
std::string LiveWithoutGuardTest::startSshd()
{
    for (const char *key : {"host", "key"}) {
        if (QProcess::execute(QStringLiteral("ssh-keygen"), {"-q", "-t", "ed25519", "-N", "", "-f", path(key)}) != 0)
            return "ssh-keygen failed";
    }
    {
        QTcpServer free; // one that is free now
        if (!free.listen(QHostAddress::LocalHost))
            return "no port is free";
        m_port = free.serverPort();
    }
    const auto write = [&](const char *name, const QByteArray &text) {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    QFile host(path("host.pub"));
    const bool isWritten =
        host.open(QIODevice::ReadOnly) && write("known_hosts", "[127.0.0.1]:" + QByteArray::number(m_port) + " " + host.readAll()) &&
        write("sshd_config", "Port " + QByteArray::number(m_port) + "\nListenAddress 127.0.0.1\nHostKey " + path("host").toUtf8() + "\nAuthorizedKeysFile " + path("key.pub").toUtf8() +
                                 "\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nX11Forwarding no\n");
    if (!isWritten)
        return "sshd's files could not be written";
    m_sshd.setChildProcessModifier([] { localfleet::dropRootForGood(); });
    m_sshd.start(QStringLiteral("/usr/sbin/sshd"), {"-D", "-e", "-f", path("sshd_config")});
    return m_sshd.waitForStarted() ? std::string() : "sshd did not start";
}

std::string LiveWithoutGuardTest::change(const std::function<void(fleet::Fleet &)> &how) const
{
    const std::filesystem::path file = m_fleet.ground().home.fleetFile();
    auto read = fleet::readFleetFile(file.string());
    if (!read)
        return "the fleet file cannot be read";
    fleet::Fleet changed = *read;
    how(changed);
    const auto written = localfleet::writeFile(file, fleet::toToml(changed));
    return written ? std::string() : written.error().message;
}

void LiveWithoutGuardTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("without-guard", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    // As the servers' owner by now: nobody else must reach the keys, and the executor is root where this is started by root.
    m_folder.emplace(QStringLiteral("/tmp/shardlens-without-guard-XXXXXX"));
    QVERIFY(m_folder->isValid());
    const std::string sshd = startSshd();
    QVERIFY2(sshd.empty(), sshd.c_str());
    const auto guard = localfleet::recorded(m_fleet.ground().home.pidFile("guard-us-east"));
    QVERIFY(guard);
    QVERIFY(ActingFleet::signal(guard->pid, SIGTERM));
    const std::string changed = change([this](fleet::Fleet &fleet) {
        std::erase_if(fleet.guards, [](const fleet::Guard &one) { return one.region.text() == "us-east"; });
        fleet::HostReach &members = hostOf(fleet, "m1-us-east").reach;
        members = {fleet::HostReach::Way::Ssh, ownerName() + "@127.0.0.1", {}};
        members.options = {"Port=" + std::to_string(m_port), "IdentityFile=" + path("key").toStdString(), "IdentitiesOnly=yes",
                           "UserKnownHostsFile=" + path("known_hosts").toStdString(), "StrictHostKeyChecking=yes"};
        fleet::HostReach router{fleet::HostReach::Way::Local, {}, {}};
        if (::getuid() == 0)
            router.runAs = {"setpriv", "--reuid=" + ownerName(), "--regid=" + ownerName(), "--clear-groups"};
        fleet.hosts.push_back({base::HostName("edge"), base::RegionName("us-east"), router});
        // The server that is turned off stands alone, and nothing else leads to its host.
        fleet.hosts.push_back({base::HostName("alone"), base::RegionName("us-east"), {}, {{path("turn-off").toStdString(), "{host}", "{server}"}, base::seconds(10)}});
        for (fleet::Server &server : fleet.servers) {
            if (server.id.text() == "u1-us-east")
                server.host = base::HostName("alone");
            if (server.id.text() == "router-us-east")
                server.host = base::HostName("edge");
            if (server.id.text() == "m1-us-east") { // no guard remembers them
                server.dataDirectory = m_fleet.ground().home.pgData("m1-us-east").string();
                server.configFile = (m_fleet.ground().home.etc("m1-us-east") / "postgresql.conf").string();
            }
        }
    });
    QVERIFY2(changed.empty(), changed.c_str());
    QVERIFY(m_fleet.becomesReady("m1"));
}

void LiveWithoutGuardTest::cleanupTestCase()
{
    m_sshd.terminate();
    m_sshd.waitForFinished();
}

void LiveWithoutGuardTest::readinessAndPlanSaySo()
{
    const Ran readiness = m_fleet.ctl({"readiness", "m1"});
    QVERIFY2(readiness.out.contains("without guard in us-east acts through") && readiness.out.contains("ssh "), (readiness.out + readiness.err).constData());
    const Ran plan = m_fleet.ctl({"switchover", "m1", "--to", "m1-us-west", "--plan"});
    const QByteArray stop = "ssh " + QByteArray::fromStdString(ownerName()) + "@127.0.0.1: pg_ctl stop -m fast -D '";
    QVERIFY2(plan.out.contains(stop), (plan.out + plan.err).constData());
    QVERIFY2(plan.out.contains("this machine"), plan.out.constData());
}

void LiveWithoutGuardTest::aRouterIsPausedAndResumed()
{
    Ran ran = m_fleet.ctl({"router", "pause", "m1", "--router", "us-east"});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    ran = m_fleet.ctl({"router", "resume", "m1", "--router", "us-east"});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
}

/// One primary, its standbys stream, every router leads there, writes flow, and what was acknowledged is there.
void LiveWithoutGuardTest::verifyWell(const std::string &cluster, const std::string &primary, Ledger &ledger)
{
    const std::string amiss = m_fleet.whyNotWell(cluster, primary);
    QVERIFY2(amiss.empty(), amiss.c_str());
    const std::size_t now = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > now + 10; }, patience));
}

void LiveWithoutGuardTest::goHome(const std::string &cluster, const std::string &to)
{
    QVERIFY(m_fleet.becomesReady(QString::fromStdString(cluster)));
    const Ran ran = m_fleet.ctl(QStringList{"switchover", QString::fromStdString(cluster), "--to", QString::fromStdString(to)} + anyway);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    const std::string amiss = m_fleet.whyNotWell(cluster, to);
    QVERIFY2(amiss.empty(), amiss.c_str());
}

void LiveWithoutGuardTest::aSwitchoverGoesByShellAndSsh()
{
    QVERIFY(m_fleet.becomesReady("m1"));
    Ledger ledger(m_fleet.ground(), "m1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    ledger.start();
    QVERIFY(waitFor([&] { return ledger.count() > 20; }, patience));
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "m1", "--to", "m1-us-west"} + anyway);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData()); // the old primary was stopped, rewound and brought back by ssh
    verifyWell("m1", "m1-us-west", ledger);
    ledger.stop();
    const Ledger::Tale tale = ledger.tale();
    QVERIFY2(tale.failed == 0, tale.firstError.c_str());
    QCOMPARE(QString::fromStdString(ledger.missingOn("m1-us-west")), QStringLiteral("0"));
    qInfo("longest gap between two commits: %.0f ms", double(tale.longestGap.count()) / 1000);
    goHome("m1", "m1-us-east");
}

/// Frozen, it is killed by its processes, never thawed; then the file's word of its death is a proof, and the person's only opens the way.
void LiveWithoutGuardTest::aFrozenPrimaryIsStoppedBySsh()
{
    QVERIFY(m_fleet.becomesReady("m1"));
    Writability writable(m_fleet.ground(), "m1");
    QCOMPARE(QString::fromStdString(writable.begin()), QString());
    QVERIFY(waitFor([&] { return writable.commits() > 20; }, patience));
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", "m1-us-east")), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "m1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    const Ran ran = m_fleet.ctl(QStringList{"failover", "m1", "--to", "m1-us-west", "--force", "old_primary_stopped=it hangs"} + anyway, 120000);
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    const QByteArray journal = ActingFleet::read(m_fleet.newestJournal());
    QVERIFY2(!journal.contains("\"state\":\"left\""), (ran.out + ran.err).constData()); // it rejoined, too
    QCOMPARE(QString::fromStdString(writable.sequence()), QStringLiteral("m1-us-east m1-us-west"));
    writable.stop();
    (void)m_fleet.heal("freeze", "m1-us-east"); // nothing of it is left to thaw
    const std::string amiss = m_fleet.whyNotWell("m1", "m1-us-west");
    QVERIFY2(amiss.empty(), amiss.c_str());
    goHome("m1", "m1-us-east");
}

/// A key that the host does not know ends the way there at once, and nobody is asked for a password: what goes by it is left, and done later.
void LiveWithoutGuardTest::noPasswordIsAskedFor()
{
    const auto identity = [this](const QString &key) {
        return change([&](fleet::Fleet &fleet) {
            for (std::string &option : hostOf(fleet, "m1-us-east").reach.options) {
                if (option.starts_with("IdentityFile="))
                    option = "IdentityFile=" + key.toStdString();
            }
        });
    };
    QVERIFY(m_fleet.becomesReady("m1"));
    QCOMPARE(QString::fromStdString(identity(path("host"))), QString());
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "m1", "--to", "m1-us-west"} + anyway, 180000);
    QCOMPARE(QString::fromStdString(identity(path("key"))), QString());
    QVERIFY2(ran.exit == 4, (ran.out + ran.err).constData()); // the old primary's stop and return are left, in sight
    QCOMPARE(QString::fromStdString(m_fleet.ask("m1-us-east", "SHOW default_transaction_read_only")), QStringLiteral("on"));
    const QString id = QFileInfo(m_fleet.newestJournal()).completeBaseName();
    const Ran resumed = m_fleet.ctl({"operations", "resume", id}, 120000);
    QVERIFY2(resumed.exit == 0, (resumed.out + resumed.err).constData());
    goHome("m1", "m1-us-east");
}

/// What stands for a power switch: it writes down what it was told, ends all processes of the server, and says how that went.
void LiveWithoutGuardTest::writeHook(const char *end) const
{
    QFile hook(path("turn-off"));
    QVERIFY(hook.open(QIODevice::WriteOnly));
    hook.write("#!/bin/sh\n"
               "echo \"$1 $2 $SHARDLENS_HOST $SHARDLENS_SERVER $SHARDLENS_CLUSTER because $SHARDLENS_REASON\" >>" + path("told").toUtf8() + "\n"
               "end() {\n"
               "    first=$(head -n 1 '" + QByteArray::fromStdString(m_fleet.ground().home.pgData("u1-us-east").string()) + "/postmaster.pid')\n"
               "    kill -KILL \"$first\"\n"
               "    for child in /proc/[0-9]*; do\n"
               "        [ \"$child/cwd\" -ef '" + QByteArray::fromStdString(m_fleet.ground().home.pgData("u1-us-east").string()) + "' ] && kill -KILL \"${child#/proc/}\"\n"
               "    done\n"
               "    echo 'the outlet of alone is off'\n"
               "}\n");
    hook.write(end);
    hook.close();
    QVERIFY(hook.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther));
}

void LiveWithoutGuardTest::whereTheCommandFailsNothingIsPromoted()
{
    writeHook("echo 'the switch does not answer' >&2; exit 1\n");
    QVERIFY(m_fleet.becomesReady("u1"));
    Writability writable(m_fleet.ground(), "u1");
    QCOMPARE(QString::fromStdString(writable.begin()), QString());
    QVERIFY(waitFor([&] { return writable.commits() > 20; }, patience));
    const std::int64_t term = m_fleet.term("u1-us-west");
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", "u1-us-east")), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    const Ran ran = m_fleet.ctl(QStringList{"failover", "u1", "--to", "u1-us-west"} + anyway, 120000);
    QCOMPARE(QString::fromStdString(m_fleet.heal("freeze", "u1-us-east")), QString());
    QVERIFY2(ran.exit == 3, (ran.out + ran.err).constData());
    const QByteArray journal = ActingFleet::read(m_fleet.newestJournal());
    QVERIFY2(journal.contains("ended with 1: the switch does not answer") && journal.contains("\"outcome\":\"rolled_back\""), journal.constData());
    const std::string amiss = m_fleet.whyNotWell("u1", "u1-us-east");
    QVERIFY2(amiss.empty(), amiss.c_str());
    QCOMPARE(m_fleet.term("u1-us-west"), term);
    const std::size_t now = writable.commits();
    QVERIFY(waitFor([&] { return writable.commits() > now + 20; }, patience));
    QCOMPARE(QString::fromStdString(writable.sequence()), QStringLiteral("u1-us-east"));
}

void LiveWithoutGuardTest::aFrozenPrimaryIsTurnedOff()
{
    writeHook("end; exit 0\n");
    QVERIFY(m_fleet.becomesReady("u1"));
    Writability writable(m_fleet.ground(), "u1");
    QCOMPARE(QString::fromStdString(writable.begin()), QString());
    QVERIFY(waitFor([&] { return writable.commits() > 20; }, patience));
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", "u1-us-east")), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    QFile::remove(path("told"));
    const QString reason = QStringLiteral("it hangs; $(touch %1) `id` 'quoted'").arg(path("taken-apart"));
    const Ran ran = m_fleet.ctl(QStringList{"failover", "u1", "--to", "u1-us-west", "--reason", reason} + anyway, 180000);
    QVERIFY2(ran.exit == 4, (ran.out + ran.err).constData()); // what is off does not rejoin by itself
    QCOMPARE(ActingFleet::read(path("told")), "alone u1-us-east alone u1-us-east u1 because " + reason.toUtf8() + "\n"); // once, and word by word
    QVERIFY(!QFile::exists(path("taken-apart")));
    const QByteArray journal = ActingFleet::read(m_fleet.newestJournal());
    QVERIFY2(journal.contains("the outlet of alone is off\\nhost: off"), journal.constData());
    QCOMPARE(QString::fromStdString(m_fleet.primaries("u1")), QStringLiteral("u1-us-west"));
    QCOMPARE(QString::fromStdString(writable.sequence()), QStringLiteral("u1-us-east u1-us-west"));
    for (const std::string &region : regions)
        QVERIFY2(m_fleet.leads(region, "u1", "u1-us-west"), region.c_str());
}

QTEST_GUILESS_MAIN(LiveWithoutGuardTest)
#include "test_live_without_guard.moc"
