// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Options.h"
#include "core/desk/JournalCopy.h"
#include "core/execute/Operation.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shardlens::ctl {

/// An operation whose journal is another machine's, as its copy in the directory tells.
struct Elsewhere {
    execute::Operation operation;
    desk::CopiedJournal copy;
    [[nodiscard]] bool runs() const { return !operation.outcome && copy.ago < desk::copyFallsSilentAfter; }
};

/// The newest, without what their steps tell: those that are not among `here` (id -> number), or were gone on with elsewhere since. Where the
/// directory cannot be read this is said on standard error, and none are told.
[[nodiscard]] std::vector<Elsewhere> operationsElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options, const std::map<std::string, std::int64_t> &here);
/// One, whole. Errors as desk::copiedJournal().
[[nodiscard]] base::Result<Elsewhere> operationElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options);
/// Leaves one of this machine as it is, for others to see; where they cannot this is said on standard error. Errors: the journal's.
[[nodiscard]] base::Result<void> abandonHere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options);
/// Leaves it as it is: this machine's from now on. Errors: Rejected where it is carried out still, the journal's, the directory's.
[[nodiscard]] base::Result<void> abandonElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options, const Elsewhere &one);

} // namespace shardlens::ctl
