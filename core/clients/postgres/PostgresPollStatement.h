// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace shardlens::clients {

/// A table that may or may not be there, and how its columns are called.
struct PollTable {
    std::string schema;
    std::string table;

    /// "shardlens.heartbeat" taken apart; without a dot the schema is public.
    [[nodiscard]] static PollTable named(const std::string &qualified);
    [[nodiscard]] std::string quoted() const; ///< "schema"."table"
    bool operator==(const PollTable &) const = default;
};

/// What a table turned out to be when looked for.
enum class TableState { NotDeclared, Missing, NoRights, OtherColumns, Readable };

/// What this user may ask of this server now. Found once a connection, and again now and then.
struct PollAbilities {
    int version = 0;       ///< server_version_num
    bool monitor = false;  ///< sees other users' sessions and replication (pg_monitor, pg_read_all_stats)
    bool control = false;  ///< may call pg_control_system(), pg_control_recovery(), pg_control_checkpoint()
    bool hba = false;      ///< may call pg_hba_file_rules()
    bool archive = false;  ///< may call pg_ls_archive_statusdir()
    bool roleSettings = false; ///< may read pg_db_role_setting and pg_roles, as everybody may unless that was taken away
    TableState heartbeat = TableState::NotDeclared;
    TableState term = TableState::NotDeclared;
    bool operator==(const PollAbilities &) const = default;
};

/// Columns of the poll's one row, in the statement's order.
enum class PollColumn {
    SystemIdentifier, InRecovery, WalFile, Now, StartedAt, ConfigLoadedAt, Current, Flushed, Received, Replayed, LastReplayedCommit,
    PauseState, Brake, Senders, Receiver, Slots, Connections, Counters, ControlTimelines, Heartbeats, Term,
    OldestTransaction, Blocker,
};

/// Makes the session read-only and quiet; sent once, before anything else.
extern const char *const sessionSettings;

/// Asks what `PollAbilities` tells; one row of flags. For the tables given; either may be empty.
[[nodiscard]] std::string abilitiesQuery(const PollTable &heartbeat, const PollTable &term);

/// The poll: one statement, one row, everything that is observed each second. PostgreSQL 13 or newer.
[[nodiscard]] std::string pollStatement(const PollAbilities &abilities, const PollTable &heartbeat, const PollTable &term);

/// The settings that matter for a move, as (name, value) rows.
extern const char *const settingsQuery;

/// One row with one JSON object: what `facts::MoveReading` tells. `parts`: facts::partsQuery(); empty: parts are not asked for.
[[nodiscard]] std::string moveQuery(const PollAbilities &abilities, const PollTable &term, const std::string &parts);

} // namespace shardlens::clients
