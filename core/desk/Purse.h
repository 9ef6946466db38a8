// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <map>
#include <string>

namespace shardlens::desk {

/// The secrets of the observer and of the person. Files and the environment are read when they are needed; the keychain once, by
/// whoever makes this, as it may have to ask the person. After that any thread.
class Purse
{
public:
    using KeychainReader = std::function<base::Result<std::string>(const std::string &entry)>;

    Purse(const fleet::Fleet &fleet, const std::string &person, const KeychainReader &keychain);

    [[nodiscard]] base::Result<std::string> secretOf(const fleet::DatabaseUser &user, const fleet::Endpoint &endpoint) const;

private:
    std::string m_database;
    std::map<std::string, base::Result<std::string>> m_entries; ///< of the keychain
};

} // namespace shardlens::desk
