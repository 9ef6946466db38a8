// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>
#include <QStringList>

#include <cstdint>

namespace shardlens::ui::format {

// How far a standby is behind, which way that goes, and when it ends.

enum class BacklogWay : std::uint8_t {
    NotKnown,
    Stopped, ///< nothing comes any more
    Steady,
    Shrinks,
    Grows,   ///< or its slot fills
};

/// "2.1 MiB/s, limit at 06:31Z", "caught up in about 6 min", "steady".
struct BacklogWords {
    QString text;
    BacklogWay way = BacklogWay::NotKnown;
    bool warns = false;
    QString brief = {}; ///< its number alone, beside an arrow; empty: the text is brief
};
[[nodiscard]] BacklogWords backlogWords(const facts::StandbyLag &lag, facts::UtcTime now);

/// "not streaming", "replay paused"; empty while it streams.
[[nodiscard]] QString standbyStateWord(facts::StandbyState state);

/// "u1-eu-west is 312 MiB behind, growing 2.10 MiB/s; its slot reaches its limit at 06:31Z."; empty where neither bytes nor an end are
/// known.
[[nodiscard]] QString backlogSentence(const facts::StandbyLag &lag, facts::UtcTime now);

/// A sentence for each standby that a problem or what follows from it holds back, those with an end first; at most three, then
/// "and 4 more". Empty for problems that hold none back.
[[nodiscard]] QStringList backlogLines(const facts::Problem &problem, const facts::Snapshot &snapshot);

} // namespace shardlens::ui::format
