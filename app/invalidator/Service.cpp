// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/invalidator/Service.h"

#include "core/base/Json.h"

#include <array>

#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::invalidator {

namespace {

constexpr int datagramsAtOnce = 256; // between two looks at those who ask

std::string answerTo(std::string_view line, const Report &report)
{
    const auto question = base::readJson(line);
    const bool isKnown = question.is_object() && question.contains("ask") && question["ask"] == "report";
    return isKnown ? report.toJson() : std::string(R"({"error":"an invalidator answers only: {\"ask\":\"report\"}"})");
}

} // namespace

Service::Service(const Report &report, LeaseTotals &totals, std::shared_ptr<wire::Interrupt> stop)
    : m_totals(totals), m_lines({[&report](std::string_view line) { return answerTo(line, report); }, {}, {}}, std::move(stop))
{
}

Service::~Service()
{
    if (m_statsd >= 0)
        ::close(m_statsd);
}

base::Result<void> Service::listen(const fleet::Endpoint &endpoint, const fleet::Endpoint &statsd)
{
    if (auto listens = m_lines.listen(endpoint); !listens || statsd.port == 0)
        return listens;
    const auto datagrams = resident::bound(statsd, SOCK_DGRAM);
    if (!datagrams)
        return base::fail(datagrams.error());
    m_statsd = *datagrams;
    const int room = 4 << 20; // applications say what they counted at about the same moments
    ::setsockopt(m_statsd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    return {};
}

void Service::run()
{
    m_lines.run(m_statsd, [this](base::Instant now) { takeDatagrams(now); });
}

void Service::takeDatagrams(base::Instant now)
{
    std::array<char, 65536> buffer;
    for (int i = 0; i < datagramsAtOnce; ++i) {
        const auto got = ::recv(m_statsd, buffer.data(), buffer.size(), 0);
        if (got < 0)
            return;
        m_totals.take(std::string_view(buffer.data(), static_cast<std::size_t>(got)), now);
    }
}

} // namespace shardlens::invalidator
