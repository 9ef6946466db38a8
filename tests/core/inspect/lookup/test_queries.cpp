// SPDX-License-Identifier: GPL-3.0-or-later
// The fleet file's names in what is asked of the shards.
#include "core/inspect/lookup/Link.h"
#include "core/inspect/lookup/RowFacts.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace shardlens;
using namespace shardlens::inspect::lookup;
using fleet::RowKind;

class QueriesTest : public QObject
{
    Q_OBJECT

    static QString text(const std::string &sql) { return QString::fromStdString(sql); }

private Q_SLOTS:
    void usualNamesNeedNoWord()
    {
        const fleet::Queries usual;
        const QString user = text(userStatement(usual, "insta3", 42, {true, {}, {}, {}}).text);
        QVERIFY2(user.contains(QStringLiteral("from \"insta3\".\"users\" r where id = $1::bigint")), qPrintable(user));
        QVERIFY(user.contains(QStringLiteral("from (select id, at, by from \"insta3\".\"deleted\" where kind = 'user') r where id = $1::bigint")));
        QVERIFY(user.contains(QStringLiteral("from \"insta3\".\"followers\" r where user_id = $1::bigint")));
        MediaParts parts;
        parts.lists = parts.ofOwner = true;
        const QString media = text(mediaStatement(usual, "insta3", 42, parts).text);
        for (const char *table : {"media", "likes", "comments"})
            QVERIFY2(media.contains(QStringLiteral("from \"insta3\".\"%1\" r where").arg(QLatin1String(table))), table);
    }

    void aFleetsOwnNamesStandInTheirPlace()
    {
        fleet::Queries own;
        own.of(RowKind::Users).table = "accounts";
        own.of(RowKind::Users).columns["name"] = "handle";
        own.of(RowKind::Users).columns["version"] = "coalesce(revision, 1)";
        own.of(RowKind::Users).columns["id"] = "account_id";
        own.of(RowKind::Followers).columns["follower_id"] = "who";
        own.of(RowKind::Media).table = "photos";
        own.of(RowKind::Media).rows = "(select p.*, s.by_user as owner_id from {schema}.{table} p join {schema}.shoots s using (shoot))";
        const Span page{25, "1700000000000000:7"};
        const QString user = text(userStatement(own, "tenant 3", 42, {true, {}, page, {}}).text);
        QVERIFY2(user.contains(QStringLiteral("'name', handle,")), qPrintable(user));
        QVERIFY(user.contains(QStringLiteral("'version', coalesce(revision, 1)")));
        QVERIFY(user.contains(QStringLiteral("from \"tenant 3\".\"accounts\" r where account_id = $1::bigint")));
        QVERIFY(user.contains(QStringLiteral("select who as id,")));
        QVERIFY(user.contains(QStringLiteral("(created_at, who) <")));
        QVERIFY(!user.contains(QStringLiteral("\"users\"")));
        const QString media = text(mediaStatement(own, "tenant 3", 42, {}).text);
        QVERIFY2(media.contains(QStringLiteral("from (select p.*, s.by_user as owner_id from \"tenant 3\".\"photos\" p join \"tenant 3\".shoots s using (shoot)) r where id = $1")), qPrintable(media));
    }

    void rowsAreCountedToALimit()
    {
        const fleet::Queries usual;
        const QString limit = QStringLiteral(" limit %1) c)").arg(mostCounted + 1);
        MediaParts parts;
        parts.lists = parts.ofOwner = true;
        for (const std::string &sql : {userStatement(usual, "insta3", 42, {true, {}, {}, {}}).text, mediaStatement(usual, "insta3", 42, parts).text}) {
            const QString statement = text(sql);
            QVERIFY(statement.contains(QStringLiteral("select count(*) from (select 1 from ")));
            QCOMPARE(statement.count(QStringLiteral("count(*)")), statement.count(limit)); // none is counted without one
        }
        // What is beyond it is no miscount.
        UserCard card;
        Question question;
        fillUser(card, nlohmann::json::parse(R"({"row": {"followers": 3000000, "following": 7}, "followers_n": 100001, "following_n": 6})"), question, usual);
        QVERIFY(card.followers.isAtLeast && !card.followers.isMiscount());
        QCOMPARE(*card.followers.actual, mostCounted);
        QVERIFY(!card.following.isAtLeast && card.following.isMiscount());
    }

    void manyNamesAreAskedForAsOneIs()
    {
        const Sql usual = namesStatement({}, "directory", {"Ann", "b\"c\\"});
        QVERIFY2(text(usual.text).contains(QStringLiteral("from \"directory\".\"names\" r where name in (a.asked_name, lower(a.asked_name))")), usual.text.c_str());
        QCOMPARE(text(usual.parameters.front().value_or("")), QStringLiteral("{\"Ann\",\"b\\\"c\\\\\"}"));
        fleet::Queries own;
        own.of(RowKind::Names).table = "handles";
        own.of(RowKind::Names).columns["name"] = "handle";
        own.of(RowKind::Names).columns["user_id"] = "account";
        const QString sql = text(namesStatement(own, "directory", {"ann"}).text);
        QVERIFY2(sql.contains(QStringLiteral("select account as holder from \"directory\".\"handles\" r where handle in")), qPrintable(sql));
    }

    void aCancelledStatementIsAnAnswer()
    {
        using base::ErrorCode;
        QVERIFY(tellsGone({ErrorCode::TimedOut, "no answer in time", {}, {}, base::Effect::None}));
        QVERIFY(tellsGone({ErrorCode::Unreachable, "terminating connection", "57P01", {}, base::Effect::None}));
        QVERIFY(!tellsGone({ErrorCode::TimedOut, "canceling statement due to statement timeout", "57014", {}, base::Effect::None}));
        QVERIFY(!tellsGone({ErrorCode::Rejected, "syntax error", "42601", {}, base::Effect::None}));
    }

    void personalColumnsAreReadAsTheFleetSays()
    {
        const auto asked = [](const fleet::Queries &queries, Personal::Way way) { return userStatement(queries, "insta3", 42, {false, {way, 7}, {}, {}}); };
        const fleet::Queries usual;
        QVERIFY(!text(asked(usual, Personal::Way::Masked).text).contains(QStringLiteral("email")));
        const Sql byFunction = asked(usual, Personal::Way::Function);
        QVERIFY2(text(byFunction.text).contains(QStringLiteral("'email', \"email\"::text")), byFunction.text.c_str());
        QVERIFY2(text(byFunction.text).contains(QStringLiteral("from \"insta3\".personal($1::bigint, $2::bigint) p")), byFunction.text.c_str());
        QCOMPARE(byFunction.parameters.size(), std::size_t(2));
        fleet::Queries own;
        own.personal() = {{"street"}, "{schema}.secrets_of({id})"};
        own.of(RowKind::Users).columns["street"] = "road || door";
        const Sql untold = asked(own, Personal::Way::Function);
        QVERIFY2(text(untold.text).contains(QStringLiteral("json_build_object('street', \"street\"::text) from \"insta3\".secrets_of($1::bigint) p")), untold.text.c_str());
        QCOMPARE(untold.parameters.size(), std::size_t(1)); // none that the statement does not name
        own.personal().rows.clear();
        const Sql straight = asked(own, Personal::Way::Function);
        QVERIFY2(text(straight.text).contains(QStringLiteral("json_build_object('street', (road || door)::text) from \"insta3\".\"users\" r")), straight.text.c_str());
    }

    /// Who may not select them from their tables reads captions and comments by the shard's functions, which know what is private.
    void captionsAndCommentsAreReadByFunctionWhereTheyMayNotBeSelected()
    {
        const fleet::Queries usual;
        MediaParts parts;
        parts.lists = true;
        const QString columns = text(mediaStatement(usual, "insta3", 42, parts).text);
        QVERIFY2(!columns.contains(QStringLiteral("caption_of")) && columns.contains(QStringLiteral("case when is_private then null else caption end")), qPrintable(columns));
        parts.entry = 0;
        const Sql masked = mediaStatement(usual, "insta3", 42, parts);
        QVERIFY2(text(masked.text).contains(QStringLiteral("'caption', (select f.caption from \"insta3\".caption_of($1::bigint, $2::bigint) f)")), masked.text.c_str());
        QVERIFY2(text(masked.text).contains(QStringLiteral("'caption_md5', (select f.fingerprint from \"insta3\".caption_of($1::bigint, $2::bigint) f)")), masked.text.c_str());
        QVERIFY2(text(masked.text).contains(QStringLiteral("(select f.body from \"insta3\".comment_of(id, $2::bigint) f) as body")), masked.text.c_str());
        // Of the tables nothing is read that the role may not select.
        QString rest = text(masked.text);
        for (const char *mine : {"caption_of", "'caption'", "'caption_md5'", "f.caption", "f.body", "as body"})
            rest.remove(QLatin1String(mine));
        QVERIFY2(!rest.contains(QStringLiteral("caption")) && !rest.contains(QStringLiteral("body")), qPrintable(rest));
        QCOMPARE(text(masked.parameters.at(1).value_or("")), QStringLiteral("0"));
        parts.isPersonal = true;
        parts.entry = 77;
        QCOMPARE(text(mediaStatement(usual, "insta3", 42, parts).parameters.at(1).value_or("")), QStringLiteral("77"));
        parts.ofMedia = false; // it names no entry, and is told none
        QCOMPARE(mediaStatement(usual, "insta3", 42, parts).parameters.size(), std::size_t(1));
    }

    void whatIsPersonalIsNotReadWithTheRow()
    {
        fleet::Queries own;
        own.personal().names = {"email", "full_name", "bio"};
        const QString masked = text(userStatement(own, "insta3", 42, {}).text);
        QVERIFY2(!masked.contains(QStringLiteral("full_name")) && !masked.contains(QStringLiteral("bio")), qPrintable(masked));
        QVERIFY(masked.contains(QStringLiteral("'name', name, 'media', media_count")));
        const QString shown = text(userStatement(own, "insta3", 42, {false, {Personal::Way::Function, 7}, {}, {}}).text);
        QVERIFY2(shown.contains(QStringLiteral("'full_name', \"full_name\"::text, 'bio', \"bio\"::text) from \"insta3\".personal(")), qPrintable(shown));
    }

    void nothingIsAskedOfTombstonesThatAreNotKept()
    {
        fleet::Queries own;
        own.of(RowKind::DeletedMedia).table.clear();
        own.of(RowKind::DeletedMedia).rows = fleet::noRows(RowKind::DeletedMedia);
        const QString media = text(mediaStatement(own, "insta3", 42, {}).text);
        QVERIFY(media.contains(QStringLiteral("where false) r where id = $1::bigint")));
        QVERIFY(!media.contains(QStringLiteral("deleted")));
    }
};

QTEST_APPLESS_MAIN(QueriesTest)
#include "test_queries.moc"
