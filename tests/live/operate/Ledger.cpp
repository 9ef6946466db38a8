// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/operate/Ledger.h"

#include "app/localfleet/Postgres.h"
#include "core/clients/postgres/Session.h"

#include <algorithm>
#include <optional>

namespace shardlens::live {

namespace {

const char *const table = "CREATE TABLE IF NOT EXISTS shardlens.ledger (n bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp()); "
                          "GRANT SELECT, INSERT ON shardlens.ledger TO shardlens_app";

} // namespace

Ledger::Ledger(const localfleet::Ground &ground, std::string cluster, std::string region, base::milliseconds every)
    : m_ground(ground), m_cluster(std::move(cluster)), m_region(std::move(region)), m_every(every)
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
    m_thread = std::thread([this] { write(); });
}

void Ledger::stop()
{
    m_stop = true;
    if (m_thread.joinable())
        m_thread.join();
}

void Ledger::write()
{
    const fleet::Endpoint router{"127.0.0.1", m_ground.ports.of("router-" + m_region)};
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.throughRouter = true;
    options.applicationName = "ledger";
    std::optional<postgres::Session> session;
    base::Instant next = std::chrono::steady_clock::now();
    base::Instant last{};
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
        const auto written = session->exec("INSERT INTO shardlens.ledger (n) VALUES (" + std::to_string(m_next) + ")", base::seconds(30));
        const base::Instant now = std::chrono::steady_clock::now();
        {
            const std::lock_guard lock(m_mutex);
            if (written) {
                m_tale.acknowledged.push_back(m_next);
                m_tale.at.push_back(now);
                if (last != base::Instant{})
                    m_tale.longestGap = std::max(m_tale.longestGap, std::chrono::duration_cast<base::microseconds>(now - last));
                last = now;
            } else {
                ++m_tale.failed;
                if (m_tale.firstError.empty())
                    m_tale.firstError = written.error().sqlState + " " + written.error().message;
            }
        }
        ++m_next;
        next = std::max(next + m_every, now);
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

std::string Ledger::missingOn(const std::string &server) const
{
    std::string numbers;
    for (const std::int64_t number : tale().acknowledged)
        numbers += (numbers.empty() ? "" : ",") + std::to_string(number);
    const localfleet::Instance *instance = m_ground.server(server);
    const auto missing = localfleet::postgres::query(m_ground, *instance, m_ground.database(*instance),
                                                     "SELECT count(*) FROM unnest('{" + numbers + "}'::bigint[]) AS told(n) WHERE NOT EXISTS (SELECT FROM shardlens.ledger l WHERE l.n = told.n)");
    return missing ? *missing : "error: " + missing.error().message;
}

} // namespace shardlens::live
