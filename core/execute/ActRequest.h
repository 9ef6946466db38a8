// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/fleet/Fleet.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::execute {

/// What a person asked for, from console and command line alike.
struct ActRequest {
    operate::Act act = operate::Act::Switchover;
    base::ClusterName cluster;
    base::GroupName group; ///< a Redis group is moved; then `cluster` is empty
    base::ServerId to;     ///< empty: the best candidate
    bool warms = false;    ///< a cluster's switchover: the candidate's cache is loaded first
    std::vector<base::ServerId> shuns; ///< of a cluster's move, as operate::SwitchCluster says
    base::ServerId on; ///< of a smaller act, as operate::SmallAct says
    std::string object;
    std::string began;
    std::string fingerprint;    ///< digest of the plan that was read; empty: none was
    std::vector<Forced> forced; ///< checks to go on in spite of, each with why
    std::string reason;
    std::string confirm; ///< the name that was typed: that of the cluster, or of what a smaller act acts on
    std::string user;    ///< the database user to act as; empty: the fleet file's first that may
    bool operator==(const ActRequest &) const = default;
    [[nodiscard]] operate::Intent intent() const;
    void setIntent(const operate::Intent &intent);
};

[[nodiscard]] std::string toJson(const ActRequest &request);
[[nodiscard]] base::Result<ActRequest> actRequestFrom(const std::string &json); ///< BadInput, with what is wrong

/// Why nothing is begun.
enum class Denial : std::uint8_t {
    LookOnly,  ///< acting is off for this fleet
    NoUser,    ///< the fleet file has no such database user, or none that may
    Role,      ///< that user's role may not act
    Reason,    ///< staging and production: why is not said
    Name,      ///< staging and production: the name typed is not that of what is acted on
    Changed,   ///< the plan made now differs from the one that was read
    NoPlan,    ///< nobody is eligible
    Blocked,   ///< a check blocks, and was not forced
    NotForced, ///< a forced check may not be forced, or is forced without a reason
};

struct Denied {
    Denial why = Denial::Blocked;
    std::vector<std::string> names; ///< of the checks, users, facts or (NoPlan) rejected candidates that it is about
    operate::Checks checks = {};    ///< those checks with what they read, or for which each candidate is rejected; empty where the plan is not known
    bool operator==(const Denied &) const = default;
};

/// As an executor says it: {"denied": "blocked", "names": [...], "checks": [...], ...}. Nothing: the line says no such thing.
[[nodiscard]] std::optional<Denied> deniedFrom(const std::string &line);

/// The core's own gate: whoever asks passes it, after the plan was made anew.
[[nodiscard]] std::optional<Denied> denialOf(const fleet::Fleet &fleet, const ActRequest &request, const operate::Plan &plan);

/// What an operation writes down as forced: all that the person gave a reason for, unless that check passes by now. What only warns is
/// among it: whoever knows that the old primary's machine is off says so before the command fails that would turn it off.
[[nodiscard]] std::vector<Forced> forcedOf(const ActRequest &request, const operate::Plan &plan);

/// As whom an operation would log in: the user named, else the fleet file's first with role on-call, else ops. Null: none.
[[nodiscard]] const fleet::DatabaseUser *actorOf(const fleet::Fleet &fleet, const std::string &wanted);
[[nodiscard]] bool mayAct(fleet::Role role);

[[nodiscard]] std::string_view name(Denial denial); ///< look_only, no_user, role, reason, name, changed, no_plan, blocked, not_forced
[[nodiscard]] std::optional<Denial> denialNamed(std::string_view name);

} // namespace shardlens::execute
