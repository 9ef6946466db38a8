// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Ground.h"

#include <algorithm>
#include <array>
#include <sys/random.h>

namespace shardlens::localfleet
{

namespace
{

base::Result<std::string> newWord()
{
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    std::array<unsigned char, 24> random{};
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
        return base::fail(base::ErrorCode::Unavailable, "the kernel gives no random bytes for a password or an id");
    std::string password;
    for (const unsigned char byte : random)
        password += alphabet[byte % alphabet.size()]; // 64 letters divide 256: none is likelier
    return password;
}

base::Result<std::string> keptWord(const std::filesystem::path &path, const std::string &before)
{
    if (const auto text = readFile(path); text && text->size() > before.size())
        return trimmed(text->substr(before.size()));
    auto made = newWord();
    if (!made)
        return made;
    if (const auto written = writeFile(path, before + *made + "\n"); !written)
        return base::fail(written.error());
    return made;
}

} // namespace

std::vector<std::string> Secrets::users()
{
    return {user::replication, user::observer, user::application, user::operation, user::support, user::invalidation};
}

std::filesystem::path Secrets::pgpass(const Home &home, const std::string &user)
{
    return home.secrets() / (user + ".pgpass");
}

std::filesystem::path Secrets::redisFile(const Home &home)
{
    return home.secrets() / "redis";
}

std::filesystem::path Secrets::guardFile(const Home &home)
{
    return home.secrets() / "guard";
}

base::Result<Secrets> Secrets::keep(const Home &home)
{
    Secrets secrets;
    for (const std::string &user : users()) {
        const auto password = keptWord(pgpass(home, user), "*:*:*:" + user + ":");
        if (!password)
            return base::fail(password.error());
        secrets.m_passwords[user] = *password;
    }
    const auto redis = keptWord(redisFile(home), "");
    if (!redis)
        return base::fail(redis.error());
    secrets.m_redis = *redis;
    if (const auto guard = keptWord(guardFile(home), ""); !guard)
        return base::fail(guard.error());
    return secrets;
}

std::string Secrets::of(const std::string &user) const
{
    const auto found = m_passwords.find(user);
    return found == m_passwords.end() ? std::string() : found->second;
}

base::Result<Ground> Ground::open(const Home &home)
{
    if (!home.exists())
        return base::fail(base::ErrorCode::NotFound,
                          "there is no local fleet in " + home.root().string() + "; make one with: shardlens-localfleet up");
    return make(home, nullptr);
}

base::Result<Ground> Ground::make(const Home &home, const Shape *wanted)
{
    Shape shape = wanted != nullptr ? *wanted : Shape();
    if (const auto text = readFile(home.shapeFile())) {
        const auto before = shapeFrom(parseSettings(*text));
        if (!before)
            return base::fail(before.error());
        if (wanted != nullptr && toSettings(*before) != toSettings(*wanted))
            return base::fail(base::ErrorCode::BadInput,
                              "the fleet in " + home.root().string() +
                                  " has another shape; remove it first with: shardlens-localfleet down --delete");
        shape = *before;
    }
    if (const auto well = check(shape); !well)
        return base::fail(well.error());
    if (const auto prepared = home.prepare(); !prepared)
        return base::fail(prepared.error());
    auto ports = PortBook::keep(home, shape);
    if (!ports)
        return base::fail(ports.error());
    auto secrets = Secrets::keep(home);
    if (!secrets)
        return base::fail(secrets.error());
    auto id = keptWord(home.idFile(), "");
    if (!id)
        return base::fail(id.error());
    if (!home.exists()) {
        if (const auto written = writeFile(home.shapeFile(), printSettings(toSettings(shape))); !written)
            return base::fail(written.error());
    }
    std::vector<Instance> servers = instances(shape);
    return Ground{home, std::move(*id), std::move(shape), std::move(*ports), std::move(*secrets), std::move(servers)};
}

const Instance *Ground::server(const std::string &wanted) const
{
    const auto found = std::find_if(servers.begin(), servers.end(), [&](const Instance &instance) { return instance.id == wanted; });
    return found == servers.end() ? nullptr : &*found;
}

base::Result<Instance> Ground::need(const std::string &wanted) const
{
    if (const Instance *found = server(wanted))
        return *found;
    return base::fail(base::ErrorCode::NotFound, "the fleet has no server " + wanted + "; `status` lists them");
}

base::Result<Instance> Ground::need(const std::string &wanted, fleet::ServerKind kind) const
{
    auto found = need(wanted);
    if (found && found->kind != kind)
        return base::fail(base::ErrorCode::BadInput,
                          wanted + " is a " + std::string(fleet::name(found->kind)) + " server; this needs " + std::string(fleet::name(kind)));
    return found;
}

std::vector<Instance> Ground::members(const std::string &group) const
{
    std::vector<Instance> found;
    std::copy_if(servers.begin(), servers.end(), std::back_inserter(found), [&](const Instance &i) { return i.group == group; });
    return found;
}

std::vector<Instance> Ground::ofKind(fleet::ServerKind kind) const
{
    std::vector<Instance> found;
    std::copy_if(servers.begin(), servers.end(), std::back_inserter(found), [&](const Instance &i) { return i.kind == kind; });
    return found;
}

std::string Ground::database(const Instance &postgres) const
{
    return postgres.group == "directory" ? "directory" : "insta";
}

} // namespace shardlens::localfleet
