// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Carrier.h"

#include "core/operate/Met.h"

#include <algorithm>
#include <cstdio>

namespace shardlens::guard
{

using base::ErrorCode;
using base::Result;
using operate::By;
using operate::Command;

namespace
{

std::string onOneLine(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ';');
    return text;
}

/// Asked many times while something is waited for: only what changes something is told.
bool onlyAsks(const Command &command)
{
    return command.deed ? command.deed->act == operate::HostAct::AskStopped || command.deed->act == operate::HostAct::AskCopied ||
                              command.deed->act == operate::HostAct::AskRepmgr || command.deed->act == operate::HostAct::AskStable
                        : command.text.starts_with("SHOW");
}

void tell(const std::string &who, const Command &command, const Result<std::string> &answer, base::microseconds took)
{
    // A host's text may hold a conninfo with a password.
    const std::string what = command.deed ? std::string(operate::name(command.deed->act)) : command.text;
    const std::string said = !answer ? "failed: " + answer.error().message : answer->empty() || (command.deed && command.deed->act == operate::HostAct::PointRouter) ? "done" : *answer;
    char ms[32];
    std::snprintf(ms, sizeof ms, "%.1f ms", static_cast<double>(took.count()) / 1000);
    logLine(who + ": on " + command.on.text() + ": " + what + ": " + said + " (" + ms + ")");
}

} // namespace

void logLine(const std::string &text)
{
    const std::string line = isoUtc(utcNow()) + " shardlens-guard: " + onOneLine(text) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr); // one call: it is not torn
}

clients::GuardOrders::Carried Carrier::carryOut(const std::string &who, const std::vector<Command> &commands, base::Instant deadline)
{
    clients::GuardOrders::Carried carried;
    for (const Command &command : commands) {
        const auto begun = std::chrono::steady_clock::now();
        const auto answer = one(command, deadline);
        const auto took = std::chrono::duration_cast<base::microseconds>(std::chrono::steady_clock::now() - begun);
        if (!answer || !onlyAsks(command))
            tell(who, command, answer, took);
        m_report.countOrder(!answer);
        if (!answer) {
            carried.error = answer.error();
            if (carried.error->server.empty())
                carried.error->server = command.on.text();
            return carried;
        }
        carried.answers.push_back(*answer);
        if (!operate::isMet(command.expects, *answer))
            return carried;
    }
    return carried;
}

Result<std::string> Carrier::one(const Command &command, base::Instant deadline)
{
    if (std::chrono::steady_clock::now() >= deadline)
        return base::fail(ErrorCode::TimedOut, "no time was left to begin");
    const bool isStable = command.deed && (command.deed->act == operate::HostAct::PointStable || command.deed->act == operate::HostAct::AskStable);
    if (command.by == By::Host && isStable)
        return m_stables.carryOut(*command.deed, deadline);
    if (command.by == By::Host && command.deed)
        return m_hosts.carryOut(command.on, *command.deed, deadline);
    const fleet::Server *router = m_router.server();
    if (command.by != By::Router || !router || router->id != command.on)
        return base::fail(ErrorCode::Rejected, command.on.text() + " is not the router of this guard's region");
    return m_router.carryOut(command.text, deadline);
}

} // namespace shardlens::guard
