// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanView.h"

#include "core/execute/SavedPlan.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/Arming.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OutlineModel.h"
#include "ui/operate/PlanRows.h"
#include "ui/operate/RefusalBar.h"
#include "ui/operate/SavePlan.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/TickBox.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::operate {

namespace {
constexpr std::size_t differencesTold = 3;
} // namespace

PlanView::PlanView(QWidget *parent) : OperateFrame(parent), m_confirm(new ConfirmBar(this)), m_refuses(new RefusalBar(this)),
      m_warms(new theme::TickBox(tr("Warm its cache first"), this)), m_save(new theme::FlatButton(tr("Save…"), this)), m_saving(new SavePlan(this))
{
    m_confirm->hide();
    m_refuses->hide();
    m_warms->hide();
    m_warms->setToolTip(tr("Before anything is held, what the primary holds in its cache is loaded on the candidate, for a minute at most"));
    addButton(m_warms);
    connect(m_warms, &QAbstractButton::clicked, this, [this](bool ticked) {
        const Intent &intent = m_watch.intent();
        Q_EMIT otherPlanAsked(moveOf(actOf(intent), clusterOf(intent), groupOf(intent), wantedOf(intent), ticked));
    });
    m_save->hide();
    m_save->setToolTip(tr("Put this plan aside; it is planned anew when it is opened"));
    addButton(m_save);
    connect(m_save, &QAbstractButton::clicked, this, [this] { m_saving->openUnder(m_save, format::text(m_savedAs)); });
    connect(m_saving, &SavePlan::named, this, &PlanView::save);
    auto *copy = new theme::FlatButton(tr("Copy as text"), this);
    copy->setToolTip(tr("The whole plan, with every command"));
    addButton(copy);
    connect(copy, &QAbstractButton::clicked, this, [this] {
        if (m_watch.shown() && m_snapshot)
            QGuiApplication::clipboard()->setText(planAsText(*m_watch.shown(), *m_snapshot));
    });
    connect(this, &OperateFrame::bannerPressed, this, [this] {
        m_watch.again();
        m_confirm->clear(); // what was entered was for what was read before
        present();
    });
    for (OutlinePanel *panel : {checks(), effect()})
        connect(panel->list(), &OutlineList::linkFollowed, this, &PlanView::follow);
    connect(m_confirm, &ConfirmBar::heightChanged, this, &PlanView::arrange);
    connect(m_confirm, &ConfirmBar::confirmed, this, [this](const ActRequest &request) {
        m_isStarting = true; // only once, until it is said what came of it
        presentBar();
        Q_EMIT started(request);
    });
}

void PlanView::ask(const Intent &intent)
{
    m_watch.ask(intent);
    m_warms->setVisible(std::holds_alternative<SwitchCluster>(intent));
    m_warms->setChecked(warmsOf(intent));
    m_savedAs.clear();
    m_told.clear();
    m_isStarting = false;
    m_confirm->clear();
    m_confirm->showPlan(nullptr, false);
    if (m_snapshot)
        showSnapshot(m_snapshot);
}

void PlanView::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    m_watch.see(*snapshot);
    present();
}

void PlanView::setRefusal(const QString &refusal)
{
    m_refusal = refusal;
    presentBar();
}

void PlanView::setHindrance(const QString &hindrance)
{
    if (hindrance == m_hindrance)
        return;
    m_hindrance = hindrance;
    presentBar();
}

bool PlanView::canBeStarted() const
{
    const auto &plan = m_watch.shown();
    return m_refusal.isEmpty() && m_hindrance.isEmpty() && !m_isStarting && m_watch.error().empty() && plan && m_watch.isSettled() && !plan->steps.empty() && !hardBlockOf(*plan);
}

void PlanView::tellNotStarted(const QString &why)
{
    m_isStarting = false;
    presentBar();
    m_confirm->tell(tr("Not started: %1").arg(why));
}

void PlanView::present()
{
    const auto &plan = m_watch.shown();
    const Intent &intent = m_watch.intent();
    setTitle(format::actText(intent, plan ? plan->to : wantedOf(intent)),
             !plan || plan->steps.empty() ? tr("Plan") : plan->steps.size() == 1 ? tr("Plan, 1 step") : tr("Plan, %1 steps").arg(plan->steps.size()));
    if (!plan) {
        const QString why = m_watch.error().empty() ? tr("Nothing was read yet.") : format::text(m_watch.error());
        OutlineRow row;
        row.id = "none";
        row.kind = OutlineRow::Kind::Note;
        row.title = why;
        checks()->list()->showRows({row});
        steps()->list()->showRows({});
        effect()->list()->showRows({});
        presentStatus();
        presentBar();
        return;
    }
    checks()->setNote(checkSummary(*plan));
    checks()->list()->showRows(checkRows(*plan, m_watch.isChanged() ? plan->takenAt : m_snapshot->takenAt));
    steps()->list()->showRows(stepRows(*plan));
    effect()->setNote(termText(*plan));
    effect()->list()->showRows(effectRows(*plan, *m_snapshot));
    presentStatus();
    presentChange();
    presentBar();
}

void PlanView::presentStatus()
{
    const auto &plan = m_watch.shown();
    if (!plan) {
        setStatus(theme::Shape::Ellipsis, tr("No plan"));
        return;
    }
    const QString read = tr("read %1").arg(format::clockTime(plan->takenUtc));
    if (m_watch.isChanged())
        setStatus(theme::Shape::Triangle, tr("Changed since it was read, %1").arg(read));
    else if (!m_watch.isSettled() && !m_watch.notRead().empty())
        setStatus(theme::Shape::Ellipsis, m_watch.notRead().size() == 1 ? tr("Reading %1").arg(format::text(m_watch.notRead().front().text())) : tr("Reading %1 servers").arg(m_watch.notRead().size()));
    else if (plan->steps.empty())
        setStatus(theme::Shape::Stop, tr("Cannot be done now, %1").arg(read));
    else if (const auto blocking = std::count_if(plan->checks.begin(), plan->checks.end(), isBlocking); blocking > 0)
        setStatus(theme::Shape::Stop, (blocking == 1 ? tr("1 check blocks it") : tr("%1 checks block it").arg(blocking)) + QStringLiteral(", ") + read);
    else
        setStatus(theme::Shape::Dot, tr("Valid while nothing changes, %1").arg(read));
}

void PlanView::presentChange()
{
    if (!m_watch.error().empty()) {
        setBanner(tr("This cannot be done any more."), format::text(m_watch.error()) + QLatin1Char('.'), {});
        return;
    }
    if (!m_watch.isChanged()) {
        if (!m_told.isEmpty())
            setBanner(m_told, {}, {}, theme::Shape::Dot);
        else if (!m_savedAs.empty())
            presentSaved();
        else if (m_watch.better().isEmpty())
            setBanner({}, {}, {});
        else
            setBanner(tr("%1 would come first now.").arg(format::text(m_watch.better().text())), tr("The plan stays with the server that was read about."), {});
        return;
    }
    QStringList told;
    const auto &differences = m_watch.differences();
    for (std::size_t i = 0; i < differences.size() && i < differencesTold; ++i)
        told << format::differenceText(differences[i]);
    if (differences.size() > differencesTold)
        told << tr("%1 more").arg(differences.size() - differencesTold);
    const QString what = told.isEmpty() ? tr("Other steps would be needed now.") : told.join(QStringLiteral("; ")) + QLatin1Char('.');
    setBanner(tr("What this plan rests on has changed."), what, tr("Plan again"));
}

void PlanView::presentSaved()
{
    const auto differences = differencesBetween(m_savedFingerprint, m_watch.shown()->fingerprint);
    QStringList told;
    for (std::size_t i = 0; i < differences.size() && i < differencesTold; ++i)
        told << format::differenceText(differences[i]);
    if (differences.size() > differencesTold)
        told << tr("%1 more").arg(differences.size() - differencesTold);
    if (differences.empty())
        setBanner(m_savedWords, tr("Nothing that it rests on differs since."), {}, theme::Shape::Dot);
    else
        setBanner(m_savedWords,
                  differences.size() == 1 ? tr("1 thing differs since: %1.").arg(told.front())
                                          : tr("%1 things differ since: %2.").arg(QString::number(differences.size()), told.join(QStringLiteral("; "))),
                  {});
}

void PlanView::compareWith(const execute::SavedPlan &saved)
{
    m_savedAs = saved.name;
    m_savedFingerprint = saved.fingerprint;
    m_savedWords = tr("Saved as %1 by %2, %3.").arg(format::text(saved.name), format::text(saved.owner.osUser), format::dateTime(saved.savedAt));
    if (m_watch.shown())
        present();
}

void PlanView::setMayBeSaved(bool may)
{
    m_save->setVisible(may);
    arrange();
}

void PlanView::tellSaved(const QString &sentence)
{
    m_told = sentence;
    if (m_watch.shown())
        presentChange();
}

void PlanView::save(const QString &name)
{
    if (m_watch.shown())
        Q_EMIT saveAsked(name.toStdString(), m_watch.intent(), m_watch.shown()->fingerprint);
}

void PlanView::presentBar()
{
    if (!m_refusal.isEmpty()) {
        m_refuses->setText(m_refusal);
        setBar(m_refuses, [this](int width) { return m_refuses->heightFor(width); });
        setFocusProxy(checks()->list()); // there is no field to type into
        return;
    }
    QString hindrance = m_hindrance;
    if (m_isStarting)
        hindrance = tr("Being started");
    else if (m_watch.shown() && !m_watch.error().empty())
        hindrance = tr("Cannot be done any more");
    else if (m_watch.isChanged())
        hindrance = tr("Plan again first");
    else if (m_watch.shown() && !m_watch.isSettled())
        hindrance = tr("Not all is read yet");
    m_confirm->setHindrance(hindrance);
    const bool isLocal = m_snapshot && m_snapshot->fleet->environment == fleet::Environment::Local;
    m_confirm->showPlan(m_watch.shown() ? &*m_watch.shown() : nullptr, isLocal);
    setBar(m_confirm, [this](int width) { return m_confirm->heightFor(width); });
    setFocusProxy(isLocal ? static_cast<QWidget *>(checks()->list()) : m_confirm->name());
}

void PlanView::follow(const std::string &rowId)
{
    if (!m_watch.shown())
        return;
    if (const auto intent = intentOfLink(*m_watch.shown(), rowId))
        Q_EMIT otherPlanAsked(*intent);
}

} // namespace shardlens::ui::operate

#include "moc_PlanView.cpp"
