// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/Arming.h"

#include "ui/format/PlanText.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::operate {

namespace {

struct ArmingWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::operate::Arming)
};

ForceEntry entryOf(const ArmingInput &input, CheckId id)
{
    const auto found = input.forced.find(id);
    return found == input.forced.end() ? ForceEntry() : found->second;
}

/// What of the plan itself keeps it from being started.
QString missingOfPlan(const ArmingInput &input)
{
    if (input.plan && hardBlockOf(*input.plan))
        return ArmingWords::tr("Blocked by a check");
    if (!input.plan || input.plan->steps.empty())
        return ArmingWords::tr("There is nothing to start");
    for (const Check *check : forceableOf(*input.plan)) {
        const ForceEntry entry = entryOf(input, check->id);
        if (!entry.isTicked)
            return ArmingWords::tr("A blocking check is not forced");
        if (entry.reason.trimmed().isEmpty())
            return ArmingWords::tr("A forced check needs its reason");
    }
    const ForceEntry word = entryOf(input, CheckId::OldPrimaryStopped);
    if (promisedOf(*input.plan) && word.isTicked && word.reason.trimmed().isEmpty())
        return ArmingWords::tr("Your word needs its reason");
    return {};
}

Arming armingOfFields(const ArmingInput &input, const QString &name)
{
    if (input.isLocal)
        return {true, {}};
    if (input.name != name)
        return {false, ArmingWords::tr("Type %1").arg(name)};
    return input.reason.trimmed().isEmpty() ? Arming{false, ArmingWords::tr("Give a reason")} : Arming{true, {}};
}

} // namespace

std::vector<const Check *> forceableOf(const Plan &plan)
{
    std::vector<const Check *> found;
    for (const Check &check : plan.checks) {
        if (isBlocking(check) && check.forceable)
            found.push_back(&check);
    }
    return found;
}

const Step *promisedOf(const Plan &plan)
{
    const auto check = std::find_if(plan.checks.begin(), plan.checks.end(), [](const Check &one) { return one.id == CheckId::OldPrimaryStopped; });
    if (check == plan.checks.end() || check->verdict != Verdict::Warning)
        return nullptr;
    const auto step = std::find_if(plan.steps.begin(), plan.steps.end(), [](const Step &one) { return one.kind == StepKind::Stonith; });
    return step == plan.steps.end() ? nullptr : &*step;
}

const Check *hardBlockOf(const Plan &plan)
{
    const auto found = std::find_if(plan.checks.begin(), plan.checks.end(), [](const Check &check) { return isBlocking(check) && !check.forceable; });
    return found == plan.checks.end() ? nullptr : &*found;
}

Arming armingOf(const ArmingInput &input)
{
    if (!input.hindrance.isEmpty())
        return {false, input.hindrance};
    if (const QString missing = missingOfPlan(input); !missing.isEmpty())
        return {false, missing};
    return armingOfFields(input, format::text(subjectOf(input.plan->intent)));
}

Arming armingOf(const ConfirmWords &words, const ArmingInput &input)
{
    if (!input.hindrance.isEmpty())
        return {false, input.hindrance};
    return words.missing.isEmpty() ? armingOfFields(input, words.name) : Arming{false, words.missing};
}

ActRequest requestOf(const ArmingInput &input)
{
    ActRequest request;
    const Plan &plan = *input.plan;
    request.intent = isMove(actOf(plan.intent)) ? withCandidate(plan.intent, plan.to) : plan.intent;
    request.fingerprint = plan.fingerprint;
    request.reason = input.reason.trimmed().toStdString();
    for (const Check *check : forceableOf(plan))
        request.forced.push_back({check->id, entryOf(input, check->id).reason.trimmed().toStdString()});
    if (const ForceEntry word = entryOf(input, CheckId::OldPrimaryStopped); promisedOf(plan) && word.isTicked)
        request.forced.push_back({CheckId::OldPrimaryStopped, word.reason.trimmed().toStdString()});
    return request;
}

} // namespace shardlens::ui::operate
