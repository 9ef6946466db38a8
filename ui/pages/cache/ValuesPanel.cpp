// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/ValuesPanel.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace shardlens::ui::pages {

using theme::Text;

ValuesPanel::ValuesPanel(QWidget *parent) : Panel(tr("Value"), parent), m_row(new QHBoxLayout)
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(theme::space::kM);
    body()->addLayout(m_row);
    setAccessibleName(tr("The key’s value in every region"));
}

ValuesPanel::Pane ValuesPanel::makePane()
{
    Pane pane{new QWidget(this), nullptr, nullptr, nullptr};
    pane.regions = new Text(theme::FontRole::CaptionBold, theme::ColourRole::Text, pane.holder);
    pane.kind = new Text(theme::FontRole::Caption, theme::ColourRole::Muted, pane.holder);
    pane.text = new QPlainTextEdit(pane.holder);
    pane.regions->setElide(Text::Elide::Phrases);
    pane.text->setReadOnly(true);
    pane.text->setFrameShape(QFrame::NoFrame);
    pane.text->setTabChangesFocus(true);
    pane.text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *head = new QHBoxLayout;
    head->addWidget(pane.regions, 1);
    head->addWidget(pane.kind);
    auto *all = new QVBoxLayout(pane.holder);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(theme::space::kXs);
    all->addLayout(head);
    all->addWidget(pane.text, 1);
    dress(pane);
    return pane;
}

void ValuesPanel::dress(const Pane &pane) const
{
    pane.text->setFont(theme::font(theme::FontRole::MonoSmall));
}

/// Panes are kept where their texts are: whoever reads or marks one keeps their place.
void ValuesPanel::showValues(const std::vector<ValueText> &values)
{
    if (values == m_values)
        return;
    while (m_panes.size() > values.size()) {
        delete m_panes.back().holder;
        m_panes.pop_back();
    }
    while (m_panes.size() < values.size()) {
        m_panes.push_back(makePane());
        m_row->addWidget(m_panes.back().holder, 1);
        m_panes.back().holder->show(); // it counts in how tall this wants to be from now on
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Pane &pane = m_panes[i];
        pane.regions->setText(values[i].regions);
        pane.kind->setText(values[i].kind);
        pane.text->setAccessibleName(tr("Value in %1").arg(values[i].regions));
        if (pane.text->toPlainText() != values[i].text)
            pane.text->setPlainText(values[i].text);
    }
    m_values = values;
}

/// QPlainTextEdit counts its document's height in lines.
int ValuesPanel::wantedHeight() const
{
    int wanted = 0;
    for (const Pane &pane : m_panes) {
        const int lines = 1 + int(std::ceil(pane.text->document()->size().height())); // one is left free, else it scrolls
        const int text = lines * pane.text->fontMetrics().lineSpacing() + 2 * int(std::ceil(pane.text->document()->documentMargin()));
        wanted = std::max(wanted, sizeHint().height() - pane.text->sizeHint().height() + text);
    }
    return wanted;
}

void ValuesPanel::changeEvent(QEvent *event)
{
    Panel::changeEvent(event);
    if (event->type() != QEvent::FontChange)
        return;
    for (const Pane &pane : m_panes)
        dress(pane);
}

} // namespace shardlens::ui::pages

#include "moc_ValuesPanel.cpp"
