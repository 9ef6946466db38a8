// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/CaseField.h"

#include "ui/pages/lookup/LookupBoard.h"
#include "ui/theme/Type.h"

namespace shardlens::ui::pages {

CaseField::CaseField(QWidget *parent) : QLineEdit(parent)
{
    setPlaceholderText(tr("Case number"));
    setAccessibleName(tr("Case number"));
    setToolTip(tr("Stands in the record of each look-up, on every page, until it is changed"));
    setMaxLength(60);
    setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    connect(this, &QLineEdit::editingFinished, this, &CaseField::endCase);
}

void CaseField::share(LookupBoard *board)
{
    m_board = board;
    if (!board)
        return;
    setText(board->caseNumber());
    connect(this, &QLineEdit::textChanged, board, [this] { m_board->setCaseNumber(caseNumber()); });
    connect(board, &LookupBoard::caseTyped, this, [this](const QString &number) {
        if (caseNumber() != number) // a space at its end is no other case
            setText(number);
    });
    connect(board, &LookupBoard::caseEnded, this, &CaseField::caseChanged);
}

QString CaseField::caseNumber() const
{
    return text().trimmed();
}

void CaseField::setCaseNumber(const QString &number)
{
    setText(number);
    endCase();
}

void CaseField::endCase()
{
    if (m_board)
        m_board->endCase();
    else
        Q_EMIT caseChanged();
}

} // namespace shardlens::ui::pages

#include "moc_CaseField.cpp"
