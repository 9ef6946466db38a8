// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/FactTableModel.h"

#include "ui/models/Csv.h"

namespace shardlens::ui::models {

namespace {

using State = format::FormattedFact::State;

bool isOld(const FactCell &cell)
{
    return cell.state == State::Stale || cell.state == State::Down;
}

Qt::Alignment alignmentOf(const FactColumn &column)
{
    return (column.holds == FactColumn::Holds::Number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

/// A screen reader hears what the cell is, not only its number.
QString spoken(const FactColumn &column, const FactCell &cell)
{
    const bool tipTells = cell.text.isEmpty() || (cell.state == State::NotApplicable && !cell.tip.isEmpty());
    const QString text = tipTells ? cell.tip : cell.text;
    const QString aged = isOld(cell) && !cell.tip.isEmpty() ? text + QStringLiteral(", ") + cell.tip : text;
    return column.title.isEmpty() ? aged : column.title + QStringLiteral(" ") + aged;
}

} // namespace

FactCell cellOf(const format::FormattedFact &fact, const QVariant &raw)
{
    FactCell cell;
    cell.text = fact.text;
    cell.tip = fact.detail;
    cell.role = fact.role;
    cell.state = fact.state;
    if (fact.state == State::Unknown)
        cell.brief = FactTableModel::tr("unknown");
    else if (fact.state == State::Asking)
        cell.brief = QString(QChar(0x2026));
    if (fact.state == State::Fresh || isOld(cell))
        cell.raw = raw;
    return cell;
}

FactCell noneCell(const QString &why)
{
    FactCell cell = cellOf(format::notApplicable());
    cell.tip = why;
    return cell;
}

FactCell nameCell(const QString &text, theme::Shape shape)
{
    FactCell cell;
    cell.text = text;
    cell.raw = text;
    cell.shape = shape;
    return cell;
}

int FactTableModel::columnOf(const QString &key) const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        if (m_columns[i].key == key)
            return static_cast<int>(i);
    return -1;
}

void FactTableModel::setTitle(int column, const QString &title)
{
    QString &shown = m_columns[static_cast<std::size_t>(column)].title;
    if (shown == title)
        return;
    shown = title;
    Q_EMIT headerDataChanged(Qt::Horizontal, column, column);
}

QVariant FactTableModel::data(const QModelIndex &index, int role) const
{
    const FactRow *row = rowAt(index);
    const auto at = static_cast<std::size_t>(index.column());
    if (!row || at >= row->cells.size() || at >= m_columns.size())
        return {};
    const FactCell &cell = row->cells[at];
    switch (role) {
    case Qt::DisplayRole: return cell.text;
    case Qt::ToolTipRole: return cell.tip.isEmpty() ? QVariant() : QVariant(cell.tip);
    case Qt::AccessibleTextRole: return spoken(m_columns[at], cell);
    case Qt::TextAlignmentRole: return QVariant::fromValue(alignmentOf(m_columns[at]));
    case RawRole: return cell.raw;
    case BriefRole: return cell.brief.isEmpty() ? QVariant() : QVariant(cell.brief);
    case ColourRoleRole: return static_cast<int>(cell.role);
    case ShapeRole: return cell.shape == theme::Shape::None ? QVariant() : QVariant(static_cast<int>(cell.shape));
    case StaleRole: return isOld(cell);
    case UnknownRole: return cell.state == State::Unknown;
    case LineRole: return cell.line ? QVariant::fromValue(*cell.line) : QVariant();
    default: return {};
    }
}

QVariant FactTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const FactColumn &column = m_columns[static_cast<std::size_t>(section)];
    switch (role) {
    case Qt::DisplayRole: return column.title;
    case Qt::ToolTipRole: return column.tip.isEmpty() ? QVariant() : QVariant(column.tip);
    case Qt::TextAlignmentRole: return QVariant::fromValue(alignmentOf(column));
    default: return {};
    }
}

QString FactTableModel::asCsv(const QString &at) const
{
    QStringList header{QStringLiteral("at")};
    for (const FactColumn &column : m_columns)
        if (column.holds != FactColumn::Holds::Line)
            header << column.key;
    QString text = csvLine(header);
    for (const FactRow &row : rows()) {
        QStringList fields{at};
        for (std::size_t i = 0; i < m_columns.size() && i < row.cells.size(); ++i) {
            if (m_columns[i].holds == FactColumn::Holds::Line)
                continue;
            const QVariant &raw = row.cells[i].raw;
            fields << (raw.metaType().id() == QMetaType::Double ? QString::number(raw.toDouble(), 'g', 12) : raw.toString());
        }
        text += csvLine(fields);
    }
    return text;
}

} // namespace shardlens::ui::models

#include "moc_FactTableModel.cpp"
