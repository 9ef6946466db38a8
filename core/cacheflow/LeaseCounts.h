// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/LeaseCounts.h"

namespace shardlens::cacheflow {

using facts::LeaseCounter;
using facts::leaseCounters;
using facts::LeaseCounts;
using facts::waitBucketName;

} // namespace shardlens::cacheflow
