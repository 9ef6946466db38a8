// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Problem.h"

#include <QString>
#include <QStringList>

#include <initializer_list>
#include <optional>

namespace shardlens::ui::format {

/// A reading's name in words: "replay_lag" is "replay lag".
[[nodiscard]] QString readingName(const std::string &reading);
/// A reading's value with its unit, by its type and name.
[[nodiscard]] QString readingValue(const std::string &reading, const facts::Evidence::Value &value);

/// The first of `readings` that the problem carries.
[[nodiscard]] const facts::Evidence *findEvidence(const facts::Problem &problem, std::initializer_list<const char *> readings);
/// The value of the first of `readings`, in words; empty if none is there.
[[nodiscard]] QString evidenceValue(const facts::Problem &problem, std::initializer_list<const char *> readings);

/// "replay lag 8.62 s, limit 5.00 s, told by u1-us-east, 0.6 s ago".
[[nodiscard]] QString evidenceText(const facts::Evidence &evidence, facts::Instant now);
/// The readings alone, for a short line: "replay lag 8.62 s, limit 5.00 s".
[[nodiscard]] QString evidenceShort(const facts::Evidence &evidence);

} // namespace shardlens::ui::format
