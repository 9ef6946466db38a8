// SPDX-License-Identifier: GPL-3.0-or-later
// The page's plans that were put aside: listed, opened and planned anew, forgotten; and putting one aside.
#include "core/execute/SavedPlan.h"
#include "ui/format/Words.h"
#include "ui/operate/PlanView.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/operations/CampaignView.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/pages/operations/SavedPlanRows.h"

#include <QMenu>

namespace shardlens::ui::pages {

void OperationsPage::buildSaved()
{
    auto *saved = m_saved->table();
    saved->setAccessibleName(tr("Plans that were put aside"));
    connect(m_title, &TitleRow::wordsChanged, saved->ordered(), &models::OrderedRows::setWords);
    connect(saved, &FactTable::opened, this, &OperationsPage::openSaved);
    const auto forget = [this](const std::string &name) {
        if (auto *board = context().plans)
            board->remove(name);
    };
    connect(saved, &QAbstractItemView::clicked, this, [this, saved, forget](const QModelIndex &index) {
        if (index.column() == saved->facts()->columnOf(QStringLiteral("open")))
            openSaved(saved->currentId());
        else if (index.column() == saved->facts()->columnOf(QStringLiteral("delete")))
            forget(saved->currentId());
    });
    connect(saved, &FactTable::menuAboutToShow, this, [this, forget](QMenu *menu, const std::string &id) {
        menu->addSeparator();
        menu->addAction(tr("Open the plan %1").arg(format::text(id)), this, [this, id] { openSaved(id); });
        menu->addAction(tr("Delete the plan %1").arg(format::text(id)), this, [forget, id] { forget(id); });
    });
    connect(m_plan, &operate::PlanView::saveAsked, this, &OperationsPage::savePlan);
    connect(m_campaign, &CampaignView::saveAsked, this, &OperationsPage::saveCampaign);
    if (auto *board = context().plans) {
        connect(board, &operate::PlanBoard::changed, this, [this] {
            if (!isVisible() || !snapshot())
                return;
            fillSaved();
            arrangeNow();
        });
        connect(board, &operate::PlanBoard::refused, this, [this](const QString &why) {
            if (m_showing == Showing::Plan)
                m_plan->tellSaved(tr("Not saved: %1.").arg(why));
            else if (m_showing == Showing::Campaign)
                m_campaign->tellSaved(tr("Not saved: %1.").arg(why));
            else
                m_saved->setNote(why);
        });
    }
}

void OperationsPage::fillSaved()
{
    const auto *board = context().plans;
    if (!board)
        return m_saved->hide();
    m_saved->table()->showRows(savedPlanRows(board->latest(), context().clock->utcNow()));
    m_saved->setNote(board->latest().trouble);
    m_saved->setVisible(m_showing == Showing::Lists && !board->latest().isEmpty());
}

/// Planned anew from what is read now; what differs since it was saved is told above it.
bool OperationsPage::showSaved(const std::string &name)
{
    if (const campaign::SavedCampaign *many = context().plans ? context().plans->savedCampaign(name) : nullptr) {
        const campaign::SavedCampaign kept = *many;
        if (!showCampaignPlan(kept.goal))
            return false;
        m_campaign->ask(kept.goal, kept.options);
        m_campaign->compareWith(kept);
        return true;
    }
    const execute::SavedPlan *saved = context().plans ? context().plans->plan(name) : nullptr;
    if (!saved)
        return false;
    const execute::SavedPlan kept = *saved;
    if (!showPlan(kept.request.intent()))
        return false;
    m_plan->compareWith(kept);
    return true;
}

void OperationsPage::openSaved(const std::string &name)
{
    if (m_showing == Showing::Lists)
        Q_EMIT viewLeft(viewState());
    if (!showSaved(name))
        m_saved->setNote(tr("%1 is about what this fleet has no more.").arg(format::text(name)));
}

void OperationsPage::savePlan(const std::string &name, const operate::Intent &intent, const operate::Fingerprint &fingerprint)
{
    auto *board = context().plans;
    if (!board)
        return;
    m_plan->tellSaved(tr("Saved as %1. It is planned anew when it is opened.").arg(format::text(name)));
    board->save(name, intent, fingerprint); // which may say why not
}

void OperationsPage::saveCampaign(const campaign::SavedCampaign &plan)
{
    auto *board = context().plans;
    if (!board)
        return;
    m_campaign->tellSaved(tr("Saved as %1. It is planned anew when it is opened.").arg(format::text(plan.name)));
    board->saveCampaign(plan); // which may say why not
}

} // namespace shardlens::ui::pages
