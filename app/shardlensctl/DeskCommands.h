// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/base/Result.h"
#include "core/desk/Desk.h"
#include "core/facts/Snapshot.h"

#include <memory>
#include <optional>
#include <string>

namespace shardlens::ctl {

/// problems claim, quiet, release, unquiet: one row in the directory, as the person's own database user.
[[nodiscard]] Exit changeClaim(const Options &options);
/// consoles: who else looks.
[[nodiscard]] Exit showConsoles(const Options &options);

/// As whom a command talks with the directory, and what keeps it from it in words: who could, and how; or that it does not answer.
[[nodiscard]] desk::DeskOptions deskOptions(const fleet::Fleet &fleet, const Options &options);
[[nodiscard]] Answer deskTrouble(const base::Error &error, const fleet::Fleet &fleet, const Options &options, bool isWrite);

/// What the directory holds of claims, consoles and marks; where it cannot be asked, the reason. Any thread.
[[nodiscard]] facts::SharedPtr sharedNow(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options);

/// The problem that a person means: its id, or the name of what it is about. Errors: NotFound, BadInput (several; they are named).
[[nodiscard]] base::Result<const facts::Problem *> problemNamed(const facts::Snapshot &snapshot, const std::string &words);

} // namespace shardlens::ctl
