// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/Staleness.h"

#include "core/cacheflow/PoolPlacing.h"
#include "core/clients/memcached/MetaSession.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/clients/wire/Talk.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>
#include <thread>

#include <nlohmann/json.hpp>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t mostKeysNamed = 10;
constexpr base::milliseconds secondLookAfter{500}; ///< a delete that is on its way has arrived by then

std::string decoded(std::string_view uri)
{
    std::string text;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        unsigned code = 0;
        if (uri[i] == '%' && i + 2 < uri.size() && std::from_chars(uri.data() + i + 1, uri.data() + i + 3, code, 16).ec == std::errc()) {
            text += static_cast<char>(code);
            i += 2;
        } else {
            text += uri[i];
        }
    }
    return text;
}

/// The first keys that a member's crawler tells; the walk ends with the connection.
Result<std::vector<std::string>> keysOf(const memcached::Member &member, std::size_t atMost, base::milliseconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto talk = wire::Talk::dial(member.endpoint.host, member.endpoint.port, deadline);
    if (!talk)
        return base::fail(talk.error());
    if (const auto sent = talk->send("lru_crawler metadump all\r\n", deadline); !sent)
        return base::fail(sent.error());
    std::vector<std::string> keys;
    std::string unread;
    while (keys.size() < atMost) {
        auto more = talk->receive(deadline);
        if (!more)
            return base::fail(more.error());
        if (more->empty())
            break;
        unread += *more;
        std::size_t from = 0;
        for (auto end = unread.find('\n'); end != std::string::npos; end = unread.find('\n', from)) {
            const std::string_view line = std::string_view(unread).substr(from, end - from);
            from = end + 1;
            if (line.starts_with("END"))
                return keys;
            if (line.starts_with("BUSY") || line.starts_with("ERROR"))
                return base::fail(ErrorCode::Rejected, std::string(line.substr(0, line.find('\r'))), member.server);
            if (line.starts_with("key="))
                keys.push_back(decoded(line.substr(4, line.find(' ') - 4)));
        }
        unread.erase(0, from);
    }
    return keys;
}

/// The sampling of one region: its sessions, and what came of it.
class Sampling
{
public:
    Sampling(const fleet::Fleet &fleet, const fleet::Pool &pool, const DeclaredMap &map, const fleet::DatabaseUser &user,
             const StalenessOptions &options)
        : m_fleet(fleet), m_pool(pool), m_map(map), m_user(user), m_options(options)
    {
    }

    Staleness run()
    {
        std::vector<Drawn> drawn = draw();
        std::vector<Drawn> suspects;
        for (Drawn &item : drawn)
            compare(item, suspects);
        if (!suspects.empty())
            std::this_thread::sleep_for(secondLookAfter);
        for (const Drawn &item : suspects)
            lookAgain(item);
        return std::move(m_found);
    }

private:
    struct Drawn {
        memcached::Member member;
        std::string key;
        std::int64_t version = 0;
        std::uint64_t cas = 0;
        base::microseconds behind{0}; ///< since its row changed
    };
    struct Row {
        std::int64_t version = 0;
        base::microseconds age{0};
    };

    std::vector<Drawn> draw()
    {
        std::vector<Drawn> all;
        for (const auto &id : m_pool.servers) {
            const auto *server = m_fleet.server(id);
            const memcached::Member member{id.text(), server->address.from(m_fleet.ownRegion)};
            const auto keys = keysOf(member, m_options.listed, m_options.deadline);
            if (!keys) {
                m_found.error = keys.error();
                continue;
            }
            for (const std::string &key : *keys) {
                if (entityOf(m_fleet.keys, key))
                    all.push_back({member, key, 0, 0, {}});
            }
            m_found.listed += keys->size();
        }
        std::mt19937_64 random(m_options.seed);
        std::shuffle(all.begin(), all.end(), random);
        if (all.size() > m_options.items)
            all.resize(m_options.items);
        return all;
    }

    Result<memcached::MetaAnswer> itemOf(const Drawn &item)
    {
        auto &session = m_members[item.member.server];
        if (!session || !session->isOpen()) {
            auto dialled = memcached::MetaSession::dial(item.member, m_options.deadline);
            if (!dialled)
                return base::fail(dialled.error());
            session = std::move(*dialled);
        }
        return session->ask("gets " + item.key + "\r\n", m_options.deadline);
    }

    /// The item first, the row after it: a row that changes in between makes a suspect, never a false acquittal.
    void compare(Drawn &item, std::vector<Drawn> &suspects)
    {
        const auto cached = itemOf(item);
        if (!cached || cached->code != memcached::MetaAnswer::Code::Value) {
            if (!cached)
                m_found.error = cached.error();
            ++m_found.unread;
            return;
        }
        const auto version = versionIn(cached->value);
        const auto row = version ? rowOf(*entityOf(m_fleet.keys, item.key))
                                 : Result<std::optional<Row>>(base::fail(ErrorCode::BadInput, "no version in the value"));
        if (!row) {
            m_found.error = version ? std::optional(row.error()) : m_found.error;
            ++m_found.unread;
            return;
        }
        ++m_found.compared;
        if (!*row) {
            ++m_found.orphans;
            return;
        }
        if ((*row)->version <= *version)
            return;
        item.version = *version;
        item.cas = cached->number('c').value_or(0);
        item.behind = (*row)->age;
        suspects.push_back(item);
    }

    void lookAgain(const Drawn &item)
    {
        const auto cached = itemOf(item);
        const bool isSame = cached && cached->code == memcached::MetaAnswer::Code::Value && cached->number('c') == item.cas;
        if (!isSame) {
            ++m_found.late;
            return;
        }
        ++m_found.stale;
        m_found.oldest = std::max(m_found.oldest.value_or(base::microseconds(0)), item.behind + base::microseconds(secondLookAfter));
        if (m_found.staleKeys.size() < mostKeysNamed)
            m_found.staleKeys.push_back(item.key);
    }

    Result<std::optional<Row>> rowOf(const CachedEntity &entity)
    {
        const bool isUser = entity.kind == "user";
        const fleet::Partition *partition = m_fleet.partition(base::PartitionName(isUser ? "users" : "media"));
        if (!partition)
            return base::fail(ErrorCode::NotFound, "the fleet declares no partition for " + entity.kind);
        const auto shard = shardOf(m_fleet.idLayout, entity.id);
        const auto shards = m_map.find(partition->name.text());
        const auto cluster = shards == m_map.end() ? std::map<std::uint32_t, std::string>::const_iterator() : shards->second.find(shard);
        if (shards == m_map.end() || cluster == shards->second.end())
            return base::fail(ErrorCode::NotFound, "the declared map has no shard " + std::to_string(shard));
        auto session = clusterSession(cluster->second);
        if (!session)
            return base::fail(session.error());
        const std::string schema = fleet::expand(partition->schemaPattern, "shard", std::to_string(shard));
        const auto rows = (*session)->exec("SELECT version, extract(epoch FROM clock_timestamp() - updated_at) FROM " + schema +
                                               (isUser ? ".users" : ".media") + " WHERE id = $1",
                                           {std::to_string(entity.id)}, m_options.deadline);
        if (!rows)
            return base::fail(rows.error());
        if (rows->isEmpty())
            return std::optional<Row>();
        Row row;
        double seconds = 0;
        const std::string version = rows->at(0, 0).value_or("");
        const std::string age = rows->at(0, 1).value_or("");
        std::from_chars(version.data(), version.data() + version.size(), row.version);
        std::from_chars(age.data(), age.data() + age.size(), seconds);
        row.age = base::microseconds(std::llround(std::max(seconds, 0.0) * 1e6));
        return std::optional(row);
    }

    Result<postgres::Session *> clusterSession(const std::string &cluster)
    {
        auto &session = m_clusters[cluster];
        if (session && session->isOpen())
            return &*session;
        const auto *router = m_fleet.routerOf(m_pool.region);
        const auto *server = router ? m_fleet.server(router->server) : nullptr;
        if (!server)
            return base::fail(ErrorCode::NotFound, "no router is declared in " + m_pool.region.text());
        const std::string database = fleet::expand(router->readDatabase, "cluster", cluster);
        const fleet::Endpoint &endpoint = server->address.from(m_fleet.ownRegion);
        const auto secret = secrets::resolve(m_user.secret, {endpoint.host, endpoint.port, database, m_user.name}, m_options.keychain);
        if (!secret)
            return base::fail(secret.error());
        postgres::SessionOptions with;
        with.tls = m_fleet.access.tls;
        with.throughRouter = true;
        auto opened = postgres::Session::connect({server->id.text() + "/" + database, endpoint, database, m_user.name}, *secret, with,
                                                 m_options.deadline);
        if (!opened)
            return base::fail(opened.error());
        session = std::move(*opened);
        return &*session;
    }

    const fleet::Fleet &m_fleet;
    const fleet::Pool &m_pool;
    const DeclaredMap &m_map;
    const fleet::DatabaseUser &m_user;
    const StalenessOptions &m_options;
    std::map<std::string, std::optional<memcached::MetaSession>> m_members;
    std::map<std::string, std::optional<postgres::Session>> m_clusters;
    Staleness m_found;
};

} // namespace

std::optional<std::int64_t> versionIn(const std::string &value)
{
    const auto read = nlohmann::json::parse(value, nullptr, false);
    if (!read.is_object() || !read.contains("version") || !read["version"].is_number_integer())
        return std::nullopt;
    return read["version"].get<std::int64_t>();
}

Result<Staleness> sampleStaleness(const fleet::Fleet &fleet, const base::RegionName &region, const DeclaredMap &map,
                                  const fleet::DatabaseUser &user, const StalenessOptions &options)
{
    const auto pool = std::find_if(fleet.pools.begin(), fleet.pools.end(), [&](const auto &one) { return one.region == region; });
    if (pool == fleet.pools.end())
        return base::fail(ErrorCode::NotFound, "no pool is declared in region " + region.text());
    return Sampling(fleet, *pool, map, user, options).run();
}

} // namespace shardlens::cacheflow
