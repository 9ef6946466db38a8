// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/shell/Remote.h"

#include "core/clients/shell/Tool.h"

#include <charconv>
#include <sstream>

namespace shardlens::shell {

namespace {

using base::ErrorCode;
using Way = fleet::HostReach::Way;

constexpr int sshFailed = 255; ///< ssh itself, not what it ran

/// Three lines, whatever the shell.
constexpr const char *kernelCommand = "uname -r && cat /proc/sys/kernel/random/boot_id && grep ^btime /proc/stat";

} // namespace

std::vector<std::string> commandLine(const fleet::HostReach &reach, const std::string &command)
{
    if (reach.way == Way::None)
        return {};
    if (reach.way == Way::Local)
        return {"/bin/sh", "-c", command};
    std::vector<std::string> words{"ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5"};
    for (const std::string &option : reach.options)
        words.insert(words.end(), {"-o", option});
    if (!reach.bastion.empty())
        words.insert(words.end(), {"-J", reach.bastion});
    words.insert(words.end(), {"--", reach.target, command});
    return words;
}

namespace {

/// As one word of `sh`.
std::string quoted(const std::string &text)
{
    std::string out = "'";
    for (const char letter : text)
        out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return out + "'";
}

base::Result<std::string> run(const fleet::Host &host, const std::string &command, const std::string &input, base::Instant deadline)
{
    const auto words = commandLine(host.reach, command);
    if (words.empty())
        return base::fail(ErrorCode::Unavailable, "no way to the host " + host.name.text() + " is declared");
    const auto ran = runTool(words, deadline, nullptr, {{}, input});
    if (!ran)
        return base::fail(ran.error().code == ErrorCode::Io ? ErrorCode::Unavailable : ran.error().code,
                          host.name.text() + ": " + ran.error().message);
    if (host.reach.way == Way::Ssh && ran->exitCode == sshFailed)
        return base::fail(ErrorCode::Unreachable, host.name.text() + " by ssh: " + endOf(ran->text));
    if (ran->exitCode != 0)
        return base::fail(ErrorCode::Rejected,
                          host.name.text() + ": the command ended with " + std::to_string(ran->exitCode) + ": " + endOf(ran->text));
    return ran->text;
}

} // namespace

base::Result<std::string> runOn(const fleet::Host &host, const std::string &command, base::Instant deadline)
{
    return run(host, command, {}, deadline);
}

base::Result<std::string> runScript(const fleet::Host &host, RunBy by, const std::string &script, const std::vector<std::string> &parameters,
                                    base::Instant deadline)
{
    std::string command;
    for (const std::string &word : by == RunBy::Owner ? host.reach.runAs : std::vector<std::string>())
        command += quoted(word) + " ";
    std::string input = "set --";
    for (const std::string &parameter : parameters)
        input += " " + quoted(parameter);
    auto ran = run(host, command + "sh -s", input + "\n" + script, deadline);
    const bool isBegun = !ran && ran.error().code != ErrorCode::Unavailable;
    if (isBegun)
        ran.error().effect = base::Effect::InDoubt;
    return ran;
}

base::Result<facts::Kernel> kernelIn(const std::string &text)
{
    // Above them there may be what a login says.
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (!line.empty())
            lines.push_back(line);
    }
    constexpr std::string_view booted = "btime ";
    std::int64_t seconds = 0;
    const std::string last = lines.empty() ? std::string() : lines.back();
    const bool isThere = lines.size() >= 3 && last.starts_with(booted) &&
                         std::from_chars(last.data() + booted.size(), last.data() + last.size(), seconds).ec == std::errc() && seconds > 0;
    if (!isThere)
        return base::fail(ErrorCode::Protocol, "what the host said of its kernel cannot be read: " + endOf(text));
    return facts::Kernel{lines[lines.size() - 3], lines[lines.size() - 2], base::UtcTime(base::seconds(seconds))};
}

base::Result<facts::Kernel> kernelOf(const fleet::Host &host, base::Instant deadline)
{
    return runOn(host, kernelCommand, deadline).and_then(kernelIn);
}

} // namespace shardlens::shell
