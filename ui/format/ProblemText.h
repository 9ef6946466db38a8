// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Goal.h"
#include "core/facts/Snapshot.h"
#include "core/operate/Intent.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace shardlens::ui::format {

/// A problem in words. The short form fits a row; the sentence says what, where, how much and since when.
struct ProblemText {
    static constexpr int kLine1 = 48; ///< characters, at most
    static constexpr int kLine2 = 60;
    static constexpr int kButton = 16;

    QString line1;    ///< what and where
    QString line2;    ///< evidence and impact, after "7 consequences" where there are any
    QString button;   ///< verb and object, of what can be done in this console; never empty
    QString sentence; ///< all of it, in full sentences
    QString toDo;     ///< what to do about it, one sentence
    bool operator==(const ProblemText &) const = default;
};

[[nodiscard]] ProblemText problemText(const facts::Problem &problem, const facts::Snapshot &snapshot);

/// "512 of 1,024 users shards, about 48 % of users": what is hit, and how many; empty where nothing is counted.
[[nodiscard]] QString impactText(const facts::Problem &problem);
/// "7 consequences"; empty for none.
[[nodiscard]] QString consequencesText(const facts::Problem &problem);
/// The name of what the problem is about: the cluster, group, pool, server or region, in this order.
[[nodiscard]] QString placeName(const facts::Place &place);
/// What the problem's button and badge lead to: "replication", "shards", "redis", "cache" or "overview".
[[nodiscard]] QString pageOf(const facts::Problem &problem);
/// The smallest act that mends it, whose plan the problem's button opens; nothing where none does.
[[nodiscard]] std::optional<operate::Intent> planOf(const facts::Problem &problem);
/// The same of many moves: a region that is lost to others too is evacuated.
[[nodiscard]] std::optional<campaign::Goal> campaignOf(const facts::Problem &problem);
/// Everything the problem says, a line a reading, for the clipboard.
[[nodiscard]] QString problemReport(const facts::Problem &problem, const facts::Snapshot &snapshot);
/// An ended problem's line 1 and what took how long: "lasted 4 min".
[[nodiscard]] QString lastedText(const facts::Problem &problem, facts::UtcTime endedAt);

} // namespace shardlens::ui::format
