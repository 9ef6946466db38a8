// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/UnmaskPanel.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/Text.h"

#include <QLineEdit>
#include <QVBoxLayout>

namespace shardlens::ui::pages {

using theme::scaled;

UnmaskPanel::UnmaskPanel(QWidget *parent)
    : Panel(tr("Masked fields"), parent), m_words(new theme::Paragraph(this, theme::ColourRole::Text, theme::ColourRole::Muted)),
      m_reason(new QLineEdit(this)), m_button(new theme::FlatButton(tr("Show them"), this)),
      m_note(new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this))
{
    m_reason->setPlaceholderText(tr("Reason, to show them"));
    m_reason->setAccessibleName(tr("Reason, to show masked fields"));
    m_reason->setMaxLength(200);
    m_reason->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    m_note->setElide(theme::Text::Elide::End);
    auto *row = new QHBoxLayout;
    row->setSpacing(theme::space::kS);
    row->addWidget(m_button);
    row->addWidget(m_note, 1);
    body()->addWidget(m_words);
    body()->addWidget(m_reason);
    body()->addLayout(row);
    body()->addStretch(1);
    connect(m_reason, &QLineEdit::textChanged, this, &UnmaskPanel::review);
    connect(m_reason, &QLineEdit::returnPressed, this, &UnmaskPanel::ask);
    connect(m_button, &QAbstractButton::clicked, this, &UnmaskPanel::ask);
    review();
}

void UnmaskPanel::setHindrance(const QString &why)
{
    m_hindrance = why;
    review();
}

void UnmaskPanel::setCase(const QString &caseNumber)
{
    m_case = caseNumber;
    review();
}

void UnmaskPanel::tell(const QString &trouble)
{
    m_trouble = trouble;
    review();
}

void UnmaskPanel::clearReason()
{
    m_reason->clear();
}

QString UnmaskPanel::said() const
{
    return m_words->text();
}

void UnmaskPanel::review()
{
    const bool can = m_hindrance.isEmpty();
    m_reason->setVisible(can);
    m_button->setVisible(can);
    m_note->setVisible(can);
    m_words->setText(m_trouble, m_hindrance);
    m_words->setVisible(!m_trouble.isEmpty() || !can);
    const bool named = !m_case.isEmpty();
    m_button->setEnabled(can && named && !m_reason->text().trimmed().isEmpty());
    m_note->setText(named ? tr("recorded first") : tr("needs the case number"));
    updateGeometry();
}

void UnmaskPanel::ask()
{
    if (m_button->isEnabled())
        Q_EMIT unmaskAsked(m_reason->text().trimmed());
}

int UnmaskPanel::heightForWidth(int width) const
{
    int height = scaled(theme::size::kTitleRow) + 2 + theme::space::kM;
    if (!m_words->isHidden())
        height += m_words->heightForWidth(width - 2 * theme::space::kM - 2) + theme::space::kS;
    if (m_hindrance.isEmpty())
        height += m_reason->sizeHint().height() + theme::space::kS + scaled(theme::size::kButton);
    return height;
}

} // namespace shardlens::ui::pages

#include "moc_UnmaskPanel.cpp"
