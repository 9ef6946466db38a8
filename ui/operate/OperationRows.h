// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "ui/operate/Arming.h"
#include "ui/operate/OperationBoard.h"
#include "ui/operate/OutlineRow.h"

namespace shardlens::ui::operate {

// An operation that runs or ran as the rows of the plan's three columns, each thing where the plan has it. Pure; `now` is the clock
// that what is being done is measured by.

[[nodiscard]] OutlineRows watchRows(const OperationSeen &seen, base::UtcTime now); ///< what was forced, who carries it out, its journal
[[nodiscard]] OutlineRows progressRows(const OperationSeen &seen, base::UtcTime now);
[[nodiscard]] OutlineRows resultRows(const OperationSeen &seen, const fleet::Fleet &fleet, base::UtcTime now); ///< the clock of the held writes first

/// What the link of a row of resultRows() asks to be planned.
[[nodiscard]] std::optional<Intent> intentOfLeft(const OperationSeen &seen, const std::string &rowId, const fleet::Fleet &fleet);

/// The id of the row of the step that is being done; empty if none is.
[[nodiscard]] std::string rowOfStepNow(const OperationSeen &seen);

/// What the bar under the columns says.
struct RunWords {
    theme::Shape shape = theme::Shape::None;
    QString first;  ///< what is being done, or what came of it
    QString second; ///< what can still be done, or what is so now
    QString until;  ///< "possible until step 7", or why not any more
    bool canCancel = false;
    bool endsCopy = false; ///< cancelling ends the copy of an old primary, and takes nothing back
    bool operator==(const RunWords &) const = default;
};
[[nodiscard]] RunWords runWords(const OperationSeen &seen);

/// What a person confirms who leaves an unfinished one as it is.
[[nodiscard]] ConfirmWords abandonWords(const OperationSeen &seen, bool typesName);

} // namespace shardlens::ui::operate
