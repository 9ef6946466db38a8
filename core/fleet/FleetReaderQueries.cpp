// SPDX-License-Identifier: GPL-3.0-or-later
// The fleet file's [queries]: tables and columns that are called otherwise than usual.
#include "core/fleet/FleetReader.h"

#include <algorithm>

namespace shardlens::fleet {

namespace {

/// The first {word} of a text that is none of the allowed ones; empty if there is none. A brace that does not close is one too.
std::string strangePlaceholder(const std::string &sql, const std::vector<std::string> &allowed)
{
    for (std::size_t open = sql.find('{'); open != std::string::npos; open = sql.find('{', open + 1)) {
        const std::size_t close = sql.find('}', open);
        const std::string word = sql.substr(open, close == std::string::npos ? std::string::npos : close - open + 1);
        if (std::find(allowed.begin(), allowed.end(), word) == allowed.end())
            return word;
    }
    return {};
}

/// Whether parentheses close what they open, outside of quotes, and quotes end.
bool isBalanced(const std::string &sql)
{
    int depth = 0;
    char quote = 0;
    for (const char c : sql) {
        if (quote != 0) {
            quote = c == quote ? '\0' : quote;
            continue;
        }
        if (c == '\'' || c == '"')
            quote = c;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth < 0)
            return false;
    }
    return depth == 0 && quote == 0;
}

/// Columns that are shown to whoever looks, unless they are personal.
bool isShownUnlessPersonal(const std::string &column)
{
    return column == "full_name" || column == "bio";
}

} // namespace

void FleetReader::readQueries()
{
    const TomlNode *table = m_root.table("queries");
    if (!table)
        return;
    TableReader in(*table, "[queries]", "[queries]", m_complaints);
    for (std::size_t i = 0; i < rowKinds; ++i) {
        const auto kind = static_cast<RowKind>(i);
        const TomlNode *source = in.table(std::string(name(kind)));
        if (!source)
            continue;
        const std::string title = "[queries." + std::string(name(kind)) + "]";
        TableReader one(*source, title, title, m_complaints);
        readRowSource(one, kind);
        one.finish();
    }
    in.finish();
}

void FleetReader::readRowSource(TableReader &in, RowKind kind)
{
    RowSource &source = m_fleet.queries.of(kind);
    if (mayBeNone(kind) && in.isEmptyText("table")) {
        source.table.clear();
        source.rows = noRows(kind);
        return;
    }
    if (kind == RowKind::Users)
        readPersonal(in);
    const auto table = in.text("table");
    if (table)
        source.table = *table;
    if (table && kind != RowKind::Names) { // names lie in the directory, not in a partition
        std::vector<std::string> tables;
        for (const Partition &partition : m_fleet.partitions)
            tables.insert(tables.end(), partition.tables.begin(), partition.tables.end());
        DeclaredNames declared{"table of a partition", tables, {}};
        for (const std::string &one : tables)
            declared.lineOf.emplace(one, 0);
        (void)in.isUnknown("table", *table, declared, 0);
    }
    if (const auto rows = in.text("rows")) {
        source.rows = *rows;
        checkSql(in, "rows", *rows, {"{schema}", "{table}"});
        if (rows->find("{schema}") == std::string::npos)
            in.complain("rows", "does not say which shard's rows", "{schema} in front of each table, such as {schema}.{table}");
    }
    for (auto &[column, expression] : source.columns) {
        const auto written = in.text(column);
        if (!written)
            continue;
        expression = *written;
        checkSql(in, column, *written, {});
    }
}

/// Any columns may be personal but those that every look needs: by which rows are found, told apart and compared.
void FleetReader::readPersonal(TableReader &in)
{
    std::map<std::string, std::string> &columns = m_fleet.queries.of(RowKind::Users).columns;
    PersonalColumns &personal = m_fleet.queries.personal();
    if (const auto names = in.texts("personal", false)) {
        for (const std::string &usual : personal.names)
            columns.erase(usual);
        personal.names.clear();
        for (const ListedText &one : *names) {
            const bool isName = one.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
            if (!isName || one.text == "table" || one.text == "rows" || one.text == "personal_rows")
                in.complain("personal", "'" + one.text + "' is no name for a column", "small letters, digits and _", {}, one.line);
            else if (const bool isNew = columns.emplace(one.text, one.text).second; !isNew && (!isShownUnlessPersonal(one.text) || std::find(personal.names.begin(), personal.names.end(), one.text) != personal.names.end()))
                in.complain("personal", "'" + one.text + "' is there already, or read by every look", "columns that are read only once a reason is recorded", {}, one.line);
            else
                personal.names.push_back(one.text);
        }
    }
    if (in.isEmptyText("personal_rows")) {
        personal.rows.clear();
    } else if (const auto rows = in.text("personal_rows")) {
        personal.rows = *rows;
        checkSql(in, "personal_rows", *rows, {"{schema}", "{id}", "{entry}"});
        if (rows->find("{id}") == std::string::npos || rows->find("{schema}") == std::string::npos)
            in.complain("personal_rows", "does not say whose", "{schema} and {id}, such as {schema}.personal({id}, {entry})");
    }
}

void FleetReader::checkSql(TableReader &in, const std::string &key, const std::string &sql, const std::vector<std::string> &placeholders)
{
    const std::string strange = strangePlaceholder(sql, placeholders);
    if (!strange.empty())
        in.complain(key, "'" + strange + "' stands for nothing here",
                    placeholders.empty() ? "a column, or an expression over columns of the table, without braces" : joined(placeholders));
    else if (sql.find(';') != std::string::npos || sql.find("--") != std::string::npos || !isBalanced(sql))
        in.complain(key, "'" + sql + "' is not one piece of SQL", "a table, a column or one expression, its quotes and parentheses closed");
}

} // namespace shardlens::fleet
