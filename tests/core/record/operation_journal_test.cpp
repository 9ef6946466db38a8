// SPDX-License-Identifier: GPL-3.0-or-later
// An operation's journal on disk: one writer, many readers, nothing torn, and whether its writer lives.
#include "core/record/AuditHeads.h"
#include "core/record/CampaignFolder.h"
#include "core/record/HistoryPath.h"
#include "core/record/MendFolder.h"
#include "core/record/OperationJournal.h"
#include "core/record/PlanFolder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace shardlens;
using record::KeptOperation;
using record::OperationJournal;

namespace {

using Lines = std::vector<std::string>;

std::unique_ptr<OperationJournal> made(base::Result<std::unique_ptr<OperationJournal>> result)
{
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return std::move(*result);
}

Lines linesOf(const QString &folder, const std::string &id)
{
    const auto read = record::readJournal(folder, id);
    return read ? read->lines : Lines{read.error().message};
}

void addToFile(const QString &path, const char *text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    file.write(text);
}

} // namespace

class TestOperationJournal : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_folder;
    const std::string m_id = "u1-20261128-173502-4f2a";

private Q_SLOTS:
    void whatWasHadFromElsewhereIsGoneOnWith();
    void init()
    {
        static int number = 0;
        m_folder = m_dir.filePath(QStringLiteral("%1/operations/prod").arg(++number)); // the folder is made by the journal
    }

    void whatIsAppendedIsReadInItsOrder()
    {
        const auto journal = made(OperationJournal::create(m_folder, m_id));
        QCOMPARE(linesOf(m_folder, m_id), Lines{});
        QVERIFY(journal->append("one"));
        QVERIFY(journal->append("two"));
        QCOMPARE(linesOf(m_folder, m_id), (Lines{"one", "two"}));
        QCOMPARE(int(journal->append("a\nb").error().code), int(base::ErrorCode::BadInput));
        QCOMPARE(linesOf(m_folder, m_id), (Lines{"one", "two"}));
    }

    void aReaderFollows()
    {
        const auto journal = made(OperationJournal::create(m_folder, m_id));
        QVERIFY(journal->append("one"));
        auto read = record::readJournal(m_folder, m_id);
        QCOMPARE(read->lines, Lines{"one"});
        read = record::readJournal(m_folder, m_id, read->next);
        QCOMPARE(read->lines, Lines{});
        addToFile(m_folder + "/" + QString::fromStdString(m_id) + ".jsonl", "tw"); // as a writer that is not through yet
        const auto half = record::readJournal(m_folder, m_id, read->next);
        QCOMPARE(half->lines, Lines{});
        QCOMPARE(half->next, read->next);
        addToFile(m_folder + "/" + QString::fromStdString(m_id) + ".jsonl", "o\nthree\n");
        read = record::readJournal(m_folder, m_id, half->next);
        QCOMPARE(read->lines, (Lines{"two", "three"}));
    }

    void onlyItsOwnerMayLook()
    {
        const auto journal = made(OperationJournal::create(m_folder, m_id));
        QVERIFY(journal->append("one"));
        const auto modeOf = [](const QString &path) {
            struct stat found = {};
            return ::stat(QFile::encodeName(path).constData(), &found) == 0 ? int(found.st_mode & 07777) : -1;
        };
        QCOMPARE(modeOf(m_folder), 0700);
        QCOMPARE(modeOf(m_folder + "/" + QString::fromStdString(m_id) + ".jsonl"), 0600);
    }

    void twoDoNotWriteAtOnce()
    {
        auto first = made(OperationJournal::create(m_folder, m_id));
        QVERIFY(first->append("one"));
        const auto second = OperationJournal::reopen(m_folder, m_id);
        QVERIFY(!second);
        QCOMPARE(int(second.error().code), int(base::ErrorCode::Rejected));
        QVERIFY2(second.error().message.find("process " + std::to_string(::getpid())) != std::string::npos, second.error().message.c_str());
        QCOMPARE(int(OperationJournal::create(m_folder, m_id).error().code), int(base::ErrorCode::Rejected));
        QCOMPARE(record::writerOf(m_folder, m_id), std::optional<std::int64_t>(::getpid()));
        first.reset();
        QVERIFY(!record::writerOf(m_folder, m_id));
        QCOMPARE(int(OperationJournal::create(m_folder, m_id).error().code), int(base::ErrorCode::Rejected)); // it is there already
        QVERIFY(made(OperationJournal::reopen(m_folder, m_id))->append("two"));
        QCOMPARE(linesOf(m_folder, m_id), (Lines{"one", "two"}));
    }

    /// A writer that is killed leaves half a line and no lock.
    void aKilledWritersPlaceIsFree()
    {
        int ready[2];
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto journal = OperationJournal::create(m_folder, m_id);
            const bool written = journal && (*journal)->append("one");
            const char letter = written ? 'y' : 'n';
            (void)!::write(ready[1], &letter, 1);
            for (;;)
                ::pause();
        }
        char letter = 0;
        QCOMPARE(::read(ready[0], &letter, 1), ssize_t(1));
        QCOMPARE(letter, 'y');
        QCOMPARE(record::writerOf(m_folder, m_id), std::optional<std::int64_t>(child));
        QCOMPARE(record::operationsIn(m_folder).value(), (std::vector<KeptOperation>{{m_id, true}}));
        QCOMPARE(int(OperationJournal::reopen(m_folder, m_id).error().code), int(base::ErrorCode::Rejected));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(ready[0]);
        ::close(ready[1]);
        QVERIFY(!record::writerOf(m_folder, m_id));
        addToFile(m_folder + "/" + QString::fromStdString(m_id) + ".jsonl", "half a li");
        QVERIFY(made(OperationJournal::reopen(m_folder, m_id))->append("two"));
        QCOMPARE(linesOf(m_folder, m_id), (Lines{"one", "two"}));
    }

    /// A disk that is full: the entry is refused whole, and the next one stands on a line of its own.
    void whatDoesNotFitLeavesNothingBehind()
    {
        const auto journal = made(OperationJournal::create(m_folder, m_id));
        QVERIFY(journal->append("one"));
        const auto before = std::signal(SIGXFSZ, SIG_IGN);
        rlimit usual = {};
        ::getrlimit(RLIMIT_FSIZE, &usual);
        const rlimit small{10, usual.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto refused = journal->append("much longer than what is left");
        ::setrlimit(RLIMIT_FSIZE, &usual);
        std::signal(SIGXFSZ, before);
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), int(base::ErrorCode::Io));
        QCOMPARE(linesOf(m_folder, m_id), Lines{"one"});
        QVERIFY(journal->append("two"));
        QCOMPARE(linesOf(m_folder, m_id), (Lines{"one", "two"}));
    }

    void whatIsNotedIsReadAtOnce()
    {
        const auto journal = made(OperationJournal::create(m_folder, m_id));
        QVERIFY(journal->append("one"));
        QVERIFY(journal->note("two"));
        QCOMPARE(linesOf(m_folder, m_id), (Lines{"one", "two"}));
        QCOMPARE(int(journal->note("a\nb").error().code), int(base::ErrorCode::BadInput));
        QVERIFY(journal->append("three"));
        QCOMPARE(linesOf(m_folder, m_id), (Lines{"one", "two", "three"}));
    }

    void aWishToStop()
    {
        QCOMPARE(int(record::askToCancel(m_folder, m_id).error().code), int(base::ErrorCode::NotFound));
        auto journal = made(OperationJournal::create(m_folder, m_id));
        QVERIFY(!journal->isCancelAsked());
        QVERIFY(record::askToCancel(m_folder, m_id));
        QVERIFY(record::askToCancel(m_folder, m_id));
        QVERIFY(journal->isCancelAsked());
        journal.reset();
        QCOMPARE(int(record::askToCancel(m_folder, m_id).error().code), int(base::ErrorCode::NotFound));
        journal = made(OperationJournal::reopen(m_folder, m_id));
        QVERIFY(!journal->isCancelAsked()); // it was the last writer who was asked
    }

    void theListIsBegunLastFirst()
    {
        QCOMPARE(record::operationsIn(m_folder).value(), std::vector<KeptOperation>{});
        const std::string older = "m1-20261128-090000-ffff", newest = "directory-20261129-000000-0000";
        (void)made(OperationJournal::create(m_folder, newest));
        (void)made(OperationJournal::create(m_folder, older));
        const auto open = made(OperationJournal::create(m_folder, m_id));
        addToFile(m_folder + "/notes.txt", "not one");
        QCOMPARE(record::operationsIn(m_folder).value(), (std::vector<KeptOperation>{{newest, false}, {m_id, true}, {older, false}}));
    }

    void anIdLeadsNowhereElse()
    {
        for (const char *id : {"", "../x", "a/b", ".hidden"}) {
            QCOMPARE(int(OperationJournal::create(m_folder, id).error().code), int(base::ErrorCode::BadInput));
            QCOMPARE(int(OperationJournal::reopen(m_folder, id).error().code), int(base::ErrorCode::BadInput));
            QCOMPARE(int(record::readJournal(m_folder, id).error().code), int(base::ErrorCode::BadInput));
        }
        QCOMPARE(int(OperationJournal::reopen(m_folder, m_id).error().code), int(base::ErrorCode::NotFound));
        QCOMPARE(int(record::readJournal(m_folder, m_id).error().code), int(base::ErrorCode::NotFound));
    }

    void theFolderIsTheFleets()
    {
        qputenv("XDG_STATE_HOME", "/state");
        fleet::Fleet fleet;
        fleet.name = "prod";
        QCOMPARE(record::operationsFolder(fleet), QStringLiteral("/state/shardlens/operations/prod"));
        QCOMPARE(record::plansFolder(fleet), QStringLiteral("/state/shardlens/plans/prod"));
        QCOMPARE(record::mendsFolder(fleet), QStringLiteral("/state/shardlens/mends/prod"));
        QCOMPARE(record::campaignsFolder(fleet), QStringLiteral("/state/shardlens/campaigns/prod"));
        QCOMPARE(record::auditHeadsPath(fleet), QStringLiteral("/state/shardlens/audit/prod.jsonl"));
        QVERIFY(record::historyPath(fleet).endsWith(QStringLiteral("/shardlens/history/prod.sqlite")));
        // Another fleet of that name, and one whose name looks like that one's.
        fleet.id = "4f2a/";
        QCOMPARE(record::operationsFolder(fleet), QStringLiteral("/state/shardlens/operations/prod@4f2a%2F"));
        QVERIFY(record::historyPath(fleet).endsWith(QStringLiteral("/shardlens/history/prod@4f2a%2F.sqlite")));
        fleet.name = "prod@4f2a/";
        fleet.id.clear();
        QCOMPARE(record::operationsFolder(fleet), QStringLiteral("/state/shardlens/operations/prod%404f2a%2F"));
        fleet.name = "../a b";
        QCOMPARE(record::operationsFolder(fleet), QStringLiteral("/state/shardlens/operations/%2E%2E%2Fa%20b"));
        qunsetenv("XDG_STATE_HOME");
        fleet.name = "prod";
        QCOMPARE(record::operationsFolder(fleet), QDir::homePath() + QStringLiteral("/.local/state/shardlens/operations/prod"));
    }
};

/// All of it at once, in place of what was here; and nobody else's while it is written.
void TestOperationJournal::whatWasHadFromElsewhereIsGoneOnWith()
{
    const std::string id = "u2-20261128-173502-4f2a";
    const QString folder = m_dir.path() + QStringLiteral("/elsewhere/deep");
    {
        auto journal = made(OperationJournal::adopt(folder, id, {"one", "two"}));
        QCOMPARE(linesOf(folder, id), (Lines{"one", "two"}));
        QVERIFY(journal->append("three"));
        QCOMPARE(int(OperationJournal::adopt(folder, id, {"x"}).error().code), int(base::ErrorCode::Rejected));
    }
    QCOMPARE(linesOf(folder, id), (Lines{"one", "two", "three"}));
    {
        auto journal = made(OperationJournal::adopt(folder, id, {"one", "two", "other"}));
        QVERIFY(journal->append("more"));
    }
    QCOMPARE(linesOf(folder, id), (Lines{"one", "two", "other", "more"}));
    QFile stale(folder + QStringLiteral("/") + QString::fromStdString(id) + QStringLiteral(".jsonl.stale"));
    QVERIFY(stale.open(QIODevice::ReadOnly));
    QCOMPARE(stale.readAll(), QByteArray("one\ntwo\nthree\n"));
    const auto kept = record::operationsIn(folder);
    QVERIFY(kept && *kept == (std::vector<KeptOperation>{{id, false}}));
}

QTEST_GUILESS_MAIN(TestOperationJournal)
#include "operation_journal_test.moc"
