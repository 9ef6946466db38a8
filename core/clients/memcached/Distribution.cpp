// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/Distribution.h"

namespace shardlens::memcached {

base::Result<void> distribute(memcached_st *handle, const std::vector<Member> &members, fleet::Hashing hashing)
{
    memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_REMOVE_FAILED_SERVERS, 0);
    if (hashing == fleet::Hashing::Ketama)
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1);
    else
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_DISTRIBUTION, MEMCACHED_DISTRIBUTION_MODULA);
    for (const Member &member : members) {
        const auto code = memcached_server_add_with_weight(handle, member.endpoint.host.c_str(), member.endpoint.port, 1);
        if (memcached_failed(code))
            return base::fail(base::ErrorCode::BadInput, memcached_strerror(handle, code), member.server);
    }
    return {};
}

} // namespace shardlens::memcached
