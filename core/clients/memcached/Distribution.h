// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/memcached/Session.h"

#include <libmemcached/memcached.h>

namespace shardlens::memcached {

/// Gives a handle its members and the way keys are spread over them: the same for those that read and those that delete.
/// No member is ever ejected: its keys fail, they do not move.
[[nodiscard]] base::Result<void> distribute(memcached_st *handle, const std::vector<Member> &members, fleet::Hashing hashing);

} // namespace shardlens::memcached
