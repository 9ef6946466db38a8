// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell/ShellBench.h"
#include "tests/ui/Warnings.h"
#include "ui/shell/FindBox.h"
#include "ui/shell/Header.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/MessageView.h"
#include "ui/shell/Rail.h"
#include "ui/shell/RailButton.h"
#include "ui/shell/StatusLine.h"
#include "ui/shell/Strip.h"
#include "ui/theme/widgets/Text.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QVBoxLayout>

using namespace shardlens;
using namespace shardlens::tests;
using namespace shardlens::ui::shell;
using namespace std::chrono_literals;

class TestShell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }

    void nothingIsCutOrCovered_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("textSize");
        QTest::addColumn<bool>("dark");
        for (const QSize &size : {QSize(1024, 700), QSize(1280, 800), QSize(2560, 1440)}) {
            for (const int textSize : {100, 150}) {
                for (const bool dark : {false, true})
                    QTest::addRow("%dx%d at %d %%, %s", size.width(), size.height(), textSize, dark ? "dark" : "light") << size << textSize << dark;
            }
        }
    }
    void nothingIsCutOrCovered()
    {
        QFETCH(QSize, size);
        QFETCH(int, textSize);
        QFETCH(bool, dark);
        ui::theme::Theme theme(*qApp);
        theme.setMode(dark ? ui::theme::Theme::Mode::Dark : ui::theme::Theme::Mode::Light);
        theme.setTextSize(textSize);
        // Made once: the fixtures play many ticks.
        static const std::vector<facts::SnapshotPtr> snapshots{fixtures::well(), fixtures::incident(), fixtures::partlyDown(), fixtures::asking()};
        for (const auto &snapshot : snapshots) {
            Shell shell(snapshot);
            shell.window->resize(size);
            shell.window->show();
            QCoreApplication::sendPostedEvents();
            QCoreApplication::processEvents();
            QCOMPARE(shell.window->size(), size);
            const auto *header = shell.window->findChild<Header *>();
            const QStringList wrong = faults(*header) + faults(*shell.window->findChild<StatusLine *>()) + faults(*shell.window->findChild<Rail *>());
            QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QStringLiteral("; "))));
            const auto *box = header->findBox();
            QVERIFY2(box->width() >= ui::theme::scaled(120), qPrintable(QString::number(box->width())));
        }
        theme.setTextSize(100);
    }

    /// Each second's reading leaves the row as it is, also before the next event is handled: nothing lies over its neighbour meanwhile.
    void aReadingMovesNothingInTheHeader()
    {
        ui::theme::Theme theme(*qApp);
        theme.setTextSize(150);
        Shell shell(fixtures::well());
        shell.window->resize(1024, 700);
        shell.window->show();
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
        auto *header = shell.window->findChild<Header *>();
        for (const auto &snapshot : {fixtures::incident(), fixtures::well()}) {
            header->showSnapshot(*snapshot);
            const QStringList wrong = faults(*header);
            QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QStringLiteral("; "))));
        }
        theme.setTextSize(100);
    }

    void railFollowsTheWidth()
    {
        ui::theme::Theme theme(*qApp);
        Shell shell(fixtures::well());
        auto *rail = shell.window->findChild<Rail *>();
        shell.window->show();
        for (const auto &[width, wanted] : {std::pair(1024, 48), std::pair(1280, 168), std::pair(2560, 200)}) {
            shell.window->resize(width, 800);
            QTRY_COMPARE(rail->width(), wanted);
        }
    }

    void headerAndTitleSayWhatIs()
    {
        Shell shell(fixtures::incident());
        QVERIFY2(shell.window->windowTitle().startsWith(QStringLiteral("1 critical, ")), qPrintable(shell.window->windowTitle()));
        QVERIFY(shell.window->windowTitle().contains(QStringLiteral("(production)")));
        QStringList texts;
        for (auto *text : shell.window->findChild<Header *>()->findChildren<ui::theme::Text *>())
            texts << text->text();
        QVERIFY2(texts.contains(QStringLiteral("03:14:14Z")), qPrintable(texts.join(QLatin1Char('|'))));
        QVERIFY2(texts.filter(QStringLiteral("of 33 servers")).size() == 1, qPrintable(texts.join(QLatin1Char('|'))));
        const auto buttons = shell.window->findChildren<RailButton *>();
        const auto replication = std::find_if(buttons.begin(), buttons.end(), [](auto *button) { return button->id() == QStringLiteral("replication"); });
        QVERIFY((*replication)->accessibleName().contains(QStringLiteral("problem")));
        // A second passes without a reading, then five.
        shell.clock->advance(5s);
        QTRY_VERIFY_WITH_TIMEOUT(shell.window->findChild<Header *>()->findChildren<ui::theme::Text *>().size() > 0 &&
                                     [&] {
                                         for (auto *text : shell.window->findChild<Header *>()->findChildren<ui::theme::Text *>()) {
                                             if (text->text().startsWith(QStringLiteral("no reading for")))
                                                 return true;
                                         }
                                         return false;
                                     }(),
                                 3000);
    }

    void pagesAreMadeWhenOpenedAndBackLeadsBack()
    {
        Shell shell(fixtures::well());
        QCOMPARE(shell.window->findChildren<NotedPage *>().size(), 1);
        shell.page()->setText(QStringLiteral("first"));
        QTest::keyClick(shell.window.get(), Qt::Key_2, Qt::ControlModifier);
        shell.window->show();
        shell.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(shell.window.get()));
        QTest::keyClick(shell.window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(shell.window->currentPageId(), "shards");
        QVERIFY(shell.page()->shown);
        shell.page()->setText(QStringLiteral("second"));
        shell.window->open(QStringLiteral("replication"), base::ClusterName("u1"));
        QCOMPARE(std::get<base::ClusterName>(shell.page()->selected), base::ClusterName("u1"));
        shell.window->trigger(ActionId::Back);
        QCOMPARE(shell.window->currentPageId(), "shards");
        QCOMPARE(shell.page()->field()->text(), "second");
        shell.window->trigger(ActionId::Back);
        QCOMPARE(shell.page()->field()->text(), "first");
        QVERIFY(!shell.window->action(ActionId::Back)->isEnabled());
        shell.window->trigger(ActionId::Forward);
        QCOMPARE(shell.window->currentPageId(), "shards");
        QVERIFY(!shell.window->goTo(QStringLiteral("no such page")));
        // A thing whose page this console does not have stands on the overview.
        shell.window->open(QStringLiteral("redis"), base::GroupName("feeds"));
        QCOMPARE(shell.window->currentPageId(), "overview");
    }

    void paletteByKeys()
    {
        Shell shell(fixtures::well());
        shell.window->show();
        shell.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(shell.window.get()));
        shell.page()->field()->setFocus();
        auto *box = shell.window->findChild<FindBox *>();
        QTest::keyClick(shell.window.get(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(box->hasFocus());
        QVERIFY(box->isOpen());
        QTest::keyClick(box, Qt::Key_Escape);
        QVERIFY(!box->isOpen());
        QVERIFY(shell.page()->field()->hasFocus()); // back where it was
        QTest::keyClick(shell.window.get(), Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(box, QStringLiteral("insta341"));
        QCOMPARE(box->findings().front().title, "insta341, users");
        QTest::keyClick(box, Qt::Key_Down);
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(shell.window->currentPageId(), "shards");
        QCOMPARE(std::get<facts::ShardKey>(shell.page()->selected), (facts::ShardKey{base::PartitionName("media"), base::ShardNumber{341}}));
        QVERIFY(box->text().isEmpty());
    }

    void pasteWithoutAFieldGoesToThePalette()
    {
        Shell shell(fixtures::well());
        shell.window->show();
        shell.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(shell.window.get()));
        QApplication::clipboard()->setText(QStringLiteral("u1-us-west"));
        shell.page()->setFocus();
        QTest::keyClick(shell.page(), Qt::Key_V, Qt::ControlModifier);
        auto *box = shell.window->findChild<FindBox *>();
        QTRY_VERIFY(box->isOpen());
        QCOMPARE(box->findings().front().title, "u1-us-west");
    }

    void problemsByKeys()
    {
        const auto snapshot = fixtures::incident();
        Shell shell(snapshot);
        shell.window->trigger(ActionId::NextProblem);
        QCOMPARE(shell.window->currentPageId(), "replication");
        QCOMPARE(std::get<base::ClusterName>(shell.page()->selected), base::ClusterName("u1"));
    }

    void heldPictureStaysWhileCollectingGoesOn()
    {
        const auto before = fixtures::well();
        Shell shell(before);
        shell.window->trigger(ActionId::Hold);
        QVERIFY(shell.window->isHolding());
        const auto after = fixtures::incident();
        shell.window->showSnapshot(after);
        QCOMPARE(shell.page()->shown, before);
        QVERIFY(shell.window->windowTitle().startsWith(QStringLiteral("1 critical"))); // the frame still tells
        shell.window->trigger(ActionId::Hold);
        QCOMPARE(shell.page()->shown, after);
    }

    void sessionIsKeptPerFleet()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("console.ini")), QSettings::IniFormat);
        Session session(settings, QStringLiteral("insta/main"));
        {
            Shell shell(fixtures::well(), &session);
            shell.window->goTo(QStringLiteral("shards"));
            shell.page()->setText(QStringLiteral("lag"));
            shell.window->close();
        }
        Shell again(fixtures::well(), &session);
        QCOMPARE(again.window->currentPageId(), "shards");
        QCOMPARE(again.page()->field()->text(), "lag");
        Session other(settings, QStringLiteral("staging"));
        Shell fresh(fixtures::well(), &other);
        QCOMPARE(fresh.window->currentPageId(), "overview");
        settings.setValue(QStringLiteral("textSize"), QStringLiteral("huge"));
        QCOMPARE(session.preferences().textSize, 100);
    }

    void complaintsAreReadable()
    {
        const auto reading = fleet::readFleetText("fleet = \"x\"\nregion = \"nowhere\"\n[[servr]]\nname = \"a\"\n", "/tmp/fleet.toml");
        QVERIFY(!reading);
        const std::unique_ptr<MessageView> view(MessageView::complaints(reading.error(), QStringLiteral("/tmp/fleet.toml")));
        QSignalSpy again(view.get(), &MessageView::retryRequested);
        QStringList lines;
        for (auto *label : view->findChildren<QLabel *>())
            lines << label->text();
        for (const fleet::Complaint &complaint : reading.error().complaints)
            QVERIFY(lines.contains(QString::fromStdString(fleet::sentence(complaint, "fleet.toml"))));
        for (auto *button : view->findChildren<QAbstractButton *>()) {
            if (button->text() == QStringLiteral("Read it again"))
                button->click();
        }
        QCOMPARE(again.count(), 1);
    }
};

QTEST_MAIN(TestShell)
#include "test_shell.moc"
#include "moc_ShellBench.cpp"
