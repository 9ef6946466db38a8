// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/operate/Writability.h"

#include "app/localfleet/Postgres.h"
#include "core/clients/postgres/Session.h"

#include <algorithm>
#include <optional>

namespace shardlens::live {

namespace {

constexpr base::milliseconds every{10};
constexpr base::milliseconds newEvery{50}; // each is a process and a log-in: more of them would be all that a small machine does
constexpr base::milliseconds patience{1500}; // a frozen member costs its own samples only
const char *const sampled = "CREATE TABLE IF NOT EXISTS shardlens.sampled (at timestamptz NOT NULL DEFAULT clock_timestamp()); "
                            "GRANT INSERT ON shardlens.sampled TO shardlens_app";

} // namespace

Writability::Writability(const localfleet::Ground &ground, std::string cluster) : m_ground(ground), m_cluster(std::move(cluster))
{
}

Writability::~Writability()
{
    stop();
}

std::string Writability::begin()
{
    const auto primary = localfleet::postgres::primaryOf(m_ground, m_cluster);
    if (!primary)
        return primary.error().message;
    const auto made = localfleet::postgres::runSql(m_ground, *primary, m_ground.database(*primary), sampled);
    if (!made)
        return made.error().message;
    m_stop = false;
    for (const localfleet::Instance &member : m_ground.members(m_cluster)) {
        for (const bool isOpen : {true, false})
            m_threads.emplace_back([this, member, isOpen] { sample(member, isOpen); });
    }
    return {};
}

void Writability::stop()
{
    m_stop = true;
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
}

void Writability::sample(const localfleet::Instance &member, bool isOpen)
{
    const fleet::Endpoint endpoint{"127.0.0.1", m_ground.ports.of(member.id)};
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.applicationName = "writability";
    std::optional<postgres::Session> session;
    while (!m_stop) {
        const base::Instant begun = std::chrono::steady_clock::now();
        if (!session || !session->isOpen()) {
            auto opened = postgres::Session::connect({member.id, endpoint, m_ground.database(member), localfleet::user::application},
                                                     m_ground.secrets.of(localfleet::user::application), options, patience);
            session.reset();
            if (opened)
                session = std::move(*opened);
        }
        if (session && session->exec("INSERT INTO shardlens.sampled DEFAULT VALUES", patience)) {
            const std::lock_guard lock(m_mutex);
            m_commits.push_back({begun, member.id});
        }
        if (!isOpen)
            session.reset();
        std::this_thread::sleep_until(begun + (isOpen ? every : newEvery));
    }
}

std::string Writability::sequence() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Commit> all = m_commits;
    std::stable_sort(all.begin(), all.end(), [](const Commit &a, const Commit &b) { return a.at < b.at; });
    std::string names;
    std::string last;
    for (const Commit &commit : all) {
        if (commit.server != last)
            names += (names.empty() ? "" : " ") + commit.server;
        last = commit.server;
    }
    return names;
}

std::size_t Writability::commits() const
{
    const std::lock_guard lock(m_mutex);
    return m_commits.size();
}

base::microseconds Writability::longestGap(base::Instant since) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<base::Instant> instants;
    for (const Commit &commit : m_commits) {
        if (commit.at >= since)
            instants.push_back(commit.at);
    }
    std::sort(instants.begin(), instants.end());
    base::microseconds longest{0};
    for (std::size_t i = 1; i < instants.size(); ++i)
        longest = std::max(longest, std::chrono::duration_cast<base::microseconds>(instants[i] - instants[i - 1]));
    return longest;
}

} // namespace shardlens::live
