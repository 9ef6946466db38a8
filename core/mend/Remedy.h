// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Answer.h"

#include <string>
#include <vector>

namespace shardlens::mend {

/// What puts one finding of a look-up right.
struct Remedy {
    enum class Kind : std::uint8_t {
        DeleteKey, ///< the cached copy of `region`: the next reader fills it from the row
        MendEntry, ///< the media map's entry
    };
    Kind kind = Kind::DeleteKey;
    std::string key;         ///< DeleteKey
    base::RegionName region; ///< DeleteKey; empty: in every region
    std::uint64_t media = 0; ///< MendEntry
    bool operator==(const Remedy &) const = default;
};

/// The remedies of a look-up's findings, in their order. A standby that is behind has none here: it catches up, or its cluster's page
/// tells why not. Pure.
[[nodiscard]] std::vector<Remedy> remediesOf(const inspect::lookup::Answer &answer);
/// Whether the media map's entry is among what is wrong.
[[nodiscard]] bool mapIsWrong(const inspect::lookup::Answer &answer);
/// The media that was looked at; 0 where it is none.
[[nodiscard]] std::uint64_t mediaOf(const inspect::lookup::Answer &answer);

/// As `shardlensctl` is told it: "cache delete m:42 --region eu-west", "mediamap mend --media 42".
[[nodiscard]] std::string commandFor(const Remedy &remedy);

} // namespace shardlens::mend
