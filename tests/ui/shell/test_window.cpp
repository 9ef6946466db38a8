// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Warnings.h"
#include "tests/ui/shell/ShellBench.h"
#include "ui/format/Numbers.h"
#include "ui/shell/AllDownPanel.h"
#include "ui/shell/FindBox.h"
#include "ui/shell/FleetStrips.h"
#include "ui/shell/Header.h"
#include "ui/shell/PageArea.h"
#include "ui/shell/RailButton.h"
#include "ui/shell/StatusLine.h"
#include "ui/shell/inspector/Inspector.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QListView>
#include <QMenu>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using namespace shardlens::tests;
using namespace shardlens::ui::shell;
using namespace std::chrono_literals;

namespace {

void press(const QWidget &inside, const QString &text)
{
    for (auto *button : inside.findChildren<QAbstractButton *>()) {
        if (button->text() == text && button->isVisible()) {
            button->click();
            return;
        }
    }
    QFAIL(qPrintable(QStringLiteral("no button ") + text));
}

std::shared_ptr<const fleet::Fleet> changed(const fleet::Fleet &from, const std::function<void(fleet::Fleet &)> &change)
{
    auto fleet = std::make_shared<fleet::Fleet>(from);
    change(*fleet);
    return fleet;
}

} // namespace

class TestWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }

    void noTwoThingsShareAKey()
    {
        QMap<QString, QString> taken;
        const auto take = [&](const QString &keys, const QString &what) {
            QVERIFY2(!taken.contains(keys), qPrintable(keys + QStringLiteral(": ") + what + QStringLiteral(" and ") + taken.value(keys)));
            taken[keys] = what;
        };
        for (const ActionSpec &action : actionTable()) {
            for (const QKeySequence &keys : action.keys)
                take(keys.toString(QKeySequence::PortableText), action.text);
        }
        for (int i = 0; i < 9; ++i)
            take(pageKey(i).toString(QKeySequence::PortableText), QStringLiteral("page %1").arg(i + 1));
        for (const PageKey &key : pageKeys()) {
            for (const QString &each : key.keys.split(QStringLiteral(", ")))
                take(each, key.text);
        }
        // Those of input methods, and what must not lie on one key.
        for (const char *never : {"Ctrl+.", "Ctrl+Space", "Ctrl+Shift+U"})
            QVERIFY2(!taken.contains(QString::fromLatin1(never)), never);
        for (const char *wanted : {"Ctrl+K", "Ctrl+I", "Ctrl+F", "Ctrl+T", "Ctrl+E", "Ctrl+Shift+L", "F5", "F6", "F8", "Shift+F8", "Ctrl+H", "Ctrl++", "Ctrl+-", "Ctrl+0", "F10", "F11", "F1", "Ctrl+,", "Alt+Left", "Alt+Right"})
            QVERIFY2(taken.contains(QString::fromLatin1(wanted)), wanted);
    }

    void everyActionStandsInTheMenuAndDoesSomething()
    {
        Shell shell(fixtures::well());
        const auto *menu = shell.window->findChild<QMenu *>();
        QVERIFY(menu);
        QStringList listed;
        for (const QAction *action : menu->actions())
            listed << action->text();
        for (const ActionSpec &spec : actionTable()) {
            if (spec.id != ActionId::Menu)
                QVERIFY2(listed.contains(spec.text), qPrintable(spec.text));
        }
        const Finder finder({});
        for (const ActionSpec &spec : actionTable()) {
            if (spec.id == ActionId::Menu || spec.id == ActionId::Find)
                continue;
            const auto found = finder.find(spec.text);
            QVERIFY2(!found.empty() && found.front().action == spec.id, qPrintable(spec.text));
        }
    }

    void theInspectorPushesThePageOrLiesOverIt()
    {
        ui::theme::Theme theme(*qApp);
        Shell shell(fixtures::well());
        shell.window->show();
        auto *stack = shell.window->findChild<QStackedWidget *>();
        Inspector *inspector = shell.window->inspector();
        for (const auto &[width, wanted, pushes] : {std::tuple(1024, 360, false), std::tuple(1280, 360, true), std::tuple(2560, 420, true)}) {
            shell.window->resize(width, 800);
            QTRY_COMPARE(shell.window->width(), width);
            const int before = stack->width();
            shell.window->trigger(ActionId::Inspect);
            QVERIFY(shell.window->isInspecting());
            QCOMPARE(inspector->width(), wanted);
            QCOMPARE(stack->width(), pushes ? before - wanted : before);
            const QRect place(inspector->mapTo(shell.window.get(), QPoint(0, 0)), inspector->size());
            QVERIFY(shell.window->rect().contains(place));
            shell.window->trigger(ActionId::Inspect);
            QVERIFY(!shell.window->isInspecting());
            QCOMPARE(stack->width(), before);
        }
    }

    void theInspectorFollowsThePage()
    {
        Shell shell(fixtures::well());
        shell.window->show();
        shell.page()->choose(base::ServerId("u1-us-east"));
        shell.window->trigger(ActionId::Inspect);
        QCOMPARE(shell.window->inspector()->content().title, QStringLiteral("u1-us-east"));
        shell.page()->choose(base::GroupName("feeds"));
        QCOMPARE(shell.window->inspector()->content().title, QStringLiteral("feeds"));
        // A page on which nothing is selected leaves it.
        shell.window->goTo(QStringLiteral("shards"));
        QCOMPARE(shell.window->inspector()->content().title, QStringLiteral("feeds"));
        Q_EMIT shell.page()->inspectRequested(base::PoolName("cache-us-east"));
        QCOMPARE(shell.window->inspector()->content().title, QStringLiteral("cache-us-east"));
        // Closed, it follows nothing; Esc closes it and the keyboard returns.
        shell.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(shell.window.get()));
        shell.page()->field()->setFocus();
        Q_EMIT shell.page()->inspectRequested(base::PoolName("cache-us-west"));
        QVERIFY(shell.window->inspector()->list()->hasFocus());
        QTest::keyClick(shell.window->inspector()->list(), Qt::Key_Escape);
        QVERIFY(!shell.window->isInspecting());
        QVERIFY(shell.page()->field()->hasFocus());
    }

    void nothingIsCutBesideAnOpenInspector_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("textSize");
        for (const QSize &size : {QSize(1024, 700), QSize(1280, 800), QSize(2560, 1440)}) {
            for (const int textSize : {100, 150})
                QTest::addRow("%dx%d at %d %%", size.width(), size.height(), textSize) << size << textSize;
        }
    }
    void nothingIsCutBesideAnOpenInspector()
    {
        QFETCH(QSize, size);
        QFETCH(int, textSize);
        ui::theme::Theme theme(*qApp);
        theme.setTextSize(textSize);
        for (const auto &snapshot : {fixtures::incident(), fixtures::partlyDown(), fixtures::allDown()}) {
            Shell shell(snapshot);
            shell.window->resize(size);
            shell.window->show();
            shell.page()->choose(base::ServerId("u1-us-west"));
            shell.window->trigger(ActionId::Inspect);
            QCoreApplication::sendPostedEvents();
            QCoreApplication::processEvents();
            QStringList wrong = faults(*shell.window->inspector());
            if (!shell.window->strips()->isHidden())
                wrong += faults(*shell.window->strips());
            if (auto *panel = shell.window->findChild<AllDownPanel *>(); !panel->isHidden())
                wrong += faults(*panel);
            QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QStringLiteral("; "))));
        }
        theme.setTextSize(100);
    }

    void aLinkLeadsToTheSameView()
    {
        Shell shell(fixtures::well());
        shell.window->show();
        shell.window->goTo(QStringLiteral("shards"));
        shell.page()->setText(QStringLiteral("lag & more"));
        shell.page()->choose(facts::ShardKey{base::PartitionName("media"), {341}});
        shell.window->trigger(ActionId::CopyLink);
        const QString link = QApplication::clipboard()->text();
        QVERIFY2(link.startsWith(QStringLiteral("shardlens://")), qPrintable(link));

        Shell other(fixtures::well());
        other.window->show();
        other.window->openLink(link);
        QCOMPARE(other.window->currentPageId(), QStringLiteral("shards"));
        QCOMPARE(other.page()->field()->text(), QStringLiteral("lag & more"));
        QVERIFY(other.page()->selected == ui::pages::Subject(facts::ShardKey{base::PartitionName("media"), {341}}));
        QCOMPARE(other.window->inspector()->content().title, QStringLiteral("insta341, media"));
        QVERIFY(!other.window->strips()->text(StripKind::Message));
        other.window->trigger(ActionId::Back);
        QCOMPARE(other.window->currentPageId(), QStringLiteral("overview"));
        // Pasted into the palette it is known for what it is.
        const Finder finder({{QStringLiteral("shards"), QStringLiteral("Shards"), {}}});
        QVERIFY(finder.find(link).front().kind == Finding::Kind::Link);
    }

    void aBadLinkSaysWhy_data()
    {
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("says");
        QTest::newRow("no link") << QStringLiteral("hello") << QStringLiteral("not a view link");
        QTest::newRow("no such page") << QStringLiteral("shardlens://%1/feeds") << QStringLiteral("no page 'feeds'");
        QTest::newRow("no such thing") << QStringLiteral("shardlens://%1/overview#server:u9-mars") << QStringLiteral("u9-mars, which this fleet does not have");
    }
    void aBadLinkSaysWhy()
    {
        QFETCH(QString, link);
        QFETCH(QString, says);
        const auto snapshot = fixtures::well();
        Shell shell(snapshot);
        shell.window->show();
        shell.window->openLink(link.contains(QLatin1Char('%')) ? link.arg(QString::fromStdString(snapshot->fleet->name)) : link);
        const StripText *strip = shell.window->strips()->text(StripKind::Message);
        QVERIFY(strip);
        QVERIFY2(strip->text.contains(says), qPrintable(strip->text));
        press(*shell.window->strips(), QStringLiteral("Close"));
        QVERIFY(!shell.window->strips()->text(StripKind::Message));
    }

    void aLinkOfAnotherFleetIsHandedOn()
    {
        Shell shell(fixtures::well());
        QSignalSpy foreign(shell.window.get(), &MainWindow::foreignLinkOpened);
        shell.window->openLink(QStringLiteral("shardlens://elsewhere/overview"));
        QCOMPARE(foreign.count(), 1);
        QCOMPARE(foreign.first().first().value<ViewLink>().fleet, QStringLiteral("elsewhere"));
        // Told also where nobody can open the other fleet: that what is seen is not what was asked for.
        const StripText *strip = shell.window->strips()->text(StripKind::Message);
        QVERIFY(strip);
        QCOMPARE(strip->text, QStringLiteral("The link is for another fleet, elsewhere. What is open here is %1.").arg(QString::fromStdString(fixtures::well()->fleet->name)));
        QCOMPARE(shell.window->currentPageId(), QStringLiteral("overview"));
    }

    void theChipNamesWhoActs()
    {
        const auto well = fixtures::well();
        auto shared = std::make_shared<facts::Shared>();
        auto snapshot = std::make_shared<facts::Snapshot>(*well);
        const auto says = [](const Shell &shell, const QString &words) {
            const auto texts = shell.window->findChildren<ui::theme::Text *>();
            return std::any_of(texts.begin(), texts.end(), [&](const auto *text) { return text->text() == words; });
        };
        const fleet::DatabaseUser *onCall = well->fleet->access.firstWith(fleet::Role::OnCall);
        QVERIFY(onCall && onCall->name != well->fleet->access.observer);
        shared->you = onCall->name;
        snapshot->shared = shared;
        Shell shell(snapshot);
        QVERIFY(says(shell, QStringLiteral("%1, on-call").arg(QString::fromStdString(onCall->name))));
        QVERIFY(!says(shell, QStringLiteral("%1, observer").arg(QString::fromStdString(well->fleet->access.observer))));
    }

    /// A region that is silent has no page: what it brings about stands on the pages of that.
    void whatARegionBringsAboutIsCountedWhereItLives()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        facts::Problem region;
        region.rule = facts::Rule::RegionSilent;
        region.place.region = base::RegionName("eu-west");
        region.consequences.resize(2);
        for (facts::Problem &one : region.consequences) {
            one.rule = facts::Rule::StandbyDown;
            one.place.cluster = base::ClusterName("u1");
        }
        snapshot->problems = {region};
        Shell shell(snapshot);
        const auto buttons = shell.window->findChildren<RailButton *>();
        const auto replication = std::find_if(buttons.begin(), buttons.end(), [](const auto *button) { return button->id() == QLatin1String("replication"); });
        QVERIFY(replication != buttons.end());
        QVERIFY2((*replication)->accessibleName().contains(QStringLiteral("2 problems")), qPrintable((*replication)->accessibleName()));
    }

    void twoStripsAtMostThenTheRest()
    {
        QWidget window; // a window's own size hints would warn here
        StripStack &strips = *new StripStack(&window);
        const auto say = [&](StripKind kind, const char *text) { strips.set(kind, {StripText::Tone::Warning, QString::fromLatin1(text), {}, {}, {}}); };
        say(StripKind::LookOnly, "looking only");
        say(StripKind::Held, "held");
        QVERIFY(strips.shown() == (std::vector{StripKind::Held, StripKind::LookOnly}));
        say(StripKind::FleetFile, "changed");
        say(StripKind::Slept, "slept");
        QVERIFY(strips.shown() == (std::vector{StripKind::Slept, StripKind::FleetFile}));
        strips.resize(800, strips.sizeHint().height());
        window.resize(800, 200);
        window.show();
        press(strips, QStringLiteral("and 2 more"));
        QCOMPARE(strips.shown().size(), std::size_t(4));
        press(strips, QStringLiteral("Show fewer"));
        QCOMPARE(strips.shown().size(), std::size_t(2));
        strips.clear(StripKind::Slept);
        strips.clear(StripKind::FleetFile);
        QVERIFY(strips.shown() == (std::vector{StripKind::Held, StripKind::LookOnly}));
    }

    void stripsSayWhatHoldsForTheFleet()
    {
        Shell shell(fixtures::partlyDown());
        shell.window->show();
        const StripText *partly = shell.window->strips()->text(StripKind::PartlySeen);
        QVERIFY(partly);
        QVERIFY2(partly->text.startsWith(QStringLiteral("us-west is not seen from here")), qPrintable(partly->text));
        shell.window->trigger(ActionId::Hold);
        QVERIFY2(shell.window->strips()->text(StripKind::Held)->text.startsWith(QStringLiteral("Held at ")), qPrintable(shell.window->strips()->text(StripKind::Held)->text));
        shell.window->trigger(ActionId::Hold);
        QVERIFY(!shell.window->strips()->text(StripKind::Held));
        shell.window->showSnapshot(fixtures::well());
        QVERIFY(!shell.window->strips()->text(StripKind::PartlySeen));
    }

    /// Its standbys still tell what stands in it.
    void aDirectoryWithoutItsPrimaryCanBeReadAndNotWritten()
    {
        fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
        QVERIFY(directoryStrip(*world.run(5)).text.isEmpty());
        world.killPrimary("directory");
        const QString told = directoryStrip(*world.run(8)).text;
        QVERIFY2(told.startsWith(QStringLiteral("The directory has not answered for ")) && told.contains(QStringLiteral("cannot be written; they are read from its standbys")), qPrintable(told));
        for (const char *standby : {"directory-us-west", "directory-eu-west"})
            world.silence(standby);
        const QString none = directoryStrip(*world.run(8)).text;
        QVERIFY2(none.contains(QStringLiteral("marks and the audit log cannot be read")), qPrintable(none));
    }

    void overdueMaintenanceComesBeforeWhatIsAsPlanned()
    {
        facts::Snapshot snapshot = *fixtures::well();
        auto shared = std::make_shared<facts::Shared>();
        const auto mark = [&](const char *subject, std::chrono::minutes left) {
            facts::Mark made;
            made.kind = facts::Mark::Kind::Server;
            made.subject = subject;
            made.by.databaseUser = "oncall1";
            made.reason = "kernel";
            made.since = snapshot.takenUtc - 2h;
            made.until = snapshot.takenUtc + left;
            shared->marks.push_back(std::move(made));
        };
        mark("u1-us-west", 30min);
        mark("m1-us-west", -10min);
        snapshot.shared = shared;
        QVERIFY(maintenanceStrip(snapshot, true).text.startsWith(QStringLiteral("m1-us-west is in maintenance, and was to be until ")));
        QVERIFY(maintenanceStrip(snapshot, false).text.startsWith(QStringLiteral("u1-us-west is in maintenance until ")));
        QVERIFY(StripKind::OverdueMaintenance < StripKind::DirectoryDown && StripKind::DirectoryDown < StripKind::Maintenance);
    }

    void theStatusLineTellsTheNewestOfAnyKind()
    {
        facts::Snapshot snapshot = *fixtures::well();
        facts::Event event;
        event.kind = facts::EventKind::RoleChanged;
        event.when = {snapshot.takenUtc - 5s, false};
        event.place.server = base::ServerId("u1-us-west");
        event.before = "standby";
        event.after = "primary";
        snapshot.events = std::make_shared<const facts::EventList>(facts::EventList{event});
        QVERIFY2(newestEvent(snapshot).contains(QStringLiteral("u1-us-west")), qPrintable(newestEvent(snapshot)));
        facts::Snapshot incident = *fixtures::incident();
        event.when.at = incident.problems.front().since.at - 1min;
        incident.events = std::make_shared<const facts::EventList>(facts::EventList{event});
        QVERIFY2(!newestEvent(incident).contains(QStringLiteral("u1-us-west")), qPrintable(newestEvent(incident)));
    }

    void aConsoleThatSleptSaysSo()
    {
        auto slept = std::make_shared<facts::Snapshot>(*fixtures::well());
        slept->stall = facts::Stall{slept->takenUtc - 42min, slept->takenUtc};
        QCOMPARE(sleptStrip(*slept).text, QStringLiteral("This console slept %1. Reading again.").arg(ui::format::age(42min)));
        QVERIFY(sleptStrip(*fixtures::well()).text.isEmpty());
    }

    void aFleetThatMayNotBeActedOnSaysSoUntilItIsRead()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("console.ini")), QSettings::IniFormat);
        Session session(settings, QStringLiteral("insta-main"));
        auto looked = std::make_shared<facts::Snapshot>(*fixtures::well());
        looked->fleet = changed(*looked->fleet, [](fleet::Fleet &fleet) { fleet.acting = false; });
        {
            Shell shell(looked, &session);
            shell.window->show();
            QVERIFY(shell.window->strips()->text(StripKind::LookOnly));
            press(*shell.window->strips(), QStringLiteral("Hide this"));
            QVERIFY(!shell.window->strips()->text(StripKind::LookOnly));
        }
        Shell again(looked, &session);
        QVERIFY(!again.window->strips()->text(StripKind::LookOnly));
    }

    void nothingAnswersIsAPanelAndNoFailover()
    {
        Shell shell(fixtures::well());
        shell.window->resize(1280, 800);
        shell.window->show();
        auto *panel = shell.window->findChild<AllDownPanel *>();
        QVERIFY(panel->isHidden());
        const auto down = fixtures::allDown();
        const auto what = allDownOf(*down);
        QVERIFY(what);
        QCOMPARE(what->sentence, QStringLiteral("No server answers. Only this machine may be cut off (no route to 3 of 3 regions). Do not fail over from here."));
        QCOMPARE(what->regions.size(), std::size_t(3));
        auto refused = std::make_shared<facts::Snapshot>(*down);
        for (auto &[id, observation] : refused->servers) {
            auto changed = std::make_shared<facts::Observation>(*observation);
            changed->reach.lastError = base::Error{base::ErrorCode::Refused, "connection refused", {}, {}, base::Effect::None};
            observation = changed;
        }
        QCOMPARE(allDownOf(*refused)->sentence, QStringLiteral("No server answers: connections to 3 of 3 regions are refused, there or on the way. Do not fail over from here."));
        shell.window->showSnapshot(down);
        QVERIFY(!panel->isHidden());
        QSignalSpy again(shell.window.get(), &MainWindow::readAgainRequested);
        press(*panel, QStringLiteral("Read again now"));
        QCOMPARE(again.count(), 1);
        press(*panel, QStringLiteral("Show the last picture"));
        QVERIFY(panel->isHidden());
        QVERIFY(shell.window->strips()->text(StripKind::NothingAnswers)->text.contains(QStringLiteral("Do not fail over")));
        shell.window->showSnapshot(fixtures::well());
        QVERIFY(!shell.window->strips()->text(StripKind::NothingAnswers));
        shell.window->showSnapshot(down); // the next time it is said again
        QVERIFY(!panel->isHidden());
        QVERIFY(!allDownOf(*fixtures::asking()));
        QVERIFY(!allDownOf(*fixtures::partlyDown()));
    }

    void aChangedFleetFileIsToldInWords()
    {
        const auto before = fixtures::defaultFleet();
        const auto after = changed(*before, [](fleet::Fleet &fleet) {
            fleet.servers.pop_back();
            fleet.servers.pop_back();
            fleet.thresholds.deadline = 3s;
        });
        QCOMPARE(fleetChanges(*before, *after), QStringLiteral("2 servers fewer, other thresholds"));
        const StripText strip = changedFileStrip(QStringLiteral("fleet.toml"), *before, *after);
        QVERIFY2(strip.text.startsWith(QStringLiteral("fleet.toml changed on disk: 2 servers fewer")), qPrintable(strip.text));
        const auto bad = fleet::readFleetText("fleet = \"x\"\n[[servr]]\nname = \"a\"\n", "/tmp/fleet.toml");
        QVERIFY(!bad);
        const StripText broken = brokenFileStrip(QStringLiteral("fleet.toml"), bad.error(), fixtures::at(14, 2, 0), fixtures::at(14, 5, 0));
        QVERIFY2(broken.text.startsWith(QStringLiteral("fleet.toml, line ")), qPrintable(broken.text));
        QVERIFY2(broken.text.endsWith(QStringLiteral("Nothing was loaded; the console keeps the fleet of 14:02Z.")), qPrintable(broken.text));
    }

    void aNewFleetKeepsPageViewAndSelection()
    {
        const auto snapshot = fixtures::well();
        Shell shell(snapshot);
        shell.window->show();
        shell.window->goTo(QStringLiteral("replication"));
        shell.page()->setText(QStringLiteral("kept"));
        shell.page()->choose(base::ClusterName("u2"));
        shell.window->trigger(ActionId::Inspect);
        auto next = std::make_shared<facts::Snapshot>(*snapshot);
        next->fleet = changed(*snapshot->fleet, [](fleet::Fleet &fleet) {
            fleet.name = "insta-new";
            fleet.environment = fleet::Environment::Staging;
        });
        shell.window->setFleet(next->fleet);
        shell.window->showSnapshot(next);
        QCOMPARE(shell.window->currentPageId(), QStringLiteral("replication"));
        QCOMPARE(shell.page()->field()->text(), QStringLiteral("kept"));
        QVERIFY(shell.page()->selected == ui::pages::Subject(base::ClusterName("u2")));
        QCOMPARE(shell.window->inspector()->content().title, QStringLiteral("u2"));
        QCOMPARE(shell.page()->shown, facts::SnapshotPtr(next));
        QVERIFY2(shell.window->windowTitle().contains(QStringLiteral("insta-new (staging)")), qPrintable(shell.window->windowTitle()));
    }

    void f8BringsTheProblemsRowIntoSight()
    {
        const auto snapshot = fixtures::incident();
        Shell shell(snapshot);
        shell.page()->listsProblems = true;
        shell.window->goTo(QStringLiteral("shards"));
        shell.window->trigger(ActionId::NextProblem);
        QCOMPARE(shell.window->currentPageId(), QStringLiteral("overview"));
        QCOMPARE(shell.page()->problem, snapshot->problems.front().id());
    }

    void whatIsShownIsKeptAtOnce()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("console.ini"));
        QSettings settings(file, QSettings::IniFormat);
        Session session(settings, QStringLiteral("insta-main"));
        Shell shell(fixtures::well(), &session);
        shell.window->show();
        shell.window->goTo(QStringLiteral("shards"));
        shell.page()->setText(QStringLiteral("lag"));
        // Nobody closes the window: another reader finds it on the disk within two seconds.
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     QSettings other(file, QSettings::IniFormat);
                                     const Session read(other, QStringLiteral("insta-main"));
                                     return read.page() == QStringLiteral("shards") && read.pageState(QStringLiteral("shards")).value(QStringLiteral("text")).toString() == QStringLiteral("lag");
                                 }()),
                                 3000);
    }

    void textSizeAndThemeFollowTheKeys()
    {
        ui::theme::Theme theme(*qApp);
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("console.ini")), QSettings::IniFormat);
        Session session(settings, QStringLiteral("insta-main"));
        Shell shell(fixtures::well(), &session, &theme);
        shell.window->trigger(ActionId::TextBigger);
        shell.window->trigger(ActionId::TextBigger);
        QCOMPARE(theme.textSize(), 120);
        QCOMPARE(session.preferences().textSize, 120);
        for (int i = 0; i < 9; ++i)
            shell.window->trigger(ActionId::TextBigger);
        QCOMPARE(theme.textSize(), 150);
        shell.window->trigger(ActionId::TextNormal);
        QCOMPARE(theme.textSize(), 100);
        shell.window->trigger(ActionId::ThemeDark);
        QVERIFY(session.preferences().theme == ui::theme::Theme::Mode::Dark);
        shell.window->trigger(ActionId::ThemeLight);
    }

    void f6GoesRoundThePanes()
    {
        Shell shell(fixtures::well());
        shell.window->resize(1280, 800);
        shell.window->show();
        shell.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(shell.window.get()));
        shell.page()->field()->setFocus();
        shell.page()->choose(base::ServerId("u1-us-east"));
        shell.window->trigger(ActionId::Inspect);
        QStringList round;
        for (int i = 0; i < 4; ++i) {
            QTest::keyClick(shell.window.get(), Qt::Key_F6);
            QWidget *focused = QApplication::focusWidget();
            QVERIFY(focused);
            round << (shell.window->inspector()->isAncestorOf(focused) ? QStringLiteral("inspector")
                      : shell.window->findChild<Header *>()->isAncestorOf(focused) ? QStringLiteral("header")
                      : shell.page()->isAncestorOf(focused) ? QStringLiteral("page") : QStringLiteral("rail"));
        }
        QCOMPARE(round, (QStringList{QStringLiteral("inspector"), QStringLiteral("header"), QStringLiteral("rail"), QStringLiteral("page")}));
    }
};

QTEST_MAIN(TestWindow)
#include "test_window.moc"
#include "moc_ShellBench.cpp"
