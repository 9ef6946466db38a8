// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/guard/GuardOrders.h"

#include <map>
#include <optional>
#include <string>

namespace shardlens::guard
{

/// What one look at a cluster's member told.
struct MemberSeen {
    bool isReachable = false;
    bool inRecovery = false;       ///< reachable only, as the three below
    bool isBraked = false;         ///< new sessions are read-only by default
    bool isPromoting = false;      ///< in recovery, and told to leave it
    bool hasReplayedAll = false;   ///< in recovery: its startup process waits for more, and takes notice of a promotion at once
    std::optional<std::int64_t> term; ///< of its row; nothing where it keeps none
    std::string raisedBy;             ///< who raised that term
    std::int32_t timeline = 0;        ///< 0: not told
    bool isProvenStopped = false;  ///< not reachable, and no process of it is left
    bool operator==(const MemberSeen &) const = default;
};
using Look = std::map<base::ServerId, MemberSeen>;

/// Where writes may flow again after an operation fell silent.
struct Verdict {
    enum class To : std::uint8_t {
        New,      ///< the candidate is the one primary
        Old,      ///< the candidate is proven unpromoted: the old primary, once its brake is lifted
        Nobody,   ///< no primary is verified: the pause stays, a person must act
        Outlived, ///< a newer operation raised the term past this one's, which this guard was not told of: nothing of it is to be ended
    };
    To to = To::Nobody;
    std::string why; ///< a sentence
    bool operator==(const Verdict &) const = default;
};

/// What a guard that resumes to the candidate writes beside the term: the others then know that it was decided, although what that
/// rested on may be gone by then.
[[nodiscard]] std::string decidedBy(const clients::GuardOperation &of, const base::RegionName &region);

/// Whether another region's guard, which held the lock on a majority, has resumed to the candidate: it stands there as a primary, says
/// so itself, and nobody else is seen to take writes. What the decision rested on may be gone by now: the old primary was stopped, and
/// no majority is left to be locked.
[[nodiscard]] bool isDecided(const clients::GuardAnnouncement &told, const Look &seen);

/// A member has a newer term than this move would raise.
[[nodiscard]] bool isMovedOn(const clients::GuardAnnouncement &told, const Look &seen);

/// Where no router is held, what one look tells of the brake that an operation puts on the old primary.
enum class LeftBrake : std::uint8_t {
    None,     ///< there is none, it is the fence of one whose candidate was promoted, or it is not that operation's
    There,    ///< on a primary, beside a candidate that is not seen promoted
    NotKnown, ///< the old primary is not reached, nor is anybody seen promoted
};
[[nodiscard]] LeftBrake leftBrake(const clients::GuardAnnouncement &told, const Look &seen);

/// Judges two looks, made one after the other once nobody acted for the operation any more: what still changes between them is not
/// decided on. Pure. Two members that take writes, or a silent one that might, are never resumed to.
[[nodiscard]] Verdict judge(const clients::GuardAnnouncement &told, const Look &first, const Look &second);

} // namespace shardlens::guard
