// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids/IdLayout.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace shardlens::ctl {

/// Appends one line for `input`: tab-separated "input id shortcode minted_at shard sequence" or "input error: why"; as JSON an
/// object with those keys, or with input and error. False if the input is no ID. No allocation while `out` has room.
bool appendDecodedText(std::string &out, std::string_view input, const ids::IdLayout &layout);
bool appendDecodedJson(std::string &out, std::string_view input, const ids::IdLayout &layout);

struct BulkOutcome {
    bool allDecoded = true;
    int failed = 0; ///< errno of a read or write that failed, else 0
};

/// Decodes a line each from the file descriptor `in` onto `out` until the end, and answers at once what was read so far,
/// so that it also serves a conversation over a pipe.
[[nodiscard]] BulkOutcome decodeLines(int in, int out, const ids::IdLayout &layout, bool json);

} // namespace shardlens::ctl
