// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/JsonWriter.h"
#include "core/base/Clock.h"
#include "core/base/Iso8601.h"
#include "core/facts/Observation.h"
#include "core/facts/Problem.h"
#include "core/facts/Snapshot.h"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::ctl {

// How facts stand in JSON: durations in milliseconds (the key says so), sizes in bytes, times in ISO 8601 UTC. A fact that is
// not known is null, and "<key>_unknown" beside it says why: "no_rights: pg_monitor".

[[nodiscard]] inline double inMs(base::microseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

inline void unknownMember(JsonWriter &json, std::string_view key, const facts::Unknown &unknown)
{
    std::string why(facts::name(unknown.why));
    if (!unknown.detail.empty())
        why += ": " + unknown.detail;
    json.key(key).null().member(std::string(key) + "_unknown", why);
}

template <class T, class Convert>
void knownMember(JsonWriter &json, std::string_view key, const facts::Known<T> &fact, Convert &&convert)
{
    if (fact)
        json.member(key, convert(*fact));
    else
        unknownMember(json, key, fact.error());
}

inline void knownMember(JsonWriter &json, std::string_view key, const facts::Known<base::microseconds> &fact)
{
    knownMember(json, key, fact, inMs);
}

inline void knownMember(JsonWriter &json, std::string_view key, const facts::Known<base::Bytes> &fact)
{
    knownMember(json, key, fact, [](base::Bytes bytes) { return bytes.count; });
}

template <class T>
void knownMember(JsonWriter &json, std::string_view key, const facts::Known<T> &fact)
{
    knownMember(json, key, fact, [](const T &value) { return value; });
}

template <class Tag>
void knownMember(JsonWriter &json, std::string_view key, const facts::Known<base::Name<Tag>> &fact)
{
    knownMember(json, key, fact, [](const base::Name<Tag> &name) { return name.text(); });
}

/// What `read` tells of what a server said; null where it never answered, so that its line has every key too.
template <class Held, class Read>
void heldMember(JsonWriter &json, std::string_view key, const Held *held, Read &&read)
{
    if (held)
        json.member(key, std::invoke(read, *held));
    else
        json.key(key).null();
}

/// Keys that other lines of the command have, and this one has nothing to say under.
inline void nullMembers(JsonWriter &json, std::initializer_list<std::string_view> keys)
{
    for (const std::string_view key : keys)
        json.key(key).null();
}

/// An empty name is null.
template <class Tag>
void nameMember(JsonWriter &json, std::string_view key, const base::Name<Tag> &name)
{
    if (name.isEmpty())
        json.key(key).null();
    else
        json.member(key, name.text());
}

inline void timeMember(JsonWriter &json, std::string_view key, const std::optional<base::UtcTime> &time)
{
    if (time)
        json.member(key, base::isoUtc(*time));
    else
        json.key(key).null();
}

/// "fresh" and "answer_age_ms": how old what the server says is.
void freshMembers(JsonWriter &json, const facts::Observation *observation, const facts::Snapshot &snapshot);

/// The problem's own keys, without braces.
void problemMembers(JsonWriter &json, const facts::Problem &problem, const facts::Snapshot &snapshot);

} // namespace shardlens::ctl
