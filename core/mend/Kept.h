// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/mend/Plan.h"

#include <optional>
#include <string>

namespace shardlens::mend {

/// What a journal's lines tell of one mend. In <state>/shardlens/mends/<fleet>/<id>.jsonl: what is about to be written, with what
/// stood there, on disk before it is sent, and again where others wrote meanwhile; then how it ended.
struct Kept {
    enum class End : std::uint8_t {
        Open,    ///< nothing more is known: it may or may not have been written
        Written,
        Failed,  ///< provably nothing was written
        Undone,
    };
    std::string id;
    Plan plan; ///< as it was written: what was carried on is in its list
    std::string by;
    std::string reason;
    base::UtcTime at;
    End end = End::Open;
    bool operator==(const Kept &) const = default;
};

[[nodiscard]] std::string planLine(const Kept &kept);
[[nodiscard]] std::string endLine(Kept::End end, const std::string &said);
/// BadInput where a line is no such line.
[[nodiscard]] base::Result<Kept> keptIn(const std::string &id, const std::vector<std::string> &lines);

} // namespace shardlens::mend
