// SPDX-License-Identifier: GPL-3.0-or-later
// Where shards are, while nothing answers: who is asked for the map, and what is said of IDs that may be anywhere.
#include "core/inspect/lookup/BucketMedia.h"
#include "core/inspect/lookup/BulkRead.h"
#include "tests/fixtures/Fleets.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::inspect::lookup;

namespace {

/// The default fleet, all of whose servers refuse: nothing listens on that port.
fixtures::FleetPtr deadFleet()
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    for (fleet::Server &server : fleet->servers)
        server.address = {{"127.0.0.1", 1}, {}};
    fleet->access.users = {{"support1", fleet::Role::Support, {}}};
    return fleet;
}

Context contextOf(const fixtures::FleetPtr &fleet)
{
    const auto ground = std::make_shared<const LinkGround>(LinkGround{
        fleet, base::RegionName("us-east"), fleet->access.users.front(), Keyring(fleet->access.users.front(), {}, {}), std::chrono::milliseconds(1000)});
    return {fleet, ground, std::make_shared<base::SystemClock>()};
}

std::uint64_t idOn(std::uint32_t shard, std::uint32_t sequence)
{
    return std::uint64_t(400'000'000'000) << 23 | std::uint64_t(shard) << 10 | sequence;
}

std::set<std::string> troubledOf(const Rounds &rounds)
{
    std::set<std::string> servers;
    for (const Trouble &trouble : rounds.troubles)
        servers.insert(trouble.server.text());
    return servers;
}

} // namespace

class PlacesTest : public QObject
{
    Q_OBJECT

    fixtures::FleetPtr m_fleet = deadFleet();

private Q_SLOTS:
    void aSilentMemberOfTheDirectoryIsNotTheOnlyOneAsked()
    {
        Context context = contextOf(m_fleet);
        Rounds rounds;
        Round round(context.links, Stage::Place);
        context.places.askFor(round);
        round.run(rounds);
        QCOMPARE(troubledOf(rounds).size(), std::size_t(1));
        context.places.settle(rounds);
        const auto &members = m_fleet->cluster(m_fleet->directory->cluster)->servers;
        std::set<std::string> all;
        for (const base::ServerId &member : members)
            all.insert(member.text());
        QVERIFY(all.size() > 1);
        QVERIFY(troubledOf(rounds) == all);
        QVERIFY(!context.places.hasMap() && !context.places.isFresh());
    }

    void aShardMayBeOnASilentCluster()
    {
        Context context = contextOf(m_fleet);
        Rounds rounds;
        const auto home = context.places.find(*context.places.partitionOf(fleet::RowKind::Media), base::ShardNumber{3}, rounds);
        QVERIFY2(!home, "nobody said that it is nowhere");
    }

    void whatMayBeOnASilentClusterIsUnresolvedAndAskedForAtOnce()
    {
        Context context = contextOf(m_fleet);
        std::vector<std::uint64_t> ids;
        for (std::uint32_t i = 0; i < 1000; ++i)
            ids.push_back(idOn(i % 1000, i));
        const std::uint64_t ofNoShard = idOn(5000, 1);
        ids.push_back(ofNoShard);
        Rounds rounds;
        BulkQuestion question;
        question.partition = context.places.partitionOf(fleet::RowKind::Media);
        question.ids = ids;
        question.select = [](Sql &, const std::string &, const std::string &) { return std::string("select 1"); };
        const BulkAnswer answer = readInBulk(context, question, rounds);
        QCOMPARE(answer.unresolved.size(), std::size_t(1000));
        QVERIFY(!answer.unresolved.contains(ofNoShard));
        QCOMPARE(rounds.stages.size(), std::size_t(1));
        Rounds others;
        const auto media = readMedia(context, {ids.front()}, others);
        QVERIFY2(!media.at(ids.front()).isResolved, "a feed does not call it dangling");
    }

    void whatASilentClusterMayHaveOfABucketIsUnsearched()
    {
        Context context = contextOf(m_fleet);
        const fleet::Partition &partition = *context.places.partitionOf(fleet::RowKind::Media);
        QVERIFY(partition.shardCount > 2);
        Rounds rounds;
        const BucketMedia hashed = mediaOfBucket(context, 1, 3, rounds); // any shard may have some
        QCOMPARE(hashed.unsearched, std::int64_t(partition.shardCount));
        QCOMPARE(hashed.searched, std::int64_t(0));
        QVERIFY(hashed.owners.empty());
        QVERIFY2(hashed.why.has_value(), "it is told why");
        QCOMPARE(mediaOfBucket(context, 3, 3, rounds).unsearched, std::int64_t(0)); // there is no such bucket
    }

    void aFunctionThatAShardLacksIsNotTriedEachTime()
    {
        Context context = contextOf(m_fleet);
        Link &link = *context.links.of(m_fleet->servers.front().id);
        QStringList asked;
        const auto ask = [&](bool hasFunction, bool maySelect) {
            asked.clear();
            const auto answer = [&](const char *way, const char *sqlState) {
                return std::function<base::Result<int>()>([&asked, way, sqlState]() -> base::Result<int> {
                    asked << QLatin1String(way);
                    return *sqlState ? base::Result<int>(base::fail(base::Error{base::ErrorCode::Rejected, "no", sqlState, {}, base::Effect::None})) : 1;
                });
            };
            const auto got = byFunctionOrElse<int>(link, "insta", "caption_of", answer("function", hasFunction ? "" : "42883"), answer("columns", maySelect ? "" : "42501"));
            return asked.join(QLatin1Char(' ')) + (got ? QStringLiteral(": told") : QStringLiteral(": refused"));
        };
        QCOMPARE(ask(true, false), QStringLiteral("function: told"));
        QCOMPARE(ask(false, true), QStringLiteral("function columns: told"));
        QCOMPARE(ask(false, true), QStringLiteral("columns: told"));
        QCOMPARE(ask(true, false), QStringLiteral("columns function: told")); // it was made, and the rights were taken away
        QCOMPARE(ask(true, false), QStringLiteral("function: told"));
        QCOMPARE(ask(false, false), QStringLiteral("function columns: refused"));
        QVERIFY(!link.lacks("other", "caption_of"));
        QVERIFY(!link.lacks("insta", "caption_of")); // neither did: nothing is known of it
    }

    void oldAndNewShardsAreReadEachItsWay()
    {
        Context context = contextOf(m_fleet);
        Link &link = *context.links.of(m_fleet->servers.front().id);
        QStringList asked;
        const auto read = [&](const std::vector<std::string> &schemas, bool isByFunction) -> base::Result<AllRows> {
            QStringList names;
            AllRows rows;
            const char *sqlState = nullptr;
            for (const std::string &schema : schemas) {
                names << QString::fromStdString(schema);
                rows.push_back({schema});
                if ((schema == "new") != isByFunction)
                    sqlState = isByFunction ? "42883" : "42501";
            }
            asked << (isByFunction ? QStringLiteral("function ") : QStringLiteral("columns ")) + names.join(QLatin1Char('+'));
            if (sqlState)
                return base::fail(base::Error{base::ErrorCode::Rejected, "no", sqlState, {}, base::Effect::None});
            return rows;
        };
        const auto first = readShards(link, "insta", "caption_of", {"new", "old"}, read);
        QVERIFY(first.has_value());
        QCOMPARE(first->size(), std::size_t(2));
        // Then it is known which is which, and each is asked in one go.
        for (int again = 0; again < 2; ++again) {
            asked.clear();
            QVERIFY(readShards(link, "insta", "caption_of", {"new", "old"}, read).has_value());
            QCOMPARE(asked, (QStringList{QStringLiteral("function new"), QStringLiteral("columns old")}));
        }
    }
};

QTEST_GUILESS_MAIN(PlacesTest)
#include "test_places.moc"
