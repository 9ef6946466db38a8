// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <string>

namespace shardlens::patroni {

/// As whom it is asked: HTTP's basic authentication. An empty name: nobody, as Patroni's GETs need.
struct Login {
    std::string user;
    std::string password;
};

/// What a REST interface answered.
struct Answer {
    int status = 0; ///< HTTP's: 200, 412, 503
    std::string body;
};

/// Asks once, on a connection of its own that is never used again. It is our own few lines of HTTP because a request that acts must
/// leave exactly once: libraries send it again where the connection ends before the answer. Blocks until `deadline` at the latest,
/// against a frozen server too. Errors: Refused, Unreachable, NotFound (no such host), TimedOut, Cancelled, Protocol; their Effect is None only where
/// nothing was sent.
[[nodiscard]] base::Result<Answer> get(const fleet::Endpoint &endpoint, const std::string &path, const Login &login, base::Instant deadline,
                                       const wire::Interrupt *interrupt = nullptr);
/// `method`: POST, PUT, PATCH.
[[nodiscard]] base::Result<Answer> send(const fleet::Endpoint &endpoint, const std::string &method, const std::string &path, const std::string &body, const Login &login,
                                        base::Instant deadline, const wire::Interrupt *interrupt = nullptr);

} // namespace shardlens::patroni
