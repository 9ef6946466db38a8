// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/RedisPollInfo.h"

#include <charconv>
#include <cstdlib>
#include <string>
#include <unordered_map>

namespace shardlens::clients {

namespace {

using Fields = std::unordered_map<std::string_view, std::string_view>;

std::int64_t numberOf(std::string_view text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

struct Info {
    Fields fields;

    [[nodiscard]] std::string_view text(std::string_view name) const
    {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string_view() : found->second;
    }
    [[nodiscard]] std::int64_t number(std::string_view name) const { return numberOf(text(name)); }
    [[nodiscard]] std::int32_t count(std::string_view name) const { return static_cast<std::int32_t>(number(name)); }
};

Info parse(std::string_view info)
{
    Info out;
    out.fields.reserve(256);
    while (!info.empty()) {
        const auto end = info.find('\n');
        std::string_view line = info.substr(0, end);
        info = end == std::string_view::npos ? std::string_view() : info.substr(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && !line.starts_with('#'))
            out.fields.emplace(line.substr(0, colon), line.substr(colon + 1));
    }
    return out;
}

// A member of "ip=10.0.0.1,port=6379,state=online,offset=14,lag=0".
std::string_view member(std::string_view list, std::string_view name)
{
    while (!list.empty()) {
        const auto end = list.find(',');
        const auto one = list.substr(0, end);
        list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
        if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
            return one.substr(name.size() + 1);
    }
    return {};
}

void readReplication(const Info &info, facts::RedisSample &sample)
{
    sample.isPrimary = info.text("role") == "master";
    sample.replicationId = info.text("master_replid");
    sample.offset = info.number("master_repl_offset");
    sample.backlogSize = {info.number("repl_backlog_size")};
    if (!info.text("min_slaves_good_slaves").empty())
        sample.goodReplicas = info.number("min_slaves_good_slaves");
    for (int i = 0; i < info.count("connected_slaves"); ++i) {
        const auto line = info.text("slave" + std::to_string(i));
        if (line.empty())
            continue;
        sample.replicas.push_back({std::string(member(line, "ip")), static_cast<std::int32_t>(numberOf(member(line, "port"))),
                                   std::string(member(line, "state")), numberOf(member(line, "offset")),
                                   static_cast<std::int32_t>(numberOf(member(line, "lag")))});
    }
    if (sample.isPrimary)
        return;
    facts::ReplicaLink link;
    link.primaryHost = info.text("master_host");
    link.primaryPort = info.count("master_port");
    link.up = info.text("master_link_status") == "up";
    link.syncing = info.number("master_sync_in_progress") != 0;
    link.secondsSinceLastIo = info.count("master_last_io_seconds_ago");
    if (info.text("master_link_down_since_seconds").empty() || info.number("master_link_down_since_seconds") < 0)
        link.downSinceSeconds = facts::unknown(facts::WhyUnknown::NoValue);
    else
        link.downSinceSeconds = info.number("master_link_down_since_seconds");
    link.offset = info.number("slave_repl_offset");
    sample.link = std::move(link);
}

// A server that has just started reports the time of its start as its last save.
facts::Known<facts::UtcTime> lastSave(const Info &info)
{
    const std::int64_t saved = info.number("rdb_last_save_time");
    if (saved <= 0)
        return facts::unknown(facts::WhyUnknown::NotSupported);
    const std::int64_t now = info.number("server_time_usec") / 1'000'000;
    if (now > 0 && saved <= now - info.number("uptime_in_seconds") + 1)
        return facts::unknown(facts::WhyUnknown::NoValue);
    return facts::UtcTime(std::chrono::seconds(saved));
}

} // namespace

bool readRedisInfo(std::string_view text, facts::RedisSample &sample)
{
    const Info info = parse(text);
    if (info.text("run_id").empty() || info.text("role").empty())
        return false;
    sample.version = info.text("redis_version");
    sample.runId = info.text("run_id");
    sample.processId = info.count("process_id");
    sample.uptime = std::chrono::seconds(info.number("uptime_in_seconds"));
    readReplication(info, sample);
    sample.usedMemory = {info.number("used_memory")};
    sample.residentMemory = {info.number("used_memory_rss")};
    sample.maxMemory = {info.number("maxmemory")};
    sample.maxMemoryPolicy = info.text("maxmemory_policy");
    if (info.text("allocator_frag_ratio").empty())
        sample.fragmentation = facts::unknown(facts::WhyUnknown::NotSupported);
    else
        sample.fragmentation = std::strtod(std::string(info.text("allocator_frag_ratio")).c_str(), nullptr);
    sample.appendOnly = info.number("aof_enabled") != 0;
    sample.lastSaveFailed = info.text("rdb_last_bgsave_status") == "err";
    sample.lastSaveAt = lastSave(info);
    sample.changesSinceSave = info.number("rdb_changes_since_last_save");
    sample.lastAppendFailed = info.text("aof_last_write_status") == "err";
    sample.loading = info.number("loading") != 0;
    sample.connectedClients = info.count("connected_clients");
    sample.blockedClients = info.count("blocked_clients");
    sample.commandsProcessed = info.number("total_commands_processed");
    sample.keyspaceHits = info.number("keyspace_hits");
    sample.keyspaceMisses = info.number("keyspace_misses");
    sample.evictedKeys = info.number("evicted_keys");
    sample.expiredKeys = info.number("expired_keys");
    sample.rejectedConnections = info.number("rejected_connections");
    sample.fullSyncs = info.number("sync_full");
    for (const auto &[name, value] : info.fields) {
        if (!name.starts_with("db") || !value.starts_with("keys="))
            continue;
        sample.keys += numberOf(member(value, "keys"));
        sample.keysToExpire += numberOf(member(value, "expires"));
    }
    return true;
}

} // namespace shardlens::clients
