// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/CampaignForces.h"

#include "ui/format/PlanText.h"
#include "ui/format/Words.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/TickBox.h"

#include <QEvent>
#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

using shardlens::operate::Check;
using shardlens::operate::CheckId;

namespace {

constexpr int forcesRow = 34;

bool isForcedIn(const campaign::CampaignPlan &plan, CheckId id)
{
    return std::any_of(plan.options.forced.begin(), plan.options.forced.end(), [&](const execute::Forced &one) { return one.check == id; });
}

void addForceable(std::vector<ForceableCheck> &to, const Check &check, const std::string &subject)
{
    auto found = std::find_if(to.begin(), to.end(), [&](const ForceableCheck &one) { return one.check.id == check.id; });
    if (found == to.end())
        found = to.insert(to.end(), {check, {}});
    found->subjects.push_back(subject);
}

} // namespace

std::vector<ForceableCheck> forceableChecks(const campaign::CampaignPlan &plan)
{
    std::vector<ForceableCheck> checks;
    for (const campaign::Row &row : plan.rows) {
        const bool isHopeless = std::any_of(row.blocking.begin(), row.blocking.end(), [](const Check &check) { return !check.forceable; });
        for (const Check &check : row.blocking) {
            if (!isHopeless && !row.to.isEmpty())
                addForceable(checks, check, row.subject);
        }
        for (const Check &check : row.amiss) {
            if (shardlens::operate::isBlocking(check) && isForcedIn(plan, check.id))
                addForceable(checks, check, row.subject);
        }
    }
    return checks;
}

CampaignForces::CampaignForces(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Checks that may be forced"));
}

CampaignForces::Force CampaignForces::make(CheckId check)
{
    Force force{check, new theme::TickBox(this), new QLineEdit(this), {}, {}};
    force.reason->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    force.reason->setPlaceholderText(tr("Why go on in spite of it"));
    connect(force.tick, &QAbstractButton::toggled, this, &CampaignForces::tellIfChanged);
    connect(force.reason, &QLineEdit::editingFinished, this, &CampaignForces::tellIfChanged); // a plan anew with each letter would be too many
    force.tick->show();
    force.reason->show();
    return force;
}

void CampaignForces::show(const std::vector<ForceableCheck> &checks, bool mayTick)
{
    std::vector<Force> next;
    for (const ForceableCheck &one : checks) {
        const auto known = std::find_if(m_forces.begin(), m_forces.end(), [&](const Force &force) { return force.check == one.check.id; });
        Force force = known == m_forces.end() ? make(one.check.id) : *known;
        QStringList subjects;
        for (const std::string &subject : one.subjects)
            subjects << format::text(subject);
        //: %1 what blocks, %2 the clusters and groups that it blocks
        const QString words = tr("Force: %1 (%2)").arg(format::checkSentence(one.check), subjects.join(QStringLiteral(", ")));
        force.words = words;
        force.brief = tr("Force: %1 (%2)").arg(format::checkSentence(one.check), QString::number(subjects.size()));
        force.tick->setToolTip(words);
        force.tick->setEnabled(mayTick);
        force.reason->setEnabled(mayTick);
        force.reason->setAccessibleName(tr("Reason: %1").arg(words));
        next.push_back(force);
    }
    for (const Force &old : m_forces) {
        if (std::any_of(next.begin(), next.end(), [&](const Force &force) { return force.tick == old.tick; }))
            continue;
        old.tick->deleteLater();
        old.reason->deleteLater();
        old.tick->hide();
        old.reason->hide();
    }
    m_forces = std::move(next);
    arrange();
}

void CampaignForces::clear()
{
    m_told.clear();
    show({}, false);
}

std::vector<execute::Forced> CampaignForces::forced() const
{
    std::vector<execute::Forced> forced;
    for (const Force &force : m_forces) {
        if (const QString reason = force.reason->text().trimmed(); force.tick->isChecked() && !reason.isEmpty())
            forced.push_back({force.check, reason.toStdString()});
    }
    return forced;
}

void CampaignForces::tellIfChanged()
{
    const auto now = forced();
    if (now == m_told)
        return;
    m_told = now;
    Q_EMIT changed();
}

int CampaignForces::wantedHeight() const
{
    return int(m_forces.size()) * theme::scaled(forcesRow);
}

std::vector<theme::TickBox *> CampaignForces::ticks() const
{
    std::vector<theme::TickBox *> all;
    for (const Force &force : m_forces)
        all.push_back(force.tick);
    return all;
}

std::vector<QLineEdit *> CampaignForces::reasons() const
{
    std::vector<QLineEdit *> all;
    for (const Force &force : m_forces)
        all.push_back(force.reason);
    return all;
}

/// A tick as wide as its words, its reason beside it.
void CampaignForces::arrange()
{
    const int high = theme::scaled(theme::size::kButton);
    int top = 0;
    for (const Force &force : m_forces) {
        const int most = width() * 2 / 3;
        force.tick->setText(force.words);
        if (force.tick->sizeHint().width() > most)
            force.tick->setText(force.brief);
        const int tick = std::min(force.tick->sizeHint().width(), most);
        force.tick->setGeometry(0, top, tick, high);
        const int left = tick + theme::space::kM;
        force.reason->setGeometry(left, top, std::max(0, std::min(width() - left, theme::scaled(420))), high);
        top += theme::scaled(forcesRow);
    }
}

void CampaignForces::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void CampaignForces::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        arrange();
}

} // namespace shardlens::ui::pages

#include "moc_CampaignForces.cpp"
