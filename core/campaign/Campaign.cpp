// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Campaign.h"

#include <algorithm>
#include <array>

namespace shardlens::campaign {

namespace {

constexpr std::array<std::string_view, 11> moveStates{"left", "waiting", "starting", "moving", "settling", "done", "incomplete", "rolled_back", "failed", "in_doubt", "not_begun"};
constexpr std::array<std::string_view, 6> outcomes{"done", "incomplete", "stopped", "failed", "in_doubt", "abandoned"};
constexpr std::array<std::string_view, 3> stops{"no", "after_wave", "now"};
constexpr std::array<std::string_view, 4> markStates{"none", "set", "lifted", "failed"};

Move moveOf(const Row &row)
{
    Move move;
    move.subject = row.subject;
    move.isGroup = row.isGroup;
    move.isDirectory = row.isDirectory;
    move.act = operate::actOf(row.intent);
    move.from = row.from;
    move.to = row.to;
    move.wave = row.wave;
    move.fit = row.fit;
    for (const operate::Check &check : row.blocking)
        move.why.emplace_back(operate::name(check.id));
    if (row.pause.expected)
        move.expectedPause = *row.pause.expected;
    move.state = row.wave == 0 ? MoveState::Left : MoveState::Waiting;
    return move;
}

} // namespace

bool hasEnded(MoveState state)
{
    return state == MoveState::Left || state >= MoveState::Done;
}

bool hasFailed(MoveState state)
{
    return state == MoveState::RolledBack || state == MoveState::Failed || state == MoveState::InDoubt;
}

unsigned Campaign::failures() const
{
    return static_cast<unsigned>(std::count_if(moves.begin(), moves.end(), [](const Move &one) { return hasFailed(one.state); }));
}

unsigned Campaign::moved() const
{
    return static_cast<unsigned>(std::count_if(moves.begin(), moves.end(), [](const Move &one) { return one.flowsAt && !hasFailed(one.state); }));
}

std::optional<base::microseconds> Campaign::longestPause() const
{
    std::optional<base::microseconds> longest;
    for (const Move &one : moves) {
        if (one.pause)
            longest = std::max(longest.value_or(base::microseconds(0)), *one.pause);
    }
    return longest;
}

const Move *Campaign::move(const std::string &subject) const
{
    const auto found = std::find_if(moves.begin(), moves.end(), [&](const Move &one) { return one.subject == subject; });
    return found == moves.end() ? nullptr : &*found;
}

Campaign campaignFor(const CampaignPlan &plan)
{
    Campaign campaign;
    campaign.goal = plan.goal;
    campaign.options = plan.options;
    campaign.waves = plan.waves;
    campaign.setsMark = plan.setsMark;
    campaign.liftsMark = plan.liftsMark;
    for (const Row &row : plan.rows)
        campaign.moves.push_back(moveOf(row));
    for (const ManualStep &step : plan.manual)
        campaign.manual.push_back({step, {}, {}});
    return campaign;
}

std::string_view name(MoveState state)
{
    return moveStates.at(static_cast<std::size_t>(state));
}

std::string_view name(Outcome outcome)
{
    return outcomes.at(static_cast<std::size_t>(outcome));
}

std::string_view name(Stop stop)
{
    return stops.at(static_cast<std::size_t>(stop));
}

std::string_view name(MarkState state)
{
    return markStates.at(static_cast<std::size_t>(state));
}

} // namespace shardlens::campaign
