// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/memcached/Session.h"

#include <memory>
#include <string_view>
#include <vector>

namespace shardlens::memcached {

/// Which member of a pool a key maps to, computed by libmemcached itself and without a connection. Ketama hashes the members'
/// addresses: give those that the pool's own applications dial, also when the look comes from another region. One thread at a time.
class KeyPlacement
{
public:
    /// Errors: BadInput for a pool without members, or an address that cannot be.
    [[nodiscard]] static Result<KeyPlacement> of(const std::vector<Member> &members, fleet::Hashing hashing);
    ~KeyPlacement();
    KeyPlacement(KeyPlacement &&) noexcept;
    KeyPlacement &operator=(KeyPlacement &&) noexcept;

    [[nodiscard]] std::size_t memberOf(std::string_view key) const; ///< an index into the members given

private:
    struct Private;
    explicit KeyPlacement(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

/// What memcached takes as a key in its text protocol: 1 to 250 bytes, neither white space nor control characters.
/// Errors: BadInput with the reason.
[[nodiscard]] Result<void> checkKey(std::string_view key);

} // namespace shardlens::memcached
