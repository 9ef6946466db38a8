// SPDX-License-Identifier: GPL-3.0-or-later
// Two machines, each with journals of its own: what the one began and did not finish the other finishes from the directory's copy, while a
// ledger is kept and a plain INSERT is tried on every member each 10 ms.
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"
#include "tests/live/operate/Writability.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <cstring>

using namespace shardlens;
using live::ActingFleet;
using live::Ledger;
using live::Ran;
using live::waitFor;
using live::Writability;

namespace {

constexpr int patience = 20000;
const QStringList anyway{"--force", "recent_move=a test", "--force", "expected_pause=a test"};

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

class LiveElsewhereTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void anotherMachineFinishesWhatWasKilled_data();
    void anotherMachineFinishesWhatWasKilled();
    void aCopyThatLostItsEndIsEnough_data();
    void aCopyThatLostItsEndIsEnough();
    void anotherMachineTakesItBack();
    void whatAnotherOneFollowedIsNotGoneOnWith();
    void aFrozenExecutorDoesNothingOnceAnotherMachineFinished();
    void withoutACopyItIsToldWhatPutsItRight();
    void theCopyFallsBehindAndNothingWaits();
    void whoMayNotWriteTheCopyCannot();

private:
    void verifyWell(const std::string &primary);
    [[nodiscard]] std::optional<ActingFleet::UnderWay> begin(const char *step, int signal);
    [[nodiscard]] QJsonObject toldOf(const QString &id) const;
    [[nodiscard]] Ran goOn(const char *how, const QString &id) const;
    [[nodiscard]] std::string onDirectory(const std::string &sql) const;

    ActingFleet m_fleet;
    std::string m_old, m_new;
    std::optional<Ledger> m_ledger;
    std::optional<Writability> m_writable;
    std::unique_ptr<QProcess> m_begun; ///< on the first machine
};

void LiveElsewhereTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("elsewhere", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

void LiveElsewhereTest::init()
{
    m_fleet.sitAt("first");
    QVERIFY(m_fleet.becomesReady("u1"));
    m_old = m_fleet.primaries("u1");
    m_new = m_old == "u1-us-west" ? "u1-us-east" : "u1-us-west";
    m_ledger.emplace(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(qt(m_ledger->prepare()), QString());
    QCOMPARE(qt(m_fleet.ask(m_old, "TRUNCATE shardlens.ledger")), QString());
    m_writable.emplace(m_fleet.ground(), "u1");
    QCOMPARE(qt(m_writable->begin()), QString());
    m_ledger->start();
    QVERIFY(waitFor([&] { return m_ledger->count() > 20 && m_writable->commits() > 20; }, patience));
}

void LiveElsewhereTest::cleanup()
{
    m_ledger.reset();
    m_writable.reset();
    m_begun.reset();
}

/// One primary, its standbys stream, every router leads there, writes flow, what was acknowledged is there; the old one never took a write
/// after the new one did.
void LiveElsewhereTest::verifyWell(const std::string &primary)
{
    QCOMPARE(qt(m_fleet.whyNotWell("u1", primary)), QString());
    QCOMPARE(qt(m_fleet.ask(primary, "SHOW default_transaction_read_only")), QStringLiteral("off"));
    const std::size_t now = m_ledger->count();
    QVERIFY(waitFor([&] { return m_ledger->count() > now + 10; }, patience));
    m_ledger->stop();
    QCOMPARE(qt(m_ledger->missingOn(primary)), QStringLiteral("0"));
    QCOMPARE(qt(m_writable->sequence()), qt(primary == m_old ? m_old : m_old + " " + primary));
}

/// On the first machine a switchover, whose executor is sent the signal while it is held where it has begun that step.
std::optional<ActingFleet::UnderWay> LiveElsewhereTest::begin(const char *step, int signal)
{
    const QString before = m_fleet.newestJournal();
    m_begun = m_fleet.ctlHeldAt(QString::fromLatin1(step), QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway);
    auto underWay = m_fleet.waitUntilHeld(before);
    if (underWay && !ActingFleet::signal(underWay->executor, signal))
        return std::nullopt;
    return underWay;
}

QJsonObject LiveElsewhereTest::toldOf(const QString &id) const
{
    for (const QByteArray &line : m_fleet.ctl({"operations", "list", "--json"}).out.split('\n')) {
        const QJsonObject told = QJsonDocument::fromJson(line).object();
        if (told.value("operation").toString() == id)
            return told;
    }
    return {};
}

/// On the machine that one sits at, as soon as the other is silent for long enough.
Ran LiveElsewhereTest::goOn(const char *how, const QString &id) const
{
    Ran ran;
    (void)waitFor([&] { ran = m_fleet.ctl({"operations", how, id}); return !ran.err.contains("is being carried out by") && !ran.err.contains("is held by"); }, 2 * patience, 200);
    return ran;
}

std::string LiveElsewhereTest::onDirectory(const std::string &sql) const
{
    return m_fleet.ask(m_fleet.primaries("directory"), sql);
}

void LiveElsewhereTest::anotherMachineFinishesWhatWasKilled_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"clear_backends", "raise_term", "stop_old"})
        QTest::newRow(step) << step;
}

void LiveElsewhereTest::anotherMachineFinishesWhatWasKilled()
{
    QFETCH(const QString, step);
    const auto killed = begin(qPrintable(step), SIGKILL);
    QVERIFY(killed);
    QVERIFY(m_begun->waitForFinished(patience));
    m_fleet.sitAt("second");
    QVERIFY(m_fleet.newestJournal() != killed->journal);
    const QJsonObject seen = toldOf(killed->id());
    QCOMPARE(seen.value("here"), QJsonValue(false));
    QVERIFY2(!seen.value("host").toString().isEmpty(), QJsonDocument(seen).toJson().constData());
    const Ran shown = m_fleet.ctl({"operations", "show", killed->id()});
    QVERIFY2(shown.exit == 0 && shown.out.contains("the directory's copy of its journal"), (shown.out + shown.err).constData());
    QElapsedTimer timer;
    timer.start();
    const Ran ran = goOn("resume", killed->id());
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    qInfo("finished on another machine %lld ms after the kill", timer.elapsed());
    verifyWell(m_new);
    QCOMPARE(toldOf(killed->id()).value("here"), QJsonValue(true));
    QCOMPARE(m_fleet.json({"operations", "show", killed->id(), "--json"}).value("journal_may_be_short"), QJsonValue(true));
    // The first machine knows that it was overtaken.
    m_fleet.sitAt("first");
    const QJsonObject overtaken = toldOf(killed->id());
    QVERIFY2(overtaken.value("here") == QJsonValue(false) && overtaken.value("outcome").toString() != "none", QJsonDocument(overtaken).toJson().constData());
    if (ran.exit == 0) {
        const Ran again = m_fleet.ctl({"operations", "resume", killed->id()});
        QVERIFY2(again.exit == 1 && again.err.contains("it has ended: done"), (again.out + again.err).constData());
    }
}

void LiveElsewhereTest::aCopyThatLostItsEndIsEnough_data()
{
    QTest::addColumn<QString>("step");
    QTest::addColumn<int>("lines");
    QTest::newRow("promoted, of which its first line tells nothing") << "raise_term" << 1;
    QTest::newRow("promoted, of which its first lines tell nothing") << "point_routers" << 4;
    QTest::newRow("not promoted yet") << "read_final" << 2;
    QTest::newRow("all but done") << "stop_old" << 3;
}

void LiveElsewhereTest::aCopyThatLostItsEndIsEnough()
{
    QFETCH(const QString, step);
    QFETCH(const int, lines);
    const auto killed = begin(qPrintable(step), SIGKILL);
    QVERIFY(killed);
    QVERIFY(m_begun->waitForFinished(patience));
    const std::string id = killed->id().toStdString(), kept = std::to_string(lines);
    QVERIFY(waitFor([&] { return std::atoi(onDirectory("SELECT lines FROM directory.operations WHERE operation_id = '" + id + "'").c_str()) >= lines; }, patience, 50));
    QCOMPARE(qt(onDirectory("DELETE FROM directory.journal WHERE operation_id = '" + id + "' AND line >= " + kept)), QString());
    QCOMPARE(qt(onDirectory("UPDATE directory.operations SET lines = " + kept + " WHERE operation_id = '" + id + "'")), QString());
    m_fleet.sitAt("second");
    const Ran ran = goOn("resume", killed->id());
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    verifyWell(m_new);
}

void LiveElsewhereTest::anotherMachineTakesItBack()
{
    const auto killed = begin("read_final", SIGKILL);
    QVERIFY(killed);
    QVERIFY(m_begun->waitForFinished(patience));
    m_fleet.sitAt("second");
    const Ran ran = goOn("undo", killed->id());
    // It may have been promoted between the look at its journal and the kill: then it cannot be taken back, and says so.
    const bool isPromoted = m_fleet.primaries("u1") == m_new;
    if (isPromoted) {
        QVERIFY2(ran.exit == 1 || ran.exit == 3, (ran.out + ran.err).constData());
        const Ran onward = goOn("resume", killed->id());
        QVERIFY2(onward.exit == 0 || onward.exit == 4, (onward.out + onward.err).constData());
    } else {
        QVERIFY2(ran.exit == 0 && ran.out.contains("Rolled back"), (ran.out + ran.err).constData());
    }
    verifyWell(isPromoted ? m_new : m_old);
}

/// The first was let go by the guards; another move raised the very term that it would have raised.
void LiveElsewhereTest::whatAnotherOneFollowedIsNotGoneOnWith()
{
    const auto killed = begin("pause_routers", SIGKILL);
    QVERIFY(killed);
    QVERIFY(m_begun->waitForFinished(patience));
    const std::size_t held = m_ledger->count();
    QVERIFY(waitFor([&] { return m_ledger->count() > held + 10; }, patience)); // the guards let writes go on
    QVERIFY(m_fleet.becomesReady("u1"));
    QCOMPARE(qt(m_fleet.primaries("u1")), qt(m_old));
    m_fleet.sitAt("second");
    // It follows the candidate of the move that was let go; whoever is to be moved to follows the primary.
    const Ran back = m_fleet.ctl({"standby", "repoint", "u1-eu-west", "--to", qt(m_old)});
    QVERIFY2(back.exit == 0, (back.out + back.err).constData());
    QVERIFY(m_fleet.becomesReady("u1"));
    const Ran other = m_fleet.ctl(QStringList{"switchover", "u1", "--to", "u1-eu-west"} + anyway);
    QVERIFY2(other.exit == 0 || other.exit == 4, (other.out + other.err).constData());
    for (const char *how : {"resume", "undo"}) {
        const Ran ran = goOn(how, killed->id());
        QVERIFY2(ran.exit == 1 && ran.err.contains("another operation has moved u1 since"), (ran.out + ran.err).constData());
    }
    verifyWell("u1-eu-west");
    const Ran left = m_fleet.ctl({"operations", "abandon", killed->id(), "--reason", "moved by hand"});
    QVERIFY2(left.exit == 0, (left.out + left.err).constData());
    m_fleet.sitAt("first");
    QCOMPARE(toldOf(killed->id()).value("outcome").toString(), QStringLiteral("abandoned"));
    const Ran home = m_fleet.ctl(QStringList{"switchover", "u1", "--to", "u1-us-east"} + anyway);
    QVERIFY2(home.exit == 0 || home.exit == 4, (home.out + home.err).constData());
}

void LiveElsewhereTest::aFrozenExecutorDoesNothingOnceAnotherMachineFinished()
{
    const auto frozen = begin("point_routers", SIGSTOP);
    QVERIFY(frozen);
    m_fleet.sitAt("second");
    const Ran early = m_fleet.ctl({"operations", "resume", frozen->id()});
    QVERIFY2(early.exit == 1 && early.err.contains("is being carried out by"), (early.out + early.err).constData());
    const Ran ran = goOn("resume", frozen->id());
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    const std::string about = " FROM directory.operations WHERE operation_id = '" + frozen->id().toStdString() + "'";
    const std::string copied = onDirectory("SELECT number || ' ' || lines" + about);
    const std::string term = std::to_string(m_fleet.term(m_new));
    QVERIFY(ActingFleet::signal(frozen->executor, SIGCONT));
    QVERIFY(m_begun->waitForFinished(120000));
    QVERIFY2(m_begun->exitCode() != 0, m_begun->readAll().constData());
    verifyWell(m_new);
    QCOMPARE(qt(std::to_string(m_fleet.term(m_new))), qt(term));
    QCOMPARE(qt(onDirectory("SELECT number || ' ' || lines" + about)), qt(copied)); // its lines were refused
    QVERIFY2(ActingFleet::read(frozen->journal).contains("was taken over by"), ActingFleet::read(frozen->journal).right(600).constData());
}

void LiveElsewhereTest::withoutACopyItIsToldWhatPutsItRight()
{
    m_fleet.sitAt("second");
    const QString id = QStringLiteral("u1-20260101-000000-dead");
    const Ran well = m_fleet.ctl({"operations", "resume", id});
    QVERIFY2(well.exit == 1 && well.err.contains(qPrintable(qt(m_old) + " is the primary of u1")) && well.err.contains("nothing of it is left to do"), (well.out + well.err).constData());
    const Ran paused = m_fleet.ctl({"router", "pause", "u1", "--router", "us-west"});
    QVERIFY2(paused.exit == 0, (paused.out + paused.err).constData());
    const Ran told = m_fleet.ctl({"operations", "undo", id});
    QVERIFY2(told.exit == 1 && told.err.contains("shardlensctl router resume u1 --router router-us-west"), (told.out + told.err).constData());
    const Ran resumed = m_fleet.ctl({"router", "resume", "u1", "--router", "router-us-west"});
    QVERIFY2(resumed.exit == 0, (resumed.out + resumed.err).constData());
    verifyWell(m_old);
}

void LiveElsewhereTest::theCopyFallsBehindAndNothingWaits()
{
    for (const localfleet::Instance &member : m_fleet.ground().members("directory"))
        QCOMPARE(qt(m_fleet.inflict("freeze", member.id)), QString());
    const Ran ran = m_fleet.ctl(QStringList{"switchover", "u1", "--to", qt(m_new)} + anyway);
    for (const localfleet::Instance &member : m_fleet.ground().members("directory"))
        QCOMPARE(qt(m_fleet.heal("freeze", member.id)), QString());
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    QVERIFY2(ran.out.contains("the directory's copy of its journal has 0 of "), (ran.out + ran.err).constData());
    verifyWell(m_new);
    QVERIFY2(m_ledger->tale().failed == 0, m_ledger->tale().firstError.c_str());
    qInfo("longest gap between two commits: %.1f ms", double(m_ledger->tale().longestGap.count()) / 1000);
}

/// Append-only, by the function alone; nobody's but whose number is the highest.
void LiveElsewhereTest::whoMayNotWriteTheCopyCannot()
{
    const auto as = [&](const char *user, const std::string &sql) { return onDirectory("SET SESSION AUTHORIZATION " + std::string(user) + "; " + sql); };
    const auto call = [](const char *number, const char *first, const char *lines) {
        return std::string("SELECT directory.copy_journal('x-1', ") + number + ", " + first + ", ARRAY[" + lines + "]::text[], 'bo', 'desk-8')";
    };
    const std::string one = R"('{"entry":"begun","steps":[]}')";
    QCOMPARE(qt(as("shardlens_operator", call("7", "0", one.c_str()))), QStringLiteral("1"));
    QCOMPARE(qt(as("shardlens_operator", call("7", "0", one.c_str()))), QStringLiteral("1")); // its answer was lost, say
    QVERIFY(as("shardlens_operator", call("7", "2", one.c_str())).find("has 1 lines, not 2") != std::string::npos);
    QVERIFY(as("shardlens_operator", call("6", "1", one.c_str())).find("was taken over by shardlens_operator (bo) on desk-8") != std::string::npos);
    for (const char *sql : {"DELETE FROM directory.journal", "UPDATE directory.operations SET number = 1", "INSERT INTO directory.journal VALUES ('x-1', 7, 1, '{}')"})
        QVERIFY2(as("shardlens_operator", sql).find("permission denied") != std::string::npos, sql);
    for (const char *user : {"shardlens_observer", "shardlens_support", "shardlens_app"}) {
        QVERIFY2(as(user, call("9", "0", one.c_str())).find("permission denied") != std::string::npos, user);
        QVERIFY2(as(user, "SELECT count(*) FROM directory.journal").find("permission denied") != std::string::npos, user);
    }
    QCOMPARE(qt(onDirectory("CREATE ROLE another LOGIN; GRANT shardlens_operator TO another")), QString());
    QVERIFY(as("another", call("7", "1", one.c_str())).find("is carried out by shardlens_operator") != std::string::npos);
    QCOMPARE(qt(as("another", call("8", "0", one.c_str()))), QStringLiteral("1"));
    // No connection string, and so no password, of any operation so far.
    QCOMPARE(qt(onDirectory("SELECT count(*) FROM directory.journal WHERE entry::text ~ 'conninfo of [^\"]*\":'")), QStringLiteral("0"));
    QVERIFY(onDirectory("SELECT count(*) FROM directory.journal") != "0");
    QCOMPARE(qt(onDirectory("DELETE FROM directory.operations WHERE operation_id = 'x-1'; DELETE FROM directory.journal WHERE operation_id = 'x-1'; DROP OWNED BY another; DROP ROLE another")), QString());
}

QTEST_GUILESS_MAIN(LiveElsewhereTest)
#include "test_live_elsewhere.moc"
