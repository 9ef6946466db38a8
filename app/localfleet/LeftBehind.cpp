// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/LeftBehind.h"

#include "app/localfleet/Files.h"
#include "app/localfleet/Process.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace fs = std::filesystem;

namespace
{

bool isOurProgram(const std::string &program)
{
    static const std::vector<std::string> programs{"initdb",   "postgres",   "pg_basebackup",   "pg_rewind",            "pg_ctl",
                                                   "cp",       "psql",       "repmgr",          "redis-server",         "redis-check-rdb",
                                                   "memcached", "pgbouncer", "shardlens-guard", "shardlens-invalidator"};
    return std::find(programs.begin(), programs.end(), program) != programs.end();
}

/// initdb starts its servers by a shell, which names them and not the fleet; any other shell is somebody's.
bool isShellOfInitdb(const std::string &words)
{
    static const std::string shell("sh\0-c\0", 6);
    return words.rfind(shell, 0) == 0 && words.find("/bin/postgres\"") != std::string::npos;
}

/// The directory itself or a file of it, as a word or behind a sign that begins one: another's path may end alike.
bool mentions(const std::string &words, const std::string &directory)
{
    for (std::size_t at = words.find(directory); at != std::string::npos; at = words.find(directory, at + 1)) {
        const char before = at == 0 ? '\0' : words[at - 1];
        const std::size_t end = at + directory.size();
        const char after = end < words.size() ? words[end] : '\0';
        if (std::string_view("\0='\" ", 5).find(before) != std::string_view::npos && (after == '/' || after == '\0'))
            return true;
    }
    return false;
}

/// Those of our programs that work in a directory, or on files of it; besides them whatever has exactly these words.
std::vector<pid_t> workingIn(const fs::path &directory, const std::string &orWords)
{
    const std::string files = directory.string() + "/";
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc() || pid == ::getpid())
            continue;
        std::error_code unreadable;
        const std::string program = fs::read_symlink(entry.path() / "exe", unreadable).filename().string();
        const std::string words = readFile(entry.path() / "cmdline").value_or(std::string());
        const std::string stands = fs::read_symlink(entry.path() / "cwd", unreadable).string() + "/";
        const bool isHere = mentions(words, directory.string()) || stands.rfind(files, 0) == 0;
        if (((isOurProgram(program) || isShellOfInitdb(words)) && isHere) || (!orWords.empty() && words.find(orWords) != std::string::npos))
            found.push_back(pid);
    }
    return found;
}

template <class Find>
base::Result<void> endAll(Find &&find)
{
    const auto noneIsLeft = [&] {
        const std::vector<pid_t> left = find();
        for (const pid_t pid : left)
            ::kill(pid, SIGKILL); // again each time: one may just have started another
        return left.empty();
    };
    return waitUntil(noneIsLeft, base::seconds(5)) ? base::Result<void>()
                                                   : base::fail(base::ErrorCode::Io, "what an unfinished `up` left running does not end");
}

} // namespace

std::vector<pid_t> leftBehind(const Home &home)
{
    // Words of a command line end with a zero. Other commands of this program are somebody's, and not to be killed.
    return workingIn(home.root(), std::string("relay\0run\0--dir\0", 16) + home.root().string() + '\0');
}

base::Result<void> endLeftBehind(const Home &home)
{
    return endAll([&] { return leftBehind(home); });
}

base::Result<void> endLeftBehind(const fs::path &directory)
{
    return endAll([&] { return workingIn(directory, {}); });
}

} // namespace shardlens::localfleet
