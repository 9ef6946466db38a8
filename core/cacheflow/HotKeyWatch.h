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

/// What one member's watch told, and what it cost.
struct WatchedMember {
    std::string server;
    HotKeys keys;
    std::uint64_t bytes = 0;                ///< received
    std::uint64_t dropped = 0;              ///< lines that the server's workers dropped for all watchers meanwhile; known at the end
    std::optional<base::Error> error;       ///< why it is not watched, or not any more
    bool operator==(const WatchedMember &) const = default;
};

/// What a watch of some members tells. A value.
struct HotKeysReport {
    base::milliseconds counted{0};          ///< how long lines have been counted
    bool isOver = false;
    std::vector<WatchedMember> members;
    bool operator==(const HotKeysReport &) const = default;

    /// Over the members; a key lies on one member of a pool alone. Lists are sorted, at most `most` long.
    [[nodiscard]] HotKeys together(std::size_t most) const;
    [[nodiscard]] std::uint64_t bytes() const;
    /// Lines that did not reach us: left out by the servers as we, or all watchers, were too slow.
    [[nodiscard]] std::uint64_t lost() const;
};

struct HotKeyOptions {
    base::seconds counting{5};
    base::milliseconds learning{700};       ///< before it: who vouches is heard, so that invalidators are left out
    base::milliseconds deadline{2000};      ///< to connect and to be accepted
    base::milliseconds tellEvery{1000};
    std::size_t top = 20;
    HotKeyCount::Settings count;
};

/// Watches members' reads and writes (`watch fetchers mutations`, memcached 1.6.11 or newer) for so long. Each member has a thread and a
/// connection of its own, so that one that hangs costs only itself; a member takes at most 20 watchers. Blocks; `told` is called from
/// this thread, at the end once more with isOver. Ends early when the interrupt is raised.
HotKeysReport watchHotKeys(const std::vector<memcached::Member> &members, const HotKeyOptions &options, const std::shared_ptr<const wire::Interrupt> &interrupt,
                           const std::function<void(const HotKeysReport &)> &told);

} // namespace shardlens::cacheflow
