// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/desk/Desk.h"

namespace shardlens::desk {

/// For a program that does one thing and ends: each call connects, and waits for the directory at most `patience` for each step
/// with each of its servers. Where somebody's role or the fleet forbids it, the error is NoRights, and its message facts::name() of
/// the ClaimRefusal.
[[nodiscard]] base::Result<facts::Shared> readOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const base::Clock &clock);
/// The database user that such a program acts as; empty if the fleet file has none for it.
[[nodiscard]] std::string actsAs(const fleet::Fleet &fleet, const std::string &wanted);
/// False: there was nothing to release.
[[nodiscard]] base::Result<bool> actOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const Deed &deed);

/// False: there was no mark to lift.
[[nodiscard]] base::Result<bool> markOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options,
                                          const MarkDeed &deed);

/// Before something is done to servers that keep no record themselves: what cannot be told to others is not done.
[[nodiscard]] base::Result<void> recordOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options,
                                            const AuditNote &note);

} // namespace shardlens::desk
