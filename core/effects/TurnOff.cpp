// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/TurnOff.h"

#include "core/clients/shell/Tool.h"
#include "core/operate/Stonith.h"

#include <algorithm>

namespace shardlens::effects {

using base::ErrorCode;

base::Result<std::string> turnOff(const fleet::Fleet &fleet, const operate::Command &command, const TurnOffOrder &order, base::Instant deadline)
{
    const fleet::Stonith *stonith = operate::stonithOf(fleet, command.on);
    const std::string host = stonith ? fleet.hostOf(command.on)->name.text() : command.on.text();
    // An operation that is gone on with may come from another machine: what is run is this machine's own, and what was read.
    const std::string ours = operate::stonithText(fleet, command.on);
    if (!stonith || ours != command.text)
        return base::fail({ErrorCode::Rejected,
                           "the plan turns " + host + " off by " + command.text + ", this fleet file by " + (ours.empty() ? "nothing" : ours),
                           {},
                           command.on.text(),
                           base::Effect::None});
    const fleet::Cluster *cluster = fleet.clusterOf(command.on);
    const shell::ToolSetting told{{{"SHARDLENS_HOST", host},
                                   {"SHARDLENS_SERVER", command.on.text()},
                                   {"SHARDLENS_CLUSTER", cluster ? cluster->name.text() : std::string()},
                                   {"SHARDLENS_ADDRESS", fleet::textOf(fleet.server(command.on)->address.from(fleet.ownRegion))},
                                   {"SHARDLENS_OPERATION", order.operation},
                                   {"SHARDLENS_REASON", order.reason}},
                                  {}};
    const auto ran = shell::runTool(operate::stonithWords(fleet, command.on), std::min(deadline, std::chrono::steady_clock::now() + stonith->within),
                                    nullptr, told);
    const auto failed = [&](ErrorCode code, const std::string &said) {
        return base::fail(base::Error{code, "what turns " + host + " off " + said, {}, command.on.text(), base::Effect::InDoubt});
    };
    if (!ran)
        return failed(ran.error().code, "failed: " + ran.error().message);
    const std::string said = shell::endOf(ran->text);
    if (ran->exitCode != 0)
        return failed(ErrorCode::Rejected, "ended with " + std::to_string(ran->exitCode) + (said.empty() ? "" : ": " + said));
    return said + (said.empty() ? "" : "\n") + operate::turnedOff;
}

} // namespace shardlens::effects
