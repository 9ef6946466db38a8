// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/GuardLines.h"

#include <algorithm>
#include <future>

namespace shardlens::effects {

using base::ErrorCode;
using base::Instant;
using base::RegionName;
using base::Result;
using clients::GuardOrders;

GuardLines::GuardLines(std::shared_ptr<const fleet::Fleet> fleet, RegionName from, Secret secret)
    : m_fleet(std::move(fleet)), m_from(std::move(from)), m_secret(std::move(secret))
{
    for (const fleet::Guard &guard : m_fleet->guards)
        m_lines.emplace(guard.region, std::make_unique<Line>());
}

GuardLines::~GuardLines()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    if (m_keeper.joinable())
        m_keeper.join();
}

Result<GuardOrders *> GuardLines::open(const RegionName &region, std::optional<GuardOrders> &line, Instant deadline)
{
    if (line && line->isOpen())
        return &*line;
    const auto guard = std::find_if(m_fleet->guards.begin(), m_fleet->guards.end(), [&](const fleet::Guard &one) { return one.region == region; });
    const std::string name = "guard of " + region.text();
    if (guard == m_fleet->guards.end())
        return base::fail(ErrorCode::NotFound, "the fleet file declares no guard in " + region.text(), name);
    const fleet::Endpoint &endpoint = guard->address.from(m_from);
    const auto secret = m_secret(endpoint);
    if (!secret)
        return base::fail(secret.error().code, secret.error().message, name);
    auto dialled = GuardOrders::connect(endpoint, *secret, leftUntil(deadline));
    if (!dialled)
        return base::fail(dialled.error().code, dialled.error().message, name);
    line = std::move(*dialled);
    return &*line;
}

namespace {

/// Nobody there was reached, which is no answer.
bool isSilence(const base::Error &error)
{
    return error.code == ErrorCode::Unreachable || error.code == ErrorCode::Refused || error.code == ErrorCode::TimedOut;
}

constexpr base::seconds awayAfter{1};

} // namespace

Result<void> GuardLines::announce(const clients::GuardAnnouncement &announcement, const std::set<RegionName> &mayBeAway, Instant deadline)
{
    m_announcement = announcement;
    if (const fleet::Server *router = m_fleet->server(announcement.on)) {
        // A smaller act is the business of one guard: another that is away does not keep it from being done.
        std::erase_if(m_lines, [&](const auto &line) { return line.first != router->region; });
        if (m_lines.empty())
            return {}; // nobody there has to be told
    }
    std::vector<std::pair<RegionName, std::future<Result<void>>>> told;
    const Instant soon = std::min(deadline, std::chrono::steady_clock::now() + awayAfter);
    for (auto &entry : m_lines) {
        const Instant until = mayBeAway.contains(entry.first) ? soon : deadline;
        told.emplace_back(entry.first, std::async(std::launch::async, [this, &entry, deadline = until]() -> Result<void> {
            const std::lock_guard lock(entry.second->mutex);
            auto orders = open(entry.first, entry.second->orders, deadline);
            if (!orders)
                return base::fail(orders.error());
            if (const auto life = open(entry.first, entry.second->life, deadline); !life)
                return base::fail(life.error());
            const auto done = (*orders)->announce(m_announcement, leftUntil(deadline));
            return done ? done : base::fail(done.error().code, done.error().message, "guard of " + entry.first.text());
        }));
    }
    Result<void> all;
    for (auto &[region, one] : told) {
        auto result = one.get();
        if (!result && mayBeAway.contains(region) && isSilence(result.error()))
            m_away.insert(region);
        else if (!result && all)
            all = result;
    }
    if (all && !m_keeper.joinable())
        m_keeper = std::thread([this] { keepAlive(); });
    return all;
}

void GuardLines::keepAlive()
{
    const base::milliseconds beat = m_announcement.hold / 5;
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, beat, [this] { return m_stop; })) {
        lock.unlock();
        for (auto &[region, line] : m_lines) {
            if (m_away.contains(region))
                continue; // it was told of nothing, and must not keep the others waiting
            const Instant deadline = std::chrono::steady_clock::now() + beat;
            auto life = open(region, line->life, deadline);
            const auto kept = life ? (*life)->keep(m_announcement.of, leftUntil(deadline)) : base::fail(life.error());
            if (!kept && kept.error().code == ErrorCode::Rejected)
                m_takenOver = true;
        }
        lock.lock();
    }
}

GuardOrders::Carried GuardLines::carryOut(const RegionName &region, const std::vector<operate::Command> &commands, Instant deadline)
{
    const auto found = m_lines.find(region);
    if (found == m_lines.end())
        return {{}, base::Error{ErrorCode::NotFound, "the fleet file declares no guard in " + region.text(), {}, {}, base::Effect::None}};
    const std::lock_guard lock(found->second->mutex);
    const auto orders = open(region, found->second->orders, deadline);
    if (!orders)
        return {{}, orders.error()};
    return (*orders)->carryOut(m_announcement.of, commands, deadline);
}

std::vector<RegionName> GuardLines::release(std::int64_t termInForce, Instant deadline)
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    if (m_keeper.joinable())
        m_keeper.join();
    std::vector<RegionName> silent;
    if (m_announcement.of.operation.empty())
        return silent; // no guard was told of it
    for (auto &[region, line] : m_lines) {
        if (m_away.contains(region))
            continue;
        const std::lock_guard lock(line->mutex);
        auto orders = open(region, line->orders, deadline);
        if (!orders || !(*orders)->release(m_announcement.of, termInForce, leftUntil(deadline)))
            silent.push_back(region);
    }
    return silent;
}

} // namespace shardlens::effects
