// SPDX-License-Identifier: GPL-3.0-or-later
// From the open plan to the operation that it starts: who stands ready meanwhile, what hinders it, and what came of the click.
#include "ui/operate/PlanView.h"
#include "ui/operate/RunningView.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/OperationsPage.h"

namespace shardlens::ui::pages {

using operate::OperationSeen;

void OperationsPage::fillPlan()
{
    const auto *board = context().operations;
    m_plan->setRefusal(refusal());
    const OperationSeen *open = board ? board->open(base::ClusterName(operate::nameOf(m_plan->intent()))) : nullptr;
    if (open && m_awaited.isEmpty())
        m_plan->setHindrance(open->runs ? tr("An operation runs on it") : tr("An operation is unfinished"));
    else
        m_plan->setHindrance(board && board->isAnswered() ? QString() : tr("Nothing here starts it"));
    m_plan->showSnapshot(snapshot());
    tellExpected();
}

/// An executor looks already while a move's plan is read, so that the click waits for no look; whoever turns to something else ends it.
void OperationsPage::tellExpected()
{
    auto *board = context().operations;
    if (!board)
        return;
    const bool isOpen = isVisible() && m_showing == Showing::Plan && m_awaited.isEmpty() && operate::isMove(operate::actOf(m_plan->intent())) && m_plan->canBeStarted();
    if (isOpen)
        board->expect(m_plan->intent());
    else
        board->expectNothing();
}

void OperationsPage::showEvent(QShowEvent *event)
{
    LivePage::showEvent(event);
    tellExpected();
}

void OperationsPage::hideEvent(QHideEvent *event)
{
    LivePage::hideEvent(event);
    tellExpected();
}

/// Said where it was asked.
void OperationsPage::tellRefused(const QString &why)
{
    if (!m_awaited.isEmpty()) {
        m_awaited = {};
        m_plan->tellNotStarted(why);
    } else if (m_showing == Showing::Operation) {
        m_running->tell(why);
    } else {
        m_operations->setNote(why);
    }
}

void OperationsPage::startWhat(const operate::ActRequest &request)
{
    auto *board = context().operations;
    if (!board)
        return;
    m_awaited = base::ClusterName(operate::nameOf(request.intent));
    m_knownThen.clear();
    for (const OperationSeen &seen : list().operations)
        m_knownThen.insert(seen.operation.id);
    board->start(request);
}

} // namespace shardlens::ui::pages
