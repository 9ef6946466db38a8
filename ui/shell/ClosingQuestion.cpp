// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/ClosingQuestion.h"

#include "ui/operate/OperationRows.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace shardlens::ui::shell {

using operate::OperationBoard;
using operate::OperationSeen;
using theme::ColourRole;
using theme::FlatButton;
using theme::Paragraph;

namespace {
constexpr int textWidth = 440;
}

const OperationSeen *ClosingQuestion::running(const OperationBoard *board)
{
    if (!board)
        return nullptr;
    const auto &all = board->latest().operations;
    const auto found = std::find_if(all.begin(), all.end(), [](const OperationSeen &one) { return one.runs && !one.operation.outcome && one.host.empty(); });
    return found == all.end() ? nullptr : &*found;
}

ClosingQuestion::ClosingQuestion(OperationBoard &board, std::string operation, QWidget *parent)
    : QDialog(parent), m_board(board), m_operation(std::move(operation)), m_now(new Paragraph), m_after(new Paragraph(nullptr, ColourRole::Text, ColourRole::Muted)),
      m_keep(new FlatButton(tr("Keep the window open"), nullptr, FlatButton::Look::Accent)), m_cancel(new FlatButton(tr("Cancel and undo, then close"))), m_close(new FlatButton(tr("Close now")))
{
    setWindowTitle(tr("An operation is running"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space::kXl, theme::space::kL, theme::space::kXl, theme::space::kL);
    column->setSpacing(theme::space::kM);
    column->addWidget(m_now);
    column->addWidget(m_after);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::space::kS);
    buttons->addWidget(m_close);
    buttons->addWidget(m_cancel);
    buttons->addStretch(1);
    buttons->addWidget(m_keep);
    column->addStretch(1);
    column->addLayout(buttons);
    setMinimumWidth(std::max(theme::scaled(textWidth), buttons->sizeHint().width() + 2 * theme::space::kXl + theme::space::kL));
    for (Paragraph *words : {m_now, m_after})
        words->setMinimumHeight(theme::scaled(3 * 18)); // the sentences change while one reads; the buttons stay
    m_keep->setFocus();

    connect(m_keep, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_close, &QAbstractButton::clicked, this, &ClosingQuestion::decidedToClose);
    connect(m_cancel, &QAbstractButton::clicked, this, &ClosingQuestion::cancelFirst);
    connect(&m_board, &OperationBoard::changed, this, &ClosingQuestion::look);
    connect(&m_board, &OperationBoard::refused, this, [this](const QString &why) {
        m_waits = false;
        look();
        m_after->setText(tr("Not cancelled."), why);
    });
    look();
}

void ClosingQuestion::look()
{
    if (const OperationSeen *seen = m_board.operation(m_operation))
        show(*seen);
}

void ClosingQuestion::show(const OperationSeen &seen)
{
    const operate::RunWords words = operate::runWords(seen);
    m_now->setText(words.first, words.second);
    const bool isOver = !seen.runs || seen.operation.outcome;
    if (isOver && m_waits) {
        m_waits = false;
        if (seen.operation.outcome == execute::Outcome::RolledBack || seen.operation.outcome == execute::Outcome::Done)
            Q_EMIT decidedToClose();
    }
    m_cancel->setEnabled(!isOver && words.canCancel && !m_waits);
    if (isOver)
        m_after->setText({}, tr("It is over."));
    else if (m_waits)
        m_after->setText({}, tr("Waiting for it to take back what it did. The window closes then."));
    else
        m_after->setText({}, tr("It does not need this window: it goes on when the window is closed, and can be watched from any console of this fleet on this machine. If it should be "
                                "interrupted, it can be resumed."));
}

void ClosingQuestion::cancelFirst()
{
    m_waits = true;
    m_board.cancel(m_operation);
    look();
}

} // namespace shardlens::ui::shell

#include "moc_ClosingQuestion.cpp"
