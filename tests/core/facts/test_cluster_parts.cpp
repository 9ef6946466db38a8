// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a cluster's database, as they are read from resources/sql for a fleet's users.
#include "core/facts/ClusterParts.h"
#include "core/facts/SqlStatements.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace shardlens;
using namespace shardlens::facts;

namespace {

fleet::Access access()
{
    fleet::Access made;
    made.observer = "looker";
    made.users = {{"looker", fleet::Role::Observer, {}}, {"web", fleet::Role::Application, {}}, {"on-call", fleet::Role::OnCall, {}}};
    return made;
}

const ClusterPart *partNamed(const std::vector<ClusterPart> &parts, const std::string &name)
{
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const ClusterPart &part) { return part.name == name; });
    return found == parts.end() ? nullptr : &*found;
}

} // namespace

class TestClusterParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statementsOfAScript();
    void membersOfAList();
    void namesAndTextsAreQuoted();
    void whatAFleetNeeds();
    void nobodyElseIsGivenAnything();
    void rightsAreForWhatTheirObjectIsFor();
    void olderServersAreAskedForLess();
};

void TestClusterParts::statementsOfAScript()
{
    const auto statements = sqlStatements("-- first; not a statement\nselect 'a;b' -- kept; inside\n, 1;\n\ndo $$ begin x; y; end $$; -- behind\nselect \"q;\"\n");
    QCOMPARE(statements.size(), std::size_t(3));
    QCOMPARE(statements[0], std::string("select 'a;b' -- kept; inside\n, 1"));
    QCOMPARE(statements[1], std::string("do $$ begin x; y; end $$"));
    QCOMPARE(statements[2], std::string("select \"q;\""));
    QVERIFY(sqlStatements("\n -- nothing\n").empty());
}

void TestClusterParts::membersOfAList()
{
    QCOMPARE(sqlList("a, f(b, c),\n d"), (std::vector<std::string>{"a", "f(b, c)", "d"}));
    QVERIFY(sqlList(" ").empty());
}

void TestClusterParts::namesAndTextsAreQuoted()
{
    QCOMPARE(sqlName("oncall1"), std::string("oncall1"));
    QCOMPARE(sqlName("on-call"), std::string("\"on-call\""));
    QCOMPARE(sqlName("a\"b"), std::string("\"a\"\"b\""));
    QCOMPARE(sqlLiteral("it's"), std::string("'it''s'"));
}

void TestClusterParts::whatAFleetNeeds()
{
    const auto parts = clusterParts(access());
    std::set<std::string> names;
    for (const ClusterPart &part : parts) {
        QVERIFY2(names.insert(part.name).second, part.name.c_str());
        QVERIFY2(!part.sql.empty() && !part.undo.empty(), part.name.c_str());
        QVERIFY2(!isThere(part).empty(), part.name.c_str());
        for (const std::string &statement : part.sql)
            QVERIFY2(statement.find(';') == std::string::npos || statement.find("$$") != std::string::npos, statement.c_str());
        // Objects carry who made them; users, columns and rights cannot.
        const bool isObject = part.user.empty() && part.kind != PartKind::Column;
        QCOMPARE(commentedName(part).empty(), !isObject);
        QCOMPARE(commentOf(part).empty(), !isObject);
    }
    const ClusterPart *term = partNamed(parts, "table shardlens.term");
    QVERIFY(term);
    QCOMPARE(term->use, PartUse::Move);
    QCOMPARE(term->sql.size(), std::size_t(2)); // its one row is of it
    QCOMPARE(term->undo, std::string("drop table shardlens.term"));
    const ClusterPart *page = partNamed(parts, "function shardlens.outbox_page(text, xid8, xid8, bigint, integer, xid8[], double precision)");
    QVERIFY(page);
    QCOMPARE(page->sql.size(), std::size_t(2)); // and it is nobody's until it is granted
    QVERIFY(partNamed(parts, "column shardlens.invalidation_cursor.missed_since"));
    QCOMPARE(partNamed(parts, "extension pg_prewarm")->use, PartUse::Warm);
    // A table is made before its index and before the rights on it.
    const auto at = [&](const char *name) { return partNamed(parts, name) - parts.data(); };
    QVERIFY(at("schema shardlens") < at("table shardlens.outbox"));
    QVERIFY(at("table shardlens.outbox") < at("index shardlens.outbox_by_txid"));
    QVERIFY(at("table shardlens.outbox") < at("insert on shardlens.outbox for web"));
}

void TestClusterParts::nobodyElseIsGivenAnything()
{
    const std::set<std::string> users{"", "looker", "web", "on-call"};
    const auto parts = clusterParts(access());
    for (const ClusterPart &part : parts)
        QVERIFY2(users.contains(part.user), part.name.c_str());
    QVERIFY(!partNamed(parts, "update on shardlens.term for looker"));
    QVERIFY(!partNamed(parts, "update on shardlens.term for web"));
    const ClusterPart *update = partNamed(parts, "update on shardlens.term for on-call");
    QVERIFY(update);
    QCOMPARE(update->sql, std::vector<std::string>{"grant update on shardlens.term to \"on-call\""});
    QCOMPARE(update->undo, std::string("revoke update on shardlens.term from \"on-call\""));
    QCOMPARE(partNamed(parts, "pg_signal_backend for on-call")->kind, PartKind::Membership);
    QVERIFY(!partNamed(parts, "pg_signal_backend for web"));
    const ClusterPart *promote = partNamed(parts, "execute on pg_promote(boolean, integer) for on-call");
    QVERIFY(promote);
    QCOMPARE(promote->schema, std::string("pg_catalog"));
    QCOMPARE(partNamed(parts, "replication for on-call")->sql.front(), std::string("alter role \"on-call\" replication"));
}

void TestClusterParts::rightsAreForWhatTheirObjectIsFor()
{
    const auto parts = clusterParts(access());
    QCOMPARE(partNamed(parts, "select on shardlens.marker for web")->use, PartUse::Move);
    QCOMPARE(partNamed(parts, "insert on shardlens.heartbeat for on-call")->use, PartUse::Guard);
    QCOMPARE(partNamed(parts, "insert on shardlens.outbox for web")->use, PartUse::Cache);
    QCOMPARE(partNamed(parts, "usage on shardlens for looker")->use, PartUse::Move);
}

void TestClusterParts::olderServersAreAskedForLess()
{
    const std::string old = partsQuery(access(), 140000);
    const std::string fresh = partsQuery(access(), 150000);
    QVERIFY(old.find("has_parameter_privilege") == std::string::npos && old.find("pg_checkpoint") == std::string::npos);
    QVERIFY(fresh.find("has_parameter_privilege") != std::string::npos && fresh.find("pg_checkpoint") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestClusterParts)
#include "test_cluster_parts.moc"
