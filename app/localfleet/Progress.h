// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <functional>
#include <mutex>
#include <string>

namespace shardlens::localfleet
{

/// What a person watches while something takes seconds: lines with the time that has passed. Thread-safe.
class Progress
{
public:
    using Sink = std::function<void(const std::string &line)>;
    /// An empty sink swallows everything.
    explicit Progress(Sink sink = {}) : m_sink(std::move(sink)), m_begin(std::chrono::steady_clock::now()) {}

    void say(const std::string &what); ///< "  3.2 s  5 clusters made"
    [[nodiscard]] double seconds() const;

private:
    Sink m_sink;
    base::Instant m_begin;
    std::mutex m_mutex;
};

} // namespace shardlens::localfleet
