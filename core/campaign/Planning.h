// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/CampaignPlan.h"

namespace shardlens::campaign {

/// A snapshot as a campaign reads it. Lives no longer than the snapshot. For this room's sources alone.
struct Ground {
    const facts::Snapshot &snapshot;
    const Goal &goal;
    const Options &options;

    [[nodiscard]] const fleet::Fleet &fleet() const { return *snapshot.fleet; }
    [[nodiscard]] bool isThere(const base::ServerId &id) const; ///< in the region, on the host
    [[nodiscard]] bool isHomed(const base::RegionName &home) const;
    /// The cluster's members in what is left; none where it is come back to.
    [[nodiscard]] std::vector<base::ServerId> leftOf(const base::ClusterName &cluster) const;
    /// Routers of what stays whose databases for reads lead into what is left; none where it is come back to.
    struct ReadsThere {
        const facts::RouterTarget *target;
        base::ServerId router;
    };
    [[nodiscard]] std::vector<ReadsThere> readsThere() const;
    [[nodiscard]] bool comesBack() const { return goal.aim == Aim::Return || goal.aim == Aim::HostUp; }
    [[nodiscard]] base::RegionName regionOf(const base::ServerId &id) const;
};

/// The cluster's row; nothing where this campaign has nothing to do with it. Its operate fingerprint is added to `facts`.
[[nodiscard]] std::optional<Row> clusterRow(const Ground &ground, const fleet::Cluster &cluster, operate::Fingerprint &facts);
[[nodiscard]] std::optional<Row> groupRow(const Ground &ground, const fleet::RedisGroup &group, operate::Fingerprint &facts);

/// Gives the rows that move their waves, and sorts all by them; answers how many there are.
[[nodiscard]] unsigned setWaves(std::vector<Row> &rows, unsigned atOnce);

[[nodiscard]] std::vector<ServerBack> serversBack(const Ground &ground);
[[nodiscard]] Comeback comebackOf(const Ground &ground, const fleet::Cluster &cluster, const base::ServerId &server, std::string &detail);
[[nodiscard]] std::vector<ManualStep> manualSteps(const Ground &ground, const std::vector<Row> &rows, const std::vector<ServerBack> &back);
[[nodiscard]] Effect effectOf(const Ground &ground, const std::vector<Row> &rows, const std::vector<Hosted> &hosted);

} // namespace shardlens::campaign
