// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/inspect/lookup/Looker.h"
#include "core/mend/Kept.h"
#include "core/mend/Plan.h"

#include <memory>

namespace shardlens::mend {

/// Plans and carries out what puts Redis copies right: at a group's primary alone, in one transaction that nothing else comes between,
/// journalled before and audited in the directory. Planning writes nothing to Redis; it is recorded as the look that it is.
/// Blocking, each step with one server within options.patience: in a thread of its own, one call at a time; cancel() from any thread
/// ends planning. What is being written is never cut off.
class Mender
{
public:
    Mender(std::shared_ptr<const fleet::Fleet> fleet, inspect::lookup::LookerOptions options, std::shared_ptr<const base::Clock> clock);
    ~Mender();
    Mender(const Mender &) = delete;
    Mender &operator=(const Mender &) = delete;

    /// Errors: NoRights (the role may not look), NotFound (no such group or bucket), Cancelled, those of servers that must answer.
    [[nodiscard]] base::Result<Plan> plan(const Intent &intent);
    /// The plan that takes the newest mend of that intent back, of those that this person made on this machine. NotFound: there is none.
    [[nodiscard]] base::Result<Plan> planUndo(const Intent &intent);

    /// Looks at the group once more, then writes. Errors have Effect None (nothing was written), or InDoubt: the link broke after the
    /// command was sent. NoRights: who may not act, or nobody could be told. Rejected: a check does not pass, or Redis said no.
    [[nodiscard]] base::Result<Done> carryOut(const Plan &plan, const std::string &reason);

    void cancel();

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::mend
