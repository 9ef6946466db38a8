// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ProblemAction.h"

#include <QCoreApplication>

namespace shardlens::ui::pages {

namespace {

struct ProblemActionWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::ProblemAction)
};

} // namespace

std::vector<ProblemAction> actionsFor(const models::ProblemRow &row)
{
    std::vector<ProblemAction> actions;
    const bool mayClaim = !row.endedAt && row.claim.whyNot.isEmpty() && !(row.claim.onIt.isEmpty() && row.claim.trouble.isEmpty());
    if (mayClaim) {
        actions.push_back(row.claim.isClaimed && row.claim.isYours ? ProblemAction::Release : ProblemAction::Claim);
        if (!row.claim.isMarked)
            actions.push_back(row.claim.isQuiet ? ProblemAction::Unquiet : ProblemAction::Quiet);
    }
    actions.push_back(ProblemAction::CopyTimeline);
    actions.push_back(ProblemAction::CopyEvidence);
    return actions;
}

QString actionText(ProblemAction action)
{
    switch (action) {
    case ProblemAction::Claim: return ProblemActionWords::tr("I'm on it");
    case ProblemAction::Release: return ProblemActionWords::tr("Leave it to others");
    case ProblemAction::Quiet: return ProblemActionWords::tr("Quiet for 30 min…");
    case ProblemAction::Unquiet: return ProblemActionWords::tr("End the quiet");
    case ProblemAction::CopyTimeline: return ProblemActionWords::tr("Copy timeline");
    case ProblemAction::CopyEvidence: return ProblemActionWords::tr("Copy evidence");
    }
    return {};
}

} // namespace shardlens::ui::pages
