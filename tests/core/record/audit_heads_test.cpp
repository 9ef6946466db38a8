// SPDX-License-Identifier: GPL-3.0-or-later
// Heads of the audit log are kept for good, whatever broke off in between; saved plans lie under their names.
#include "core/record/AuditHeads.h"
#include "core/record/PlanFolder.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using facts::KeptHead;

class AuditHeadsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }
    void whatIsKeptComesBack();
    void noneWhereNothingWasKept() { QVERIFY(record::auditHeadsKept(m_folder.filePath(QStringLiteral("none.jsonl")))->empty()); }
    void aLineThatBrokeOffIsPassedOver();
    void anotherFileIsRefused();
    void plansLieUnderTheirNames();

private:
    QTemporaryDir m_folder;
};

void AuditHeadsTest::whatIsKeptComesBack()
{
    const QString path = m_folder.filePath(QStringLiteral("a/fleet.jsonl"));
    QVERIFY(record::keepAuditHead(path, {{1, "aa"}, {}}));
    QVERIFY(record::keepAuditHead(path, {{4503599627370497, "bb"}, "7219846120031337"}));
    const auto kept = record::auditHeadsKept(path);
    QVERIFY(kept);
    QCOMPARE(*kept, (std::vector<KeptHead>{{{1, "aa"}, {}}, {{4503599627370497, "bb"}, "7219846120031337"}}));
    QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void AuditHeadsTest::aLineThatBrokeOffIsPassedOver()
{
    const QString path = m_folder.filePath(QStringLiteral("b.jsonl"));
    QVERIFY(record::keepAuditHead(path, {{1, "aa"}, {}}));
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"hash\":\"b");
    file.close();
    QVERIFY(record::keepAuditHead(path, {{3, "cc"}, {}}));
    const auto kept = record::auditHeadsKept(path);
    QVERIFY(kept);
    QCOMPARE(*kept, (std::vector<KeptHead>{{{1, "aa"}, {}}, {{3, "cc"}, {}}}));
}

void AuditHeadsTest::anotherFileIsRefused()
{
    const QString path = m_folder.filePath(QStringLiteral("c.jsonl"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"some\":\"thing else\"}\n");
    file.close();
    const auto kept = record::auditHeadsKept(path);
    QVERIFY(!kept);
    QCOMPARE(kept.error().code, base::ErrorCode::Protocol);
}

void AuditHeadsTest::plansLieUnderTheirNames()
{
    const QString folder = m_folder.filePath(QStringLiteral("plans"));
    QVERIFY(record::plansIn(folder).empty());
    QVERIFY(record::savePlan(folder, "b", "one") && record::savePlan(folder, "a", "two") && record::savePlan(folder, "b", "three"));
    QCOMPARE(record::plansIn(folder), (std::vector<std::string>{"a", "b"}));
    QCOMPARE(*record::readPlan(folder, "b"), std::string("three"));
    QVERIFY(record::removePlan(folder, "b"));
    QCOMPARE(record::readPlan(folder, "b").error().code, base::ErrorCode::NotFound);
    for (const char *name : {"", ".hidden", "../up", "a/b"})
        QCOMPARE(record::savePlan(folder, name, "x").error().code, base::ErrorCode::BadInput);
}

QTEST_GUILESS_MAIN(AuditHeadsTest)
#include "audit_heads_test.moc"
