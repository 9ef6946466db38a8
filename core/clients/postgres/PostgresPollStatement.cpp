// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/PostgresPollStatement.h"

namespace shardlens::clients {

namespace {

// Microseconds since 1970 of a timestamp, microseconds of an interval. Doubles hold them exactly until the year 2255.
std::string micros(const std::string &expression)
{
    return "(date_part('epoch', " + expression + ")*1e6)::int8";
}

std::string quotedName(const std::string &name)
{
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

std::string quotedText(const std::string &text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + '\'';
}

// Nothing when there is no such table; else "readable", "rights" or "columns" by what is amiss. Not to_regclass(): that fails
// on a schema without rights.
std::string tableCheck(const PollTable &table, const std::string &columns, int count)
{
    if (table.table.empty())
        return "NULL::text";
    return "(SELECT CASE WHEN NOT has_schema_privilege(n.oid, 'usage') OR NOT has_table_privilege(c.oid, 'select') THEN 'rights' "
           "WHEN (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attname IN (" + columns + ")) <> "
           + std::to_string(count) + " THEN 'columns' ELSE 'readable' END FROM pg_class c "
           "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = " + quotedText(table.schema)
           + " AND c.relname = " + quotedText(table.table) + ")";
}

std::string sendersColumn()
{
    return "(SELECT json_agg(json_build_array(s.pid, a.application_name, s.state, s.sync_state, s.sent_lsn, s.write_lsn, s.flush_lsn, s.replay_lsn, "
           + micros("s.write_lag") + ", " + micros("s.flush_lag") + ", " + micros("s.replay_lag") + ", " + micros("s.reply_time")
           + ")) FROM pg_stat_get_wal_senders() s LEFT JOIN a USING (pid))";
}

std::string receiverColumn()
{
    return "(SELECT json_build_array(w.status, w.slot_name, w.sender_host, w.sender_port, w.received_tli, w.flushed_lsn, w.latest_end_lsn, "
           + micros("w.last_msg_send_time") + ", " + micros("w.last_msg_receipt_time") + ", " + micros("clock_timestamp() - w.last_msg_receipt_time")
           + ") FROM pg_stat_get_wal_receiver() w WHERE w.pid IS NOT NULL)";
}

std::string connectionsColumn()
{
    return "(SELECT json_build_array(count(*), count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE state = 'idle'), "
           "count(*) FILTER (WHERE state LIKE 'idle in%'), count(*) FILTER (WHERE wait_event_type = 'Lock'), "
           "count(*) FILTER (WHERE wait_event = 'SyncRep'), current_setting('max_connections')::int, "
           + micros("clock_timestamp() - min(xact_start) FILTER (WHERE pid <> pg_backend_pid())")
           + ", current_setting('superuser_reserved_connections')::int, "
           + micros("clock_timestamp() - min(state_change) FILTER (WHERE state LIKE 'idle in%')") + ", "
           + micros("clock_timestamp() - min(query_start) FILTER (WHERE wait_event_type = 'Lock')") + ", "
           + micros("clock_timestamp() - min(query_start) FILTER (WHERE wait_event = 'SyncRep')") + ", max(age(backend_xmin)) FILTER (WHERE pid <> pg_backend_pid())"
           + ") FROM a WHERE backend_type = 'client backend')";
}

std::string backendOf(const std::string &where)
{
    return "(SELECT json_build_array(pid, application_name, state, " + micros("clock_timestamp() - xact_start") + ") FROM a WHERE " + where
           + " ORDER BY xact_start LIMIT 1)";
}

// Whose transaction is the longest, and whom the longest waiting waits for: the second is asked of the lock table only where
// somebody waits.
std::string oldestColumn()
{
    return backendOf("backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()");
}

std::string blockerColumn()
{
    return "(SELECT json_build_array(b.pid, b.application_name, b.state, " + micros("clock_timestamp() - b.xact_start")
           + ") FROM (SELECT pid FROM a WHERE wait_event_type = 'Lock' ORDER BY query_start LIMIT 1) w, "
             "LATERAL unnest(pg_blocking_pids(w.pid)) AS blocking(pid) JOIN a b ON b.pid = blocking.pid ORDER BY b.xact_start LIMIT 1)";
}

// pg_stat_database's own functions, as the view would call a dozen more a database.
const char *const countersColumn =
    "(SELECT json_build_array(sum(pg_stat_get_db_xact_commit(oid)), sum(pg_stat_get_db_xact_rollback(oid)), "
    "sum(pg_stat_get_db_tuples_inserted(oid)), sum(pg_stat_get_db_tuples_updated(oid)), sum(pg_stat_get_db_tuples_deleted(oid)), "
    "sum(pg_stat_get_db_tuples_returned(oid)), sum(pg_stat_get_db_blocks_hit(oid)), "
    "sum(pg_stat_get_db_blocks_fetched(oid) - pg_stat_get_db_blocks_hit(oid))) FROM pg_database)";

} // namespace

// Set after the connection rather than with it: a value given at connection would hide the server's own, which is the brake.
const char *const sessionSettings = "SET default_transaction_read_only = on; SET statement_timeout = '10s'; SET jit = off; "
                                    "SET lock_timeout = '2s'; SET search_path = pg_catalog; SET plan_cache_mode = force_generic_plan; "
                                    "SET max_parallel_workers_per_gather = 0; SET DateStyle = ISO; SET TimeZone = 'UTC'";

const char *const settingsQuery =
    "SELECT name, current_setting(name, true) AS value FROM unnest(ARRAY['server_version', 'wal_sender_timeout', 'wal_receiver_timeout', "
    "'wal_receiver_status_interval', 'max_slot_wal_keep_size', 'wal_keep_size', 'synchronous_standby_names', 'synchronous_commit', "
    "'max_connections', 'max_wal_senders', 'max_replication_slots', 'max_prepared_transactions', 'wal_level', 'hot_standby', "
    "'hot_standby_feedback', 'archive_mode', 'recovery_min_apply_delay', 'recovery_target_timeline', 'wal_log_hints', 'data_checksums', "
    "'shared_preload_libraries', 'primary_slot_name', 'full_page_writes', 'max_wal_size', 'port', 'cluster_name', 'data_directory', 'config_file', 'max_worker_processes', "
    "'max_locks_per_transaction', 'shared_buffers', 'checkpoint_timeout']) AS name";

PollTable PollTable::named(const std::string &qualified)
{
    if (qualified.empty())
        return {};
    const auto dot = qualified.find('.');
    if (dot == std::string::npos)
        return {"public", qualified};
    return {qualified.substr(0, dot), qualified.substr(dot + 1)};
}

std::string PollTable::quoted() const
{
    return quotedName(schema) + "." + quotedName(table);
}

std::string abilitiesQuery(const PollTable &heartbeat, const PollTable &term)
{
    return "SELECT (pg_has_role(current_user, 'pg_monitor', 'usage') OR pg_has_role(current_user, 'pg_read_all_stats', 'usage')) AS monitor, "
           "(has_function_privilege('pg_control_system()', 'execute') AND has_function_privilege('pg_control_recovery()', 'execute') "
           "AND has_function_privilege('pg_control_checkpoint()', 'execute')) AS control, "
           "has_function_privilege('pg_hba_file_rules()', 'execute') AS hba, has_function_privilege('pg_ls_archive_statusdir()', 'execute') AS archive, "
           "(has_table_privilege('pg_db_role_setting', 'select') AND has_table_privilege('pg_roles', 'select')) AS role_settings, "
           + tableCheck(heartbeat, "'region', 'at', 'sequence'", 3) + " AS heartbeat, " + tableCheck(term, "'term'", 1) + " AS term";
}

std::string moveQuery(const PollAbilities &abilities, const PollTable &term, const std::string &parts)
{
    // A table of the term alone says nothing of when; its first term was raised by nobody.
    const std::string raised = "(SELECT max(" + micros("(to_jsonb(t) ->> 'raised_at')::timestamptz") + ") FROM " + term.quoted() + " t WHERE t.term > 1)";
    // The functions beneath the views, as the views themselves are closed to those who may call the function alone.
    const std::string hba = "(SELECT json_agg(CASE WHEN error IS NOT NULL THEN 'error: ' || error ELSE concat_ws(' ', type, "
                            "array_to_string(database, ','), array_to_string(user_name, ','), address, netmask, auth_method, "
                            "array_to_string(options, ' ')) END ORDER BY line_number) FROM pg_hba_file_rules())";
    const std::string archive = "(SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready')";
    // Of roles that no session can be of, and databases that let nobody in, nothing is to be feared.
    const std::string readOnly = "(SELECT json_agg(json_build_array(coalesce(r.rolname, ''), coalesce(d.datname, ''), split_part(c.line, '=', 1), "
                                 "substr(c.line, strpos(c.line, '=') + 1)) ORDER BY r.rolname, d.datname) FROM pg_db_role_setting s "
                                 "CROSS JOIN LATERAL unnest(s.setconfig) AS c(line) LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase "
                                 "WHERE split_part(c.line, '=', 1) IN ('default_transaction_read_only', 'transaction_read_only') "
                                 "AND (s.setrole = 0 OR r.rolcanlogin) AND (s.setdatabase = 0 OR d.datallowconn))";
    return "SELECT json_build_object("
           "'prepared', (SELECT count(*) FROM pg_prepared_xact()), "
           "'oldest_prepared', (SELECT " + micros("clock_timestamp() - min(prepared)") + " FROM pg_prepared_xact()), "
           "'base_backups', (SELECT count(*) FROM pg_stat_get_progress_info('BASEBACKUP')), "
           "'subscriptions', (SELECT count(oid) FROM pg_subscription), "
           "'archive_failing', (SELECT coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) FROM pg_stat_get_archiver()), "
           "'archive_waiting', " + (abilities.archive ? archive : "NULL") + ", "
           "'term_raised', " + (abilities.term == TableState::Readable ? raised : "NULL") + ", "
           "'read_only_settings', " + (abilities.roleSettings ? readOnly : "NULL") + ", "
           "'hba', " + (abilities.hba ? hba : "NULL") + ", " + (parts.empty() ? parts : parts + ", ") +
           "'managers', (SELECT json_agg(DISTINCT who) FROM ("
           "SELECT CASE WHEN application_name ~* '^patroni( heartbeat| restapi)?$' THEN 'patroni' WHEN application_name ~* '^repmgrd?$' THEN 'repmgr' "
           "WHEN application_name ~* '^(pg_autoctl|pgautofailover_standby_[0-9]+)$' THEN 'pg_auto_failover' END AS who FROM pg_stat_get_activity(NULL) "
           "UNION SELECT CASE WHEN extname = 'repmgr' THEN 'repmgr' WHEN extname = 'pgautofailover' THEN 'pg_auto_failover' END FROM pg_extension "
           "UNION SELECT CASE WHEN current_setting('shared_preload_libraries', true) ~ 'repmgr' THEN 'repmgr' "
           "WHEN current_setting('shared_preload_libraries', true) ~ 'pgautofailover' THEN 'pg_auto_failover' END) w WHERE who IS NOT NULL)) AS move";
}

std::string pollStatement(const PollAbilities &abilities, const PollTable &heartbeat, const PollTable &term)
{
    const std::string null = "NULL";
    const bool control = abilities.control;
    const std::string onPrimary = "CASE WHEN r.standby THEN NULL ELSE ";
    const std::string onStandby = "CASE WHEN r.standby THEN ";
    const std::string pause = abilities.version >= 140000 ? "pg_get_wal_replay_pause_state()"
                                                          : "CASE WHEN pg_is_wal_replay_paused() THEN 'paused' ELSE 'not paused' END";
    const std::string columns[] = {
        control ? "(SELECT system_identifier FROM pg_control_system())" : null,
        "r.standby",
        onPrimary + "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END",
        micros("clock_timestamp()"),
        micros("pg_postmaster_start_time()"),
        micros("pg_conf_load_time()"),
        onPrimary + "pg_current_wal_lsn() END",
        onPrimary + "pg_current_wal_flush_lsn() END",
        onStandby + "pg_last_wal_receive_lsn() END",
        onStandby + "pg_last_wal_replay_lsn() END",
        onStandby + micros("pg_last_xact_replay_timestamp()") + " END",
        onStandby + pause + " END",
        // NULL sets the session's default back for this statement, and so reads what a new session would start with.
        "set_config('default_transaction_read_only', NULL, true)",
        sendersColumn(),
        receiverColumn(),
        "(SELECT json_agg(json_build_array(slot_name, slot_type, active, wal_status, restart_lsn, safe_wal_size)) FROM pg_get_replication_slots())",
        abilities.monitor ? connectionsColumn() : null,
        countersColumn,
        control ? onStandby + "(SELECT json_build_array(min_recovery_end_timeline, (SELECT timeline_id FROM pg_control_checkpoint())) FROM pg_control_recovery()) END"
                : null,
        abilities.heartbeat == TableState::Readable
            ? "(SELECT json_agg(json_build_array(region, " + micros("\"at\"") + ", sequence)) FROM " + heartbeat.quoted() + ")"
            : null,
        abilities.term == TableState::Readable ? "(SELECT max(term) FROM " + term.quoted() + ")" : null,
        abilities.monitor ? oldestColumn() : null,
        abilities.monitor ? blockerColumn() : null,
    };
    std::string sql = "WITH a AS MATERIALIZED (SELECT pid, application_name, state, backend_type, wait_event_type, wait_event, xact_start, query_start, state_change, backend_xmin "
                      "FROM pg_stat_get_activity(NULL)), r AS MATERIALIZED (SELECT pg_is_in_recovery() AS standby) SELECT ";
    for (const auto &column : columns) {
        if (&column != columns)
            sql += ", ";
        sql += column;
    }
    return sql + " FROM r";
}

} // namespace shardlens::clients
