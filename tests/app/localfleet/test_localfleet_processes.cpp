// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/FaultRecord.h"
#include "app/localfleet/Home.h"
#include "app/localfleet/Process.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace shardlens::localfleet;
namespace base = shardlens::base;
using namespace std::chrono_literals;

class TestLocalfleetProcesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void program_gets_its_input_and_gives_its_output();
    void failing_program_is_quoted();
    void hanging_program_is_killed_at_the_deadline();
    void daemon_outlives_its_call_and_is_found_by_its_pid_file();
    void later_process_of_the_same_number_is_not_taken_for_it();
    void frozen_process_can_be_stopped();
    void fault_records_survive_and_keep_their_first_time();
    void directory_too_long_for_sockets_is_refused();

private:
    [[nodiscard]] std::filesystem::path path(const char *name) const
    {
        return m_directory->filePath(QString::fromLatin1(name)).toStdString();
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestLocalfleetProcesses::program_gets_its_input_and_gives_its_output()
{
    const std::string much(3 << 20, 'x'); // more than any pipe holds: feeding and reading go on together
    const auto output = run({{"/usr/bin/tr", "x", "y"}, {}, much, -1}, 20s);
    QVERIFY(output);
    QCOMPARE(output->exitCode, 0);
    QVERIFY(output->text == std::string(3 << 20, 'y'));
}

void TestLocalfleetProcesses::failing_program_is_quoted()
{
    const auto output = runOrFail({{"/bin/sh", "-c", "echo it broke >&2; exit 3"}, {}, {}, -1});
    QVERIFY(!output);
    QCOMPARE(output.error().code, base::ErrorCode::Rejected);
    QVERIFY(output.error().message.find("exit code 3") != std::string::npos);
    QVERIFY(output.error().message.find("it broke") != std::string::npos);
    QVERIFY(!runOrFail({{"/nowhere/at/all"}, {}, {}, -1}));
}

void TestLocalfleetProcesses::hanging_program_is_killed_at_the_deadline()
{
    const auto begin = std::chrono::steady_clock::now();
    const auto output = run({{"/bin/sh", "-c", "sleep 600 & sleep 600"}, {}, {}, -1}, 100ms);
    QVERIFY(!output);
    QCOMPARE(output.error().code, base::ErrorCode::TimedOut);
    QVERIFY(std::chrono::steady_clock::now() - begin < 10s);
}

void TestLocalfleetProcesses::daemon_outlives_its_call_and_is_found_by_its_pid_file()
{
    const auto started =
        startDaemon({{"/bin/sh", "-c", "echo $HELLO; exec sleep 600"}, {{"HELLO", "here"}}, {}, -1}, path("log"), path("pid"));
    QVERIFY(started);
    QVERIFY(recorded(path("pid")) == *started);
    QTRY_COMPARE(readFile(path("log")).value_or(""), std::string("here\n"));
    QVERIFY(proportionalSize(started->pid).value_or(0) > 0);
    QVERIFY(stop(*started, SIGTERM, 5s));
    QVERIFY(!recorded(path("pid")));
    QVERIFY(!isAlive(*started));
    const auto failed = startDaemon({{"/nowhere/at/all"}, {}, {}, -1}, path("log"), path("pid"));
    QVERIFY(!failed);
    QVERIFY(failed.error().message.find("No such file") != std::string::npos);
}

void TestLocalfleetProcesses::later_process_of_the_same_number_is_not_taken_for_it()
{
    const auto self = processOf(getpid());
    QVERIFY(self);
    ProcessId earlier = *self;
    earlier.startTime -= 1;
    QVERIFY(writeFile(path("pid"), std::to_string(earlier.pid) + " " + std::to_string(earlier.startTime) + "\n"));
    QVERIFY(!recorded(path("pid")));
    QVERIFY(stop(earlier, SIGKILL, 1s)); // it has ended long ago, and this test goes on living
}

void TestLocalfleetProcesses::frozen_process_can_be_stopped()
{
    const auto started = startDaemon({{"/bin/sleep", "600"}, {}, {}, -1}, path("log"), path("pid"));
    QVERIFY(started);
    ::kill(started->pid, SIGSTOP);
    QTRY_VERIFY(isStopped(*started));
    QVERIFY(stop(*started, SIGTERM, 5s));
}

void TestLocalfleetProcesses::fault_records_survive_and_keep_their_first_time()
{
    const Home home(path("fleet"));
    QVERIFY(home.prepare());
    QVERIFY(faults::all(home).empty());
    QVERIFY(faults::keep(home, {"link-cut", "us-east>eu-west", {}, {{"how", "blackhole"}}}));
    QVERIFY(faults::keep(home, {"clock-off", "u1-us-east", {}, {{"offset", "-30.000"}, {"library", "/lib/fake.so"}}}));
    const auto first = faults::find(home, "link-cut", "us-east>eu-west");
    QVERIFY(first);
    QCOMPARE(first->details.at("how"), std::string("blackhole"));
    QVERIFY(faults::keep(home, {"link-cut", "us-east>eu-west", "later", {{"how", "reset"}}}));
    const auto second = faults::find(home, "link-cut", "us-east>eu-west");
    QCOMPARE(second->since, first->since);
    QCOMPARE(second->details.at("how"), std::string("reset"));
    QVERIFY(faults::clockEnvironment(home, "u1-us-east"));
    QVERIFY(!faults::clockEnvironment(home, "u1-us-west"));
    faults::forget(home, "clock-off", "u1-us-east");
    QVERIFY(!faults::clockEnvironment(home, "u1-us-east"));
    QCOMPARE(faults::all(home).size(), std::size_t(1));
}

void TestLocalfleetProcesses::directory_too_long_for_sockets_is_refused()
{
    QVERIFY(Home::at("/tmp/fleet"));
    QVERIFY(!Home::at("/tmp/" + std::string(100, 'x')));
    QVERIFY(!Home::at("/tmp/with a blank"));
    QCOMPARE(Home::at("/tmp/fleet//")->root().string(), std::string("/tmp/fleet"));
}

QTEST_GUILESS_MAIN(TestLocalfleetProcesses)
#include "test_localfleet_processes.moc"
