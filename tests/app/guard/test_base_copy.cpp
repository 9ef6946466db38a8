// SPDX-License-Identifier: GPL-3.0-or-later
// A standby's data and the copy that replaces them, on real folders; pg_basebackup is played by a script, because it is the ways
// in which it ends that count here.
#include "app/guard/BaseCopy.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

using namespace shardlens;
using guard::BaseCopy;
namespace fs = std::filesystem;

namespace {

void write(const fs::path &path, const std::string &text)
{
    std::ofstream(path) << text;
}

std::string read(const fs::path &path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// It makes the folder it is told; `then` is what it does in there ("$into").
void playTool(const fs::path &programs, const std::string &then)
{
    const fs::path tool = programs / "pg_basebackup";
    write(tool, "#!/bin/sh\nfor word in \"$@\"; do case $word in --pgdata=*) into=${word#--pgdata=};; esac; done\nmkdir \"$into\"\necho "
                "new > \"$into/base\"\n" +
                    then + "\n");
    fs::permissions(tool, fs::perms::owner_all);
}

} // namespace

class TestBaseCopy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_root = m_folder->path().toStdString();
        m_data = m_root / "data";
        fs::create_directory(m_data);
        write(m_data / "base", "old\n");
    }

    void aWholeCopyIsTakenAndGivenBack()
    {
        playTool(m_root, "touch \"$into/backup_manifest\"");
        BaseCopy copy(m_data);
        QCOMPARE(copy.state(), std::string("none"));
        QVERIFY(copy.begin(m_root, "host=x", "slot").has_value());
        QTRY_COMPARE(copy.state(), std::string("copied"));
        QCOMPARE(copy.take().value(), std::string("taken"));
        QCOMPARE(read(m_data / "base"), std::string("new\n"));
        QCOMPARE(copy.take().value(), std::string("taken")); // asked again after a lost answer
        QCOMPARE(copy.giveBack().value(), std::string("returned"));
        QCOMPARE(read(m_data / "base"), std::string("old\n"));
    }

    void whatWasReplacedIsDroppedAtTheEnd()
    {
        playTool(m_root, "touch \"$into/backup_manifest\"");
        BaseCopy copy(m_data);
        QVERIFY(copy.begin(m_root, "host=x", "slot").has_value());
        QTRY_COMPARE(copy.state(), std::string("copied"));
        QVERIFY(copy.take().has_value());
        QVERIFY(copy.dropReplaced().has_value());
        QCOMPARE(read(m_data / "base"), std::string("new\n"));
        QCOMPARE(std::distance(fs::directory_iterator(m_root), {}), 2); // the tool and the data: nothing is left beside them
    }

    void aToolThatFailsIsToldWithItsWords()
    {
        playTool(m_root, "echo 'no space left on it' >&2; exit 1");
        BaseCopy copy(m_data);
        QVERIFY(copy.begin(m_root, "host=x", "slot").has_value());
        QTRY_VERIFY(QByteArray::fromStdString(copy.state()).startsWith("failed: "));
        QVERIFY(copy.state().find("no space left on it") != std::string::npos);
        QVERIFY(!copy.take().has_value());
        QCOMPARE(read(m_data / "base"), std::string("old\n"));
    }

    void aHalfCopyOfAGuardThatEndedHasFailed()
    {
        fs::create_directory(m_root / ("data" + std::string(operate::copySuffix)));
        BaseCopy copy(m_data);
        QVERIFY(QByteArray::fromStdString(copy.state()).startsWith("failed: it broke off"));
        playTool(m_root, "touch \"$into/backup_manifest\"");
        QVERIFY(copy.begin(m_root, "host=x", "slot").has_value()); // and is begun anew
        QTRY_COMPARE(copy.state(), std::string("copied"));
    }

    void aToolThatOutlivedItsGuardGoesOnUntilItIsEnded()
    {
        playTool(m_root, "while :; do sleep 0.1; done"); // what it starts ends soon after it
        const std::string tool = (m_root / "pg_basebackup").string();
        const std::string into = "--pgdata=" + m_data.string() + operate::copySuffix;
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::execl("/bin/sh", "sh", tool.c_str(), into.c_str(), nullptr);
            ::_exit(127);
        }
        BaseCopy copy(m_data);
        QTRY_VERIFY(QByteArray::fromStdString(copy.state()).startsWith("so far: it goes on"));
        QCOMPARE(copy.end().value(), std::string("ended"));
        int status = 0;
        QCOMPARE(::waitpid(pid, &status, 0), pid);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        QCOMPARE(copy.state(), std::string("none"));
    }

    void dataThatLieInSeveralPlacesAreRefused()
    {
        playTool(m_root, "touch \"$into/backup_manifest\"");
        fs::create_directory_symlink(m_root, m_data / "pg_wal");
        BaseCopy copy(m_data);
        const auto refused = copy.begin(m_root, "host=x", "slot");
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, base::ErrorCode::Rejected);
    }

private:
    std::optional<QTemporaryDir> m_folder;
    fs::path m_root;
    fs::path m_data;
};

QTEST_GUILESS_MAIN(TestBaseCopy)
#include "test_base_copy.moc"
