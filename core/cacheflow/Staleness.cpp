// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/Staleness.h"

#include "core/base/Json.h"
#include "core/cacheflow/ItemLook.h"
#include "core/cacheflow/KeyWalk.h"
#include "core/cacheflow/OwnTraffic.h"
#include "core/clients/invalidator/InvalidatorAnswer.h"
#include "core/clients/memcached/MetaSession.h"

#include <algorithm>
#include <random>

#include <nlohmann/json.hpp>
#include <poll.h>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;

namespace {

constexpr base::milliseconds secondLookAfter{500}; ///< a delete that is on its way has arrived by then
constexpr base::milliseconds thirdLookAfter{2000}; ///< an item without an expiry to be seen, that has one, is gone by then

} // namespace

class StalenessSampler::Private
{
public:
    Private(const fleet::Fleet &fleet, const fleet::Pool &pool, const DeclaredMap &map, const fleet::DatabaseUser &user, StalenessOptions options)
        : m_fleet(fleet), m_pool(pool), m_options(std::move(options)),
          m_rows(fleet, pool.region, map, user, {m_options.deadline, m_options.keychain, m_options.stop}), m_random(m_options.seed)
    {
    }

    Staleness list()
    {
        m_found = {};
        m_listed.clear();
        for (const auto &id : m_pool.servers) {
            const auto *server = m_fleet.server(id);
            const memcached::Member member{id.text(), server->address.from(m_fleet.ownRegion)};
            auto keys = walkKeys(member, m_options.listed, m_options.deadline, m_options.stop.get());
            if (!keys) {
                m_found.error = keys.error();
                continue;
            }
            m_found.listed += keys->size();
            for (WalkedKey &walked : *keys) {
                if (entityOf(m_fleet.keys, walked.key))
                    m_listed.push_back({member, std::move(walked.key), 0, {}});
            }
        }
        return m_found;
    }

    Staleness compare(std::size_t items)
    {
        m_found = {};
        std::vector<Drawn> suspects;
        const auto begun = std::chrono::steady_clock::now();
        const auto isLate = [&] { return m_options.patience.count() > 0 && std::chrono::steady_clock::now() - begun > m_options.patience; };
        for (std::size_t i = 0; i < std::min(items, m_listed.size()) && !isStopped(base::milliseconds(0)) && !isLate(); ++i) {
            std::swap(m_listed[i], m_listed[std::uniform_int_distribution<std::size_t>(i, m_listed.size() - 1)(m_random)]);
            Drawn drawn = m_listed[i];
            compare(drawn, suspects);
        }
        if (suspects.empty() || isStopped(secondLookAfter))
            return m_found;
        std::vector<Drawn> unsure;
        for (const Drawn &item : suspects)
            lookAgain(item, &unsure);
        if (unsure.empty() || isStopped(thirdLookAfter))
            return m_found;
        for (const Drawn &item : unsure)
            lookAgain(item, nullptr);
        return m_found;
    }

private:
    struct Drawn {
        memcached::Member member;
        std::string key;
        std::uint64_t cas = 0;
        std::optional<base::microseconds> behind; ///< since its row changed; nothing: the row is not there
    };

    bool isStopped(base::milliseconds within) const
    {
        pollfd fd = {m_options.stop ? m_options.stop->descriptor() : -1, POLLIN, 0};
        return ::poll(&fd, 1, static_cast<int>(within.count())) > 0;
    }

    Result<memcached::MetaSession *> sessionTo(const memcached::Member &member)
    {
        auto &session = m_members[member.server];
        if (!session || !session->isOpen()) {
            auto dialled = memcached::MetaSession::dial(member, m_options.deadline, m_options.stop);
            if (!dialled)
                return base::fail(dialled.error());
            session = std::move(*dialled);
        }
        return &*session;
    }

    Result<memcached::MetaAnswer> itemOf(const Drawn &item)
    {
        const auto session = sessionTo(item.member);
        if (!session)
            return base::fail(session.error());
        return askAsOwn(**session, "gets " + item.key + "\r\n", m_options.deadline);
    }

    /// The item first, the row after it: a row that changes in between makes a suspect, never a false acquittal.
    void compare(Drawn &item, std::vector<Drawn> &suspects)
    {
        const auto cached = itemOf(item);
        if (!cached) {
            m_found.error = cached.error();
            ++m_found.unread;
            return;
        }
        if (cached->code != memcached::MetaAnswer::Code::Value)
            return; // it went since it was listed
        const auto version = versionIn(cached->value);
        const auto read = version ? m_rows.read({item.key}) : RegionRows::Read{};
        if (!version || !read.unread.empty()) {
            m_found.error = version ? std::optional(read.unread.begin()->second) : m_found.error;
            ++m_found.unread;
            return;
        }
        ++m_found.compared;
        const auto row = read.rows.find(item.key);
        const bool hasRow = row != read.rows.end();
        if (hasRow && row->second.version <= *version)
            return;
        item.cas = cached->number('c').value_or(0);
        if (hasRow)
            item.behind = row->second.age;
        suspects.push_back(item);
    }

    /// An item that is marked stale stays as it was until it is filled, and whether it is marked no look tells without taking its win: in a
    /// region that marks, one that expires as soon as a mark would have it counts as told. Where no expiry is seen it is `unsure`; null: it has none.
    void lookAgain(const Drawn &item, std::vector<Drawn> *unsure)
    {
        const auto session = sessionTo(item.member);
        const auto cached = session ? lookAt(**session, item.key, false, m_options.deadline) : Result<ItemLook>(base::fail(session.error()));
        const bool isSame = cached && cached->lease != ItemLook::Lease::Absent && cached->cas == item.cas;
        const bool isEnding = isSame && m_options.staleFor && cached->expiresIn && *cached->expiresIn <= *m_options.staleFor;
        if (!isSame || isEnding || (!item.behind && isRowThere(item.key))) {
            ++m_found.late;
            return;
        }
        if (m_options.staleFor && !cached->expiresIn && unsure) {
            unsure->push_back(item);
            return;
        }
        ++m_found.stale;
        if (item.behind)
            m_found.oldest = std::max(m_found.oldest.value_or(base::microseconds(0)), *item.behind + base::microseconds(secondLookAfter));
        else
            ++m_found.orphans;
        if (m_found.staleKeys.size() < Staleness::mostKeysNamed)
            m_found.staleKeys.push_back(item.key);
    }

    /// Also where that cannot be read: it is not proven that it is gone.
    bool isRowThere(const std::string &key)
    {
        const auto read = m_rows.read({key});
        return !read.unread.empty() || read.rows.contains(key);
    }

    const fleet::Fleet &m_fleet;
    const fleet::Pool &m_pool;
    StalenessOptions m_options;
    RegionRows m_rows;
    std::mt19937_64 m_random;
    std::vector<Drawn> m_listed;
    std::map<std::string, std::optional<memcached::MetaSession>> m_members;
    Staleness m_found; ///< of the call under way
};

StalenessSampler::StalenessSampler(const fleet::Fleet &fleet, const fleet::Pool &pool, const DeclaredMap &map, const fleet::DatabaseUser &user,
                                   StalenessOptions options)
    : m_d(std::make_unique<Private>(fleet, pool, map, user, std::move(options)))
{
}

StalenessSampler::~StalenessSampler() = default;

Staleness StalenessSampler::list()
{
    return m_d->list();
}

Staleness StalenessSampler::compare(std::size_t items)
{
    return m_d->compare(items);
}

Staleness &Staleness::operator+=(const Staleness &later)
{
    listed += later.listed;
    compared += later.compared;
    stale += later.stale;
    late += later.late;
    orphans += later.orphans;
    unread += later.unread;
    if (later.oldest)
        oldest = std::max(oldest.value_or(base::microseconds(0)), *later.oldest);
    std::vector<std::string> keys = later.staleKeys;
    for (std::string &key : staleKeys) {
        if (keys.size() < mostKeysNamed && std::find(keys.begin(), keys.end(), key) == keys.end())
            keys.push_back(std::move(key));
    }
    staleKeys = std::move(keys);
    if (later.error)
        error = later.error;
    return *this;
}

std::optional<std::int64_t> versionIn(const std::string &value)
{
    const auto read = base::readJson(value);
    if (!read.is_object() || !read.contains("version") || !read["version"].is_number_integer())
        return std::nullopt;
    return read["version"].get<std::int64_t>();
}

std::optional<Staleness> sumOf(const std::vector<PoolStaleness> &pools)
{
    std::optional<Staleness> sum;
    for (const PoolStaleness &pool : pools) {
        if (!sum)
            sum.emplace();
        *sum += pool.found;
    }
    return sum;
}

Result<std::vector<PoolStaleness>> sampleStaleness(const fleet::Fleet &fleet, const base::RegionName &region, const DeclaredMap &map,
                                                   const fleet::DatabaseUser &user, const StalenessOptions &options)
{
    const auto isThere = [&](const fleet::Pool &pool) { return pool.region == region; };
    const auto pools = static_cast<std::size_t>(std::count_if(fleet.pools.begin(), fleet.pools.end(), isThere));
    if (pools == 0)
        return base::fail(ErrorCode::NotFound, "no pool is declared in region " + region.text());
    StalenessOptions how = options;
    how.items = (options.items + pools - 1) / pools;
    how.patience = options.patience / static_cast<int>(pools);
    if (options.patience.count() > 0) // 0 would mean without end
        how.patience = std::max(how.patience, base::milliseconds(1));
    if (const auto *invalidator = fleet.invalidatorOf(region); invalidator && !how.staleFor) {
        if (const auto told = clients::askInvalidator(invalidator->address.from(fleet.ownRegion), options.deadline))
            how.staleFor = told->staleFor;
    }
    std::vector<PoolStaleness> found;
    for (const fleet::Pool &pool : fleet.pools) {
        if (!isThere(pool))
            continue;
        StalenessSampler sampler(fleet, pool, map, user, how);
        found.push_back({pool.name, sampler.list()});
        found.back().found += sampler.compare(how.items);
    }
    return found;
}

} // namespace shardlens::cacheflow
