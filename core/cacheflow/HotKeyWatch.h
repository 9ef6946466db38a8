// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/cacheflow/HotKeys.h"
#include "core/clients/memcached/Session.h"
#include "core/clients/wire/Wait.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

struct HotKeyOptions {
    base::seconds counting{5};
    base::milliseconds learning{700};       ///< before it: who vouches is heard, so that the deletes of invalidators are left out
    base::milliseconds deadline{2000};      ///< to connect and to be accepted
    base::milliseconds tellEvery{1000};
    std::size_t top = 20;
    HotKeyCount::Settings count;
};

/// Watches members' reads and writes (memcached 1.6.11 or newer) for so long. Each member has a thread and a
/// connection of its own, so that one that hangs costs only itself; a member takes at most 20 watchers. Blocks; `told` is called from
/// this thread, at the end once more with isOver. Ends early when the interrupt is raised.
HotKeysReport watchHotKeys(const std::vector<memcached::Member> &members, const HotKeyOptions &options, const std::shared_ptr<const wire::Interrupt> &interrupt,
                           const std::function<void(const HotKeysReport &)> &told);

} // namespace shardlens::cacheflow
