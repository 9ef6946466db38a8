// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Sight.h"

#include "core/facts/derive/Settings.h"

#include <algorithm>

namespace shardlens::operate {

using base::ServerId;
using facts::Evidence;
using facts::WhyUnknown;

Sight::Sight(const facts::Snapshot &snapshot, const base::ClusterName &cluster)
    : SightBase(snapshot), m_cluster(snapshot.fleet->cluster(cluster)), m_facts(snapshot.cluster(cluster))
{
    if (isDeclared())
        findRouters();
}

void Sight::findRouters()
{
    for (const fleet::Router &router : fleet().routers) {
        const facts::RouterFacts *facts = m_snapshot.router(router.server);
        if (!facts)
            continue;
        RouterUse use;
        use.router = &router;
        use.observation = m_snapshot.observation(router.server);
        for (const facts::RouterTarget &target : facts->targets) {
            if (target.cluster == m_cluster->name)
                (target.forReads ? use.reads : use.writes) = &target;
        }
        const facts::RouterSample *sample = use.observation ? use.observation->router() : nullptr;
        if (sample && use.writes) {
            const auto found = std::find_if(sample->databases.begin(), sample->databases.end(),
                                            [&](const facts::RouterDatabase &one) { return one.name == use.writes->database; });
            use.database = found == sample->databases.end() ? nullptr : &*found;
        }
        // A router that says it has no such database does not serve this cluster.
        if (use.writes && (use.database || !sample))
            m_routers.push_back(use);
    }
}

base::RegionName SightBase::regionOf(const ServerId &id) const
{
    const fleet::Server *server = fleet().server(id);
    return server ? server->region : base::RegionName();
}

bool SightBase::reachesHost(const ServerId &id) const
{
    const fleet::Host *host = fleet().hostOf(id);
    return host && host->reach.way != fleet::HostReach::Way::None;
}

bool SightBase::isFresh(const ServerId &id) const
{
    const facts::Observation *observation = m_snapshot.observation(id);
    return observation && facts::freshnessOf(*observation, m_snapshot.takenAt, fleet().thresholds) == facts::Freshness::Fresh;
}

const facts::PostgresSample *Sight::last(const ServerId &id) const
{
    const facts::Observation *observation = m_snapshot.observation(id);
    return observation ? observation->postgres() : nullptr;
}

const facts::PostgresSample *Sight::fresh(const ServerId &id) const
{
    return isFresh(id) ? last(id) : nullptr;
}

const facts::StandbyLag *Sight::lag(const ServerId &id) const
{
    const auto found = std::find_if(m_facts->standbys.begin(), m_facts->standbys.end(), [&](const facts::StandbyLag &one) { return one.standby == id; });
    return found == m_facts->standbys.end() ? nullptr : &*found;
}

const facts::MoveReading *Sight::move(const ServerId &id) const
{
    const facts::PostgresSample *sample = last(id);
    return sample && sample->move ? &*sample->move : nullptr;
}

facts::Unknown Sight::whyNoMove(const ServerId &id) const
{
    const facts::PostgresSample *sample = last(id);
    return sample && !sample->move ? sample->move.error() : whySilent(id);
}

facts::Unknown SightBase::whySilent(const ServerId &id) const
{
    const facts::Observation *observation = m_snapshot.observation(id);
    const bool asking = !observation || observation->reach.state == facts::ReachState::Asking;
    return {asking ? WhyUnknown::NotAskedYet : WhyUnknown::ServerSilent, id.text()};
}

std::optional<std::string> Sight::setting(const ServerId &id, const std::string &name) const
{
    const facts::PostgresSample *sample = last(id);
    return sample ? facts::derive::setting(*sample, name) : std::nullopt;
}

facts::Unknown Sight::whyNoSetting(const ServerId &id, const std::string &name) const
{
    const facts::PostgresSample *sample = last(id);
    if (!sample)
        return whySilent(id);
    return sample->settings ? facts::Unknown{WhyUnknown::NotSupported, name} : sample->settings.error();
}

std::optional<base::microseconds> SightBase::latency(const ServerId &id) const
{
    const facts::Observation *observation = m_snapshot.observation(id);
    if (!observation)
        return std::nullopt;
    return observation->reach.usualLatency ? observation->reach.usualLatency : observation->reach.latency;
}

facts::Known<std::int32_t> Sight::timeline() const
{
    facts::Known<std::int32_t> highest = m_facts->timeline;
    for (const ServerId &id : m_cluster->servers) {
        const facts::PostgresSample *sample = m_facts->timeline ? nullptr : fresh(id);
        if (sample && sample->timeline && (!highest || *sample->timeline > *highest))
            highest = *sample->timeline;
    }
    return highest;
}

std::optional<std::int32_t> Sight::majorVersion() const
{
    if (const facts::PostgresSample *sample = last(primary()))
        return sample->versionNumber / 10000;
    std::optional<std::int32_t> highest;
    for (const ServerId &id : m_cluster->servers) {
        if (const facts::PostgresSample *sample = fresh(id))
            highest = std::max(highest.value_or(0), sample->versionNumber / 10000);
    }
    return highest;
}

facts::Known<std::int64_t> Sight::term() const
{
    if (const facts::PostgresSample *sample = last(primary()))
        return sample->term;
    facts::Known<std::int64_t> highest = tl::unexpected(whySilent(primary()));
    for (const ServerId &id : m_cluster->servers) {
        const facts::PostgresSample *sample = fresh(id);
        if (sample && (!highest || (sample->term && *sample->term > *highest)))
            highest = sample->term;
    }
    return highest;
}

std::vector<ServerId> Sight::standbys() const
{
    return othersThan(ServerId());
}

std::vector<ServerId> Sight::othersThan(const ServerId &candidate) const
{
    std::vector<ServerId> others;
    for (const ServerId &id : m_cluster->servers) {
        if (id != primary() && id != candidate)
            others.push_back(id);
    }
    return others;
}

const facts::GuardReport *SightBase::guard(const base::RegionName &region) const
{
    const auto found = std::find_if(m_snapshot.guards.begin(), m_snapshot.guards.end(), [&](const facts::GuardReport &one) { return one.region == region; });
    return found == m_snapshot.guards.end() ? nullptr : &*found;
}

const facts::ManagerReport *Sight::manager() const
{
    const auto fresh = [&](const ServerId &id) {
        const facts::ManagerReport *report = m_snapshot.manager(id);
        return report && report->isFresh(m_snapshot.takenAt) ? report : nullptr;
    };
    const facts::ManagerReport *found = fresh(primary());
    for (const ServerId &id : m_cluster->servers)
        found = found ? found : fresh(id);
    return found;
}

Evidence SightBase::said(const ServerId &by, std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit) const
{
    const facts::Observation *observation = m_snapshot.observation(by);
    return {std::move(reading), std::move(value), std::move(limit), by, observation ? observation->sampledAt : std::nullopt};
}

Evidence Sight::read(const ServerId &by, std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit) const
{
    const facts::MoveReading *latest = move(by);
    return {std::move(reading), std::move(value), std::move(limit), by, latest ? std::optional(latest->readAt) : std::nullopt};
}

Evidence SightBase::seen(std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit) const
{
    return {std::move(reading), std::move(value), std::move(limit), {}, m_snapshot.takenAt};
}

namespace {

Check begun(CheckId id, const ServerId &on, Verdict verdict, std::vector<Evidence> readings, Remedy remedy)
{
    Check check;
    check.id = id;
    check.on = on;
    check.verdict = verdict;
    check.readings = std::move(readings);
    check.remedy = remedy;
    return check;
}

/// What the reason asks for, where the remedy given is for another one: no right is granted to a server that is silent.
Remedy remedyFor(facts::WhyUnknown why, Remedy remedy)
{
    const bool isGeneral = remedy == Remedy::GrantRight || remedy == Remedy::WaitForAnswers;
    if (!isGeneral || (remedy == Remedy::GrantRight && why == facts::WhyUnknown::NoRights))
        return remedy;
    switch (why) {
    case facts::WhyUnknown::ServerSilent: return Remedy::MendServer;
    case facts::WhyUnknown::NoRights: return Remedy::GrantRight;
    case facts::WhyUnknown::NotAskedYet:
    case facts::WhyUnknown::Reset: return Remedy::WaitForAnswers;
    default: return remedy == Remedy::GrantRight ? Remedy::None : remedy;
    }
}

} // namespace

Check passed(CheckId id, const ServerId &on, std::vector<Evidence> readings)
{
    return begun(id, on, Verdict::Passed, std::move(readings), Remedy::None);
}

Check warned(CheckId id, const ServerId &on, std::vector<Evidence> readings, Remedy remedy)
{
    return begun(id, on, Verdict::Warning, std::move(readings), remedy);
}

Check failed(CheckId id, const ServerId &on, std::vector<Evidence> readings, Remedy remedy)
{
    return begun(id, on, Verdict::Failed, std::move(readings), remedy);
}

Check unknown(CheckId id, const ServerId &on, facts::Unknown why, Remedy remedy)
{
    Check check = begun(id, on, Verdict::Unknown, {}, remedyFor(why.why, remedy));
    check.why = std::move(why);
    return check;
}

Check forceable(Check check)
{
    check.forceable = isBlocking(check); // there is nothing to force in what does not block
    return check;
}

Check named(Check check, std::string detail)
{
    check.detail = std::move(detail);
    return check;
}

std::string joined(const std::vector<std::string> &texts)
{
    std::string all;
    for (const std::string &text : texts)
        all += (all.empty() ? "" : ", ") + text;
    return all;
}

} // namespace shardlens::operate
