// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/EventLoop.h"
#include "core/facts/Assemble.h"
#include "core/observe/Dialling.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace shardlens::observe {

/// Reads the catalogs of each cluster's primary, or of a standby while no primary told of them, and the directory's declared map,
/// seldom and on connections of their own, and builds the shard map when something came. Lives in the tick's loop; the reading
/// itself runs in another one.
class ShardMapReader
{
public:
    using Built = std::function<void(std::shared_ptr<const facts::ShardMap>)>;

    ShardMapReader(std::shared_ptr<const fleet::Fleet> fleet, std::shared_ptr<const Dialling> dialling, std::shared_ptr<const base::Clock> clock,
                   std::shared_ptr<clients::EventLoop> tickLoop, std::shared_ptr<clients::EventLoop> readLoop, Built built);
    ~ShardMapReader();

    /// Asks what is due, of the members that `snapshot` knows. Call it each tick.
    void look(const facts::Snapshot &snapshot);
    void readNow(); ///< everything is due

private:
    struct Source;
    using Readings = std::vector<std::shared_ptr<const facts::CatalogReading>>;

    void readCluster(const fleet::Cluster &cluster, const fleet::Server &server, bool isPrimary);
    [[nodiscard]] bool primaryTold(const base::ClusterName &cluster) const;
    void readDirectory(const facts::Snapshot &snapshot);
    void tookReading(const base::ClusterName &cluster, tl::expected<facts::CatalogReading, base::Error> reading);
    void tookDeclared(tl::expected<facts::DeclaredMap, base::Error> declared);
    void build();
    [[nodiscard]] bool due(Source &source, const base::ServerId &server) const;
    void keep(Readings &readings, std::shared_ptr<const facts::CatalogReading> newest) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<const Dialling> m_dialling;
    std::shared_ptr<const base::Clock> m_clock;
    std::shared_ptr<clients::EventLoop> m_tickLoop;
    std::shared_ptr<clients::EventLoop> m_readLoop;
    Built m_built;
    std::map<base::ClusterName, Source> m_sources;
    std::unique_ptr<Source> m_directory;
    facts::ShardMapInput m_input;
    std::uint64_t m_version = 0;
    std::shared_ptr<int> m_life = std::make_shared<int>(0);
};

} // namespace shardlens::observe
