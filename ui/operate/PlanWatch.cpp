// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanWatch.h"

#include "core/operate/Readiness.h"

#include <algorithm>

namespace shardlens::ui::operate {

namespace {

/// What runs, but for how long it usually takes.
bool isSameSteps(const std::vector<Step> &a, const std::vector<Step> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Step &one, Step other) {
        other.usual = one.usual;
        return one == other;
    });
}

Intent aimedAt(const Intent &intent, const base::ServerId &to)
{
    if (!isMove(actOf(intent)))
        return intent;
    return withCandidate(intent, to);
}

} // namespace

void PlanWatch::ask(const Intent &intent)
{
    PastOf past = std::move(m_past);
    *this = PlanWatch();
    m_past = std::move(past);
    m_asked = intent;
}

void PlanWatch::see(const facts::Snapshot &snapshot)
{
    base::Result<Plan> made = planFor(snapshot, m_asked, m_past);
    if (!made) {
        m_error = made.error().message;
        return;
    }
    m_error.clear();
    m_better = {};
    // The server that was read about stays the one, whoever is a little less behind a second later.
    if (m_settled && m_shown && wantedOf(m_asked).isEmpty() && made->to != m_shown->to && !m_shown->to.isEmpty()) {
        // Where it can be moved to no more (it is the primary by now), what would be done instead has changed.
        if (auto aimed = planFor(snapshot, aimedAt(m_asked, m_shown->to), m_past)) {
            m_better = made->to;
            made = std::move(aimed);
            made->intent = m_asked;
        }
    }
    m_notRead = notReadYet(snapshot, m_asked);
    const bool isStill = m_settled && m_shown && m_shown->fingerprint == made->fingerprint && isSameSteps(m_shown->steps, made->steps);
    if (!m_settled || isStill) {
        m_shown = std::move(*made);
        m_newest.reset();
        m_differences.clear();
        m_settled = m_settled || (m_notRead.empty() && !m_shown->steps.empty());
        return;
    }
    m_differences = differencesBetween(m_shown->fingerprint, made->fingerprint);
    m_newest = std::move(*made);
}

void PlanWatch::again()
{
    if (!m_newest)
        return;
    m_shown = std::move(m_newest);
    m_newest.reset();
    m_differences.clear();
    m_settled = m_notRead.empty() && !m_shown->steps.empty();
}

} // namespace shardlens::ui::operate
