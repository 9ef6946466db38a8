// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/DiskFull.h"

#include "app/localfleet/Owner.h"
#include "app/localfleet/Process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::localfleet::diskfull
{

namespace fs = std::filesystem;

namespace
{

constexpr const char *ballast = "ballast";

fs::path aside(const Ground &ground, const Instance &server)
{
    return ground.home.data(server.id + ".disk"); // the data as they were, beside the mount
}

base::Result<void> copyContents(const fs::path &from, const fs::path &to)
{
    const auto done = runOrFail({{"/bin/cp", "-a", from.string() + "/.", to.string()}, {}, {}, -1}, base::seconds(300));
    return done ? base::Result<void>() : base::fail(done.error());
}

std::int64_t sizeOf(const fs::path &directory)
{
    std::int64_t bytes = 0;
    std::error_code error;
    for (const auto &entry : fs::recursive_directory_iterator(directory, error)) {
        struct stat info {
        };
        if (::lstat(entry.path().c_str(), &info) == 0)
            bytes += std::max<std::int64_t>(info.st_size, 1 + info.st_blocks * 512) + 4096; // a page of rounding each
    }
    return bytes;
}

base::Result<void> mountSmall(const fs::path &place, const std::string &options)
{
    const auto unavailable = [](const std::string &why) {
        return base::fail(base::ErrorCode::Unavailable,
                          "disk-full is not available here: a small file system needs the right to mount one, and " + why);
    };
    const AsRoot root;
    if (!root.isRoot())
        return unavailable("this program was not started as root");
    if (::mount("shardlens", place.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0)
        return unavailable(std::string("the system denies it: ") + std::strerror(errno));
    return {};
}

/// Stands while the data are copied to the small disk.
fs::path copying(const Ground &ground, const Instance &server)
{
    return ground.home.data(server.id + ".copying");
}

base::Result<void> unmount(const Instance &server, const fs::path &data)
{
    const AsRoot root;
    if (!root.isRoot() || ::umount2(data.c_str(), MNT_DETACH) != 0)
        return base::fail(base::ErrorCode::Unavailable, "cannot unmount " + data.string() + ": " + std::strerror(errno), server.id);
    return {};
}

/// In place of the empty directory that the small disk was mounted on.
base::Result<void> placeAgain(const Ground &ground, const Instance &server, const fs::path &whole)
{
    std::error_code error;
    fs::remove(ground.home.data(server.id), error);
    fs::rename(whole, ground.home.data(server.id), error);
    if (error)
        return base::fail(base::ErrorCode::Io, "cannot place the data of " + server.id + ", which lie in " + whole.string() + ": " + error.message(), server.id);
    fs::remove(copying(ground, server), error);
    return {};
}

} // namespace

bool isOnSmallDisk(const Ground &ground, const Instance &server)
{
    struct stat inside {
    };
    struct stat outside {
    };
    const fs::path data = ground.home.data(server.id);
    return ::stat(data.c_str(), &inside) == 0 && ::stat(data.parent_path().c_str(), &outside) == 0 && inside.st_dev != outside.st_dev;
}

base::Result<void> isAllowed(const Ground &ground)
{
    const fs::path trial = ground.home.run() / "trial";
    std::error_code error;
    fs::create_directory(trial, error);
    const auto mounted = mountSmall(trial, "size=64k");
    if (mounted) {
        const AsRoot root;
        ::umount2(trial.c_str(), MNT_DETACH);
    }
    fs::remove(trial, error);
    return mounted;
}

base::Result<void> moveToSmallDisk(const Ground &ground, const Instance &server, std::int64_t room)
{
    const fs::path data = ground.home.data(server.id);
    if (isOnSmallDisk(ground, server))
        return {};
    const std::string size = "size=" + std::to_string(sizeOf(data) + room) + ",mode=0700,uid=" + std::to_string(::geteuid()) +
                             ",gid=" + std::to_string(::getegid());
    std::error_code error;
    if (const auto back = takeBack(ground, server); !back) // an earlier try that was broken off left the data aside
        return back;
    if (const auto marked = writeFile(copying(ground, server), ""); !marked)
        return marked;
    fs::rename(data, aside(ground, server), error);
    fs::create_directory(data, error);
    if (const auto mounted = mountSmall(data, size); !mounted) {
        fs::remove(data, error);
        fs::rename(aside(ground, server), data, error);
        return mounted;
    }
    if (const auto copied = copyContents(aside(ground, server), data); !copied)
        return copied;
    fs::remove(copying(ground, server), error);
    return {};
}

base::Result<void> fill(const Ground &ground, const Instance &server)
{
    const int fd = ::open((ground.home.data(server.id) / ballast).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return base::fail(base::ErrorCode::Io, std::string("cannot fill the small disk: ") + std::strerror(errno), server.id);
    static const std::array<char, 65536> block{};
    ssize_t wrote = 1;
    for (std::size_t size = block.size(); size > 0; size = wrote > 0 ? size : size / 2)
        wrote = ::write(fd, block.data(), size);
    ::close(fd);
    return {};
}

base::Result<void> takeBack(const Ground &ground, const Instance &server)
{
    const fs::path data = ground.home.data(server.id);
    std::error_code error;
    if (isOnSmallDisk(ground, server) && fs::exists(copying(ground, server)) && fs::exists(aside(ground, server))) {
        // The way there was broken off: what stands aside is the whole, and no server has run on the small disk.
        if (const auto unmounted = unmount(server, data); !unmounted)
            return unmounted;
        return placeAgain(ground, server, aside(ground, server));
    }
    if (isOnSmallDisk(ground, server)) {
        fs::remove(data / ballast, error);
        // A whole new copy, and the old one away only then: a crash in between leaves one that is complete.
        const fs::path fresh = ground.home.data(server.id + ".fresh");
        fs::remove_all(fresh, error);
        fs::create_directory(fresh, error);
        if (const auto copied = copyContents(data, fresh); !copied)
            return copied;
        if (const auto unmounted = unmount(server, data); !unmounted)
            return unmounted;
        if (const auto placed = placeAgain(ground, server, fresh); !placed)
            return placed;
    } else if (fs::exists(aside(ground, server)) && (!fs::exists(data) || fs::is_empty(data))) {
        // A restart of the machine took the mount with it: the data of before are what is left.
        if (const auto placed = placeAgain(ground, server, aside(ground, server)); !placed)
            return placed;
    }
    fs::remove_all(aside(ground, server), error);
    fs::remove(copying(ground, server), error);
    return {};
}

} // namespace shardlens::localfleet::diskfull
