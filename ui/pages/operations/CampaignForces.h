// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/CampaignPlan.h"

#include <QWidget>

#include <vector>

class QLineEdit;

namespace shardlens::ui::theme {
class TickBox;
}

namespace shardlens::ui::pages {

/// A check that blocks rows of a campaign and may be forced, or that is forced now, and the rows' subjects.
struct ForceableCheck {
    shardlens::operate::Check check; ///< of the first of them
    std::vector<std::string> subjects;
    bool operator==(const ForceableCheck &) const = default;
};
/// In the order of the rows. A row that something blocks besides, which nobody can force, is passed over: a tick would not move it.
[[nodiscard]] std::vector<ForceableCheck> forceableChecks(const campaign::CampaignPlan &plan);

/// A tick and a reason for each of them: all of the campaign's moves go on in spite of a check that is ticked and has its reason. What
/// was entered stays while the check stays. GUI thread.
class CampaignForces : public QWidget
{
    Q_OBJECT

public:
    explicit CampaignForces(QWidget *parent = nullptr);

    void show(const std::vector<ForceableCheck> &checks, bool mayTick);
    void clear(); ///< another campaign
    [[nodiscard]] std::vector<execute::Forced> forced() const;
    [[nodiscard]] int wantedHeight() const; ///< 0: there is none
    [[nodiscard]] std::vector<theme::TickBox *> ticks() const;
    [[nodiscard]] std::vector<QLineEdit *> reasons() const;

Q_SIGNALS:
    void changed(); ///< forced() is another

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Force {
        shardlens::operate::CheckId check;
        theme::TickBox *tick;
        QLineEdit *reason;
        QString words; ///< with the names of what it blocks
        QString brief; ///< with their number, where there is no room for the names
    };
    void arrange();
    void tellIfChanged();
    Force make(shardlens::operate::CheckId check);

    std::vector<Force> m_forces;
    std::vector<execute::Forced> m_told;
};

} // namespace shardlens::ui::pages
