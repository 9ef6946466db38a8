// SPDX-License-Identifier: GPL-3.0-or-later
// Shared memory outlives a killed server: a segment of System V's kind that guards the data directory, and files in /dev/shm.
#include "app/localfleet/Postgres.h"

#include "app/localfleet/Servers.h"

#include <set>
#include <sys/shm.h>

namespace shardlens::localfleet::postgres
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view prefix = "/dev/shm/PostgreSQL.";

fs::path noteOf(const Ground &ground, const Instance &server)
{
    return ground.home.run() / (server.id + ".shm");
}

void removeSystemVSegment(const std::string &lockFile)
{
    // Line 7 of the lock file: key and number of the segment. Removed only if it is that very one, and nobody uses it.
    const auto lines = split(lockFile, '\n');
    const auto words = lines.size() < 7 ? std::vector<std::string>() : split(trimmed(lines[6]), ' ');
    if (words.size() < 2)
        return;
    const int id = static_cast<int>(std::strtol(words.back().c_str(), nullptr, 10));
    shmid_ds info{};
    if (::shmctl(id, IPC_STAT, &info) == 0 && info.shm_nattch == 0 &&
        info.shm_perm.__key == static_cast<key_t>(std::strtol(words.front().c_str(), nullptr, 10)))
        ::shmctl(id, IPC_RMID, nullptr);
}

} // namespace

void noteSharedMemory(const Ground &ground, const Instance &server)
{
    // The postmaster maps what outlives it; its children are asked where it is gone, as that takes a look at every process there is.
    const auto postmaster = servers::process(ground, server.id);
    std::set<std::string> segments;
    for (const pid_t pid : postmaster ? std::vector{postmaster->pid} : processesIn(ground.home.pgData(server.id))) {
        for (const std::string &line : split(readFile("/proc/" + std::to_string(pid) + "/maps").value_or(std::string()), '\n')) {
            if (const std::size_t at = line.find(prefix); at != std::string::npos)
                segments.insert(line.substr(at, line.find(' ', at) - at));
        }
    }
    std::string text;
    for (const std::string &segment : segments)
        text += segment + "\n";
    if (!text.empty())
        (void)writeFile(noteOf(ground, server), text); // without it a few kilobytes would stay until the machine restarts
}

void releaseSharedMemory(const Ground &ground, const Instance &server)
{
    const fs::path data = ground.home.pgData(server.id);
    const auto lockFile = readFile(data / "postmaster.pid");
    std::error_code error;
    if (lockFile && processesIn(data).empty()) {
        removeSystemVSegment(*lockFile);
        for (const std::string &segment : split(readFile(noteOf(ground, server)).value_or(std::string()), '\n')) {
            if (segment.rfind(prefix, 0) == 0)
                fs::remove(segment, error);
        }
    }
    fs::remove(noteOf(ground, server), error);
}

} // namespace shardlens::localfleet::postgres
