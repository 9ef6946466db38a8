// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/CrashReport.h"
#include "app/shardlens/FleetFileWatch.h"
#include "app/shardlens/OneWindow.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace shardlens;
using namespace shardlens::app;

namespace {

const QByteArray kFleet = R"(fleet = "insta-main"
environment = "local"
own_region = "us-east"

[[region]]
name = "us-east"
)";

bool write(const QString &path, const QByteArray &content)
{
    // As editors do it: a new file in the old one's place.
    QFile file(path + QStringLiteral(".new"));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        return false;
    file.close();
    QFile::remove(path);
    return file.rename(path);
}

} // namespace

class TestConsoleParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        qputenv("XDG_RUNTIME_DIR", m_folder.path().toUtf8());
        QFile::setPermissions(m_folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void aSecondStartHandsItsLinkOver()
    {
        const QString file = m_folder.filePath(QStringLiteral("a.toml"));
        QVERIFY(write(file, kFleet));
        QVERIFY(!OneWindow::handOver(file, {})); // nobody shows it yet
        OneWindow first(file);
        QVERIFY(first.listen());
        QSignalSpy asked(&first, &OneWindow::asked);
        const QString link = QStringLiteral("shardlens://insta-main/shards?find=ü#cluster:u1");
        bool taken = false;
        std::unique_ptr<QThread> second(QThread::create([&] { taken = OneWindow::handOver(file, link); }));
        second->start();
        QVERIFY(asked.wait(5000));
        QVERIFY(second->wait(5000));
        QVERIFY(taken);
        QCOMPARE(asked.first().first().toString(), link);
    }

    void everyPathToTheSameFileIsTheSameFleet()
    {
        const QString file = m_folder.filePath(QStringLiteral("b.toml"));
        QVERIFY(write(file, kFleet));
        const QString other = m_folder.filePath(QStringLiteral("link.toml"));
        QVERIFY(QFile::link(file, other));
        QCOMPARE(OneWindow::socketName(file), OneWindow::socketName(other));
        QVERIFY(OneWindow::socketName(file) != OneWindow::socketName(m_folder.filePath(QStringLiteral("a.toml"))));
        QVERIFY2(OneWindow::socketName(file).size() < 107, qPrintable(OneWindow::socketName(file)));
    }

    void aSocketThatACrashLeftIsTakenOver()
    {
        const QString file = m_folder.filePath(QStringLiteral("c.toml"));
        QVERIFY(write(file, kFleet));
        QFile left(OneWindow::socketName(file));
        QVERIFY(left.open(QIODevice::WriteOnly));
        left.close();
        OneWindow window(file);
        QVERIFY(window.listen());
    }

    void aChangedFileIsToldAndNotLoaded()
    {
        const QString file = m_folder.filePath(QStringLiteral("d.toml"));
        QVERIFY(write(file, kFleet));
        auto reading = fleet::readFleetFile(file.toStdString());
        QVERIFY2(reading.has_value(), reading ? "" : reading.error().complaints.front().what.c_str());
        const auto open = std::make_shared<const fleet::Fleet>(*reading);
        FleetFileWatch watch(file, {}, open);
        QSignalSpy looked(&watch, &FleetFileWatch::looked);
        QByteArray changed = kFleet;
        QVERIFY(write(file, changed.replace("insta-main", "insta-new")));
        QVERIFY(looked.wait(5000));
        QVERIFY(watch.changedFleet());
        QCOMPARE(watch.changedFleet()->name, std::string("insta-new"));
        QCOMPARE(open->name, std::string("insta-main"));
        // Broken: what is open stays, and every complaint is at hand.
        QVERIFY(write(file, kFleet + "[[servr]]\nname = \"x\"\n"));
        QVERIFY(looked.wait(5000));
        QVERIFY(!watch.changedFleet());
        QVERIFY(watch.complaints());
        QVERIFY(watch.complaints()->complaints.front().line > 0);
        // Mended as it was: nothing to tell any more.
        QVERIFY(write(file, kFleet));
        QVERIFY(looked.wait(5000));
        QVERIFY(!watch.changedFleet() && !watch.complaints());
    }

    void aCrashLeavesAReportThatIsToldOnce()
    {
        const QString folder = m_folder.filePath(QStringLiteral("crashes"));
        QVERIFY(QDir().mkpath(folder));
        const pid_t child = fork();
        if (child == 0) {
            CrashReport::install(folder, QStringLiteral("9.9"));
            std::raise(SIGSEGV);
            _exit(0);
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGSEGV); // the exit status stays what it is
        const QStringList unread = CrashReport::unread(folder);
        QCOMPARE(unread.size(), 1);
        QFile report(unread.first());
        QVERIFY(report.open(QIODevice::ReadOnly));
        const QByteArray text = report.readAll();
        QVERIFY2(text.startsWith("Shardlens 9.9 crashed\n"), text.constData());
        QVERIFY2(text.contains("\nsignal 11\n"), text.constData());
        CrashReport::markRead(folder);
        QVERIFY(CrashReport::unread(folder).isEmpty());
        QCOMPARE(QDir(folder).entryList(QDir::Files).size(), 1); // kept, under another name
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestConsoleParts)
#include "test_console_parts.moc"
