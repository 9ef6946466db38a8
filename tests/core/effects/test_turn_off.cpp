// SPDX-License-Identifier: GPL-3.0-or-later
// The command that turns a host off: what it is told, and what counts as its word.
#include "core/effects/TurnOff.h"
#include "core/operate/Met.h"
#include "core/operate/Stonith.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;

class TestTurnOff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatItIsTold();
    void whatItsEndSays_data();
    void whatItsEndSays();
    void whatWasReadIsWhatRuns();

private:
    [[nodiscard]] fleet::Fleet fleetWith(const QByteArray &script, base::seconds within = 5s);
    [[nodiscard]] base::Result<std::string> turnOff(const fleet::Fleet &fleet, const std::string &text = {}) const;

    QTemporaryDir m_folder;
};

fleet::Fleet TestTurnOff::fleetWith(const QByteArray &script, base::seconds within)
{
    QFile file(m_folder.filePath(QStringLiteral("off it")));
    if (!file.open(QIODevice::WriteOnly) || file.write("#!/bin/sh\n" + script) < 0)
        qFatal("no script");
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    fleet::Fleet fleet;
    fleet.regions = {{base::RegionName("here")}};
    fleet.hosts = {{base::HostName("db1"), base::RegionName("here"), {}, {{file.fileName().toStdString(), "--node={host}", "{server} of {cluster}", "$(id)"}, within}}};
    fleet.servers = {{base::ServerId("u1-a"), fleet::ServerKind::Postgres, base::HostName("db1"), base::RegionName("here"), {{"127.0.0.1", 6001}, {}}}};
    fleet.clusters.push_back({base::ClusterName("u1"), {}, base::RegionName("here"), {base::ServerId("u1-a")}});
    return fleet;
}

base::Result<std::string> TestTurnOff::turnOff(const fleet::Fleet &fleet, const std::string &text) const
{
    operate::Command command;
    command.by = operate::By::Stonith;
    command.on = base::ServerId("u1-a");
    command.text = text.empty() ? operate::stonithText(fleet, command.on) : text;
    return effects::turnOff(fleet, command, {"op-7", "it's \"dead\"; `id`"}, std::chrono::steady_clock::now() + 20s);
}

void TestTurnOff::whatItIsTold()
{
    const fleet::Fleet fleet = fleetWith("for word in \"$@\"; do echo \"$word\"; done\n"
                                         "echo \"$SHARDLENS_HOST|$SHARDLENS_SERVER|$SHARDLENS_CLUSTER|$SHARDLENS_ADDRESS|$SHARDLENS_OPERATION|$SHARDLENS_REASON\"\n");
    const auto said = turnOff(fleet);
    QVERIFY2(said.has_value(), said ? "" : said.error().message.c_str());
    QCOMPARE(*said, "--node=db1\nu1-a of u1\n$(id)\ndb1|u1-a|u1|127.0.0.1:6001|op-7|it's \"dead\"; `id`\n" + std::string(operate::turnedOff));
    QVERIFY(operate::isMet(operate::turnedOff, *said)); // as the plan expects it, whatever was written before
    QCOMPARE(operate::stonithText(fleet, base::ServerId("u1-a")), "'" + fleet.hosts[0].stonith.command[0] + "' --node=db1 'u1-a of u1' '$(id)'");
}

void TestTurnOff::whatItsEndSays_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<int>("code"); // -1: it is off
    QTest::addColumn<QString>("part");
    using Code = base::ErrorCode;
    QTest::newRow("well, in silence") << QByteArray("exit 0\n") << -1 << "";
    QTest::newRow("it failed, and says so") << QByteArray("echo no route >&2; exit 1\n") << int(Code::Rejected) << "what turns db1 off ended with 1: no route";
    QTest::newRow("it failed, and says that it did not") << QByteArray("echo 'host: off'; exit 2\n") << int(Code::Rejected) << "ended with 2";
    QTest::newRow("it was killed") << QByteArray("kill -9 $$\n") << int(Code::Rejected) << "ended with 137";
    QTest::newRow("it hangs") << QByteArray("echo trying; sleep 60\n") << int(Code::TimedOut) << "was not done in time: trying";
    QTest::newRow("it hangs, and lets others hold its output") << QByteArray("sleep 60 & sleep 60\n") << int(Code::TimedOut) << "was not done in time";
    QTest::newRow("it never stops writing") << QByteArray("yes trying\n") << int(Code::TimedOut) << "was not done in time";
    QTest::newRow("it asks for something") << QByteArray("read -r answer || exit 4\n") << int(Code::Rejected) << "ended with 4";
}

void TestTurnOff::whatItsEndSays()
{
    QFETCH(QByteArray, script);
    QFETCH(int, code);
    QFETCH(QString, part);
    const auto begun = std::chrono::steady_clock::now();
    const auto said = turnOff(fleetWith(script, 1s));
    QVERIFY(std::chrono::steady_clock::now() - begun < 4s);
    if (code == -1) {
        QCOMPARE(said.value_or(""), std::string(operate::turnedOff));
        return;
    }
    QVERIFY(!said);
    QCOMPARE(int(said.error().code), code);
    QVERIFY2(QString::fromStdString(said.error().message).contains(part), said.error().message.c_str());
    QVERIFY(said.error().message.size() < 1000);
    QVERIFY(said.error().effect == base::Effect::InDoubt); // it may be off all the same
}

/// An operation that is gone on with elsewhere, or a file that was changed since.
void TestTurnOff::whatWasReadIsWhatRuns()
{
    const QString proof = m_folder.filePath(QStringLiteral("ran"));
    fleet::Fleet fleet = fleetWith("touch '" + proof.toUtf8() + "'\n");
    const auto other = turnOff(fleet, "/bin/true");
    QVERIFY(!other);
    QVERIFY2(other.error().message.starts_with("the plan turns db1 off by /bin/true, this fleet file by '"), other.error().message.c_str());
    fleet.hosts[0].stonith = {};
    QVERIFY(!turnOff(fleet, "/bin/true"));
    QVERIFY(!QFile::exists(proof));
}

QTEST_GUILESS_MAIN(TestTurnOff)
#include "test_turn_off.moc"
