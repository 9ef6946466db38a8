// SPDX-License-Identifier: GPL-3.0-or-later
// A journal that stops its process at a step: before anything of it is done, told in the journal, once, and at no other step.
#include "app/executor/HeldJournal.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace shardlens;
using execute::StepState;
using operate::StepKind;

namespace {

class Lines final : public execute::Journal
{
public:
    explicit Lines(const QString &path) : m_file(path) { m_file.open(QIODevice::Append); }
    base::Result<void> append(const std::string &entry) override
    {
        m_file.write((entry + '\n').c_str());
        m_file.flush();
        return {};
    }

private:
    QFile m_file;
};

base::UtcTime noon()
{
    return base::UtcTime(base::seconds(1'796'000'000));
}

execute::Operation operation()
{
    execute::Operation made;
    made.id = "u1-20261128-173502-4f2a";
    for (const StepKind kind : {StepKind::PauseRouters, StepKind::Brake, StepKind::Promote}) {
        operate::Step step;
        step.number = int(made.steps.size()) + 1;
        step.kind = kind;
        made.steps.push_back(step);
    }
    made.progress.resize(made.steps.size());
    return made;
}

std::string entry(int number, StepState state)
{
    return execute::entryStep(number, {state, noon(), std::nullopt, {}}, {}, noon());
}

} // namespace

class TestHeldJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void itStopsOnceTheStepIsAboutToBeDone();
    void nothingIsHeldAtOtherSteps();

private:
    /// A process that writes steps 1 to 3, each about to and done; leaves with 0 if it was told that it went on as often as it was to be held.
    [[nodiscard]] pid_t writeAll(std::optional<StepKind> at, int holds) const;
    [[nodiscard]] QList<QByteArray> lines() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestHeldJournal::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

pid_t TestHeldJournal::writeAll(std::optional<StepKind> at, int holds) const
{
    const pid_t child = ::fork();
    if (child != 0)
        return child;
    Lines lines(m_folder->filePath(QStringLiteral("journal")));
    executor::HeldJournal journal(lines, operation(), at);
    int wentOn = 0;
    journal.wentOn = [&wentOn] { ++wentOn; };
    bool isWritten = true;
    for (int number = 1; number <= 3; ++number) {
        isWritten &= journal.append(entry(number, StepState::Doing)).has_value();
        isWritten &= journal.append(entry(number, StepState::Doing)).has_value(); // how far it is
        isWritten &= journal.note(entry(number, StepState::Done)).has_value();
    }
    ::_exit(isWritten && wentOn == holds ? 0 : 1);
}

QList<QByteArray> TestHeldJournal::lines() const
{
    QFile file(m_folder->filePath(QStringLiteral("journal")));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split('\n') : QList<QByteArray>();
}

void TestHeldJournal::itStopsOnceTheStepIsAboutToBeDone()
{
    const pid_t child = writeAll(StepKind::Brake, 1);
    int status = 0;
    QCOMPARE(::waitpid(child, &status, WUNTRACED), child);
    QVERIFY(WIFSTOPPED(status));
    QCOMPARE(WSTOPSIG(status), SIGSTOP);
    const auto held = lines();
    QCOMPARE(held.size(), 5); // the whole of step 1, that 2 is about to be done, that it is held
    auto told = operation();
    for (const QByteArray &line : held)
        QVERIFY(execute::addEntry(told, line.toStdString()));
    QCOMPARE(told.progress[1].state, StepState::Doing);
    QCOMPARE(told.progress[1].said, std::string("held here by SHARDLENS_HOLD_AT=brake; SIGCONT lets it go on"));
    QCOMPARE(told.progress[2].state, StepState::Waiting);
    QCOMPARE(::kill(child, SIGCONT), 0);
    QCOMPARE(::waitpid(child, &status, WUNTRACED), child); // not held again by the same step
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QCOMPARE(lines().size(), 10);
}

void TestHeldJournal::nothingIsHeldAtOtherSteps()
{
    for (const auto at : {std::optional<StepKind>(), std::optional(StepKind::RejoinOld)}) {
        int status = 0;
        const pid_t child = writeAll(at, 0);
        QCOMPARE(::waitpid(child, &status, WUNTRACED), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
    QCOMPARE(lines().size(), 18);
}

QTEST_GUILESS_MAIN(TestHeldJournal)
#include "test_held_journal.moc"
