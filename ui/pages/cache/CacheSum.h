// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"

#include <optional>

namespace shardlens::ui::pages {

/// One memcached server with what is known of it now; what an old answer told is not.
struct CacheServer {
    const fleet::Server *server = nullptr;
    format::FactAge age;
    const facts::MemcachedSample *sample = nullptr; ///< the newest, however old
    const facts::MemcachedRates *rates = nullptr;
    [[nodiscard]] bool isFresh() const { return sample && age.freshness == facts::Freshness::Fresh; }
};
[[nodiscard]] CacheServer cacheServer(const facts::Snapshot &snapshot, const base::ServerId &id);

/// A sum of which each part is known or not.
class CacheSum
{
public:
    void add(const facts::Known<double> &part)
    {
        ++m_parts;
        if (part)
            m_sum += *part;
        else {
            ++m_unknown;
            m_why = part.error();
        }
    }
    [[nodiscard]] double sum() const { return m_sum; }
    [[nodiscard]] int parts() const { return m_parts; }
    [[nodiscard]] int unknown() const { return m_unknown; }
    [[nodiscard]] bool isKnown() const { return m_unknown < m_parts; }
    [[nodiscard]] const facts::Unknown &why() const { return m_why; }

private:
    double m_sum = 0;
    int m_parts = 0;
    int m_unknown = 0;
    facts::Unknown m_why;
};

/// One of a server's readings or rates over the servers of a pool; a server that is not fresh is unknown.
template <class Take>
[[nodiscard]] CacheSum sumOver(const facts::Snapshot &snapshot, const std::vector<base::ServerId> &servers, Take &&take)
{
    CacheSum sum;
    for (const auto &id : servers) {
        const CacheServer seen = cacheServer(snapshot, id);
        if (seen.isFresh())
            sum.add(take(seen));
        else if (seen.age.freshness == facts::Freshness::Asking)
            sum.add(facts::unknown(facts::WhyUnknown::NotAskedYet));
        else
            sum.add(facts::unknown(facts::WhyUnknown::ServerSilent, id.text()));
    }
    return sum;
}

} // namespace shardlens::ui::pages
