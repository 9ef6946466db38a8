// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Known.h"
#include "core/facts/Snapshot.h"
#include "ui/theme/ColourRole.h"

#include <QString>

#include <optional>
#include <utility>

namespace shardlens::ui::format {

/// What a place on the screen shows of one fact: the text, its colour role, and how it is drawn.
struct FormattedFact {
    enum class State : std::uint8_t {
        Asking,        ///< muted "…", after 300 ms "asking, 0.8 s"
        Fresh,         ///< plain
        Stale,         ///< muted, dotted underline, clock shape; `age` always visible
        Unknown,       ///< hatch; says why
        NotApplicable, ///< "-" muted
        Down,          ///< as stale; the outline takes the severity of the problem
    };

    QString text;
    QString detail; ///< the whole reason or the age: for the tooltip and the inspector
    QString age;    ///< "14 s"; empty when there was no answer
    theme::ColourRole role = theme::ColourRole::Text;
    State state = State::Fresh;

    bool operator==(const FormattedFact &) const = default;
};

/// "needs pg_monitor": why a fact is not known, without the word unknown.
[[nodiscard]] QString reason(const facts::Unknown &unknown);
/// "unknown: needs pg_monitor".
[[nodiscard]] QString unknownText(const facts::Unknown &unknown);

/// Where a value stands between its server and the screen. `age` is of the sample it comes from.
struct FactAge {
    facts::Freshness freshness = facts::Freshness::Fresh;
    std::optional<base::microseconds> age;   ///< since the newest answer; empty if none came
    base::microseconds asking{0};            ///< how long the first answer has been waited for
};
/// The age of a server's facts in a snapshot; asking where the server is not in it.
[[nodiscard]] FactAge ageOf(const facts::Snapshot &snapshot, const base::ServerId &server);

[[nodiscard]] FormattedFact formattedValue(const QString &text, const FactAge &age);
[[nodiscard]] FormattedFact formattedUnknown(const facts::Unknown &unknown, const FactAge &age);
[[nodiscard]] FormattedFact notApplicable();

/// `value` by `write`, or why it is not known. NoValue is "none" in the words of the caller, where it has any.
template <class T, class Write>
[[nodiscard]] FormattedFact formatted(const facts::Known<T> &value, const FactAge &age, Write &&write, const QString &none = {})
{
    if (value)
        return formattedValue(std::forward<Write>(write)(*value), age);
    if (value.error().why == facts::WhyUnknown::NoValue && !none.isNull())
        return formattedValue(none, age);
    return formattedUnknown(value.error(), age);
}

/// A text of what is known alone, for CSV and single labels: the value, or "unknown: why".
template <class T, class Write>
[[nodiscard]] QString valueOr(const facts::Known<T> &value, Write &&write)
{
    return value ? std::forward<Write>(write)(*value) : unknownText(value.error());
}

} // namespace shardlens::ui::format
