// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log as a page: what it asks for, what it shows, and what it says where nothing can be shown.
// SHARDLENS_PICTURES names a folder that a picture of each state is written to.
#include "ui/pages/audit/AuditPage.h"
#include "core/desk/AuditReading.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "tests/ui/Warnings.h"
#include "ui/operate/OutlineModel.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/FactTable.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/audit/AuditFilters.h"
#include "ui/pages/audit/AuditRows.h"
#include "ui/pages/lookup/CardPanel.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/TickBox.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using facts::AuditRow;
using pages::AuditAsk;
using pages::AuditPage;

namespace {

AuditRow rowOf(std::int64_t seq, const char *user, const char *action, const char *subject, const char *reason, const char *detail, const char *caseNumber = "")
{
    AuditRow row;
    row.seq = seq;
    row.at = fixtures::well()->takenUtc - std::chrono::minutes(100 - seq * 7);
    row.databaseUser = user;
    row.osUser = "anna";
    row.host = "ws3";
    row.action = action;
    row.subject = subject;
    row.reason = reason;
    row.caseNumber = caseNumber;
    row.detail = detail;
    row.hashed = "contents " + std::to_string(seq);
    row.hash = row.computed = desk::auditHash({}, row.hashed);
    return row;
}

std::vector<AuditRow> log()
{
    return {rowOf(1, "oncall_ro", "switchover begun", "cluster u1", "kernel upgrade of db1, agreed with those who run it", R"({"operation":"u1-20261121-1","from":"u1-us-east","to":"u1-us-west","term":7})"),
            rowOf(2, "oncall_ro", "switchover ended", "cluster u1", "", R"({"operation":"u1-20261121-1","outcome":"done"})"),
            rowOf(3, "support1", "unmask", "user 1516223938417885184", "asked by the user, who lost the phone", R"({"fields":["email","phone"]})", "48213"),
            rowOf(4, "oncall_ro", "cache_delete", "key m:1516223938417885184", "stale in us-west", R"({"regions":3})"),
            rowOf(5, "ops1", "maintenance_marked", "server u2-eu-west", "disk is replaced", R"({"until":"2026-11-21T06:00:00Z"})"),
            rowOf(6, "oncall_ro", "problem_claimed", "standby_not_streaming//u1/u1-eu-west///", "", R"({"seconds":3600})")};
}

/// Who is asked what the page asks, and answers when a test says so.
struct Bench {
    explicit Bench(QSize size = {1088, 704}, facts::SnapshotPtr shown = fixtures::well()) : snapshot(std::move(shown))
    {
        QObject::connect(&board, &pages::AuditBoard::readAsked, &board, [this](const AuditAsk &ask) { asked.push_back(ask); });
        QObject::connect(&board, &pages::AuditBoard::verifyAsked, &board, [this] { ++verifications; });
        QObject::connect(&board, &pages::AuditBoard::stopAsked, &board, [this] { ++stops; });
        pages::PageContext context{snapshot->fleet, nullptr, std::make_shared<base::ManualClock>(snapshot->takenUtc)};
        context.audit = &board;
        page = std::make_unique<AuditPage>(std::move(context));
        page->setAutoFillBackground(true);
        page->resize(size);
        page->showSnapshot(snapshot);
        page->show();
        tests::settle(*page);
    }
    void answer(std::vector<AuditRow> rows)
    {
        board.tellRows({asked.back(), std::move(rows)});
        tests::settle(*page);
    }
    void refuse(base::ErrorCode code, const char *message)
    {
        board.tellRows({asked.back(), base::fail(code, message)});
        tests::settle(*page);
    }
    void verified(facts::AuditVerdict verdict)
    {
        board.tellVerified({std::move(verdict), snapshot->takenUtc});
        tests::settle(*page);
    }
    void tick(std::chrono::seconds by)
    {
        auto next = std::make_shared<facts::Snapshot>(*snapshot);
        next->takenUtc += by;
        snapshot = next;
        page->showSnapshot(snapshot);
    }
    [[nodiscard]] QStringList column(const char *key) const
    {
        QStringList texts;
        const auto *model = page->table()->ordered();
        const int at = page->table()->facts()->columnOf(QString::fromLatin1(key));
        for (int row = 0; row < model->rowCount(); ++row)
            texts << model->index(row, at).data().toString();
        return texts;
    }
    [[nodiscard]] theme::TickBox *box(const QString &words) const
    {
        for (auto *one : page->filters()->findChildren<theme::TickBox *>()) {
            if (one->text() == words)
                return one;
        }
        return nullptr;
    }
    [[nodiscard]] QString seen() const { return tests::textsIn(*page).join(QLatin1Char('\n')); }

    facts::SnapshotPtr snapshot;
    pages::AuditBoard board;
    std::vector<AuditAsk> asked;
    int verifications = 0;
    int stops = 0;
    std::unique_ptr<AuditPage> page;
};

} // namespace

class AuditPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }
    void init()
    {
        tests::failOnUnexpectedWarnings();
        m_theme->setTextSize(100);
    }

    void everyStateIsDrawnWhole_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("text");
        for (const char *name : {"asking", "empty", "no-rights", "entries", "waiting", "verifying", "tampered", "silent"}) {
            for (const auto &size : tests::pageSizes) {
                for (const int text : {100, 150})
                    if (tests::isLookedAt(size.size, text))
                        QTest::addRow("%s at %s, text %d", name, size.name, text) << QString::fromLatin1(name) << size.size << text;
            }
        }
    }
    void everyStateIsDrawnWhole()
    {
        QFETCH(QString, state);
        QFETCH(QSize, size);
        QFETCH(int, text);
        m_theme->setTextSize(text);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
                continue;
            m_theme->setMode(mode);
            Bench bench(size);
            if (state == QLatin1String("empty")) {
                bench.answer({});
                bench.verified({0, {}, 0, 0, 0, false});
            } else if (state == QLatin1String("no-rights")) {
                bench.refuse(base::ErrorCode::NoRights, "permission denied for table audit");
                bench.board.tellVerified({base::fail(base::ErrorCode::NoRights, "permission denied for table audit"), bench.snapshot->takenUtc});
            } else if (state != QLatin1String("asking")) {
                bench.answer(log());
                if (state == QLatin1String("verifying"))
                    bench.board.tellProgress(12'000);
                else if (state == QLatin1String("tampered"))
                    bench.verified({5, {{facts::AuditFault::Edited, 3, 3}, {facts::AuditFault::CutOff, 6, 9}}, 4, 3, 0, false});
                else
                    bench.verified({5, {}, 4, 4, 0, false});
                if (state == QLatin1String("waiting"))
                    bench.board.tellWaiting({3, base::Error{base::ErrorCode::TimedOut, "no answer within 1 s", {}, {}, {}}, {}});
                if (state == QLatin1String("silent")) {
                    bench.tick(std::chrono::seconds(6));
                    bench.refuse(base::ErrorCode::TimedOut, "no answer in 5.0 s");
                }
            }
            tests::settle(*bench.page);
            tests::savePicture(*bench.page, QStringLiteral("audit-%1-%2x%3-%4-%5").arg(state).arg(size.width()).arg(size.height()).arg(text).arg(theme::Theme::name(mode)));
            const QStringList faults = tests::faultsOf(*bench.page);
            QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
        }
    }

    void entriesComeNewestFirstAndTellWho()
    {
        Bench bench;
        QCOMPARE(bench.asked.size(), std::size_t(1));
        QCOMPARE(bench.asked[0].after, std::int64_t(0));
        QCOMPARE(bench.asked[0].limit, AuditPage::kMost + 1);
        QCOMPARE(*bench.asked[0].since, bench.snapshot->takenUtc - std::chrono::hours(24));
        bench.answer(log());
        QCOMPARE(bench.column("seq"), QStringList({"6", "5", "4", "3", "2", "1"}));
        QCOMPARE(bench.column("action").at(1), QStringLiteral("maintenance marked"));
        QCOMPARE(bench.column("by").last(), QStringLiteral("oncall_ro (anna on ws3)"));
        QCOMPARE(bench.column("case").at(3), QStringLiteral("48213"));
        QCOMPARE(bench.column("subject").first(), QStringLiteral("standby not streaming, u1, u1-eu-west"));
    }

    void onlyWhatIsNewIsAskedAgain()
    {
        Bench bench;
        bench.answer(log());
        bench.tick(std::chrono::seconds(2));
        QCOMPARE(bench.asked.size(), std::size_t(1));
        bench.tick(std::chrono::seconds(4));
        QCOMPARE(bench.asked.size(), std::size_t(2));
        QCOMPARE(bench.asked[1].after, std::int64_t(6));
        QVERIFY(bench.page->table()->choose("3"));
        bench.answer({rowOf(7, "ops1", "maintenance_lifted", "server u2-eu-west", "", "{}")});
        QCOMPARE(bench.column("seq"), QStringList({"7", "6", "5", "4", "3", "2", "1"}));
        QCOMPARE(bench.page->table()->currentId(), std::string("3")); // what is read stays chosen
        bench.tick(std::chrono::seconds(6));
        bench.refuse(base::ErrorCode::TimedOut, "no answer in 5.0 s");
        QCOMPARE(bench.column("seq").size(), 7); // nothing is lost
        QVERIFY2(bench.seen().contains(QStringLiteral("not read since")), qPrintable(bench.seen()));
        bench.tick(std::chrono::seconds(6));
        bench.answer({});
        QVERIFY(!bench.seen().contains(QStringLiteral("not read since")));
    }

    void anAnswerToAnEarlierQuestionIsPassedOver()
    {
        Bench bench;
        bench.page->filters()->setSpanIndex(2);
        QCOMPARE(bench.asked.size(), std::size_t(2));
        QVERIFY(!bench.asked[1].since);
        bench.board.tellRows({bench.asked[0], log()});
        QVERIFY(bench.column("seq").isEmpty());
        bench.board.tellRows({bench.asked[1], log()});
        QCOMPARE(bench.column("seq").size(), 6);
    }

    void filtersLetPassWhatIsTicked()
    {
        Bench bench;
        bench.answer(log());
        auto *oncall = bench.box(QStringLiteral("oncall_ro, 4"));
        QVERIFY(oncall);
        oncall->click();
        QCOMPARE(bench.column("seq"), QStringList({"6", "4", "2", "1"}));
        auto *moves = bench.box(QStringLiteral("switchover, 2")); // begun and ended are one deed
        QVERIFY(moves);
        moves->click();
        QCOMPARE(bench.column("seq"), QStringList({"2", "1"}));
        bench.page->titleRow()->find()->setText(QStringLiteral("kernel"));
        QCOMPARE(bench.column("seq"), QStringList({"1"}));
        QCOMPARE(bench.page->asCsv().count(QStringLiteral("\r\n")), 3); // the head, and what the ticks let pass

        const QVariantMap state = bench.page->viewState();
        Bench other;
        other.page->restoreViewState(state);
        other.answer(log());
        QCOMPARE(other.column("seq"), QStringList({"1"}));
        QVERIFY(other.box(QStringLiteral("oncall_ro, 4"))->isChecked());
        other.page->titleRow()->find()->clear();
        other.box(QStringLiteral("switchover, 2"))->click();
        other.box(QStringLiteral("oncall_ro, 4"))->click();
        QCOMPARE(other.column("seq").size(), 6);
    }

    void anEntryTellsAllAndLeadsToItsOperation()
    {
        Bench bench;
        bench.answer(log());
        bench.page->table()->choose("1");
        const QString told = ui::operate::textOf(pages::auditDetails(log()[0]));
        for (const char *part : {"u1-us-west", "kernel upgrade of db1", "oncall_ro", "anna on ws3", "Its hash is that of what it says"})
            QVERIFY2(told.contains(QLatin1String(part)), qPrintable(told));
        QSignalSpy opened(bench.page.get(), &pages::Page::operationRequested);
        Q_EMIT bench.page->details()->list()->linkFollowed("operation");
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].value<std::string>(), std::string("u1-20261121-1"));
        AuditRow edited = log()[0];
        edited.computed = "00";
        QVERIFY(ui::operate::textOf(pages::auditDetails(edited)).contains(QStringLiteral("it was edited")));
        QVERIFY(!ui::operate::textOf(pages::auditDetails(log()[3])).contains(QStringLiteral("operation")));
    }

    void anEntryThatWasWrittenLaterTellsBothTimes()
    {
        AuditRow row = log()[1];
        row.detail = R"({"outcome":"done","row_id":"0f","written_later":{"at":"2026-11-20T03:14:15.5Z","database_user":"oncall2"}})";
        const QString told = ui::operate::textOf(pages::auditDetails(row));
        for (const char *part : {"written later as oncall_ro", "03:14:15", "oncall2", "outcome"})
            QVERIFY2(told.contains(QLatin1String(part)), qPrintable(told));
        QVERIFY2(!told.contains(QStringLiteral("row id")) && !told.contains(QStringLiteral("0f")), qPrintable(told));
        QVERIFY(!ui::operate::textOf(pages::auditDetails(log()[1])).contains(QStringLiteral("written later")));
    }

    void whatWaitsOnThisMachineIsTold()
    {
        Bench bench;
        bench.answer(log());
        bench.verified({5, {}, 4, 4, 0, false});
        QVERIFY2(!bench.seen().contains(QStringLiteral("on this machine")), qPrintable(bench.seen()));
        bench.board.tellWaiting({2, base::Error{base::ErrorCode::TimedOut, "no answer within 1 s", {}, {}, {}}, {}});
        tests::settle(*bench.page);
        QVERIFY2(bench.seen().contains(QStringLiteral("2 entries wait here")), qPrintable(bench.seen()));
        const auto unwrapped = [&] { return bench.seen().replace(QLatin1Char('\n'), QLatin1Char(' ')); };
        QVERIFY2(unwrapped().contains(QStringLiteral("2 entries wait on this machine: they are written once the directory takes them. The directory does not answer (no answer within 1 s).")),
                 qPrintable(bench.seen()));
        bench.board.tellWaiting({0, {}, "/state/audit/fleet.owed.jsonl.damaged"});
        tests::settle(*bench.page);
        QVERIFY2(unwrapped().contains(QStringLiteral("were set aside")) && !bench.seen().contains(QStringLiteral("wait on this machine")), qPrintable(bench.seen()));
        bench.board.tellWaiting({});
        tests::settle(*bench.page);
        QVERIFY(!bench.seen().contains(QStringLiteral("set aside")));
    }

    void theChainIsVerifiedOnceAndWhenAsked()
    {
        Bench bench;
        QCOMPARE(bench.verifications, 1);
        bench.answer(log());
        bench.tick(std::chrono::seconds(1));
        QCOMPARE(bench.verifications, 1);
        QCOMPARE(bench.page->verifyButton()->text(), QStringLiteral("Stop"));
        bench.page->verifyButton()->click();
        QCOMPARE(bench.stops, 1);
        bench.board.tellVerified({base::fail(base::ErrorCode::Cancelled, "stopped"), bench.snapshot->takenUtc});
        QVERIFY2(bench.seen().contains(QStringLiteral("not verified")), qPrintable(bench.seen()));
        bench.page->verifyButton()->click();
        QCOMPARE(bench.verifications, 2);
        bench.verified({5, {}, 4, 4, 0, false});
        QVERIFY2(bench.seen().contains(QStringLiteral("unbroken, 5 entries, verified ")), qPrintable(bench.seen()));
        bench.page->verifyButton()->click();
        bench.verified({5, {{facts::AuditFault::Edited, 3, 3}}, 4, 4, 0, false});
        QVERIFY2(bench.seen().contains(QStringLiteral("Row 3 was edited")), qPrintable(bench.seen()));
        QVERIFY(bench.page->hasLiveData());
    }

    void ofALongLogTheNewestAreShown()
    {
        Bench bench;
        std::vector<AuditRow> rows;
        for (std::int64_t seq = 1; seq <= AuditPage::kMost + 1; ++seq)
            rows.push_back(rowOf(seq, "ops1", "look_up", "user 1", "", "{}"));
        bench.answer(std::move(rows));
        QCOMPARE(bench.column("seq").size(), AuditPage::kMost);
        QCOMPARE(bench.column("seq").last(), QStringLiteral("2"));
        QVERIFY2(bench.seen().contains(QStringLiteral("the newest 2,000 of that time")), qPrintable(bench.seen()));
    }
};

QTEST_MAIN(AuditPageTest)
#include "AuditPageTest.moc"
