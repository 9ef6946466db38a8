// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/LeftBehind.h"

#include "app/localfleet/Files.h"

#include <algorithm>
#include <charconv>
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

} // namespace

std::vector<pid_t> leftBehind(const Home &home)
{
    const std::string files = home.root().string() + "/";
    // Words of a command line end with a zero. Other commands of this program are somebody's, and not to be killed.
    const std::string relay = std::string("relay\0run\0--dir\0", 16) + home.root().string() + '\0';
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
        const bool isHere = words.find(files) != std::string::npos || stands.rfind(files, 0) == 0;
        if ((isOurProgram(program) && isHere) || words.find(relay) != std::string::npos)
            found.push_back(pid);
    }
    return found;
}

} // namespace shardlens::localfleet
