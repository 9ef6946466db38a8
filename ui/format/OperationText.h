// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"

#include <QString>

#include <optional>

namespace shardlens::ui::format {

// Words for an operation that runs or ran.

[[nodiscard]] QString stepStateWord(execute::StepState state);      ///< waiting, doing, done, left, failed, in doubt, undoing, undone
[[nodiscard]] QString outcomeWord(const execute::Operation &operation, bool runs); ///< running, unfinished, done, "done, 2 things left", rolled back, …
/// What came of it, in a sentence: "u1 now runs on u1-us-west. Writes were held for 0.12 s."
/// Of a failover that ended with another primary: from when until when writes failed, which is longer than they were held, and what is
/// lost; how long they were held of any other. Empty where neither is known.
[[nodiscard]] QString writesSentence(const execute::Operation &operation);
[[nodiscard]] QString outcomeSentence(const execute::Operation &operation, bool runs);
[[nodiscard]] QString authorText(const execute::Author &author);    ///< "oncall1 (anna on ws3)"

/// The step that is being done, else the one that comes next; 0 if all are over.
[[nodiscard]] int stepNow(const execute::Operation &operation);
/// The number of the step from whose sending on it only goes forward; 0 = none.
[[nodiscard]] int pointOfNoReturn(const execute::Operation &operation);
/// Steps that may be left, and were.
[[nodiscard]] int thingsLeft(const execute::Operation &operation);

/// What a step read, by the name that it is kept under: "Final position". Empty for what nobody needs to read, and for what must not be
/// shown: a connection may hold a password.
[[nodiscard]] QString keptText(const std::string &name);

/// How long writes are or were held, by a clock that runs while they are; nothing if they never were.
[[nodiscard]] std::optional<base::microseconds> writesHeldBy(const execute::Operation &operation, base::UtcTime now);

/// "Operation on u1 runs: step 7 of 18, by oncall1 since 14:02:08Z: kernel upgrade", or that it waits for a person.
[[nodiscard]] QString operationStrip(const execute::Operation &operation, bool runs);

} // namespace shardlens::ui::format
