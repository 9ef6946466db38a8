// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "core/operate/Plan.h"

#include <QString>
#include <QStringList>

#include <string>

namespace shardlens::ui::format {

// A plan as a page shows it: titles, sentences, reasons.

/// "Switch u1 to u1-us-west", "Fail u1 over to u1-us-west": the title of a plan, and what its button says. Without a server: "Switch u1 over".
[[nodiscard]] QString actText(operate::Act act, const base::ClusterName &cluster, const base::ServerId &to);
/// The same of any act: a move to `to`; "Pause u1 on router-us-east", "Drop the slot m1_eu_west on m1-us-east".
[[nodiscard]] QString actText(const operate::Intent &intent, const base::ServerId &to);
[[nodiscard]] QString actWord(operate::Act act); ///< switchover, failover, router pause, …
/// What a smaller act changes for others, in a sentence; what it leaves standing once it is done, or nothing.
[[nodiscard]] QString smallEffectText(const operate::SmallAct &act);
[[nodiscard]] QString smallDoneText(const operate::SmallAct &act);
[[nodiscard]] QString smallActWord(operate::Act act);    ///< as the command line names it: router pause
[[nodiscard]] QString smallActButton(operate::Act act);  ///< "Resume router…"
[[nodiscard]] QString smallTrouble(operate::CheckId id); ///< what is so where a smaller act's check does not pass
[[nodiscard]] QString planButton(operate::Act act);      ///< "Plan switchover…"

/// What is so: the title where the check passed, what is wrong where it did not, "Not known: …" where nobody knows.
[[nodiscard]] QString checkSentence(const operate::Check &check);
/// Its readings in brief, without sources and ages: "replay lag 8.62 s, limit 1.00 s".
[[nodiscard]] QString checkReading(const operate::Check &check);
[[nodiscard]] QString topicTitle(operate::Topic topic);

/// The title of a step where names have little room: more than two targets are counted, and stand in full where the step is opened.
[[nodiscard]] QString stepHead(const operate::Step &step);

/// What a person confirms: the act, then what it costs, what is lost, until when it can be undone, and what has to be typed.
struct Confirmation {
    QString act;  ///< "Move the primary of u1 from u1-us-east to u1-us-west."
    QString cost; ///< "512 shards take no writes for about 0.83 s. Nothing is lost. …"
};
[[nodiscard]] Confirmation confirmation(const operate::Plan &plan, bool typesName);

/// "u1-us-west.role: primary, was standby"
[[nodiscard]] QString differenceText(const operate::Difference &difference);

/// Why the fleet may not be acted on by this database user of it, who could, and how; empty if it may. `user` may be
/// empty: the fleet file's first that may.
[[nodiscard]] QString actingRefusal(const fleet::Fleet &fleet, const std::string &user);
/// The same where there is little room: "Looking only: acting is not switched on".
[[nodiscard]] QString actingRefusalBrief(const fleet::Fleet &fleet, const std::string &user);

} // namespace shardlens::ui::format
