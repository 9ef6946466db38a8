// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/Reaching.h"

namespace shardlens::observe {

void noteAnswer(facts::Reach &reach, base::Instant asked, const base::Clock &clock)
{
    const auto now = clock.now();
    reach = {};
    reach.state = facts::ReachState::Answering;
    reach.lastAnswer = now;
    reach.lastAnswerUtc = clock.utcNow();
    reach.latency = std::chrono::duration_cast<base::microseconds>(now - asked);
}

void noteSilence(facts::Reach &reach, base::Instant asked, base::Error error, base::milliseconds downAfter, const base::Clock &clock)
{
    if (!reach.silentSince) {
        reach.silentSince = asked;
        reach.silentSinceUtc = clock.utcNow() - std::chrono::duration_cast<base::microseconds>(clock.now() - asked);
    }
    const bool isDown = error.code == base::ErrorCode::Refused || clock.now() - *reach.silentSince >= downAfter;
    reach.state = isDown ? facts::ReachState::Down : facts::ReachState::Late;
    ++reach.failuresInARow;
    reach.lastError = std::move(error);
}

} // namespace shardlens::observe
