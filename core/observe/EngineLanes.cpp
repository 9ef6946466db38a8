// SPDX-License-Identifier: GPL-3.0-or-later
// Who is asked, over which loop: servers, guards, invalidators.
#include "core/base/LatencyMedian.h"
#include "core/clients/guard/GuardAnswer.h"
#include "core/clients/invalidator/InvalidatorAnswer.h"
#include "core/clients/loop/LinePoll.h"
#include "core/observe/EngineParts.h"
#include "core/observe/InvalidatorMemory.h"

#include <algorithm>

namespace shardlens::observe {

namespace {

std::vector<const fleet::Server *> nearestFirst(const fleet::Fleet &fleet, const base::RegionName &from)
{
    std::vector<const fleet::Server *> servers;
    for (const auto &server : fleet.servers)
        servers.push_back(&server);
    std::stable_partition(servers.begin(), servers.end(), [&](const fleet::Server *server) { return server->region == from; });
    return servers;
}

} // namespace

void EngineParts::makeLanes()
{
    std::size_t next = 0;
    for (const auto *server : nearestFirst(*m_fleet, m_dialling->from())) {
        auto &asking = m_asking[next % m_asking.size()];
        const Lane::Settings settings{server->id, m_fleet->thresholds.deadline, m_fleet->thresholds.downAfter, static_cast<std::uint32_t>(++next)};
        asking.lanes.push_back(std::make_unique<Lane>(asking.loop, m_dialling->clientFor(*server, asking.loop), settings, m_clock,
                                                      [this](std::shared_ptr<const facts::Observation> seen) { m_board.pin(std::move(seen)); },
                                                      [this](std::uint64_t round) { settled(round); }));
    }
    for (std::size_t i = 0; i < m_fleet->guards.size(); ++i)
        makeGuardLane(i, m_asking[next++ % m_asking.size()]);
    for (std::size_t i = 0; i < m_fleet->invalidators.size(); ++i)
        makeInvalidatorLane(i, m_asking[next++ % m_asking.size()]);
}

void EngineParts::makeGuardLane(std::size_t index, AskingLoop &asking)
{
    const auto &guard = m_fleet->guards[index];
    auto report = std::make_shared<facts::GuardReport>();
    report->region = guard.region;
    struct Beats {
        std::optional<std::int64_t> sequence;
        base::LatencyMedian took;
    };
    auto beats = std::make_shared<std::map<base::ClusterName, Beats>>();
    auto hear = [report, beats, clock = m_clock](std::string_view line) -> base::Result<void> {
        const auto answer = clients::parseGuardAnswer(line);
        if (!answer)
            return base::fail(answer.error());
        clients::fill(*report, *answer, *clock);
        for (auto &[cluster, beat] : report->beats) {
            Beats &known = (*beats)[cluster];
            if (beat.took && known.sequence != beat.sequence)
                known.took.add(*beat.took);
            known.sequence = beat.sequence;
            beat.usual = known.took.usual();
        }
        return {};
    };
    auto client = std::make_unique<clients::LinePoll>(asking.loop, m_dialling->resolver(), guard.address.from(m_dialling->from()),
                                                      std::string(clients::guardQuestion), std::move(hear));
    const Lane::Settings settings{base::ServerId("guard-" + guard.region.text()), m_fleet->thresholds.deadline, m_fleet->thresholds.downAfter,
                                  static_cast<std::uint32_t>(10000 + index)};
    asking.lanes.push_back(std::make_unique<Lane>(
        asking.loop, std::move(client), settings, m_clock,
        [this, index, report](const std::shared_ptr<const facts::Observation> &seen) {
            report->reach = seen->reach;
            m_board.pin(index, *report);
        },
        [this](std::uint64_t round) { settled(round); }));
}

void EngineParts::makeInvalidatorLane(std::size_t index, AskingLoop &asking)
{
    const auto &invalidator = m_fleet->invalidators[index];
    auto report = std::make_shared<facts::InvalidatorReport>();
    report->region = invalidator.region;
    auto known = std::make_shared<InvalidatorMemory>();
    auto hear = [report, known, clock = m_clock](std::string_view line) -> base::Result<void> {
        const auto answer = clients::parseInvalidatorAnswer(line);
        if (!answer)
            return base::fail(answer.error());
        clients::fill(*report, *answer, *clock);
        known->note(*report, clock->now());
        return {};
    };
    auto client = std::make_unique<clients::LinePoll>(asking.loop, m_dialling->resolver(), invalidator.address.from(m_dialling->from()),
                                                      std::string(clients::invalidatorQuestion), std::move(hear));
    const Lane::Settings settings{base::ServerId("invalidator-" + invalidator.region.text()), m_fleet->thresholds.deadline,
                                  m_fleet->thresholds.downAfter, static_cast<std::uint32_t>(20000 + index)};
    asking.lanes.push_back(std::make_unique<Lane>(
        asking.loop, std::move(client), settings, m_clock,
        [this, index, report](const std::shared_ptr<const facts::Observation> &seen) {
            report->reach = seen->reach;
            m_board.pin(index, *report);
        },
        [this](std::uint64_t round) { settled(round); }));
}

} // namespace shardlens::observe
