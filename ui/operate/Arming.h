// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/ActRequest.h"

#include <QString>

#include <map>
#include <optional>

namespace shardlens::ui::operate {

/// What a person entered for one check that blocks and may be forced.
struct ForceEntry {
    bool isTicked = false;
    QString reason;
    bool operator==(const ForceEntry &) const = default;
};

/// All that decides whether the button may be pressed.
struct ArmingInput {
    const Plan *plan = nullptr;
    bool isLocal = false;      ///< by the button alone: neither name nor reason
    QString name;              ///< as typed
    QString reason;
    std::map<CheckId, ForceEntry> forced;
    QString hindrance;         ///< of the page: the plan has changed, another operation runs, it is being started; empty for none
};

struct Arming {
    bool isArmed = false;
    QString missing;           ///< what is missing, a few words; empty if armed
    bool operator==(const Arming &) const = default;
};

/// Nothing is armed on a guess: a plan, nothing that blocks but what is forced with a reason, the name of what is acted on letter by
/// letter, a reason.
[[nodiscard]] Arming armingOf(const ArmingInput &input);

/// What is confirmed where it is more than one plan.
struct ConfirmWords {
    QString act;     ///< "Evacuate us-east: move 6 clusters to us-west."
    QString cost;
    QString button;
    QString name;    ///< what has to be typed
    QString missing; ///< why there is nothing to start; empty if there is
    bool operator==(const ConfirmWords &) const = default;
};
[[nodiscard]] Arming armingOf(const ConfirmWords &words, const ArmingInput &input); ///< of `input` all but the plan and what is forced

/// Checks that block and may be forced, in the plan's order.
[[nodiscard]] std::vector<const Check *> forceableOf(const Plan &plan);
/// The step that turns a host off by a command, where the plan counts on that: a person who knows that the host is off may give their
/// word for when the command fails. It is entered as CheckId::OldPrimaryStopped, and arms nothing. Null where there is none.
[[nodiscard]] const Step *promisedOf(const Plan &plan);
/// The first that blocks and may not be forced; null if none does.
[[nodiscard]] const Check *hardBlockOf(const Plan &plan);

/// What is handed over once the button is pressed.
[[nodiscard]] ActRequest requestOf(const ArmingInput &input);

} // namespace shardlens::ui::operate
