// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>

namespace shardlens::ui::format {

/// How an event reads in a list.
struct EventText {
    enum class Sort : std::uint8_t { Role, Setting, Began, Ended, Claim, Console };
    Sort sort = Sort::Role;
    QString at;    ///< "03:13:41Z", "before 03:14:02Z"; with the day where that is not today
    QString where; ///< "u1-us-east", "router-eu-west"
    QString what;  ///< "restarted", "archive_mode changed from off to on"
    bool operator==(const EventText &) const = default;
};

[[nodiscard]] EventText eventText(const facts::Event &event, const facts::Snapshot &snapshot);

/// "In the 30 min before 03:13Z: 1 setting changed (02:58Z), no restart, no role change": what changed before the worst problem
/// that runs; empty if none does.
[[nodiscard]] QString beforeText(const facts::Snapshot &snapshot);

} // namespace shardlens::ui::format
