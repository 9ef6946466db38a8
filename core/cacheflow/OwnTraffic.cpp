// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/OwnTraffic.h"

namespace shardlens::cacheflow {

base::Result<memcached::MetaAnswer> askAsOwn(memcached::MetaSession &session, std::string_view command, base::milliseconds timeout)
{
    session.add(memcached::ownMark);
    session.add(command);
    auto answers = session.run(timeout);
    if (!answers)
        return base::fail(answers.error());
    return std::move(answers->back());
}

} // namespace shardlens::cacheflow
