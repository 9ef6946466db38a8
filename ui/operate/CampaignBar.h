// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/CampaignBoard.h"
#include "ui/operate/StateBar.h"

namespace shardlens::ui::operate {

/// The bar under a campaign: its state, the two ways to stop it, and once it ended otherwise than done, resuming. GUI thread.
class CampaignBar : public StateBar
{
    Q_OBJECT

public:
    explicit CampaignBar(QWidget *parent = nullptr);

    /// `mayAct`: this console's person may decide about it.
    void showCampaign(const CampaignSeen &seen, bool mayAct);

    [[nodiscard]] theme::FlatButton *stopAfterButton() const { return m_stopAfter; }
    [[nodiscard]] theme::FlatButton *stopNowButton() const { return m_stopNow; }
    [[nodiscard]] theme::FlatButton *stopWatchingButton() const { return m_stopWatching; }
    [[nodiscard]] theme::FlatButton *resumeButton() const { return m_resume; }
    [[nodiscard]] theme::FlatButton *abandonButton() const { return m_abandon; }

Q_SIGNALS:
    void stopAsked(shardlens::campaign::Stop how);
    void resumeAsked();
    void abandonAsked();

private:
    theme::FlatButton *m_stopAfter;
    theme::FlatButton *m_stopNow;
    theme::FlatButton *m_stopWatching; ///< in place of both: all moves are over
    theme::FlatButton *m_resume;
    theme::FlatButton *m_abandon;
};

[[nodiscard]] theme::Shape shapeOf(const CampaignSeen &seen);

} // namespace shardlens::ui::operate
