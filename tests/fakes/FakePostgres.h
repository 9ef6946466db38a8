// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fakes/FakePeers.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace shardlens::fakes {

/// What a scripted Postgres says of itself. Shared between a test, which changes it under the mutex, and the peers' thread.
struct PostgresScript {
    std::mutex mutex;
    std::uint64_t systemIdentifier = 7000000000000000001ULL;
    bool standby = false;
    int timeline = 1;
    std::uint64_t lsn = 0x3000000;   ///< grows by `lsnStep` with each poll
    std::uint64_t lsnStep = 1024;
    bool monitor = true;
    bool hba = true;                 ///< may read pg_hba.conf
    bool roleSettings = true;        ///< may read pg_db_role_setting
    std::string move = R"({"prepared": 1, "oldest_prepared": 2500000, "base_backups": 0, "subscriptions": 0, "archive_failing": false,
 "archive_waiting": 3, "term_raised": 1700000000123456, "hba": ["host all all 127.0.0.1 255.255.255.255 scram-sha-256"], "managers": null,
 "read_only_settings": [["app", "", "default_transaction_read_only", "off"], ["", "insta", "transaction_read_only", "a=b"]]})"; ///< the answer to what matters for a move
    std::string heartbeatState = "readable"; ///< as the client's check of the table answers; empty = no such table
    std::string termState = "readable";
    std::int64_t term = 1;
    bool brake = false;
    std::string password;            ///< asked for in clear text; empty = trust
    std::optional<std::string> rejectPollWith; ///< an SQLSTATE that the next poll fails with, once
    int polls = 0;
    int probes = 0;
};

/// Protocol 3: startup, trust or a clear-text password, simple queries, prepared statements. Knows the engine's own
/// statements by their columns; to any other query it answers with no rows.
class PostgresDialect final : public Dialect
{
public:
    explicit PostgresDialect(std::shared_ptr<PostgresScript> script);
    std::vector<Reply> take(std::string_view bytes) override;

private:
    void startup(std::string_view body, std::vector<Reply> &replies);
    void message(char type, std::string_view body, std::vector<Reply> &replies);
    [[nodiscard]] Reply simpleQuery(const std::string &sql);
    [[nodiscard]] std::string welcome() const;
    [[nodiscard]] std::string pollRow();

    std::shared_ptr<PostgresScript> m_script;
    std::string m_unread;
    std::string m_pending; ///< answers to the extended protocol, sent at Sync
    bool m_pendingIsPoll = false;
    bool m_started = false;
    bool m_greeted = false;
};

/// A pgbouncer: its admin console, one SHOW at a time, and its databases, through which a probe's question is answered.
struct PgbouncerScript {
    struct Database {
        std::string name;
        std::string host = "127.0.0.1";
        int port = 5432;
        bool paused = false;
    };
    std::mutex mutex;
    std::vector<Database> databases;
    std::int64_t transactions = 0;
    int clients = 500;                                ///< that it takes at once, as it tells
    std::set<std::string> holds;                      ///< databases whose clients wait for ever
    std::set<std::string> standbys;                   ///< databases that lead to one; "_read" ones always do
    std::map<std::string, std::string> refuses;       ///< database -> SQLSTATE that a question is answered with
};

class PgbouncerDialect final : public Dialect
{
public:
    explicit PgbouncerDialect(std::shared_ptr<PgbouncerScript> script);
    std::vector<Reply> take(std::string_view bytes) override;

private:
    [[nodiscard]] std::string show(const std::string &what);

    [[nodiscard]] Reply answer(const std::string &sql);

    std::shared_ptr<PgbouncerScript> m_script;
    std::string m_unread;
    std::string m_database;
    bool m_started = false;
};

} // namespace shardlens::fakes
