// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Lsn.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace shardlens::effects {

/// Where the record ends that this line of pg_waldump's tells ("rmgr: … len (rec/tot): 66/ 66, tx: 723, lsn: 0/015006D0, …"): behind it, and
/// behind the page headers that it spans, on the next multiple of 8. Nothing where the line tells no record. Pages are of 8 KiB.
[[nodiscard]] std::optional<base::Lsn> endOfRecord(std::string_view line, std::uint64_t segmentSize);

} // namespace shardlens::effects
