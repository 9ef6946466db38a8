// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/Login.h"

#include <algorithm>

namespace shardlens::effects {

namespace {

base::Result<postgres::Session> dial(const Login &login, const fleet::DatabaseUser &user, const fleet::Server &server, const std::string &database,
                                     bool throughRouter, base::Instant deadline)
{
    const fleet::Endpoint &endpoint = server.address.from(login.from);
    auto secret = secrets::resolve(user.secret, {endpoint.host, endpoint.port, database, user.name}, login.keychain);
    if (!secret) {
        secret.error().server = server.id.text();
        return base::fail(secret.error());
    }
    postgres::SessionOptions options;
    options.tls = login.fleet->access.tls;
    options.throughRouter = throughRouter;
    options.applicationName = login.sessionName;
    return postgres::Session::connect({server.id.text(), endpoint, database, user.name}, *secret, options, leftUntil(deadline));
}

} // namespace

base::milliseconds leftUntil(base::Instant deadline)
{
    const auto left = std::chrono::ceil<base::milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, base::milliseconds(1));
}

base::Result<postgres::Session> dialServer(const Login &login, const fleet::Server &server, const std::string &database, base::Instant deadline)
{
    return dial(login, login.acts, server, database, false, deadline);
}

base::Result<postgres::Session> dialRouter(const Login &login, const fleet::Server &router, const std::string &database, base::Instant deadline)
{
    return dial(login, login.application, router, database, true, deadline);
}

} // namespace shardlens::effects
