// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/ClusterParts.h"

#include "core/facts/SqlStatements.h"
#include "core/facts/SqlTexts.h"

#include <algorithm>
#include <array>
#include <optional>

namespace shardlens::facts {

namespace {

constexpr int fifteen = 150000;
constexpr std::array<std::string_view, 4> useNames{"move", "guard", "cache", "warm"};

/// The fleet file's users that a role of resources/sql stands for.
std::vector<std::string> usersFor(const fleet::Access &access, std::string_view role)
{
    std::vector<std::string> users;
    const auto add = [&](const std::string &name) {
        if (!name.empty() && std::find(users.begin(), users.end(), name) == users.end())
            users.push_back(name);
    };
    if (role == "shardlens_observer")
        add(access.observer);
    if (role == "shardlens_invalidator")
        add(access.invalidator);
    for (const fleet::DatabaseUser &user : access.users) {
        const bool acts = user.role == fleet::Role::OnCall || user.role == fleet::Role::Ops;
        if ((role == "shardlens_operator" && acts) || (role == "shardlens_app" && user.role == fleet::Role::Application) ||
            (role == "shardlens_support" && user.role == fleet::Role::Support))
            add(user.name);
    }
    return users;
}


std::string onOneLine(const std::string &text)
{
    std::string line;
    for (const char letter : text) {
        const bool isBlank = letter == ' ' || letter == '\n';
        if (!isBlank || (!line.empty() && line.back() != ' '))
            line += isBlank ? ' ' : letter;
    }
    return line;
}

class Reading
{
public:
    explicit Reading(const fleet::Access &access) : m_access(access) {}

    std::vector<ClusterPart> all()
    {
        for (const char *role : {"shardlens_observer", "shardlens_operator", "shardlens_app", "shardlens_support", "shardlens_invalidator"}) {
            for (const std::string &user : usersFor(m_access, role))
                addRole(user);
        }
        readFile(clusterText);
        readFile(grantsText);
        readFile(warmingText);
        return std::move(m_parts);
    }

private:
    void add(ClusterPart part)
    {
        const auto same = std::find_if(m_parts.begin(), m_parts.end(), [&](const ClusterPart &one) { return one.name == part.name; });
        if (same == m_parts.end())
            m_parts.push_back(std::move(part));
    }

    void addRole(const std::string &user)
    {
        ClusterPart part;
        part.name = "role " + user;
        part.kind = PartKind::Role;
        part.user = user;
        part.sql = {"create role " + sqlName(user) + " login"};
        part.undo = "drop role " + sqlName(user);
        add(std::move(part));
    }

    void readFile(const std::string &text)
    {
        for (std::size_t at = markAt(text, 0); at != std::string::npos;) {
            const std::size_t line = text.find('\n', at);
            const std::size_t next = markAt(text, line);
            readPart(text.substr(at + 3, line - at - 3), text.substr(line, next == std::string::npos ? next : next - line));
            at = next;
        }
    }

    static std::size_t markAt(const std::string &text, std::size_t from)
    {
        const auto at = text.find("\n--@", from);
        return at == std::string::npos ? at : at + 1;
    }

    /// " move: table shardlens.term"
    void readPart(const std::string &mark, const std::string &body)
    {
        if (mark.empty())
            return;
        const auto statements = sqlStatements(body);
        if (mark.ends_with("rights")) {
            for (const std::string &statement : statements)
                readRight(onOneLine(statement));
            return;
        }
        const auto colon = mark.find(": ");
        const auto space = mark.find(' ', colon + 2);
        const std::string kind = mark.substr(colon + 2, space - colon - 2);
        const std::string object = mark.substr(space + 1);
        ClusterPart part;
        part.use = static_cast<PartUse>(std::find(useNames.begin(), useNames.end(), mark.substr(1, colon - 1)) - useNames.begin());
        part.name = kind + " " + object;
        part.sql = statements;
        const auto dot = object.find('.');
        part.schema = kind == "schema" ? object : dot == std::string::npos ? std::string() : object.substr(0, dot);
        part.object = kind == "schema" ? std::string() : dot == std::string::npos ? object : object.substr(dot + 1);
        part.undo = "drop " + kind + " " + object;
        if (kind == "schema")
            part.kind = PartKind::Schema;
        else if (kind == "index")
            part.kind = PartKind::Index;
        else if (kind == "function")
            part.kind = PartKind::Function;
        else if (kind == "extension")
            part.kind = PartKind::Extension;
        else if (kind == "column")
            becomeColumn(part);
        add(std::move(part));
    }

    static void becomeColumn(ClusterPart &part)
    {
        const auto dot = part.object.find('.');
        part.kind = PartKind::Column;
        part.detail = part.object.substr(dot + 1);
        part.object.resize(dot);
        part.undo = "alter table " + part.schema + "." + part.object + " drop column " + part.detail;
    }

    void readRight(const std::string &statement)
    {
        constexpr std::string_view alter = "alter role ";
        if (statement.starts_with(alter)) {
            for (const std::string &user : usersFor(m_access, statement.substr(alter.size(), statement.find(' ', alter.size()) - alter.size())))
                addReplication(user);
            return;
        }
        const auto to = statement.rfind(" to ");
        const auto on = statement.find(" on ");
        const std::string granted = statement.substr(6, std::min(on, to) - 6); // "grant "
        for (const std::string &role : sqlList(statement.substr(to + 4))) {
            for (const std::string &user : usersFor(m_access, role)) {
                if (on == std::string::npos)
                    addMemberships(granted, user);
                else
                    addRights(granted, statement.substr(on + 4, to - on - 4), user);
            }
        }
    }

    void addReplication(const std::string &user)
    {
        ClusterPart part;
        part.name = "replication for " + user;
        part.kind = PartKind::Replication;
        part.user = user;
        part.sql = {"alter role " + sqlName(user) + " replication"};
        part.undo = "alter role " + sqlName(user) + " noreplication";
        add(std::move(part));
    }

    void addMemberships(const std::string &roles, const std::string &user)
    {
        for (const std::string &role : sqlList(roles)) {
            ClusterPart part;
            part.name = role + " for " + user;
            part.kind = PartKind::Membership;
            part.object = role;
            part.user = user;
            part.fromVersion = role == "pg_checkpoint" ? fifteen : part.fromVersion;
            part.sql = {"grant " + role + " to " + sqlName(user)};
            part.undo = "revoke " + role + " from " + sqlName(user);
            add(std::move(part));
        }
    }

    void addRights(const std::string &privileges, std::string on, const std::string &user)
    {
        std::string kind;
        for (const char *word : {"schema ", "function ", "parameter "}) {
            if (on.starts_with(word)) {
                kind = word;
                on.erase(0, kind.size());
            }
        }
        for (const std::string &object : sqlList(on)) {
            for (const std::string &privilege : sqlList(privileges)) {
                ClusterPart part;
                part.name = privilege + " on " + object + " for " + user;
                part.detail = privilege;
                part.user = user;
                const auto paren = object.find('(');
                const auto dot = object.find('.');
                const bool hasSchema = dot != std::string::npos && dot < paren;
                part.schema = hasSchema ? object.substr(0, dot) : kind == "function " ? "pg_catalog" : std::string();
                part.object = hasSchema ? object.substr(dot + 1) : object;
                part.kind = kind == "function " ? PartKind::FunctionRight : kind == "parameter " ? PartKind::ParameterRight : PartKind::TableRight;
                if (kind == "schema ") {
                    part.kind = PartKind::SchemaRight;
                    part.schema = object;
                    part.object.clear();
                }
                part.fromVersion = part.kind == PartKind::ParameterRight ? fifteen : part.fromVersion;
                part.use = useOf(part);
                const std::string words = " " + privilege + " on " + kind + object;
                part.sql = {"grant" + words + " to " + sqlName(user)};
                part.undo = "revoke" + words + " from " + sqlName(user);
                add(std::move(part));
            }
        }
    }

    /// A right is for what its object is for.
    PartUse useOf(const ClusterPart &right) const
    {
        const auto object = std::find_if(m_parts.begin(), m_parts.end(), [&](const ClusterPart &one) {
            return one.user.empty() && one.kind != PartKind::Column && one.schema == right.schema && one.object == right.object;
        });
        return object == m_parts.end() ? PartUse::Move : object->use;
    }

    const fleet::Access &m_access;
    std::vector<ClusterPart> m_parts;
};

std::string_view word(PartKind kind)
{
    switch (kind) {
    case PartKind::Role: return "role";
    case PartKind::Replication: return "replication";
    case PartKind::Schema: return "schema";
    case PartKind::Table:
    case PartKind::Index: return "relation";
    case PartKind::Column: return "column";
    case PartKind::Function: return "function";
    case PartKind::Extension: return "extension";
    case PartKind::Membership: return "membership";
    case PartKind::SchemaRight: return "schema_right";
    case PartKind::TableRight: return "table_right";
    case PartKind::FunctionRight: return "function_right";
    case PartKind::ParameterRight: return "parameter_right";
    }
    return "";
}

/// The names of those that are not there: each kind is looked for once, in the catalogs, which anybody may read.
std::string lackingAmong(const std::vector<ClusterPart> &parts, int version)
{
    std::string rows;
    int number = 0;
    for (const ClusterPart &part : parts) {
        if (part.fromVersion > version)
            continue;
        rows += (rows.empty() ? "(" : ", (") + std::to_string(++number);
        for (const std::string &text : {part.name, std::string(word(part.kind)), part.schema, part.object, part.user, part.detail})
            rows += ", " + sqlLiteral(text);
        rows += ")";
    }
    const std::string parameter = version >= fifteen ? " WHEN 'parameter_right' THEN has_parameter_privilege(r.oid, w.object, w.detail)" : "";
    return "(SELECT json_agg(w.name ORDER BY w.number) FROM (VALUES " + rows +
           ") AS w(number, name, kind, place, object, who, detail) LEFT JOIN pg_namespace s ON s.nspname = w.place LEFT JOIN pg_roles r ON r.rolname = w.who "
           "WHERE NOT coalesce(CASE w.kind WHEN 'role' THEN r.oid IS NOT NULL WHEN 'replication' THEN r.rolreplication OR r.rolsuper WHEN 'schema' THEN s.oid IS NOT NULL "
           "WHEN 'relation' THEN EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = s.oid AND c.relname = w.object) "
           "WHEN 'column' THEN EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped WHERE c.relnamespace = s.oid AND c.relname = w.object AND a.attname = w.detail) "
           "WHEN 'function' THEN EXISTS (SELECT FROM pg_proc p WHERE p.proname = split_part(w.object, '(', 1) AND p.pronamespace = s.oid AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = w.object) "
           "WHEN 'extension' THEN EXISTS (SELECT FROM pg_extension e WHERE e.extname = w.object) "
           "WHEN 'membership' THEN pg_has_role(r.oid, (SELECT m.oid FROM pg_roles m WHERE m.rolname = w.object), 'usage') "
           "WHEN 'schema_right' THEN has_schema_privilege(r.oid, s.oid, w.detail) "
           "WHEN 'table_right' THEN (SELECT has_table_privilege(r.oid, c.oid, w.detail) FROM pg_class c WHERE c.relnamespace = s.oid AND c.relname = w.object) "
           "WHEN 'function_right' THEN (SELECT has_function_privilege(r.oid, p.oid, w.detail) FROM pg_proc p WHERE p.proname = split_part(w.object, '(', 1) AND p.pronamespace = s.oid "
           "AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = w.object)" +
           parameter + " END, false))";
}

std::string textArray(const std::vector<std::string> &texts)
{
    std::string out;
    for (const std::string &text : texts)
        out += (out.empty() ? "" : ", ") + sqlLiteral(text);
    return "ARRAY[" + out + "]::text[]";
}

std::string catalogRow(const ClusterPart &part, const std::string &answer)
{
    const bool isFunction = part.kind == PartKind::Function || part.kind == PartKind::FunctionRight;
    if (!isFunction)
        return "(SELECT " + answer + " FROM pg_class o JOIN pg_namespace s ON s.oid = o.relnamespace WHERE s.nspname = " + sqlLiteral(part.schema) + " AND o.relname = " + sqlLiteral(part.object) + ")";
    return "(SELECT " + answer + " FROM pg_proc o JOIN pg_namespace s ON s.oid = o.pronamespace WHERE s.nspname = " + sqlLiteral(part.schema) + " AND o.proname || '(' || oidvectortypes(o.proargtypes) || ')' = " +
           sqlLiteral(part.object) + ")";
}

std::string ofUser(const ClusterPart &part, const std::string &answer)
{
    return "(SELECT " + answer + " FROM pg_roles r WHERE r.rolname = " + sqlLiteral(part.user) + ")";
}

} // namespace

std::vector<ClusterPart> clusterParts(const fleet::Access &access)
{
    return Reading(access).all();
}

std::string isThere(const ClusterPart &part)
{
    const auto known = [](const std::string &condition) { return "coalesce(" + condition + ", false)"; };
    const std::string right = ", " + sqlLiteral(part.detail) + ")";
    switch (part.kind) {
    case PartKind::Role: return known(ofUser(part, "true"));
    case PartKind::Replication: return known(ofUser(part, "r.rolreplication OR r.rolsuper"));
    case PartKind::Schema: return "EXISTS (SELECT FROM pg_namespace WHERE nspname = " + sqlLiteral(part.schema) + ")";
    case PartKind::Table:
    case PartKind::Index:
    case PartKind::Function: return known(catalogRow(part, "true"));
    case PartKind::Column:
        return known(catalogRow(part, "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = o.oid AND NOT a.attisdropped AND a.attname = " + sqlLiteral(part.detail) + ")"));
    case PartKind::Extension: return "EXISTS (SELECT FROM pg_extension WHERE extname = " + sqlLiteral(part.object) + ")";
    case PartKind::Membership: return known(ofUser(part, "pg_has_role(r.oid, " + sqlLiteral(part.object) + ", 'usage')"));
    case PartKind::SchemaRight: return known(ofUser(part, "(SELECT has_schema_privilege(r.oid, s.oid" + right + " FROM pg_namespace s WHERE s.nspname = " + sqlLiteral(part.schema) + ")"));
    case PartKind::TableRight: return known(ofUser(part, catalogRow(part, "has_table_privilege(r.oid, o.oid" + right)));
    case PartKind::FunctionRight: return known(ofUser(part, catalogRow(part, "has_function_privilege(r.oid, o.oid" + right)));
    case PartKind::ParameterRight: return known(ofUser(part, "has_parameter_privilege(r.oid, " + sqlLiteral(part.object) + right));
    }
    return "false";
}

std::string commentedName(const ClusterPart &part)
{
    switch (part.kind) {
    case PartKind::Schema:
    case PartKind::Table:
    case PartKind::Index:
    case PartKind::Function:
    case PartKind::Extension: return part.name;
    default: return {};
    }
}

std::string commentOf(const ClusterPart &part)
{
    switch (part.kind) {
    case PartKind::Schema: return "(SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = " + sqlLiteral(part.schema) + ")";
    case PartKind::Table:
    case PartKind::Index: return catalogRow(part, "obj_description(o.oid, 'pg_class')");
    case PartKind::Function: return catalogRow(part, "obj_description(o.oid, 'pg_proc')");
    case PartKind::Extension: return "(SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = " + sqlLiteral(part.object) + ")";
    default: return {};
    }
}

std::string partsQuery(const fleet::Access &access, int version)
{
    const std::vector<ClusterPart> parts = clusterParts(access);
    std::vector<std::string> extensions;
    std::vector<std::string> users;
    for (const ClusterPart &part : parts) {
        if (part.kind == PartKind::Extension)
            extensions.push_back(part.object);
        if (part.kind == PartKind::Role)
            users.push_back(part.user);
    }
    const std::string roles = " FROM pg_roles r WHERE r.rolname = ANY (" + textArray(users) + ") AND ";
    return "'lacks', " + lackingAmong(parts, version) +
           ", 'not_installed', (SELECT json_agg(x) FROM unnest(" + textArray(extensions) + ") x WHERE NOT EXISTS (SELECT FROM pg_available_extensions() a WHERE a.name = x))"
           ", 'makers', (SELECT json_agg(r.rolname)" + roles + "r.rolsuper)"
           ", 'schema_makers', (SELECT json_agg(r.rolname)" + roles + "NOT r.rolsuper AND coalesce((SELECT pg_has_role(r.oid, s.nspowner, 'usage') FROM pg_namespace s "
           "WHERE s.nspname = 'shardlens'), has_database_privilege(r.oid, current_database(), 'create')))";
}

std::string_view name(PartUse use)
{
    return useNames.at(static_cast<std::size_t>(use));
}

} // namespace shardlens::facts
