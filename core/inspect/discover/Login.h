// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Access.h"

#include <functional>
#include <string>

namespace shardlens::inspect::discover {

/// As whom the servers are asked, and where that is said. It never holds a secret, only where secrets are found.
struct Login {
    std::string user;
    std::string userFrom;              ///< "PGUSER", "--user": the evidence
    std::string database = "postgres"; ///< the first one entered
    fleet::SecretSource secret;
    std::string secretFrom;
    std::string redisUser;
    fleet::SecretSource redisSecret;
    std::string redisSecretFrom;
    fleet::Tls tls;
    std::string tlsFrom;
    /// Reads an entry of the desktop's keychain; called from any thread. Absent: such secrets are not at hand.
    std::function<base::Result<std::string>(const std::string &entry)> keychain;
};

/// What a person said; what is empty is looked for in the environment.
struct LoginWishes {
    std::string user;
    std::string database;
    std::string service; ///< a libpq service
    std::string secret;  ///< pgpass:FILE, service:NAME, env:NAME, file:FILE or keychain:NAME
    std::string redisUser;
    std::string redisSecret;
    std::string tls; ///< a libpq sslmode
    std::string tlsCa;
};

/// As libpq finds its way in: what was said, then PGSERVICE, PGUSER, PGDATABASE, PGPASSWORD, PGPASSFILE or ~/.pgpass,
/// PGSSLMODE, PGSSLROOTCERT; for Redis REDISCLI_AUTH. Errors: BadInput, naming the wish.
[[nodiscard]] base::Result<Login> findLogin(const LoginWishes &wishes);

} // namespace shardlens::inspect::discover
