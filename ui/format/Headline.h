// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>
#include <QStringList>

namespace shardlens::ui::format {

/// The first sentence on the screen: the answer.
struct Headline {
    enum class Verdict : std::uint8_t { Asking, Well, Unknown, Warning, Critical };
    Verdict verdict = Verdict::Asking;
    QString sentence; ///< "Writes fail on u1: 512 of 1,024 users shards, about 50 % of users. Reads work."
    QStringList shorter; ///< the same with less of it, longest first, for where the sentence has no room; may be empty
    QString note;     ///< muted behind it: "Last problem ended 02:41Z (u2, 4 min)." or "12 of 33 answered"
    QString notObserved; ///< where all is well: "Not observed: application servers, queues."
    QString aside;    ///< at the right: "since 03:13:41Z, read 0.6 s ago"
    bool operator==(const Headline &) const = default;
};

/// What people feel decides (facts::Harm), then severity, then age: writes refused, wrong or lost data, reads refused, redundancy lost,
/// slow, will fail, untidy. The share of users comes from row estimates; it is left out where they are not known.
/// Never "no problems" before every server answered or timed out.
[[nodiscard]] Headline headlineFor(const facts::Snapshot &snapshot);

/// True when every server has answered once or is down: none is drawn as asking any more.
[[nodiscard]] bool allAnsweredOrTimedOut(const facts::Snapshot &snapshot);

/// Regions of which no server answers though they were asked, in fleet order, and how many servers are silent over all. Not told (none
/// silent) where every server is: that is another matter.
struct NotSeen {
    QStringList regions;
    int silent = 0;
    int servers = 0;
};
[[nodiscard]] NotSeen notSeenFromHere(const facts::Snapshot &snapshot);
/// "eu-west is not seen from here: 9 of 27 servers do not answer. Totals count only what is seen."; empty where every region is seen.
[[nodiscard]] QString notSeenText(const NotSeen &notSeen);

/// "33 of 33 servers, 0.4 s": the header's freshness.
[[nodiscard]] QString answersText(const facts::Snapshot &snapshot);

} // namespace shardlens::ui::format
