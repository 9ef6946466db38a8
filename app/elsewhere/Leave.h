// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/desk/Desk.h"
#include "core/desk/JournalCopy.h"

#include <memory>
#include <string>

namespace shardlens::elsewhere {

/// That an operation which broke off is left as it is, and why. Nothing is sent to any server but the directory.
struct Leaving {
    std::shared_ptr<const fleet::Fleet> fleet;
    desk::DeskOptions desk;
    std::string operation;
    std::string reason;
};

/// What was done of it; empty: other machines see it too. Else why they do not.
using Untold = std::string;

/// One whose journal is this machine's, closed by one entry more; then other machines are told. Blocking. Errors: Rejected where it has
/// ended, or is carried out still; NotFound, the journal's.
[[nodiscard]] base::Result<Untold> leaveOwn(const Leaving &what);
/// One whose journal is another machine's, as its copy in the directory tells: it becomes this machine's. Blocking. Errors: Rejected where
/// it has ended, is carried out still, or somebody took it over meanwhile; the journal's, the directory's.
[[nodiscard]] base::Result<void> leaveOthers(const Leaving &what, desk::CopiedJournal copy);

} // namespace shardlens::elsewhere
