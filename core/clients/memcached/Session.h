// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::memcached
{

using base::milliseconds;
using base::Result;

/// A member of a pool, in the pool's order: the order decides which server a key maps to.
struct Member {
    std::string server; ///< its name in the fleet file
    fleet::Endpoint endpoint;
};

/// Plain look-aside access to one pool, over libmemcached with the pool's hashing: ketama (MD5, weighted points, as most clients'
/// "ketama") or modulo. A dead member is never ejected: its keys fail, they do not move, so a delete can never go to another
/// server than the fill. One thread at a time owns it; connections are made on first use and again after a failure.
/// Each call ends within about `timeout` for each step (connect, send, receive), against a frozen server too.
class Session
{
public:
    [[nodiscard]] static Result<Session> open(const std::vector<Member> &members, fleet::Hashing hashing, milliseconds timeout);
    ~Session();
    Session(Session &&) noexcept;
    Session &operator=(Session &&) noexcept;

    /// The value; nothing on a miss.
    [[nodiscard]] Result<std::optional<std::string>> get(std::string_view key);
    [[nodiscard]] Result<void> set(std::string_view key, std::string_view value, base::seconds ttl);
    /// Deletes; a key that was not there is success too.
    [[nodiscard]] Result<void> remove(std::string_view key);

    /// Which member a key maps to.
    [[nodiscard]] std::size_t memberOf(std::string_view key) const;

private:
    struct Private;
    explicit Session(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::memcached
