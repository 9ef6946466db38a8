// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/effects/RouterFile.h"
#include "core/facts/DiskSpace.h"
#include "core/facts/LogEnd.h"
#include "core/fleet/Fleet.h"
#include "core/operate/HostDeed.h"

#include <memory>
#include <string>

namespace shardlens::effects {

/// Deeds on Postgres servers, and files of routers, by a shell on their hosts, the way that the fleet file declares: ssh, or this machine. What
/// stands there is one script that looks at /proc as a guard does: a stop is proven, not supposed. Blocks; any thread, and deeds on one server come one
/// after the other. Each ends by its deadline, though what was begun there may go on. Errors: Unavailable (no way, or a deed that only a
/// guard does), Unreachable, TimedOut, Rejected (with what was said there); with their Effect.
class HostShell
{
public:
    explicit HostShell(std::shared_ptr<const fleet::Fleet> fleet) : m_fleet(std::move(fleet)) {}

    /// Stop, AskStopped, Start, Rewind, MakeStandby; answers as the guard's. Without its data directory nothing is done.
    [[nodiscard]] base::Result<std::string> carryOut(const base::ServerId &on, const operate::HostDeed &deed, base::Instant deadline) const;
    /// Room for the data in that directory and their log; only read. Errors as of AskStopped, and Protocol.
    [[nodiscard]] base::Result<facts::DiskSpace> spaceOf(const base::ServerId &on, const std::string &directory, base::Instant deadline) const;
    /// Where the log of a stopped server ends; only read. Errors likewise; Rejected also where it runs.
    [[nodiscard]] base::Result<facts::LogEnd> logEndOf(const base::ServerId &on, const std::string &directory, base::Instant deadline) const;
    /// Those on a server's host.
    [[nodiscard]] RouterFiles filesOn(const base::ServerId &on, base::Instant deadline) const;

private:
    [[nodiscard]] base::Result<std::string> ask(const base::ServerId &on, const std::vector<std::string> &parameters, base::Instant deadline) const;
    [[nodiscard]] base::Result<std::string> look(const base::ServerId &on, const std::vector<std::string> &parameters, base::Instant deadline) const;
    [[nodiscard]] base::Result<std::string> read(const base::ServerId &on, const std::string &file, base::Instant deadline) const;
    [[nodiscard]] base::Result<std::string> stop(const base::ServerId &on, const operate::HostDeed &deed, base::Instant deadline) const;
    [[nodiscard]] base::Result<std::string> start(const base::ServerId &on, const operate::HostDeed &deed, base::Instant deadline) const;
    [[nodiscard]] base::Result<std::string> makeStandby(const base::ServerId &on, const operate::HostDeed &deed, base::Instant deadline) const;
    [[nodiscard]] base::Result<std::string> declared(const base::ServerId &on, const std::vector<std::string> &command, base::Instant deadline) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
};

} // namespace shardlens::effects
