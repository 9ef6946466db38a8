// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace shardlens::facts {

/// Why a fact is not known. Never a zero, always a reason.
enum class WhyUnknown : std::uint8_t {
    NotAskedYet,   ///< no answer has come yet
    NoValue,       ///< the server said NULL: it has no such value now
    NoRights,      ///< this user may not read it; the detail names the missing grant
    NotConfigured, ///< the fleet file declares nothing that would tell it (heartbeat, directory, guard)
    NotSupported,  ///< this server version or kind cannot tell it
    NotAnalysed,   ///< the table was never analysed
    ServerSilent,  ///< the server that would tell it does not answer
    Reset,         ///< a counter began anew (restart, role change): no rate yet
    Unreadable,    ///< the answer could not be understood; the detail quotes it
};

struct Unknown {
    WhyUnknown why = WhyUnknown::NotAskedYet;
    std::string detail; ///< a name or number for the reason ("pg_monitor"), never a sentence

    bool operator==(const Unknown &) const = default;
};

/// A fact, or why it is not known.
template <class T>
using Known = tl::expected<T, Unknown>;

[[nodiscard]] inline tl::unexpected<Unknown> unknown(WhyUnknown why, std::string detail = {})
{
    return tl::unexpected<Unknown>(Unknown{why, std::move(detail)});
}

/// A fact that starts unknown: members of samples are declared as `Known<T> x = notAsked<T>();`.
template <class T>
[[nodiscard]] Known<T> notAsked()
{
    return unknown(WhyUnknown::NotAskedYet);
}

[[nodiscard]] std::string_view name(WhyUnknown why); ///< snake_case, stable: "no_rights"

} // namespace shardlens::facts
