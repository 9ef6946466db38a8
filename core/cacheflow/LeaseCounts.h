// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/HerdCounts.h"
#include "core/facts/LeaseCounts.h"

namespace shardlens::cacheflow {

using facts::HerdCounts;
using facts::LeaseCounter;
using facts::leaseCounters;
using facts::LeaseCounts;
using facts::waitBucketName;

/// All that clients count: what became of their reads, and the herds whose end they saw. A value.
struct ClientCounts {
    LeaseCounts leases;
    HerdCounts herds;

    ClientCounts &operator+=(const ClientCounts &other) { return leases += other.leases, herds += other.herds, *this; }
    ClientCounts &operator-=(const ClientCounts &other) { return leases -= other.leases, herds -= other.herds, *this; }
    bool operator==(const ClientCounts &) const = default;
};

} // namespace shardlens::cacheflow
