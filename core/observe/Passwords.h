// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PasswordSource.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::observe {

/// Where the passwords of whoever observes come from: files and the environment are read whenever a connection needs them, the
/// keychain once, as reading it may have to wait for the person. Any thread.
class Passwords
{
public:
    using KeychainReader = std::function<base::Result<std::string>(const std::string &entry)>;

    explicit Passwords(std::shared_ptr<const fleet::Fleet> fleet);
    ~Passwords();

    /// Of a declared database user, for Postgres and pgbouncer.
    [[nodiscard]] clients::PasswordSource forDatabase(const fleet::Endpoint &endpoint, const std::string &database, const std::string &user) const;
    [[nodiscard]] clients::PasswordSource forRedis() const;
    [[nodiscard]] clients::PasswordSource forPatroni() const;
    [[nodiscard]] clients::PasswordSource forSentinel() const;

    [[nodiscard]] bool needKeychain() const;
    /// Reads every entry of the keychain that is needed; waits as long as the reader does.
    void readKeychain(const KeychainReader &reader);

private:
    struct Kept;
    [[nodiscard]] fleet::SecretSource secretOf(const std::string &user) const;
    [[nodiscard]] std::vector<fleet::SecretSource> all() const;
    [[nodiscard]] clients::PasswordSource source(const fleet::SecretSource &secret, const fleet::Endpoint &endpoint, const std::string &database,
                                                 const std::string &user) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<Kept> m_kept;
};

} // namespace shardlens::observe
