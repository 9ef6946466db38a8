// SPDX-License-Identifier: GPL-3.0-or-later
// The view while it is asked whether a campaign that broke off is to be abandoned.
#include "ui/pages/operations/CampaignView.h"

#include "ui/format/CampaignText.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/operate/CampaignBar.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/pages/RowsPanel.h"

#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

namespace {

operate::ConfirmWords leavingWords(const campaign::Campaign &campaign, bool typesName)
{
    const auto has = [&](campaign::MoveState state) {
        return std::count_if(campaign.moves.begin(), campaign.moves.end(), [&](const campaign::Move &move) { return move.wave > 0 && move.state == state; });
    };
    const QString subject = format::text(campaign.goal.subject);
    operate::ConfirmWords words;
    words.name = subject;
    words.button = CampaignView::tr("Abandon it");
    words.act = CampaignView::tr("Let nobody go on with “%1”.").arg(format::campaignTitle(campaign.goal));
    const auto waiting = has(campaign::MoveState::Waiting) + has(campaign::MoveState::NotBegun);
    const auto begun = has(campaign::MoveState::Starting) + has(campaign::MoveState::Moving) + has(campaign::MoveState::Settling);
    QStringList cost;
    if (begun > 0)
        cost << (begun == 1 ? CampaignView::tr("1 move that it began goes on by itself.") : CampaignView::tr("%1 moves that it began go on by themselves.").arg(format::count(begun)));
    cost << (waiting == 0   ? CampaignView::tr("What was moved stays where it is.")
             : waiting == 1 ? CampaignView::tr("What was moved stays where it is, and 1 is not moved.")
                            : CampaignView::tr("What was moved stays where it is, and %1 are not moved.").arg(format::count(waiting)));
    words.cost = cost.join(QLatin1Char(' '));
    words.cost += QLatin1Char(' ') + CampaignView::tr("It can then no more be resumed.");
    if (typesName)
        words.cost += QLatin1Char(' ') + CampaignView::tr("Type %1 to go on.").arg(subject);
    return words;
}

} // namespace

void CampaignView::buildLeaving()
{
    m_leaves->setAccessibleName(tr("Confirmation of abandoning"));
    m_leaves->setBack(tr("Keep it open"));
    m_leaves->hide();
    connect(m_bar, &operate::CampaignBar::abandonAsked, this, &CampaignView::askToAbandon);
    connect(m_leaves, &operate::ConfirmBar::backAsked, this, &CampaignView::leaveAbandoning);
    connect(m_leaves, &operate::ConfirmBar::heightChanged, this, &CampaignView::arrange);
    connect(m_leaves, &operate::ConfirmBar::wordsConfirmed, this, [this](const QString &reason) {
        leaveAbandoning();
        Q_EMIT abandonAsked(campaign(), reason.toStdString());
    });
}

void CampaignView::askToAbandon()
{
    if (!m_seen || !m_seen->isUnfinished() || !m_refusal.isEmpty())
        return;
    m_isAbandoning = true;
    m_leaves->clear();
    m_leaves->showWords(std::nullopt, false); // what was armed before says nothing of this one
    present();
    const bool isLocal = m_fleet->environment == fleet::Environment::Local;
    (isLocal ? m_leaves->reason() : m_leaves->name())->setFocus(Qt::OtherFocusReason);
}

void CampaignView::leaveAbandoning()
{
    m_isAbandoning = false;
    present();
    setFocus(Qt::OtherFocusReason);
}

/// It stays asked only as long as there is something to leave.
void CampaignView::presentRunningBar()
{
    m_isAbandoning = m_isAbandoning && m_seen->isUnfinished() && m_refusal.isEmpty();
    m_bar->showCampaign(*m_seen, m_refusal.isEmpty());
    if (!m_isAbandoning) {
        setBar(m_bar, [this](int width) { return m_bar->heightFor(width); });
        return;
    }
    const bool isLocal = m_fleet->environment == fleet::Environment::Local;
    m_leaves->showWords(leavingWords(m_seen->campaign, !isLocal), isLocal);
    setBar(m_leaves, [this](int width) { return m_leaves->heightFor(width); });
}

} // namespace shardlens::ui::pages
