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

} // namespace shardlens::ctl
