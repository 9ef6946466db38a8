// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <string>

namespace shardlens::localfleet
{

/// The one directory that a local fleet lives in, and where each thing lies below it. A value; any thread.
///
///     fleet.toml              what consoles read
///     shape, ports            what was asked for, which ports were chosen
///     id                      what tells this fleet from one made before or after it
///     secrets/                passwords, readable by the owner only
///     data/ID/                a server's data (Postgres: data/ID/pg)
///     etc/ID/                 a server's configuration, outside its data
///     log/ID.log, run/ID.pid  its log, its process
///     run/                    unix sockets of all servers
///     faults/                 one record a fault that is in effect
class Home
{
public:
    /// `dir` empty: the usual place of this user.
    [[nodiscard]] static base::Result<Home> at(const std::string &dir);
    /// As root /var/lib/shardlens-localfleet, else $XDG_DATA_HOME/shardlens/localfleet.
    [[nodiscard]] static std::filesystem::path usualPlace();

    explicit Home(std::filesystem::path root) : m_root(std::move(root)) {}

    [[nodiscard]] const std::filesystem::path &root() const { return m_root; }
    [[nodiscard]] std::filesystem::path fleetFile() const { return m_root / "fleet.toml"; }
    [[nodiscard]] std::filesystem::path shapeFile() const { return m_root / "shape"; }
    [[nodiscard]] std::filesystem::path idFile() const { return m_root / "id"; }
    [[nodiscard]] std::filesystem::path portsFile() const { return m_root / "ports"; }
    [[nodiscard]] std::filesystem::path secrets() const { return m_root / "secrets"; }
    [[nodiscard]] std::filesystem::path faults() const { return m_root / "faults"; }
    [[nodiscard]] std::filesystem::path run() const { return m_root / "run"; }
    [[nodiscard]] std::filesystem::path done() const { return m_root / "done"; }
    [[nodiscard]] std::filesystem::path data(const std::string &id) const { return m_root / "data" / id; }
    [[nodiscard]] std::filesystem::path pgData(const std::string &id) const { return m_root / "data" / id / "pg"; }
    [[nodiscard]] std::filesystem::path etc(const std::string &id) const { return m_root / "etc" / id; }
    [[nodiscard]] std::filesystem::path log(const std::string &id) const { return m_root / "log" / (id + ".log"); }
    [[nodiscard]] std::filesystem::path pidFile(const std::string &id) const { return m_root / "run" / (id + ".pid"); }
    [[nodiscard]] std::filesystem::path relaySocket() const { return m_root / "run" / "relay.sock"; }

    /// True once an `up` has made something here.
    [[nodiscard]] bool exists() const { return std::filesystem::exists(shapeFile()); }
    /// Makes the directories that are missing, owned and reachable by the current user alone.
    [[nodiscard]] base::Result<void> prepare() const;

private:
    std::filesystem::path m_root;
};

} // namespace shardlens::localfleet
