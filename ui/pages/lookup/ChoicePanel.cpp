// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/ChoicePanel.h"

#include "ui/operate/OutlineModel.h"
#include "ui/pages/lookup/RowChoice.h"

namespace shardlens::ui::pages {

ChoicePanel::ChoicePanel(const QString &title, QWidget *parent) : OutlinePanel(title, parent)
{
    list()->setSelectionMode(QAbstractItemView::SingleSelection);
    connect(new RowChoice(list(), RowChoice::By::Click), &RowChoice::chosen, this, &ChoicePanel::chosen);
}

void ChoicePanel::showRows(operate::OutlineRows rows, const std::string &current)
{
    const bool same = current == m_current && rows.size() == list()->outline()->all().size();
    m_current = current;
    list()->showRows(std::move(rows));
    if (same)
        return;
    const int row = list()->outline()->rowOf(current);
    if (row >= 0)
        list()->setCurrentIndex(list()->outline()->index(row, 0));
    else
        list()->clearSelection();
}

} // namespace shardlens::ui::pages

#include "moc_ChoicePanel.cpp"
