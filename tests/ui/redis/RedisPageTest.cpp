// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Geometry.h"
#include "core/operate/Intent.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/World.h"
#include "tests/ui/PageBench.h"
#include "ui/format/PlanText.h"
#include "ui/models/Roles.h"
#include "ui/pages/FactTable.h"
#include "ui/pages/FactsPanel.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/redis/RedisPage.h"
#include "ui/pages/redis/RedisRows.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::RedisPage;

class RedisPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static QString plain(QString text) { return text.replace(QChar(0x202F), QLatin1Char(' ')); }

    /// What a cell says, by server and column key.
    static QString text(const RedisPage &page, const char *server, const char *column)
    {
        const auto *facts = page.table()->facts();
        return plain(facts->index(facts->rowOf(server), facts->columnOf(QString::fromLatin1(column))).data().toString());
    }
    /// What a cell of the readiness says, by group and column key.
    static QString ready(const RedisPage &page, const char *group, const char *column)
    {
        const auto *facts = page.readiness()->table()->facts();
        return plain(facts->index(facts->rowOf(group), facts->columnOf(QString::fromLatin1(column))).data().toString());
    }
    /// The default fleet with feeds under three Sentinels, which say what they say and that.
    static facts::SnapshotPtr underSentinels(const std::function<void(facts::SentinelReport &)> &change = {})
    {
        fixtures::World world(fixtures::sentinelFleet("feeds"), fixtures::at(12, 0, 0));
        world.observedSince(std::chrono::hours(2));
        world.run(12);
        world.editSentinels(change);
        return world.run(4);
    }
    static QVariant data(const RedisPage &page, const char *server, const char *column, int role)
    {
        const auto *facts = page.table()->facts();
        return facts->data(facts->index(facts->rowOf(server), facts->columnOf(QString::fromLatin1(column))), role);
    }
    static QStringList servers(const RedisPage &page)
    {
        QStringList names;
        const auto *ordered = page.table()->ordered();
        const int column = page.table()->facts()->columnOf(QStringLiteral("server"));
        for (int row = 0; row < ordered->rowCount(); ++row)
            names << ordered->index(row, column).data().toString();
        return names;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    /// From each row there is a way to its plan, as other pages have it, however narrow the table is.
    void theWayToAPlanIsSeenAtEverySize_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("hasSentinels");
        QTest::addColumn<int>("percent");
        for (const bool has : {false, true}) {
            for (const int percent : {100, 150}) {
                QTest::addRow("1024 x 700, text %d%s", percent, has ? ", Sentinels" : "") << QSize(928, 570) << has << percent;
                QTest::addRow("1280 x 800, text %d%s", percent, has ? ", Sentinels" : "") << QSize(1088, 704) << has << percent;
                QTest::addRow("2560 x 1440, text %d%s", percent, has ? ", Sentinels" : "") << QSize(2328, 1336) << has << percent;
            }
        }
    }

    void theWayToAPlanIsSeenAtEverySize()
    {
        QFETCH(QSize, size);
        QFETCH(bool, hasSentinels);
        QFETCH(int, percent);
        m_theme->setTextSize(percent);
        const auto page = tests::pageOf<RedisPage>(hasSentinels ? underSentinels() : fixtures::well(), size);
        const pages::FactTable *table = page->readiness()->table();
        const int plan = table->facts()->columnOf(QStringLiteral("plan"));
        QVERIFY(!table->isColumnHidden(plan));
        QVERIFY2(table->leastWidth() <= table->viewport()->width(), qPrintable(QStringLiteral("%1 of %2").arg(table->leastWidth()).arg(table->viewport()->width())));
        const QRect cell = table->visualRect(table->model()->index(0, plan));
        m_theme->setTextSize(100);
        QVERIFY2(cell.left() >= 0 && cell.right() < table->viewport()->width(), qPrintable(QString::number(cell.right())));
    }

    void aRowAGroupARegion()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        QAbstractItemModelTester facts(page->table()->facts(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester ordered(page->table()->ordered(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(page->table()->facts()->rowCount(), 9);
        QCOMPARE(servers(*page).first(), QStringLiteral("feeds-us-east"));
        QCOMPARE(text(*page, "feeds-us-east", "group"), QStringLiteral("feeds"));
        QCOMPARE(text(*page, "feeds-us-east", "holds"), QStringLiteral("feeds"));
        QCOMPARE(text(*page, "feeds-us-east", "role"), QStringLiteral("primary"));
        QCOMPARE(text(*page, "feeds-us-east", "link"), QStringLiteral("2 of 2 linked"));
        QCOMPARE(text(*page, "feeds-us-west", "role"), QStringLiteral("replica"));
        QCOMPARE(text(*page, "feeds-us-west", "link"), QStringLiteral("linked"));
        QCOMPARE(text(*page, "feeds-us-west", "behind_bytes"), QStringLiteral("0 B"));
        QCOMPARE(text(*page, "feeds-us-east", "memory_bytes"), QStringLiteral("412 MiB of 1.00 GiB"));
        QCOMPARE(text(*page, "feeds-us-east", "saved"), QStringLiteral("AOF"));
        QCOMPARE(text(*page, "feeds-us-east", "slow_in_an_hour"), QStringLiteral("0"));
        QCOMPARE(text(*page, "mediamap-eu-west", "media_map_encoding"), QStringLiteral("listpack"));
    }

    void whatIsNotApplicableIsADashAndNothingIsBlank()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        QCOMPARE(text(*page, "feeds-us-east", "behind_bytes"), QStringLiteral("-"));
        QCOMPARE(text(*page, "feeds-us-east", "heard_seconds"), QStringLiteral("-"));
        QCOMPARE(text(*page, "sessions-us-east", "media_map_encoding"), QStringLiteral("-"));
        for (const auto &[name, snapshot] : tests::states()) {
            const auto shown = tests::pageOf<RedisPage>(snapshot, {1088, 704});
            const auto *facts = shown->table()->facts();
            for (int row = 0; row < facts->rowCount(); ++row)
                for (int column = 0; column < facts->columnCount(); ++column)
                    QVERIFY2(!facts->index(row, column).data().toString().isEmpty() || facts->data(facts->index(row, column), models::LineRole).isValid(), name);
        }
    }

    void eachStateIsSaid()
    {
        const auto partly = tests::pageOf<RedisPage>(fixtures::partlyDown(), {1088, 704});
        QVERIFY2(text(*partly, "sessions-eu-west", "link").startsWith(QStringLiteral("asking, ")), qPrintable(text(*partly, "sessions-eu-west", "link")));
        QCOMPARE(text(*partly, "sessions-eu-west", "role").left(6), QStringLiteral("asking"));
        QVERIFY2(text(*partly, "feeds-us-west", "link").startsWith(QStringLiteral("down 14 s: ")), qPrintable(text(*partly, "feeds-us-west", "link")));
        QVERIFY(data(*partly, "feeds-us-west", "memory_bytes", models::StaleRole).toBool());
        QVERIFY(!data(*partly, "feeds-us-east", "memory_bytes", models::StaleRole).toBool());

        const auto troubled = tests::pageOf<RedisPage>(fixtures::servicesTroubled(), {1088, 704});
        QCOMPARE(text(*troubled, "feeds-us-west", "link"), QStringLiteral("unlinked 12 s"));
        QCOMPARE(text(*troubled, "feeds-us-east", "link"), QStringLiteral("1 of 2 linked"));
        QCOMPARE(text(*troubled, "sessions-us-east", "saved"), QStringLiteral("off"));
        QCOMPARE(text(*troubled, "sessions-us-east", "memory_bytes"), QStringLiteral("412 MiB, no limit"));
        QCOMPARE(text(*troubled, "mediamap-eu-west", "media_map_encoding"), QStringLiteral("hashtable"));
        QCOMPARE(text(*troubled, "sessions-us-west", "slow_in_an_hour"), QStringLiteral("unknown: needs slowlog"));
        QCOMPARE(data(*troubled, "sessions-us-west", "slow_in_an_hour", models::BriefRole).toString(), QStringLiteral("unknown"));
        QVERIFY(data(*troubled, "sessions-us-west", "slow_in_an_hour", models::UnknownRole).toBool());
        QCOMPARE(text(*troubled, "feeds-us-east", "slow_in_an_hour"), QStringLiteral("2"));
        QCOMPARE(data(*troubled, "feeds-us-east", "memory_bytes", models::ColourRoleRole).toInt(), int(theme::ColourRole::WarningText));

        const auto slept = tests::pageOf<RedisPage>(fixtures::slept(), {1088, 704});
        QCOMPARE(text(*slept, "feeds-us-east", "link"), QStringLiteral("42 min ago"));
        QVERIFY(data(*slept, "feeds-us-east", "commands_per_second", models::StaleRole).toBool());
    }

    void theInspectorHearsTheChosenRowAndACardLeadsToItsFacts()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {2328, 1336});
        QSignalSpy changed(page.get(), &pages::Page::selectionChanged);
        page->select(base::ServerId("sessions-eu-west"));
        QVERIFY(page->selection() == pages::Subject(base::ServerId("sessions-eu-west")));
        QCOMPARE(changed.count(), 1);
        page->activateWindow();
        page->drawing()->view()->setFocus();
        page->drawing()->view()->select(base::ServerId("sessions-us-east"));
        QTest::keyClick(page->drawing()->view(), Qt::Key_Return);
        QVERIFY(page->selection() == pages::Subject(base::ServerId("sessions-us-east")));
        QCOMPARE(page->table()->currentId(), std::string("sessions-us-east"));
        QCOMPARE(page->focusWidget(), page->details()->table());
    }

    void theLastSaveIsTold()
    {
        const auto snapshot = fixtures::well();
        const auto factOf = [](const facts::Snapshot &told) {
            for (const auto &row : pages::redisDetails(told, base::ServerId("feeds-us-east")))
                if (row.id == "Last save")
                    return plain(row.cells[1].text);
            return QString();
        };
        const QString said = factOf(*snapshot);
        QCOMPARE(said, QStringLiteral("4 min ago, 1,204 changes since"));
    }

    void aHeadOrdersRowsAndAThirdClickGivesTheFleetsOrderBack()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        const QStringList fleetOrder = servers(*page);
        auto *table = page->table();
        const int commands = table->facts()->columnOf(QStringLiteral("commands_per_second"));
        const auto click = [&] { Q_EMIT table->horizontalHeader()->sectionClicked(commands); };
        click();
        QCOMPARE(servers(*page).first(), QStringLiteral("feeds-us-east")); // 6,410 a second
        double before = std::numeric_limits<double>::max();
        for (int row = 0; row < table->ordered()->rowCount(); ++row) {
            const double value = table->ordered()->index(row, commands).data(models::RawRole).toDouble();
            QVERIFY(value <= before);
            before = value;
        }
        click();
        QCOMPARE(servers(*page).last(), QStringLiteral("feeds-us-east"));
        click();
        QCOMPARE(servers(*page), fleetOrder);
    }

    void rowsKeepTheirPlacesUnderThePointer()
    {
        fixtures::Churn churn;
        const auto page = tests::pageOf<RedisPage>(churn.next(), {1088, 704});
        page->showSnapshot(churn.next());
        auto *table = page->table();
        const int commands = table->facts()->columnOf(QStringLiteral("commands_per_second"));
        Q_EMIT table->horizontalHeader()->sectionClicked(commands);
        QEnterEvent enter(QPointF(50, 20), QPointF(50, 20), QPointF(50, 20));
        QCoreApplication::sendEvent(table, &enter);
        const QStringList held = servers(*page);
        bool wasPending = false;
        for (int tick = 2; tick < fixtures::Churn::ticks; ++tick) {
            page->showSnapshot(churn.next());
            QCOMPARE(servers(*page), held);
            wasPending = wasPending || table->ordered()->hasPendingOrder();
        }
        QVERIFY2(wasPending, "in a hundred ticks some rate overtakes another");
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(table, &leave);
        QVERIFY(!table->ordered()->hasPendingOrder());
    }

    void wordsFilterRows()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        page->focusFind();
        auto *find = page->findChild<QLineEdit *>();
        find->setText(QStringLiteral("eu-west"));
        QCOMPARE(page->table()->ordered()->rowCount(), 3);
        find->setText(QStringLiteral("nothing has this"));
        QCOMPARE(page->table()->ordered()->rowCount(), 0);
        find->clear();
        QCOMPARE(page->table()->ordered()->rowCount(), 9);
    }

    /// The page is laid out before anybody has answered; the drawing gets its height with the first answer, or is not shown.
    void theDrawingIsNeverCut()
    {
        for (const auto &size : {QSize(952, 604), QSize(1088, 704), QSize(1400, 900), QSize(2328, 1336)}) {
            const auto snapshot = fixtures::well();
            RedisPage page(pages::PageContext{snapshot->fleet, nullptr, std::make_shared<base::SystemClock>()});
            page.resize(size);
            page.show();
            tests::settle(page);
            page.showSnapshot(snapshot);
            tests::settle(page);
            const auto *view = page.drawing()->view();
            QVERIFY2(!view->isVisible() || view->height() >= view->fullHeight(), qPrintable(QStringLiteral("%1 of %2 at %3").arg(view->height()).arg(view->fullHeight()).arg(size.height())));
            QVERIFY2(size.height() < 900 || view->isVisible(), qPrintable(QString::number(size.height())));
        }
    }

    void theChosenServersFactsGroupAndChartsAreShown()
    {
        const auto snapshot = fixtures::servicesTroubled();
        const auto page = tests::pageOf<RedisPage>(snapshot, {1088, 704});
        QVERIFY(page->select(base::ServerId("mediamap-eu-west")));
        QCOMPARE(page->server(), base::ServerId("mediamap-eu-west"));
        QCOMPARE(page->table()->currentId(), std::string("mediamap-eu-west"));
        const auto *details = page->details()->table()->facts();
        const int bucket = details->rowOf("Media map");
        QVERIFY(bucket >= 0);
        QCOMPARE(details->index(bucket, 1).data().toString(), QStringLiteral("hashtable, 1,000 in mediamap:1155; 3 of 209 buckets are not small"));
        QVERIFY(page->select(base::GroupName("feeds")));
        QCOMPARE(page->server(), base::ServerId("feeds-us-east"));
        QCOMPARE(page->drawing()->view()->picture().graph.nodes.size(), std::size_t(3));
        QVERIFY(!page->select(base::ServerId("u1-us-east")));
        QVERIFY(!page->select(base::PoolName("cache-us-east")));
    }

    void rowsAreCopiedAsTheyRead()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        page->select(base::ServerId("sessions-us-west"));
        page->table()->setFocus();
        QTest::keyClick(page->table(), Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines.first().startsWith(QStringLiteral("Group\tRegion\tRole\t")));
        QVERIFY(lines.last().startsWith(QStringLiteral("sessions\tus-west\treplica\tlinked")));
    }

    void theExportIsRaw()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::servicesTroubled(), {1088, 704});
        const QStringList lines = page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 10);
        const QStringList head = lines.first().split(QLatin1Char(','));
        const auto field = [&](const QString &line, const char *key) { return line.split(QLatin1Char(',')).at(head.indexOf(QString::fromLatin1(key))); };
        QCOMPARE(field(lines[1], "at"), QStringLiteral("2026-11-21T08:15:30.000Z"));
        QCOMPARE(field(lines[1], "server"), QStringLiteral("feeds-us-east"));
        QCOMPARE(field(lines[1], "memory_bytes"), QString::number(983LL << 20));
        QCOMPARE(field(lines[1], "behind_bytes"), QString());
        const QString noRights = *std::find_if(lines.begin(), lines.end(), [](const QString &line) { return line.contains(QStringLiteral("sessions-us-west")); });
        QCOMPARE(field(noRights, "slow_in_an_hour"), QString());
    }

    void whetherEachGroupCouldBeMovedIsSaid()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        QAbstractItemModelTester tester(page->readiness()->table()->facts(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(page->readiness()->table()->facts()->rowCount(), 3);
        QCOMPARE(ready(*page, "feeds", "state"), QStringLiteral("ready"));
        QCOMPARE(ready(*page, "feeds", "primary"), QStringLiteral("feeds-us-east"));
        QCOMPARE(ready(*page, "mediamap", "primary"), QStringLiteral("mediamap-eu-west"));
        QVERIFY2(ready(*page, "feeds", "expected_pause_seconds").endsWith(QStringLiteral("ms")), qPrintable(ready(*page, "feeds", "expected_pause_seconds")));
        QCOMPARE(page->readiness()->table()->facts()->columnOf(QStringLiteral("sentinels")), -1); // nobody has any
        const auto troubled = tests::pageOf<RedisPage>(fixtures::servicesTroubled(), {1088, 704});
        QVERIFY2(ready(*troubled, "sessions", "state") != QStringLiteral("ready"), qPrintable(ready(*troubled, "sessions", "state")));
        QVERIFY2(ready(*troubled, "sessions", "why_not").startsWith(QStringLiteral("The candidate has less memory")), qPrintable(ready(*troubled, "sessions", "why_not")));
        QCOMPARE(ready(*tests::pageOf<RedisPage>(fixtures::asking(), {1088, 704}), "feeds", "state"), QStringLiteral("asking"));
    }

    void eachCheckThatDoesNotPassHasASentence()
    {
        for (int id = 0; id <= int(shardlens::operate::lastCheck); ++id) {
            shardlens::operate::Check check;
            check.id = shardlens::operate::CheckId(id);
            check.verdict = shardlens::operate::Verdict::Failed;
            QVERIFY2(!format::checkSentence(check).isEmpty(), std::string(shardlens::operate::name(check.id)).c_str());
        }
    }

    void aRowLeadsToItsPlan()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        std::vector<shardlens::operate::Intent> asked;
        connect(page.get(), &pages::Page::planRequested, this, [&](const shardlens::operate::Intent &intent) { asked.push_back(intent); });
        auto *table = page->readiness()->table();
        table->choose("mediamap");
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(asked.size(), std::size_t(1));
        QVERIFY(shardlens::operate::actOf(asked.front()) == shardlens::operate::Act::Switchover);
        QCOMPARE(shardlens::operate::groupOf(asked.front()), base::GroupName("mediamap"));
    }

    void whatTheSentinelsSayIsSaid()
    {
        const auto page = tests::pageOf<RedisPage>(underSentinels(), {2328, 1336});
        QCOMPARE(ready(*page, "feeds", "sentinels"), QStringLiteral("3 of 3"));
        QCOMPARE(ready(*page, "feeds", "state"), QStringLiteral("ready"));
        const auto *facts = page->readiness()->table()->facts();
        const QString tip = facts->index(facts->rowOf("feeds"), facts->columnOf(QStringLiteral("sentinels"))).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QStringLiteral("3 of 3 Sentinels answer, all lead to feeds-us-east, quorum 2")), qPrintable(tip));
        const auto parted = tests::pageOf<RedisPage>(underSentinels([](facts::SentinelReport &report) {
                                                         if (report.address.port == 26380)
                                                             report.primary = report.replicas.front().address;
                                                     }),
                                                     {2328, 1336});
        QCOMPARE(ready(*parted, "feeds", "sentinels"), QStringLiteral("3 of 3, they disagree"));
        QCOMPARE(ready(*parted, "feeds", "state"), QStringLiteral("not ready"));
        const auto silent = tests::pageOf<RedisPage>(underSentinels([](facts::SentinelReport &report) {
                                                         if (report.address.port != 26380)
                                                             report.reach.state = facts::ReachState::Down;
                                                     }),
                                                     {2328, 1336});
        QCOMPARE(ready(*silent, "feeds", "sentinels"), QStringLiteral("1 of 3"));
        QCOMPARE(ready(*silent, "feeds", "state"), QStringLiteral("not ready"));
        if (const QString pictures = qEnvironmentVariable("SHARDLENS_PICTURES"); !pictures.isEmpty()) {
            page->grab().save(pictures + QStringLiteral("/redis-sentinels.png"));
            tests::pageOf<RedisPage>(underSentinels(), {1088, 704})->grab().save(pictures + QStringLiteral("/redis-sentinels-1280.png"));
        }
    }

    void aScreenReaderHearsColumnAndValue()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::partlyDown(), {1088, 704});
        QCOMPARE(plain(data(*page, "feeds-us-east", "memory_bytes", Qt::AccessibleTextRole).toString()), QStringLiteral("Memory 412 MiB of 1.00 GiB"));
        QVERIFY(plain(data(*page, "feeds-us-west", "memory_bytes", Qt::AccessibleTextRole).toString()).contains(QStringLiteral("Last answer 14 s ago")));
        for (const QWidget *widget : {static_cast<QWidget *>(page->table()), static_cast<QWidget *>(page->details()->table()), static_cast<QWidget *>(page->drawing()->view())})
            QVERIFY(!widget->accessibleName().isEmpty());
    }

    void theViewIsRestored()
    {
        const auto page = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        page->select(base::ServerId("mediamap-us-west"));
        page->findChild<QLineEdit *>()->setText(QStringLiteral("media"));
        Q_EMIT page->table()->horizontalHeader()->sectionClicked(page->table()->facts()->columnOf(QStringLiteral("region")));
        page->toggleTable();
        const auto other = tests::pageOf<RedisPage>(fixtures::well(), {1088, 704});
        other->restoreViewState(page->viewState());
        QCOMPARE(other->server(), base::ServerId("mediamap-us-west"));
        QCOMPARE(servers(*other), servers(*page));
        QCOMPARE(other->table()->ordered()->rowCount(), 3);
        QVERIFY(other->drawing()->isTable());
    }

    void aHiddenPageOnlyKeepsTheSnapshot()
    {
        RedisPage page({fixtures::well()->fleet, nullptr, std::make_shared<base::SystemClock>()});
        page.resize(1088, 704);
        page.showSnapshot(fixtures::well());
        QCOMPARE(page.table()->facts()->rowCount(), 0);
        QVERIFY(page.hasLiveData());
        page.show();
        QCOMPARE(page.table()->facts()->rowCount(), 9);
        QVERIFY(!tests::pageOf<RedisPage>(fixtures::asking(), {1088, 704})->hasLiveData());
    }
};

QTEST_MAIN(RedisPageTest)
#include "RedisPageTest.moc"
