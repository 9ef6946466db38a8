// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Saying.h"
#include "core/fleet/Fleet.h"
#include "core/operate/Plan.h"

#include <QString>

#include <memory>
#include <optional>
#include <string>

namespace shardlens::executor {

class InputLines;

struct Setting {
    std::shared_ptr<const fleet::Fleet> fleet; ///< with the region that this program stands in as its own
    std::string id;                            ///< of the operation
    QString folder;                            ///< where operations' journals lie
    std::string fleetFile;                     ///< for the executors that a campaign starts
    std::optional<operate::StepKind> holdAt = {}; ///< for drills and tests: it stops itself at this step (HeldJournal.h)
};

/// Takes the lock, observes afresh, plans, passes the gate, and carries the plan out. Blocks until the operation ended. Needs a QCoreApplication.
[[nodiscard]] End begin(const Setting &setting, const execute::ActRequest &request);

/// Looks all the time, and begins once the next line of `input` lets it: effects::goAhead, or in its place the whole request as it was
/// confirmed, of the same cluster or group. Until then it holds no lock, writes nothing down, and ends where the input does. Then as begin(), but for the look: over
/// the connections that stand already everybody is asked again, once the lock is held. `setting.id` may be empty: it is made then.
[[nodiscard]] End standBy(Setting setting, execute::ActRequest request, InputLines &input);

enum class Way { Resume, Undo };
/// An operation whose executor is gone: takes its lock over under a higher number, and goes on from its journal, or from the directory's copy
/// where another machine has that one. Resume: before the
/// point of no return it looks and plans afresh, refuses where that speaks against it (execute::judgeAnew), and does everything again
/// from the first step; after it, all that follows it.
[[nodiscard]] End goOn(const Setting &setting, Way way, const std::string &user);

/// "u1-20261128-173502-4f2a"
[[nodiscard]] std::string freshId(const std::string &subject);

} // namespace shardlens::executor
