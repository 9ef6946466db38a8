// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/EngineParts.h"

#include <algorithm>

namespace shardlens::observe {

namespace {

constexpr base::milliseconds earlyStep{100};  // while the first answers come
constexpr base::milliseconds earlySpan{1500};
constexpr base::seconds stallOver{5};         // beyond the interval: this console slept, or was kept from running
constexpr std::size_t askedAtOnce = 64;       // then the loop looks at answers before it asks the next ones
constexpr std::size_t mostUndelivered = 16;   // a reader that stands still loses the oldest

} // namespace

EngineParts::EngineParts(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, int loops, bool readsShardMap, bool hurries,
                         std::optional<base::milliseconds> seldom, std::shared_ptr<const base::Clock> clock)
    : m_fleet(std::move(fleet)), m_clock(std::move(clock)), m_passwords(std::make_shared<Passwords>(m_fleet)),
      m_dialling(std::make_shared<Dialling>(m_fleet, std::move(from), m_passwords, m_clock, seldom)), m_board(*m_fleet),
      m_tickLoop(std::make_shared<clients::EventLoop>()), m_readsShardMap(readsShardMap), m_hurries(hurries), m_shardMap(std::make_shared<const facts::ShardMap>()),
      m_since(m_clock->now()), m_sinceUtc(m_clock->utcNow())
{
    for (int i = 0; i < std::max(loops, 1); ++i)
        m_asking.push_back({std::make_shared<clients::EventLoop>(), {}});
    m_latest = facts::assemble(inputNow(m_board.collect().first), m_memory);
}

EngineParts::~EngineParts()
{
    stop();
}

void EngineParts::setTaken(std::function<void()> taken)
{
    m_taken = std::move(taken);
}

void EngineParts::start()
{
    if (m_running)
        return;
    m_running = true;
    m_since = m_clock->now();
    m_sinceUtc = m_clock->utcNow();
    makeLanes();
    if (m_readsShardMap) {
        m_mapReader = std::make_unique<ShardMapReader>(m_fleet, m_dialling, m_clock, m_tickLoop, m_asking.back().loop,
                                                       [this](std::shared_ptr<const facts::ShardMap> map) { m_shardMap = std::move(map); });
    }
    // Every way is probed before the tick, so that the tick shows it young.
    m_routersTake.clear();
    m_probes = std::make_unique<ServingProbes>(m_fleet, m_dialling, std::set<base::RegionName>(), m_clock,
                                               [this](const facts::ProbeKey &key, facts::ProbeReading reading) { m_board.pin(key, std::move(reading)); });
    m_probes->start();
    m_probes->ask();
    m_managers =
        std::make_unique<ManagerReader>(m_fleet, m_dialling->from(), m_passwords, m_clock,
                                        [this](std::size_t index, facts::ManagerReport report) { m_board.pin(index, std::move(report)); });
    m_managers->start();
    m_sentinels = std::make_unique<SentinelReader>(m_fleet, m_passwords->forSentinel(), m_clock,
                                                   [this](std::size_t index, facts::SentinelReport report) { m_board.pin(index, std::move(report)); });
    m_sentinels->start();
    for (auto &asking : m_asking)
        asking.loop->start("shardlens-ask");
    m_tickLoop->start("shardlens-tick");
    m_tickLoop->post([this] {
        beginRound();
        lookEarly();
    });
}

void EngineParts::stop()
{
    if (!m_running)
        return;
    m_running = false;
    m_tickLoop->stop();
    m_probes.reset();
    m_managers.reset();
    m_sentinels.reset();
    for (auto &asking : m_asking) {
        asking.loop->post([&asking] {
            for (auto &lane : asking.lanes)
                lane->stop();
        });
        asking.loop->stop();
        asking.lanes.clear();
    }
    m_mapReader.reset();
}

/// The clock goes on while the machine sleeps: what was read before is as old as it is.
void EngineParts::noticeStall()
{
    const auto now = m_clock->now();
    const auto utc = m_clock->utcNow();
    if (m_lookedAt && now - *m_lookedAt > m_fleet->thresholds.interval + stallOver) {
        m_stall = facts::Stall{m_lookedUtc, utc};
        takeSnapshot();
    }
    m_lookedAt = now;
    m_lookedUtc = utc;
}

void EngineParts::beginRound()
{
    noticeStall();
    m_tickLoop->cancel(m_graceTimer);
    m_roundTaken = false;
    m_unsettled = static_cast<std::int64_t>(m_fleet->servers.size() + m_fleet->guards.size() + m_fleet->invalidators.size());
    const std::uint64_t round = ++m_round;
    for (auto &asking : m_asking)
        asking.loop->post([&asking, round] { askLanes(asking, round, 0); });
    m_graceTimer = m_tickLoop->after(m_fleet->thresholds.interval * 2 / 5, [this] {
        if (!m_roundTaken)
            takeSnapshot();
    });
    scheduleRound();
}

void EngineParts::askLanes(AskingLoop &asking, std::uint64_t round, std::size_t from)
{
    const auto end = std::min(from + askedAtOnce, asking.lanes.size());
    for (std::size_t i = from; i < end; ++i)
        asking.lanes[i]->ask(round);
    if (end < asking.lanes.size())
        asking.loop->post([&asking, round, end] { askLanes(asking, round, end); });
}

// Rounds lie on whole intervals of UTC, so that steps of history have one reading each. A clock that is set makes one
// round early or late; it never makes two at once.
void EngineParts::scheduleRound()
{
    m_tickLoop->cancel(m_roundTimer);
    const auto interval = std::chrono::duration_cast<base::microseconds>(m_fleet->thresholds.interval);
    const auto past = base::microseconds(m_clock->utcNow().time_since_epoch().count() % interval.count());
    auto wait = interval - past;
    if (wait < interval / 4)
        wait += interval;
    m_roundTimer = m_tickLoop->after(wait, [this] { beginRound(); });
    m_tickLoop->cancel(m_probeTimer);
    m_probeTimer = m_tickLoop->after(wait - interval / 4, [this] { m_probes->ask(); });
}

void EngineParts::settled(std::uint64_t round)
{
    if (round != m_round || --m_unsettled != 0)
        return;
    m_tickLoop->post([this, round] {
        if (round == m_round && !m_roundTaken)
            takeSnapshot();
    });
}

void EngineParts::lookEarly()
{
    if (m_clock->now() - m_since > earlySpan)
        return;
    takeIfChanged();
    m_tickLoop->after(earlyStep, [this] { lookEarly(); });
}

facts::TickInput EngineParts::inputNow(Board::Servers servers)
{
    facts::TickInput input;
    input.tick = m_tick++;
    input.takenAt = m_clock->now();
    input.takenUtc = m_clock->utcNow();
    input.observingSince = m_since;
    input.observingSinceUtc = m_sinceUtc;
    input.fleet = m_fleet;
    input.servers = std::move(servers);
    input.guards = m_board.guards();
    input.invalidators = m_board.invalidators();
    input.managers = m_board.managers();
    input.sentinels = m_board.sentinels();
    input.probes = m_board.probes();
    input.stall = std::exchange(m_stall, std::nullopt);
    input.shardMap = m_shardMap;
    input.shared = m_shared;
    return input;
}

void EngineParts::takeIfChanged()
{
    auto [servers, changed] = m_board.collect();
    if (changed)
        publish(facts::assemble(inputNow(std::move(servers)), m_memory));
}

void EngineParts::takeSnapshot()
{
    m_roundTaken = true;
    publish(facts::assemble(inputNow(m_board.collect().first), m_memory));
    if (std::exchange(m_hurries, false))
        beginRound();
}

void EngineParts::publish(facts::SnapshotPtr snapshot)
{
    if (m_mapReader)
        m_mapReader->look(*snapshot);
    tellProbes(*snapshot);
    {
        const std::lock_guard lock(m_mutex);
        m_latest = snapshot;
        if (m_undelivered.size() >= mostUndelivered)
            m_undelivered.erase(m_undelivered.begin());
        m_undelivered.push_back(std::move(snapshot));
    }
    if (m_taken)
        m_taken();
}

/// How many connections the routers have to give: probes keep no more than their part of them.
void EngineParts::tellProbes(const facts::Snapshot &snapshot)
{
    for (const fleet::Router &router : m_fleet->routers) {
        const facts::Observation *seen = snapshot.observation(router.server);
        const auto *sample = seen ? std::get_if<facts::RouterSample>(&seen->sample) : nullptr;
        if (!sample || !sample->maxClientConnections || *sample->maxClientConnections == m_routersTake[router.server])
            continue;
        m_routersTake[router.server] = *sample->maxClientConnections;
        m_probes->routerTakes(router.server, *sample->maxClientConnections);
    }
}

facts::SnapshotPtr EngineParts::latest() const
{
    const std::lock_guard lock(m_mutex);
    return m_latest;
}

std::vector<facts::SnapshotPtr> EngineParts::takeUndelivered()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_undelivered, {});
}

void EngineParts::setShared(facts::SharedPtr shared)
{
    m_tickLoop->post([this, shared = std::move(shared)] {
        const bool isNew = !m_shared || m_shared->claims != shared->claims || m_shared->trouble.has_value() != shared->trouble.has_value() || m_shared->marks != shared->marks;
        m_shared = shared;
        if (isNew)
            publish(facts::assemble(inputNow(m_board.collect().first), m_memory));
    });
}

void EngineParts::restoreEvents(facts::EventListPtr kept)
{
    m_tickLoop->post([this, kept = std::move(kept)] { facts::restoreEvents(m_memory, *kept, m_clock->utcNow()); });
}

void EngineParts::restoreUsualLatency(const base::ServerId &server, base::microseconds latency)
{
    for (auto &asking : m_asking) {
        asking.loop->post([&asking, server, latency] {
            for (auto &lane : asking.lanes) {
                if (lane->server() == server)
                    lane->restoreUsual(latency);
            }
        });
    }
}

void EngineParts::readAgainNow(bool servers)
{
    m_tickLoop->post([this, servers] {
        if (m_mapReader) {
            m_mapReader->readNow();
            m_mapReader->look(*latest());
        }
        if (servers)
            beginRound();
    });
}

} // namespace shardlens::observe
