// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Known.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::facts {

/// A row of pg_db_role_setting: a role's or a database's own value of a setting, which goes before the server's for new sessions.
struct RoleSetting {
    std::string role;     ///< may log in; empty: every role
    std::string database; ///< takes connections; empty: every database
    std::string name;
    std::string value;    ///< as it was given: "off", "false", "0"
    bool operator==(const RoleSetting &) const = default;
};

/// What a move of a cluster's primary must know of a member, and that seldom changes: read every 15 s, between two polls.
/// What the observing user may not read is Unknown with the missing grant. PostgreSQL 13 or newer.
struct MoveReading {
    Instant readAt;                        ///< on the observer's clock
    std::int32_t preparedTransactions = 0; ///< pg_prepared_xact()
    Known<microseconds> oldestPrepared = notAsked<microseconds>(); ///< NoValue: none
    std::int32_t baseBackups = 0;          ///< under way from this server: pg_stat_progress_basebackup
    std::int32_t subscriptions = 0;        ///< pg_subscription, of the database that was entered
    Known<std::int64_t> archiveWaiting = notAsked<std::int64_t>(); ///< finished segments not archived yet: pg_ls_archive_statusdir(), which pg_monitor may
    bool archiveFailing = false;           ///< pg_stat_archiver: the newest attempt failed
    /// pg_hba.conf as the file stands, a rule a text ("host all all 127.0.0.1 255.255.255.255 scram-sha-256"), in the file's order; a rule that
    /// the server could not read begins with "error: ". NoRights where pg_hba_file_rules() was not granted.
    Known<std::vector<std::string>> hbaRules = notAsked<std::vector<std::string>>();
    /// What the database that was entered lacks of facts::clusterParts(), by their names, in their order. NotAskedYet where nobody said which.
    Known<std::vector<std::string>> lacks = notAsked<std::vector<std::string>>();
    std::vector<std::string> notInstalled; ///< of the extensions among those: this machine's Postgres has no files of it
    std::vector<std::string> makers;       ///< of the fleet file's users: superusers, who may make all parts
    std::vector<std::string> schemaMakers; ///< likewise: no superusers, but may make what lies in the schema, and give rights on it
    std::optional<UtcTime> termRaisedAt;   ///< on the clock of who was promoted then; nothing: no move raised the term yet, or it may not be read
    /// Those of default_transaction_read_only and transaction_read_only, whatever their value.
    Known<std::vector<RoleSetting>> readOnlySettings = notAsked<std::vector<RoleSetting>>();
    std::vector<std::string> managers;     ///< who else may promote or demote it, by their sessions, schemas and libraries: "patroni", "repmgr", "pg_auto_failover"

    bool operator==(const MoveReading &) const = default;
};

} // namespace shardlens::facts
