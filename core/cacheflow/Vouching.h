// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <string_view>

namespace shardlens::cacheflow {

/// How the invalidator of a region says that a member of its pools has been told every delete that it was owed. It stores this
/// item on each such member, with a new value each time. A member that was cut off or frozen and comes back with its memory gets
/// no new value before its backlog is delivered, or it is flushed; a client that lost its connection to it waits until it has seen
/// the value change twice. Once is not enough: a frozen server may still carry out one that it was sent before the backlog began.
/// A client that kept its connection asks for the item again along with its reads; where it is gone, it waits as if it had lost it.
inline constexpr std::string_view vouchKey = "shardlens.vouched";
inline constexpr base::milliseconds vouchEvery{500};
inline constexpr int vouchesAwaited = 2;
inline constexpr base::seconds vouchLasts{5}; ///< a member that the invalidator lost for longer vouches for nothing
inline constexpr base::seconds vouchLookEvery{1}; ///< of a client that trusts a member, as long as it reads from it
/// No client reads from a member for longer after the invalidator lost it.
inline constexpr base::seconds clientsLeaveWithin = vouchLasts + vouchLookEvery;

} // namespace shardlens::cacheflow
