// SPDX-License-Identifier: GPL-3.0-or-later
// A repmgr that was begun for a server of this host; played by a script, because it is the ways in which it ends that count here.
#include "app/guard/RepmgrRun.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace shardlens;
using guard::RepmgrRun;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> words{"standby", "switchover"};

} // namespace

class TestRepmgrRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itEndsWell()
    {
        play("echo \"NOTICE: $*\"");
        RepmgrRun run(m_root / "log");
        QCOMPARE(run.state(m_config), std::string("none"));
        QCOMPARE(run.begin(m_program, m_config, words).value(), std::string("begun"));
        QTRY_COMPARE(run.state(m_config), std::string("ended"));
        std::ifstream log(m_root / "log");
        std::string line;
        std::getline(log, line);
        QCOMPARE(line, "NOTICE: --config-file=" + m_config + " standby switchover");
    }

    void itsExitCodeAndLastWordsAreTold()
    {
        play("echo 'ERROR: unable to connect to node 1'\necho 'HINT: see there' >&2\nexit 22");
        RepmgrRun run(m_root / "log");
        QVERIFY(run.begin(m_program, m_config, words));
        QTRY_COMPARE(run.state(m_config), std::string("failed: exit code 22: ERROR: unable to connect to node 1\nHINT: see there"));
    }

    void oneAtATime()
    {
        play("echo first; echo second; read line < " + (m_root / "go").string());
        QCOMPARE(::system(("mkfifo " + (m_root / "go").string()).c_str()), 0);
        RepmgrRun run(m_root / "log");
        QVERIFY(run.begin(m_program, m_config, words));
        QTRY_COMPARE(run.state(m_config), std::string("so far: second"));
        const auto again = run.begin(m_program, m_config, words);
        QVERIFY(!again && again.error().code == base::ErrorCode::Rejected && again.error().effect == base::Effect::None);
        // Whoever replaces this guard finds it.
        RepmgrRun other(m_root / "other");
        QVERIFY(QString::fromStdString(other.state(m_config)).startsWith(QLatin1String("so far: it goes on")));
        QVERIFY(!other.begin(m_program, m_config, words));
        QCOMPARE(other.state(m_config + ".other"), std::string("none"));
        std::ofstream(m_root / "go") << "go\n";
        QTRY_COMPARE(run.state(m_config), std::string("ended"));
        QTRY_COMPARE(other.state(m_config), std::string("none"));
    }

    void whatIsNotInstalledIsNotBegun()
    {
        RepmgrRun run(m_root / "log");
        const auto begun = run.begin(m_root / "nothing", m_config, words);
        QVERIFY(!begun && begun.error().effect == base::Effect::None);
        QVERIFY(begun.error().message.find("package repmgr") != std::string::npos);
    }

private:
    void play(const std::string &does)
    {
        std::ofstream(m_program) << "#!/bin/sh\n" << does << "\n";
        fs::permissions(m_program, fs::perms::owner_all);
    }

    QTemporaryDir m_folder;
    fs::path m_root{m_folder.path().toStdString()};
    fs::path m_program = m_root / "repmgr";
    std::string m_config = (m_root / "repmgr.conf").string();
};

QTEST_GUILESS_MAIN(TestRepmgrRun)
#include "test_repmgr_run.moc"
