// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shardlens::cacheflow {

/// Who waits for which key's fill, among the lease clients of one process that share this. Only waits pay for it, not hits. Any thread.
class HerdBook
{
public:
    void arrive(std::string_view key);
    /// The last to leave is told how many waited at most at once.
    [[nodiscard]] std::optional<std::uint32_t> leave(std::string_view key);

private:
    struct Crowd {
        std::uint32_t waiting = 0;
        std::uint32_t most = 0;
    };
    std::mutex m_mutex;
    std::unordered_map<std::string, Crowd> m_crowds; ///< of keys that are waited for now
};

} // namespace shardlens::cacheflow
