// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Keyring.h"

#include "core/clients/secrets/Secrets.h"

namespace shardlens::inspect::lookup {

Keyring::Keyring(const fleet::DatabaseUser &person, const fleet::SecretSource &redis, const Reader &keychain)
    : m_person(person), m_redis(redis)
{
    for (const fleet::SecretSource *source : {&m_person.secret, &m_redis}) {
        if (source->kind == fleet::SecretSource::Kind::Keychain && keychain && !m_entries.contains(source->where))
            m_entries.emplace(source->where, keychain(source->where));
    }
}

base::Result<std::string> Keyring::entry(const std::string &name) const
{
    const auto found = m_entries.find(name);
    return found == m_entries.end() ? base::fail(base::ErrorCode::Unavailable, "no keychain here") : found->second;
}

base::Result<std::string> Keyring::ofPerson(const fleet::Endpoint &endpoint, const std::string &database) const
{
    return secrets::resolve(m_person.secret, {endpoint.host, endpoint.port, database, m_person.name},
                            [this](const std::string &name) { return entry(name); });
}

base::Result<std::string> Keyring::ofRedis() const
{
    return secrets::resolve(m_redis, {}, [this](const std::string &name) { return entry(name); });
}

} // namespace shardlens::inspect::lookup
