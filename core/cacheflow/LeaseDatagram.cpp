// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/LeaseDatagram.h"

#include "core/clients/wire/Talk.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::cacheflow {

namespace {

constexpr std::string_view statsPrefix = "shardlens.lease.";
constexpr std::size_t largestDatagram = 1200; ///< fits any path without being cut into fragments
constexpr base::milliseconds nameDeadline{2000};

struct StatsLine {
    std::string_view name;
    double value = 0;
    std::string_view type;
    double rate = 1;
};

bool readNumber(std::string_view text, double &value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

/// name:value|type[|@rate][|#tags]
bool readStatsLine(std::string_view text, StatsLine &line)
{
    const auto bar = text.find('|');
    const auto colon = text.rfind(':', bar);
    if (bar == std::string_view::npos || colon == std::string_view::npos)
        return false;
    line.name = text.substr(0, colon);
    if (!readNumber(text.substr(colon + 1, bar - colon - 1), line.value))
        return false;
    std::string_view rest = text.substr(bar + 1);
    line.type = rest.substr(0, rest.find('|'));
    if (const auto at = rest.find("|@"); at != std::string_view::npos) {
        const auto sampled = rest.substr(at + 2);
        if (!readNumber(sampled.substr(0, sampled.find('|')), line.rate) || line.rate <= 0 || line.rate > 1)
            return false;
    }
    return true;
}

/// False: it is no counter of leases, though its name says so.
bool addStatsLine(const StatsLine &line, std::string_view counter, ClientCounts &told)
{
    LeaseCounts &counts = told.leases;
    if (line.value < 0 || line.value > 1e9)
        return false;
    if (counter == "wait" && line.type == "ms") {
        LeaseCounts one;
        one.noteWait(base::microseconds(std::llround(line.value * 1000)));
        const auto times = static_cast<std::uint64_t>(std::llround(1 / line.rate));
        for (std::size_t i = 0; i < one.waits.size(); ++i)
            counts.waits[i] += one.waits[i] * times;
        return true;
    }
    if (counter == "herd" && (line.type == "h" || line.type == "ms")) {
        told.herds.note(static_cast<std::uint32_t>(std::llround(line.value)), static_cast<std::uint64_t>(std::llround(1 / line.rate)));
        return true;
    }
    if (line.type != "c")
        return false;
    const auto by = static_cast<std::uint64_t>(std::llround(line.value / line.rate));
    for (const auto &known : leaseCounters()) {
        if (known.name == counter) {
            counts.*known.member += by;
            return true;
        }
    }
    for (std::size_t i = 0; i < counts.waits.size(); ++i) {
        if (waitBucketName(i) == counter) {
            counts.waits[i] += by;
            return true;
        }
    }
    for (std::size_t i = 0; i < told.herds.sizes.size(); ++i) {
        if (facts::herdBucketName(i) == counter) {
            told.herds.sizes[i] += by;
            return true;
        }
    }
    return false;
}

} // namespace

std::vector<std::string> leaseDatagrams(std::string_view pool, const ClientCounts &counts)
{
    std::vector<std::string> datagrams;
    const auto append = [&](std::string_view counter, std::uint64_t value) {
        if (value == 0)
            return;
        const std::string line =
            std::string(statsPrefix) + std::string(pool) + "." + std::string(counter) + ":" + std::to_string(value) + "|c";
        if (datagrams.empty() || datagrams.back().size() + line.size() >= largestDatagram)
            datagrams.push_back(line);
        else
            datagrams.back() += "\n" + line;
    };
    for (const auto &counter : leaseCounters())
        append(counter.name, counts.leases.*counter.member);
    for (std::size_t i = 0; i < counts.leases.waits.size(); ++i)
        append(waitBucketName(i), counts.leases.waits[i]);
    for (std::size_t i = 0; i < counts.herds.sizes.size(); ++i)
        append(facts::herdBucketName(i), counts.herds.sizes[i]);
    return datagrams;
}

std::size_t addLeaseDatagram(std::string_view datagram, std::map<std::string, ClientCounts> &pools)
{
    std::size_t unread = 0;
    while (!datagram.empty()) {
        const auto end = std::min(datagram.find('\n'), datagram.size());
        const auto text = datagram.substr(0, end);
        datagram.remove_prefix(std::min(end + 1, datagram.size()));
        if (!text.starts_with(statsPrefix))
            continue; // somebody else's counter
        StatsLine line;
        if (!readStatsLine(text, line)) {
            ++unread;
            continue;
        }
        const auto dot = line.name.rfind('.');
        const auto pool = dot > statsPrefix.size() ? line.name.substr(statsPrefix.size(), dot - statsPrefix.size()) : std::string_view();
        const auto found = pools.find(std::string(pool)); // a pool that the fleet does not declare would grow this for ever
        if (found == pools.end() || !addStatsLine(line, line.name.substr(dot + 1), found->second))
            ++unread;
    }
    return unread;
}

base::Result<LeaseReporter> LeaseReporter::open(const fleet::Endpoint &statsd, std::string pool)
{
    const auto numeric = wire::numericAddress(statsd.host, std::chrono::steady_clock::now() + nameDeadline);
    if (!numeric)
        return base::fail(numeric.error());
    addrinfo hints = {};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo *found = nullptr;
    if (const int bad = ::getaddrinfo(numeric->c_str(), std::to_string(statsd.port).c_str(), &hints, &found); bad != 0)
        return base::fail(base::ErrorCode::NotFound, ::gai_strerror(bad));
    LeaseReporter reporter(::socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), std::move(pool));
    const bool isConnected = reporter.m_fd >= 0 && ::connect(reporter.m_fd, found->ai_addr, found->ai_addrlen) == 0;
    const int why = errno;
    ::freeaddrinfo(found);
    if (!isConnected)
        return base::fail(base::ErrorCode::Io, std::strerror(why));
    return reporter;
}

LeaseReporter::~LeaseReporter()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

LeaseReporter::LeaseReporter(LeaseReporter &&other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_pool(std::move(other.m_pool)), m_told(other.m_told)
{
}

void LeaseReporter::report(const ClientCounts &counts)
{
    ClientCounts grown = counts;
    grown -= m_told;
    m_told = counts;
    for (const std::string &datagram : leaseDatagrams(m_pool, grown))
        (void)::send(m_fd, datagram.data(), datagram.size(), MSG_NOSIGNAL);
}

} // namespace shardlens::cacheflow
