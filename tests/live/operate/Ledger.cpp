// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/operate/Ledger.h"

#include "app/localfleet/Postgres.h"
#include "core/clients/postgres/Session.h"

#include <algorithm>
#include <optional>
#include <sstream>

namespace shardlens::live {

namespace {

const char *const table = "CREATE TABLE IF NOT EXISTS shardlens.ledger (n bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp()); "
                          "GRANT SELECT, INSERT ON shardlens.ledger TO shardlens_app";

} // namespace

Ledger::Ledger(const localfleet::Ground &ground, std::string cluster, std::string region, base::milliseconds every, int writers)
    : m_ground(ground), m_cluster(std::move(cluster)), m_region(std::move(region)), m_every(every), m_writers(writers)
{
}

Ledger::~Ledger()
{
    stop();
}

std::string Ledger::prepare()
{
    const auto primary = localfleet::postgres::primaryOf(m_ground, m_cluster);
    if (!primary)
        return primary.error().message;
    const auto made = localfleet::postgres::runSql(m_ground, *primary, m_ground.database(*primary), table);
    return made ? std::string() : made.error().message;
}

void Ledger::start()
{
    m_stop = false;
    for (int i = 0; i < m_writers; ++i)
        m_threads.emplace_back([this, after = i * base::microseconds(m_every) / m_writers] { write(after); });
}

void Ledger::stop()
{
    m_stop = true;
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
}

/// The first row after so long: the writers take turns.
void Ledger::write(base::microseconds after)
{
    const fleet::Endpoint router{"127.0.0.1", m_ground.ports.of("router-" + m_region)};
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.throughRouter = true;
    options.applicationName = "ledger";
    std::optional<postgres::Session> session;
    base::Instant next = std::chrono::steady_clock::now() + after;
    std::this_thread::sleep_until(next);
    while (!m_stop) {
        if (!session || !session->isOpen()) {
            auto opened = postgres::Session::connect({"router-" + m_region, router, m_cluster, localfleet::user::application}, m_ground.secrets.of(localfleet::user::application),
                                                     options, base::seconds(30));
            if (!opened) {
                std::this_thread::sleep_for(base::milliseconds(2));
                continue;
            }
            session = std::move(*opened);
        }
        const std::int64_t number = m_next++;
        const auto written = session->exec("INSERT INTO shardlens.ledger (n) VALUES (" + std::to_string(number) + ")", base::seconds(30));
        {
            const std::lock_guard lock(m_mutex);
            if (written) {
                const base::Instant now = std::chrono::steady_clock::now();
                if (!m_tale.at.empty())
                    m_tale.longestGap = std::max(m_tale.longestGap, std::chrono::duration_cast<base::microseconds>(now - m_tale.at.back()));
                m_tale.acknowledged.push_back(number);
                m_tale.at.push_back(now);
            } else {
                ++m_tale.failed;
                if (m_tale.firstError.empty())
                    m_tale.firstError = written.error().sqlState + " " + written.error().message;
            }
        }
        next = std::max(next + m_every, std::chrono::steady_clock::now());
        std::this_thread::sleep_until(next);
    }
}

Ledger::Tale Ledger::tale() const
{
    const std::lock_guard lock(m_mutex);
    return m_tale;
}

std::size_t Ledger::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_tale.acknowledged.size();
}

double Ledger::longestGapMs(std::size_t from) const
{
    const std::lock_guard lock(m_mutex);
    double longest = 0;
    for (std::size_t i = std::max<std::size_t>(from, 1); i < m_tale.at.size(); ++i)
        longest = std::max(longest, std::chrono::duration<double, std::milli>(m_tale.at[i] - m_tale.at[i - 1]).count());
    return longest;
}

base::Result<std::vector<std::size_t>> Ledger::lostOn(const std::string &server) const
{
    std::string numbers;
    for (const std::int64_t number : tale().acknowledged)
        numbers += (numbers.empty() ? "" : ",") + std::to_string(number);
    const localfleet::Instance *instance = m_ground.server(server);
    const auto missing = localfleet::postgres::query(m_ground, *instance, m_ground.database(*instance),
                                                     "SELECT place - 1 FROM unnest('{" + numbers +
                                                         "}'::bigint[]) WITH ORDINALITY AS told(n, place) WHERE NOT EXISTS (SELECT FROM shardlens.ledger l WHERE l.n = told.n) ORDER BY place");
    if (!missing)
        return base::fail(missing.error());
    std::vector<std::size_t> places;
    std::istringstream lines(*missing);
    for (std::size_t place = 0; lines >> place;)
        places.push_back(place);
    return places;
}

std::string Ledger::missingOn(const std::string &server) const
{
    const auto lost = lostOn(server);
    return lost ? std::to_string(lost->size()) : "error: " + lost.error().message;
}

} // namespace shardlens::live
