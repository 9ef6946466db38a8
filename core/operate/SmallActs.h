// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"
#include "core/operate/Intent.h"

#include <string>

namespace shardlens::operate {

/// The smaller act on a router's database. `router`: its id or its region; empty where the fleet has one alone. Errors: NotFound, and
/// BadInput where it is not said which router.
[[nodiscard]] base::Result<SmallAct> routerAct(const fleet::Fleet &fleet, Act act, const std::string &router, const std::string &database,
                                               const base::ServerId &to);

/// The smaller act on a Postgres server, whose cluster the fleet tells. Errors: NotFound.
[[nodiscard]] base::Result<SmallAct> serverAct(const fleet::Fleet &fleet, Act act, const base::ServerId &server, const std::string &object,
                                               const base::ServerId &to);

} // namespace shardlens::operate
