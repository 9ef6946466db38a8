// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/facts/Kernel.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::shell {

/// The program and its arguments that run a command on a host: a shell of this machine's, or ssh, which asks for nothing and knows its
/// keys and aliases from its own configuration. Empty where no way is declared.
[[nodiscard]] std::vector<std::string> commandLine(const fleet::HostReach &reach, const std::string &command);

/// Who runs a script on a host.
enum class RunBy : std::uint8_t { Login, Owner }; ///< who logs in there; or who its `run_as` makes of it

/// Runs a script of `sh` on a host with these parameters ($1, …), over its standard input: what it is run with stands on no command line,
/// where others could read it. Answers and errors as runOn(); those of a script that was begun are InDoubt.
[[nodiscard]] base::Result<std::string> runScript(const fleet::Host &host, RunBy by, const std::string &script, const std::vector<std::string> &parameters,
                                                  base::Instant deadline);

/// Runs a command on a host and answers what it wrote. Blocks; any thread. Errors: Unavailable (no way to the host is declared, or there is
/// no ssh here), Unreachable (ssh did not come through), Rejected (the command ended otherwise than well), TimedOut; with what was said.
[[nodiscard]] base::Result<std::string> runOn(const fleet::Host &host, const std::string &command, base::Instant deadline);

/// The kernel that a host runs. It only reads. Errors as runOn(), and Protocol.
[[nodiscard]] base::Result<facts::Kernel> kernelOf(const fleet::Host &host, base::Instant deadline);
/// What its command wrote, read. Errors: Protocol.
[[nodiscard]] base::Result<facts::Kernel> kernelIn(const std::string &text);

} // namespace shardlens::shell
