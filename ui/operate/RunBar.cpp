// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/RunBar.h"

#include "core/execute/Leftover.h"
#include "ui/format/OperationText.h"
#include "ui/theme/widgets/FlatButton.h"

namespace shardlens::ui::operate {

using theme::FlatButton;

RunBar::RunBar(QWidget *parent)
    : StateBar(parent), m_open(new FlatButton(tr("Open"), this)), m_cancel(new FlatButton(tr("Cancel and undo"), this)), m_resume(new FlatButton(tr("Resume"), this)),
      m_undo(new FlatButton(tr("Undo"), this)), m_abandon(new FlatButton(tr("Abandon"), this))
{
    setAccessibleName(tr("State of the operation"));
    m_resume->setToolTip(tr("Before the point of no return: looks afresh and does all steps again. After it: goes on with what is not done"));
    m_undo->setToolTip(tr("Takes back what was done, in reverse"));
    m_abandon->setToolTip(tr("Leaves everything as it is now and closes the journal"));
    for (FlatButton *button : {m_open, m_cancel, m_resume, m_undo, m_abandon})
        addButton(button);
    m_open->hide();
    connect(m_open, &QAbstractButton::clicked, this, &RunBar::openAsked);
    connect(m_cancel, &QAbstractButton::clicked, this, &RunBar::cancelAsked);
    connect(m_resume, &QAbstractButton::clicked, this, &RunBar::resumeAsked);
    connect(m_undo, &QAbstractButton::clicked, this, &RunBar::undoAsked);
    connect(m_abandon, &QAbstractButton::clicked, this, &RunBar::abandonAsked);
}

void RunBar::showOperation(const OperationSeen &seen, bool mayAct)
{
    const RunWords words = runWords(seen);
    setWords(words.shape, m_showsOpen ? format::operationStrip(seen.operation, seen.runs) + QLatin1Char('.') : words.first,
             m_showsOpen && seen.runs ? words.first : words.second);
    m_open->setVisible(m_showsOpen);
    const bool runs = seen.runs && !seen.operation.outcome && !m_showsOpen;
    m_cancel->setVisible(runs && mayAct);
    m_cancel->setEnabled(words.canCancel);
    m_cancel->setText(words.endsCopy ? tr("End the copy") : tr("Cancel and undo"));
    m_cancel->setToolTip(words.endsCopy ? tr("Ends the copy and clears it away; the old primary can be rebuilt later") : tr("Stops before the next step and takes back what was done"));
    setUntil(runs && mayAct ? words.until : QString(), words.canCancel ? tr("Ctrl+Shift+X") : QString());
    const bool waits = seen.isUnfinished() && mayAct;
    m_resume->setVisible(waits);
    const bool canGoBack = !seen.runs && !m_showsOpen && mayAct && execute::canBeTakenBack(seen.operation);
    m_undo->setVisible((waits && !seen.operation.hasPromoted()) || canGoBack);
    m_abandon->setVisible(waits);
    arrange();
}

void RunBar::setShowsOpen(bool shows)
{
    m_showsOpen = shows;
}

} // namespace shardlens::ui::operate

#include "moc_RunBar.cpp"
