// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Geometry.h"
#include "tests/ui/PageBench.h"
#include "ui/charts/ChartPanel.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/replication/ClusterList.h"
#include "ui/pages/replication/ReplicationPage.h"
#include "ui/pages/replication/StagesPanel.h"
#include "ui/pages/replication/WhyPopup.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QHeaderView>
#include <QListView>
#include <QTableView>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using models::StandbyModel;
using pages::ReplicationPage;

class ReplicationPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static std::unique_ptr<ReplicationPage> pageOf(const facts::SnapshotPtr &snapshot, QSize size, const observe::History *history = nullptr)
    {
        return tests::pageOf<ReplicationPage>(snapshot, size, history);
    }

    static QList<QWidget *> partsOf(const ReplicationPage &page)
    {
        return {page.clusters(), page.topology(), page.stages(), page.timeChart(), page.bytesChart()};
    }

    /// Cells whose number is wider than its column.
    static QStringList cutCells(const QTableView &table)
    {
        const QFontMetrics metrics(theme::font(theme::FontRole::Body));
        QStringList cut;
        for (int row = 0; row < table.model()->rowCount(); ++row)
            for (int column = StandbyModel::Behind; column < StandbyModel::ColumnCount; ++column) {
                const auto text = table.model()->index(row, column).data().toString();
                if (text.contains(QRegularExpression(QStringLiteral("[0-9]"))) && metrics.horizontalAdvance(text) + 16 > table.columnWidth(column))
                    cut << text;
            }
        return cut;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void everyStateLooksRight_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("sizeName");
        for (const auto &[name, snapshot] : tests::states())
            for (const auto &size : tests::pageSizes)
                QTest::addRow("%s at %s", name, size.name) << QString::fromLatin1(name) << size.size << QString::fromLatin1(size.name);
    }
    void everyStateLooksRight()
    {
        QFETCH(QString, state);
        QFETCH(QSize, size);
        QFETCH(QString, sizeName);
        const auto snapshot = tests::stateNamed(state);
        const auto history = tests::historyOf(snapshot);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            const auto page = pageOf(snapshot, size, history.get());
            QCoreApplication::processEvents();
            QCOMPARE(tests::cutNumbers(*page).join(QLatin1Char('\n')), QString());
            QCOMPARE(tests::overlaps(partsOf(*page)).join(QLatin1Char('\n')), QString());
            QCOMPARE(tests::drawingFaults(page->topology()->view()->picture()).join(QLatin1Char('\n')), QString());
            QCOMPARE(cutCells(*page->stages()->table()).join(QLatin1Char('\n')), QString());
            for (const auto *part : partsOf(*page))
                QVERIFY2(page->rect().contains(part->geometry()), qPrintable(part->accessibleName()));
            tests::savePicture(*page, QStringLiteral("replication-%1-%2-%3").arg(state, sizeName, theme::Theme::name(mode)));
        }
        m_theme->setMode(theme::Theme::Mode::Light);
    }

    void theStandbysOfTheChosenClusterAreShown()
    {
        const auto page = pageOf(fixtures::lagging(), {1088, 704});
        QCOMPARE(page->cluster(), base::ClusterName("u1"));
        QVERIFY(page->select(base::ServerId("m2-us-west")));
        QCOMPARE(page->cluster(), base::ClusterName("m2"));
        QCOMPARE(page->clusters()->list()->currentIndex().data().toString(), QStringLiteral("m2"));
        QCOMPARE(page->stages()->model()->rowCount(), 2);
        QVERIFY(page->stages()->model()->rowOf("m2-us-west") >= 0);
        QVERIFY(!page->select(base::ServerId("feeds-us-east")));
    }

    void theBarTellsWhereTheBytesWait()
    {
        const auto page = pageOf(fixtures::lagging(), {1088, 704});
        const auto *model = page->stages()->model();
        const int row = model->rowOf("u1-us-west");
        QVERIFY(row >= 0);
        const auto stages = model->index(row, StandbyModel::Stages).data(StandbyModel::StagesRole).toList();
        QCOMPARE(stages.size(), qsizetype(4));
        double sum = 0;
        for (const auto &stage : stages)
            sum += stage.toDouble();
        QVERIFY(sum > 30.0 * 1024 * 1024);
        QVERIFY(model->index(row, StandbyModel::Stages).data(StandbyModel::ScaleRole).toDouble() >= sum);
        QCOMPARE(model->index(row, StandbyModel::Lag).data().toString().section(QChar(0x202F), 0, 0), QStringLiteral("8.62"));
    }

    void unitsAtTheLinesEndsStayForThreeTicks()
    {
        const auto behind = [](std::int64_t kibi) {
            auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
            for (auto &cluster : snapshot->clusters) {
                for (auto &lag : cluster.standbys) {
                    if (lag.standby == base::ServerId("u1-us-west"))
                        lag.behind = base::Bytes{kibi * 1024};
                }
            }
            return facts::SnapshotPtr(snapshot);
        };
        const auto history = tests::historyOf(fixtures::well());
        const auto page = pageOf(behind(900), {1088, 704}, history.get());
        QVERIFY(page->select(base::ClusterName("u1")));
        const auto shown = [&](std::int64_t kibi) {
            page->showSnapshot(behind(kibi));
            for (const auto &line : page->bytesChart()->chart()->lines()) {
                if (line.name == QLatin1String("us-west"))
                    return QString(line.endText).replace(QChar(0x202F), QLatin1Char(' '));
            }
            return QString();
        };
        QCOMPARE(shown(901), QStringLiteral("901 KiB"));
        QCOMPARE(shown(1100), QStringLiteral("1,100 KiB"));
        QCOMPARE(shown(1100), QStringLiteral("1,100 KiB"));
        QCOMPARE(shown(1100), QStringLiteral("1.07 MiB"));
        QCOMPARE(shown(900), QStringLiteral("0.88 MiB"));
    }

    void whyListsTheInputsOfTheRule()
    {
        const auto snapshot = fixtures::lagging();
        for (const auto &lag : snapshot->cluster(base::ClusterName("u1"))->standbys) {
            const auto text = pages::WhyPopup::asText(lag);
            QVERIFY(text.contains(StandbyModel::ruleSentence(lag)));
            QVERIFY(text.contains(QString::fromStdString(lag.inputs.primaryLsn->toString())));
            const auto lines = StandbyModel::ruleInputs(lag);
            QVERIFY(std::any_of(lines.begin(), lines.end(), [](const auto &line) { return line.decides; }));
        }
        const auto page = pageOf(snapshot, {1088, 704});
        page->stages()->table()->selectRow(0);
        QTest::keyClick(page->stages()->table(), Qt::Key_Return);
        QTRY_VERIFY(page->stages()->findChild<pages::WhyPopup *>());
    }

    void thePlanOfTheClusterIsOneButtonAway()
    {
        for (const auto &[snapshot, words, act] : {std::tuple(fixtures::lagging(), "Plan switchover…", shardlens::operate::Act::Switchover), std::tuple(fixtures::incident(), "Plan failover…", shardlens::operate::Act::Failover)}) {
            const auto page = pageOf(snapshot, {1088, 704});
            QCOMPARE(page->planButton()->text(), QString::fromUtf8(words));
            std::optional<shardlens::operate::Intent> asked;
            connect(page.get(), &pages::Page::planRequested, this, [&](const shardlens::operate::Intent &intent) { asked = intent; });
            QTest::mouseClick(page->planButton(), Qt::LeftButton);
            QVERIFY(asked);
            QVERIFY(shardlens::operate::actOf(*asked) == act);
            QCOMPARE(shardlens::operate::clusterOf(*asked).text(), page->cluster().text());
        }
    }

    void theRangeIsSharedAndRestored()
    {
        const auto page = pageOf(fixtures::lagging(), {1088, 704});
        page->restoreViewState({{QStringLiteral("cluster"), QStringLiteral("m1")}, {QStringLiteral("range"), 2}, {QStringLiteral("table"), true}});
        QCOMPARE(page->cluster(), base::ClusterName("m1"));
        QVERIFY(page->topology()->isTable());
        QCOMPARE(page->viewState().value(QStringLiteral("range")).toInt(), 2);
    }

    void theExportHasEveryStandby()
    {
        const auto snapshot = fixtures::partlyDown();
        const auto page = pageOf(snapshot, {1088, 704});
        std::size_t standbys = 0;
        for (const auto &cluster : snapshot->clusters)
            standbys += cluster.standbys.size();
        QCOMPARE(page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts).size(), qsizetype(standbys + 1));
    }

    void selectionStaysThroughChurn()
    {
        fixtures::Churn churn;
        const auto page = pageOf(churn.next(), {1088, 704});
        QVERIFY(page->select(base::ClusterName("m1")));
        for (int tick = 1; tick < fixtures::Churn::ticks; ++tick) {
            page->showSnapshot(churn.next());
            QCOMPARE(page->cluster(), base::ClusterName("m1"));
            QCOMPARE(page->clusters()->list()->currentIndex().data().toString(), QStringLiteral("m1"));
        }
    }
};

QTEST_MAIN(ReplicationPageTest)
#include "ReplicationPageTest.moc"
