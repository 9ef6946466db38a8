// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Check.h"

#include <nlohmann/json.hpp>

namespace shardlens::execute {

/// A check whole, but for when its readings were taken: as an executor tells whom it refuses. For this room's sources and the executor's.
[[nodiscard]] nlohmann::json jsonOf(const operate::Check &check);

/// Throws nlohmann::json::exception where the form is another one.
[[nodiscard]] operate::Check checkOf(const nlohmann::json &object);

} // namespace shardlens::execute
