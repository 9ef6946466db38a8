// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that the audit log could not be given wait on disk, whatever breaks off in between, and are written once.
#include "core/facts/OwedAudit.h"
#include "core/record/AuditOutbox.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <sys/file.h>

#include <fcntl.h>
#include <unistd.h>

using namespace shardlens;
using facts::OwedAudit;

namespace {

OwedAudit rowOf(const std::string &id, const std::string &action = "switchover begun")
{
    return {id, base::UtcTime(base::microseconds(1'795'000'000'123'456)), "oncall1", "anna", "ws3", action, "cluster u1", "a \"kernel\"\nupgrade", R"({"operation":"u1-1"})", "48213"};
}

/// The directory's log: append_audit answers a row that it has as it stands.
struct Log {
    std::map<std::string, std::string> rows; ///< details by row_id
    int calls = 0;
    int answersLost = 0;  ///< so many more are written, and their answers lost
    std::optional<base::Error> trouble = {};

    base::Result<void> write(const OwedAudit &row)
    {
        ++calls;
        if (trouble)
            return base::fail(*trouble);
        rows.try_emplace(row.id, facts::detailToWrite(row, true));
        if (answersLost > 0) {
            --answersLost;
            return base::fail(base::ErrorCode::TimedOut, "no answer within 1 s");
        }
        return {};
    }
    record::WriteOwedAudit writer()
    {
        return [this](const OwedAudit &row) { return write(row); };
    }
};

} // namespace

class AuditOutboxTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }
    void whatIsOwedWaits();
    void nothingWaitsWhereThereIsNoFile();
    void whatIsWrittenIsStruck();
    void aDirectoryThatIsDownLosesNothing();
    void aLostAnswerWritesNothingTwice();
    void aCrashBeforeTheStrikeWritesNothingTwice();
    void aRowThatIsRefusedKeepsNoOtherWaiting();
    void damagedLinesAreSetAside();
    void onlySoManyWait();
    void oneHandsOverAtATime();
    void aRowSaysWhenItWasDone();

private:
    QString fresh() const { return m_folder.filePath(QStringLiteral("audit/%1.owed.jsonl").arg(QLatin1String(QTest::currentTestFunction()))); }
    QTemporaryDir m_folder;
};

void AuditOutboxTest::whatIsOwedWaits()
{
    const QString path = fresh();
    QVERIFY(record::oweAudit(path, rowOf("a")));
    QVERIFY(record::oweAudit(path, rowOf("b", "switchover ended")));
    const auto owed = record::owedAudits(path);
    QVERIFY(owed);
    QCOMPARE(owed->rows, (std::vector<OwedAudit>{rowOf("a"), rowOf("b", "switchover ended")}));
    QCOMPARE(owed->damaged, std::size_t(0));
    QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void AuditOutboxTest::nothingWaitsWhereThereIsNoFile()
{
    Log log;
    QVERIFY(record::owedAudits(fresh())->rows.empty());
    const auto done = record::handOverAudits(fresh(), log.writer());
    QVERIFY(done && *done == record::AuditHandOver());
    QVERIFY(!QFileInfo::exists(fresh()));
}

void AuditOutboxTest::whatIsWrittenIsStruck()
{
    const QString path = fresh();
    Log log;
    QVERIFY(record::oweAudit(path, rowOf("a")) && record::oweAudit(path, rowOf("b")));
    auto done = record::handOverAudits(path, log.writer());
    QVERIFY(done);
    QCOMPARE(done->written, std::size_t(2));
    QCOMPARE(done->waiting, std::size_t(0));
    QCOMPARE(QFileInfo(path).size(), qint64(0)); // what is struck does not gather
    QVERIFY(record::oweAudit(path, rowOf("c")));
    done = record::handOverAudits(path, log.writer());
    QVERIFY(done && done->written == 1);
    QCOMPARE(log.calls, 3);
    QCOMPARE(log.rows.size(), std::size_t(3));
}

void AuditOutboxTest::aDirectoryThatIsDownLosesNothing()
{
    const QString path = fresh();
    Log log;
    log.trouble = base::Error{base::ErrorCode::Unreachable, "no route", {}, {}, {}};
    QVERIFY(record::oweAudit(path, rowOf("a")) && record::oweAudit(path, rowOf("b")));
    const auto done = record::handOverAudits(path, log.writer());
    QVERIFY(done);
    QCOMPARE(done->trouble->message, std::string("no route"));
    QCOMPARE(done->waiting, std::size_t(2));
    QCOMPARE(log.calls, 1); // the second would wait as long for the same answer
    log.trouble.reset();
    QCOMPARE(record::handOverAudits(path, log.writer())->written, std::size_t(2));
}

void AuditOutboxTest::aLostAnswerWritesNothingTwice()
{
    const QString path = fresh();
    Log log;
    log.answersLost = 1;
    QVERIFY(record::oweAudit(path, rowOf("a")) && record::oweAudit(path, rowOf("b")));
    auto done = record::handOverAudits(path, log.writer());
    QVERIFY(done && done->trouble);
    QCOMPARE(done->waiting, std::size_t(2)); // it stands there, and nobody here knows
    done = record::handOverAudits(path, log.writer());
    QVERIFY(done && !done->trouble);
    QCOMPARE(done->waiting, std::size_t(0));
    QCOMPARE(log.rows.size(), std::size_t(2));
}

void AuditOutboxTest::aCrashBeforeTheStrikeWritesNothingTwice()
{
    const QString path = fresh();
    Log log;
    QVERIFY(record::oweAudit(path, rowOf("a")));
    const OwedAudit first = record::owedAudits(path)->rows.front();
    QVERIFY(log.write(first)); // and killed before the strike was on disk
    const auto done = record::handOverAudits(path, log.writer());
    QVERIFY(done && done->written == 1 && done->waiting == 0);
    QCOMPARE(log.rows.size(), std::size_t(1)); // its own id was kept
}

void AuditOutboxTest::aRowThatIsRefusedKeepsNoOtherWaiting()
{
    const QString path = fresh();
    QVERIFY(record::oweAudit(path, rowOf("a")) && record::oweAudit(path, rowOf("b")));
    const auto done = record::handOverAudits(path, [](const OwedAudit &row) -> base::Result<void> {
        return row.id == "b" ? base::Result<void>() : base::fail(base::Error{base::ErrorCode::Rejected, "unsupported Unicode", "22P05", {}, {}});
    });
    QVERIFY(done && done->trouble);
    QCOMPARE(done->written, std::size_t(1));
    QCOMPARE(done->waiting, std::size_t(1));
    QCOMPARE(record::owedAudits(path)->rows.front().id, std::string("a"));
}

void AuditOutboxTest::damagedLinesAreSetAside()
{
    const QString path = fresh();
    QVERIFY(record::oweAudit(path, rowOf("a")));
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"id\":\"x\",\"at\":\"nev"); // broke off
    file.close();
    QVERIFY(record::oweAudit(path, rowOf("b"))); // begins a line of its own
    auto owed = record::owedAudits(path);
    QVERIFY(owed);
    QCOMPARE(owed->rows.size(), std::size_t(2));
    QCOMPARE(owed->damaged, std::size_t(1));
    Log log;
    const auto done = record::handOverAudits(path, log.writer());
    QVERIFY(done);
    QCOMPARE(done->written, std::size_t(2));
    QCOMPARE(done->damaged, std::size_t(1));
    QCOMPARE(done->setAside, path + QStringLiteral(".damaged"));
    QFile aside(done->setAside);
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), QByteArray("{\"id\":\"x\",\"at\":\"nev\n"));
    owed = record::owedAudits(path);
    QVERIFY(owed && owed->rows.empty() && owed->damaged == 0);
    QCOMPARE(owed->setAside, done->setAside); // told until somebody removes it
}

void AuditOutboxTest::onlySoManyWait()
{
    const QString path = fresh();
    QVERIFY(record::oweAudit(path, rowOf("a")));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray line = file.readAll();
    for (std::size_t i = 1; i < record::owedAuditMost; ++i)
        file.write(QByteArray(line).replace("\"id\":\"a\"", "\"id\":\"" + QByteArray::number(qulonglong(i)) + "\""));
    file.close();
    QCOMPARE(record::owedAudits(path)->rows.size(), record::owedAuditMost);
    const auto more = record::oweAudit(path, rowOf("z"));
    QVERIFY(!more);
    QCOMPARE(more.error().code, base::ErrorCode::Rejected);
}

void AuditOutboxTest::oneHandsOverAtATime()
{
    const QString path = fresh();
    QVERIFY(record::oweAudit(path, rowOf("a")));
    const int other = ::open(QFile::encodeName(path + QStringLiteral(".handing")).constData(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(other >= 0 && ::flock(other, LOCK_EX) == 0);
    Log log;
    auto done = record::handOverAudits(path, log.writer());
    QVERIFY(done);
    QCOMPARE(log.calls, 0);
    QCOMPARE(done->waiting, std::size_t(1));
    QVERIFY(record::oweAudit(path, rowOf("b"))); // keeping one waits for no directory
    ::close(other);
    done = record::handOverAudits(path, log.writer());
    QVERIFY(done && done->written == 2);
}

void AuditOutboxTest::aRowSaysWhenItWasDone()
{
    const std::string later = facts::detailToWrite(rowOf("a"), true);
    const auto told = facts::writtenLater(later);
    QVERIFY(told);
    QCOMPARE(told->at, rowOf("a").at);
    QCOMPARE(told->databaseUser, std::string("oncall1"));
    QVERIFY2(later.find(R"("row_id":"a")") != std::string::npos && later.find(R"("operation":"u1-1")") != std::string::npos, later.c_str());
    const std::string atOnce = facts::detailToWrite(rowOf("a"), false);
    QVERIFY(!facts::writtenLater(atOnce));
    QVERIFY2(atOnce.find(R"("row_id":"a")") != std::string::npos, atOnce.c_str()); // one whose answer was lost is known again
    QVERIFY(!facts::writtenLater(R"({"reason":"\"written_later\""})"));
    QVERIFY(!facts::writtenLater("no JSON"));
    QVERIFY(facts::freshRowId() != facts::freshRowId());
}

QTEST_GUILESS_MAIN(AuditOutboxTest)
#include "audit_outbox_test.moc"
