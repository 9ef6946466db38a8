// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/LookJson.h"
#include "core/base/Iso8601.h"

#include <optional>
#include <string>

namespace shardlens::ctl {

// Pieces that the JSON of several look-ups is made of.

[[nodiscard]] inline std::optional<std::string> idString(std::uint64_t id) ///< 0 is no ID: null
{
    return id == 0 ? std::nullopt : std::optional(std::to_string(id));
}

void writeTime(JsonWriter &json, const char *key, const std::optional<base::UtcTime> &time); ///< null where there is none
void writeMasked(JsonWriter &json, const char *key, const inspect::lookup::Masked<std::string> &field);
void writeKnown(JsonWriter &json, const char *key, const inspect::lookup::Known<std::int64_t> &number);
void writeUnknown(JsonWriter &json, const facts::Unknown &unknown);
void writeFrom(JsonWriter &json, const inspect::lookup::ReadFrom &from);
void writeRecording(JsonWriter &json, const inspect::lookup::Recording &recording);
void writeCourse(JsonWriter &json, const std::vector<inspect::lookup::Trouble> &troubles,
                 const std::vector<inspect::lookup::StageTiming> &stages);

/// Who did not answer, how long the rounds took, when it was asked.
template <class Out>
void writeRounds(JsonWriter &json, const Out &out)
{
    writeCourse(json, out.troubles, out.stages);
    json.member("took_us", out.took.count());
    writeTime(json, "asked_at", out.askedAt);
}

} // namespace shardlens::ctl
