// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/KeyLook.h"

#include "core/cacheflow/PoolPlacing.h"
#include "core/clients/memcached/MetaSession.h"

#include <future>

namespace shardlens::cacheflow {

std::vector<PlacedLook> lookEverywhere(const fleet::Fleet &fleet, const std::string &key, const std::vector<KeyPlace> &places,
                                       bool takesWins, base::milliseconds timeout)
{
    std::vector<std::future<base::Result<ItemLook>>> looking;
    for (const KeyPlace &place : places) {
        looking.push_back(std::async(std::launch::async, [&key, takesWins, timeout, member = memberFrom(fleet, place.server)]() -> base::Result<ItemLook> {
            auto session = memcached::MetaSession::dial(member, timeout);
            if (!session)
                return base::fail(session.error());
            return lookAt(*session, key, takesWins, timeout);
        }));
    }
    std::vector<PlacedLook> looks;
    for (std::size_t i = 0; i < places.size(); ++i)
        looks.push_back({places[i], looking[i].get()});
    return looks;
}

} // namespace shardlens::cacheflow
