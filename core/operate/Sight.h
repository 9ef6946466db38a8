// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/operate/Check.h"
#include "core/operate/Intent.h"
#include "core/operate/Limits.h"

#include <optional>
#include <string>
#include <vector>

namespace shardlens::operate {

/// A router's database that leads to the cluster's primary, and the one for reads.
struct RouterUse {
    const fleet::Router *router = nullptr;
    const facts::Observation *observation = nullptr;
    const facts::RouterTarget *writes = nullptr;
    const facts::RouterTarget *reads = nullptr;           ///< may be missing
    const facts::RouterDatabase *database = nullptr;      ///< of the writes, as it last said; null if it never answered or has none
};

/// A snapshot as the checks read it, whatever they are about.
class SightBase
{
public:
    explicit SightBase(const facts::Snapshot &snapshot) : m_snapshot(snapshot) {}

    [[nodiscard]] const facts::Snapshot &snapshot() const { return m_snapshot; }
    [[nodiscard]] const fleet::Fleet &fleet() const { return *m_snapshot.fleet; }
    [[nodiscard]] base::RegionName regionOf(const base::ServerId &id) const;
    [[nodiscard]] bool isFresh(const base::ServerId &id) const;
    [[nodiscard]] bool reachesHost(const base::ServerId &id) const; ///< a way to its host is declared
    /// Why a sample's word is not known: the server is silent, or was not asked yet.
    [[nodiscard]] facts::Unknown whySilent(const base::ServerId &id) const;
    [[nodiscard]] std::optional<base::microseconds> latency(const base::ServerId &id) const; ///< usual, else newest
    [[nodiscard]] const facts::GuardReport *guard(const base::RegionName &region) const;     ///< null if none is declared

    /// Evidence with its source and the instant when the source said it.
    [[nodiscard]] facts::Evidence said(const base::ServerId &by, std::string reading, facts::Evidence::Value value,
                                       std::optional<facts::Evidence::Value> limit = std::nullopt) const;
    [[nodiscard]] facts::Evidence seen(std::string reading, facts::Evidence::Value value,
                                       std::optional<facts::Evidence::Value> limit = std::nullopt) const; ///< by this console

    Limits limits;

protected:
    const facts::Snapshot &m_snapshot;
};

/// One cluster of a snapshot as the checks and plans read it. Lives no longer than the snapshot.
class Sight : public SightBase
{
public:
    Sight(const facts::Snapshot &snapshot, const base::ClusterName &cluster);

    [[nodiscard]] bool isDeclared() const { return m_cluster && m_facts; }
    [[nodiscard]] const fleet::Cluster &cluster() const { return *m_cluster; }
    [[nodiscard]] const facts::ClusterFacts &facts() const { return *m_facts; }
    [[nodiscard]] base::ServerId primary() const { return m_facts->primary.value_or(base::ServerId()); } ///< empty if not known

    [[nodiscard]] const facts::PostgresSample *last(const base::ServerId &id) const;  ///< as it last said, however long ago; null if never
    [[nodiscard]] const facts::PostgresSample *fresh(const base::ServerId &id) const; ///< null unless it answers
    [[nodiscard]] const facts::StandbyLag *lag(const base::ServerId &id) const;
    [[nodiscard]] const facts::MoveReading *move(const base::ServerId &id) const; ///< null if it was not read
    [[nodiscard]] facts::Unknown whyNoMove(const base::ServerId &id) const;
    [[nodiscard]] std::optional<std::string> setting(const base::ServerId &id, const std::string &name) const; ///< as last read
    [[nodiscard]] facts::Unknown whyNoSetting(const base::ServerId &id, const std::string &name) const;

    // What the primary said; where this program never heard it, the highest that the members that answer have.
    [[nodiscard]] facts::Known<std::int32_t> timeline() const;
    [[nodiscard]] std::optional<std::int32_t> majorVersion() const;
    [[nodiscard]] facts::Known<std::int64_t> term() const;

    [[nodiscard]] std::vector<base::ServerId> standbys() const;                                    ///< all members but the primary
    [[nodiscard]] std::vector<base::ServerId> othersThan(const base::ServerId &candidate) const;   ///< standbys but this one
    [[nodiscard]] const std::vector<RouterUse> &routers() const { return m_routers; }

    [[nodiscard]] bool isManaged() const { return m_cluster->manager != fleet::Manager::None; } ///< as declared
    /// The newest word of its manager: the primary's, where that answers, else the first other's. Null: none does.
    [[nodiscard]] const facts::ManagerReport *manager() const;
    [[nodiscard]] facts::Evidence read(const base::ServerId &by, std::string reading, facts::Evidence::Value value,
                                       std::optional<facts::Evidence::Value> limit = std::nullopt) const; ///< of the MoveReading

private:
    void findRouters();

    const fleet::Cluster *m_cluster = nullptr;
    const facts::ClusterFacts *m_facts = nullptr;
    std::vector<RouterUse> m_routers;
};

using Checks = std::vector<Check>;

/// Checks begin as one of these and are then given their readings.
[[nodiscard]] Check passed(CheckId id, const base::ServerId &on, std::vector<facts::Evidence> readings = {});
[[nodiscard]] Check warned(CheckId id, const base::ServerId &on, std::vector<facts::Evidence> readings, Remedy remedy);
[[nodiscard]] Check failed(CheckId id, const base::ServerId &on, std::vector<facts::Evidence> readings, Remedy remedy);
[[nodiscard]] Check unknown(CheckId id, const base::ServerId &on, facts::Unknown why, Remedy remedy = Remedy::None);
[[nodiscard]] Check forceable(Check check); ///< where it blocks
[[nodiscard]] Check named(Check check, std::string detail);

/// "a, b"
[[nodiscard]] std::string joined(const std::vector<std::string> &texts);

} // namespace shardlens::operate
