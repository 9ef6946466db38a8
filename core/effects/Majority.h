// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <thread>

namespace shardlens::effects {

/// How long those that have not answered are waited for once enough have: a frozen server takes no more of an operation's deadline.
inline constexpr base::milliseconds lateGrace{500};
inline constexpr const char *silentText = "no answer yet when the others had answered";

/// When the next of `left` members that are asked one after the other must have answered, for each of the others to get its share.
[[nodiscard]] inline base::Instant shareOf(base::Instant deadline, std::size_t left)
{
    const base::Instant now = std::chrono::steady_clock::now();
    return deadline <= now || left < 2 ? deadline : now + (deadline - now) / static_cast<std::int64_t>(left);
}

/// The answers of `asked`, by who gave them: all, or those that were there `lateGrace` after `needed` of them were good, or at `deadline`.
/// `silent` are not waited for any more once enough were good: they were seen not to answer just before. Whoever has not answered by then is moved to `late`, whose futures still run: keep it as long as what they use. One thread.
template <typename Id, typename Value>
[[nodiscard]] std::map<Id, base::Result<Value>> awaitMajority(std::map<Id, std::future<base::Result<Value>>> asked, std::size_t needed,
                                                              base::Instant deadline, std::map<Id, std::future<base::Result<Value>>> &late, const std::set<Id> &silent = {})
{
    constexpr base::milliseconds lookAgainAfter{1};
    std::map<Id, base::Result<Value>> answers;
    std::size_t good = 0;
    base::Instant until = deadline + lateGrace; // who keeps the deadline tells by itself why it failed
    while (!asked.empty()) {
        for (auto it = asked.begin(); it != asked.end();) {
            if (it->second.wait_for(base::milliseconds(0)) != std::future_status::ready) {
                ++it;
                continue;
            }
            auto answer = it->second.get();
            if (answer && ++good == needed)
                until = std::min(until, std::chrono::steady_clock::now() + lateGrace);
            answers.emplace(it->first, std::move(answer));
            it = asked.erase(it);
        }
        const bool onlySilent = good >= needed && std::all_of(asked.begin(), asked.end(), [&](const auto &each) { return silent.contains(each.first); });
        if (onlySilent || std::chrono::steady_clock::now() >= until)
            break;
        std::this_thread::sleep_for(lookAgainAfter);
    }
    late.merge(asked);
    return answers;
}

} // namespace shardlens::effects
