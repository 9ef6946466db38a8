// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/Login.h"

#include <algorithm>
#include <cstdio>
#include <random>

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

base::Result<redis::Session> dialRedis(const Login &login, const fleet::Server &server, base::Instant deadline)
{
    const fleet::Endpoint &endpoint = server.address.from(login.from);
    const fleet::Access &access = login.fleet->access;
    auto secret = secrets::resolve(access.redisSecret, {endpoint.host, endpoint.port, {}, access.redisUser}, login.keychain);
    if (!secret) {
        secret.error().server = server.id.text();
        return base::fail(secret.error());
    }
    auto session = redis::Session::connect({server.id.text(), endpoint, access.redisUser}, *secret, leftUntil(deadline));
    if (!session)
        return session;
    if (const auto named = session->command({"CLIENT", "SETNAME", login.redisSessionName}, leftUntil(deadline)); !named) {
        base::Error error = named.error();
        error.effect = base::Effect::None;
        return base::fail(error);
    }
    return session;
}

base::Result<redis::Session> dialSentinel(const Login &login, const fleet::Endpoint &sentinel, base::Instant deadline)
{
    const fleet::Access &access = login.fleet->access;
    const auto secret = secrets::resolve(access.sentinelSecret, {sentinel.host, sentinel.port, {}, access.sentinelUser}, login.keychain);
    if (!secret)
        return base::fail(secret.error());
    return redis::Session::connect({fleet::textOf(sentinel), sentinel, access.sentinelUser}, *secret, leftUntil(deadline));
}

std::string freshToken()
{
    std::random_device random;
    std::string token;
    for (int i = 0; i < 4; ++i) {
        char digits[9];
        std::snprintf(digits, sizeof digits, "%08x", random());
        token += digits;
    }
    return token;
}

} // namespace shardlens::effects
