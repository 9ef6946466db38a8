// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/ShardHistory.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

namespace shardlens::observe {

namespace {

constexpr float notKnown = std::numeric_limits<float>::quiet_NaN();

bool sameKeys(const std::vector<facts::ShardKey> &keys, const std::vector<facts::Shard> &shards)
{
    return std::equal(keys.begin(), keys.end(), shards.begin(), shards.end(), [](const facts::ShardKey &key, const facts::Shard &shard) { return key == shard.key; });
}

} // namespace

std::optional<facts::ShardKey> shardOf(const std::string &subject)
{
    const auto slash = subject.rfind('/');
    if (slash == std::string::npos)
        return std::nullopt;
    facts::ShardKey key{base::PartitionName(subject.substr(0, slash)), {}};
    const char *end = subject.data() + subject.size();
    const auto [read, error] = std::from_chars(subject.data() + slash + 1, end, key.number.value);
    return error == std::errc() && read == end ? std::optional(key) : std::nullopt;
}

void ShardHistory::add(const std::shared_ptr<const facts::ShardMap> &map, std::int64_t second, facts::Instant readSince)
{
    if (!map || map->shards.empty() || map->version == m_version)
        return;
    m_version = map->version;
    const std::int64_t minute = second / stepSeconds;
    if (!m_columns.empty() && m_columns.back().minute == minute)
        m_columns.pop_back();
    Column column;
    column.minute = minute;
    if (!m_columns.empty() && sameKeys(*m_columns.back().keys, map->shards)) {
        column.keys = m_columns.back().keys;
    } else {
        auto keys = std::make_shared<Keys>();
        keys->reserve(map->shards.size());
        for (const facts::Shard &shard : map->shards)
            keys->push_back(shard.key);
        column.keys = std::move(keys);
    }
    column.writes.reserve(map->shards.size());
    column.bytes.reserve(map->shards.size());
    std::set<base::ClusterName> read;
    for (const auto &[cluster, readAt] : map->observedReadAt) {
        if (readAt >= readSince)
            read.insert(cluster);
    }
    for (const facts::Shard &shard : map->shards) {
        const bool isRead = read.contains(shard.cluster());
        column.writes.push_back(isRead && shard.writesPerSecond ? static_cast<float>(*shard.writesPerSecond) : notKnown);
        column.bytes.push_back(isRead && shard.size ? static_cast<float>(shard.size->count) : notKnown);
    }
    m_columns.push_back(std::move(column));
    while (m_columns.front().minute <= minute - static_cast<std::int64_t>(stepsKept))
        m_columns.pop_front();
}

void ShardHistory::forgetAfter(std::int64_t second)
{
    while (!m_columns.empty() && m_columns.back().minute > second / stepSeconds)
        m_columns.pop_back();
}

std::optional<double> ShardHistory::at(facts::Measure measure, const std::string &subject, std::int64_t minute) const
{
    const auto key = shardOf(subject);
    const auto column = std::lower_bound(m_columns.begin(), m_columns.end(), minute, [](const Column &c, std::int64_t wanted) { return c.minute < wanted; });
    if (!key || column == m_columns.end() || column->minute != minute)
        return std::nullopt;
    const auto found = std::lower_bound(column->keys->begin(), column->keys->end(), *key);
    if (found == column->keys->end() || *found != *key)
        return std::nullopt;
    const auto index = static_cast<std::size_t>(found - column->keys->begin());
    const float value = measure == facts::Measure::ShardBytes ? column->bytes[index] : column->writes[index];
    return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

std::optional<std::int64_t> ShardHistory::oldest() const
{
    return m_columns.empty() ? std::nullopt : std::optional(m_columns.front().minute);
}

std::optional<std::int64_t> ShardHistory::newest() const
{
    return m_columns.empty() ? std::nullopt : std::optional(m_columns.back().minute);
}

} // namespace shardlens::observe
