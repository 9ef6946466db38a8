// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/CampaignPlan.h"
#include "core/facts/Snapshot.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace shardlens::ui::operate {

/// The campaign's plan that a person reads, as PlanWatch keeps a single one: made anew from each snapshot; once all that it rests on
/// was read, what differs is told and the one that was read stays. One thread.
class CampaignWatch
{
public:
    void ask(const campaign::Goal &goal, const campaign::Options &options); ///< another question: what was read is forgotten
    void see(const facts::Snapshot &snapshot);
    void again(); ///< reads the newest in place of the one that has changed

    [[nodiscard]] const campaign::Goal &goal() const { return m_goal; }
    [[nodiscard]] const campaign::Options &options() const { return m_options; }
    [[nodiscard]] const std::optional<campaign::CampaignPlan> &shown() const { return m_shown; }
    [[nodiscard]] const std::string &error() const { return m_error; }
    [[nodiscard]] bool isSettled() const { return m_settled; }
    [[nodiscard]] std::size_t notRead() const { return m_notRead; } ///< servers that it rests on and nobody has read yet
    [[nodiscard]] bool isChanged() const { return m_newest.has_value(); }
    [[nodiscard]] const std::vector<shardlens::operate::Difference> &differences() const { return m_differences; }

private:
    campaign::Goal m_goal;
    campaign::Options m_options;
    std::optional<campaign::CampaignPlan> m_shown;
    std::optional<campaign::CampaignPlan> m_newest; ///< where it is another than the one shown
    std::vector<shardlens::operate::Difference> m_differences;
    std::size_t m_notRead = 0;
    std::string m_error;
    bool m_isAllRead = false;
    bool m_settled = false;
};

} // namespace shardlens::ui::operate
