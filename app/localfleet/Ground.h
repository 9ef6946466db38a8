// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Home.h"
#include "app/localfleet/PortBook.h"
#include "app/localfleet/Shape.h"
#include "core/base/Result.h"

#include <string>
#include <vector>

namespace shardlens::localfleet
{

/// Postgres's users. The superuser comes in by the unix sockets alone, as the operating system's owner or root.
namespace user
{
inline constexpr const char *super = "shardlens";
inline constexpr const char *replication = "shardlens_replication";
inline constexpr const char *observer = "shardlens_observer";
inline constexpr const char *application = "shardlens_app";
inline constexpr const char *operation = "shardlens_operator";
inline constexpr const char *invalidation = "shardlens_invalidator";
inline constexpr const char *support = "shardlens_support";
} // namespace user

/// Generated passwords. Kept in DIR/secrets: one pgpass file a user, `redis`, `guard`, and nowhere else but in pgbouncer's user list.
class Secrets
{
public:
    /// Reads them, or makes them the first time.
    [[nodiscard]] static base::Result<Secrets> keep(const Home &home);

    [[nodiscard]] static std::vector<std::string> users(); ///< those with a password: all but the superuser
    [[nodiscard]] std::string of(const std::string &user) const;
    [[nodiscard]] const std::string &redis() const { return m_redis; }
    [[nodiscard]] static std::filesystem::path pgpass(const Home &home, const std::string &user);
    [[nodiscard]] static std::filesystem::path redisFile(const Home &home);
    [[nodiscard]] static std::filesystem::path guardFile(const Home &home); ///< what orders to the guards are signed with

private:
    Settings m_passwords;
    std::string m_redis;
};

/// Everything that is decided about one local fleet, read from its directory. A value; any thread.
struct Ground {
    Home home;
    std::string id; ///< made with the fleet: one made later in the same place is another
    Shape shape;
    PortBook ports;
    Secrets secrets;
    std::vector<Instance> servers; ///< instances(shape)

    /// Opens a fleet that an `up` has made.
    [[nodiscard]] static base::Result<Ground> open(const Home &home);
    /// Opens it, or makes it with this shape. `shape` null: that of before, or the default one. Another shape than before is refused.
    [[nodiscard]] static base::Result<Ground> make(const Home &home, const Shape *shape);

    [[nodiscard]] const Instance *server(const std::string &id) const;
    [[nodiscard]] base::Result<Instance> need(const std::string &id, fleet::ServerKind kind) const;
    [[nodiscard]] base::Result<Instance> need(const std::string &id) const; ///< of any kind
    [[nodiscard]] std::vector<Instance> members(const std::string &group) const;
    [[nodiscard]] std::vector<Instance> ofKind(fleet::ServerKind kind) const;
    /// The port that a server is dialled at from a region.
    [[nodiscard]] std::uint16_t portFrom(const std::string &viewer, const Instance &target) const
    {
        return ports.of(target.id, viewer, target.region);
    }
    [[nodiscard]] std::string database(const Instance &postgres) const;
};

} // namespace shardlens::localfleet
