// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/ManagerReader.h"

#include "core/clients/patroni/Reading.h"
#include "core/clients/patroni/Rest.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/repmgr/Reading.h"

#include <algorithm>
#include <array>
#include <optional>

namespace shardlens::observe {

namespace {

constexpr base::milliseconds leastDeadline{2000}; // Patroni asks its store and its Postgres before it answers

/// By this machine's monotonic clock, as the clients count: the engine's goes on while the machine sleeps.
base::Instant deadlineAfter(base::milliseconds within)
{
    return std::chrono::steady_clock::now() + within;
}

base::milliseconds leftUntil(base::Instant deadline)
{
    return std::max(std::chrono::ceil<base::milliseconds>(deadline - std::chrono::steady_clock::now()), base::milliseconds(1));
}

} // namespace

ManagerReader::ManagerReader(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, std::shared_ptr<const Passwords> passwords,
                             std::shared_ptr<const base::Clock> clock, Pin pin)
    : m_fleet(std::move(fleet)), m_from(std::move(from)), m_passwords(std::move(passwords)),
      m_threads({facts::managerInterval, std::max(leastDeadline, m_fleet->thresholds.deadline), m_fleet->thresholds.downAfter}, std::move(clock), std::move(pin))
{
}

void ManagerReader::start()
{
    for (const fleet::Server &server : m_fleet->servers) {
        if (!server.hasManager())
            continue;
        facts::ManagerReport report;
        report.server = server.id;
        m_threads.add(std::move(report), server.patroni ? askPatroni(server) : askRepmgr(server));
    }
}

ManagerReader::Ask ManagerReader::askPatroni(const fleet::Server &server) const
{
    return [this, endpoint = *server.patroni, password = m_passwords->forPatroni()](facts::ManagerReport &report,
                                                                                    base::milliseconds within) -> base::Result<void> {
        using Read = base::Result<void> (*)(facts::ManagerReport &, const std::string &);
        constexpr std::array<std::pair<const char *, Read>, 3> questions{
            {{"/patroni", &patroni::readStatus}, {"/cluster", &patroni::readCluster}, {"/config", &patroni::readConfig}}};
        const auto secret = password ? password() : base::Result<std::string>(std::string());
        if (!secret)
            return base::fail(secret.error());
        const patroni::Login login{m_fleet->access.patroniUser, *secret};
        const base::Instant deadline = deadlineAfter(within);
        for (const auto &[path, read] : questions) {
            const auto answer = patroni::get(endpoint, path, login, deadline, m_threads.stop().get());
            if (!answer)
                return base::fail(answer.error());
            const bool isUnset = read == &patroni::readConfig && answer->status == 502; // nobody ever wrote one into its store
            if (isUnset)
                break;
            if (answer->status != 200)
                return base::fail(base::ErrorCode::Rejected,
                                  std::string(path) + " answers " + std::to_string(answer->status) + " " + answer->body.substr(0, 80));
            if (auto is = read(report, answer->body); !is)
                return is;
        }
        return {};
    };
}

ManagerReader::Ask ManagerReader::askRepmgr(const fleet::Server &server) const
{
    const fleet::Cluster *cluster = m_fleet->clusterOf(server.id);
    const fleet::Endpoint &endpoint = server.address.from(m_from);
    const std::string database = cluster ? cluster->repmgrDatabase : std::string();
    const postgres::Target target{server.id.text(), endpoint, database, m_fleet->access.observer};
    auto session = std::make_shared<std::optional<postgres::Session>>(); // kept from one question to the next
    return [this, target, session, password = m_passwords->forDatabase(endpoint, database, target.user)](facts::ManagerReport &report,
                                                                                            base::milliseconds within) -> base::Result<void> {
        const base::Instant deadline = deadlineAfter(within);
        if (!*session || !(*session)->isOpen() || (*session)->hasHungUp()) {
            const auto secret = password ? password() : base::Result<std::string>(std::string());
            if (!secret)
                return base::fail(secret.error());
            postgres::SessionOptions options;
            options.tls = m_fleet->access.tls;
            options.readOnly = true;
            auto opened = postgres::Session::connect(target, *secret, options, leftUntil(deadline), m_threads.stop());
            if (!opened)
                return base::fail(opened.error());
            *session = std::move(*opened);
        }
        const auto rows = (*session)->exec(facts::repmgrText, leftUntil(deadline));
        if (!rows)
            return base::fail(rows.error());
        report.scope = target.database;
        return repmgr::readNodes(report, rows->first());
    };
}

} // namespace shardlens::observe
