// SPDX-License-Identifier: GPL-3.0-or-later
// The candidate's buffer cache is filled with what the primary's holds and it does not, before anybody waits. Pages are told in spans
// of 64 blocks with a bit for each: relation, span, bits. Both servers know a relation by the same oid and file number.
#include "core/facts/derive/Settings.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

constexpr std::int64_t blockBytes = 8192;
constexpr int mostSpans = 8192;    ///< as the journal keeps them
constexpr int spansAtOnce = 256;   ///< 16 MiB at most between two looks at whether it was cancelled

/// Both extensions may lie in any schema; all else that a move asks is named whole.
const char *const findExtensions = "SELECT set_config('search_path', string_agg(DISTINCT quote_ident(n.nspname), ', '), false) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
                                   "WHERE e.extname IN ('pg_buffercache', 'pg_prewarm')";

/// What of this database's main forks lies in the cache, a row a span.
const char *const cachedSpans = "SELECT c.oid AS rel, b.relblocknumber / 64 AS span, bit_or(1::bigint << (b.relblocknumber % 64)::integer) AS bits, count(*) AS blocks, "
                                "sum(b.usagecount) AS heat FROM pg_buffercache b JOIN pg_class c ON c.relfilenode = b.relfilenode AND c.relkind IN ('r', 'i', 'm', 't') "
                                "WHERE b.reldatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()) AND b.relforknumber = 0 GROUP BY 1, 2";

/// The hottest first, until so many blocks are named.
std::string hotSpans(std::int64_t blocks)
{
    return "SELECT string_agg(rel || ':' || span || ':' || bits, ' ' ORDER BY heat DESC, rel, span) FROM (SELECT s.*, sum(blocks) OVER (ORDER BY heat DESC, rel, span) AS sofar FROM (" +
           std::string(cachedSpans) + ") s ORDER BY heat DESC, rel, span LIMIT " + std::to_string(mostSpans) + ") hot WHERE sofar <= " + std::to_string(blocks);
}

/// Loads some of what is still missing, and tells how far it is. Each look compares anew: what was thrown out meanwhile is missing again.
/// Blocks behind the end of a relation are gone; what this user may not read is left out, and counted. A table that is locked is waited for
/// in short turns, so that a cancelling is heeded.
std::string loadSome(base::seconds patience)
{
    return "WITH hot AS (SELECT split_part(w, ':', 1)::oid AS rel, split_part(w, ':', 2)::bigint AS span, split_part(w, ':', 3)::bigint AS bits, n "
           "FROM unnest(string_to_array((SELECT '{hot}' FROM set_config('lock_timeout', '500ms', true)), ' ')) WITH ORDINALITY AS u(w, n)), "
           "here AS (" + std::string(cachedSpans) + "), "
           "wanted AS MATERIALIZED (SELECT h.rel, h.n, h.span * 64 + g AS block, coalesce(i.bits, 0) >> g & 1 = 1 AS has, has_table_privilege(h.rel, 'SELECT') AS may "
           "FROM hot h JOIN pg_class c ON c.oid = h.rel LEFT JOIN here i ON i.rel = h.rel AND i.span = h.span CROSS JOIN generate_series(0, 63) g "
           "WHERE h.bits >> g & 1 = 1 AND h.span * 64 + g < pg_relation_size(h.rel) / current_setting('block_size')::bigint), "
           "few AS (SELECT rel, block, n FROM wanted WHERE NOT has AND may AND n IN (SELECT DISTINCT n FROM wanted WHERE NOT has AND may ORDER BY n LIMIT " + std::to_string(spansAtOnce) + ")), "
           "runs AS (SELECT rel, min(block) AS first, max(block) AS last FROM (SELECT rel, n, block, block - row_number() OVER (PARTITION BY n ORDER BY block) AS run FROM few) r GROUP BY rel, n, run), "
           "loaded AS MATERIALIZED (SELECT coalesce(sum(pg_prewarm(rel, 'buffer', 'main', first, last)), 0) AS blocks FROM runs), "
           "far AS (SELECT count(*) FILTER (WHERE may) AS all, count(*) FILTER (WHERE has AND may) + (SELECT blocks FROM loaded) AS have, count(*) FILTER (WHERE NOT may) AS barred FROM wanted) "
           "SELECT CASE WHEN f.have >= f.all THEN 'warmed: done ' WHEN clock_timestamp() > '{warming since}'::timestamptz + interval '" + std::to_string(patience.count()) +
           " s' THEN 'warmed: done as far as its time went: ' ELSE 'so far: ' END || round(f.have / 128.0, 1) || ' of ' || round(f.all / 128.0, 1) || ' MiB' || "
           "CASE WHEN f.barred > 0 THEN ', ' || round(f.barred / 128.0, 1) || ' MiB may not be read' ELSE '' END FROM far f";
}

} // namespace

void Writing::warmTarget()
{
    const auto buffers = facts::derive::parseSize(m_sight.setting(m_new, "shared_buffers").value_or(std::string()), base::Bytes{blockBytes});
    const std::int64_t room = buffers ? buffers->count / 4 * 3 : m_sight.limits.warmed.count;
    Step &step = add(StepKind::WarmTarget, {m_new}, m_sight.limits.warming + base::seconds(15), false);
    step.commands = {sql(m_old, findExtensions), sql(m_old, hotSpans(std::min(room, m_sight.limits.warmed.count) / blockBytes)), sql(m_new, findExtensions),
                     sql(m_new, "SELECT clock_timestamp()")};
    step.commands[1].keepsAs = "hot";
    step.commands[3].keepsAs = "warming since";
    step.verifications = {sql(m_new, loadSome(m_sight.limits.warming), "warmed: done")};
    step.verifications.front().keepsAs = "warmed";
}

} // namespace shardlens::operate
