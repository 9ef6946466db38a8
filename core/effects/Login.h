// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/redis/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <string>

namespace shardlens::effects {

/// As whom an operation's sessions log in, and from where they dial.
struct Login {
    std::shared_ptr<const fleet::Fleet> fleet;
    base::RegionName from;
    fleet::DatabaseUser acts;        ///< brakes, promotes, ends sessions
    fleet::DatabaseUser application; ///< reads through the routers, as an application does
    secrets::KeychainReader keychain;
    std::string sessionName;         ///< application_name: execute::sessionNameOf()
    std::string redisSessionName = {}; ///< execute::redisSessionNameOf()
};

/// A session straight to a server, as who acts. Errors as Session's, and those of the secret.
[[nodiscard]] base::Result<postgres::Session> dialServer(const Login &login, const fleet::Server &server, const std::string &database, base::Instant deadline);
/// A session through a router's database, as an application.
[[nodiscard]] base::Result<postgres::Session> dialRouter(const Login &login, const fleet::Server &router, const std::string &database, base::Instant deadline);

/// A session with a Redis server, as the fleet file says, named redisSessionName. Errors as redis::Session's, and those of the secret.
[[nodiscard]] base::Result<redis::Session> dialRedis(const Login &login, const fleet::Server &server, base::Instant deadline);

/// A session with a Sentinel, as the fleet file says. Errors as redis::Session's, and those of the secret.
[[nodiscard]] base::Result<redis::Session> dialSentinel(const Login &login, const fleet::Endpoint &sentinel, base::Instant deadline);

/// 128 random bits in hexadecimal digits.
[[nodiscard]] std::string freshToken();

/// What is left until `deadline` by the clock that Session uses; at least one millisecond.
[[nodiscard]] base::milliseconds leftUntil(base::Instant deadline);

} // namespace shardlens::effects
