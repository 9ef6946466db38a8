// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/operate/RedisWritability.h"

#include "core/clients/redis/Session.h"

#include <algorithm>
#include <optional>

namespace shardlens::live {

namespace {

constexpr base::milliseconds every{10};
constexpr base::milliseconds patience{1500}; // a frozen or paused member costs its own samples only

} // namespace

RedisWritability::RedisWritability(const localfleet::Ground &ground, std::string group) : m_ground(ground), m_group(std::move(group)) {}

RedisWritability::~RedisWritability()
{
    stop();
}

void RedisWritability::begin()
{
    m_stop = false;
    for (const localfleet::Instance &member : m_ground.members(m_group)) {
        for (const bool isOpen : {true, false})
            m_threads.emplace_back([this, member, isOpen] { sample(member, isOpen); });
    }
}

void RedisWritability::stop()
{
    m_stop = true;
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
}

void RedisWritability::sample(const localfleet::Instance &member, bool isOpen)
{
    std::optional<redis::Session> session;
    while (!m_stop) {
        const base::Instant round = std::chrono::steady_clock::now();
        if (!session || !session->isOpen()) {
            auto dialled =
                redis::Session::connect({member.id, {"127.0.0.1", m_ground.ports.of(member.id)}, {}}, m_ground.secrets.redis(), patience);
            session.reset();
            if (dialled)
                session.emplace(std::move(*dialled));
        }
        const base::Instant begun = std::chrono::steady_clock::now();
        if (session && session->command({"SET", "sampled", member.id}, patience)) {
            const base::Instant ended = std::chrono::steady_clock::now();
            const std::lock_guard lock(m_mutex);
            m_writes.push_back({begun, ended, member.id});
        }
        if (!isOpen)
            session.reset();
        std::this_thread::sleep_until(round + every);
    }
}

std::string RedisWritability::sequence() const
{
    std::vector<Write> all;
    {
        const std::lock_guard lock(m_mutex);
        all = m_writes;
    }
    std::stable_sort(all.begin(), all.end(), [](const Write &a, const Write &b) { return a.ended < b.ended; });
    std::vector<std::string> turns;
    base::Instant last{};
    for (const Write &write : all) {
        if (!turns.empty() && turns.back() == write.server) {
            last = std::max(last, write.ended);
            continue;
        }
        if (!turns.empty() && write.begun <= last)
            continue; // it may have been the earlier one: its answer came late
        turns.push_back(write.server);
        last = write.ended;
    }
    std::string names;
    for (const std::string &server : turns)
        names += (names.empty() ? "" : " ") + server;
    return names;
}

std::size_t RedisWritability::writes() const
{
    const std::lock_guard lock(m_mutex);
    return m_writes.size();
}

} // namespace shardlens::live
