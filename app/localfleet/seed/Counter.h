// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/clients/wire/Wait.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace shardlens::seed
{

/// What things cost, against each other: shares of the progress shown. Measured once, roughly.
namespace cost
{
inline constexpr std::int64_t redisEntry = 1;
inline constexpr std::int64_t row = 5;
inline constexpr std::int64_t shard = 3000; ///< to make and analyze one
} // namespace cost

/// What the threads of one seeding share: how far they are, and the first failure, which stops them all. Any thread.
class Counter
{
public:
    explicit Counter(std::shared_ptr<wire::Interrupt> stop) : m_stop(std::move(stop)) {}

    std::atomic<std::int64_t> rows{0}; ///< and Redis entries
    std::atomic<std::int64_t> total{0};
    std::atomic<std::int64_t> work{0}; ///< in units of cost
    std::atomic<std::int64_t> workTotal{0};
    std::atomic<std::uint32_t> shards{0};
    std::atomic<std::uint32_t> shardsTotal{0};

    void add(std::int64_t count, std::int64_t costOfEach)
    {
        rows += count;
        work += count * costOfEach;
    }
    void fail(const base::Error &error)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_error)
            m_error = error; // what the stop makes the others say is only its echo
        m_stop->raise();
    }
    [[nodiscard]] std::optional<base::Error> error() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_error;
    }
    [[nodiscard]] const std::shared_ptr<wire::Interrupt> &stop() const { return m_stop; }

private:
    std::shared_ptr<wire::Interrupt> m_stop;
    mutable std::mutex m_mutex;
    std::optional<base::Error> m_error;
};

} // namespace shardlens::seed
