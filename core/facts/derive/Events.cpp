// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Iso8601.h"
#include "core/facts/derive/Derive.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

constexpr std::size_t mostKept = 2000;
constexpr std::chrono::hours longestKept{12};
// pg_postmaster_start_time() is steady; Redis and memcached tell whole seconds of uptime, so their starts wobble.
constexpr base::seconds startsApart{2};
/// By then every rule has had the readings it needs.
constexpr base::seconds settled{15};

/// Compares one tick with what was remembered of the last.
class Changes
{
public:
    Changes(const TickInput &input, const Snapshot &snapshot, EventMemory &memory) : m_input(input), m_snapshot(snapshot), m_memory(memory) {}

    void noteServers();
    void noteTimelines();
    void noteRouters();
    void noteProblems();
    void noteLeft(const std::map<std::string, UtcTime> &now);
    void noteClaims();
    void noteStall();
    void keep();

private:
    void add(EventKind kind, Since when, Place place, std::string subject, std::string before, std::string after, std::shared_ptr<const Problem> problem = {});
    void noteReach(const Observation &seen, ServerMemory &memory);
    void noteStart(const Observation &seen, ServerMemory &memory);
    void noteRole(const Observation &seen, ServerMemory &memory);
    void noteSettings(const Observation &seen, ServerMemory &memory);
    [[nodiscard]] Place placeOf(const base::ServerId &id) const;
    /// A change between two answers is no younger than the newer one.
    [[nodiscard]] Since by(const Observation &seen) const { return {seen.sampledUtc.value_or(m_input.takenUtc), false}; }

    const TickInput &m_input;
    const Snapshot &m_snapshot;
    EventMemory &m_memory;
    std::vector<Event> m_new;
};

void Changes::add(EventKind kind, Since when, Place place, std::string subject, std::string before, std::string after, std::shared_ptr<const Problem> problem)
{
    m_new.push_back({kind, when, std::move(place), std::move(subject), std::move(before), std::move(after), std::move(problem)});
}

Place Changes::placeOf(const base::ServerId &id) const
{
    Place place;
    place.server = id;
    if (const fleet::Server *server = m_snapshot.fleet->server(id))
        place.region = server->region;
    if (const fleet::Cluster *cluster = m_snapshot.fleet->clusterOf(id))
        place.cluster = cluster->name;
    if (const fleet::RedisGroup *group = m_snapshot.fleet->redisGroupOf(id))
        place.group = group->name;
    if (const fleet::Pool *pool = m_snapshot.fleet->poolOf(id))
        place.pool = pool->name;
    return place;
}

void Changes::noteServers()
{
    for (const auto &[id, seen] : m_snapshot.servers) {
        ServerMemory &memory = m_memory.servers[id];
        noteReach(*seen, memory);
        if (!seen->sampledAt || seen->reach.state != ReachState::Answering)
            continue;
        noteStart(*seen, memory);
        noteRole(*seen, memory);
        noteSettings(*seen, memory);
    }
}

void Changes::noteReach(const Observation &seen, ServerMemory &memory)
{
    const ReachState state = seen.reach.state;
    if (state == ReachState::Down && memory.state != ReachState::Down && seen.reach.lastAnswerUtc) {
        memory.lostAt = seen.reach.silentSinceUtc.value_or(m_input.takenUtc);
        add(EventKind::ServerLost, {*memory.lostAt, true}, placeOf(seen.server), {}, {}, seen.reach.lastError ? seen.reach.lastError->message : std::string());
    }
    if (state == ReachState::Answering && memory.state == ReachState::Down)
        add(EventKind::ServerBack, {seen.reach.lastAnswerUtc.value_or(m_input.takenUtc), true}, placeOf(seen.server), {},
            memory.lostAt ? base::isoUtc(*memory.lostAt) : std::string(), {});
    // Late is on the way to one of the two.
    if (state == ReachState::Down || state == ReachState::Answering)
        memory.state = state;
}

void Changes::noteStart(const Observation &seen, ServerMemory &memory)
{
    std::optional<UtcTime> started;
    std::string process;
    bool anew = false;
    if (const PostgresSample *sample = seen.postgres()) {
        started = sample->startedAt;
        if (sample->clockOffset) // what its clock said, by ours
            *started -= *sample->clockOffset;
        anew = memory.startedAt && *started - *memory.startedAt > startsApart;
    } else if (const RedisSample *redis = seen.redis()) {
        process = redis->runId;
        started = *seen.sampledUtc - redis->uptime;
    } else if (const MemcachedSample *cache = seen.memcached()) {
        process = std::to_string(cache->processId);
        started = *seen.sampledUtc - cache->uptime;
        anew = memory.startedAt && *started - *memory.startedAt > startsApart;
    }
    anew = anew || (!process.empty() && !memory.process.empty() && process != memory.process);
    // Before the first reading it may have run for years, or been started for the first time.
    const bool isRecent = started && !memory.startedAt && m_input.takenUtc - *started < longestKept;
    if (anew || isRecent)
        add(EventKind::ServerRestarted, {*started, true}, placeOf(seen.server), {}, memory.startedAt ? base::isoUtc(*memory.startedAt) : std::string(), base::isoUtc(*started));
    if (anew || !memory.startedAt)
        memory.startedAt = started;
    memory.process = process;
}

void Changes::noteRole(const Observation &seen, ServerMemory &memory)
{
    std::optional<bool> leads;
    if (const PostgresSample *sample = seen.postgres())
        leads = !sample->inRecovery;
    else if (const RedisSample *redis = seen.redis())
        leads = redis->isPrimary;
    if (leads && memory.leads && *leads != *memory.leads) {
        const std::string follower = seen.redis() ? "replica" : "standby";
        add(EventKind::RoleChanged, by(seen), placeOf(seen.server), {}, *memory.leads ? "primary" : follower, *leads ? "primary" : follower);
    }
    if (leads)
        memory.leads = leads;
}

std::map<std::string, std::string> settingsOf(const Observation &seen)
{
    std::map<std::string, std::string> settings;
    if (const PostgresSample *sample = seen.postgres()) {
        if (sample->settings)
            settings = *sample->settings;
        settings["default_transaction_read_only"] = sample->readOnlyByDefault ? "on" : "off";
    } else if (const RedisSample *redis = seen.redis()) {
        if (!redis->loading && !(redis->link && redis->link->syncing)) // while it takes in its data it appends to no file, whatever it is set to
            settings["appendonly"] = redis->appendOnly ? "yes" : "no";
        settings["maxmemory"] = std::to_string(redis->maxMemory.count);
        settings["maxmemory-policy"] = redis->maxMemoryPolicy;
    } else if (const MemcachedSample *cache = seen.memcached()) {
        settings["limit_maxbytes"] = std::to_string(cache->limit.count);
    }
    return settings;
}

void Changes::noteSettings(const Observation &seen, ServerMemory &memory)
{
    for (auto &[name, value] : settingsOf(seen)) {
        const auto known = memory.settings.find(name);
        if (known != memory.settings.end() && known->second != value) {
            Since when = by(seen);
            // Read once a minute; the server tells when it loaded its configuration.
            if (const PostgresSample *sample = seen.postgres(); sample && sample->configLoadedAt && sample->clockOffset && m_input.takenUtc - *sample->configLoadedAt < std::chrono::minutes(2))
                when = {*sample->configLoadedAt - *sample->clockOffset, true};
            add(EventKind::SettingChanged, when, placeOf(seen.server), name, known->second, value);
        }
        memory.settings[name] = value;
    }
}

void Changes::noteTimelines()
{
    for (const ClusterFacts &cluster : m_snapshot.clusters) {
        if (!cluster.timeline)
            continue;
        const auto [known, isNew] = m_memory.timelines.try_emplace(cluster.name, *cluster.timeline);
        if (isNew || known->second == *cluster.timeline)
            continue;
        Place place;
        place.cluster = cluster.name;
        add(EventKind::TimelineChanged, {m_input.takenUtc, false}, place, {}, std::to_string(known->second), std::to_string(*cluster.timeline));
        known->second = *cluster.timeline;
    }
}

void Changes::noteRouters()
{
    for (const RouterFacts &router : m_snapshot.routers) {
        const Observation *seen = m_snapshot.observation(router.server);
        if (!seen || seen->reach.state != ReachState::Answering)
            continue;
        auto &databases = m_memory.servers[router.server].databases;
        for (const RouterTarget &target : router.targets) {
            if (!target.leadsTo)
                continue;
            const std::pair<std::string, bool> now{target.leadsTo->text(), target.paused};
            const auto [known, isNew] = databases.try_emplace(target.database, now);
            if (isNew)
                continue;
            Place place = placeOf(router.server);
            place.cluster = target.cluster;
            if (known->second.first != now.first)
                add(EventKind::RouterTargetChanged, by(*seen), place, target.database, known->second.first, now.first);
            if (known->second.second != now.second)
                add(EventKind::RouterPauseChanged, by(*seen), place, target.database, now.second ? "resumed" : "paused", now.second ? "paused" : "resumed");
            known->second = now;
        }
    }
}

std::shared_ptr<const Problem> withoutConsequences(const Problem &problem)
{
    auto bare = std::make_shared<Problem>(problem);
    bare->consequences.clear();
    return bare;
}

void Changes::noteProblems()
{
    std::map<std::string, UtcTime> now;
    for (const Problem &problem : m_snapshot.problems) {
        now.emplace(problem.id(), problem.since.at);
        for (const Problem &folded : problem.consequences)
            now.emplace(folded.id(), folded.since.at);
    }
    m_memory.running.clear();
    for (const Problem &problem : m_snapshot.problems) {
        m_memory.running.emplace(problem.id(), withoutConsequences(problem));
        if (!m_memory.problems.count(problem.id()) && !m_memory.left.count(problem.id()))
            add(EventKind::ProblemBegan, problem.since, problem.place, problem.subject, {}, {}, withoutConsequences(problem));
    }
    for (std::size_t i = 0; i < m_snapshot.ended.size() && i < m_snapshot.endedAt.size(); ++i) {
        if (m_memory.endedSeen && m_snapshot.endedAt[i] <= *m_memory.endedSeen)
            break;
        const Problem &problem = m_snapshot.ended[i];
        add(EventKind::ProblemEnded, {m_snapshot.endedAt[i], true}, problem.place, problem.subject, base::isoUtc(problem.since.at), {}, withoutConsequences(problem));
    }
    if (!m_snapshot.endedAt.empty())
        m_memory.endedSeen = m_snapshot.endedAt.front();
    noteLeft(now);
    m_memory.problems = std::move(now);
}

/// What ran when an earlier run ended runs on, or ended while nobody looked: by when observing began again.
void Changes::noteLeft(const std::map<std::string, UtcTime> &now)
{
    const bool isSettled = m_input.takenAt - m_input.observingSince > settled;
    for (auto left = m_memory.left.begin(); left != m_memory.left.end();) {
        const bool runs = now.contains(left->first);
        if (!runs && isSettled) {
            const Problem &problem = *left->second;
            add(EventKind::ProblemEnded, {m_input.observingSinceUtc, false}, problem.place, problem.subject, base::isoUtc(problem.since.at), {}, left->second);
        }
        left = runs || isSettled ? m_memory.left.erase(left) : std::next(left);
    }
}

/// Claims carry their own time. One that is gone before its time was taken back since the last reading.
void Changes::noteClaims()
{
    if (!m_snapshot.shared || !m_snapshot.shared->readAt)
        return;
    std::map<std::pair<std::string, Claim::Kind>, Claim> now;
    for (const Claim &claim : m_snapshot.shared->claims) {
        if (!claim.isPending)
            now.emplace(std::pair(claim.problem, claim.kind), claim);
    }
    const auto tell = [&](EventKind kind, Since when, const Claim &claim, const std::string &before, const std::string &after) {
        const auto problem = m_memory.running.find(claim.problem);
        add(kind, when, problem == m_memory.running.end() ? Place() : problem->second->place, claim.problem, before, after,
            problem == m_memory.running.end() ? nullptr : problem->second);
    };
    for (const auto &[key, claim] : now) {
        const auto known = m_memory.claims.find(key);
        if (known == m_memory.claims.end() || known->second.at != claim.at)
            tell(claim.kind == Claim::Kind::Claimed ? EventKind::ProblemClaimed : EventKind::ProblemQuieted, {claim.at, true}, claim, claim.reason, claim.by.databaseUser);
    }
    for (const auto &[key, claim] : m_memory.claims) {
        if (!now.contains(key) && m_memory.running.contains(claim.problem)) // with a problem that ended its claims end
            tell(claim.kind == Claim::Kind::Claimed ? EventKind::ProblemReleased : EventKind::ProblemUnquieted, claim.until && *claim.until <= m_input.takenUtc ? Since{*claim.until, true} : Since{m_input.takenUtc, false},
                 claim, claim.by.databaseUser, {});
    }
    m_memory.claims = std::move(now);
}

void Changes::noteStall()
{
    if (m_input.stall)
        add(EventKind::ConsoleStalled, {m_input.stall->to, true}, {}, {}, base::isoUtc(m_input.stall->from), {});
}

/// What an earlier run kept is not told a second time; nor is the same start, read anew.
bool isKept(const Event &event, const EventList &list)
{
    const auto apart = event.kind == EventKind::ServerRestarted ? microseconds(startsApart) : microseconds(0);
    return std::any_of(list.begin(), list.end(), [&](const Event &known) {
        return known.kind == event.kind && std::chrono::abs(known.when.at - event.when.at) <= apart && known.place == event.place && known.subject == event.subject;
    });
}

void Changes::keep()
{
    std::erase_if(m_new, [&](const Event &event) { return isKept(event, *m_memory.list); });
    const UtcTime oldest = m_input.takenUtc - longestKept;
    const bool expired = !m_memory.list->empty() && m_memory.list->back().when.at < oldest;
    if (m_new.empty() && !expired)
        return;
    auto list = std::make_shared<EventList>(std::move(m_new));
    list->insert(list->end(), m_memory.list->begin(), m_memory.list->end());
    std::stable_sort(list->begin(), list->end(), [](const Event &a, const Event &b) { return a.when.at > b.when.at; });
    std::erase_if(*list, [&](const Event &event) { return event.when.at < oldest; });
    if (list->size() > mostKept)
        list->resize(mostKept);
    m_memory.list = std::move(list);
}

} // namespace

void noteEvents(const TickInput &input, const Snapshot &snapshot, EventMemory &memory)
{
    Changes changes(input, snapshot, memory);
    changes.noteStall();
    changes.noteServers();
    changes.noteTimelines();
    changes.noteRouters();
    changes.noteProblems();
    changes.noteClaims();
    changes.keep();
}

void restoreEvents(const EventList &kept, UtcTime now, EventMemory &memory, rules::Ledger &ledger)
{
    auto list = std::make_shared<EventList>(*memory.list);
    for (const Event &event : kept) {
        if (!isKept(event, *list))
            list->push_back(event);
    }
    std::stable_sort(list->begin(), list->end(), [](const Event &a, const Event &b) { return a.when.at > b.when.at; });
    std::erase_if(*list, [&](const Event &event) { return event.when.at < now - longestKept; });
    if (list->size() > mostKept)
        list->resize(mostKept);
    // Oldest first: what began and has not ended was left running.
    std::map<std::string, std::shared_ptr<const Problem>> left;
    for (auto event = list->rbegin(); event != list->rend(); ++event) {
        if (!event->problem)
            continue;
        if (event->kind == EventKind::ProblemBegan)
            left.insert_or_assign(event->problem->id(), event->problem);
        if (event->kind != EventKind::ProblemEnded)
            continue;
        left.erase(event->problem->id());
        ledger.restore({*event->problem, event->when.at});
        memory.endedSeen = std::max(memory.endedSeen.value_or(event->when.at), event->when.at);
    }
    for (const auto &[id, problem] : left)
        ledger.remember(*problem);
    memory.left = std::move(left);
    memory.list = std::move(list);
}

} // namespace shardlens::facts::derive
