// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::inspect::access {

/// What the console reads of a server. A column of the table; which of them a server has follows from its kind.
enum class Need : std::uint8_t {
    Connect,   ///< all: logging in
    Identity,  ///< Postgres: pg_control_system() and its like
    Lag,       ///< Postgres: roles, pg_stat_replication and pg_stat_wal_receiver in full
    Slots,     ///< Postgres: pg_replication_slots
    Sizes,     ///< Postgres: schemas and the catalogs' estimates of their sizes
    Settings,  ///< Postgres: all settings; Redis: CONFIG GET
    Activity,  ///< Postgres: pg_stat_activity in full
    Clock,     ///< Postgres: clock_timestamp()
    Heartbeat, ///< Postgres: the declared heartbeat table
    Directory, ///< Postgres: the declared shard map; on the directory's servers only
    Parts,     ///< Postgres: what moves, guards and caches need of a cluster's database (facts::clusterParts()); needed for acting only
    Manager,   ///< Postgres: repmgr's tables; on servers whose cluster it manages only
    Stats,     ///< pgbouncer: SHOW; Redis: INFO; memcached: stats
    SlowLog,   ///< Redis: SLOWLOG GET
    Admin,     ///< pgbouncer: its commands; needed for acting only
};

enum class Verdict : std::uint8_t { Yes, No, NotTried };

struct Answer {
    Need need = Need::Connect;
    Verdict verdict = Verdict::NotTried;
    std::string why;   ///< what the server said, or why it was not tried; empty for Yes
    std::string grant; ///< the statement or line that would grant it; empty where there is none
};

/// A row of the table.
struct ServerAccess {
    fleet::ServerId server;
    fleet::ServerKind kind = fleet::ServerKind::Postgres;
    std::string user;            ///< as whom; empty where there are no users
    std::vector<Answer> answers; ///< one each need of its kind that this server has, in the order of Need

    [[nodiscard]] const Answer *answer(Need need) const;
};

[[nodiscard]] std::string_view name(Need need);       ///< connect, identity, lag, …: stable, as in JSON
[[nodiscard]] std::string_view name(Verdict verdict); ///< yes, no, not_tried

/// The needs of a kind of server, in the order of the columns.
[[nodiscard]] std::vector<Need> needsOf(fleet::ServerKind kind);

} // namespace shardlens::inspect::access
