// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/invalidator/Kept.h"
#include "core/cacheflow/ClusterFollower.h"
#include "core/cacheflow/Delivery.h"
#include "core/clients/postgres/Session.h"
#include "core/fleet/Fleet.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::invalidator {

/// Keeps how far the region has come: in the state folder about twice a second, and in each cluster, through the router to its primary,
/// every second that it moved. There it also prunes what every region has delivered; where nothing moves, about each minute. A thread
/// of its own, so that a primary that does not answer delays no delete.
class Keeper
{
public:
    using Followers = std::vector<std::unique_ptr<cacheflow::ClusterFollower>>;
    struct Report {
        std::optional<base::Instant> keptAt; ///< in the cluster
        std::optional<base::Error> error;
    };

    Keeper(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::filesystem::path file, Followers &followers,
           cacheflow::Delivery &delivery, std::shared_ptr<wire::Interrupt> stop);
    ~Keeper(); ///< `stop` must have been raised; keeps a last time
    Keeper(const Keeper &) = delete;
    Keeper &operator=(const Keeper &) = delete;

    void start();
    [[nodiscard]] std::map<base::ClusterName, Report> reports() const;
    [[nodiscard]] std::optional<base::Error> fileError() const;

private:
    struct Line {
        std::optional<postgres::Session> session;
        base::Instant notBefore{};
        base::Instant pruneAt{};
        std::string told;           ///< the snapshot that the cluster knows
        std::uint64_t toldRows = 0; ///< delivered until then: an idle cluster is not written to for its own snapshot's sake
        std::uint64_t prunedRows = 0; ///< delivered when it was pruned last
        base::Instant clockAt{};    ///< when the primary's clock is to be asked for
    };
    void run();
    void keepHere();
    void keepThere(cacheflow::ClusterFollower &follower, Line &line);
    [[nodiscard]] base::Result<void> tell(cacheflow::ClusterFollower &follower, Line &line, const cacheflow::FollowerState &state);
    [[nodiscard]] base::Result<postgres::Session> dial(const base::ClusterName &cluster) const;
    [[nodiscard]] bool pauseFor(base::milliseconds time) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    std::filesystem::path m_file; ///< empty: nothing is kept here
    Followers &m_followers;
    cacheflow::Delivery &m_delivery;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::map<base::ClusterName, Line> m_lines;
    Kept m_written;
    std::uint64_t m_writtenRows = 0;
    base::Instant m_writtenAt{};
    mutable std::mutex m_mutex;
    std::map<base::ClusterName, Report> m_reports;
    std::optional<base::Error> m_fileError;
    std::thread m_thread;
};

} // namespace shardlens::invalidator
