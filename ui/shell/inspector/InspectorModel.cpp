// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/inspector/InspectorModel.h"

namespace shardlens::ui::shell {

QVariant InspectorModel::data(const QModelIndex &index, int role) const
{
    const InspectorRow *row = rowAt(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole: return row->name;
    case Qt::AccessibleTextRole: return row->text();
    case Qt::ToolTipRole: {
        QStringList lines;
        if (!row->value.detail.isEmpty())
            lines << row->value.detail;
        if (!row->source.isEmpty() && row->kind == InspectorRow::Kind::Fact)
            lines << FactSheet::tr("told by %1").arg(row->source);
        return lines.isEmpty() ? QVariant() : QVariant(lines.join(QLatin1Char('\n')));
    }
    default: return {};
    }
}

Qt::ItemFlags InspectorModel::flags(const QModelIndex &index) const
{
    const InspectorRow *row = rowAt(index);
    if (!row)
        return Qt::NoItemFlags;
    return row->kind == InspectorRow::Kind::Heading ? Qt::ItemFlags(Qt::ItemIsEnabled) : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

} // namespace shardlens::ui::shell

#include "moc_InspectorModel.cpp"
