// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/facts/WarmUp.h"

#include <QString>

namespace shardlens::ui::format {

/// Reads a second that go to the databases beyond the usual; nothing where the pool's gets are not known.
[[nodiscard]] std::optional<double> readsBeyondUsual(const facts::Snapshot &snapshot, const fleet::Pool &pool, const facts::WarmUp &warmUp);

/// How cold a pool is, until when at its slope, and what that asks of the region's databases beside what they could take.
[[nodiscard]] QString coldPoolText(const facts::Snapshot &snapshot, const fleet::Pool &pool, const facts::WarmUp &warmUp);

} // namespace shardlens::ui::format
