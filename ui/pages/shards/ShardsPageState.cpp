// SPDX-License-Identifier: GPL-3.0-or-later
// What of the shards page goes into a view link and the restored session.
#include "ui/pages/shards/ShardsPage.h"

#include "ui/charts/HeatGrid.h"
#include "ui/charts/HeatGridLegend.h"
#include "ui/format/Words.h"
#include "ui/models/ShardModel.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QStringList>
#include <QTableView>

namespace shardlens::ui::pages {

namespace {

/// A link stays short: of a larger selection only the current cell is carried.
constexpr std::size_t kMostSelected = 64;

QString keyText(const facts::ShardKey &key)
{
    return format::text(key.partition.text()) + QLatin1Char('/') + QString::number(key.number.value);
}

std::optional<facts::ShardKey> keyFrom(const QString &text, const fleet::Fleet &fleet)
{
    const auto slash = text.lastIndexOf(QLatin1Char('/'));
    bool isNumber = false;
    const std::uint32_t number = text.mid(slash + 1).toUInt(&isNumber);
    const base::PartitionName partition(text.left(slash).toStdString());
    if (slash < 1 || !isNumber || !fleet.partition(partition))
        return std::nullopt;
    return facts::ShardKey{partition, {number}};
}

} // namespace

QVariantMap ShardsPage::viewState() const
{
    QVariantMap state;
    state[QStringLiteral("metric")] = shardMetricId(m_choice.metric);
    state[QStringLiteral("order")] = shardArrangementId(m_choice.arrangement);
    if (m_choice.partitions.size() == 1)
        state[QStringLiteral("partition")] = format::text(m_choice.partitions.begin()->text());
    if (!m_choice.find.isEmpty())
        state[QStringLiteral("find")] = m_choice.find;
    QStringList steps;
    for (const int step : m_choice.steps)
        steps << QString::number(step);
    if (!steps.isEmpty())
        state[QStringLiteral("steps")] = steps.join(QLatin1Char(','));
    if (m_showsTable) {
        state[QStringLiteral("table")] = true;
        state[QStringLiteral("sort")] = QString::number(m_model->sortColumn()) + (m_model->sortOrder() == Qt::AscendingOrder ? QLatin1Char('+') : QLatin1Char('-'));
    }
    if (grid()->zoomedPitch() > 0)
        state[QStringLiteral("pitch")] = grid()->zoomedPitch();
    const charts::HeatScale *scale = m_heat.scale(m_choice.metric);
    if (scale && scale->isPinned()) {
        QStringList edges;
        for (const double edge : scale->edges())
            edges << QString::number(edge, 'g', 12);
        state[QStringLiteral("edges")] = edges.join(QLatin1Char(','));
    }
    QStringList selected;
    if (grid()->current())
        selected << keyText(ShardHeat::keyOf(fleet(), *grid()->current()));
    for (const quint64 id : grid()->selection()) {
        if (id != grid()->current() && grid()->selection().size() <= kMostSelected)
            selected << keyText(ShardHeat::keyOf(fleet(), id));
    }
    if (!selected.isEmpty())
        state[QStringLiteral("selected")] = selected.join(QLatin1Char(','));
    return state;
}

void ShardsPage::restoreViewState(const QVariantMap &state)
{
    const QString metric = state.value(QStringLiteral("metric")).toString();
    for (int i = 0; i < kShardMetrics; ++i) {
        if (shardMetricId(ShardMetric(i)) == metric)
            setMetric(ShardMetric(i));
    }
    const QString order = state.value(QStringLiteral("order")).toString();
    for (int i = 0; i < 3; ++i) {
        if (shardArrangementId(ShardArrangement(i)) == order)
            setArrangement(ShardArrangement(i));
    }
    const int partition = int(m_partitions->choices().indexOf(state.value(QStringLiteral("partition")).toString()));
    m_partitions->setCurrent(partition >= 0 ? partition : int(m_partitions->choices().size()) - 1);
    m_find->setText(state.value(QStringLiteral("find")).toString());

    const QStringList edges = state.value(QStringLiteral("edges")).toString().split(QLatin1Char(','), Qt::SkipEmptyParts);
    charts::HeatScale *scale = m_heat.scale(m_choice.metric);
    if (scale && edges.size() == int(charts::HeatScale::kSteps) + 1) {
        charts::HeatScale::Edges values{};
        for (int i = 0; i < edges.size(); ++i)
            values[std::size_t(i)] = edges[i].toDouble();
        if (std::is_sorted(values.begin(), values.end()))
            scale->pinTo(values);
    }
    // The legend's entries exist once a snapshot has been shown.
    refresh();
    std::set<int> steps;
    for (const QString &step : state.value(QStringLiteral("steps")).toString().split(QLatin1Char(','), Qt::SkipEmptyParts))
        steps.insert(step.toInt());
    m_choice.steps = steps;
    m_legend->setChosen(steps);
    grid()->setZoomedPitch(state.value(QStringLiteral("pitch"), 0).toInt());

    std::set<quint64> ids;
    std::optional<quint64> current;
    for (const QString &text : state.value(QStringLiteral("selected")).toString().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const auto key = keyFrom(text, fleet())) {
            ids.insert(ShardHeat::idOf(fleet(), *key));
            current = current.value_or(ShardHeat::idOf(fleet(), *key));
        }
    }
    grid()->setSelection(ids, current);
    if (state.value(QStringLiteral("table")).toBool() != m_showsTable)
        toggleTable();
    const QString sort = state.value(QStringLiteral("sort")).toString();
    if (sort.size() >= 2)
        m_table->sortByColumn(sort.chopped(1).toInt(), sort.endsWith(QLatin1Char('-')) ? Qt::DescendingOrder : Qt::AscendingOrder);
    refresh();
}

} // namespace shardlens::ui::pages
