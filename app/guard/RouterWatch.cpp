// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/RouterWatch.h"

#include "app/guard/Ticker.h"
#include "core/clients/secrets/Secrets.h"

#include <algorithm>
#include <cstdlib>

namespace shardlens::guard
{

using base::ErrorCode;
using base::Result;

namespace
{

/// The admin console knows the simple protocol only; its columns differ by version, so they are found by name.
std::string fieldOf(const postgres::Rows &rows, const std::vector<postgres::Value> &row, const char *name)
{
    const auto column = static_cast<std::size_t>(std::find(rows.columns.begin(), rows.columns.end(), name) - rows.columns.begin());
    return column < row.size() ? row[column].value_or(std::string()) : std::string();
}

} // namespace

RouterWatch::RouterWatch(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, Report &report,
                         std::shared_ptr<wire::Interrupt> stop, Takes takes)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_report(report), m_stop(std::move(stop)), m_takes(std::move(takes))
{
}

void RouterWatch::run()
{
    const auto *router = m_fleet->routerOf(m_region);
    const auto *server = router ? m_fleet->server(router->server) : nullptr;
    if (!server)
        return;
    RouterReport last;
    Ticker ticker(base::milliseconds(1000), *m_stop);
    do {
        auto answer = read(*server);
        if (answer) {
            last = std::move(*answer);
        } else { // what it said last stays, and says when that was
            m_session.reset();
            last.isAnswering = false;
            last.error = answer.error().message;
        }
        m_report.setRouter(server->id, last);
    } while (ticker.wait());
}

Result<RouterReport> RouterWatch::read(const fleet::Server &server)
{
    const auto &access = m_fleet->access;
    const auto *user = access.user(access.observer);
    if (!user)
        return base::fail(ErrorCode::NotFound, "no observer is declared");
    const fleet::Endpoint &endpoint = server.address.from(m_region);
    if (!m_session || !m_session->isOpen()) {
        const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, "pgbouncer", user->name});
        if (!secret)
            return base::fail(secret.error());
        postgres::SessionOptions options;
        options.tls = access.tls;
        options.throughRouter = true;
        options.applicationName = "shardlens-guard " + m_region.text();
        auto session = postgres::Session::connect({server.id.text(), endpoint, "pgbouncer", user->name}, *secret, options,
                                                  m_fleet->thresholds.deadline, m_stop);
        if (!session)
            return base::fail(session.error());
        m_session = std::move(*session);
        readTakes(server);
    }
    const auto rows = m_session->script("SHOW DATABASES", m_fleet->thresholds.deadline);
    if (!rows)
        return base::fail(rows.error());
    RouterReport report;
    report.isAnswering = true;
    report.at = utcNow();
    for (const auto &row : rows->rows) {
        const auto field = [&](const char *name) { return fieldOf(*rows, row, name); };
        if (field("name") != "pgbouncer")
            report.databases[field("name")] = {field("paused") == "1", field("disabled") == "1", field("host"), field("port")};
    }
    return report;
}

/// Where it does not say, probes go on as with one that takes as many as by default.
void RouterWatch::readTakes(const fleet::Server &server)
{
    const auto rows = m_session->script("SHOW CONFIG", m_fleet->thresholds.deadline);
    if (!rows)
        return;
    for (const auto &row : rows->rows) {
        if (fieldOf(*rows, row, "key") == "max_client_conn")
            m_takes(server.id, static_cast<std::int32_t>(std::strtol(fieldOf(*rows, row, "value").c_str(), nullptr, 10)));
    }
}

} // namespace shardlens::guard
