// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/CampaignBar.h"

#include "ui/format/CampaignWords.h"
#include "ui/theme/widgets/FlatButton.h"

namespace shardlens::ui::operate {

using campaign::Stop;
using theme::FlatButton;
using theme::Shape;

CampaignBar::CampaignBar(QWidget *parent)
    : StateBar(parent), m_stopAfter(new FlatButton(tr("Stop after this wave"), this)), m_stopNow(new FlatButton(tr("Stop now"), this)), m_resume(new FlatButton(tr("Resume"), this)),
      m_abandon(new FlatButton(tr("Abandon"), this))
{
    setAccessibleName(tr("State of the campaign"));
    m_stopAfter->setToolTip(tr("Moves of this wave finish; no further one begins"));
    m_stopNow->setToolTip(tr("Moves before their point of no return are undone, others finish; no further one begins"));
    m_resume->setToolTip(tr("Goes on with what failed or was not begun"));
    m_abandon->setToolTip(tr("Leaves everything as it is now and closes the journal"));
    for (FlatButton *button : {m_stopAfter, m_stopNow, m_resume, m_abandon})
        addButton(button);
    connect(m_stopAfter, &QAbstractButton::clicked, this, [this] { Q_EMIT stopAsked(Stop::AfterWave); });
    connect(m_stopNow, &QAbstractButton::clicked, this, [this] { Q_EMIT stopAsked(Stop::Now); });
    connect(m_resume, &QAbstractButton::clicked, this, &CampaignBar::resumeAsked);
    connect(m_abandon, &QAbstractButton::clicked, this, &CampaignBar::abandonAsked);
}

void CampaignBar::showCampaign(const CampaignSeen &seen, bool mayAct)
{
    const auto &campaign = seen.campaign;
    const format::Confirmation words = format::campaignState(campaign, seen.runs);
    setWords(shapeOf(seen), words.act, words.cost);
    const bool runs = seen.runs && !campaign.outcome && mayAct;
    m_stopAfter->setVisible(runs);
    m_stopAfter->setEnabled(campaign.stop == Stop::No);
    m_stopNow->setVisible(runs);
    m_stopNow->setEnabled(campaign.stop != Stop::Now);
    setUntil(runs && campaign.stop != Stop::Now ? tr("possible at any time") : QString(), campaign.stop == Stop::No ? tr("Ctrl+Shift+X: after this wave") : QString());
    const bool isOver = campaign.outcome == campaign::Outcome::Done || campaign.outcome == campaign::Outcome::Abandoned;
    m_resume->setVisible(!seen.runs && !isOver && mayAct);
    m_abandon->setVisible(seen.isUnfinished() && mayAct);
    arrange();
}

Shape shapeOf(const CampaignSeen &seen)
{
    if (!seen.campaign.outcome)
        return seen.runs ? Shape::Chevron : Shape::Triangle;
    switch (*seen.campaign.outcome) {
    case campaign::Outcome::Done: return Shape::Dot;
    case campaign::Outcome::Incomplete: return Shape::Triangle;
    case campaign::Outcome::Stopped: return Shape::Triangle;
    case campaign::Outcome::Failed: return Shape::Diamond;
    case campaign::Outcome::InDoubt: return Shape::DashedRing;
    case campaign::Outcome::Abandoned: return Shape::Triangle;
    }
    return Shape::None;
}

} // namespace shardlens::ui::operate

#include "moc_CampaignBar.cpp"
