// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Snapshots.h"
#include "tests/ui/Warnings.h"
#include "ui/models/ShardCells.h"
#include "ui/models/ShardClusterModel.h"
#include "ui/models/ShardModel.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::ui::models;
using Tester = QAbstractItemModelTester;

namespace {

std::shared_ptr<const ShardFrame> frameOf(const facts::SnapshotPtr &snapshot, const ShardFrame *before = nullptr)
{
    return std::make_shared<ShardFrame>(shardFrame(snapshot, before));
}

/// A copy of a snapshot with another shard map.
facts::SnapshotPtr withMap(const facts::SnapshotPtr &snapshot, const std::function<void(facts::ShardMap &)> &change)
{
    auto map = std::make_shared<facts::ShardMap>(*snapshot->shardMap);
    change(*map);
    ++map->version;
    auto copy = std::make_shared<facts::Snapshot>(*snapshot);
    copy->shardMap = map;
    return copy;
}

QString dump(const QAbstractItemModel &model, int firstRow, int rows, const QList<int> &columns)
{
    QString text;
    for (int row = firstRow; row < std::min(firstRow + rows, model.rowCount()); ++row) {
        QStringList cells;
        for (const int column : columns) {
            QString cell = model.index(row, column).data().toString();
            cell.replace(QChar(0x202F), QLatin1Char(' '));
            if (model.index(row, column).data(StaleRole).toBool())
                cell += QLatin1String(" (old)");
            cells << cell;
        }
        text += cells.join(QLatin1String(" | ")) + QLatin1Char('\n');
    }
    return text;
}

QString dumpAll(const QAbstractItemModel &model)
{
    QList<int> columns;
    for (int column = 0; column < model.columnCount(); ++column)
        columns << column;
    return dump(model, 0, model.rowCount(), columns);
}

} // namespace

class TestShardModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }

    void rowsSayWhatIsKnown();
    void driftIsNamed();
    void unknownIsAReasonNeverZero();
    void aClusterThatWasNeverReadAndIsSilentIsTheReason();
    void whatAStandbyToldIsSaid();
    void lagIsTheClusters();
    void selectionStaysThroughChurn();
    void churnMovesRowsWithoutReset();
    void rowsComeAndGo();
    void heldOrderWaits();
    void scatteredFilterIsOneRemoval();
    void onlyChangedRowsAreTold();
    void sortPutsUnknownLast();
    void csvHasRawNumbers();
    void clustersShareTheirReason();
};

void TestShardModels::rowsSayWhatIsKnown()
{
    ShardModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setFrame(frameOf(fixtures::lagging()));
    QCOMPARE(model.rowCount(), 2048);
    const int row = model.rowOf({base::PartitionName("media"), {841}});
    using C = ShardModel;
    QCOMPARE(dump(model, row, 1, {C::Schema, C::Partition, C::Cluster, C::Declared, C::DriftState, C::Size, C::Rows, C::Writes, C::Lag, C::ProblemState}),
             QStringLiteral("insta841 | media | m2 | m2 | agrees | 8.58 MiB | 39,548 | 2.4 /s | 12.4 s | warning\n"));
    QCOMPARE(model.index(row, C::Lag).data(LevelRole).toInt(), 4);
    QCOMPARE(model.index(row, C::Size).data(RawRole).toDouble() > 8e6, true);
    QCOMPARE(model.rowOf({base::PartitionName("media"), {99999}}), -1);
}

void TestShardModels::driftIsNamed()
{
    const auto frame = frameOf(fixtures::drifted());
    QStringList texts;
    for (const ShardEntry &entry : frame->entries) {
        if (entry.hasOwnProblem)
            texts << QStringLiteral("%1 %2").arg(entry.key().number.value).arg(driftText(*entry.shard));
        QCOMPARE(entry.hasOwnProblem, entry.problem.has_value());
    }
    texts.sort();
    QCOMPARE(texts.size(), 5);
    QCOMPARE(texts.filter(QStringLiteral("missing")).size(), 1);
    QCOMPARE(texts.filter(QStringLiteral("on two clusters")).size(), 1);
    QCOMPARE(texts.filter(QStringLiteral("on another cluster")).size(), 2);
    QCOMPARE(texts.filter(QStringLiteral("not declared")).size(), 1);
}

void TestShardModels::aClusterThatWasNeverReadAndIsSilentIsTheReason()
{
    const auto unread = [](facts::ShardMap &map) {
        map.observedReadAt.erase(base::ClusterName("u1"));
        map.shards.erase(map.shards.begin(), std::find_if(map.shards.begin(), map.shards.end(), [](const facts::Shard &shard) { return shard.cluster() == base::ClusterName("u1"); }));
        map.shards.front().size = facts::notAsked<base::Bytes>();
    };
    ShardModel model;
    model.setFrame(frameOf(withMap(fixtures::incident(), unread)));
    const int row = model.rowOf(withMap(fixtures::incident(), unread)->shardMap->shards.front().key);
    QCOMPARE(model.index(row, ShardModel::Size).data().toString(), QString(QChar(0x2026))); // its standbys answer
    model.setFrame(frameOf(withMap(fixtures::allDown(), unread)));
    QCOMPARE(model.index(row, ShardModel::Size).data().toString(), QStringLiteral("u1 does not answer"));
    QCOMPARE(model.index(row, ShardModel::Read).data().toString(), QStringLiteral("u1 does not answer"));
}

void TestShardModels::whatAStandbyToldIsSaid()
{
    ShardModel model;
    model.setFrame(frameOf(withMap(fixtures::well(), [](facts::ShardMap &map) { map.readOnStandby[base::ClusterName("u1")] = base::ServerId("u1-us-west"); })));
    for (int row = 0; row < model.rowCount(); row += 100) {
        const bool isOnU1 = model.index(row, ShardModel::Cluster).data().toString() == QStringLiteral("u1");
        QCOMPARE(model.index(row, ShardModel::Read).data(Qt::ToolTipRole).toString(), isOnU1 ? QStringLiteral("As the standby u1-us-west tells: no primary answered") : QString());
    }
}

void TestShardModels::unknownIsAReasonNeverZero()
{
    const auto snapshot = withMap(fixtures::well(), [](facts::ShardMap &map) {
        map.shards[7].size = facts::unknown(facts::WhyUnknown::NotAnalysed);
        map.shards[7].rows = facts::unknown(facts::WhyUnknown::NoRights, "pg_monitor");
        map.shards[7].writesPerSecond = facts::unknown(facts::WhyUnknown::Reset);
        map.shards[7].growthPerDay = facts::notAsked<double>();
        map.shards[7].declared = facts::unknown(facts::WhyUnknown::NotConfigured, "directory");
        map.shards[7].drift = facts::Drift::NotKnown;
    });
    ShardModel model;
    model.setFrame(frameOf(snapshot));
    const int row = model.rowOf(snapshot->shardMap->shards[7].key);
    using C = ShardModel;
    QCOMPARE(dump(model, row, 1, {C::Declared, C::DriftState, C::Size, C::Rows, C::Writes, C::Growth}),
             QStringLiteral("no directory in the fleet file | not known | never analysed | needs pg_monitor | counting began anew | %1\n").arg(QChar(0x2026)));
    QVERIFY(!model.index(row, C::Size).data(RawRole).isValid());
    QCOMPARE(model.index(row, C::Size).data(Qt::ToolTipRole).toString(), QStringLiteral("unknown: never analysed"));
    QVERIFY(model.index(row, C::Size).data(UnknownRole).toBool());
}

void TestShardModels::lagIsTheClusters()
{
    const auto frame = frameOf(fixtures::lagging());
    const ShardCluster *m2 = frame->cluster(base::ClusterName("m2"));
    QVERIFY(m2);
    QCOMPARE(m2->lagLevel.value_or(0), 4);
    QCOMPARE(m2->worstRegion.text(), std::string("us-west"));
    QCOMPARE(m2->shards, 512);
    for (const ShardEntry &entry : frame->entries) {
        if (frame->clusterOf(entry) == m2)
            QCOMPARE(int(entry.problem.value_or(facts::Severity::Unknown)), int(facts::Severity::Warning));
    }
    // A low level beside one that is not known is not well.
    auto copy = std::make_shared<facts::Snapshot>(*fixtures::well());
    facts::StandbyLag &first = copy->clusters.front().standbys.front();
    first.time = facts::unknown(facts::WhyUnknown::ServerSilent, first.standby.text());
    first.behind = facts::unknown(facts::WhyUnknown::ServerSilent, first.standby.text());
    const auto other = frameOf(copy);
    QVERIFY(!other->clusters.front().lagLevel);
    QCOMPARE(int(other->clusters.front().whyNoLag.why), int(facts::WhyUnknown::ServerSilent));
    QCOMPARE(lagText(other->clusters.front()), QString());
}

void TestShardModels::selectionStaysThroughChurn()
{
    ShardModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    QItemSelectionModel selection(&model);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    fixtures::Churn churn;
    auto frame = frameOf(churn.next());
    model.setFrame(frame);
    model.sort(ShardModel::Lag, Qt::DescendingOrder);
    const facts::ShardKey keys[] = {{base::PartitionName("users"), {12}}, {base::PartitionName("media"), {841}}, {base::PartitionName("users"), {1023}}};
    for (const facts::ShardKey &key : keys)
        selection.select(model.index(model.rowOf(key), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    selection.setCurrentIndex(model.index(model.rowOf(keys[1]), 0), QItemSelectionModel::NoUpdate);
    for (int tick = 1; tick < fixtures::Churn::ticks; ++tick) {
        frame = frameOf(churn.next(), frame.get());
        model.setFrame(frame);
        QCOMPARE(selection.selectedRows().size(), 3);
        for (const facts::ShardKey &key : keys)
            QVERIFY(selection.isRowSelected(model.rowOf(key), {}));
        QVERIFY(model.keyAt(selection.currentIndex().row()) == keys[1]);
    }
    QCOMPARE(resets.count(), 0);
}

void TestShardModels::churnMovesRowsWithoutReset()
{
    ShardModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const auto snapshot = fixtures::well();
    model.setFrame(frameOf(snapshot));
    model.sort(ShardModel::Size, Qt::DescendingOrder);
    QSignalSpy moved(&model, &QAbstractItemModel::layoutChanged);
    const facts::ShardKey key{base::PartitionName("users"), {5}};
    const QPersistentModelIndex kept = model.index(model.rowOf(key), 0);
    model.setFrame(frameOf(withMap(snapshot, [&](facts::ShardMap &map) {
        for (facts::Shard &shard : map.shards) {
            if (shard.key == key)
                shard.size = base::Bytes{1LL << 40};
        }
    })));
    QCOMPARE(moved.count(), 1);
    QCOMPARE(model.rowOf(key), 0);
    QCOMPARE(kept.row(), 0);
}

void TestShardModels::rowsComeAndGo()
{
    ShardModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const auto snapshot = fixtures::well();
    const auto all = frameOf(snapshot);
    model.setFrame(all);
    const QString before = dumpAll(model);
    const facts::ShardKey key{base::PartitionName("users"), {700}};
    const QPersistentModelIndex kept = model.index(model.rowOf(key), 0);
    model.setFrame(frameOf(withMap(snapshot, [](facts::ShardMap &map) {
        std::erase_if(map.shards, [](const facts::Shard &shard) { return shard.key.number.value % 3 == 0; });
    })));
    QCOMPARE(model.rowCount(), 2 * (1024 - 342));
    QVERIFY(model.keyAt(kept.row()) == key);
    model.setFrame(frameOf(fixtures::asking()));
    QCOMPARE(model.rowCount(), 0);
    model.setFrame(all);
    QCOMPARE(dumpAll(model), before);
}

void TestShardModels::heldOrderWaits()
{
    ShardModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const auto snapshot = fixtures::well();
    model.setFrame(frameOf(snapshot));
    model.sort(ShardModel::Size, Qt::AscendingOrder);
    const facts::ShardKey first = model.keyAt(0);
    QSignalSpy pending(&model, &ShardModel::orderPendingChanged);
    model.setOrderHeld(true);
    model.setFrame(frameOf(withMap(snapshot, [&](facts::ShardMap &map) {
        for (facts::Shard &shard : map.shards) {
            if (shard.key == first)
                shard.size = base::Bytes{1LL << 40};
        }
    })));
    QVERIFY2(model.keyAt(0) == first, "nothing moves under the pointer");
    QVERIFY(model.hasPendingOrder());
    QCOMPARE(pending.count(), 1);
    model.setOrderHeld(false);
    QCOMPARE(model.rowOf(first), model.rowCount() - 1);
    QVERIFY(!model.hasPendingOrder());
}

void TestShardModels::scatteredFilterIsOneRemoval()
{
    ShardModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setFrame(frameOf(fixtures::well()));
    const QPersistentModelIndex kept = model.index(model.rowOf({base::PartitionName("users"), {40}}), 0);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    model.setFilter([](const ShardFrame &, const ShardEntry &entry) { return entry.key().number.value % 2 == 0; });
    QCOMPARE(removed.count(), 1);
    QCOMPARE(model.rowCount(), 1024);
    QCOMPARE(model.keyAt(kept.row()).number.value, 40U);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 2048);
    QCOMPARE(model.keyAt(1).number.value, 1U);
}

void TestShardModels::onlyChangedRowsAreTold()
{
    ShardModel model;
    const auto snapshot = fixtures::well();
    const auto frame = frameOf(snapshot);
    model.setFrame(frame);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setFrame(frameOf(withMap(snapshot, [](facts::ShardMap &map) { map.shards[9].rows = 1; }), frame.get()));
    // The row, and the ages of all.
    QCOMPARE(changed.count(), 2);
    QCOMPARE(changed[0][0].toModelIndex().row(), changed[0][1].toModelIndex().row());
    QCOMPARE(changed[1][0].toModelIndex().column(), int(ShardModel::Read));
}

void TestShardModels::sortPutsUnknownLast()
{
    ShardModel model;
    const auto snapshot = withMap(fixtures::well(), [](facts::ShardMap &map) { map.shards[3].size = facts::unknown(facts::WhyUnknown::NotAnalysed); });
    model.setFrame(frameOf(snapshot));
    for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        model.sort(ShardModel::Size, order);
        QVERIFY(model.keyAt(model.rowCount() - 1) == snapshot->shardMap->shards[3].key);
        const double first = model.index(0, ShardModel::Size).data(RawRole).toDouble();
        const double second = model.index(1000, ShardModel::Size).data(RawRole).toDouble();
        QVERIFY(order == Qt::AscendingOrder ? first < second : first > second);
    }
}

void TestShardModels::csvHasRawNumbers()
{
    ShardModel model;
    const auto snapshot = fixtures::lagging();
    model.setFrame(frameOf(snapshot));
    const facts::ShardKey key{base::PartitionName("media"), {841}};
    const QStringList lines = model.asCsv({key}).split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    const QStringList heads = lines[0].split(QLatin1Char(','));
    const QStringList fields = lines[1].split(QLatin1Char(','));
    QCOMPARE(fields.size(), heads.size());
    QCOMPARE(fields.mid(0, 6).join(QLatin1Char(' ')), QStringLiteral("media 841 insta841 m2 m2 none"));
    QCOMPARE(fields[heads.indexOf(QStringLiteral("size_bytes_about"))].toLongLong(), snapshot->shardMap->find(key)->size->count);
    QVERIFY(std::abs(fields[heads.indexOf(QStringLiteral("cluster_lag_seconds"))].toDouble() - 12.4) < 0.001);
    QVERIFY(fields[heads.indexOf(QStringLiteral("catalog_read_at"))].startsWith(QStringLiteral("2026-11-21T")));
    QVERIFY(fields[heads.indexOf(QStringLiteral("catalog_read_at"))].endsWith(QLatin1Char('Z')));
    QCOMPARE(model.asCsv().count(QStringLiteral("\r\n")), 2049);
}

void TestShardModels::clustersShareTheirReason()
{
    ShardClusterModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setFrame(frameOf(fixtures::lagging()));
    QCOMPARE(dump(model, 0, 4, {0, 1, 2, 5, 6, 7, 8}), QStringLiteral("u1 | u1-us-east | 512 | primary | 8.62 s | 0.05 s | us-west falls behind by 2.10 MiB/s\n"
                                                                     "u2 | u2-eu-west | 512 | 0.05 s | 0.08 s | primary | -\n"
                                                                     "m1 | m1-us-east | 512 | primary | 0.04 s | 0.05 s | -\n"
                                                                     "m2 | m2-eu-west | 512 | 0.05 s | 12.4 s | primary | replay paused on us-west\n"));
    model.setPartitions({base::PartitionName("media")});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.rowOf(base::ClusterName("u1")), -1);
    fixtures::Churn churn;
    for (int tick = 0; tick < 20; ++tick)
        model.setFrame(frameOf(churn.next()));
    QCOMPARE(model.rowCount(), 2);
}

QTEST_MAIN(TestShardModels)
#include "test_shard_models.moc"
