// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/cacheflow/LeaseCounts.h"
#include "core/fleet/Fleet.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::cacheflow {

/// What clients counted since they last said so, as StatsD lines, one a counter that moved: `shardlens.lease.<pool>.granted:3|c`.
/// Waits and herds are counters a bucket (`wait_le_5`, `herd_le_20`), or single values: `wait:3.2|ms`, `herd:17|h`. Each text fits one datagram.
[[nodiscard]] std::vector<std::string> leaseDatagrams(std::string_view pool, const ClientCounts &counts);

/// Adds what a datagram says to the pools' counts. Lines of other names are passed over; sample rates (`|@0.1`) are scaled up.
/// Answers how many of its lines could not be read.
[[nodiscard]] std::size_t addLeaseDatagram(std::string_view datagram, std::map<std::string, ClientCounts> &pools);

/// Sends one process's lease counts to its region's invalidator, over UDP: nothing waits for it, and nothing fails by it. One thread.
class LeaseReporter
{
public:
    /// Errors: NotFound for a name without an address, Io.
    [[nodiscard]] static base::Result<LeaseReporter> open(const fleet::Endpoint &statsd, std::string pool);
    ~LeaseReporter();
    LeaseReporter(LeaseReporter &&other) noexcept;
    LeaseReporter &operator=(LeaseReporter &&) = delete;

    /// Sends what `counts` grew by since the last call; call it about once a second.
    void report(const ClientCounts &counts);

private:
    LeaseReporter(int fd, std::string pool) : m_fd(fd), m_pool(std::move(pool)) {}
    int m_fd = -1;
    std::string m_pool;
    ClientCounts m_told;
};

} // namespace shardlens::cacheflow
