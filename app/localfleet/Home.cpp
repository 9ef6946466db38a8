// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Home.h"

#include <cstdlib>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace fs = std::filesystem;

namespace
{

// A unix socket's path holds 107 bytes; the longest name made here is run/.s.PGSQL.65535.lock.
constexpr std::size_t longestRoot = 107 - sizeof("/run/.s.PGSQL.65535");

} // namespace

fs::path Home::usualPlace()
{
    if (::getuid() == 0)
        return "/var/lib/shardlens-localfleet";
    if (const char *data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
        return fs::path(data) / "shardlens" / "localfleet";
    const char *home = std::getenv("HOME");
    return fs::path(home != nullptr ? home : "/tmp") / ".local/share/shardlens/localfleet";
}

base::Result<Home> Home::at(const std::string &dir)
{
    std::error_code error;
    const fs::path root = fs::absolute(dir.empty() ? usualPlace() : fs::path(dir), error).lexically_normal();
    if (error)
        return base::fail(base::ErrorCode::BadInput, "the directory " + dir + " makes no path: " + error.message());
    std::string text = root.string();
    while (text.size() > 1 && text.back() == '/')
        text.pop_back();
    if (text.size() > longestRoot)
        return base::fail(base::ErrorCode::BadInput, "the directory " + text + " is too long for the unix sockets below it: at most " +
                                                         std::to_string(longestRoot) + " bytes");
    if (text.find_first_of(" '\"\\\n") != std::string::npos)
        return base::fail(base::ErrorCode::BadInput, "the directory " + text + " has a blank or a quote in its name");
    return Home(text);
}

base::Result<void> Home::prepare() const
{
    for (const char *part : {"", "secrets", "data", "etc", "log", "run", "faults", "done"}) {
        const fs::path path = *part == 0 ? m_root : m_root / part;
        std::error_code error;
        fs::create_directories(path, error);
        if (!error)
            fs::permissions(path, fs::perms::owner_all, error);
        if (error)
            return base::fail(base::ErrorCode::Io, "cannot make " + path.string() + ": " + error.message());
    }
    return {};
}

} // namespace shardlens::localfleet
