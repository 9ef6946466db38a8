// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/campaign/Goal.h"
#include "core/fleet/Fleet.h"

#include <QWidget>

#include <vector>

namespace shardlens::ui::theme {
class SegmentedControl;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// How a campaign is gone about, as a row of choices over its plan. GUI thread.
class CampaignChoices : public QWidget
{
    Q_OBJECT

public:
    explicit CampaignChoices(QWidget *parent = nullptr);

    /// Another campaign: the choices that it has, with what they begin with.
    void begin(const campaign::Goal &goal, const fleet::Fleet &fleet);
    [[nodiscard]] const campaign::Goal &goal() const { return m_goal; }
    /// What a view link carries; what is no choice here stays as it is.
    void choose(const campaign::Options &options);
    [[nodiscard]] campaign::Options options(base::UtcTime now) const; ///< `now`: a mark's end counts from it
    [[nodiscard]] int heightFor(int width) const;
    [[nodiscard]] theme::SegmentedControl *atOnce() const { return m_atOnce; }
    [[nodiscard]] theme::SegmentedControl *stopAfter() const { return m_stopAfter; }

Q_SIGNALS:
    void changed();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Group {
        theme::Text *label;
        theme::SegmentedControl *control;
    };
    theme::SegmentedControl *add(const QString &label, const QStringList &choices);
    int place(int width, bool forReal) const;

    campaign::Goal m_goal;
    std::vector<base::RegionName> m_regions; ///< that may be chosen
    std::vector<Group> m_groups;
    theme::SegmentedControl *m_atOnce;
    theme::SegmentedControl *m_stopAfter;
    theme::SegmentedControl *m_to;
    theme::SegmentedControl *m_until;
    theme::SegmentedControl *m_home;
};

} // namespace shardlens::ui::pages
