// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <string>
#include <sys/types.h>

namespace shardlens::localfleet
{

/// The unprivileged user that owns the fleet: whoever runs the program, or `postgres` when that is root.
/// Servers never run as root. One per program; use from the main thread.
class Owner
{
public:
    /// Finds that user, makes `root` and enters it. As root it is given to them, and this program works as them from here on.
    [[nodiscard]] static base::Result<Owner> become(const std::filesystem::path &root);

    [[nodiscard]] const std::string &name() const { return m_name; }
    [[nodiscard]] bool startedAsRoot() const { return m_startedAsRoot; }

private:
    std::string m_name;
    bool m_startedAsRoot = false;
};

/// In a child process, before exec: gives up root for good where this program only lent itself the owner's rights.
/// Uses only calls that are safe between fork and exec.
void dropRootForGood();

/// Root again for one scope, for the few things that need it (mounts). isRoot() is false where that is not possible.
class AsRoot
{
public:
    AsRoot();
    ~AsRoot();
    AsRoot(const AsRoot &) = delete;
    AsRoot &operator=(const AsRoot &) = delete;
    [[nodiscard]] bool isRoot() const { return m_isRoot; }

private:
    uid_t m_uid = 0;
    bool m_isRoot = false;
};

} // namespace shardlens::localfleet
