// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>

#include <string>

namespace shardlens::ctl {

/// primary, standby, replica, router or cache, as the server last said; empty if it never answered.
[[nodiscard]] std::string roleOf(const facts::Observation &observation);

/// "answering", "asking", "late: no answer for 1.20 s", "down 41 s: connection refused".
[[nodiscard]] QString stateWords(const facts::Observation &observation, const facts::Snapshot &snapshot);

/// True while the server's newest answer is young enough to be shown as it is.
[[nodiscard]] bool isFresh(const facts::Observation *observation, const facts::Snapshot &snapshot);

/// A value that is not fresh stands in brackets; "-" and what is unknown stay as they are. `bracketsWords` explains them once.
[[nodiscard]] QString agedWords(const QString &value, bool fresh);
[[nodiscard]] QString bracketsWords();

} // namespace shardlens::ctl
