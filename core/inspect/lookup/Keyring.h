// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <map>
#include <string>

namespace shardlens::inspect::lookup {

/// The secrets that look-ups need. The keychain is read once, by whoever makes this, as it may have to ask the person; files and the
/// environment when they are needed. After that any thread.
class Keyring
{
public:
    using Reader = std::function<base::Result<std::string>(const std::string &entry)>;

    Keyring(const fleet::DatabaseUser &person, const fleet::SecretSource &redis, const Reader &keychain);

    [[nodiscard]] base::Result<std::string> ofPerson(const fleet::Endpoint &endpoint, const std::string &database) const;
    [[nodiscard]] base::Result<std::string> ofRedis() const;

private:
    [[nodiscard]] base::Result<std::string> entry(const std::string &name) const;

    fleet::DatabaseUser m_person;
    fleet::SecretSource m_redis;
    std::map<std::string, base::Result<std::string>> m_entries;
};

} // namespace shardlens::inspect::lookup
