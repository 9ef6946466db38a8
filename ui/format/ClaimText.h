// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>
#include <QStringList>

namespace shardlens::ui::format {

/// What consoles tell one another of one problem, in words.
struct ClaimText {
    QString onIt;      ///< "oncall1 is on it", "nobody is on it yet"; empty where the directory was never read
    QString quiet;     ///< "Quiet until 03:44Z by oncall1: rebooting"; empty if it is not
    QString whyNot;    ///< why this person cannot claim, who could and how; empty if they can
    QString trouble;   ///< that the directory does not answer, and of when the rest is; empty if it does
    QStringList others; ///< "Console of oncall1 in us-west lost u1-us-east too."
    bool isClaimed = false;
    bool isYours = false;
    bool isQuiet = false;
    bool isMarked = false; ///< quiet because its server is marked for maintenance
    bool operator==(const ClaimText &) const = default;
};

/// Names up to date with the snapshot's own `shared`; all empty where there is none.
[[nodiscard]] ClaimText claimText(const facts::Problem &problem, const facts::Snapshot &snapshot);

/// "oncall1", and who logged in as that where another name: "oncall1 (anna on ws3)".
[[nodiscard]] QString personText(const facts::Person &person);
/// Why this console's person cannot claim: what is missing, who could, how.
[[nodiscard]] QString refusalText(facts::ClaimRefusal refusal, const std::string &you, const std::vector<std::string> &whoMay);
/// Which refusal an error of desk's errands stands for; None where it is another trouble.
[[nodiscard]] facts::ClaimRefusal refusalIn(const base::Error &error);
/// "The directory does not answer (…).", or that it cannot be asked.
[[nodiscard]] QString directoryTrouble(const base::Error &error);
/// What the other consoles say of the server, or the region, that a problem is about; empty where it is about none.
[[nodiscard]] QStringList otherConsoles(const facts::Problem &problem, const facts::Snapshot &snapshot);
/// "us-west: 30 of 33 servers, has lost u1-us-east": what one console reaches.
[[nodiscard]] QString reachText(const facts::ConsoleSeen &seen);

} // namespace shardlens::ui::format
