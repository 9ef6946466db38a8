// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/facts/Problem.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::facts {

/// Who does something: the database user that the directory saw (its word), and who and where that is (theirs).
struct Person {
    std::string databaseUser;
    std::string osUser;
    std::string host;
    bool operator==(const Person &) const = default;
};

/// "I'm on it", or a problem quieted for a time. Times by the directory's clock.
struct Claim {
    enum class Kind : std::uint8_t { Claimed, Quieted };
    Kind kind = Kind::Claimed;
    std::string problem; ///< Problem::id()
    Person by;
    std::string reason;
    UtcTime at;
    std::optional<UtcTime> until; ///< it ends by itself then
    bool isPending = false;       ///< not in the directory yet: nobody else sees it
    bool operator==(const Claim &) const = default;
};

/// A server or host that somebody works on until then, or a region that was evacuated: no candidate, and what is wrong with it calls
/// nobody. Times by the directory's clock.
struct Mark {
    enum class Kind : std::uint8_t { Server, Host, Region };
    Kind kind = Kind::Server;
    std::string subject; ///< its name
    Person by;
    std::string reason;
    UtcTime since;
    std::optional<UtcTime> until; ///< after it the mark is overdue, and holds all the same; a region's has none
    bool operator==(const Mark &) const = default;
    [[nodiscard]] bool isOverdue(UtcTime now) const { return until && *until <= now; }
};

/// Another console that looks at the fleet, and what it can reach from where it stands.
struct ConsoleSeen {
    std::string id;
    Person by;
    base::RegionName region;
    std::uint32_t answering = 0; ///< servers
    std::uint32_t declared = 0;
    std::vector<base::ServerId> lost; ///< servers that it calls down
    microseconds ago{0};         ///< since it told so, when that was read
    bool isOwn = false;          ///< this one
    bool operator==(const ConsoleSeen &) const = default;
};

/// What keeps this console's person from claiming and quieting.
enum class ClaimRefusal : std::uint8_t {
    None,
    NoDirectory,  ///< the fleet has none
    LookOnly,     ///< the fleet file does not switch acting on
    NoUser,       ///< it names no database user that may
    Role,         ///< the person's user has a role that may not: `you`
    NotPrepared,  ///< the directory has no place for it
    Rights,       ///< the directory refused: `you`
};

/// What consoles tell one another through the directory, as it was read last.
struct Shared {
    std::vector<Claim> claims;        ///< those that hold, newest first
    std::vector<ConsoleSeen> consoles; ///< by region, then who
    std::vector<Mark> marks;           ///< by what they mark
    std::optional<Instant> readAt;     ///< nothing: never yet
    std::optional<UtcTime> readUtc;
    std::optional<base::Error> trouble; ///< why the newest try failed; the rest is what was read before
    ClaimRefusal refusal = ClaimRefusal::None;
    std::string you;                  ///< the database user that claims are made as; empty if none
    std::vector<std::string> whoMay;  ///< database users of the fleet file that may claim
    bool operator==(const Shared &) const = default;
};
using SharedPtr = std::shared_ptr<const Shared>;

/// The claim of that kind that holds for a problem; nothing if none does. One made before the problem began was for an earlier
/// one of the same name.
[[nodiscard]] const Claim *claimOn(const Shared *shared, const Problem &problem, Claim::Kind kind, UtcTime now);

/// The mark that a server, its host or its region has; nothing if none.
[[nodiscard]] const Mark *markOn(const Shared *shared, const fleet::Fleet &fleet, const base::ServerId &server);
/// The mark that a region is evacuated; nothing if it is not.
[[nodiscard]] const Mark *evacuationOf(const Shared *shared, const base::RegionName &region);

[[nodiscard]] std::string_view name(Mark::Kind kind);      ///< server, host, region
[[nodiscard]] std::string_view name(Claim::Kind kind);     ///< claimed, quieted
[[nodiscard]] std::string_view name(ClaimRefusal refusal); ///< none, no_directory, look_only, no_user, role, not_prepared, rights

} // namespace shardlens::facts
