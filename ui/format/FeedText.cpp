// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/FeedText.h"

#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <QStringList>

#include <algorithm>

namespace shardlens::ui::format {

using namespace inspect::lookup;

namespace {

QString feedStepTitle(FeedStep step)
{
    switch (step) {
    case FeedStep::UserExists: return Words::tr("The user exists");
    case FeedStep::MediaExists: return Words::tr("The photo exists");
    case FeedStep::OwnerKnown: return Words::tr("Row and media map name the same owner");
    case FeedStep::Follows: return Words::tr("The user follows the owner");
    case FeedStep::FollowedFirst: return Words::tr("Followed before it was posted");
    case FeedStep::Inverse: return Words::tr("The owner’s followers include the user");
    case FeedStep::NotTrimmed: return Words::tr("The feed reaches back so far");
    case FeedStep::InFeed: return Words::tr("It stands in the feed");
    case FeedStep::InEveryRegion: return Words::tr("It stands in every region’s feed");
    }
    return {};
}

/// Why it is not there, in a sentence's second half.
QString causeText(FeedStep step)
{
    switch (step) {
    case FeedStep::UserExists: return Words::tr("the user does not exist");
    case FeedStep::MediaExists: return Words::tr("the photo does not exist");
    case FeedStep::OwnerKnown: return Words::tr("the photo’s owner is not clear");
    case FeedStep::Follows: return Words::tr("the user does not follow the owner");
    case FeedStep::FollowedFirst: return Words::tr("it was posted before the user followed its owner");
    case FeedStep::Inverse: return Words::tr("the owner’s list of followers lacks the user");
    case FeedStep::NotTrimmed: return Words::tr("the feed holds only newer ones");
    case FeedStep::InFeed: return Words::tr("it was never put there, or was lost");
    case FeedStep::InEveryRegion: return Words::tr("it is missing in a region");
    }
    return {};
}

/// What a number is, by the step it belongs to.
QString numberText(FeedStep step, const Evidence &evidence)
{
    const QString number = count(*evidence.number);
    switch (step) {
    case FeedStep::InFeed:
    case FeedStep::InEveryRegion: return Words::tr("at place %1").arg(count(*evidence.number + 1));
    case FeedStep::NotTrimmed:
        return evidence.limit ? Words::tr("%1 of %2 entries").arg(number, count(*evidence.limit)) : Words::tr("%1 entries").arg(number);
    default: return number;
    }
}

QString evidenceLine(FeedStep step, const Evidence &evidence)
{
    QStringList parts;
    if (!evidence.region.isEmpty())
        parts << text(evidence.region.text());
    if (evidence.at) {
        switch (step) {
        case FeedStep::Follows:
        case FeedStep::Inverse: parts << Words::tr("since %1").arg(dayAndTime(*evidence.at)); break;
        default: parts << dayAndTime(*evidence.at); break;
        }
    }
    if (evidence.number)
        parts << numberText(step, evidence);
    if (evidence.id != 0)
        parts << QString::number(evidence.id);
    if (!evidence.error.empty())
        parts << Words::tr("not read: %1").arg(text(evidence.error));
    if (!evidence.server.isEmpty())
        parts << Words::tr("told by %1").arg(text(evidence.server.text()));
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString feedKindText(FeedKind kind)
{
    return kind == FeedKind::Main ? Words::tr("Main feed") : Words::tr("Activity");
}

QString markText(Mark mark)
{
    switch (mark) {
    case Mark::Dangling: return Words::tr("no such photo");
    case Mark::Deleted: return Words::tr("deleted");
    case Mark::Unfollowed: return Words::tr("not followed");
    case Mark::Duplicate: return Words::tr("twice");
    case Mark::Misordered: return Words::tr("out of order");
    case Mark::Garbled: return Words::tr("unreadable");
    }
    return {};
}

QString activityText(ActivityKind kind)
{
    switch (kind) {
    case ActivityKind::Liked: return Words::tr("liked");
    case ActivityKind::Commented: return Words::tr("commented");
    case ActivityKind::Followed: return Words::tr("followed");
    case ActivityKind::None: break;
    }
    return {};
}

StepWords stepWords(const ExplainedStep &step)
{
    QStringList lines;
    for (const Evidence &evidence : step.evidence)
        lines << evidenceLine(step.step, evidence);
    lines.removeAll(QString());
    return {feedStepTitle(step.step), lines.join(QStringLiteral("; "))};
}

QString explanationSentence(const FeedExplanation &explanation)
{
    if (explanation.cause && *explanation.cause < explanation.steps.size()) {
        const FeedStep step = explanation.steps[*explanation.cause].step;
        const QString cause = causeText(step);
        if (step == FeedStep::InEveryRegion)
            return Words::tr("It is in the feed, but not everywhere: %1.").arg(cause);
        const bool isInFeed = std::any_of(explanation.steps.begin(), explanation.steps.end(), [](const ExplainedStep &one) { return one.step == FeedStep::InFeed && one.result == StepResult::Holds; });
        return isInFeed ? Words::tr("It is in the feed, though %1.").arg(cause) : Words::tr("It is not in the feed: %1.").arg(cause);
    }
    for (const ExplainedStep &step : explanation.steps) {
        if (step.result == StepResult::NotKnown)
            return Words::tr("Not known: what would tell it does not answer.");
    }
    return Words::tr("It is in the feed, in every region.");
}

QString comparisonText(const FeedComparison &comparison)
{
    QStringList parts;
    const auto add = [&](const std::vector<std::uint64_t> &ids, const QString &words) {
        if (!ids.empty())
            parts << words.arg(count(static_cast<std::int64_t>(ids.size())));
    };
    add(comparison.missing, Words::tr("%1 missing"));
    add(comparison.extra, Words::tr("%1 too many"));
    add(comparison.misordered, Words::tr("%1 out of order"));
    add(comparison.duplicates, Words::tr("%1 twice"));
    if (!comparison.isComplete)
        parts << Words::tr("some not known");
    return parts.isEmpty() ? Words::tr("as it should be") : parts.join(QStringLiteral(", "));
}

} // namespace shardlens::ui::format
