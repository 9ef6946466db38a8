// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::fleet {

/// How commands reach a host.
struct HostReach {
    enum class Way : std::uint8_t { None, Local, Ssh };
    Way way = Way::None;
    std::string target;  ///< ssh: user@host or an alias of the ssh configuration
    std::string bastion; ///< ssh: the host to go through; empty for none
    std::vector<std::string> options = {}; ///< ssh: as in its configuration, "StrictHostKeyChecking=yes"
    std::vector<std::string> runAs = {};   ///< what stands before a command there, so that the servers' owner runs it: sudo -n -u postgres
    bool operator==(const HostReach &) const = default;
};

/// A command that turns a machine off ("shoot the other node in the head"), run where an operation is carried out, never through a shell.
/// It ends with 0 only once the machine is proven to be off, and so too where it was off already.
struct Stonith {
    std::vector<std::string> command; ///< an absolute path, and its arguments, in which {host}, {server} and {cluster} stand for names; empty: none
    base::seconds within{30};         ///< it is killed after that
    [[nodiscard]] bool isDeclared() const { return !command.empty(); }
    bool operator==(const Stonith &) const = default;
};

/// Where a secret is found. A fleet file never holds one.
struct SecretSource {
    enum class Kind : std::uint8_t {
        None,
        Pgpass,      ///< `where` is a pgpass file (libpq's format), looked up by host, port, database, user
        Service,     ///< `where` is a libpq service name
        Environment, ///< `where` is an environment variable
        File,        ///< `where` is a file whose first line is the secret; readable by its owner only
        Keychain,    ///< `where` is an entry of the desktop's keychain
    };
    Kind kind = Kind::None;
    std::string where; ///< relative paths are relative to the fleet file; held absolute here
    bool operator==(const SecretSource &) const = default;
};

/// What a person or process that logs in as a database user may do; what is shown, while the grants are the authority.
enum class Role : std::uint8_t { Observer, Application, Support, OnCall, Ops };

struct DatabaseUser {
    std::string name;
    Role role = Role::Observer;
    SecretSource secret;
    bool operator==(const DatabaseUser &) const = default;
};

struct Tls {
    enum class Mode : std::uint8_t { Disable, Prefer, Require, VerifyCa, VerifyFull };
    Mode mode = Mode::Prefer;
    std::string caFile; ///< absolute; empty = the system's
    bool operator==(const Tls &) const = default;
};

/// Users, where their secrets are, and TLS. Immutable.
struct Access {
    std::vector<DatabaseUser> users; ///< Postgres users, and pgbouncer users of the same name
    std::string observer;            ///< the user that observes; names one of `users`
    std::string invalidator;         ///< the user that the invalidators read outboxes as; names one of `users`, or empty
    std::string redisUser;           ///< empty = the default user
    SecretSource redisSecret;
    std::string patroniUser;         ///< of Patroni's REST interfaces; empty = they ask for none
    SecretSource patroniSecret;
    std::string sentinelUser;        ///< of Sentinels; empty = the default user
    SecretSource sentinelSecret;
    SecretSource guardSecret;        ///< shared by the guards and those who give them orders; none = guards only report
    Tls tls;

    bool operator==(const Access &) const = default;
    [[nodiscard]] const DatabaseUser *user(const std::string &name) const;
    [[nodiscard]] const DatabaseUser *firstWith(Role role) const;
};

[[nodiscard]] std::string_view name(HostReach::Way way);      ///< none, local, ssh
[[nodiscard]] std::string_view name(SecretSource::Kind kind); ///< none, pgpass, service, env, file, keychain
[[nodiscard]] std::string_view name(Role role);               ///< observer, application, support, on-call, ops
[[nodiscard]] std::string_view name(Tls::Mode mode);          ///< disable, prefer, require, verify-ca, verify-full (libpq's words)

} // namespace shardlens::fleet
