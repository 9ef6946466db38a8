// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Snapshots.h"
#include "ui/models/ClusterModel.h"
#include "ui/models/EventModel.h"
#include "ui/models/ProblemModel.h"
#include "ui/models/ServingModel.h"
#include "ui/models/StandbyModel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui::models;

namespace {

QString printed(const QAbstractItemModel &model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << model.index(row, column).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
        lines << cells.join(QStringLiteral(" | "));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

class ListModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void problemsNeverReset()
    {
        ProblemModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        fixtures::Churn churn;
        bool moved = false;
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        for (int tick = 0; tick < fixtures::Churn::ticks; ++tick) {
            const auto snapshot = churn.next();
            model.showSnapshot(*snapshot);
            QCOMPARE(model.rowCount(), int(snapshot->problems.size() + snapshot->ended.size()));
            QCOMPARE(model.running(), int(snapshot->problems.size()));
            for (std::size_t i = 0; i < snapshot->problems.size(); ++i)
                QCOMPARE(model.rows()[i].id, snapshot->problems[i].id());
            moved = moved || model.rowCount() > 0;
        }
        QVERIFY(moved);
        QVERIFY(inserted.size() > 0);
        QCOMPARE(reset.size(), 0);
    }

    void eventsComeInAndGoWithoutAReset()
    {
        EventModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        fixtures::Churn churn;
        facts::SnapshotPtr snapshot;
        for (int tick = 0; tick < fixtures::Churn::ticks; ++tick) {
            snapshot = churn.next();
            model.setHeld(tick % 10 < 3); // somebody reads
            model.showSnapshot(*snapshot);
            if (tick % 10 >= 3) {
                QCOMPARE(model.rowCount(), int(snapshot->events->size()));
                QCOMPARE(model.waiting(), 0);
            }
        }
        QVERIFY(inserted.size() > 1);
        const auto &events = *snapshot->events;
        QVERIFY(events.size() > 2);
        for (std::size_t i = 0; i < events.size(); ++i)
            QVERIFY(*model.eventAt(model.index(int(i), EventModel::When)) == events[i]);
        auto later = *snapshot; // the oldest are no longer kept
        later.events = std::make_shared<const facts::EventList>(events.begin(), events.end() - 2);
        model.showSnapshot(later);
        QCOMPARE(model.rowCount(), int(events.size()) - 2);
        QCOMPARE(removed.size(), 1);
        QCOMPARE(reset.size(), 0);
    }

    void servingRowsFoldAndUnfoldWithoutAReset()
    {
        ServingModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.showSnapshot(*fixtures::well()); // its regions are columns from here on
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QVERIFY(model.rowCount() > 0);
        QCOMPARE(model.columnCount(), int(fixtures::well()->fleet->regions.size()) + 1);
        fixtures::Churn churn;
        for (int tick = 0; tick < fixtures::Churn::ticks; ++tick)
            model.showSnapshot(*churn.next(), tick % 10 < 3);
        const QString before = printed(model);
        for (const auto &snapshot : {fixtures::incident(), fixtures::partlyDown(), fixtures::slowRegion(), fixtures::allDown(), fixtures::asking()})
            model.showSnapshot(*snapshot);
        QVERIFY(printed(model) != before);
        QCOMPARE(reset.size(), 0);
        model.showSnapshot(*fixtures::big(8, 64)); // its clusters fold, and unfold again
        model.showSnapshot(*fixtures::well());
        QVERIFY(model.rowCount() > 0);
    }

    void aHeldListKeepsItsOrderAndCountsWhatIsNew()
    {
        ProblemModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.showSnapshot(*fixtures::lagging());
        const auto before = printed(model);
        QVERIFY(model.running() > 0);
        model.setHeld(true);
        QSignalSpy waiting(&model, &ProblemModel::waitingChanged);
        model.showSnapshot(*fixtures::incident());
        QCOMPARE(printed(model), before);
        QCOMPARE(model.waiting(), int(fixtures::incident()->problems.size()));
        QCOMPARE(waiting.size(), 1);
        model.takeWaiting();
        QCOMPARE(model.waiting(), 0);
        QCOMPARE(model.rows().front().id, fixtures::incident()->problems.front().id());
    }

    void aProblemThatEndsWhileItIsReadIsMutedInItsPlace()
    {
        ProblemModel model;
        const auto running = fixtures::lagging();
        model.showSnapshot(*running);
        model.setHeld(true);
        auto after = *running;
        after.ended.insert(after.ended.begin(), after.problems.front());
        after.endedAt.insert(after.endedAt.begin(), after.takenUtc);
        after.problems.erase(after.problems.begin());
        model.showSnapshot(after);
        QCOMPARE(model.rows().front().id, running->problems.front().id());
        QVERIFY(model.rows().front().endedAt.has_value());
        model.setHeld(false);
        QVERIFY(model.rows().front().id != running->problems.front().id());
    }

    void anOpenedProblemIsSpokenInFull()
    {
        ProblemModel model;
        auto snapshot = *fixtures::lagging();
        auto shared = std::make_shared<facts::Shared>();
        shared->readAt = snapshot.takenAt;
        shared->readUtc = snapshot.takenUtc;
        shared->you = "oncall1";
        shared->whoMay = {"oncall1"};
        snapshot.shared = shared;
        model.showSnapshot(snapshot);
        const auto spoken = [&](int row) { return model.index(row, ProblemModel::What).data(Qt::AccessibleTextRole).toString().replace(QChar(0x202F), QLatin1Char(' ')); };
        const QString closed = spoken(0);
        QCOMPARE(closed, QString(model.rows().front().text.sentence).replace(QChar(0x202F), QLatin1Char(' ')));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setOpened(model.rows().front().id, snapshot);
        QCOMPARE(changed.size(), 1);
        const QString opened = spoken(0);
        for (const QString &part : {closed, model.rows().front().text.toDo, QStringLiteral("its slot reaches its limit at 06:34Z."), QStringLiteral("A switchover of u1 now would hold writes for about "),
                                    QStringLiteral(" Nobody yet."), QStringLiteral(" lag 8.62 s, limit 5.00 s, told by u1-us-west, ")})
            QVERIFY2(opened.contains(part), qPrintable(part + QStringLiteral(" is not in: ") + opened));
        QVERIFY(opened.endsWith(QLatin1Char('.')));
        // It stays so with the next snapshot, and only while it is opened.
        model.showSnapshot(snapshot);
        QCOMPARE(spoken(0), opened);
        QCOMPARE(spoken(1).contains(QStringLiteral("Nobody yet.")), false);
        model.setOpened({}, snapshot);
        QCOMPARE(spoken(0), closed);
        QVERIFY(model.rows().front().backlogs.isEmpty());
    }

    void theExportHasALineAProblem()
    {
        ProblemModel model;
        const auto snapshot = fixtures::incident();
        model.showSnapshot(*snapshot);
        const auto lines = model.asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), qsizetype(1 + snapshot->problems.size() + snapshot->ended.size()));
        QVERIFY(lines.at(1).startsWith(QStringLiteral("critical,primary_down,u1,")));
    }

    void clustersTellTheirWorstStandby()
    {
        ClusterModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.showSnapshot(*fixtures::lagging());
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.rows()[0].where, QStringLiteral("us-west"));
        QCOMPARE(model.rows()[0].worstLag.section(QChar(0x202F), 0, 0), QStringLiteral("8.62"));
        model.showSnapshot(*fixtures::incident());
        QCOMPARE(model.rows()[0].worstLag, QStringLiteral("not streaming"));
        model.showSnapshot(*fixtures::asking());
        QVERIFY(model.rows()[0].worstLag.startsWith(QStringLiteral("asking")) || model.rows()[0].worstLag == QString(QChar(0x2026)));
    }

    void standbysNeverReset()
    {
        StandbyModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        fixtures::Churn churn;
        for (int tick = 0; tick < fixtures::Churn::ticks; ++tick)
            model.showCluster(*churn.next(), base::ClusterName("m1"));
        QCOMPARE(reset.size(), 0);
        QCOMPARE(model.rowCount(), 2);
    }

    void theDirectionHasAnEnd()
    {
        const auto snapshot = fixtures::lagging();
        for (const auto &lag : snapshot->cluster(base::ClusterName("u1"))->standbys) {
            const auto backlog = backlogText(lag, snapshot->takenUtc);
            if (lag.standby == base::ServerId("u1-us-west")) {
                QVERIFY2(backlog.text.contains(QStringLiteral("limit at")), qPrintable(backlog.text));
                QVERIFY(backlog.warns);
            } else {
                QCOMPARE(backlog.text, QStringLiteral("steady"));
            }
        }
        auto catching = snapshot->cluster(base::ClusterName("u1"))->standbys.front();
        catching.state = facts::StandbyState::Streaming;
        catching.behind = base::Bytes{120 << 20};
        catching.backlogBytesPerSecond = -2.0 * (1 << 20);
        QVERIFY(backlogText(catching, snapshot->takenUtc).text.startsWith(QStringLiteral("caught up in about")));
    }

    void whatIsNotKnownIsExportedEmpty()
    {
        StandbyModel model;
        model.showCluster(*fixtures::partlyDown(), base::ClusterName("directory"));
        const int row = model.rowOf("directory-eu-west");
        QVERIFY(row >= 0);
        QVERIFY(!model.index(row, StandbyModel::Lag).data(RawRole).isValid());
        QCOMPARE(model.index(row, StandbyModel::Lag).data().toString(), QStringLiteral("unknown"));
        QVERIFY(model.index(row, StandbyModel::Lag).data(Qt::ToolTipRole).toString().contains(QStringLiteral("pg_monitor")));
    }
};

QTEST_GUILESS_MAIN(ListModelsTest)
#include "ListModelsTest.moc"
