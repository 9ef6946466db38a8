// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <cstddef>
#include <optional>

namespace shardlens::observe {

/// Whose catalogs tell of a cluster's shards.
struct CatalogSource {
    base::ServerId server;
    bool isPrimary = true;
    bool operator==(const CatalogSource &) const = default;
};

/// The primary, if it answers. Where it is down, or nobody who could be it answers, a standby, for it has the same pages and rows:
/// one that streams before one that does not, then one in the region `from`. Nothing while that is open, or where nobody answers.
[[nodiscard]] std::optional<CatalogSource> catalogSource(const facts::Snapshot &snapshot, const base::ClusterName &cluster, const base::RegionName &from);

/// Whether somebody is just making what is counted: then it is read sooner again.
class Settling
{
public:
    void took(std::size_t count);
    /// The newest two readings found as many. Where they found nothing, it may still begin: that takes a few more.
    [[nodiscard]] bool isSettled() const { return m_settled; }

private:
    unsigned m_readings = 0;
    std::size_t m_found = 0;
    bool m_settled = false;
};

} // namespace shardlens::observe
