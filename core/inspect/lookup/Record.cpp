// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Record.h"

#include "core/desk/Desk.h"
#include "core/inspect/lookup/Sql.h"

#include <charconv>

namespace shardlens::inspect::lookup {

namespace {

constexpr int mostNames = 50;

/// A whole statement is one transaction: all entries are there, or none.
Sql auditStatement(const std::string &schema, const std::vector<Look> &looks, const facts::Person &by)
{
    Sql sql;
    sql.text = "select max(seq) from (";
    for (std::size_t i = 0; i < looks.size(); ++i) {
        const Look &look = looks[i];
        sql.text += (i ? " union all " : "");
        sql.text += "select seq from " + quotedName(schema) + ".append_audit(" + sql.param(postgres::Value(by.osUser)) + ", " +
                    sql.param(postgres::Value(by.host)) + ", " + sql.param(postgres::Value(look.action)) + ", " +
                    sql.param(postgres::Value(look.subject)) + ", " + sql.param(postgres::Value(look.reason)) + ", " +
                    sql.param(postgres::Value(look.caseNumber)) + ", " + sql.param(postgres::Value(look.detail)) + "::jsonb)";
    }
    sql.text += ") entries";
    return sql;
}

/// A prefix as LIKE has it: the person's own % and _ mean themselves.
std::string likePrefix(const std::string &text)
{
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "%";
}

} // namespace

void Recorder::writeTo(Round &round, const ServerId &server, const std::vector<Look> &looks, Recording &recording)
{
    const Sql sql = auditStatement(m_fleet.directory->schema, looks, desk::whoRuns());
    round.ask(server, [sql, &recording, database = m_fleet.directory->database](Link &link) -> base::Result<void> {
        const auto rows = link.write(database, sql.text, sql.parameters);
        if (rows) {
            const std::string number = rows->first();
            std::from_chars(number.data(), number.data() + number.size(), recording.number);
            recording.state = Recording::State::Recorded;
            link.sawRole(true);
            return {};
        }
        const bool isStandby = rows.error().sqlState == "25006"; // it answers, and another one is the primary
        // What the likely one said tells more than that others are standbys.
        if (!isStandby || recording.error.message.empty() || recording.error.sqlState == "25006")
            recording.error = rows.error();
        if (isStandby) {
            link.sawRole(false);
            return {};
        }
        return base::fail(rows.error());
    });
}

Recording Recorder::record(const std::vector<Look> &looks, Places &places, Rounds &rounds)
{
    Recording recording;
    const fleet::Cluster *cluster = m_fleet.directory ? m_fleet.cluster(m_fleet.directory->cluster) : nullptr;
    if (!cluster) {
        recording.state = Recording::State::NoDirectory;
        return recording;
    }
    recording.state = Recording::State::Failed;
    const ServerId likely = likelyPrimary(m_links, *cluster);
    {
        Round round(m_links, Stage::Record);
        writeTo(round, likely, looks, recording);
        places.askFor(round);
        round.run(rounds);
        places.settle(rounds);
    }
    // Another one is tried where provably nothing was written: by a standby, or by a server that never took the statement.
    for (const ServerId &id : cluster->servers) {
        const bool isOver = recording.state == Recording::State::Recorded || recording.error.effect != base::Effect::None ||
                            recording.error.code == base::ErrorCode::NoRights || recording.error.code == base::ErrorCode::Cancelled;
        if (isOver)
            break;
        const Link *link = m_links.of(id);
        if (id == likely || (link && link->isPrimary() == false))
            continue;
        Round round(m_links, Stage::Record);
        writeTo(round, id, looks, recording);
        round.run(rounds);
    }
    return recording;
}

base::Result<std::vector<NameHit>> Recorder::names(const NamesAsked &asked, Rounds &rounds)
{
    const fleet::Cluster *cluster = m_fleet.directory ? m_fleet.cluster(m_fleet.directory->cluster) : nullptr;
    if (!cluster)
        return base::fail(base::ErrorCode::NotFound, "the fleet has no directory, which would tell who has a name");
    Sql sql;
    const TableIn names(m_fleet.queries, fleet::RowKind::Names, quotedName(m_fleet.directory->schema));
    const std::string &name = names["name"];
    sql.text = "select " + name + ", " + names["user_id"] + " from " + names.from() + " where " + name;
    if (asked.isPrefix) {
        sql.text += " like " + sql.param(postgres::Value(likePrefix(asked.text))) + " order by " + name + " limit " + std::to_string(mostNames);
    } else {
        const std::string text = sql.param(postgres::Value(asked.text));
        sql.text += " in (" + text + "::text, lower(" + text + "::text)) order by " + name + " = " + text + "::text desc";
    }
    base::Result<std::vector<NameHit>> hits = base::fail(base::ErrorCode::NotFound, "the directory has no server");
    for (const ServerId &id : nearestFirst(m_fleet, *cluster, m_links.ground().from)) {
        Round round(m_links, Stage::Place);
        round.ask(id, [&hits, &sql, database = m_fleet.directory->database](Link &link) -> base::Result<void> {
            const auto rows = link.query(database, sql.text, sql.parameters);
            if (!rows) {
                hits = base::fail(rows.error());
                return base::fail(rows.error());
            }
            hits = std::vector<NameHit>();
            for (const auto &row : rows->rows)
                hits->push_back({row.at(0).value_or(""), idOf(row.at(1).value_or(""))});
            return {};
        });
        round.run(rounds);
        if (hits)
            break;
    }
    return hits;
}

} // namespace shardlens::inspect::lookup
