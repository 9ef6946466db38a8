// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/DetailPanel.h"

#include "ui/operate/OutlineModel.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/lookup/CopyMask.h"
#include "ui/pages/lookup/IdDrawing.h"
#include "ui/pages/lookup/RowChoice.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"

#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::FlatButton;
using theme::scaled;

namespace {
const std::string idKey = "id";
constexpr int leastList = 120;
} // namespace

DetailPanel::DetailPanel(QWidget *parent)
    : Panel(QString(), parent), m_choices(new theme::SegmentedControl({}, this)), m_drawing(new IdDrawing(this)),
      m_list(new operate::OutlineList(this)), m_note(new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this)),
      m_more(new FlatButton(tr("Show more"), this))
{
    auto *head = new QHBoxLayout;
    head->setContentsMargins(theme::space::kM, theme::space::kS, theme::space::kM, 0);
    head->addWidget(m_choices);
    head->addStretch(1);
    auto *drawing = new QVBoxLayout;
    drawing->setContentsMargins(theme::space::kM, 0, theme::space::kM, 0);
    drawing->addWidget(m_drawing);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(theme::space::kM, 0, theme::space::kM, 0);
    foot->addWidget(m_note, 1);
    foot->addWidget(m_more);
    body()->setContentsMargins(0, 0, 0, theme::space::kS);
    body()->addLayout(head);
    body()->addLayout(drawing);
    body()->addWidget(m_list, 1);
    body()->addLayout(foot);
    m_note->setElide(theme::Text::Elide::Phrases);
    m_choices->setAccessibleName(tr("What is shown of it"));
    connect(m_choices, &theme::SegmentedControl::currentChanged, this, [this] {
        present();
        Q_EMIT chosen(choice());
    });
    connect(m_more, &QAbstractButton::clicked, this, [this] { Q_EMIT moreAsked(choice()); });
    connect(new RowChoice(m_list, RowChoice::By::DoubleClick), &RowChoice::chosen, this, &DetailPanel::followed);
    new CopyMask(m_list);
    setAccessibleName(tr("The ID and the lists"));
    present();
}

void DetailPanel::showSheet(const LookupSheet &sheet, const ids::IdLayout &layout)
{
    const std::string before = choice();
    m_sheet = sheet;
    m_drawing->showId(sheet.id, layout);
    m_keys.clear();
    QStringList names;
    if (sheet.id || !sheet.idFacts.empty()) {
        m_keys.push_back(idKey);
        names << tr("The ID");
    }
    for (const LookupList &list : sheet.lists) {
        m_keys.push_back(list.key);
        names << list.title;
    }
    m_choices->setChoices(names);
    showChoice(before);
    present();
}

std::string DetailPanel::choice() const
{
    const auto at = static_cast<std::size_t>(std::max(0, m_choices->current()));
    return at < m_keys.size() ? m_keys[at] : std::string();
}

void DetailPanel::showChoice(const std::string &key)
{
    const auto found = std::find(m_keys.begin(), m_keys.end(), key);
    m_choices->setCurrent(found == m_keys.end() ? 0 : static_cast<int>(found - m_keys.begin()));
}

void DetailPanel::present()
{
    const std::string shown = choice();
    const auto found = std::find_if(m_sheet.lists.begin(), m_sheet.lists.end(), [&](const LookupList &list) { return list.key == shown; });
    const bool isId = found == m_sheet.lists.end();
    m_drawing->setVisible(isId && m_sheet.id);
    m_choices->setVisible(!m_keys.empty());
    m_list->showRows(isId ? m_sheet.idFacts : found->rows);
    m_list->setAccessibleName(isId ? tr("Facts of the ID") : found->title);
    m_note->setText(isId ? QString() : found->note);
    m_note->setVisible(!isId && !found->note.isEmpty());
    m_more->setVisible(!isId && found->hasMore);
}

int DetailPanel::leastHeight(int width) const
{
    const int head = m_choices->sizeHint().height() + 2 * theme::space::kS;
    const int foot = scaled(theme::size::kButton) + 2 * theme::space::kS;
    const int drawing = m_sheet.id ? m_drawing->heightForWidth(width - 2 * theme::space::kM) + theme::space::kS : 0;
    const bool isId = choice() == idKey;
    const int rows = isId ? static_cast<int>(m_sheet.idFacts.size()) * scaled(24) : scaled(leastList) + foot;
    return head + std::max(scaled(leastList), (isId ? drawing : 0) + rows) + 2 * theme::space::kS;
}

} // namespace shardlens::ui::pages

#include "moc_DetailPanel.cpp"
