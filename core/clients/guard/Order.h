// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/guard/GuardOrders.h"

#include <string>
#include <string_view>
#include <vector>

namespace shardlens::clients
{

/// One order, as both ends of the line know it.
struct GuardOrder {
    enum class Kind : std::uint8_t { Announce, CarryOut, Keep, Release };
    Kind kind = Kind::Keep;
    GuardAnnouncement announcement;         ///< all of it for Announce; `of` for the others
    std::vector<operate::Command> commands; ///< CarryOut
    base::milliseconds deadline{0};         ///< CarryOut: how long the guard may take for all of them
    bool operator==(const GuardOrder &) const = default;
};

/// What a guard answers an order with.
struct GuardReply {
    std::string refused;                  ///< why nothing was done; empty: it was heard
    base::ErrorCode code = base::ErrorCode::Rejected; ///< of a refusal
    std::optional<GuardOrders::Newest> newest;        ///< of a refusal as an older one
    GuardOrders::Carried carried;         ///< CarryOut
};

/// The line's end belongs to neither. `seq` rises by one with each order of a connection, from 1 on.
[[nodiscard]] std::string sealed(const GuardOrder &order, const std::string &secret, const std::string &challenge, std::int64_t seq);
/// Errors: NoRights where the mac is missing or another, or `seq` is not above `lastSeq`, which it then is; BadInput where it is
/// genuine and makes no sense.
[[nodiscard]] base::Result<GuardOrder> opened(std::string_view line, const std::string &secret, const std::string &challenge, std::int64_t &lastSeq);

[[nodiscard]] std::string lineOf(const GuardReply &reply, std::int64_t seq);
/// Errors: Protocol where it is no answer, or one to another order.
[[nodiscard]] base::Result<GuardReply> replyOf(std::string_view line, std::int64_t seq);

[[nodiscard]] std::string_view name(GuardOrder::Kind kind); ///< announce, carry_out, keep, release

} // namespace shardlens::clients
