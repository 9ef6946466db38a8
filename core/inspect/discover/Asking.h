// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"
#include "core/inspect/discover/Finding.h"
#include "core/inspect/discover/Login.h"

#include <memory>

namespace shardlens::inspect::discover {

/// What asking one address needs. Blocks; one thread. Each function fills what it learns into the finding.
struct Asking {
    const Login &login;
    base::milliseconds patience; ///< for each step: connecting, one question
    base::milliseconds watching; ///< how long lag is sampled for
    std::shared_ptr<const wire::Interrupt> interrupt;
    Finding &finding;

    [[nodiscard]] base::Instant deadline() const { return std::chrono::steady_clock::now() + patience; }
    [[nodiscard]] const fleet::Endpoint &endpoint() const { return finding.address.endpoint; }
    /// The Postgres secret for a database; empty where none is found, as a server that trusts needs none.
    [[nodiscard]] std::string secretFor(const std::string &database) const;
};

/// Finds out what speaks at the address: kind, recognisedBy, or the trouble. A Postgres may still be a router.
void recognise(const Asking &asking);
void askPostgres(const Asking &asking); ///< a Postgres, or a router that is found to be one
void askRouter(const Asking &asking);
void askRedis(const Asking &asking);
void askMemcached(const Asking &asking);
void askGuard(const Asking &asking);

/// All of it: recognises the address and asks what it is.
void askAddress(const Asking &asking);

} // namespace shardlens::inspect::discover
