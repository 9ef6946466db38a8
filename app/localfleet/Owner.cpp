// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Owner.h"

#include <cerrno>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace
{

base::Result<void> giveDirectory(const std::filesystem::path &root, const passwd &user)
{
    std::error_code error;
    std::filesystem::create_directories(root, error);
    if (error)
        return base::fail(base::ErrorCode::Io, "cannot make " + root.string() + ": " + error.message());
    struct stat info {
    };
    if (::stat(root.c_str(), &info) != 0)
        return base::fail(base::ErrorCode::Io, "cannot look at " + root.string() + ": " + std::strerror(errno));
    if (info.st_uid == user.pw_uid)
        return {};
    // Only a directory with nothing in it is taken over: anything else belongs to somebody.
    if (!std::filesystem::is_empty(root, error))
        return base::fail(base::ErrorCode::Io, root.string() + " holds files of another user; choose another --dir");
    if (::chown(root.c_str(), user.pw_uid, user.pw_gid) != 0)
        return base::fail(base::ErrorCode::Io, "cannot give " + root.string() + " to " + user.pw_name + ": " + std::strerror(errno));
    return {};
}

/// Nothing may depend on where the caller stood: that place may be closed to the owner, or be gone. And what is started here is known
/// by it, should this program be killed (LeftBehind.h).
base::Result<void> enter(const std::filesystem::path &root)
{
    if (::chdir(root.c_str()) != 0)
        return base::fail(base::ErrorCode::Io, "cannot enter " + root.string() + ": " + std::strerror(errno));
    return {};
}

} // namespace

base::Result<Owner> Owner::become(const std::filesystem::path &root)
{
    Owner owner;
    if (::getuid() != 0) {
        const passwd *self = ::getpwuid(::getuid());
        owner.m_name = self != nullptr ? self->pw_name : std::to_string(::getuid());
        std::error_code error;
        std::filesystem::create_directories(root, error);
        if (error)
            return base::fail(base::ErrorCode::Io, "cannot make " + root.string() + ": " + error.message());
        const auto entered = enter(root);
        return entered ? base::Result<Owner>(owner) : base::fail(entered.error());
    }
    owner.m_startedAsRoot = true;
    const passwd *found = ::getpwnam("postgres");
    if (found == nullptr)
        return base::fail(base::ErrorCode::Unavailable, "Postgres refuses to run as root and there is no user postgres to run it as");
    const passwd user = *found;
    owner.m_name = user.pw_name;
    if (const auto given = giveDirectory(root, user); !given)
        return base::fail(given.error());
    // The effective user only: a fault that mounts a small file system comes back to root by AsRoot.
    if (::initgroups(user.pw_name, user.pw_gid) != 0 || ::setegid(user.pw_gid) != 0 || ::seteuid(user.pw_uid) != 0)
        return base::fail(base::ErrorCode::Unavailable, std::string("cannot become the user postgres: ") + std::strerror(errno));
    // Changing the user made this process unreadable for its own user, and with it /proc of what it starts.
    ::prctl(PR_SET_DUMPABLE, 1);
    ::umask(077);
    if (::eaccess(root.c_str(), R_OK | W_OK | X_OK) != 0)
        return base::fail(base::ErrorCode::Unavailable,
                          root.string() + " cannot be reached by the user postgres, which the servers run as; choose another --dir");
    const auto entered = enter(root);
    return entered ? base::Result<Owner>(owner) : base::fail(entered.error());
}

void dropRootForGood()
{
    if (::getuid() != 0 || ::geteuid() == 0)
        return;
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::seteuid(0) != 0 || ::setresgid(group, group, group) != 0 || ::setresuid(user, user, user) != 0)
        ::_exit(126);
}

AsRoot::AsRoot() : m_uid(::geteuid())
{
    m_isRoot = ::getuid() == 0 && (m_uid == 0 || ::seteuid(0) == 0);
}

AsRoot::~AsRoot()
{
    if (m_isRoot && m_uid != 0 && ::seteuid(m_uid) != 0)
        ::_exit(126); // never go on as root by accident
}

} // namespace shardlens::localfleet
