// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/ShardsPage.h"

#include "ui/charts/HeatGrid.h"
#include "ui/charts/HeatGridLegend.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/models/ShardCells.h"
#include "ui/models/ShardClusterModel.h"
#include "ui/models/ShardModel.h"
#include "ui/pages/shards/FlowRow.h"
#include "ui/pages/shards/ShardGridArea.h"
#include "ui/pages/shards/ShardLine.h"
#include "ui/pages/shards/ShardTexts.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::ColourRole;

charts::HeatGrid *ShardsPage::grid() const
{
    return m_area->grid();
}

const fleet::Fleet &ShardsPage::fleet() const
{
    return m_snapshot ? *m_snapshot->fleet : *context().fleet;
}

void ShardsPage::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    const bool newFleet = !m_snapshot || m_snapshot->fleet != snapshot->fleet;
    m_snapshot = snapshot;
    if (newFleet)
        m_area->line()->setFleet(fleet());
    m_frame = std::make_shared<models::ShardFrame>(models::shardFrame(snapshot, m_frame.get()));
    if (isVisible())
        refresh();
}

void ShardsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
}

void ShardsPage::refresh()
{
    if (!m_snapshot)
        return;
    refreshPicture();
    m_clusterModel->setFrame(m_frame);
    m_clusterModel->setPartitions(m_choice.partitions);
    refreshTexts();
    refreshLine();
    if (m_showsTable)
        refreshTableRows();
    showRightPane();
    m_area->arrange();
}

void ShardsPage::refreshPicture()
{
    charts::HeatGrid *heat = grid();
    const bool keepOrder = heat->underMouse() || heat->hasFocus();
    heat->setPicture(m_heat.picture(*m_frame, m_choice, keepOrder));
    m_legend->setEntries(m_heat.legend(), m_heat.shown());
    // A restored view names steps before there is a legend to mark them in.
    if (m_legend->chosen() != m_choice.steps)
        m_legend->setChosen(m_choice.steps);
}

/// The table's rows follow only while it is seen, or asked for: a hidden one costs nothing.
void ShardsPage::refreshTableRows()
{
    const bool litChanged = *m_lit != m_heat.litEntries();
    *m_lit = m_heat.litEntries();
    const bool wasEmpty = m_model->rowCount() == 0;
    m_syncing = true;
    m_model->setFrame(m_frame);
    if (litChanged)
        m_model->applyFilter();
    m_syncing = false;
    if (wasEmpty && m_showsTable && !grid()->selection().empty())
        selectInTable();
}

void ShardsPage::refreshTexts()
{
    m_summary->setText(shardsSummary(*m_frame));
    const bool drifted = hasDrift(*m_frame);
    m_summary->setColour(drifted ? ColourRole::WarningText : ColourRole::Muted);
    m_summaryMark->setShape(drifted ? theme::Shape::Triangle : theme::Shape::None);
    m_summaryMark->setVisible(drifted);
    m_freshness->setText(shardsFreshness(*m_frame, m_choice.metric));
    m_freshness->setStale(isShardsStale(*m_frame, m_choice.metric));

    const charts::HeatScale *scale = m_heat.scale(m_choice.metric);
    m_pin->setVisible(scale && scale->isSet());
    m_pin->setText(scale && scale->isPinned() ? tr("Unpin scale") : tr("Pin scale"));
    QString note = metricNote(m_choice.metric);
    const auto justNow = base::seconds(60);
    if (!m_choice.find.isEmpty() || !m_choice.steps.empty())
        note = tr("%1 of %2 shown").arg(format::count(m_heat.lit()), format::count(m_heat.shown()));
    else if (scale && scale->changedAt() && m_snapshot->takenAt - *scale->changedAt() < justNow)
        note = tr("scale changed %1 ago").arg(format::age(std::chrono::duration_cast<base::microseconds>(m_snapshot->takenAt - *scale->changedAt())));
    m_note->setText(note);
    const bool isNews = note != metricNote(m_choice.metric);
    // What the metric means has its place only beside a legend in one row; what was changed or filtered always has.
    m_note->setVisible(isNews || m_legend->sizeHint().width() + theme::space::kS + m_note->sizeHint().width() <= width());
    m_area->setClustersTitle(m_choice.metric == ShardMetric::Lag ? tr("Lag belongs to the cluster; its shards share it") : tr("Clusters"), tr("replay lag at each standby"));
    if (m_frame->entries.empty())
        m_empty->setText(emptyText(*m_frame));
    grid()->setAccessibleName(tr("Heat grid: %1, %2 shards").arg(m_metrics->choices().at(int(m_choice.metric)), format::count(m_heat.shown())));
}

void ShardsPage::refreshLine()
{
    std::optional<facts::ShardKey> key;
    if (const auto id = grid()->hovered() ? grid()->hovered() : grid()->current())
        key = ShardHeat::keyOf(fleet(), *id);
    m_area->line()->show(*m_frame, key);
    // The cluster of the cell is the row that is lit in the table below.
    const int index = key ? m_frame->indexOf(*key) : -1;
    const models::ShardCluster *cluster = index < 0 ? nullptr : m_frame->clusterOf(m_frame->entries[std::size_t(index)]);
    const int row = cluster ? m_clusterModel->rowOf(cluster->name) : -1;
    if (row >= 0)
        m_area->clusters()->selectRow(row);
    else
        m_area->clusters()->clearSelection();
}

void ShardsPage::showRightPane()
{
    const bool isEmpty = m_frame->entries.empty();
    m_stack->setCurrentIndex(isEmpty ? 2 : m_showsTable ? 1 : 0);
    m_legend->setEnabled(!isEmpty);
    m_tableButton->setText(m_showsTable ? tr("Heat grid") : tr("Table"));
    m_newOrder->setVisible(m_showsTable && m_model->hasPendingOrder());
}

void ShardsPage::setMetric(ShardMetric metric)
{
    if (metric == m_choice.metric)
        return;
    m_choice.metric = metric;
    m_choice.steps.clear();
    m_legend->setChosen({});
    m_metrics->setCurrent(int(metric));
    refresh();
}

void ShardsPage::setArrangement(ShardArrangement arrangement)
{
    if (arrangement == m_choice.arrangement)
        return;
    m_choice.arrangement = arrangement;
    m_arrangements->setCurrent(int(arrangement));
    refresh();
}

void ShardsPage::choosePartition(int index)
{
    m_choice.partitions.clear();
    if (index < int(context().fleet->partitions.size()))
        m_choice.partitions.insert(context().fleet->partitions[std::size_t(index)].name);
    refresh();
}

void ShardsPage::focusFind()
{
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
}

/// Enter in the find field: the first thing found, with the keys in the grid or table.
void ShardsPage::goToFound()
{
    for (const charts::HeatCell &cell : grid()->picture().cells) {
        if (cell.isDim)
            continue;
        select(ShardHeat::keyOf(fleet(), cell.id));
        (m_showsTable ? static_cast<QWidget *>(m_table) : grid())->setFocus(Qt::OtherFocusReason);
        return;
    }
}

void ShardsPage::toggleTable()
{
    const bool hadFocus = grid()->hasFocus() || m_table->hasFocus();
    m_showsTable = !m_showsTable;
    if (m_showsTable) {
        refreshTableRows();
        selectInTable();
    }
    showRightPane();
    if (hadFocus)
        (m_showsTable ? static_cast<QWidget *>(m_table) : grid())->setFocus(Qt::OtherFocusReason);
    if (!m_showsTable && grid()->current())
        grid()->showCell(*grid()->current());
}

void ShardsPage::gridSelected()
{
    refreshLine();
    if (m_showsTable)
        selectInTable();
    Q_EMIT selectionChanged();
}

Subject ShardsPage::selection() const
{
    const auto id = grid()->current();
    return id ? Subject(ShardHeat::keyOf(fleet(), *id)) : Subject();
}

/// The grid's selection, in the table.
void ShardsPage::selectInTable()
{
    m_syncing = true;
    QItemSelection selection;
    for (const quint64 id : grid()->selection()) {
        const int row = m_model->rowOf(ShardHeat::keyOf(fleet(), id));
        if (row >= 0)
            selection.select(m_model->index(row, 0), m_model->index(row, models::ShardModel::ColumnCount - 1));
    }
    m_table->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    const int current = grid()->current() ? m_model->rowOf(ShardHeat::keyOf(fleet(), *grid()->current())) : -1;
    if (current >= 0) {
        m_table->selectionModel()->setCurrentIndex(m_model->index(current, 0), QItemSelectionModel::NoUpdate);
        m_table->scrollTo(m_model->index(current, 0));
    }
    m_syncing = false;
}

/// The table's selection, in the grid.
void ShardsPage::tableSelected()
{
    if (m_syncing)
        return;
    std::set<quint64> ids;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        ids.insert(ShardHeat::idOf(fleet(), m_model->keyAt(index.row())));
    std::optional<quint64> current;
    if (const QModelIndex index = m_table->currentIndex(); index.isValid())
        current = ShardHeat::idOf(fleet(), m_model->keyAt(index.row()));
    grid()->setSelection(ids, current);
    refreshLine();
    Q_EMIT selectionChanged();
}

void ShardsPage::clusterClicked(int row)
{
    select(m_clusterModel->nameAt(row));
}

bool ShardsPage::select(const Subject &subject)
{
    std::set<quint64> ids;
    std::optional<quint64> current;
    if (const auto *key = std::get_if<facts::ShardKey>(&subject)) {
        if (!fleet().partition(key->partition) || (!m_frame->entries.empty() && m_frame->indexOf(*key) < 0))
            return false;
        current = ShardHeat::idOf(fleet(), *key);
        ids = {*current};
    } else if (const auto *name = std::get_if<base::ClusterName>(&subject)) {
        for (const models::ShardEntry &entry : m_frame->entries) {
            const models::ShardCluster *cluster = m_frame->clusterOf(entry);
            if (cluster && cluster->name == *name)
                ids.insert(ShardHeat::idOf(fleet(), entry.key()));
        }
        if (ids.empty())
            return false;
        current = *ids.begin();
    } else {
        return false;
    }
    const base::PartitionName partition = ShardHeat::keyOf(fleet(), *current).partition;
    if (!m_choice.partitions.empty() && m_choice.partitions.count(partition) == 0)
        m_partitions->setCurrent(int(m_partitions->choices().size()) - 1);
    grid()->setSelection(ids, current);
    grid()->showCell(*current);
    if (m_showsTable)
        selectInTable();
    refreshLine();
    return true;
}

void ShardsPage::openCurrent(quint64 id)
{
    const int index = m_frame->indexOf(ShardHeat::keyOf(fleet(), id));
    const models::ShardCluster *cluster = index < 0 ? nullptr : m_frame->clusterOf(m_frame->entries[std::size_t(index)]);
    if (cluster)
        Q_EMIT openRequested(QStringLiteral("replication"), cluster->name);
}

std::vector<facts::ShardKey> ShardsPage::selectedKeys() const
{
    std::vector<facts::ShardKey> keys;
    for (const quint64 id : grid()->selection())
        keys.push_back(ShardHeat::keyOf(fleet(), id));
    if (m_showsTable) {
        std::stable_sort(keys.begin(), keys.end(), [this](const facts::ShardKey &a, const facts::ShardKey &b) { return m_model->rowOf(a) < m_model->rowOf(b); });
    }
    return keys;
}

void ShardsPage::copyRows()
{
    const auto keys = selectedKeys();
    if (keys.empty())
        return;
    m_model->setFrame(m_frame);
    QGuiApplication::clipboard()->setText(m_model->asCsv(keys));
}

QString ShardsPage::asCsv() const
{
    if (!m_snapshot || m_frame->entries.empty())
        return {};
    const_cast<ShardsPage *>(this)->refreshTableRows();
    return m_model->asCsv();
}

bool ShardsPage::hasLiveData() const
{
    if (m_snapshot && m_snapshot->shardMap && m_frame->entries.empty())
        return !m_snapshot->shardMap->observedReadAt.empty(); // catalogs without a shard are an answer, too
    return m_snapshot
        && std::any_of(m_frame->clusters.begin(), m_frame->clusters.end(), [](const models::ShardCluster &c) { return c.catalogReadAt && (c.lagLevel || c.whyNoLag.why != facts::WhyUnknown::NotAskedYet); });
}

void ShardsPage::showMenu(const QPoint &global)
{
    const auto id = grid()->current();
    const int index = id ? m_frame->indexOf(ShardHeat::keyOf(fleet(), *id)) : -1;
    if (index < 0)
        return;
    const models::ShardCluster *cluster = m_frame->clusterOf(m_frame->entries[std::size_t(index)]);
    QMenu menu(this);
    if (cluster) {
        const QString name = format::text(cluster->name.text());
        menu.addAction(tr("Open %1 in Replication").arg(name), this, [this, id] { openCurrent(*id); });
        menu.addAction(tr("Select all shards of %1").arg(name), this, [this, wanted = cluster->name] { select(wanted); });
        menu.addSeparator();
    }
    menu.addAction(tr("Copy rows"), this, &ShardsPage::copyRows);
    if (m_showsTable) {
        QMenu *orders = menu.addMenu(tr("Order by"));
        for (int column = 0; column < m_model->columnCount(); ++column) {
            if (m_table->isColumnHidden(column))
                continue;
            orders->addAction(m_model->headerData(column, Qt::Horizontal).toString(), this, [this, column] {
                const auto *header = m_table->horizontalHeader();
                const bool again = header->sortIndicatorSection() == column && header->sortIndicatorOrder() == Qt::AscendingOrder;
                m_table->sortByColumn(column, again ? Qt::DescendingOrder : Qt::AscendingOrder);
            });
        }
    }
    menu.addAction(m_showsTable ? tr("Show as heat grid") : tr("Show as table"), this, &ShardsPage::toggleTable);
    menu.exec(global);
}

/// Rows keep their places while the pointer is over them or one has focus; Ctrl+C copies rows there too.
bool ShardsPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport() || watched == m_table) {
        const auto type = event->type();
        if (type == QEvent::Enter || type == QEvent::Leave || type == QEvent::FocusIn || type == QEvent::FocusOut)
            m_model->setOrderHeld((m_table->viewport()->underMouse() && type != QEvent::Leave) || (m_table->hasFocus() && type != QEvent::FocusOut));
        if (type == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
            copyRows();
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

} // namespace shardlens::ui::pages

#include "moc_ShardsPage.cpp"
