// SPDX-License-Identifier: GPL-3.0-or-later
// What a console shows without a fleet: the three doors to one, and a drafted fleet file. SHARDLENS_PICTURES names a folder that
// pictures are written to.
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "tests/ui/Warnings.h"
#include "ui/models/Roles.h"
#include "ui/shell/DraftView.h"
#include "ui/shell/StartView.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Panel.h"

#include <QAccessible>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <iterator>

using namespace shardlens;
using namespace shardlens::ui;
using shell::DraftView;
using shell::StartView;
using Sureness = DraftView::Line::Sureness;

namespace {

/// The whole windows whose pages are tests::pageSizes: there is no rail here.
const QSize windowSizes[] = {{1024, 700}, {1280, 800}, {2560, 1440}};
static_assert(std::size(windowSizes) == std::size(tests::pageSizes));

DraftView::Content draft()
{
    DraftView::Content content;
    content.servers = 2;
    content.guesses = 2;
    content.lines = {{Sureness::Structure, QStringLiteral("# A draft, made by asking 3 addresses."), {}},
                     {Sureness::Structure, {}, {}},
                     {Sureness::Guess, QStringLiteral("fleet = \"my-fleet\""), QStringLiteral("guess: no server tells a fleet's name")},
                     {Sureness::Guess, QStringLiteral("environment = \"production\""), {}},
                     {Sureness::Told, QStringLiteral("acting = false"), QStringLiteral("look-only until you switch it on")},
                     {Sureness::Structure, QStringLiteral("[[server]]"), {}},
                     {Sureness::Told, QStringLiteral("name = \"db1\""), QStringLiteral("cluster_name")},
                     {Sureness::Told, QStringLiteral("address = \"db1:5432\""), QStringLiteral("named")},
                     {Sureness::Proposal, QStringLiteral("# lag_warning = \"5 s\""), QStringLiteral("worst seen: 0.8 s")}};
    content.leftOut = {QStringLiteral("db9:5432: connection refused"), QStringLiteral("db3:5432: not asked (receiver of db1)")};
    return content;
}

QString spokenOf(QWidget &widget)
{
    const auto *spoken = QAccessible::queryAccessibleInterface(&widget);
    return spoken ? spoken->text(QAccessible::Name) : QString();
}

/// What Tab leads to, once round, as a screen reader says it.
QStringList reachedByTab(QWidget &view)
{
    QStringList names;
    view.setFocus();
    const QWidget *first = QApplication::focusWidget();
    for (QWidget *at = QApplication::focusWidget(); at && names.size() < 30; at = QApplication::focusWidget()) {
        if (at == first && !names.isEmpty())
            break;
        names << spokenOf(*at);
        QTest::keyClick(at, Qt::Key_Tab);
    }
    return names;
}

theme::FlatButton *buttonSaying(const QWidget &view, const QString &words)
{
    for (auto *button : view.findChildren<theme::FlatButton *>()) {
        if (button->text() == words || button->accessibleName() == words)
            return button;
    }
    return nullptr;
}

/// Goes there by Tab and presses it.
bool press(QWidget &view, const QString &words)
{
    view.setFocus();
    for (int step = 0; step < 30; ++step) {
        QWidget *at = QApplication::focusWidget();
        if (!at)
            return false;
        if (spokenOf(*at) == words) {
            QTest::keyClick(at, Qt::Key_Space);
            return true;
        }
        QTest::keyClick(at, Qt::Key_Tab);
    }
    return false;
}

bool says(const QWidget &view, const QString &words)
{
    const auto labels = view.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel *label) { return label->isVisibleTo(&view) && label->text().contains(words); });
}

} // namespace

class StartTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;
    QTemporaryDir m_folder;

    [[nodiscard]] QString made(const QString &name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) ? file.fileName() : QString();
    }

    static void activate(QWidget &view)
    {
        view.resize(1280, 800);
        view.show();
        view.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&view));
    }

    [[nodiscard]] std::unique_ptr<QWidget> viewFor(const QString &name) const
    {
        if (name == QLatin1String("draft"))
            return std::make_unique<DraftView>(draft());
        QStringList known{made(QStringLiteral("fleet.toml"))};
        if (name == QLatin1String("deep folder")) {
            QString deep = QStringLiteral("/home/anna");
            for (int i = 0; i < 12; ++i)
                deep += QStringLiteral("/fleets-of-the-company");
            known << deep + QStringLiteral("/fleet.toml");
        }
        const QString note = QStringLiteral("The link leads to the fleet insta-main, which was not opened on this machine yet. "
                                            "Open its fleet file, and the view follows.");
        auto view = std::make_unique<StartView>(known, name == QLatin1String("note") ? note : QString(), name != QLatin1String("no local fleet"));
        if (name == QLatin1String("asking")) {
            view->showDiscovery(QStringLiteral("3 of 12 asked. db1:5432: Postgres 15, primary"), true);
            view->showLocalFleet(QStringLiteral("u1-us-east takes connections"), true);
        } else if (name == QLatin1String("failed")) {
            view->showDiscovery(QStringLiteral("No server was recognised: there is nothing to draft.\ndb9:5432: connection refused"), false);
            view->showLocalFleet(QStringLiteral("The local fleet did not start: port 21001 is taken"), false);
        }
        return view;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QAccessible::setActive(true);
        m_theme = std::make_unique<theme::Theme>(*qApp);
    }
    void init()
    {
        tests::failOnUnexpectedWarnings();
        m_theme->setTextSize(100);
    }

    void everyViewIsDrawnWhole_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("text");
        for (const char *name : {"doors", "note", "deep folder", "no local fleet", "asking", "failed", "draft"}) {
            for (std::size_t i = 0; i < std::size(windowSizes); ++i) {
                for (const int text : {100, 150})
                    if (tests::isLookedAt(tests::pageSizes[i].size, text))
                        QTest::addRow("%s at %s, text %d", name, tests::pageSizes[i].name, text) << QString::fromLatin1(name) << windowSizes[i] << text;
            }
        }
    }
    void everyViewIsDrawnWhole()
    {
        QFETCH(QString, name);
        QFETCH(QSize, size);
        QFETCH(int, text);
        m_theme->setTextSize(text);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
                continue;
            m_theme->setMode(mode);
            const auto view = viewFor(name);
            view->setAutoFillBackground(true);
            view->resize(size);
            view->show();
            tests::settle(*view);
            const QString variant = QStringLiteral("start-%1-%2x%3-%4-%5").arg(name).arg(size.width()).arg(size.height()).arg(text).arg(theme::Theme::name(mode));
            tests::savePicture(*view, variant);
            const QStringList faults = tests::faultsOf(*view);
            QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
            for (const auto *area : view->findChildren<QScrollArea *>()) // else a wide part would hide behind it
                QCOMPARE(area->horizontalScrollBar()->maximum(), 0);
        }
    }

    void theDoorsAndKnownFilesAreNamedAndReachedByTab()
    {
        const QString first = made(QStringLiteral("first.toml"));
        const QString second = made(QStringLiteral("second.toml"));
        StartView view({first, second}, {}, true);
        activate(view);
        QCOMPARE(reachedByTab(view), QStringList({QStringLiteral("Open fleet file…"), first, second, QStringLiteral("Addresses"), QStringLiteral("Database user"),
                                                  QStringLiteral("Also ask the addresses that these servers mention"), QStringLiteral("Draft a fleet file"),
                                                  QStringLiteral("Start the local fleet")}));
    }

    void eachDoorTellsThatItWasChosen()
    {
        const QString known = made(QStringLiteral("known.toml"));
        StartView view({known}, {}, true);
        activate(view);
        QSignalSpy open(&view, &StartView::openRequested);
        QSignalSpy chosen(&view, &StartView::fileChosen);
        QSignalSpy local(&view, &StartView::localFleetRequested);
        QVERIFY(press(view, QStringLiteral("Open fleet file…")));
        QCOMPARE(open.count(), 1);
        QVERIFY(press(view, known));
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.first().first().toString(), known);
        QVERIFY(press(view, QStringLiteral("Start the local fleet")));
        QCOMPARE(local.count(), 1);
        // While it comes up it is not asked for again, and its newest line is read.
        view.showLocalFleet(QStringLiteral("u1-us-east takes connections"), true);
        QVERIFY(says(view, QStringLiteral("u1-us-east takes connections")));
        QVERIFY(!reachedByTab(view).contains(QStringLiteral("Start the local fleet")));
        view.showLocalFleet(QStringLiteral("The local fleet did not start: no room"), false);
        QVERIFY(says(view, QStringLiteral("did not start: no room")));
        QVERIFY(reachedByTab(view).contains(QStringLiteral("Start the local fleet")));
    }

    void aDraftIsAskedForByAddresses()
    {
        StartView view({}, {}, true);
        activate(view);
        QSignalSpy asked(&view, &StartView::discoveryRequested);
        QSignalSpy cancelled(&view, &StartView::discoveryCancelled);
        auto *addresses = view.findChildren<QLineEdit *>().at(0);
        auto *user = view.findChildren<QLineEdit *>().at(1);
        addresses->setFocus();
        QTest::keyClick(addresses, Qt::Key_Return);
        QCOMPARE(asked.count(), 0);
        QVERIFY(says(view, QStringLiteral("Name at least one address.")));
        QTest::keyClicks(addresses, QStringLiteral("db1:5432, db2:5432  router1"));
        QTest::keyClicks(user, QStringLiteral(" looker "));
        QVERIFY(press(view, QStringLiteral("Also ask the addresses that these servers mention")));
        addresses->setFocus();
        QTest::keyClick(addresses, Qt::Key_Return);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.first().at(0).toStringList(),
                 QStringList({QStringLiteral("db1:5432"), QStringLiteral("db2:5432"), QStringLiteral("router1")}));
        QCOMPARE(asked.first().at(1).toString(), QStringLiteral("looker"));
        QVERIFY(asked.first().at(2).toBool());
        QVERIFY(press(view, QStringLiteral("Draft a fleet file")));
        QCOMPARE(asked.count(), 2);

        view.showDiscovery(QStringLiteral("1 of 3 asked. db1:5432: Postgres 15, primary"), true);
        QVERIFY(says(view, QStringLiteral("1 of 3 asked.")));
        QVERIFY(!buttonSaying(view, QStringLiteral("Draft a fleet file"))->isVisible());
        QVERIFY(press(view, QStringLiteral("Stop asking")));
        QCOMPARE(cancelled.count(), 1);
        view.showDiscovery(QStringLiteral("No server was recognised: there is nothing to draft.\ndb1:5432: connection refused"), false);
        QVERIFY(says(view, QStringLiteral("db1:5432: connection refused")));
        QVERIFY(buttonSaying(view, QStringLiteral("Draft a fleet file"))->isVisible());
        QVERIFY(!buttonSaying(view, QStringLiteral("Stop asking"))->isVisible());
    }

    void whatIsNotThereIsNotOffered()
    {
        const QString gone = m_folder.filePath(QStringLiteral("gone.toml"));
        StartView view({gone}, {}, false);
        activate(view);
        QVERIFY(!buttonSaying(view, gone)->isEnabled());
        QVERIFY(says(view, QStringLiteral("shardlens-localfleet is not installed beside this one")));
        const QStringList reached = reachedByTab(view);
        QVERIFY(!reached.contains(gone));
        QVERIFY(!reached.contains(QStringLiteral("Start the local fleet")));
    }

    void onlyTheNewestKnownFilesAreListed()
    {
        QStringList known;
        for (int i = 0; i < 7; ++i)
            known << made(QStringLiteral("known-%1.toml").arg(i));
        StartView view(known, {}, true);
        QVERIFY(buttonSaying(view, known.at(0)));
        QVERIFY(buttonSaying(view, known.at(4)));
        QVERIFY(!buttonSaying(view, known.at(5)));
    }

    void aDraftShowsEachLineWithItsEvidence()
    {
        const DraftView::Content content = draft();
        DraftView view(content);
        const auto *model = view.findChild<QTableView *>()->model();
        QCOMPARE(model->rowCount(), int(content.lines.size()));
        for (int row = 0; row < model->rowCount(); ++row) {
            const DraftView::Line &line = content.lines[std::size_t(row)];
            const bool isGuess = line.sureness == Sureness::Guess;
            QCOMPARE(model->index(row, 0).data().toString(), line.text);
            QCOMPARE(model->index(row, 1).data().toString(), isGuess && line.evidence.isEmpty() ? QStringLiteral("a guess") : line.evidence);
            // A guess is told by its shape too.
            QCOMPARE(model->index(row, 0).data(models::ShapeRole).isValid(), isGuess);
            if (isGuess)
                QCOMPARE(model->index(row, 0).data(models::ShapeRole).toInt(), int(theme::Shape::DashedRing));
        }
        QCOMPARE(view.findChild<theme::Panel *>()->note(), QStringLiteral("2 servers, 2 guesses"));
        QVERIFY(says(view, QStringLiteral("db9:5432: connection refused")));
        QVERIFY(says(view, QStringLiteral("The console looks only until the file switches acting on; no environment counts as production.")));
    }

    void aDraftSaysHowMuchItHoldsAndLeavesOut()
    {
        DraftView::Content content = draft();
        content.servers = 1;
        content.guesses = 1;
        content.leftOut.clear();
        for (int i = 0; i < 8; ++i)
            content.leftOut << QStringLiteral("db%1:5432: connection refused").arg(i);
        DraftView view(content);
        QCOMPARE(view.findChild<theme::Panel *>()->note(), QStringLiteral("1 server, 1 guess"));
        QVERIFY(says(view, QStringLiteral("db5:5432: connection refused\nand 2 more")));
        QVERIFY(!says(view, QStringLiteral("db6:5432")));
        content.leftOut.clear();
        QVERIFY(!says(DraftView(content), QStringLiteral("Not in the draft:")));
    }

    void aDraftIsSavedOrLeftByKeys()
    {
        DraftView view(draft());
        activate(view);
        QSignalSpy saved(&view, &DraftView::saveRequested);
        QSignalSpy back(&view, &DraftView::backRequested);
        QCOMPARE(reachedByTab(view),
                 QStringList({QStringLiteral("Lines of the draft"), QStringLiteral("Save and open it…"), QStringLiteral("Back")}));
        QVERIFY(press(view, QStringLiteral("Save and open it…")));
        QCOMPARE(saved.count(), 1);
        QCOMPARE(back.count(), 0);
        QVERIFY(press(view, QStringLiteral("Back")));
        QCOMPARE(back.count(), 1);
    }
};

QTEST_MAIN(StartTest)
#include "test_start.moc"
