// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"

#include <memory>

namespace shardlens::localfleet
{

/// What SIGINT and SIGTERM raise from here on, instead of ending the program in the middle of something.
[[nodiscard]] std::shared_ptr<wire::Interrupt> raisedByEnding();

} // namespace shardlens::localfleet
