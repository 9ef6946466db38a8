// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/traffic/Town.h"

#include "core/ids/Anatomy.h"

#include <algorithm>
#include <charconv>
#include <mutex>

namespace shardlens::traffic
{

using base::ErrorCode;
using base::Result;

namespace
{

constexpr base::milliseconds readDeadline{10'000};
constexpr int mostPeople = 200'000;

const fleet::Partition *holding(const fleet::Fleet &fleet, const std::string &table)
{
    const auto found = std::find_if(fleet.partitions.begin(), fleet.partitions.end(), [&](const auto &partition) {
        return std::find(partition.tables.begin(), partition.tables.end(), table) != partition.tables.end();
    });
    return found == fleet.partitions.end() ? nullptr : &*found;
}

} // namespace

std::uint64_t toId(const std::string &text)
{
    std::uint64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    return id;
}

Town::Town(const fleet::Fleet &fleet) : m_fleet(fleet), m_users(holding(fleet, "users")), m_media(holding(fleet, "media")) {}

Result<void> Town::read(postgres::Session &directory)
{
    if (!m_users || !m_media)
        return base::fail(ErrorCode::NotFound, "the fleet file declares no partitions with the tables users and media");
    const auto rows = directory.exec(
        "select user_id from " + m_fleet.directory->schema + ".names order by user_id limit " + std::to_string(mostPeople), readDeadline);
    if (!rows)
        return base::fail(rows.error());
    if (rows->isEmpty())
        return base::fail(ErrorCode::NotFound, "there are no users: seed the fleet first");
    {
        const std::unique_lock lock(m_mutex);
        for (const auto &row : rows->rows)
            m_people.push_back(toId(row.front().value_or("")));
    }
    return readMap(directory);
}

Result<void> Town::readMap(postgres::Session &directory)
{
    const auto rows = directory.exec("select partition, shard, cluster from " + m_fleet.directory->schema + ".shard_map", readDeadline);
    if (!rows)
        return base::fail(rows.error());
    std::map<std::pair<std::string, std::uint32_t>, base::ClusterName> map;
    for (const auto &row : rows->rows)
        map[{row[0].value_or(""), static_cast<std::uint32_t>(toId(row[1].value_or("")))}] = base::ClusterName(row[2].value_or(""));
    const std::unique_lock lock(m_mutex);
    m_map = std::move(map);
    return {};
}

std::uint64_t Town::anybody(seed::Random &random) const
{
    const std::shared_lock lock(m_mutex);
    const double far = random.unit();
    return m_people[static_cast<std::size_t>(far * far * static_cast<double>(m_people.size()))];
}

Result<Place> Town::place(const fleet::Partition *partition, std::uint64_t id) const
{
    const auto shard = ids::anatomy(id, m_fleet.idLayout).shard.value;
    const std::shared_lock lock(m_mutex);
    const auto found = m_map.find({partition->name.text(), shard});
    if (found == m_map.end())
        return base::fail(ErrorCode::NotFound, "no cluster is declared for shard " + std::to_string(shard));
    return Place{found->second, fleet::expand(partition->schemaPattern, "shard", std::to_string(shard))};
}

} // namespace shardlens::traffic
