// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/WayProbe.h"

namespace shardlens::clients {

namespace {

const char *const question = "SELECT pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('default_transaction_read_only') AS read_only";
// A server's or database's brake holds for everybody; one set for this user or session says nothing of others. Only asked where the
// setting is on: the view lists all settings to tell where one comes from, and planning it alone takes time and memory of each session.
const char *const brakeQuestion = "SELECT FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only' "
                                  "AND source IN ('configuration file', 'command line', 'database', 'global')";

/// A session that holds the lock may take it again, as often as it likes.
std::string questionWith(const std::string &lock)
{
    if (lock.empty())
        return question;
    return std::string(question) + ", CASE WHEN pg_catalog.pg_is_in_recovery() THEN false ELSE pg_catalog.pg_try_advisory_lock(" + lock + ") END AS holds_lock";
}

std::optional<bool> isLockHeld(const PqRows &rows, bool wasAsked)
{
    return wasAsked ? std::optional(rows.text(0, "holds_lock") == "t") : std::nullopt;
}

} // namespace

WayProbe::WayProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, Told told, const std::string &lock)
    : m_told(std::move(told)), m_question(questionWith(lock)), m_asksForLock(!lock.empty()),
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
    ask(m_question, [this](const PqRows &rows) {
        const bool isStandby = rows.text(0, "standby") != "f";
        const auto holdsLock = isLockHeld(rows, m_asksForLock);
        if (rows.text(0, "read_only") != "on")
            return tell({isStandby, !isStandby, holdsLock});
        if (m_hooks.replied)
            m_hooks.replied();
        ask(brakeQuestion, [this, isStandby, holdsLock](const PqRows &brakes) { tell({isStandby, !isStandby && brakes.rowCount() == 0, holdsLock}); });
    });
}

void WayProbe::ask(const std::string &statement, std::function<void(const PqRows &)> then)
{
    m_link.query(statement, [this, then = std::move(then)](const auto &results) {
        if (results && !results->empty())
            return then(results->front());
        // What a router says instead of an answer ends the connection there too, mostly; this side makes sure of it.
        const base::Error error = results ? base::Error{base::ErrorCode::Protocol, "an answer without rows", {}, {}, base::Effect::None} : results.error();
        m_link.close();
        m_hooks.failed(error);
    });
}

void WayProbe::tell(const Found &found)
{
    m_told(found);
    m_hooks.answered({});
}

} // namespace shardlens::clients
