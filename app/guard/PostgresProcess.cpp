// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/PostgresProcess.h"

#include "app/guard/StateFile.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::guard
{

namespace fs = std::filesystem;
using base::ErrorCode;

namespace
{

struct ProcessLine {
    std::string name;
    char state = '?';
    pid_t parent = 0;
};

fs::path procOf(pid_t pid)
{
    return fs::path("/proc") / std::to_string(pid);
}

/// /proc/PID/stat: the name stands in brackets and may hold any letter, so what follows is counted from the last one.
std::optional<ProcessLine> lineOfProcess(pid_t pid)
{
    const auto text = readState(procOf(pid) / "stat");
    const std::size_t open = text ? text->find('(') : std::string::npos;
    const std::size_t close = text ? text->rfind(')') : std::string::npos;
    if (open == std::string::npos || close == std::string::npos || close + 2 >= text->size())
        return std::nullopt;
    ProcessLine line;
    line.name = text->substr(open + 1, close - open - 1);
    std::istringstream rest(text->substr(close + 2));
    rest >> line.state >> line.parent;
    return line;
}

std::optional<fs::path> linkOf(const fs::path &link)
{
    std::error_code error;
    fs::path path = fs::read_symlink(link, error);
    return error ? std::nullopt : std::optional(path);
}

bool worksIn(pid_t pid, const fs::path &directory)
{
    return linkOf(procOf(pid) / "cwd") == directory;
}

std::vector<std::string> lockLines(const fs::path &directory)
{
    std::vector<std::string> lines;
    std::istringstream text(readState(directory / "postmaster.pid").value_or(std::string()));
    for (std::string line; std::getline(text, line);)
        lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    return lines;
}

std::optional<pid_t> numberOf(const std::string &text)
{
    pid_t pid = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), pid);
    return bad == std::errc() && end == text.data() + text.size() && pid > 1 ? std::optional(pid) : std::nullopt;
}

} // namespace

base::Result<PostgresProcess> PostgresProcess::at(const std::string &directory)
{
    std::error_code error;
    const fs::path path = fs::canonical(directory, error);
    struct stat info = {};
    if (error || directory.empty() || directory.front() != '/' || !fs::exists(path / "PG_VERSION", error) || ::stat(path.c_str(), &info) != 0)
        return base::fail(ErrorCode::NotFound, "there is no data directory " + directory + " on this host, or it cannot be reached");
    if (::geteuid() != 0 && info.st_uid != ::geteuid())
        return base::fail(ErrorCode::NoRights, directory + " belongs to another user than this guard's: what runs in it cannot be told");
    return PostgresProcess(path);
}

std::vector<pid_t> PostgresProcess::all() const
{
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator("/proc", error)) {
        const auto pid = numberOf(entry.path().filename().string());
        if (!pid || !worksIn(*pid, m_directory))
            continue;
        const auto line = lineOfProcess(*pid); // a person's shell may stand there too
        if (line && line->name == "postgres" && line->state != 'Z' && line->state != 'X')
            found.push_back(*pid);
    }
    return found;
}

std::optional<pid_t> PostgresProcess::postmaster() const
{
    const auto pids = all();
    for (const pid_t pid : pids) {
        const auto line = lineOfProcess(pid);
        if (line && std::find(pids.begin(), pids.end(), line->parent) == pids.end())
            return pid;
    }
    return std::nullopt;
}

bool PostgresProcess::isFrozen() const
{
    const auto pids = all();
    return std::any_of(pids.begin(), pids.end(), [](pid_t pid) {
        const auto line = lineOfProcess(pid);
        return line && (line->state == 'T' || line->state == 't');
    });
}

bool PostgresProcess::isReady() const
{
    const auto lines = lockLines(m_directory);
    const auto main = postmaster();
    return main && lines.size() >= 8 && numberOf(lines[0]) == main && (lines[7] == "ready" || lines[7] == "standby");
}

std::string PostgresProcess::version() const
{
    const std::string text = readState(m_directory / "PG_VERSION").value_or(std::string());
    return text.substr(0, text.find('\n'));
}

void PostgresProcess::killAll() const
{
    if (const auto main = postmaster())
        ::kill(*main, SIGKILL);
    for (const pid_t pid : all())
        ::kill(pid, SIGKILL);
}

void PostgresProcess::removeForeignLocks() const
{
    const auto lines = lockLines(m_directory);
    const auto pid = lines.empty() ? std::nullopt : numberOf(lines[0]);
    const auto holder = pid ? lineOfProcess(*pid) : std::nullopt;
    if (!holder || !all().empty())
        return; // the server itself passes over locks of processes that are not there
    const auto place = linkOf(procOf(*pid) / "cwd");
    const bool isDead = holder->state == 'Z' || holder->state == 'X';
    if (!isDead && (!place || *place == m_directory))
        return;
    std::error_code error;
    if (lines.size() >= 5 && !lines[4].empty()) {
        const fs::path socketLock = fs::path(lines[4]) / (".s.PGSQL." + lines[3] + ".lock");
        std::istringstream text(readState(socketLock).value_or(std::string()));
        std::string first;
        if (std::getline(text, first) && numberOf(first) == pid)
            fs::remove(socketLock, error);
    }
    fs::remove(m_directory / "postmaster.pid", error);
}

std::optional<fs::path> programOf(pid_t pid)
{
    return linkOf(procOf(pid) / "exe");
}

std::optional<fs::path> errorFileOf(pid_t pid)
{
    const auto path = linkOf(procOf(pid) / "fd" / "2");
    std::error_code error;
    return path && fs::is_regular_file(*path, error) ? path : std::nullopt;
}

} // namespace shardlens::guard
