// SPDX-License-Identifier: GPL-3.0-or-later
// Who stands ready while a plan is open: started once, told what was confirmed, sent away when the plan is left, with the console or without; where it
// is gone the click starts one. The executor is a script that writes down what it is started with and told.
#include "app/shardlens/OperationsWire.h"
#include "core/execute/ActRequest.h"
#include "tests/fixtures/Snapshots.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace shardlens;
using ui::operate::OperationBoard;

namespace {

constexpr auto script = R"(#!/bin/sh
echo "started $*" >> "$0.log"
echo $$ > "$0.pid"
case "$*" in *--waits*) [ -e "$0.dies" ] && exit 1;; esac
while IFS= read -r line; do
    echo "told $line" >> "$0.log"
    [ -e "$0.speechless" ] || echo '{"refused":"it is a script"}'
done
[ -z "$line" ] || echo "told $line" >> "$0.log"
echo "ended" >> "$0.log"
)";

const operate::Intent switchU1 = operate::SwitchCluster{base::ClusterName("u1"), {}};
const operate::Intent switchM1 = operate::SwitchCluster{base::ClusterName("m1"), {}};

std::shared_ptr<const fleet::Fleet> actingFleet(bool isActing = true)
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::well()->fleet);
    fleet->acting = isActing;
    fleet->directory.reset(); // nothing is asked of it here
    return fleet;
}

ui::operate::ActRequest confirmed()
{
    ui::operate::ActRequest request;
    request.intent = operate::SwitchCluster{base::ClusterName("u1"), base::ServerId("u1-us-west")};
    request.fingerprint.facts = {{"cluster.primary", "u1-us-east"}};
    request.reason = "a trial";
    return request;
}

} // namespace

class TestOperationsWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void oneStandsReadyAndIsToldWhatWasConfirmed();
    void itEndsWhenThePlanIsLeft();
    void itEndsWithTheConsole();
    void anotherPlanHasAnother();
    void aPlanThatIsOpenedAgainHasOneAtOnce();
    void whereItIsGoneTheClickStartsOne();
    void oneThatEndsByItselfIsNotStartedAllTheTime();
    void whoEndsWithoutAWordIsTold();
    void nobodyStandsReadyWhereNobodyMayAct();

private:
    void connectTo(std::shared_ptr<const fleet::Fleet> fleet, const char *user = "");
    void put(const char *name) const { QVERIFY(QFile(m_program + QLatin1String(name)).open(QIODevice::WriteOnly)); }
    [[nodiscard]] QStringList log() const;
    [[nodiscard]] int countOf(const char *start) const;
    [[nodiscard]] int pid() const; ///< of the newest
    [[nodiscard]] bool hasEnded() const; ///< that one, and the system has closed what it had open

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_program;
    std::unique_ptr<OperationBoard> m_board;
    std::unique_ptr<app::OperationsWire> m_wire;
    std::unique_ptr<QSignalSpy> m_refused;
};

void TestOperationsWire::init()
{
    m_wire.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_program = m_folder->filePath(QStringLiteral("shardlens-executor"));
    QFile file(m_program);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(script) > 0);
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    file.close();
    static const QByteArray path = qgetenv("PATH");
    qputenv("PATH", m_folder->path().toLocal8Bit() + ':' + path);
    qputenv("XDG_STATE_HOME", m_folder->path().toLocal8Bit());
    connectTo(actingFleet());
}

void TestOperationsWire::connectTo(std::shared_ptr<const fleet::Fleet> fleet, const char *user)
{
    m_wire.reset();
    m_board = std::make_unique<OperationBoard>();
    m_refused = std::make_unique<QSignalSpy>(m_board.get(), &OperationBoard::refused);
    m_wire = std::make_unique<app::OperationsWire>(app::OperationsWire::Source{std::move(fleet), QStringLiteral("fleet.toml"), QString::fromLatin1(user)}, *m_board);
}

QStringList TestOperationsWire::log() const
{
    QFile file(m_program + QStringLiteral(".log"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts) : QStringList();
}

int TestOperationsWire::countOf(const char *start) const
{
    const QStringList lines = log();
    return int(std::count_if(lines.begin(), lines.end(), [&](const QString &line) { return line.startsWith(QLatin1String(start)); }));
}

int TestOperationsWire::pid() const
{
    QFile file(m_program + QStringLiteral(".pid"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
}

bool TestOperationsWire::hasEnded() const
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid())); // "PID (NAME) STATE ..."
    return !file.open(QIODevice::ReadOnly) || file.readAll().contains(") Z");
}

void TestOperationsWire::oneStandsReadyAndIsToldWhatWasConfirmed()
{
    m_board->expect(switchU1);
    QTRY_COMPARE(countOf("told"), 1);
    QCOMPARE(log().front(), QStringLiteral("started --fleet fleet.toml --waits --from us-east"));
    const auto first = execute::actRequestFrom(log().back().mid(5).toStdString());
    QVERIFY(first);
    QVERIFY(first->intent() == switchU1);
    QVERIFY(first->fingerprint.empty() && first->confirm.empty()); // nothing was confirmed
    m_board->expect(switchU1);
    m_board->expect(switchU1); // with each snapshot
    QVERIFY(m_refused->isEmpty()); // what it says before it was asked is nobody's answer
    m_board->start(confirmed());
    QTRY_COMPARE(countOf("ended"), 1);
    QCOMPARE(countOf("started"), 1);
    QCOMPARE(countOf("told"), 2);
    const auto second = execute::actRequestFrom(log().at(2).mid(5).toStdString());
    QVERIFY(second);
    QVERIFY(second->intent() == confirmed().intent);
    QCOMPARE(second->fingerprint, confirmed().fingerprint.digest());
    QCOMPARE(second->confirm, std::string("u1"));
    QCOMPARE(second->reason, std::string("a trial"));
    QTRY_VERIFY(!m_refused->isEmpty()); // now it is
}

void TestOperationsWire::itEndsWhenThePlanIsLeft()
{
    m_board->expect(switchU1);
    QTRY_COMPARE(countOf("told"), 1);
    m_board->expectNothing();
    QTRY_COMPARE(countOf("ended"), 1);
    QCOMPARE(countOf("told"), 1);
    QVERIFY(m_refused->isEmpty());
}

void TestOperationsWire::itEndsWithTheConsole()
{
    m_board->expect(switchU1);
    QTRY_COMPARE(countOf("told"), 1);
    m_wire.reset();
    QTRY_COMPARE(countOf("ended"), 1);
    QCOMPARE(countOf("told"), 1);
}

void TestOperationsWire::anotherPlanHasAnother()
{
    m_board->expect(switchU1);
    QTRY_COMPARE(countOf("told"), 1);
    m_board->expect(switchM1);
    QTRY_COMPARE(countOf("ended"), 1);
    QTRY_COMPARE(countOf("told"), 2);
    m_board->start(confirmed()); // of u1: not what the one that stands ready looks at
    QTRY_COMPARE(countOf("ended"), 3);
    QCOMPARE(countOf("started"), 3);
    QCOMPARE(countOf("told"), 3);
}

void TestOperationsWire::aPlanThatIsOpenedAgainHasOneAtOnce()
{
    m_board->expect(switchU1);
    m_board->expectNothing();
    m_board->expect(switchU1);
    QTRY_COMPARE(countOf("started"), 2);
}

void TestOperationsWire::whereItIsGoneTheClickStartsOne()
{
    m_board->expect(switchU1);
    QTRY_COMPARE(countOf("told"), 1);
    QCOMPARE(::kill(pid(), SIGKILL), 0);
    QTRY_VERIFY(hasEnded());
    m_board->start(confirmed());
    QTRY_COMPARE(countOf("ended"), 1);
    QCOMPARE(countOf("started"), 2);
    QCOMPARE(log().at(2), QStringLiteral("started --fleet fleet.toml --from us-east"));
    QVERIFY(log().at(3).contains(QStringLiteral("\"confirm\":\"u1\"")));
}

void TestOperationsWire::oneThatEndsByItselfIsNotStartedAllTheTime()
{
    put(".dies");
    m_board->expect(switchU1);
    QTRY_VERIFY(pid() > 0 && hasEnded());
    for (int i = 0; i < 20; ++i)
        m_board->expect(switchU1);
    QVERIFY(m_refused->isEmpty());
    m_board->start(confirmed());
    QTRY_COMPARE(countOf("ended"), 1);
    QCOMPARE(countOf("started"), 2); // that one, and the click's
}

void TestOperationsWire::whoEndsWithoutAWordIsTold()
{
    put(".speechless");
    m_board->expect(switchU1);
    QTRY_COMPARE(countOf("told"), 1);
    m_board->start(confirmed());
    QTRY_COMPARE(m_refused->size(), 1);
    QCOMPARE(m_refused->front().front().toString(), QStringLiteral("The executor ended before it began (0)."));
}

void TestOperationsWire::nobodyStandsReadyWhereNobodyMayAct()
{
    connectTo(actingFleet(false));
    m_board->expect(switchU1);
    connectTo(actingFleet(), "nobody");
    m_board->expect(switchU1);
    connectTo(actingFleet());
    m_board->expectNothing();
    m_board->expect(switchM1);
    QTRY_COMPARE(countOf("told"), 1);
    QCOMPARE(countOf("started"), 1);
    QVERIFY(execute::actRequestFrom(log().back().mid(5).toStdString())->intent() == switchM1);
}

QTEST_GUILESS_MAIN(TestOperationsWire)
#include "test_operations_wire.moc"
