// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>

namespace shardlens::ui::pages {

/// Every standby of every cluster, a line each: raw seconds and bytes, ISO 8601 UTC; empty where not known.
[[nodiscard]] QString replicationCsv(const facts::Snapshot &snapshot);

} // namespace shardlens::ui::pages
