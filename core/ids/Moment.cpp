// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Moment.h"

#include "core/base/Iso8601.h"
#include "core/ids/Shortcode.h"

namespace shardlens::ids {

std::optional<std::int64_t> parseMoment(std::string_view text)
{
    if (const auto time = base::parseIso(text))
        return std::chrono::floor<base::milliseconds>(*time).time_since_epoch().count();
    const auto ms = parseDecimal(text);
    if (!ms || *ms >> 62 != 0)
        return std::nullopt;
    return static_cast<std::int64_t>(*ms);
}

} // namespace shardlens::ids
