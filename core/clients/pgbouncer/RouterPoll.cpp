// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/pgbouncer/RouterPoll.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shardlens::clients {

namespace {

PqTarget console(PqTarget target)
{
    target.database = "pgbouncer";
    return target;
}

} // namespace

RouterPoll::RouterPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, std::shared_ptr<const base::Clock> clock,
                       base::milliseconds seldom)
    : m_clock(std::move(clock)), m_seldom(seldom)
{
    const PqTarget admin = console(std::move(target));
    for (auto &link : m_links)
        link = std::make_unique<PqPollLink>(loop, resolver, admin, PqPollLink::Hooks{[this] { opened(); }, [this](base::Error error) { fail(std::move(error)); }});
}

void RouterPoll::open()
{
    close();
    m_isWanted = true;
    for (auto &link : m_links) {
        if (m_isWanted) // the one before may have failed at once
            link->open();
    }
}

void RouterPoll::opened()
{
    if (++m_opened == Sessions)
        m_hooks.opened();
}

void RouterPoll::close()
{
    for (auto &link : m_links)
        link->close();
    m_isWanted = false;
    m_opened = m_awaited = 0;
    m_sample = {};
    m_configAt = {};
}

void RouterPoll::fail(base::Error error)
{
    close();
    m_hooks.failed(std::move(error));
}

void RouterPoll::show(Session session, const char *command, std::function<void(const PqRows &rows)> took)
{
    m_links[session]->query(command, [this, took = std::move(took)](const auto &results) {
        if (!results)
            return fail(results.error());
        if (m_hooks.replied)
            m_hooks.replied();
        took(results->empty() ? PqRows() : results->front());
    });
}

void RouterPoll::poll()
{
    m_awaited = Sessions;
    const auto keep = [this](Session session) {
        return [this, session](const PqRows &rows) {
            m_rows[session] = rows;
            answered();
        };
    };
    const auto now = m_clock->now();
    if (m_configAt == base::Instant() || now - m_configAt >= m_seldom) {
        m_configAt = now;
        m_awaited += 2;
        show(Databases, "SHOW DATABASES", [this](const PqRows &rows) {
            m_rows[Databases] = rows;
            answered();
            show(Databases, "SHOW CONFIG", [this](const PqRows &config) {
                tookConfig(config);
                answered();
            });
        });
        show(Pools, "SHOW POOLS", [this](const PqRows &rows) {
            m_rows[Pools] = rows;
            answered();
            show(Pools, "SHOW VERSION", [this](const PqRows &version) {
                tookVersion(version);
                answered();
            });
        });
    } else {
        show(Databases, "SHOW DATABASES", keep(Databases));
        show(Pools, "SHOW POOLS", keep(Pools));
    }
    show(Totals, "SHOW STATS_TOTALS", keep(Totals));
}

void RouterPoll::answered()
{
    if (--m_awaited == 0)
        finish();
}

// In this order: a database takes its usual mode from the configuration, pools and totals are told of databases that are known.
void RouterPoll::finish()
{
    m_sample.databases.clear();
    tookDatabases(m_rows[Databases]);
    tookPools(m_rows[Pools]);
    tookTotals(m_rows[Totals]);
    m_rows = {};
    auto sample = m_sample;
    m_hooks.answered(std::move(sample));
}

void RouterPoll::tookVersion(const PqRows &rows)
{
    // "PgBouncer 1.18.0"
    const std::string text = rows.text(0, "version");
    const auto space = text.rfind(' ');
    m_sample.version = space == std::string::npos ? text : text.substr(space + 1);
}

void RouterPoll::tookConfig(const PqRows &rows)
{
    using facts::unknown;
    m_sample.serverLoginRetry = unknown(facts::WhyUnknown::NotSupported);
    m_sample.poolMode = unknown(facts::WhyUnknown::NotSupported);
    m_sample.maxClientConnections = unknown(facts::WhyUnknown::NotSupported);
    for (int row = 0; row < rows.rowCount(); ++row) {
        const std::string key = rows.text(row, "key");
        const std::string value = rows.text(row, "value");
        if (key == "server_login_retry") // seconds, with a fraction
            m_sample.serverLoginRetry = base::microseconds(std::llround(std::strtod(value.c_str(), nullptr) * 1e6));
        else if (key == "pool_mode")
            m_sample.poolMode = value;
        else if (key == "max_client_conn")
            m_sample.maxClientConnections = static_cast<std::int32_t>(rows.number(row, "value"));
    }
}

void RouterPoll::tookDatabases(const PqRows &rows)
{
    const std::string usualMode = m_sample.poolMode.value_or("");
    for (int row = 0; row < rows.rowCount(); ++row) {
        facts::RouterDatabase one;
        one.name = rows.text(row, "name");
        if (one.name == "pgbouncer")
            continue;
        one.host = rows.text(row, "host");
        one.port = static_cast<std::int32_t>(rows.number(row, "port"));
        one.targetDatabase = rows.text(row, "database");
        one.poolMode = rows.text(row, "pool_mode");
        if (one.poolMode.empty())
            one.poolMode = usualMode;
        one.paused = rows.number(row, "paused") != 0;
        one.disabled = rows.number(row, "disabled") != 0;
        m_sample.databases.push_back(std::move(one));
    }
    std::sort(m_sample.databases.begin(), m_sample.databases.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
}

facts::RouterDatabase *RouterPoll::database(const std::string &name)
{
    const auto found = std::lower_bound(m_sample.databases.begin(), m_sample.databases.end(), name,
                                        [](const facts::RouterDatabase &one, const std::string &wanted) { return one.name < wanted; });
    return found != m_sample.databases.end() && found->name == name ? &*found : nullptr;
}

void RouterPoll::tookPools(const PqRows &rows)
{
    for (int row = 0; row < rows.rowCount(); ++row) {
        auto *one = database(rows.text(row, "database"));
        if (one == nullptr)
            continue;
        const auto count = [&](const char *column) { return static_cast<std::int32_t>(rows.number(row, column)); };
        one->clientsActive += count("cl_active");
        one->clientsWaiting += count("cl_waiting");
        one->serversActive += count("sv_active");
        one->serversIdle += count("sv_idle") + count("sv_used") + count("sv_tested");
        one->serversLogin += count("sv_login");
        one->longestWait = std::max(one->longestWait, base::microseconds(rows.number(row, "maxwait") * 1'000'000 + rows.number(row, "maxwait_us")));
        if (const auto mode = rows.text(row, "pool_mode"); !mode.empty())
            one->poolMode = mode;
    }
}

void RouterPoll::tookTotals(const PqRows &rows)
{
    for (int row = 0; row < rows.rowCount(); ++row) {
        auto *one = database(rows.text(row, "database"));
        if (one == nullptr)
            continue;
        one->transactions = rows.number(row, "xact_count");
        one->queries = rows.number(row, "query_count");
        one->waitMicroseconds = rows.number(row, "wait_time");
    }
}

} // namespace shardlens::clients
