// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Units.h"

namespace shardlens::facts {

/// Room on the file system of a server's data directory; where its log lies on another, of the one with less.
struct DiskSpace {
    base::Bytes free{0};  ///< for the server's owner: what is kept back for root is none
    base::Bytes total{0};
    base::Instant readAt; ///< on the observer's clock
    bool operator==(const DiskSpace &) const = default;
};

} // namespace shardlens::facts
