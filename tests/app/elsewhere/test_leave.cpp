// SPDX-License-Identifier: GPL-3.0-or-later
// Operations that broke off are left as they are, by console and command line alike: what is written, and what is refused.
#include "app/elsewhere/Leave.h"
#include "core/execute/Operation.h"
#include "core/record/OperationJournal.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Operations.h"
#include "tests/fixtures/Snapshots.h"

#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using execute::Outcome;

class TestLeave : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void ownIsClosedWithItsReason();
    void whatEndedIsNotToldOtherwise();
    void whatIsCarriedOutHereGoesOn();
    void whatIsCarriedOutElsewhereGoesOn();
    void othersBecomesThisMachines();

private:
    [[nodiscard]] elsewhere::Leaving leaving() const { return {m_fleet, {}, m_operation.id, "moved by hand"}; }
    [[nodiscard]] QString folder() const { return record::operationsFolder(*m_fleet); }
    [[nodiscard]] base::Result<execute::Operation> told() const
    {
        const auto lines = record::readJournal(folder(), m_operation.id);
        return lines ? execute::operationOf(lines->lines) : base::fail(lines.error());
    }
    [[nodiscard]] desk::CopiedJournal copy(base::microseconds ago) const
    {
        return {m_operation.id, m_operation.number, {"oncall2", "bert", "desk-8"}, ago, {execute::entryBegun(m_operation)}};
    }

    std::unique_ptr<QTemporaryDir> m_state;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    execute::Operation m_operation;
};

void TestLeave::init()
{
    m_state = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", m_state->path().toLocal8Bit());
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    fleet->directory.reset(); // nobody else is to be told
    m_fleet = fleet;
    m_operation = fixtures::runningBefore(*fixtures::well());
}

void TestLeave::ownIsClosedWithItsReason()
{
    QVERIFY((*record::OperationJournal::create(folder(), m_operation.id))->append(execute::entryBegun(m_operation)));
    const auto left = elsewhere::leaveOwn(leaving());
    QVERIFY2(left, left ? "" : left.error().message.c_str());
    QCOMPARE(*left, std::string()); // a fleet without a directory has nobody who would miss it
    QVERIFY(told()->outcome == Outcome::Abandoned);
    QCOMPARE(told()->said, std::string("moved by hand"));
}

void TestLeave::whatEndedIsNotToldOtherwise()
{
    {
        const auto journal = *record::OperationJournal::create(folder(), m_operation.id);
        QVERIFY(journal->append(execute::entryBegun(m_operation)));
        QVERIFY(journal->append(execute::entryOutcome(Outcome::Done, {}, fixtures::at(12, 0, 0))));
    }
    const auto left = elsewhere::leaveOwn(leaving());
    QVERIFY(!left && left.error().code == base::ErrorCode::Rejected);
    QVERIFY(told()->outcome == Outcome::Done);
}

void TestLeave::whatIsCarriedOutHereGoesOn()
{
    const auto journal = *record::OperationJournal::create(folder(), m_operation.id); // its writer lives
    QVERIFY(journal->append(execute::entryBegun(m_operation)));
    QVERIFY(!elsewhere::leaveOwn(leaving()));
    QVERIFY(!told()->outcome);
}

void TestLeave::whatIsCarriedOutElsewhereGoesOn()
{
    const auto left = elsewhere::leaveOthers(leaving(), copy(base::seconds(1)));
    QVERIFY(!left);
    QCOMPARE(left.error().message, std::string("It is being carried out on desk-8."));
    QVERIFY(!told()); // nothing was written here either
}

void TestLeave::othersBecomesThisMachines()
{
    const auto left = elsewhere::leaveOthers(leaving(), copy(base::seconds(60)));
    QVERIFY(!left && left.error().code == base::ErrorCode::NoRights); // this fleet has no directory to tell it to
    QVERIFY(told()->outcome == Outcome::Abandoned);
    QVERIFY(told()->number > m_operation.number);
}

QTEST_GUILESS_MAIN(TestLeave)
#include "test_leave.moc"
