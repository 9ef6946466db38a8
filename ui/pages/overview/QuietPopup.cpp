// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/QuietPopup.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace shardlens::ui::pages {

QuietPopup::QuietPopup(std::string problem, const QString &what, QWidget *parent)
    : QFrame(parent, Qt::Popup), m_problem(std::move(problem)), m_reason(new QLineEdit(this)), m_button(new theme::FlatButton(tr("Quiet for 30 min"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Quiet for 30 min: %1").arg(what));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space::kM, theme::space::kM, theme::space::kM, theme::space::kM);
    auto *title = new theme::Text(theme::FontRole::BodyBold, theme::ColourRole::Text, this);
    title->setText(what);
    auto *note = new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this);
    note->setText(tr("It stays in the list, muted, and calls nobody. Every console sees who and why."));
    column->addWidget(title);
    column->addWidget(note);
    auto *row = new QHBoxLayout;
    m_reason->setPlaceholderText(tr("Why"));
    m_reason->setAccessibleName(tr("Why it is to be quiet"));
    m_reason->setMaxLength(200);
    row->addWidget(m_reason, 1);
    row->addWidget(m_button);
    column->addLayout(row);
    m_button->setEnabled(false);
    connect(m_reason, &QLineEdit::textChanged, this, [this](const QString &text) { m_button->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_reason, &QLineEdit::returnPressed, this, &QuietPopup::choose);
    connect(m_button, &theme::FlatButton::clicked, this, &QuietPopup::choose);
    m_reason->setFocus();
}

void QuietPopup::choose()
{
    const QString reason = m_reason->text().trimmed();
    if (reason.isEmpty())
        return;
    Q_EMIT chosen(m_problem, reason);
    close();
}

} // namespace shardlens::ui::pages

#include "moc_QuietPopup.cpp"
