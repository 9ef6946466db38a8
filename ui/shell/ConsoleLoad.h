// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstdint>
#include <optional>

namespace shardlens::ui::shell {

/// What this console itself costs, from /proc/self; nothing where that cannot be read. One thread.
class ConsoleLoad
{
public:
    struct Reading {
        std::optional<double> cpuShare; ///< of one core, since the last reading; nothing at the first
        std::int64_t residentBytes = 0;
    };
    [[nodiscard]] std::optional<Reading> read(base::Instant now);

private:
    std::optional<double> m_cpuSeconds;
    base::Instant m_at;
};

} // namespace shardlens::ui::shell
