// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/JsonWriter.h"

namespace shardlens::ctl {

/// What a sample of cached items found, without braces: alike for the sample that this program takes and the one that an invalidator tells.
template <class Sample>
void staleMembers(JsonWriter &json, const Sample &found)
{
    json.member("compared", found.compared).member("stale", found.stale).member("late", found.late).member("orphans", found.orphans);
    json.member("unread", found.unread);
    if (found.oldest)
        json.member("oldest_ms", found.oldest->count() / 1000);
    else
        json.key("oldest_ms").null();
    json.key("stale_keys").beginArray();
    for (const auto &key : found.staleKeys)
        json.text(key);
    json.endArray();
}

} // namespace shardlens::ctl
