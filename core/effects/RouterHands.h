// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::effects {

/// An admin command that is carried out: one of few verbs, and at most one database.
struct RouterCommand {
    enum class Verb { Pause, Resume, Kill, Reconnect, Reload, Show };
    Verb verb = Verb::Show;
    std::string subject; ///< the database, unquoted; Show: what is shown
    bool operator==(const RouterCommand &) const = default;
};
/// PAUSE, RESUME, KILL and RECONNECT of one database, RELOAD, SHOW. Errors: BadInput for all else.
[[nodiscard]] base::Result<RouterCommand> routerCommandOf(const std::string &text);

/// Who acts on a router: a region's guard, or a console where there is none.
struct RouterActor {
    base::RegionName from;      ///< where it stands
    std::string user;           ///< one of the router's admin_users
    fleet::SecretSource secret;
    secrets::KeychainReader keychain = {};
    std::string name;           ///< application_name
};

/// Acts on the admin console of a region's router (pgbouncer 1.16 or newer) by sessions that are kept: as many as act at the same
/// time. Any thread. Every call ends by its deadline; errors carry their Effect.
class RouterHands
{
public:
    RouterHands(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::optional<RouterActor> actor, std::shared_ptr<wire::Interrupt> stop);

    /// The answer's rows as lines; SHOW DATABASES as "u1: host=… port=… paused = 0", a line a database. What is so already is well:
    /// a PAUSE of a paused database (once its servers are released), a RESUME of a running one. A PAUSE that is late is taken back.
    [[nodiscard]] base::Result<std::string> carryOut(const std::string &text, base::Instant deadline);

    [[nodiscard]] base::Result<std::string> databases(base::Instant deadline);
    [[nodiscard]] base::Result<bool> isPaused(const std::string &database, base::Instant deadline); ///< NotFound: it has no such database
    [[nodiscard]] base::Result<std::string> config(const std::string &key, base::Instant deadline); ///< a value of SHOW CONFIG
    [[nodiscard]] const fleet::Server *server() const; ///< null where this region declares none

private:
    [[nodiscard]] base::Result<postgres::Session> connect(base::Instant deadline) const;
    [[nodiscard]] base::Result<postgres::Rows> ask(const std::string &text, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> pause(const std::string &text, const std::string &database, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> takeBack(const std::string &database, const base::Error &why);
    [[nodiscard]] base::Result<bool> hasServers(const std::string &database, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> kill(const std::string &text, base::Instant deadline);
    [[nodiscard]] base::Result<bool> hasLogins(base::Instant deadline);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    std::optional<RouterActor> m_actor; ///< nothing: the fleet names nobody who may
    std::shared_ptr<wire::Interrupt> m_stop;
    std::mutex m_mutex;
    std::vector<postgres::Session> m_idle;
};

} // namespace shardlens::effects
