// SPDX-License-Identifier: GPL-3.0-or-later
// The console on real servers, with the plan of a move open: the executor that looks meanwhile holds nothing, the click is carried out by it, and
// where it is gone the click starts another.
#include "app/localfleet/Postgres.h"
#include "app/shardlens/Console.h"
#include "tests/live/operate/Ledger.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/PlanView.h"
#include "ui/operate/RunBar.h"
#include "ui/operate/RunningView.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/theme/Theme.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include <unistd.h>

using namespace shardlens;
using ui::pages::OperationsPage;

namespace {

constexpr int readyMs = 40'000;
constexpr int endMs = 60'000;
constexpr int clickMs = 3000; // from the click to the first write, however busy the machine; bench_failover has the figures
const base::ClusterName cluster("u1");

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class LiveStandingExecutorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void cleanup() { (void)fleetCommand({QStringLiteral("heal"), QStringLiteral("--all")}); }
    void whoStandsReadyHoldsNothing();
    void theClickIsCarriedOutByIt();
    void aDirectoryThatIsSilentIsNoDifference();
    void whereItIsGoneTheClickStartsAnother();
    void aDeadPrimaryIsReplacedByIt_data();
    void aDeadPrimaryIsReplacedByIt();

private:
    [[nodiscard]] int fleetCommand(const QStringList &arguments) const { return run(QStringLiteral(LOCALFLEET), QStringList{QStringLiteral("--dir"), m_home.filePath(QStringLiteral("fleet"))} + arguments); }
    [[nodiscard]] static int run(const QString &program, const QStringList &arguments);
    [[nodiscard]] OperationsPage &page() { return *dynamic_cast<OperationsPage *>(m_console->window().currentPage()); }
    [[nodiscard]] ui::operate::PlanView &plan() { return *page().planView(); }
    [[nodiscard]] std::string ask(const std::string &server, const std::string &sql) const;
    [[nodiscard]] std::string primary() const;
    [[nodiscard]] std::vector<pid_t> standing() const;
    [[nodiscard]] QStringList journals() const;
    [[nodiscard]] pid_t open(const operate::Intent &intent, const std::string &dead = {});
    void force();
    [[nodiscard]] pid_t press(bool expectsStanding = true);
    void waitUntilOver();

    pid_t m_stood = 0; ///< ready at the last click
    base::Instant m_clicked;
    QTemporaryDir m_home{QStringLiteral("/tmp/standing-executor-XXXXXX")};
    std::optional<localfleet::Ground> m_ground;
    std::unique_ptr<ui::theme::Theme> m_theme;
    std::unique_ptr<app::Console> m_console;
};

int LiveStandingExecutorTest::run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(program, arguments);
    return QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 180'000) ? process.exitCode() : -1; // the console goes on
}

void LiveStandingExecutorTest::initTestCase()
{
    QFile::setPermissions(m_home.path(), QFile::Permissions(0x7755)); // servers belong to an unprivileged user
    qputenv("XDG_STATE_HOME", m_home.filePath(QStringLiteral("state")).toUtf8());
    qputenv("PATH", QFileInfo(QStringLiteral(LOCALFLEET)).absolutePath().toUtf8() + ':' + qgetenv("PATH")); // where the executor is
    QCOMPARE(fleetCommand({QStringLiteral("up"), QStringLiteral("--clusters"), QStringLiteral("2"), QStringLiteral("--shards"), QStringLiteral("8"), QStringLiteral("--latency"), QStringLiteral("0")}), 0);
    const auto home = localfleet::Home::at(m_home.filePath(QStringLiteral("fleet")).toStdString());
    QVERIFY(home);
    auto ground = localfleet::Ground::open(*home);
    QVERIFY(ground);
    m_ground = std::move(*ground);
    const QString file = m_home.filePath(QStringLiteral("fleet/fleet.toml"));
    auto reading = fleet::readFleetFile(file.toStdString());
    QVERIFY(reading.has_value());
    m_theme = std::make_unique<ui::theme::Theme>(*qApp);
    m_console = std::make_unique<app::Console>(app::Console::Source{std::make_shared<const fleet::Fleet>(std::move(*reading)), file, {}, {}}, *m_theme, nullptr);
    m_console->window().resize(1280, 800);
    m_console->window().show();
    m_console->start();
}

void LiveStandingExecutorTest::cleanupTestCase()
{
    m_console.reset();
    QTRY_VERIFY_WITH_TIMEOUT(standing().empty(), readyMs);
    QCOMPARE(fleetCommand({QStringLiteral("down"), QStringLiteral("--delete")}), 0);
}

std::string LiveStandingExecutorTest::ask(const std::string &server, const std::string &sql) const
{
    const localfleet::Instance &instance = *m_ground->server(server);
    const auto answer = localfleet::postgres::query(*m_ground, instance, m_ground->database(instance), sql, base::seconds(3));
    return answer ? *answer : "error: " + answer.error().message;
}

std::string LiveStandingExecutorTest::primary() const
{
    std::string found;
    for (const localfleet::Instance &member : m_ground->members("u1"))
        found += ask(member.id, "SELECT pg_is_in_recovery()") == "f" ? member.id : std::string();
    return found;
}

/// Executors of this fleet that wait for the go-ahead.
std::vector<pid_t> LiveStandingExecutorTest::standing() const
{
    std::vector<pid_t> found;
    const QByteArray file = m_home.filePath(QStringLiteral("fleet/fleet.toml")).toUtf8();
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs)) {
        const QList<QByteArray> words = contentOf(QStringLiteral("/proc/%1/cmdline").arg(name)).split('\0'); // of one that has ended: none
        if (words.contains("--waits") && words.contains(file))
            found.push_back(name.toInt());
    }
    return found;
}

/// Newest first.
QStringList LiveStandingExecutorTest::journals() const
{
    const QDir root(m_home.filePath(QStringLiteral("state/shardlens/operations")));
    QStringList paths;
    for (const QFileInfo &fleet : root.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const QFileInfo &info : QDir(fleet.filePath()).entryInfoList({QStringLiteral("*.jsonl")}, QDir::Files, QDir::Time))
            paths << info.filePath();
    }
    return paths;
}

/// Opens its plan, and waits until it may be confirmed, somebody stands ready, and the fleet is calm: all but `dead` answer, and in three
/// looks nothing has changed. Who stands ready.
pid_t LiveStandingExecutorTest::open(const operate::Intent &intent, const std::string &dead)
{
    m_console->window().goTo(QStringLiteral("operations"));
    if (!page().showPlan(intent))
        return 0;
    QSignalSpy looks(m_console.get(), &app::Console::snapshotShown);
    const auto answersAs = [&](const localfleet::Instance &member) { return plan().watch().shown()->fingerprint.facts.at(member.id + ".answers") == (member.id == dead ? "no" : "yes"); };
    const auto isOffered = [&] {
        if (plan().watch().isChanged()) {
            plan().bannerButton()->click();
            looks.clear();
        }
        force();
        const auto members = m_ground->members("u1");
        return plan().confirmBar()->arming().isArmed && std::all_of(members.begin(), members.end(), answersAs) && looks.size() >= 3 && standing().size() == 1;
    };
    return QTest::qWaitFor(isOffered, readyMs) ? standing().front() : 0;
}

/// What a test that moves one cluster all the time goes on in spite of.
void LiveStandingExecutorTest::force()
{
    if (!plan().watch().shown())
        return;
    for (const operate::Check &check : plan().watch().shown()->checks) {
        if (operate::isBlocking(check) && check.forceable)
            plan().confirmBar()->setForced(check.id, true, QStringLiteral("a test"));
    }
}

/// As a person would, again where it is told that what was read has changed: the process that carries it out.
pid_t LiveStandingExecutorTest::press(bool expectsStanding)
{
    const auto before = journals();
    m_stood = 0;
    for (int i = 0; i < 5 && journals() == before; ++i) {
        const auto isArmed = [&] {
            if (plan().watch().isChanged())
                plan().bannerButton()->click();
            force();
            return plan().confirmBar()->arming().isArmed && (!expectsStanding || standing().size() == 1);
        };
        if (!QTest::qWaitFor(isArmed, readyMs))
            return 0;
        m_stood = expectsStanding ? standing().front() : 0;
        plan().confirmBar()->setDeafFor(0);
        m_clicked = std::chrono::steady_clock::now();
        plan().confirmBar()->button()->click();
        const auto isRefused = [&] { return plan().confirmBar()->sentence().startsWith(QStringLiteral("Not started")); };
        if (!QTest::qWaitFor([&] { return journals() != before || isRefused(); }, endMs))
            return 0;
        if (isRefused())
            qInfo("%s", qPrintable(plan().confirmBar()->sentence()));
    }
    return journals() == before ? 0 : contentOf(QString(journals().front()).replace(QStringLiteral(".jsonl"), QStringLiteral(".lock"))).trimmed().toInt();
}

void LiveStandingExecutorTest::waitUntilOver()
{
    const auto text = [&] { return page().runningView()->runBar()->text(); };
    QTRY_COMPARE_WITH_TIMEOUT(page().showing(), OperationsPage::Showing::Operation, readyMs);
    QTRY_VERIFY2_WITH_TIMEOUT(contentOf(journals().front()).contains("\"entry\":\"outcome\""), qPrintable(text()), endMs);
    QTRY_VERIFY2_WITH_TIMEOUT(text().startsWith(QStringLiteral("Done")), qPrintable(text()), readyMs);
}

void LiveStandingExecutorTest::whoStandsReadyHoldsNothing()
{
    const pid_t ready = open(operate::SwitchCluster{cluster, {}});
    QVERIFY(ready > 0);
    const auto looks = [&] { return ask(primary(), "SELECT count(*) > 0 FROM pg_stat_activity WHERE client_addr IS NOT NULL AND application_name LIKE 'shardlens%'") == "t"; };
    QTRY_VERIFY_WITH_TIMEOUT(looks(), readyMs);
    for (const localfleet::Instance &member : m_ground->members("u1"))
        QCOMPARE(QString::fromStdString(ask(member.id, "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'shardlens-executor%'")), QStringLiteral("0"));
    QVERIFY(journals().isEmpty());
    // Somebody else moves it meanwhile: nothing stands in their way, and the plan that is open has changed.
    QCOMPARE(run(QFileInfo(QStringLiteral(LOCALFLEET)).dir().filePath(QStringLiteral("shardlensctl")),
                 {QStringLiteral("--fleet"), m_home.filePath(QStringLiteral("fleet/fleet.toml")), QStringLiteral("switchover"), QStringLiteral("u1")}), 0);
    QTRY_VERIFY_WITH_TIMEOUT(plan().watch().isChanged() || !plan().confirmBar()->arming().isArmed, readyMs);
    QTRY_VERIFY_WITH_TIMEOUT(!standing().empty(), readyMs);
    m_console->window().goTo(QStringLiteral("overview"));
    QTRY_VERIFY_WITH_TIMEOUT(standing().empty(), readyMs);
    QCOMPARE(journals().size(), 1);
}

void LiveStandingExecutorTest::theClickIsCarriedOutByIt()
{
    const std::string old = primary();
    const pid_t ready = open(operate::SwitchCluster{cluster, {}});
    QVERIFY(ready > 0);
    const pid_t by = press();
    QVERIFY(by > 0);
    QCOMPARE(by, m_stood);
    waitUntilOver();
    QVERIFY(primary() != old && !primary().empty());
    QTRY_VERIFY_WITH_TIMEOUT(standing().empty(), readyMs);
}

/// It looks as the console does: what both cannot know is no difference.
void LiveStandingExecutorTest::aDirectoryThatIsSilentIsNoDifference()
{
    for (const localfleet::Instance &member : m_ground->members("directory"))
        QCOMPARE(fleetCommand({QStringLiteral("fault"), QStringLiteral("freeze"), QString::fromStdString(member.id)}), 0);
    const pid_t ready = open(operate::SwitchCluster{cluster, {}});
    QVERIFY(ready > 0);
    const pid_t by = press();
    QVERIFY(by > 0);
    QCOMPARE(by, m_stood);
    waitUntilOver();
    QCOMPARE(fleetCommand({QStringLiteral("heal"), QStringLiteral("--all")}), 0);
}

void LiveStandingExecutorTest::whereItIsGoneTheClickStartsAnother()
{
    const pid_t ready = open(operate::SwitchCluster{cluster, {}});
    QVERIFY(ready > 0);
    QCOMPARE(::kill(ready, SIGKILL), 0);
    QTRY_VERIFY_WITH_TIMEOUT(standing().empty(), readyMs);
    const pid_t by = press(false);
    QVERIFY(by > 0 && by != ready);
    waitUntilOver();
}

void LiveStandingExecutorTest::aDeadPrimaryIsReplacedByIt_data()
{
    QTest::addColumn<QString>("fault");
    for (const char *fault : {"kill", "freeze"})
        QTest::newRow(fault) << QString::fromLatin1(fault);
}

void LiveStandingExecutorTest::aDeadPrimaryIsReplacedByIt()
{
    QFETCH(const QString, fault);
    const std::string old = primary();
    live::Ledger ledger(*m_ground, "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    ledger.start();
    QTRY_VERIFY_WITH_TIMEOUT(ledger.count() > 20, readyMs);
    QCOMPARE(fleetCommand({QStringLiteral("fault"), fault, QString::fromStdString(old)}), 0);
    const pid_t ready = open(operate::FailCluster{cluster, {}}, old);
    QVERIFY(ready > 0);
    const std::size_t before = ledger.count();
    const pid_t by = press();
    QVERIFY(by > 0);
    QCOMPARE(by, m_stood);
    QTRY_VERIFY_WITH_TIMEOUT(ledger.count() > before, readyMs);
    const double took = std::chrono::duration<double, std::milli>(ledger.tale().at.at(before) - m_clicked).count();
    qInfo("%s: %.0f ms from the click to a write", qPrintable(fault), took);
    QVERIFY(took < clickMs);
    waitUntilOver();
    QVERIFY(primary() != old);
    QCOMPARE(fleetCommand({QStringLiteral("heal"), QStringLiteral("--all")}), 0);
    QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(ask(old, "SELECT pg_is_in_recovery()")), QStringLiteral("t"), readyMs);
}

QTEST_MAIN(LiveStandingExecutorTest)
#include "test_live_standing_executor.moc"
