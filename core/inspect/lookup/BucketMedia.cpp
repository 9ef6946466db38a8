// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/BucketMedia.h"

#include "core/ids/Anatomy.h"
#include "core/inspect/lookup/MediaMap.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <functional>
#include <set>

namespace shardlens::inspect::lookup {

using base::Result;

namespace {

constexpr std::size_t shardsAtOnce = 32;  ///< in one statement: a round trip a shard would take minutes where there are thousands
constexpr std::size_t mostOfShard = 5000; ///< a bucket holds about as many as the fleet file says, over all shards
constexpr const char *statementTimedOut = "57014";
constexpr const char *noRights = "42501";
constexpr base::seconds clusterPatience{10}; ///< for all its shards; the statement under way when it ends is waited for

/// First and last ID of a bucket that is numbered by the ID itself.
std::pair<std::uint64_t, std::uint64_t> idsOf(const fleet::Fleet &fleet, std::uint32_t bucket)
{
    const std::uint64_t size = std::max(1U, fleet.keys.mediaMapBucket);
    return {bucket * size, bucket * size + size - 1};
}

/// The shards of one cluster, and what they told.
struct ClusterSearch {
    const fleet::Cluster *cluster = nullptr;
    std::vector<std::string> schemas;
    BucketMedia found;
    bool isDone = false; ///< its primary answered, if not for every shard
    std::optional<base::Instant> deadline; ///< from the first question on
};

class SearchOnLink
{
public:
    SearchOnLink(Link &link, const fleet::Fleet &fleet, std::uint32_t bucket, std::uint32_t buckets, ClusterSearch &search)
        : m_link(link), m_fleet(fleet), m_bucket(bucket), m_buckets(buckets), m_search(search)
    {
    }

    /// An error: this server cannot tell, and another may.
    Result<void> run()
    {
        if (!m_search.deadline)
            m_search.deadline = std::chrono::steady_clock::now() + clusterPatience;
        const auto role = query({"select pg_is_in_recovery()", {}});
        if (!role) {
            note(role.error());
            return base::fail(role.error());
        }
        m_link.sawRole(role->first() == "f");
        if (role->first() != "f") // a standby may lack the newest, and still have what is deleted
            return {};
        m_search.isDone = true;
        m_search.found.why.reset(); // of members that were asked before
        for (std::size_t at = 0; at < m_search.schemas.size(); at += shardsAtOnce)
            m_left.emplace_back(m_search.schemas.begin() + static_cast<std::ptrdiff_t>(at),
                                m_search.schemas.begin() + static_cast<std::ptrdiff_t>(std::min(at + shardsAtOnce, m_search.schemas.size())));
        while (!m_left.empty()) {
            const std::vector<std::string> schemas = std::move(m_left.front());
            m_left.pop_front();
            if (std::chrono::steady_clock::now() >= *m_search.deadline) {
                note({base::ErrorCode::TimedOut, "not all shards could be read through in " + std::to_string(clusterPatience.count()) + " s", {}, m_link.server().id.text(), base::Effect::None});
                giveUp(schemas.size());
            } else if (const auto read = readThrough(schemas); !read) {
                giveUp(m_slow == mostSlow ? 0 : schemas.size()); // the slow one is counted
            }
        }
        return {};
    }

private:
    Result<postgres::Rows> query(const Sql &sql) { return m_link.query(m_search.cluster->database, sql.text, sql.parameters); }

    Result<void> readThrough(const std::vector<std::string> &schemas)
    {
        const auto rows = query(bucketStatement(m_fleet, schemas, m_bucket, m_buckets, mostOfShard));
        if (rows) {
            take(schemas.size(), *rows);
            return {};
        }
        // One that is too slow, is not there or may not be read keeps no other from being searched.
        const bool isOnes = isNoSuchShard(rows.error()) || rows.error().sqlState == statementTimedOut || rows.error().sqlState == noRights;
        if (!isOnes || schemas.size() == 1)
            note(rows.error());
        if (!isOnes)
            return base::fail(rows.error());
        if (schemas.size() == 1) {
            ++m_search.found.unsearched;
            return rows.error().sqlState == statementTimedOut && ++m_slow == mostSlow ? base::fail(rows.error()) : Result<void>();
        }
        const auto middle = schemas.begin() + static_cast<std::ptrdiff_t>(schemas.size() / 2);
        m_left.emplace_front(middle, schemas.end());
        m_left.emplace_front(schemas.begin(), middle);
        return {};
    }

    void take(std::size_t shards, const postgres::Rows &rows)
    {
        std::vector<std::size_t> told(shards, 0);
        for (const auto &row : rows.rows) {
            m_search.found.owners[idOf(row[0].value_or(""))] = idOf(row[1].value_or("0"));
            ++told.at(std::strtoull(row[2].value_or("0").c_str(), nullptr, 10));
        }
        for (const std::size_t count : told)
            ++(count > mostOfShard ? m_search.found.unsearched : m_search.found.searched);
        if (std::any_of(told.begin(), told.end(), [](std::size_t count) { return count > mostOfShard; }))
            note({base::ErrorCode::Rejected, "a shard has more than " + std::to_string(mostOfShard) + " media of the bucket", {}, m_link.server().id.text(), base::Effect::None});
    }

    /// What is left is not asked: the server is gone, or every shard takes too long.
    void giveUp(std::size_t shards)
    {
        m_search.found.unsearched += static_cast<std::int64_t>(shards);
        for (const auto &schemas : m_left)
            m_search.found.unsearched += static_cast<std::int64_t>(schemas.size());
        m_left.clear();
    }

    void note(const base::Error &error)
    {
        if (!m_search.found.why)
            m_search.found.why = error;
    }

    static constexpr int mostSlow = 3; ///< shards that alone ran into the time limit: it is bounded what they all cost

    Link &m_link;
    const fleet::Fleet &m_fleet;
    std::uint32_t m_bucket;
    std::uint32_t m_buckets;
    ClusterSearch &m_search;
    std::deque<std::vector<std::string>> m_left;
    int m_slow = 0;
};

/// Which clusters hold shards that can hold media of the bucket.
std::deque<ClusterSearch> searchesFor(Context &context, const fleet::Partition &partition, std::uint32_t bucket, std::uint32_t buckets, BucketMedia &all, Rounds &rounds)
{
    std::set<std::uint32_t> shards;
    if (buckets == 0) {
        const auto [first, last] = idsOf(*context.fleet, bucket);
        for (const std::uint64_t id : {first, last}) // so few IDs in a row are one shard's, or two shards' of one moment
            shards.insert(ids::anatomy(id, context.fleet->idLayout).shard.value);
    }
    const bool isEvery = buckets != 0 || context.fleet->keys.mediaMapBucket > (1U << context.fleet->idLayout.sequenceBits);
    const std::uint32_t numbers = partition.shardCount != 0 ? partition.shardCount : 1U << context.fleet->idLayout.shardBits;
    for (std::uint32_t shard = 0; isEvery && shard < numbers; ++shard)
        shards.insert(shard);
    std::erase_if(shards, [&](std::uint32_t shard) { return !context.places.isInRange(partition, base::ShardNumber{shard}); });
    const FoundHomes seen = context.places.hasMap() || shards.empty() ? FoundHomes() : context.places.findAll(partition, shards, rounds);
    std::deque<ClusterSearch> searches; // a deque: jobs keep references
    for (const std::uint32_t shard : shards) {
        auto home = context.places.home(partition, base::ShardNumber{shard});
        if (const auto found = seen.homes.find(shard); !home && found != seen.homes.end())
            home = found->second;
        if (!home) {
            all.unsearched += seen.silence || (context.places.hasMap() && partition.shardCount != 0) ? 1 : 0; // else there is no such shard
            if (!all.why)
                all.why = seen.silence;
            continue;
        }
        auto search = std::find_if(searches.begin(), searches.end(), [&](const ClusterSearch &one) { return one.cluster == home->cluster; });
        if (search == searches.end())
            search = searches.insert(searches.end(), ClusterSearch{home->cluster, {}, {}, false, std::nullopt});
        search->schemas.push_back(home->schema);
    }
    return searches;
}

/// A member of each cluster that is not done yet, the likeliest primary first.
bool askNext(Context &context, std::deque<ClusterSearch> &searches, std::size_t turn, std::uint32_t bucket, std::uint32_t buckets, Rounds &rounds)
{
    Round round(context.links, Stage::Lists);
    Rounds unheard; // who does not answer is told as shards that were not searched: what the map has is not in doubt for it
    for (ClusterSearch &search : searches) {
        std::vector<ServerId> members = nearestFirst(*context.fleet, *search.cluster, context.ground->from);
        const ServerId likely = likelyPrimary(context.links, *search.cluster);
        std::stable_partition(members.begin(), members.end(), [&](const ServerId &id) { return id == likely; });
        if (search.isDone || turn >= members.size())
            continue;
        round.ask(members[turn], [&, &search = search](Link &link) { return SearchOnLink(link, *context.fleet, bucket, buckets, search).run(); });
    }
    if (round.isEmpty())
        return false;
    round.run(unheard);
    rounds.stages.insert(rounds.stages.end(), unheard.stages.begin(), unheard.stages.end());
    return true;
}

} // namespace

BucketResidues residuesOf(std::uint32_t bucket, std::uint32_t buckets)
{
    const std::uint64_t whole = std::bit_floor(std::max(1U, buckets));
    BucketResidues out{2 * whole, {}};
    if (bucket >= buckets)
        return out;
    out.residues.push_back(bucket);
    if (bucket < whole && bucket + whole >= buckets) // its second half was not split off yet
        out.residues.push_back(bucket + whole);
    return out;
}

Sql bucketStatement(const fleet::Fleet &fleet, const std::vector<std::string> &schemas, std::uint32_t bucket, std::uint32_t buckets, std::size_t most)
{
    Sql sql;
    std::function<std::string(const std::string &id)> isIn;
    if (buckets != 0) {
        const BucketResidues hashes = residuesOf(bucket, buckets);
        const std::string modulus = sql.param(hashes.modulus) + "::bigint";
        const std::string residues = sql.param(postgres::Value(arrayOf(hashes.residues))) + "::bigint[]";
        isIn = [=](const std::string &id) { return "(" + id + ") % " + std::to_string(bucketPrime) + " % " + modulus + " = any(" + residues + ")"; };
    } else {
        const auto [first, last] = idsOf(fleet, bucket);
        const std::string from = sql.param(first) + "::bigint";
        const std::string to = sql.param(last) + "::bigint";
        isIn = [=](const std::string &id) { return id + " between " + from + " and " + to; };
    }
    for (std::size_t i = 0; i < schemas.size(); ++i) {
        const TableIn media(fleet.queries, fleet::RowKind::Media, quotedName(schemas[i]));
        sql.text += (i == 0 ? "(select " : " union all (select ") + media["id"] + ", " + media["owner_id"] + ", " + std::to_string(i) + " from " + media.from() + " where " +
                    isIn(media["id"]) + " limit " + std::to_string(most + 1) + ")";
    }
    return sql;
}

BucketMedia mediaOfBucket(Context &context, std::uint32_t bucket, std::uint32_t buckets, Rounds &rounds)
{
    BucketMedia all;
    const fleet::Partition *partition = context.places.partitionOf(fleet::RowKind::Media);
    const bool isNoBucket = buckets != 0 && bucket >= buckets;
    if (!partition || isNoBucket)
        return all;
    std::deque<ClusterSearch> searches = searchesFor(context, *partition, bucket, buckets, all, rounds);
    for (std::size_t turn = 0; askNext(context, searches, turn, bucket, buckets, rounds); ++turn) {
    }
    for (ClusterSearch &search : searches) {
        all.owners.merge(search.found.owners);
        all.searched += search.found.searched;
        const bool isWhole = search.isDone && search.found.unsearched == 0;
        if (!all.why && !isWhole)
            all.why = search.found.why;
        all.unsearched += search.isDone ? search.found.unsearched : static_cast<std::int64_t>(search.schemas.size());
    }
    return all;
}

} // namespace shardlens::inspect::lookup
