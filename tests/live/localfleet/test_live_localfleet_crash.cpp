// SPDX-License-Identifier: GPL-3.0-or-later
// An `up` that is killed half-way: what it left is found, ended and removed, and the next one begins anew.
#include "app/localfleet/Files.h"
#include "app/localfleet/LeftBehind.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Process.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"

#include <QTest>

#include <charconv>
#include <csignal>
#include <unistd.h>

using namespace shardlens::localfleet;
namespace fs = std::filesystem;
namespace base = shardlens::base;
using namespace std::chrono_literals;

namespace
{

const std::vector<std::string> smallFleet{"--regions", "us-east,us-west", "--clusters-per-partition", "1", "--caches", "1", "--latency", "2"};

std::string programOf(pid_t pid)
{
    std::error_code error;
    return fs::read_symlink("/proc/" + std::to_string(pid) + "/exe", error).filename().string();
}

/// What a process started, and what that started: found far sooner than among all that run.
std::vector<pid_t> startedBy(pid_t parent)
{
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto &task : fs::directory_iterator("/proc/" + std::to_string(parent) + "/task", error)) {
        for (const std::string &word : split(trimmed(readFile(task.path() / "children").value_or(std::string())), ' ')) {
            pid_t pid = 0;
            if (std::from_chars(word.data(), word.data() + word.size(), pid).ec != std::errc())
                continue;
            found.push_back(pid);
            const auto further = startedBy(pid);
            found.insert(found.end(), further.begin(), further.end());
        }
    }
    return found;
}

/// Every process, whatever it is called, that works below the directory or was told of it; not this one.
std::vector<std::string> thatKnow(const std::string &directory)
{
    std::vector<std::string> found;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc() || pid == ::getpid())
            continue;
        std::error_code unreadable;
        const std::string words = readFile(entry.path() / "cmdline").value_or("");
        if (words.find(directory) != std::string::npos || fs::read_symlink(entry.path() / "cwd", unreadable).string().rfind(directory, 0) == 0)
            found.push_back(name + " " + words);
    }
    return found;
}

} // namespace

class TestLiveLocalfleetCrash : public QObject
{
    Q_OBJECT

    std::string m_directory = "/tmp/shardlens-crash-" + std::to_string(::getpid());
    std::optional<Home> m_home;

    [[nodiscard]] Output program(std::vector<std::string> words) const
    {
        auto command = ownProgram("shardlens-localfleet");
        if (!command)
            return {-1, command.error().message};
        words.insert(words.end(), {"--dir", m_directory});
        command->arguments.insert(command->arguments.end(), words.begin(), words.end());
        const auto said = run(*command, 120s);
        return said ? *said : Output{-1, said.error().message};
    }

    [[nodiscard]] Output wholeUp() const
    {
        std::vector<std::string> words{"up"};
        words.insert(words.end(), smallFleet.begin(), smallFleet.end());
        return program(std::move(words));
    }

    /// Starts an `up` and kills it, and it alone, as soon as one of its tools runs. That tool, if it goes on; 0 if it was through
    /// already, or the `up` was.
    [[nodiscard]] pid_t killUpAt(const std::string &tool)
    {
        auto command = ownProgram("shardlens-localfleet");
        command->arguments.insert(command->arguments.end(), {"up", "--dir", m_directory});
        command->arguments.insert(command->arguments.end(), smallFleet.begin(), smallFleet.end());
        const auto up = startDaemon(*command, m_directory + ".log", m_directory + ".pid");
        if (!up)
            return 0;
        pid_t found = 0;
        (void)waitUntil(
            [&] {
                for (const pid_t pid : startedBy(up->pid)) {
                    if (programOf(pid) == tool)
                        found = pid;
                }
                return found != 0 || !isAlive(*up);
            },
            60s, 1ms);
        ::kill(up->pid, SIGKILL);
        (void)waitUntil([&] { return !isAlive(*up); }, 5s);
        // From here it does not end by itself any more. Not before: the end of who began it would let stopped ones go on, with SIGHUP.
        if (found != 0)
            ::kill(found, SIGSTOP);
        const auto left = leftBehind(*m_home);
        return std::find(left.begin(), left.end(), found) == left.end() ? 0 : found;
    }

    /// The same until it was met at work; `before` each try.
    template <class Before>
    [[nodiscard]] pid_t meetAtWork(const std::string &tool, Before &&before)
    {
        for (int i = 0; i < 5; ++i) {
            before();
            if (const pid_t found = killUpAt(tool); found != 0)
                return found;
        }
        return 0;
    }

    void verifyNothingIsLeft()
    {
        const auto said = program({"down", "--delete"});
        QVERIFY2(said.exitCode == 0, said.text.c_str());
        QVERIFY(!fs::exists(m_directory));
        const auto left = thatKnow(m_directory + "/");
        QVERIFY2(left.empty(), left.empty() ? "" : left.front().c_str());
    }

    void verifyAllRuns()
    {
        const auto ground = Ground::open(*m_home);
        QVERIFY(ground.has_value());
        for (const char *cluster : {"u1", "m1", "directory"}) {
            const auto primary = postgres::primaryOf(*ground, cluster);
            QVERIFY2(primary.has_value(), cluster);
            QCOMPARE(postgres::streamingFrom(*ground, *primary).value_or(0), std::size_t(1));
        }
        for (const Instance &server : ground->servers)
            QVERIFY2(servers::isReady(*ground, server), server.id.c_str());
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_home = *Home::at(m_directory);
        const auto owner = Owner::become(m_home->root());
        QVERIFY2(owner.has_value(), owner ? "" : owner.error().message.c_str());
        QCOMPARE(::chdir("/"), 0); // the directory comes and goes
    }

    void cleanupTestCase()
    {
        (void)program({"down", "--delete"});
        for (const char *ending : {".log", ".pid"})
            fs::remove(m_directory + ending);
    }

    void downClearsAfterACrashWhileDataAreMade_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::newRow("a new cluster's") << "initdb";
        QTest::newRow("by a server that initdb started") << "postgres";
        QTest::newRow("a copy for a standby") << "cp";
    }

    void downClearsAfterACrashWhileDataAreMade()
    {
        QFETCH(QString, tool);
        QVERIFY(meetAtWork(tool.toStdString(), [&] { (void)program({"down", "--delete"}); }) != 0);
        QVERIFY(!thatKnow(m_directory + "/").empty());
        verifyNothingIsLeft();
    }

    void theNextUpBeginsAnew()
    {
        const pid_t left = meetAtWork("cp", [&] { (void)program({"down", "--delete"}); });
        QVERIFY(left != 0);
        const auto said = wholeUp();
        QVERIFY2(!processOf(left) || programOf(left) != "cp", "what made data for the one that was killed is ended");
        QVERIFY2(said.exitCode == 0, said.text.c_str());
        verifyAllRuns();
    }

    void downClearsAfterACrashWhileAStandbyIsMadeAnew()
    {
        const auto ground = Ground::open(*m_home);
        QVERIFY(ground.has_value());
        const auto lose = [&] {
            (void)servers::stop(*ground, *ground->server("m1-us-west"), 5s);
            fs::remove_all(m_home->data("m1-us-west"));
        };
        QVERIFY(meetAtWork("pg_basebackup", lose) != 0);
        verifyNothingIsLeft();
        const auto said = wholeUp();
        QVERIFY2(said.exitCode == 0, said.text.c_str());
        verifyAllRuns();
        verifyNothingIsLeft();
    }
};

QTEST_GUILESS_MAIN(TestLiveLocalfleetCrash)
#include "test_live_localfleet_crash.moc"
