// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/pgbouncer/RouterPoll.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shardlens::clients {

namespace {

constexpr base::seconds configEvery{60};

PqTarget console(PqTarget target)
{
    target.database = "pgbouncer";
    return target;
}

} // namespace

RouterPoll::RouterPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, std::shared_ptr<const base::Clock> clock)
    : m_clock(std::move(clock)), m_link(std::move(loop), std::move(resolver), console(std::move(target)),
                                        {[this] { m_hooks.opened(); }, [this](base::Error error) { fail(std::move(error)); }})
{
}

void RouterPoll::open()
{
    close();
    m_link.open();
}

void RouterPoll::close()
{
    m_link.close();
    m_sample = {};
    m_configAt = {};
}

void RouterPoll::fail(base::Error error)
{
    close();
    m_hooks.failed(std::move(error));
}

void RouterPoll::show(const char *command, Took took, void (RouterPoll::*next)())
{
    m_link.query(command, [this, took, next](const auto &results) {
        if (!results)
            return fail(results.error());
        if (m_hooks.replied)
            m_hooks.replied();
        if (!results->empty())
            (this->*took)(results->front());
        (this->*next)();
    });
}

void RouterPoll::poll()
{
    const auto now = m_clock->now();
    if (m_configAt != base::Instant() && now - m_configAt < configEvery)
        return askDatabases();
    m_configAt = now;
    show("SHOW VERSION", &RouterPoll::tookVersion, &RouterPoll::askConfig);
}

void RouterPoll::askConfig()
{
    show("SHOW CONFIG", &RouterPoll::tookConfig, &RouterPoll::askDatabases);
}

void RouterPoll::askDatabases()
{
    m_sample.databases.clear();
    show("SHOW DATABASES", &RouterPoll::tookDatabases, &RouterPoll::askPools);
}

void RouterPoll::askPools()
{
    show("SHOW POOLS", &RouterPoll::tookPools, &RouterPoll::askTotals);
}

void RouterPoll::askTotals()
{
    show("SHOW STATS_TOTALS", &RouterPoll::tookTotals, &RouterPoll::finish);
}

void RouterPoll::finish()
{
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
