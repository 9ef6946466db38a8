// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/StateFile.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::guard
{

namespace
{

bool writeAll(int fd, std::string_view text)
{
    while (!text.empty()) {
        const auto wrote = ::write(fd, text.data(), text.size());
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

void flushFolder(const std::filesystem::path &folder)
{
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)::fsync(fd);
    ::close(fd);
}

} // namespace

std::optional<std::string> readState(const std::filesystem::path &path)
{
    const std::ifstream file(path, std::ios::binary);
    if (!file)
        return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

base::Result<void> writeState(const std::filesystem::path &path, std::string_view text)
{
    const std::filesystem::path beside = path.string() + ".new";
    const auto failed = [&](const char *what, int fd) {
        const int why = errno;
        if (fd >= 0)
            ::close(fd);
        ::unlink(beside.c_str());
        return base::fail(base::ErrorCode::Io, std::string("cannot ") + what + " " + path.string() + ": " + std::strerror(why));
    };
    struct stat before = {};
    const bool wasThere = ::stat(path.c_str(), &before) == 0;
    ::unlink(beside.c_str()); // of a write that was broken off, perhaps with other rights
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed("write a new file beside", -1);
    // A file of another owner that we may not give away again would lock its reader out.
    if (wasThere && (before.st_uid != ::geteuid() || before.st_gid != ::getegid()) && ::fchown(fd, before.st_uid, before.st_gid) != 0)
        return failed("keep the owner of", fd);
    if (wasThere && ::fchmod(fd, before.st_mode & 07777) != 0)
        return failed("keep the mode of", fd);
    if (!writeAll(fd, text) || ::fsync(fd) != 0)
        return failed("write", fd);
    if (::close(fd) != 0)
        return failed("write", -1);
    if (::rename(beside.c_str(), path.c_str()) != 0)
        return failed("replace", -1);
    flushFolder(path.parent_path());
    return {};
}

} // namespace shardlens::guard
