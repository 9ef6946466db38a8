// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "core/base/Result.h"
#include "core/clients/memcached/Session.h"
#include "core/fleet/Fleet.h"
#include "core/inspect/lookup/Answer.h"

#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::live {

/// A small seeded fleet of two regions, homed in us-east, and the means to put its copies out of step. Stopped and removed with it.
class LookFleet
{
public:
    LookFleet() = default;
    ~LookFleet();
    LookFleet(const LookFleet &) = delete;
    LookFleet &operator=(const LookFleet &) = delete;

    [[nodiscard]] std::string begin(); ///< an error's sentence, or nothing

    [[nodiscard]] const std::shared_ptr<const fleet::Fleet> &declared() const { return m_fleet; }

    /// One value, as the superuser; "error: …" where it could not be asked.
    std::string sql(const char *server, const std::string &statement) const;
    std::string redis(fleet::RedisRole role, const std::vector<std::string_view> &words) const; ///< on the group's primary
    /// The region's pool, dialled as its own applications dial it.
    [[nodiscard]] base::Result<memcached::Session> pool(const base::RegionName &region) const;
    [[nodiscard]] bool inflict(const char *kind, const char *server) const;
    [[nodiscard]] bool heal(const char *kind, const char *server) const;

private:
    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    std::shared_ptr<const fleet::Fleet> m_fleet;
};

/// "media exists_amiss, stale_copy us-west".
[[nodiscard]] QString outcomeOf(const base::Result<inspect::lookup::Answer> &answer);

} // namespace shardlens::live
