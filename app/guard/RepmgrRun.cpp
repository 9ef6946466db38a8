// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/RepmgrRun.h"

#include "app/guard/StateFile.h"
#include "core/clients/shell/Tool.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shardlens::guard {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

namespace {

std::string fileOption(const std::string &config)
{
    return "--config-file=" + config;
}

bool runsElsewhere(const std::string &config)
{
    return !shell::toolsWith("repmgr", fileOption(config)).empty();
}

} // namespace

Result<std::string> RepmgrRun::begin(const fs::path &program, const std::string &config, const std::vector<std::string> &words)
{
    reap();
    if (m_pid != 0 || runsElsewhere(config))
        return base::fail({ErrorCode::Rejected, "a repmgr is under way there already", {}, {}, base::Effect::None});
    if (::access(program.c_str(), X_OK) != 0)
        return base::fail({ErrorCode::Unavailable,
                           program.string() + " is missing: it lies where the server's own programs do (Debian's package repmgr)",
                           {},
                           {},
                           base::Effect::None});
    std::vector<std::string> arguments{program.string(), fileOption(config)};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const int log = ::open(m_log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0)
        return base::fail({ErrorCode::Io, "cannot write " + m_log.string() + ": " + std::strerror(errno), {}, {}, base::Effect::None});
    const auto started = shell::startTool(arguments, log);
    ::close(log);
    if (!started)
        return base::fail({ErrorCode::Io, started.error().message, {}, {}, base::Effect::None});
    m_pid = *started;
    m_exitCode = -1;
    return "begun";
}

std::string RepmgrRun::state(const std::string &config)
{
    reap();
    if (m_pid != 0) {
        const std::string text = shell::endOf(written());
        return "so far: " + (text.empty() ? std::string("nothing yet") : text.substr(text.rfind('\n') + 1));
    }
    if (m_exitCode == 0)
        return "ended";
    if (m_exitCode > 0)
        return "failed: exit code " + std::to_string(m_exitCode) + ": " + shell::endOf(written());
    return runsElsewhere(config) ? "so far: it goes on; the guard that had begun it ended" : "none";
}

void RepmgrRun::reap()
{
    int status = 0;
    if (m_pid == 0 || ::waitpid(m_pid, &status, WNOHANG) != m_pid)
        return;
    m_pid = 0;
    m_exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string RepmgrRun::written() const
{
    return readState(m_log).value_or(std::string());
}

} // namespace shardlens::guard
