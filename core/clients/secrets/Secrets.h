// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Access.h"

#include <cstdint>
#include <functional>
#include <string>

namespace shardlens::secrets
{

/// What the secret is for: a pgpass file is searched by these. Other kinds use none of it.
struct Purpose {
    std::string host;
    std::uint16_t port = 0;
    std::string database;
    std::string user;
};

/// Reads an entry of the desktop's keychain; shardlens::keychain::read is one. Absent: keychain secrets are Unavailable.
using KeychainReader = std::function<base::Result<std::string>(const std::string &entry)>;

/// Finds a secret. An empty source (Kind::None) gives an empty secret: a server that trusts needs none.
/// Errors: NotFound (no file, variable, service or matching line), NoRights (a file that others may read), Io, Unavailable.
/// The message names the place, never the secret. Any thread; reads small files.
[[nodiscard]] base::Result<std::string> resolve(const fleet::SecretSource &source, const Purpose &purpose,
                                                const KeychainReader &keychain = {});

/// What a libpq service says under `key` ("user", "dbname"). NotFound where there is no such service or key. Not for passwords.
[[nodiscard]] base::Result<std::string> serviceValue(const std::string &service, const std::string &key);

} // namespace shardlens::secrets
