// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/RunningView.h"

#include "ui/format/OperationReport.h"
#include "ui/format/OperationText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/RunBar.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QShortcut>

namespace shardlens::ui::operate {

namespace {

constexpr int tickMs = 100;

theme::Shape shapeOfState(const OperationSeen &seen)
{
    return runWords(seen).shape;
}

} // namespace

RunningView::RunningView(std::shared_ptr<const base::Clock> clock, std::shared_ptr<const fleet::Fleet> fleet, QWidget *parent)
    : OperateFrame(parent), m_clock(std::move(clock)), m_fleet(std::move(fleet)), m_bar(new RunBar(this)), m_abandon(new ConfirmBar(this))
{
    auto *copy = new theme::FlatButton(tr("Copy report"), this);
    copy->setToolTip(tr("What was done, by whom, why, each step with its time"));
    addButton(copy);
    connect(copy, &QAbstractButton::clicked, this, [this] {
        if (m_seen)
            QGuiApplication::clipboard()->setText(format::operationReport(m_seen->operation, m_seen->runs));
    });
    connect(m_bar, &RunBar::cancelAsked, this, &RunningView::cancel);
    connect(m_bar, &RunBar::resumeAsked, this, [this] { Q_EMIT resumeAsked(operation()); });
    connect(m_bar, &RunBar::undoAsked, this, [this] { Q_EMIT undoAsked(operation()); });
    connect(m_bar, &RunBar::abandonAsked, this, &RunningView::askToAbandon);
    m_abandon->setAccessibleName(tr("Confirmation of abandoning"));
    m_abandon->setBack(tr("Keep it open"));
    m_abandon->hide();
    connect(m_abandon, &ConfirmBar::backAsked, this, &RunningView::leaveAbandoning);
    connect(m_abandon, &ConfirmBar::heightChanged, this, &RunningView::arrange);
    connect(m_abandon, &ConfirmBar::wordsConfirmed, this, [this](const QString &reason) {
        leaveAbandoning();
        Q_EMIT abandonAsked(operation(), reason.toStdString());
    });
    auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_X), this);
    shortcut->setContext(Qt::WindowShortcut);
    shortcut->setAutoRepeat(false);
    connect(shortcut, &QShortcut::activated, this, [this] {
        if (isVisible() && m_bar->cancelButton()->isVisible() && m_bar->cancelButton()->isEnabled())
            cancel();
    });
    connect(this, &OperateFrame::bannerPressed, this, [this] { setBanner({}, {}, {}); });
    connect(effect()->list(), &OutlineList::linkFollowed, this, [this](const std::string &row) {
        if (const auto intent = m_seen ? intentOfLeft(*m_seen, row, *m_fleet) : std::nullopt)
            Q_EMIT planAsked(*intent);
    });
    setBar(m_bar, [this](int width) { return m_bar->heightFor(width); });
    setFocusProxy(steps()->list());
    m_ticks.setInterval(tickMs);
    connect(&m_ticks, &QTimer::timeout, this, &RunningView::tick);
}

void RunningView::cancel()
{
    if (m_seen)
        Q_EMIT cancelAsked(operation());
}

void RunningView::askToAbandon()
{
    if (!m_seen || !m_seen->isUnfinished() || !m_mayAct)
        return;
    m_isAbandoning = true;
    m_abandon->clear();
    m_abandon->showWords(std::nullopt, false); // what was armed before says nothing of this one
    present();
    const bool isLocal = m_fleet->environment == fleet::Environment::Local;
    (isLocal ? m_abandon->reason() : m_abandon->name())->setFocus(Qt::OtherFocusReason);
}

void RunningView::leaveAbandoning()
{
    m_isAbandoning = false;
    present();
    setFocus(Qt::OtherFocusReason);
}

/// It stays asked only as long as there is something to leave.
void RunningView::presentBar()
{
    m_isAbandoning = m_isAbandoning && m_seen->isUnfinished() && m_mayAct;
    m_bar->showOperation(*m_seen, m_mayAct);
    if (!m_isAbandoning) {
        setBar(m_bar, [this](int width) { return m_bar->heightFor(width); });
        return;
    }
    const bool isLocal = m_fleet->environment == fleet::Environment::Local;
    m_abandon->showWords(abandonWords(*m_seen, !isLocal), isLocal);
    setBar(m_abandon, [this](int width) { return m_abandon->heightFor(width); });
}

void RunningView::showOperation(const OperationSeen &seen)
{
    const bool isOther = !m_seen || m_seen->operation.id != seen.operation.id;
    m_seen = seen;
    if (isOther) {
        m_stepSeen.clear();
        m_isAbandoning = false;
    }
    if (isVisible() || isOther)
        present();
}

void RunningView::tell(const QString &trouble)
{
    setBanner(tr("Not done:"), trouble, tr("Close"));
}

void RunningView::setMayAct(bool may)
{
    if (m_mayAct == may)
        return;
    m_mayAct = may;
    if (m_seen)
        present();
}

QString RunningView::statusText() const
{
    const execute::Operation &operation = m_seen->operation;
    const QString by = format::authorText({operation.author.databaseUser, operation.author.osUser, {}});
    return tr("Started %1 by %2").arg(format::clockTime(operation.beganAt, m_clock->utcNow()), by);
}

void RunningView::present()
{
    const execute::Operation &operation = m_seen->operation;
    const base::UtcTime now = m_clock->utcNow();
    setTitle(format::actText(operation.intent(), operation.to), format::outcomeWord(operation, m_seen->runs));
    setStatus(shapeOfState(*m_seen), statusText());
    checks()->list()->showRows(watchRows(*m_seen, now));
    steps()->list()->showRows(progressRows(*m_seen, now));
    effect()->setNote(operation.term > 0 ? tr("term %1").arg(operation.term) : QString());
    effect()->list()->showRows(resultRows(*m_seen, *m_fleet, now));
    presentBar();
    arrange();
    // The step that is being done stays in sight, unless somebody reads another.
    const std::string step = rowOfStepNow(*m_seen);
    if (step != m_stepSeen && !steps()->list()->underMouse() && !steps()->list()->hasFocus())
        steps()->list()->bringIntoSight(step);
    m_stepSeen = step;
    const bool runs = m_seen->runs && !operation.outcome;
    if (runs && isVisible())
        m_ticks.start();
    else
        m_ticks.stop();
}

void RunningView::tick()
{
    const base::UtcTime now = m_clock->utcNow();
    checks()->list()->showRows(watchRows(*m_seen, now));
    steps()->list()->showRows(progressRows(*m_seen, now));
    effect()->list()->showRows(resultRows(*m_seen, *m_fleet, now));
}

void RunningView::showEvent(QShowEvent *event)
{
    OperateFrame::showEvent(event);
    if (m_seen)
        present();
}

void RunningView::hideEvent(QHideEvent *event)
{
    OperateFrame::hideEvent(event);
    m_ticks.stop();
}

} // namespace shardlens::ui::operate

#include "moc_RunningView.cpp"
