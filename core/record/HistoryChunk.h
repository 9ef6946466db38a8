// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"

#include <QByteArray>

#include <array>
#include <cstdint>
#include <optional>

namespace shardlens::record {

/// Ten minutes of one series: sixty steps of 10 s, each with min, mean, max and the number of observations (0 = gap).
/// On disk a step is 16 bytes, little-endian: three 32-bit floats and a 32-bit count. Times are whole seconds since the
/// Unix epoch. Any thread.
class HistoryChunk
{
public:
    static constexpr std::int64_t stepSeconds = 10;
    static constexpr std::int64_t steps = 60;
    static constexpr std::int64_t seconds = stepSeconds * steps;

    /// The beginning of the chunk that `second` lies in.
    [[nodiscard]] static constexpr std::int64_t startOf(std::int64_t second) { return second - second % seconds; }

    /// Nothing if the bytes are not a chunk's.
    [[nodiscard]] static std::optional<HistoryChunk> unpacked(const QByteArray &bytes);
    [[nodiscard]] QByteArray packed() const;

    void set(const facts::SeriesPoint &point); ///< into the step that its time falls in
    void overlay(const HistoryChunk &newer);   ///< takes each step that `newer` has
    [[nodiscard]] facts::SeriesPoint at(std::int64_t start, std::int64_t step) const;

private:
    struct Step {
        float min = 0;
        float mean = 0;
        float max = 0;
        std::uint32_t count = 0;
    };
    std::array<Step, steps> m_steps{};
};

} // namespace shardlens::record
