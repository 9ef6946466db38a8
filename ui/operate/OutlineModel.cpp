// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OutlineModel.h"

namespace shardlens::ui::operate {

void OutlineModel::show(OutlineRows rows)
{
    m_all = std::move(rows);
    present();
}

void OutlineModel::setOpen(const std::string &id, bool open)
{
    if (open)
        m_open.insert(id);
    else
        m_open.erase(id);
    present();
}

void OutlineModel::present()
{
    OutlineRows shown;
    for (const OutlineRow &row : m_all) {
        if (!row.under.empty() && m_open.count(row.under) == 0)
            continue;
        shown.push_back(row);
        shown.back().isOpen = row.canOpen && m_open.count(row.id) > 0;
    }
    assign(std::move(shown));
}

QVariant OutlineModel::data(const QModelIndex &index, int role) const
{
    const OutlineRow *row = rowAt(index);
    if (!row)
        return {};
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return row->text();
    return {};
}

Qt::ItemFlags OutlineModel::flags(const QModelIndex &index) const
{
    const OutlineRow *row = rowAt(index);
    if (!row)
        return Qt::NoItemFlags;
    const bool isPassedOver = row->kind == OutlineRow::Kind::Heading || row->kind == OutlineRow::Kind::NoReturn;
    return isPassedOver ? Qt::ItemIsEnabled : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

} // namespace shardlens::ui::operate

#include "moc_OutlineModel.cpp"
