// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Histories.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/ui/Warnings.h"
#include "ui/format/Numbers.h"
#include "ui/shell/inspector/Inspector.h"
#include "ui/shell/inspector/InspectorDelegate.h"
#include "ui/shell/inspector/InspectorModel.h"
#include "ui/theme/Theme.h"
#include "ui/theme/Type.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <set>

using namespace shardlens;
using namespace shardlens::ui::shell;
using Kind = InspectorRow::Kind;
using State = ui::format::FormattedFact::State;

namespace {

const InspectorRow *find(const InspectorContent &content, const QString &name)
{
    const auto found = std::find_if(content.rows.begin(), content.rows.end(), [&](const InspectorRow &row) { return row.name == name && row.kind != Kind::Heading; });
    return found == content.rows.end() ? nullptr : &*found;
}

/// Everything that a fleet has, once.
std::vector<ui::pages::Subject> everything(const fleet::Fleet &fleet)
{
    std::vector<ui::pages::Subject> all;
    for (const auto &server : fleet.servers)
        all.push_back(server.id);
    for (const auto &cluster : fleet.clusters)
        all.push_back(cluster.name);
    for (const auto &group : fleet.redisGroups)
        all.push_back(group.name);
    for (const auto &pool : fleet.pools)
        all.push_back(pool.name);
    for (const auto &region : fleet.regions)
        all.push_back(region.name);
    for (const auto &host : fleet.hosts)
        all.push_back(host.name);
    for (const auto &partition : fleet.partitions)
        all.push_back(facts::ShardKey{partition.name, {12}});
    return all;
}

const std::vector<facts::SnapshotPtr> &states()
{
    static const std::vector<facts::SnapshotPtr> all{fixtures::well(), fixtures::incident(), fixtures::lagging(), fixtures::partlyDown(), fixtures::asking(), fixtures::allDown(), fixtures::drifted()};
    return all;
}

} // namespace

class TestInspector : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }

    void everyThingHasFactsInEveryState()
    {
        for (const auto &snapshot : states()) {
            for (const auto &subject : everything(*snapshot->fleet)) {
                const InspectorContent content = inspect(subject, *snapshot);
                const QString name = subjectName(subject, *snapshot->fleet);
                QCOMPARE(content.title, name);
                QVERIFY2(!content.subtitle.isEmpty(), qPrintable(name));
                const auto facts = std::count_if(content.rows.begin(), content.rows.end(), [](const InspectorRow &row) { return row.kind == Kind::Fact; });
                QVERIFY2(facts >= 2 || content.rows.back().kind == Kind::Note, qPrintable(name));
                std::set<std::string> ids;
                for (const InspectorRow &row : content.rows) {
                    QVERIFY2(ids.insert(row.id).second, row.id.c_str()); // a model finds its rows by id
                    QVERIFY2(row.kind == Kind::Heading || !row.name.isEmpty(), row.id.c_str());
                    if (row.kind == Kind::Fact)
                        QVERIFY2(!row.value.text.isEmpty(), qPrintable(name + QLatin1Char(' ') + row.name)); // never blank
                }
            }
        }
    }

    /// A name of which the middle is cut out says nothing: whom a router leads to is read whole.
    void whomARouterLeadsToIsReadWhole()
    {
        ui::theme::Theme theme(*qApp);
        for (const int size : {90, 100, 150}) {
            theme.setTextSize(size);
            const int width = ui::theme::scaled(360) - 14;
            int targets = 0;
            for (const InspectorRow &row : inspect(base::ClusterName("u1"), *fixtures::well()).rows) {
                if (row.kind != InspectorRow::Kind::Thing || !row.name.contains(QStringLiteral(" in ")))
                    continue;
                ++targets;
                QVERIFY2(InspectorDelegate::showsMiddle(row, width), qPrintable(QStringLiteral("%1 %: %2").arg(size).arg(row.text())));
            }
            QCOMPARE(targets, 6);
        }
        theme.setTextSize(100);
    }

    void nothingIsCutAtAnyTextSize()
    {
        ui::theme::Theme theme(*qApp);
        for (const int size : {90, 100, 150}) {
            theme.setTextSize(size);
            const int width = ui::theme::scaled(360) - 14;
            for (const auto &snapshot : states()) {
                for (const auto &subject : everything(*snapshot->fleet)) {
                    for (const InspectorRow &row : inspect(subject, *snapshot).rows)
                        QVERIFY2(InspectorDelegate::fits(row, width), qPrintable(QStringLiteral("%1 %: %2").arg(size).arg(row.text())));
                }
            }
        }
        theme.setTextSize(100);
    }

    void aStandbySaysHowFarItIsBehindAndWhy()
    {
        const auto snapshot = fixtures::lagging();
        const InspectorContent content = inspect(base::ServerId("u1-us-west"), *snapshot);
        QCOMPARE(content.subtitle, QStringLiteral("Postgres standby in us-west"));
        QVERIFY(find(content, QStringLiteral("Lag")));
        QCOMPARE(find(content, QStringLiteral("Lag"))->value.text, ui::format::lag(std::chrono::milliseconds(8620)));
        QCOMPARE(find(content, QStringLiteral("Lag"))->source, QStringLiteral("u1-us-west"));
        QVERIFY(!find(content, QStringLiteral("Lag"))->value.age.isEmpty());
        QVERIFY(find(content, QStringLiteral("Slot keeps")));
        QCOMPARE(content.page, QStringLiteral("replication"));
        QVERIFY(!content.charts.empty());
        QVERIFY(content.charts.front().lines.front().key.measure == facts::Measure::LagSeconds);
    }

    void whatTouchesAThingStandsFirst()
    {
        const auto snapshot = fixtures::incident();
        for (const ui::pages::Subject &subject : std::vector<ui::pages::Subject>{base::ClusterName("u1"), base::ServerId("u1-us-east"), base::ServerId("u1-us-west"), base::RegionName("us-east"),
                                                                                facts::ShardKey{base::PartitionName("users"), {12}}}) {
            const InspectorContent content = inspect(subject, *snapshot);
            QVERIFY2(content.rows.front().kind == Kind::Problem, qPrintable(content.title));
            QVERIFY(content.rows.front().severity == facts::Severity::Critical);
            QCOMPARE(content.rows.front().problem, snapshot->problems.front().id());
        }
        QVERIFY(inspect(base::PoolName("cache-eu-west"), *snapshot).rows.front().kind != Kind::Problem);
        QVERIFY(inspect(base::ClusterName("m1"), *snapshot).rows.front().kind != Kind::Problem);
    }

    void whatIsDownOldOrUnknownSaysSo()
    {
        const auto snapshot = fixtures::partlyDown();
        const InspectorContent silent = inspect(base::ServerId("u1-us-west"), *snapshot);
        QVERIFY(find(silent, QStringLiteral("Version"))->value.state == State::Stale || find(silent, QStringLiteral("Version"))->value.state == State::Down);
        QVERIFY(!find(silent, QStringLiteral("Version"))->value.age.isEmpty());
        const InspectorContent down = inspect(base::ServerId("cache-eu-west-1"), *snapshot);
        QVERIFY2(find(down, QStringLiteral("Reached"))->value.text.startsWith(QStringLiteral("down")), qPrintable(find(down, QStringLiteral("Reached"))->value.text));
        const InspectorContent asking = inspect(base::ServerId("sessions-eu-west"), *snapshot);
        QVERIFY2(find(asking, QStringLiteral("Reached"))->value.text.startsWith(QStringLiteral("asking")), qPrintable(find(asking, QStringLiteral("Reached"))->value.text));
        const InspectorContent denied = inspect(base::ServerId("directory-eu-west"), *snapshot);
        const auto unknowns = std::count_if(denied.rows.begin(), denied.rows.end(), [](const InspectorRow &row) { return row.value.state == State::Unknown && row.value.text.contains(QStringLiteral("pg_monitor")); });
        QVERIFY(unknowns > 0);
    }

    void whomAGuardKeepsFencedSaysByWhomAndSinceWhen()
    {
        facts::Snapshot snapshot = *fixtures::partlyDown();
        const base::ServerId old("u1-us-west");
        QVERIFY(!find(inspect(old, snapshot), QStringLiteral("Fenced")));
        snapshot.guards.front().fenced[old] = {snapshot.takenUtc - base::seconds(5), "came back as a primary, stopped"};
        const InspectorContent content = inspect(old, snapshot);
        const InspectorRow *fenced = find(content, QStringLiteral("Fenced"));
        QVERIFY(fenced);
        QVERIFY2(fenced->value.text.startsWith(QStringLiteral("by the guard of us-east since ")), qPrintable(fenced->value.text));
        QVERIFY(std::any_of(content.rows.begin(), content.rows.end(), [](const InspectorRow &row) {
            return (row.name + row.value.text).contains(QStringLiteral("The guard says that it came back as a primary, stopped."));
        }));
    }

    void whatAFleetDoesNotHaveIsNotMadeUp()
    {
        const auto snapshot = fixtures::well();
        QVERIFY(inspect(base::ServerId("u9-mars"), *snapshot).title.isEmpty());
        QVERIFY(inspect(facts::ShardKey{base::PartitionName("stories"), {1}}, *snapshot).title.isEmpty());
        QVERIFY(inspect({}, *snapshot).rows.empty());
    }

    void enterGoesIntoAMemberAndBackspaceComesBack()
    {
        const auto snapshot = fixtures::well();
        const auto history = fixtures::historyFor(snapshot);
        Inspector inspector({snapshot->fleet, history.get(), {}});
        QAbstractItemModelTester tester(inspector.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        inspector.setPages({QStringLiteral("replication")});
        inspector.resize(360, 740);
        inspector.showSnapshot(snapshot);
        inspector.look(base::ClusterName("u1"));
        inspector.show();
        const int row = inspector.model()->rowOf("Members/u1-us-west/standby");
        QVERIFY(row > 0);
        inspector.list()->setFocus();
        inspector.list()->setCurrentIndex(inspector.model()->index(row, 0));
        QTest::keyClick(inspector.list(), Qt::Key_Return);
        QVERIFY(inspector.subject() == ui::pages::Subject(base::ServerId("u1-us-west")));
        QCOMPARE(inspector.content().title, QStringLiteral("u1-us-west"));
        QTest::keyClick(inspector.list(), Qt::Key_Backspace);
        QVERIFY(inspector.subject() == ui::pages::Subject(base::ClusterName("u1")));
        QSignalSpy closing(&inspector, &Inspector::closeRequested);
        QTest::keyClick(inspector.list(), Qt::Key_Escape);
        QCOMPARE(closing.count(), 1);
    }

    void copiesWhatIsSelectedElseEverything()
    {
        const auto snapshot = fixtures::well();
        Inspector inspector({});
        inspector.resize(360, 740);
        inspector.showSnapshot(snapshot);
        inspector.look(base::PoolName("cache-us-east"));
        inspector.show();
        QVERIFY(inspector.chosenText().contains(QStringLiteral("memcached pool of us-east")));
        const int row = inspector.model()->rowOf("Facts/Answering");
        inspector.list()->setCurrentIndex(inspector.model()->index(row, 0));
        QTest::keyClick(inspector.list(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Answering: 2 of 2"));
    }

    void selectionStaysWhileValuesRun()
    {
        fixtures::Churn churn;
        Inspector inspector({});
        QAbstractItemModelTester tester(inspector.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        inspector.resize(360, 740);
        auto snapshot = churn.next();
        inspector.showSnapshot(snapshot);
        inspector.look(base::ServerId("u1-us-west"));
        inspector.show();
        const int row = inspector.model()->rowOf("Where/Region");
        inspector.list()->setCurrentIndex(inspector.model()->index(row, 0));
        for (int tick = 1; tick < fixtures::Churn::ticks; ++tick) {
            inspector.showSnapshot(churn.next());
            const InspectorRow *current = inspector.model()->rowAt(inspector.list()->currentIndex());
            QVERIFY(current);
            QCOMPARE(current->id, std::string("Where/Region"));
        }
    }
};

QTEST_MAIN(TestInspector)
#include "test_inspector.moc"
