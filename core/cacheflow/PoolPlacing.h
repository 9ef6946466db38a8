// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/memcached/KeyPlacement.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shardlens::cacheflow {

/// The members of a pool as its own region's applications dial them: keys are hashed over these addresses, whoever looks.
[[nodiscard]] std::vector<memcached::Member> membersWithin(const fleet::Fleet &fleet, const fleet::Pool &pool);

/// A member of a pool as it is dialled from the console's own region.
[[nodiscard]] memcached::Member memberFrom(const fleet::Fleet &fleet, const base::ServerId &server);

/// Keys as this fleet's applications would make them, of made-up IDs; the same each time.
[[nodiscard]] std::vector<std::string> sampleKeys(const fleet::Fleet &fleet, std::size_t count);

/// What another set of members would do to a pool's keys. A value.
struct Moves {
    std::size_t sampled = 0;
    std::size_t moved = 0;                                   ///< of them: they would be looked for on another server
    std::vector<std::pair<std::string, std::size_t>> before; ///< a member -> keys on it
    std::vector<std::pair<std::string, std::size_t>> after;

    [[nodiscard]] double share() const { return sampled == 0 ? 0 : static_cast<double>(moved) / static_cast<double>(sampled); }
};

/// `added` joins at the end, `removed` is the name of one that leaves. Errors: NotFound (no such member), BadInput (a pool that would
/// be empty, or a member twice). Pure but for libmemcached's hashing.
[[nodiscard]] base::Result<Moves> movesIf(const std::vector<memcached::Member> &members, fleet::Hashing hashing,
                                          const std::vector<std::string> &keys, const std::optional<memcached::Member> &added,
                                          const std::string &removed);

} // namespace shardlens::cacheflow
