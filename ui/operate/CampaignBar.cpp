// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/CampaignBar.h"

#include "ui/format/CampaignWords.h"
#include "ui/theme/widgets/FlatButton.h"

namespace shardlens::ui::operate {

using campaign::Stop;
using theme::FlatButton;
using theme::Shape;

CampaignBar::CampaignBar(QWidget *parent)
    : StateBar(parent), m_stopAfter(new FlatButton(tr("Stop after this wave"), this)), m_stopNow(new FlatButton(tr("Stop now"), this)),
      m_stopWatching(new FlatButton(tr("Stop watching"), this)), m_resume(new FlatButton(tr("Resume"), this)),
      m_abandon(new FlatButton(tr("Abandon"), this))
{
    setAccessibleName(tr("State of the campaign"));
    m_stopAfter->setToolTip(tr("Moves of this wave finish; no further one begins"));
    m_stopNow->setToolTip(tr("Moves before their point of no return are undone, others finish; no further one begins"));
    m_stopWatching->setToolTip(tr("The caches go on filling; nobody waits for them"));
    m_resume->setToolTip(tr("Goes on with what failed or was not begun"));
    m_abandon->setToolTip(tr("Begins nothing more and takes nothing back; closes the journal"));
    for (FlatButton *button : {m_stopAfter, m_stopNow, m_stopWatching, m_resume, m_abandon})
        addButton(button);
    connect(m_stopAfter, &QAbstractButton::clicked, this, [this] { Q_EMIT stopAsked(Stop::AfterWave); });
    connect(m_stopNow, &QAbstractButton::clicked, this, [this] { Q_EMIT stopAsked(Stop::Now); });
    connect(m_stopWatching, &QAbstractButton::clicked, this, [this] { Q_EMIT stopAsked(Stop::AfterWave); });
    connect(m_resume, &QAbstractButton::clicked, this, &CampaignBar::resumeAsked);
    connect(m_abandon, &QAbstractButton::clicked, this, &CampaignBar::abandonAsked);
}

void CampaignBar::showCampaign(const CampaignSeen &seen, bool mayAct)
{
    const auto &campaign = seen.campaign;
    const format::Confirmation words = format::campaignState(campaign, seen.runs);
    setWords(shapeOf(seen), words.act, words.cost);
    const bool runs = seen.runs && !campaign.outcome && mayAct;
    const bool isWatching = runs && campaign.watch == campaign::Watch::Watching;
    const bool moves = runs && !isWatching;
    m_stopWatching->setVisible(isWatching);
    m_stopWatching->setEnabled(campaign.stop == Stop::No);
    m_stopAfter->setVisible(moves);
    m_stopAfter->setEnabled(campaign.stop == Stop::No);
    m_stopNow->setVisible(moves);
    m_stopNow->setEnabled(campaign.stop != Stop::Now);
    if (isWatching)
        setUntil(campaign.stop == Stop::No ? tr("possible at any time") : QString(),
                 campaign.stop == Stop::No ? tr("Ctrl+Shift+X") : QString());
    else
        setUntil(moves && campaign.stop != Stop::Now ? tr("possible at any time") : QString(),
                 campaign.stop == Stop::No ? tr("Ctrl+Shift+X: after this wave") : QString());
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
    case campaign::Outcome::Failed: return Shape::Stop;
    case campaign::Outcome::InDoubt: return Shape::DashedRing;
    case campaign::Outcome::Abandoned: return Shape::Triangle;
    }
    return Shape::None;
}

} // namespace shardlens::ui::operate

#include "moc_CampaignBar.cpp"
