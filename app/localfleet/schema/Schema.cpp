// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/schema/Schema.h"

#include "app/localfleet/schema/Texts.h"
#include "core/facts/SqlTexts.h"

namespace shardlens::schema
{

namespace
{

void replaceAll(std::string &text, const std::string &what, const std::string &with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

} // namespace

std::string grants()
{
    return facts::grantsText;
}

std::string cluster()
{
    return facts::clusterText;
}

std::string directory()
{
    return directoryText;
}

std::string shard(const base::PartitionName &partition, const std::string &schemaName, base::ShardNumber number,
                  const ids::IdLayout &layout)
{
    std::string text = partition.text() == "media" ? mediaShardText : usersShardText;
    replaceAll(text, "{schema}", schemaName);
    replaceAll(text, "{shard}", std::to_string(number.value));
    replaceAll(text, "{epoch_ms}", std::to_string(layout.epochMs));
    replaceAll(text, "{time_shift}", std::to_string(layout.shardBits + layout.sequenceBits));
    replaceAll(text, "{shard_shift}", std::to_string(layout.sequenceBits));
    replaceAll(text, "{sequence_modulus}", std::to_string(layout.lastSequence() + 1));
    return text;
}

base::ClusterName placement(const fleet::Fleet &fleet, const fleet::Partition &partition, base::ShardNumber number)
{
    std::vector<base::ClusterName> clusters;
    for (const auto &cluster : fleet.clusters) {
        if (cluster.partition == partition.name)
            clusters.push_back(cluster.name);
    }
    if (clusters.empty() || number.value >= partition.shardCount)
        return {};
    return clusters[std::uint64_t(number.value) * clusters.size() / partition.shardCount];
}

} // namespace shardlens::schema
