// SPDX-License-Identifier: GPL-3.0-or-later
// The stable names of the enumerations, as JSON output, tests and exports carry them. Words for people are the ui's.
#include "core/facts/Lag.h"
#include "core/facts/Problem.h"
#include "core/facts/Reach.h"
#include "core/facts/Series.h"

namespace shardlens::facts {

std::string_view name(WhyUnknown why)
{
    switch (why) {
    case WhyUnknown::NotAskedYet: return "not_asked_yet";
    case WhyUnknown::NoValue: return "no_value";
    case WhyUnknown::NoRights: return "no_rights";
    case WhyUnknown::NotConfigured: return "not_configured";
    case WhyUnknown::NotSupported: return "not_supported";
    case WhyUnknown::NotAnalysed: return "not_analysed";
    case WhyUnknown::ServerSilent: return "server_silent";
    case WhyUnknown::Reset: return "reset";
    case WhyUnknown::Unreadable: return "unreadable";
    }
    return "unreadable";
}

std::string_view name(ReachState state)
{
    switch (state) {
    case ReachState::Asking: return "asking";
    case ReachState::Answering: return "answering";
    case ReachState::Late: return "late";
    case ReachState::Down: return "down";
    }
    return "asking";
}

std::string_view name(StandbyState state)
{
    switch (state) {
    case StandbyState::Streaming: return "streaming";
    case StandbyState::CatchingUp: return "catching_up";
    case StandbyState::Paused: return "paused";
    case StandbyState::NotStreaming: return "not_streaming";
    case StandbyState::Diverged: return "diverged";
    case StandbyState::Unknown: return "unknown";
    }
    return "unknown";
}

std::string_view name(LagRule rule)
{
    switch (rule) {
    case LagRule::ReplayLag: return "replay_lag";
    case LagRule::FreshHeartbeat: return "fresh_heartbeat";
    case LagRule::HeartbeatAge: return "heartbeat_age";
    case LagRule::CaughtUp: return "caught_up";
    case LagRule::LastExchange: return "last_exchange";
    case LagRule::None: return "none";
    }
    return "none";
}

std::string_view name(Severity severity)
{
    switch (severity) {
    case Severity::Critical: return "critical";
    case Severity::Warning: return "warning";
    case Severity::Unknown: return "unknown";
    }
    return "unknown";
}

std::string_view name(Rule rule)
{
    switch (rule) {
    case Rule::PrimaryDown: return "primary_down";
    case Rule::NoPrimary: return "no_primary";
    case Rule::TwoPrimaries: return "two_primaries";
    case Rule::WrongServer: return "wrong_server";
    case Rule::StandbyDown: return "standby_down";
    case Rule::StandbyNotStreaming: return "standby_not_streaming";
    case Rule::ReplayPaused: return "replay_paused";
    case Rule::Lag: return "lag";
    case Rule::SlotFilling: return "slot_filling";
    case Rule::ClockSkew: return "clock_skew";
    case Rule::ShardDrift: return "shard_drift";
    case Rule::RouterDown: return "router_down";
    case Rule::RouterMisdirected: return "router_misdirected";
    case Rule::RouterPaused: return "router_paused";
    case Rule::RedisPrimaryDown: return "redis_primary_down";
    case Rule::RedisTwoPrimaries: return "redis_two_primaries";
    case Rule::RedisReplicaDown: return "redis_replica_down";
    case Rule::RedisUnlinked: return "redis_unlinked";
    case Rule::RedisMemoryFull: return "redis_memory_full";
    case Rule::RedisNotSaved: return "redis_not_saved";
    case Rule::MediaMapEncoding: return "media_map_encoding";
    case Rule::CacheServerDown: return "cache_server_down";
    case Rule::ServerSlow: return "server_slow";
    case Rule::ServerLate: return "server_late";
    case Rule::RegionSilent: return "region_silent";
    case Rule::FactUnknown: return "fact_unknown";
    case Rule::RegionSlow: return "region_slow";
    case Rule::RouterWaiting: return "router_waiting";
    case Rule::PrimaryCutOff: return "primary_cut_off";
    case Rule::ReadOnly: return "read_only";
    case Rule::DiskFull: return "disk_full";
    case Rule::Connections: return "connections";
    case Rule::LockPileUp: return "lock_pile_up";
    case Rule::LongTransaction: return "long_transaction";
    case Rule::SyncStandbyLost: return "sync_standby_lost";
    case Rule::WritesFailing: return "writes_failing";
    case Rule::RouterSuspectedPaused: return "router_suspected_paused";
    case Rule::RouterRetrying: return "router_retrying";
    case Rule::LinkCut: return "link_cut";
    case Rule::LinkSlow: return "link_slow";
    case Rule::CacheCold: return "cache_cold";
    case Rule::CacheEvictingYoung: return "cache_evicting_young";
    case Rule::CacheRefusing: return "cache_refusing";
    case Rule::GuardDown: return "guard_down";
    case Rule::MaintenanceOverdue: return "maintenance_overdue";
    case Rule::RegionEvacuated: return "region_evacuated";
    case Rule::InvalidatorDown: return "invalidator_down";
    case Rule::InvalidationFailing: return "invalidation_failing";
    case Rule::InvalidationLate: return "invalidation_late";
    case Rule::CacheMustFlush: return "cache_must_flush";
    case Rule::CacheHeldBack: return "cache_held_back";
    case Rule::CacheStale: return "cache_stale";
    case Rule::LeaseStampede: return "lease_stampede";
    case Rule::MemberDown: return "member_down";
    case Rule::RedisReplicasMissing: return "redis_replicas_missing";
    }
    return "fact_unknown";
}

std::string_view name(Harm harm)
{
    switch (harm) {
    case Harm::WritesRefused: return "writes_refused";
    case Harm::DataWrong: return "data_wrong";
    case Harm::ReadsRefused: return "reads_refused";
    case Harm::RedundancyLost: return "redundancy_lost";
    case Harm::Slow: return "slow";
    case Harm::WillFail: return "will_fail";
    case Harm::NotSeen: return "not_seen";
    case Harm::Untidy: return "untidy";
    }
    return "untidy";
}

std::string_view name(Service service)
{
    switch (service) {
    case Service::Shards: return "shards";
    case Service::Directory: return "directory";
    case Service::Feeds: return "feeds";
    case Service::MediaMap: return "media_map";
    case Service::Sessions: return "sessions";
    case Service::Keys: return "keys";
    case Service::Cache: return "cache";
    case Service::None: return "none";
    }
    return "none";
}

std::string Problem::id() const
{
    // The most telling part of the place last, so that sorting by id keeps a rule's problems together.
    std::string id(name(rule));
    for (const std::string *part : {&place.region.text(), &place.cluster.text(), &place.group.text(), &place.pool.text(), &place.server.text(), &subject}) {
        id += '/';
        id += *part;
    }
    return id;
}

std::string_view name(Measure measure)
{
    switch (measure) {
    case Measure::LagSeconds: return "lag_seconds";
    case Measure::LagBytes: return "lag_bytes";
    case Measure::WorstLagSeconds: return "worst_lag_seconds";
    case Measure::RouterWrites: return "router_writes";
    case Measure::RouterWaiting: return "router_waiting";
    case Measure::Commits: return "commits";
    case Measure::WalBytes: return "wal_bytes";
    case Measure::RedisCommands: return "redis_commands";
    case Measure::CacheHitRatio: return "cache_hit_ratio";
    case Measure::CacheGets: return "cache_gets";
    case Measure::LatencySeconds: return "latency_seconds";
    case Measure::SlotRetainedBytes: return "slot_retained_bytes";
    case Measure::ShardWrites: return "shard_writes";
    case Measure::ShardBytes: return "shard_bytes";
    case Measure::InvalidationLag: return "invalidation_lag";
    case Measure::InvalidationBacklog: return "invalidation_backlog";
    case Measure::CacheClientHitRatio: return "cache_client_hit_ratio";
    case Measure::CacheDatabaseReads: return "cache_database_reads";
    case Measure::CacheReadsSaved: return "cache_reads_saved";
    }
    return "shard_bytes";
}

std::optional<Measure> measureNamed(std::string_view text)
{
    for (int i = 0; i <= static_cast<int>(Measure::CacheReadsSaved); ++i) {
        if (name(static_cast<Measure>(i)) == text)
            return static_cast<Measure>(i);
    }
    return std::nullopt;
}

} // namespace shardlens::facts
