// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/operate/RedisLedger.h"

#include "app/localfleet/Shape.h"
#include "core/clients/redis/Session.h"

#include <algorithm>
#include <optional>

namespace shardlens::live {

namespace {

constexpr base::milliseconds answerWithin{8000}; ///< longer than a pause: who waits there is not to give up first
constexpr base::milliseconds dialWithin{1000};

base::Result<redis::Session> dialStable(const localfleet::Ground &ground, const std::string &name, std::uint16_t port)
{
    return redis::Session::connect({name, {"127.0.0.1", port}, {}}, ground.secrets.redis(), dialWithin);
}

} // namespace

RedisLedger::RedisLedger(const localfleet::Ground &ground, std::string group, int writers, base::microseconds every)
    : m_ground(ground), m_group(std::move(group)), m_writers(writers), m_every(every)
{
}

RedisLedger::~RedisLedger()
{
    stop();
}

void RedisLedger::start()
{
    m_stop = false;
    for (int i = 0; i < m_writers; ++i)
        m_threads.emplace_back([this, i] { write(i); });
}

void RedisLedger::stop()
{
    m_stop = true;
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
}

void RedisLedger::write(int writer)
{
    const auto &regions = m_ground.shape.regions;
    const std::string name = m_group + "@" + regions[static_cast<std::size_t>(writer) % regions.size()];
    std::optional<redis::Session> session;
    while (!m_stop) {
        if (!session || !session->isOpen()) {
            auto dialled = dialStable(m_ground, name, m_ground.ports.of(name));
            if (!dialled) {
                std::this_thread::sleep_for(base::milliseconds(1));
                continue;
            }
            session.emplace(std::move(*dialled));
        }
        const std::int64_t number = ++m_next;
        const std::string key = "ledger:" + std::to_string(number);
        const auto said = session->command({"SET", key, "1"}, answerWithin);
        const auto now = std::chrono::steady_clock::now();
        {
            const std::lock_guard lock(m_mutex);
            if (said) {
                m_tale.acknowledged.push_back(number);
                m_tale.at.push_back(now);
            } else {
                ++m_tale.failed;
            }
        }
        if (!said)
            session.reset(); // a refusal, too: the address may lead elsewhere now
        std::this_thread::sleep_for(said ? m_every : base::microseconds(500));
    }
}

RedisLedger::Tale RedisLedger::tale() const
{
    const std::lock_guard lock(m_mutex);
    return m_tale;
}

std::size_t RedisLedger::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_tale.at.size();
}

double RedisLedger::longestGapMs(std::size_t from) const
{
    const Tale told = tale();
    double longest = 0;
    for (std::size_t i = std::max<std::size_t>(from, 1); i < told.at.size(); ++i)
        longest = std::max(longest, std::chrono::duration<double, std::milli>(told.at[i] - told.at[i - 1]).count());
    return longest;
}

std::string RedisLedger::missingOn(const std::string &server) const
{
    const Tale told = tale();
    auto session = dialStable(m_ground, server, m_ground.ports.of(server));
    if (!session)
        return "error: " + session.error().message;
    std::size_t missing = 0;
    for (std::size_t begin = 0; begin < told.acknowledged.size(); begin += 1000) {
        const std::size_t end = std::min(begin + 1000, told.acknowledged.size());
        for (std::size_t i = begin; i < end; ++i)
            session->add({"EXISTS", "ledger:" + std::to_string(told.acknowledged[i])});
        const auto replies = session->run(base::seconds(5));
        if (!replies)
            return "error: " + replies.error().message;
        missing += static_cast<std::size_t>(std::count_if(replies->begin(), replies->end(), [](const redis::Reply &reply) { return reply.integer != 1; }));
    }
    return std::to_string(missing);
}

} // namespace shardlens::live
