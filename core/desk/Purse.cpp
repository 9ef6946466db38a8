// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/Purse.h"

#include "core/clients/secrets/Secrets.h"
#include "core/desk/Standing.h"

namespace shardlens::desk {

Purse::Purse(const fleet::Fleet &fleet, const std::string &person, const KeychainReader &keychain) : m_database(fleet.directory ? fleet.directory->database : std::string())
{
    for (const fleet::DatabaseUser *user : {fleet.access.user(fleet.access.observer), standingOf(fleet, person).user}) {
        if (user && user->secret.kind == fleet::SecretSource::Kind::Keychain && keychain && !m_entries.contains(user->secret.where))
            m_entries.emplace(user->secret.where, keychain(user->secret.where));
    }
}

base::Result<std::string> Purse::secretOf(const fleet::DatabaseUser &user, const fleet::Endpoint &endpoint) const
{
    return secrets::resolve(user.secret, {endpoint.host, endpoint.port, m_database, user.name}, [this](const std::string &entry) -> base::Result<std::string> {
        const auto found = m_entries.find(entry);
        return found == m_entries.end() ? base::fail(base::ErrorCode::Unavailable, "no keychain here") : found->second;
    });
}

} // namespace shardlens::desk
