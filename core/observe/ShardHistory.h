// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"
#include "core/facts/ShardMap.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::observe {

/// What each shard wrote and how large it was over the last hour, one value a minute: columns of floats, not a track a shard,
/// as there are thousands. 8,192 shards take about 4 MB. One thread.
class ShardHistory
{
public:
    static constexpr std::int64_t stepSeconds = 60;
    static constexpr std::size_t stepsKept = 62;

    /// Adds a map that was not added yet; the minute it belongs to is that of `second`. Of a cluster whose catalogs were not read since
    /// `readSince` nothing is known then, though the map keeps what it read last.
    void add(const std::shared_ptr<const facts::ShardMap> &map, std::int64_t second, facts::Instant readSince);
    void forgetAfter(std::int64_t second);

    [[nodiscard]] std::optional<double> at(facts::Measure measure, const std::string &subject, std::int64_t minute) const;
    [[nodiscard]] std::optional<std::int64_t> oldest() const;
    [[nodiscard]] std::optional<std::int64_t> newest() const;

private:
    using Keys = std::vector<facts::ShardKey>;
    struct Column {
        std::int64_t minute = 0;
        std::shared_ptr<const Keys> keys; ///< sorted; shared between columns while the shards stay the same
        std::vector<float> writes;        ///< NaN = not known
        std::vector<float> bytes;
    };

    std::deque<Column> m_columns;
    std::uint64_t m_version = 0;
};

/// "users/17" taken apart; nothing if it is no shard's subject.
[[nodiscard]] std::optional<facts::ShardKey> shardOf(const std::string &subject);

} // namespace shardlens::observe
