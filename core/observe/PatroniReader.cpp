// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/PatroniReader.h"

#include "core/clients/patroni/Reading.h"
#include "core/clients/patroni/Rest.h"
#include "core/observe/Reaching.h"

#include <algorithm>
#include <array>

#include <poll.h>

namespace shardlens::observe {

namespace {

constexpr base::milliseconds leastPatroniDeadline{2000}; // it asks its store and its Postgres before it answers

} // namespace

PatroniReader::PatroniReader(std::shared_ptr<const fleet::Fleet> fleet, clients::PasswordSource password, std::shared_ptr<const base::Clock> clock, Pin pin)
    : m_fleet(std::move(fleet)), m_password(std::move(password)), m_clock(std::move(clock)), m_pin(std::move(pin))
{
}

PatroniReader::~PatroniReader()
{
    m_stop.raise();
    for (std::thread &thread : m_threads)
        thread.join();
}

void PatroniReader::start()
{
    std::size_t index = 0;
    for (const fleet::Server &server : m_fleet->servers) {
        if (server.patroni)
            m_threads.emplace_back([this, at = index++, &server] { run(at, server); });
    }
}

void PatroniReader::run(std::size_t index, const fleet::Server &server)
{
    facts::PatroniReport report;
    report.server = server.id;
    for (;;) {
        const base::Instant asked = m_clock->now();
        facts::PatroniReport next = report;
        const auto answered = ask(next, *server.patroni, asked + std::max(leastPatroniDeadline, m_fleet->thresholds.deadline));
        if (answered) {
            report = std::move(next);
            report.hasAnswered = true;
            noteAnswer(report.reach, asked, *m_clock);
        } else if (answered.error().code != base::ErrorCode::Cancelled) {
            noteSilence(report.reach, asked, answered.error(), m_fleet->thresholds.downAfter, *m_clock);
        }
        m_pin(index, report);
        pollfd stopped = {m_stop.descriptor(), POLLIN, 0};
        const auto left = std::chrono::ceil<base::milliseconds>(asked + facts::patroniInterval - m_clock->now());
        if (::poll(&stopped, 1, std::max(static_cast<int>(left.count()), 100)) > 0)
            return;
    }
}

base::Result<void> PatroniReader::ask(facts::PatroniReport &report, const fleet::Endpoint &endpoint, base::Instant deadline)
{
    using Read = base::Result<void> (*)(facts::PatroniReport &, const std::string &);
    constexpr std::array<std::pair<const char *, Read>, 3> questions{{{"/patroni", &patroni::readStatus}, {"/cluster", &patroni::readCluster}, {"/config", &patroni::readConfig}}};
    const auto password = m_password ? m_password() : base::Result<std::string>(std::string());
    if (!password)
        return base::fail(password.error());
    const patroni::Login login{m_fleet->access.patroniUser, *password};
    for (const auto &[path, read] : questions) {
        const auto answer = patroni::get(endpoint, path, login, deadline, &m_stop);
        if (!answer)
            return base::fail(answer.error());
        const bool isUnset = read == &patroni::readConfig && answer->status == 502; // nobody ever wrote one into its store
        if (isUnset)
            break;
        if (answer->status != 200)
            return base::fail(base::ErrorCode::Rejected, std::string(path) + " answers " + std::to_string(answer->status) + " " + answer->body.substr(0, 80));
        if (auto is = read(report, answer->body); !is)
            return is;
    }
    return {};
}

} // namespace shardlens::observe
