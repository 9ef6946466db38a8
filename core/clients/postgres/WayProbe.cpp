// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/WayProbe.h"

namespace shardlens::clients {

namespace {

// A server's or database's brake holds for everybody; one set for this user or session says nothing of others. The view lists all
// settings to tell where one comes from, which is ten times the rest: it is only read where the setting is on.
const char *const question = "SELECT pg_catalog.pg_is_in_recovery() AS standby, CASE WHEN pg_catalog.current_setting('default_transaction_read_only') = 'on' "
                             "THEN EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only' "
                             "AND source IN ('configuration file', 'command line', 'database', 'global')) ELSE false END AS braked";

} // namespace

WayProbe::WayProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, Told told)
    : m_told(std::move(told)),
      m_link(std::move(loop), std::move(resolver), std::move(target), {[this] { m_hooks.opened(); }, [this](base::Error error) { m_hooks.failed(std::move(error)); }})
{
}

void WayProbe::open()
{
    m_link.open();
}

void WayProbe::close()
{
    m_link.close();
}

void WayProbe::poll()
{
    m_link.query(question, [this](const auto &results) {
        // What a router says instead of an answer ends the connection there too, mostly; this side makes sure of it.
        if (!results || results->empty()) {
            const base::Error error = results ? base::Error{base::ErrorCode::Protocol, "an answer without rows", {}, {}, base::Effect::None} : results.error();
            m_link.close();
            return m_hooks.failed(error);
        }
        const PqRows &rows = results->front();
        m_told(rows.text(0, "standby") == "f" && rows.text(0, "braked") == "f");
        m_hooks.answered({});
    });
}

} // namespace shardlens::clients
