// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Saying.h"
#include "core/fleet/Fleet.h"
#include "core/operate/Plan.h"

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace shardlens::executor {

struct Setting {
    std::shared_ptr<const fleet::Fleet> fleet; ///< with the region that this program stands in as its own
    std::string id;                            ///< of the operation
    QString folder;                            ///< where operations' journals lie
    std::string fleetFile;                     ///< for the executors that a campaign starts
    std::optional<operate::StepKind> holdAt = {}; ///< for drills and tests: it stops itself at this step (HeldJournal.h)
    std::function<bool()> mayBegin = {};       ///< asked once all was looked at; waits for an answer. Nothing: it begins at once
};

/// Takes the lock, observes afresh, plans, passes the gate, and carries the plan out. Blocks until the operation ended. Where it has to
/// wait until it may begin, and what it saw stood in the way or is no longer fresh by then, it looks again. Needs a QCoreApplication.
[[nodiscard]] End begin(const Setting &setting, const execute::ActRequest &request);

enum class Way { Resume, Undo };
/// An operation whose executor is gone: takes its lock over under a higher number, and goes on from its journal, or from the directory's copy
/// where another machine has that one. Resume: before the
/// point of no return everything is done again from the first step, as others may have moved since; after it, all that follows it.
[[nodiscard]] End goOn(const Setting &setting, Way way, const std::string &user);

/// "u1-20261128-173502-4f2a"
[[nodiscard]] std::string freshId(const std::string &subject);

} // namespace shardlens::executor
