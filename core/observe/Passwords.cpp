// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/Passwords.h"

#include "core/clients/secrets/Secrets.h"

#include <algorithm>

namespace shardlens::observe {

struct Passwords::Kept {
    std::mutex mutex;
    std::map<std::string, base::Result<std::string>> ofEntry;

    base::Result<std::string> read(const std::string &entry)
    {
        const std::lock_guard lock(mutex);
        const auto found = ofEntry.find(entry);
        if (found == ofEntry.end())
            return base::fail(base::ErrorCode::Unavailable, "the keychain has not answered yet");
        return found->second;
    }
};

Passwords::Passwords(std::shared_ptr<const fleet::Fleet> fleet) : m_fleet(std::move(fleet)), m_kept(std::make_shared<Kept>()) {}

Passwords::~Passwords() = default;

fleet::SecretSource Passwords::secretOf(const std::string &user) const
{
    const auto *declared = m_fleet->access.user(user);
    return declared == nullptr ? fleet::SecretSource() : declared->secret;
}

clients::PasswordSource Passwords::source(const fleet::SecretSource &secret, const fleet::Endpoint &endpoint, const std::string &database,
                                          const std::string &user) const
{
    if (secret.kind == fleet::SecretSource::Kind::None)
        return {};
    const secrets::Purpose purpose{endpoint.host, endpoint.port, database, user};
    return [secret, purpose, kept = m_kept] {
        return secrets::resolve(secret, purpose, [kept](const std::string &entry) { return kept->read(entry); });
    };
}

clients::PasswordSource Passwords::forDatabase(const fleet::Endpoint &endpoint, const std::string &database, const std::string &user) const
{
    return source(secretOf(user), endpoint, database, user);
}

clients::PasswordSource Passwords::forRedis() const
{
    return source(m_fleet->access.redisSecret, {}, {}, m_fleet->access.redisUser);
}

clients::PasswordSource Passwords::forPatroni() const
{
    return source(m_fleet->access.patroniSecret, {}, {}, m_fleet->access.patroniUser);
}

clients::PasswordSource Passwords::forSentinel() const
{
    return source(m_fleet->access.sentinelSecret, {}, {}, m_fleet->access.sentinelUser);
}

std::vector<fleet::SecretSource> Passwords::all() const
{
    return {secretOf(m_fleet->access.observer), m_fleet->access.redisSecret, m_fleet->access.patroniSecret, m_fleet->access.sentinelSecret};
}

bool Passwords::needKeychain() const
{
    const auto secrets = all();
    return std::any_of(secrets.begin(), secrets.end(),
                       [](const fleet::SecretSource &secret) { return secret.kind == fleet::SecretSource::Kind::Keychain; });
}

void Passwords::readKeychain(const KeychainReader &reader)
{
    for (const auto &secret : all()) {
        if (secret.kind != fleet::SecretSource::Kind::Keychain)
            continue;
        auto found =
            reader ? reader(secret.where) : base::Result<std::string>(base::fail(base::ErrorCode::Unavailable, "no keychain is at hand"));
        const std::lock_guard lock(m_kept->mutex);
        m_kept->ofEntry.insert_or_assign(secret.where, std::move(found));
    }
}

} // namespace shardlens::observe
