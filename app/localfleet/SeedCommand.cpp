// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Applications.h"
#include "app/localfleet/Ending.h"
#include "app/localfleet/seed/Seed.h"
#include "core/base/Iso8601.h"
#include "core/fleet/FleetFile.h"
#include "core/ids/Moment.h"

#include <array>
#include <cstdio>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace
{

std::string line(const seed::Progress &progress)
{
    std::array<char, 200> text{};
    std::snprintf(text.data(), text.size(), "%3d %%  %s: %lld of %lld rows, %.0f a second, %u of %u shards", progress.percent,
                  progress.doing.c_str(), static_cast<long long>(progress.rows), static_cast<long long>(progress.total),
                  progress.rowsPerSecond, progress.shards, progress.shardsTotal);
    return text.data();
}

std::string line(const seed::Outcome &outcome)
{
    std::array<char, 200> text{};
    if (outcome.wasThere)
        std::snprintf(text.data(), text.size(), "already seeded: %u users, %u media", outcome.users, outcome.media);
    else
        std::snprintf(text.data(), text.size(), "seeded %u users and %u media: %lld rows, %u shards made, in %.1f s", outcome.users,
                      outcome.media, static_cast<long long>(outcome.rows), outcome.shardsMade,
                      static_cast<double>(outcome.took.count()) / 1000);
    // What --seed and --now take to make the same again.
    return text.data() + (" (seed " + std::to_string(outcome.seed) + ", now " + base::isoUtc(base::UtcTime(base::milliseconds(outcome.nowMs))) + ")");
}

} // namespace

base::Result<void> seedFleet(const Ground &ground, const SeedRequest &request)
{
    const auto now = ids::parseMoment(request.now);
    if (!request.now.empty() && !now)
        return base::fail(base::ErrorCode::BadInput, "--now: '" + request.now + "' is no time; expected 2026-01-29T21:00:00Z or Unix milliseconds");
    const auto fleet = fleet::readFleetFile(ground.home.fleetFile().string());
    if (!fleet)
        return base::fail(base::ErrorCode::BadInput, fleet::sentence(fleet.error().complaints.front(), ground.home.fleetFile().string()));
    const bool onTerminal = ::isatty(STDOUT_FILENO) == 1;
    int toldPercent = -10;
    const auto tell = [&](const seed::Progress &progress) {
        // On a terminal one line that moves; in a log a line each tenth.
        if (onTerminal)
            std::printf("\r\033[K%s", line(progress).c_str());
        else if (progress.percent >= toldPercent + 10)
            std::printf("%s\n", line(progress).c_str());
        else
            return;
        toldPercent = progress.percent;
        std::fflush(stdout);
    };
    const seed::Options options{request.users, request.media, request.seed, now};
    const auto outcome = seed::seed(*fleet, options, tell, raisedByEnding());
    std::printf("%s", onTerminal ? "\r\033[K" : "");
    if (!outcome)
        return base::fail(outcome.error());
    std::printf("%s\n", line(*outcome).c_str());
    return {};
}

} // namespace shardlens::localfleet
