// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyTableModel.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"

namespace shardlens::ui::charts {

namespace {

QString stateOf(const TopologyNode &node)
{
    switch (node.state) {
    case NodeState::Asking: return node.silentFor ? TopologyTableModel::tr("asking, %1").arg(format::age(*node.silentFor)) : TopologyTableModel::tr("asking");
    case NodeState::Fresh: return TopologyTableModel::tr("fresh");
    case NodeState::Stale: return TopologyTableModel::tr("old");
    case NodeState::Unknown: return format::unknownText(node.why);
    case NodeState::Down: return node.silentFor ? TopologyTableModel::tr("down %1").arg(format::age(*node.silentFor)) : TopologyTableModel::tr("down");
    }
    return {};
}

QString detailOf(const TopologyNode &node)
{
    switch (node.role) {
    case NodeRole::Router:
        return TopologyTableModel::tr("%1 of %2 right, %3 waiting")
            .arg(node.targetsRight)
            .arg(node.targets)
            .arg(format::valueOr(node.waiting, [](std::int32_t n) { return format::count(n); }));
    case NodeRole::Pool:
        return TopologyTableModel::tr("%1 of %2 answer, hit rate %3").arg(node.answering).arg(node.declared).arg(format::valueOr(node.hitRatio, format::hitRate));
    case NodeRole::Standby:
    case NodeRole::Replica:
        if (!node.lag || node.lag->upstream.isEmpty())
            return {};
        return TopologyTableModel::tr("receives from %1").arg(format::text(node.lag->upstream.text()));
    default: return {};
    }
}

} // namespace

void TopologyTableModel::showGraph(const TopologyGraph &graph, const TopologyText &text)
{
    std::vector<TopologyTableRow> next;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const auto &node = graph.nodes[i];
        const auto &card = text.cards[i];
        const auto row = static_cast<std::size_t>(node.row);
        const auto column = static_cast<std::size_t>(node.column);
        next.push_back({std::to_string(node.row) + "/" + std::to_string(node.column) + "/" + node.name, node, text.columns[column], text.rowNames[row], stateOf(node),
                        node.role == NodeRole::Pool ? tr("pool") : node.role == NodeRole::Router ? tr("router") : card.role});
    }
    assign(std::move(next));
}

QString TopologyTableModel::shown(const TopologyTableRow &row, int column)
{
    const auto &node = row.node;
    const QString none(QLatin1Char('-'));
    switch (column) {
    case Name: return format::text(node.name);
    case Part: return row.part;
    case Region: return row.region;
    case Role: return row.role;
    case State: return row.state;
    case PerSecond: return node.perSecond ? format::rate(*node.perSecond) : none;
    case LagTime: return node.lag ? format::valueOr(node.lag->time, [&](base::microseconds time) { return format::lagWithin(time, (*node.lag).resolution); }) : none;
    case LagBytes: return node.lag ? format::valueOr(node.lag->behind, format::bytes) : none;
    case Detail: return detailOf(node);
    case Age: return node.age ? format::age(*node.age) : none;
    default: return {};
    }
}

QVariant TopologyTableModel::raw(const TopologyTableRow &row, int column)
{
    const auto &node = row.node;
    const auto seconds = [](facts::microseconds value) { return QVariant(std::chrono::duration<double>(value).count()); };
    switch (column) {
    case PerSecond: return node.perSecond ? QVariant(*node.perSecond) : QVariant();
    case LagTime: return node.lag && node.lag->time ? seconds(*node.lag->time) : QVariant();
    case LagBytes: return node.lag && node.lag->behind ? QVariant(static_cast<qlonglong>(node.lag->behind->count)) : QVariant();
    case Age: return node.age ? seconds(*node.age) : QVariant();
    default: return shown(row, column);
    }
}

QVariant TopologyTableModel::data(const QModelIndex &index, int role) const
{
    const auto *row = rowAt(index);
    if (!row)
        return {};
    const bool isNumber = index.column() == PerSecond || index.column() == LagTime || index.column() == LagBytes || index.column() == Age;
    const bool isOld = row->node.state == NodeState::Stale || row->node.state == NodeState::Down;
    switch (role) {
    case Qt::DisplayRole: return shown(*row, index.column());
    case models::RawRole: return raw(*row, index.column());
    case Qt::TextAlignmentRole: return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case models::StaleRole: return isOld && isNumber && index.column() != Age;
    case models::ColourRoleRole:
        if (row->node.severity && index.column() == State)
            return static_cast<int>(theme::coloursOf(*row->node.severity).text);
        return static_cast<int>(isOld || row->node.state == NodeState::Asking ? theme::ColourRole::Muted : theme::ColourRole::Text);
    case models::ShapeRole:
        if (index.column() != Name)
            return {};
        if (row->node.severity)
            return static_cast<int>(theme::shapeOf(*row->node.severity));
        switch (row->node.state) {
        case NodeState::Asking: return static_cast<int>(theme::Shape::Ellipsis);
        case NodeState::Stale: return static_cast<int>(theme::Shape::Clock);
        case NodeState::Unknown: return static_cast<int>(theme::Shape::DashedRing);
        case NodeState::Down: return static_cast<int>(theme::Shape::Triangle);
        case NodeState::Fresh: return static_cast<int>(theme::Shape::Dot);
        }
        return {};
    default: return {};
    }
}

QVariant TopologyTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool isNumber = section == PerSecond || section == LagTime || section == LagBytes || section == Age;
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Part: return tr("Part of");
    case Region: return tr("Region");
    case Role: return tr("Role");
    case State: return tr("State");
    case PerSecond: return tr("Rate, /s");
    case LagTime: return tr("Lag, s");
    case LagBytes: return tr("Behind, bytes");
    case Detail: return tr("Detail");
    case Age: return tr("Read, s ago");
    default: return {};
    }
}

} // namespace shardlens::ui::charts

#include "moc_TopologyTableModel.cpp"
