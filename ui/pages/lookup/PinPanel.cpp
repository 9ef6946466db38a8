// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/PinPanel.h"

#include "ui/pages/lookup/LookupSheet.h"
#include "ui/theme/widgets/FlatButton.h"

namespace shardlens::ui::pages {

using operate::OutlineRow;

PinPanel::PinPanel(QWidget *parent)
    : CardPanel(QString(), parent), m_unpin(new theme::FlatButton(tr("Unpin"), this, theme::FlatButton::Look::Link))
{
    setTitleWidget(m_unpin);
}

void PinPanel::showSheet(const LookupSheet &sheet)
{
    setTitle(sheet.subject);
    list()->setAccessibleName(tr("Pinned: %1").arg(sheet.subject));
    operate::OutlineRows rows;
    OutlineRow sentence;
    sentence.id = "sentence";
    sentence.shape = sheet.shape;
    sentence.title = sheet.sentence;
    sentence.second = sheet.second;
    sentence.isStrong = true;
    sentence.hasLine = true;
    rows.push_back(std::move(sentence));
    for (const SeenRegion &region : sheet.regions) {
        OutlineRow row = cardFact("region/" + region.id, region.name, region.sees);
        if (region.isAmiss)
            row.shape = theme::Shape::NotEqual;
        rows.push_back(std::move(row));
    }
    rows.insert(rows.end(), sheet.card.begin(), sheet.card.end());
    list()->showRows(std::move(rows));
}

} // namespace shardlens::ui::pages

#include "moc_PinPanel.cpp"
