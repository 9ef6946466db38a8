// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/ShardMapReader.h"

#include "core/clients/postgres/CatalogPoll.h"
#include "core/clients/postgres/PqPollOnce.h"
#include "core/observe/CatalogSource.h"

#include <algorithm>

namespace shardlens::observe {

namespace {

constexpr base::milliseconds readDeadline{15000};
constexpr base::seconds soonAgain{10};          // at first, so that write rates need not wait for a whole interval; and while shards are made
constexpr base::seconds againAfterFailure{5};
constexpr base::seconds thinnedTo{600};         // readings older than the newest two: one each ten minutes,
constexpr base::seconds keptFor{3600};          // for an hour

} // namespace

struct ShardMapReader::Source {
    bool reading = false;
    bool forced = true;
    bool failed = false;
    Settling settling;    ///< of the shards found
    base::ServerId from;  ///< whom the newest reading asked
    base::Instant at;     ///< when
};

ShardMapReader::ShardMapReader(std::shared_ptr<const fleet::Fleet> fleet, std::shared_ptr<const Dialling> dialling,
                               std::shared_ptr<const base::Clock> clock, std::shared_ptr<clients::EventLoop> tickLoop,
                               std::shared_ptr<clients::EventLoop> readLoop, Built built)
    : m_fleet(std::move(fleet)), m_dialling(std::move(dialling)), m_clock(std::move(clock)), m_tickLoop(std::move(tickLoop)),
      m_readLoop(std::move(readLoop)), m_built(std::move(built)), m_directory(std::make_unique<Source>())
{
    m_input.fleet = m_fleet;
    if (!m_fleet->directory)
        m_input.declared = facts::unknown(facts::WhyUnknown::NotConfigured, "directory");
    for (const auto &cluster : m_fleet->clusters) {
        if (m_fleet->partition(cluster.partition) != nullptr)
            m_sources[cluster.name];
    }
}

ShardMapReader::~ShardMapReader() = default;

bool ShardMapReader::due(Source &source, const base::ServerId &server) const
{
    if (source.reading)
        return false;
    const auto since = m_clock->now() - source.at;
    const base::microseconds wait = source.failed                 ? againAfterFailure
                                    : source.settling.isSettled() ? m_fleet->thresholds.shardMapInterval
                                                                  : std::min(soonAgain, m_fleet->thresholds.shardMapInterval);
    if (!source.forced && server == source.from && since < wait)
        return false;
    source.reading = true;
    source.forced = false;
    source.from = server;
    source.at = m_clock->now();
    return true;
}

void ShardMapReader::look(const facts::Snapshot &snapshot)
{
    for (const auto &cluster : snapshot.clusters) {
        const auto source = m_sources.find(cluster.name);
        const auto from = source == m_sources.end() ? std::nullopt : catalogSource(snapshot, cluster.name, m_dialling->from());
        const auto *server = from ? m_fleet->server(from->server) : nullptr;
        if (server == nullptr || (!from->isPrimary && primaryTold(cluster.name)))
            continue;
        if (due(source->second, server->id))
            readCluster(*m_fleet->cluster(cluster.name), *server, from->isPrimary);
    }
    if (m_fleet->directory)
        readDirectory(snapshot);
}

// What a primary told stays, with its age, while it is silent: nobody writes there, and a standby may be behind it.
bool ShardMapReader::primaryTold(const base::ClusterName &cluster) const
{
    const auto readings = m_input.readings.find(cluster);
    return readings != m_input.readings.end() && !readings->second.empty() && !readings->second.back()->inRecovery;
}

void ShardMapReader::readNow()
{
    for (auto &[name, source] : m_sources)
        source.forced = true;
    m_directory->forced = true;
}

void ShardMapReader::readCluster(const fleet::Cluster &cluster, const fleet::Server &server, bool isPrimary)
{
    const auto *partition = m_fleet->partition(cluster.partition);
    auto done = [this, life = std::weak_ptr(m_life), tick = m_tickLoop, cluster = cluster.name, server = server.id,
                 partition = partition->name, isPrimary](const tl::expected<clients::PqRows, base::Error> &rows) {
        // Thousands of rows are taken apart in the tick's loop, where no server waits for it.
        tick->post([=, this] {
            if (life.expired())
                return;
            if (!rows)
                return tookReading(cluster, tl::unexpected(rows.error()));
            auto reading = clients::parseCatalog(*rows, server, partition);
            reading.inRecovery = reading.inRecovery || !isPrimary; // no row, no word of it
            tookReading(cluster, std::move(reading));
        });
    };
    m_readLoop->post([loop = m_readLoop, resolver = m_dialling->resolver(), target = m_dialling->database(server, cluster.database),
                      sql = clients::catalogQuery(*partition), done = std::move(done)] {
        clients::PqPollOnce::run(loop, resolver, target, sql, readDeadline, done);
    });
}

// The primary's word where it can be had; else that of any member that answers, as a standby is seldom far behind.
void ShardMapReader::readDirectory(const facts::Snapshot &snapshot)
{
    const auto *cluster = m_fleet->cluster(m_fleet->directory->cluster);
    if (cluster == nullptr)
        return;
    const auto answers = [&](const base::ServerId &id) {
        const auto *observation = snapshot.observation(id);
        return observation != nullptr && observation->reach.state == facts::ReachState::Answering;
    };
    const auto *seen = snapshot.cluster(cluster->name);
    base::ServerId chosen;
    if (seen != nullptr && seen->primary && answers(*seen->primary))
        chosen = *seen->primary;
    for (const auto &id : cluster->servers) {
        if (chosen.isEmpty() && answers(id))
            chosen = id;
    }
    const auto *server = m_fleet->server(chosen);
    if (server == nullptr || !due(*m_directory, chosen))
        return;
    auto done = [this, life = std::weak_ptr(m_life), tick = m_tickLoop](const tl::expected<clients::PqRows, base::Error> &rows) {
        tick->post([=, this] {
            if (life.expired())
                return;
            if (rows)
                tookDeclared(clients::parseDeclared(*rows));
            else
                tookDeclared(tl::unexpected(rows.error()));
        });
    };
    m_readLoop->post([loop = m_readLoop, resolver = m_dialling->resolver(), target = m_dialling->database(*server, m_fleet->directory->database),
                      sql = clients::declaredQuery(*m_fleet->directory), done = std::move(done)] {
        clients::PqPollOnce::run(loop, resolver, target, sql, readDeadline, done);
    });
}

void ShardMapReader::tookReading(const base::ClusterName &cluster, tl::expected<facts::CatalogReading, base::Error> reading)
{
    auto &source = m_sources[cluster];
    source.reading = false;
    source.failed = !reading;
    if (!reading)
        return; // the last one stays, with its age
    source.settling.took(reading->shards.size());
    reading->readAt = m_clock->now();
    reading->readUtc = m_clock->utcNow();
    keep(m_input.readings[cluster], std::make_shared<const facts::CatalogReading>(std::move(*reading)));
    build();
}

void ShardMapReader::keep(Readings &readings, std::shared_ptr<const facts::CatalogReading> newest) const
{
    const auto now = newest->readAt;
    std::erase_if(readings, [&](const auto &one) { return now - one->readAt > keptFor; });
    // The one before the newest stays for the write rate; of the older ones those that are far enough apart, for growth.
    const auto count = readings.size();
    if (count >= 3 && readings[count - 2]->readAt - readings[count - 3]->readAt < thinnedTo)
        readings.erase(readings.end() - 2);
    readings.push_back(std::move(newest));
}

void ShardMapReader::tookDeclared(tl::expected<facts::DeclaredMap, base::Error> declared)
{
    m_directory->reading = false;
    m_directory->failed = !declared;
    if (declared) {
        m_directory->settling.took(declared->clusterOf.size());
        declared->readAt = m_clock->now();
        declared->readUtc = m_clock->utcNow();
        if (m_input.declared)
            declared->changedAt = (*m_input.declared)->clusterOf == declared->clusterOf ? (*m_input.declared)->changedAt : declared->readAt;
        m_input.declared = std::make_shared<const facts::DeclaredMap>(std::move(*declared));
    } else if (!m_input.declared) {
        const auto why = declared.error().code == base::ErrorCode::NoRights ? facts::WhyUnknown::NoRights : facts::WhyUnknown::ServerSilent;
        m_input.declared = facts::unknown(why, m_directory->from.text());
    }
    build();
}

void ShardMapReader::build()
{
    m_built(facts::buildShardMap(m_input, ++m_version));
}

} // namespace shardlens::observe
