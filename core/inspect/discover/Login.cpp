// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/Login.h"

#include "core/clients/secrets/Secrets.h"

#include <cstdlib>
#include <filesystem>

#include <pwd.h>
#include <unistd.h>

namespace shardlens::inspect::discover {

namespace {

using Secret = fleet::SecretSource::Kind;

std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

std::string systemUser()
{
    const passwd *entry = ::getpwuid(::geteuid());
    return entry ? entry->pw_name : "postgres";
}

base::Result<fleet::SecretSource> secretFrom(const std::string &text, const std::string &option)
{
    const auto colon = text.find(':');
    const std::string word = text.substr(0, colon);
    const std::string where = colon == std::string::npos ? std::string() : text.substr(colon + 1);
    for (const auto kind : {Secret::Pgpass, Secret::Service, Secret::Environment, Secret::File, Secret::Keychain}) {
        if (word == fleet::name(kind) && !where.empty()) {
            const bool isFile = kind == Secret::Pgpass || kind == Secret::File;
            return fleet::SecretSource{kind, isFile && !where.starts_with("~/") ? std::filesystem::absolute(where).string() : where};
        }
    }
    // The value is not repeated: it may be the secret itself.
    return base::fail(base::ErrorCode::BadInput,
                      option + " does not say where the secret is found: pgpass:FILE, service:NAME, env:NAME, file:FILE or keychain:NAME");
}

/// The first of the places that says something, with its name.
struct Said {
    std::string value;
    std::string where;
};

Said firstSaid(std::initializer_list<Said> places)
{
    for (const Said &place : places) {
        if (!place.value.empty())
            return place;
    }
    return {};
}

base::Result<void> findSecret(const LoginWishes &wishes, const std::string &service, Login &login)
{
    if (!wishes.secret.empty()) {
        auto source = secretFrom(wishes.secret, "--secret");
        if (!source)
            return base::fail(source.error());
        login.secret = *source;
        login.secretFrom = "--secret";
    } else if (!environment("PGPASSWORD").empty()) {
        login.secret = {Secret::Environment, "PGPASSWORD"};
        login.secretFrom = "PGPASSWORD is set";
    } else if (!service.empty()) {
        login.secret = {Secret::Service, service};
        login.secretFrom = "the service " + service;
    } else {
        const Said file = firstSaid({{environment("PGPASSFILE"), "PGPASSFILE"}, {environment("HOME") + "/.pgpass", "~/.pgpass is there"}});
        std::error_code ignored;
        if (std::filesystem::exists(file.value, ignored)) {
            login.secret = {Secret::Pgpass, file.value};
            login.secretFrom = file.where;
        }
    }
    return {};
}

base::Result<void> findTls(const LoginWishes &wishes, Login &login)
{
    const Said mode = firstSaid({{wishes.tls, "--tls"}, {environment("PGSSLMODE"), "PGSSLMODE"}});
    login.tlsFrom = mode.value.empty() ? "libpq's own default" : mode.where;
    bool isKnown = mode.value.empty() || mode.value == "allow"; // libpq's allow is a weaker prefer
    for (int i = 0; i <= int(fleet::Tls::Mode::VerifyFull); ++i) {
        if (mode.value == fleet::name(fleet::Tls::Mode(i))) {
            login.tls.mode = fleet::Tls::Mode(i);
            isKnown = true;
        }
    }
    if (!isKnown)
        return base::fail(base::ErrorCode::BadInput,
                          mode.where + " '" + mode.value + "': expected disable, prefer, require, verify-ca or verify-full");
    const Said ca = firstSaid({{wishes.tlsCa, ""}, {environment("PGSSLROOTCERT"), ""}});
    if (!ca.value.empty())
        login.tls.caFile = std::filesystem::absolute(ca.value).string();
    return {};
}

} // namespace

base::Result<Login> findLogin(const LoginWishes &wishes)
{
    Login login;
    const std::string service = firstSaid({{wishes.service, ""}, {environment("PGSERVICE"), ""}}).value;
    const auto ofService = [&](const char *key) {
        return service.empty() ? std::string() : secrets::serviceValue(service, key).value_or("");
    };
    const Said user = firstSaid({{wishes.user, "--user"},
                                 {ofService("user"), "the service " + service},
                                 {environment("PGUSER"), "PGUSER"},
                                 {systemUser(), "this machine's user"}});
    login.user = user.value;
    login.userFrom = user.where;
    login.database = firstSaid({{wishes.database, ""}, {ofService("dbname"), ""}, {environment("PGDATABASE"), ""}, {"postgres", ""}}).value;
    if (auto found = findSecret(wishes, service, login); !found)
        return base::fail(found.error());
    if (auto found = findTls(wishes, login); !found)
        return base::fail(found.error());
    login.redisUser = wishes.redisUser;
    if (!wishes.redisSecret.empty()) {
        auto source = secretFrom(wishes.redisSecret, "--redis-secret");
        if (!source)
            return base::fail(source.error());
        login.redisSecret = *source;
        login.redisSecretFrom = "--redis-secret";
    } else if (!environment("REDISCLI_AUTH").empty()) {
        login.redisSecret = {Secret::Environment, "REDISCLI_AUTH"};
        login.redisSecretFrom = "REDISCLI_AUTH is set";
    }
    return login;
}

} // namespace shardlens::inspect::discover
