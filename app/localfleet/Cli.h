// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shardlens::localfleet
{

/// The command line. Exit codes: 0 done, 1 refused or not there, 2 usage, 3 failed.
[[nodiscard]] int runCli(int count, char **arguments);

} // namespace shardlens::localfleet
