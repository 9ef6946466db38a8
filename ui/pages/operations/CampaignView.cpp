// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/CampaignView.h"

#include "ui/format/CampaignText.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/CampaignBar.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OutlineView.h"
#include "ui/operate/RefusalBar.h"
#include "ui/operate/SavePlan.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/CampaignChoices.h"
#include "ui/pages/operations/CampaignForces.h"
#include "ui/pages/operations/CampaignOutline.h"
#include "ui/pages/operations/CampaignRows.h"
#include "ui/pages/operations/ManualPanel.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QShortcut>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {

constexpr int narrowUnder = 960;
constexpr int togetherWide = 272;
constexpr int leastRows = 3;
constexpr int aliveMs = 500;
constexpr std::size_t mostTold = 3;

} // namespace

CampaignView::CampaignView(std::shared_ptr<const base::Clock> clock, std::shared_ptr<const fleet::Fleet> fleet, QWidget *parent)
    : ActFrame(parent), m_clock(std::move(clock)), m_fleet(std::move(fleet)), m_tabs(new theme::SegmentedControl({tr("Clusters and groups"), tr("By hand"), tr("Effect")}, this)), m_choices(new CampaignChoices(this)), m_forces(new CampaignForces(this)), m_rows(new RowsPanel(tr("Clusters and groups"), campaignColumns(*m_fleet), this)),
      m_together(new operate::OutlinePanel(tr("Effect"), this)), m_manual(new ManualPanel(this)), m_confirm(new operate::ConfirmBar(this)), m_leaves(new operate::ConfirmBar(this)), m_refuses(new operate::RefusalBar(this)),
      m_bar(new operate::CampaignBar(this)), m_save(new theme::FlatButton(tr("Save…"), this)), m_saving(new operate::SavePlan(this))
{
    m_rows->table()->setAccessibleName(tr("Clusters and groups of the campaign"));
    m_tabs->setAccessibleName(tr("Part of the campaign"));
    m_tabs->hide();
    connect(m_tabs, &theme::SegmentedControl::currentChanged, this, &CampaignView::arrange);
    m_confirm->hide();
    m_refuses->hide();
    m_bar->hide();
    m_save->hide();
    m_save->setToolTip(tr("Put this plan aside; it is planned anew when it is opened"));
    addButton(m_save);
    connect(m_save, &QAbstractButton::clicked, this, [this] { m_saving->openUnder(m_save, format::text(m_savedAs)); });
    connect(m_saving, &operate::SavePlan::named, this, &CampaignView::save);
    auto *copy = new theme::FlatButton(tr("Copy as text"), this);
    copy->setToolTip(tr("Each row, what is done by hand and what comes of it, to paste"));
    addButton(copy);
    connect(copy, &QAbstractButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    buildPlan();
    buildRunning();
    buildLeaving();
    connect(m_rows->table(), &FactTable::opened, this, &CampaignView::open);
    connect(m_rows->table(), &QAbstractItemView::clicked, this, [this](const QModelIndex &index) {
        if (index.column() == m_rows->table()->facts()->columnOf(QStringLiteral("open")))
            open(m_rows->table()->currentId());
    });
    connect(m_together->list(), &operate::OutlineList::linkFollowed, this, [this](const std::string &row) {
        if (row.rfind("plan:", 0) == 0)
            Q_EMIT planAsked(row.substr(5));
    });
    setTabOrder(m_tabs, m_choices);
    setTabOrder(m_choices, m_forces);
    setTabOrder(m_forces, m_rows->table());
    setTabOrder(m_rows->table(), m_together->list());
    setTabOrder(m_together->list(), m_manual);
    setFocusProxy(m_rows->table());
}

void CampaignView::buildPlan()
{
    connect(m_choices, &CampaignChoices::changed, this, &CampaignView::askAgain);
    connect(m_forces, &CampaignForces::changed, this, &CampaignView::askAgain);
    connect(this, &ActFrame::bannerPressed, this, [this] {
        if (!isPlan() || !m_watch.isChanged()) {
            setBanner({}, {}, {});
            return;
        }
        m_watch.again();
        m_confirm->clear(); // what was entered was for what was read before
        present();
    });
    connect(m_confirm, &operate::ConfirmBar::heightChanged, this, &CampaignView::arrange);
    connect(m_confirm, &operate::ConfirmBar::wordsConfirmed, this, &CampaignView::start);
    connect(m_manual, &ManualPanel::ticked, this, [this](const std::string &step, bool on) {
        if (m_seen) {
            Q_EMIT tickAsked(m_seen->campaign.id, step);
            return;
        }
        if (on)
            m_ticked.insert(step);
        else
            m_ticked.erase(step);
        presentManual();
    });
}

void CampaignView::buildRunning()
{
    connect(m_bar, &operate::CampaignBar::stopAsked, this, [this](campaign::Stop how) { Q_EMIT stopAsked(campaign(), how); });
    connect(m_bar, &operate::CampaignBar::resumeAsked, this, [this] { Q_EMIT resumeAsked(campaign()); });
    auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_X), this);
    shortcut->setContext(Qt::WindowShortcut);
    shortcut->setAutoRepeat(false);
    connect(shortcut, &QShortcut::activated, this, [this] {
        const auto isOffered = [](const theme::FlatButton *button) { return button->isVisible() && button->isEnabled(); };
        if (isVisible() && (isOffered(m_bar->stopAfterButton()) || isOffered(m_bar->stopWatchingButton())))
            Q_EMIT stopAsked(campaign(), campaign::Stop::AfterWave);
    });
    m_ticks.setInterval(aliveMs);
    connect(&m_ticks, &QTimer::timeout, this, [this] {
        if (m_seen)
            m_together->list()->showRows(campaignOutline(m_seen->campaign, m_seen->runs, m_clock->utcNow()));
    });
}

void CampaignView::ask(const campaign::Goal &goal)
{
    m_choices->begin(goal, *m_fleet);
    m_forces->clear();
    m_ticked.clear();
    askAgain();
}

void CampaignView::ask(const campaign::Goal &goal, const campaign::Options &options)
{
    m_choices->begin(goal, *m_fleet);
    m_forces->clear();
    m_choices->choose(options);
    m_ticked.clear();
    askAgain();
}

/// A plan anew: for another goal, or gone about otherwise.
void CampaignView::askAgain()
{
    m_seen.reset();
    m_isAbandoning = false;
    m_savedAs.clear();
    m_told.clear();
    m_watch.ask(m_choices->goal(), options());
    m_isStarting = false;
    m_confirm->clear();
    if (m_snapshot)
        m_watch.see(*m_snapshot);
    present();
}

campaign::Options CampaignView::options() const
{
    campaign::Options options = m_choices->options(m_clock->utcNow());
    options.forced = m_forces->forced();
    return options;
}

void CampaignView::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    if (!isPlan())
        return;
    m_watch.see(*snapshot);
    present();
}

void CampaignView::setRefusal(const QString &refusal)
{
    m_refusal = refusal;
    m_refuses->setText(refusal);
}

void CampaignView::setHindrance(const QString &hindrance)
{
    m_hindrance = hindrance;
}

void CampaignView::tell(const QString &trouble)
{
    if (!isPlan()) {
        setBanner(tr("Not done:"), trouble, tr("Close"));
        return;
    }
    m_isStarting = false;
    m_confirm->tell(tr("Not started: %1").arg(trouble));
    presentPlanBar();
}

void CampaignView::showCampaign(const operate::CampaignSeen &seen)
{
    const bool isOther = campaign() != seen.campaign.id;
    m_seen = seen;
    if (isOther) {
        m_isAbandoning = false;
        setBanner({}, {}, {});
    }
    present();
}

void CampaignView::present()
{
    if (isPlan())
        presentPlan();
    else
        presentRunning();
    m_save->setVisible(m_mayBeSaved && isPlan());
    presentManual();
    arrange();
}

void CampaignView::presentManual()
{
    std::vector<ManualPanel::Step> steps;
    if (m_seen) {
        const bool mayTick = m_refusal.isEmpty() && m_seen->campaign.outcome != campaign::Outcome::Abandoned;
        for (const campaign::Tick &tick : m_seen->campaign.manual) {
            const QString by = tick.by.empty() ? QString() : tick.at ? tr("ticked by %1, %2").arg(format::text(tick.by), format::clockTime(*tick.at, m_clock->utcNow())) : tr("ticked by %1").arg(format::text(tick.by));
            steps.push_back({tick.step.id(), format::manualStepText(tick.step, m_seen->campaign.goal.aim), by, !tick.by.empty(), mayTick && tick.by.empty()});
        }
    } else if (m_watch.shown()) {
        for (const campaign::ManualStep &step : m_watch.shown()->manual) {
            const bool isTicked = m_ticked.count(step.id()) > 0;
            const QString note = isTicked ? tr("is written down as done") : step.isBefore ? tr("better before the first wave, nothing waits for it") : QString();
            steps.push_back({step.id(), format::manualStepText(step, m_watch.goal().aim), note, isTicked, m_refusal.isEmpty()});
        }
    }
    m_manual->showSteps(steps);
}

void CampaignView::presentPlan()
{
    m_ticks.stop();
    const auto &plan = m_watch.shown();
    setTitle(format::campaignTitle(m_watch.goal()), plan && plan->waves > 0 ? tr("Plan, %1 in %2").arg(format::thingsText(plan->effect.clusters, plan->effect.groups), format::wavesText(plan->waves)) : tr("Plan"));
    presentPlanStatus();
    presentChange();
    if (plan) {
        m_rows->table()->showRows(campaignPlanRows(*plan, m_watch.isSettled()));
        const auto ready = std::count_if(plan->rows.begin(), plan->rows.end(), [](const campaign::Row &row) { return campaign::moves(row); });
        m_rows->setNote(plan->rows.empty() ? tr("no cluster and no group has anything there") : tr("%1 of %2 can move").arg(ready).arg(plan->rows.size()));
        m_together->setNote(QString());
        m_together->list()->showRows(campaignPlanOutline(*plan));
        if (m_watch.isSettled())
            m_forces->show(forceableChecks(*plan), m_refusal.isEmpty());
    } else {
        m_rows->table()->showRows({});
        m_rows->setNote(format::text(m_watch.error()));
        m_together->list()->showRows({});
    }
    presentPlanBar();
}

void CampaignView::presentPlanStatus()
{
    const auto &plan = m_watch.shown();
    if (!plan) {
        setStatus(theme::Shape::Ellipsis, tr("No plan"));
        return;
    }
    const QString read = tr("read %1").arg(format::clockTime(plan->takenUtc));
    const auto blocked = std::count_if(plan->rows.begin(), plan->rows.end(), [](const campaign::Row &row) { return row.fit == campaign::Fit::NotReady; });
    if (m_watch.isChanged())
        setStatus(theme::Shape::Triangle, tr("Changed since it was read, %1").arg(read));
    else if (!m_watch.isSettled() && m_watch.notRead() > 0)
        setStatus(theme::Shape::Ellipsis, m_watch.notRead() == 1 ? tr("Reading 1 server") : tr("Reading %1 servers").arg(m_watch.notRead()));
    else if (plan->isEmpty())
        setStatus(theme::Shape::Stop, tr("Nothing can be done now, %1").arg(read));
    else if (blocked > 0)
        setStatus(theme::Shape::Triangle, tr("%1 of %2 cannot be moved").arg(blocked).arg(plan->rows.size()) + QStringLiteral(", ") + read);
    else
        setStatus(theme::Shape::Dot, tr("Valid while nothing changes, %1").arg(read));
}

void CampaignView::presentChange()
{
    if (!m_watch.isChanged()) {
        if (!m_told.isEmpty())
            setBanner(m_told, {}, {}, theme::Shape::Dot);
        else if (!m_savedAs.empty() && m_watch.shown() && m_watch.isSettled())
            presentSaved();
        else
            setBanner({}, {}, {});
        return;
    }
    QStringList told;
    const auto &differences = m_watch.differences();
    for (std::size_t i = 0; i < differences.size() && i < mostTold; ++i)
        told << format::differenceText(differences[i]);
    if (differences.size() > mostTold)
        told << tr("%1 more").arg(differences.size() - mostTold);
    setBanner(tr("What this plan rests on has changed."), told.join(QStringLiteral("; ")) + QLatin1Char('.'), tr("Plan again"));
}

void CampaignView::presentSaved()
{
    const auto differences = shardlens::operate::differencesBetween(m_savedFingerprint, m_watch.shown()->fingerprint);
    if (differences.empty()) {
        setBanner(m_savedWords, tr("Nothing that it rests on differs since."), {}, theme::Shape::Dot);
        return;
    }
    QStringList told;
    for (std::size_t i = 0; i < differences.size() && i < mostTold; ++i)
        told << format::differenceText(differences[i]);
    if (differences.size() > mostTold)
        told << tr("%1 more").arg(differences.size() - mostTold);
    setBanner(m_savedWords,
              differences.size() == 1 ? tr("1 thing differs since: %1.").arg(told.front())
                                      : tr("%1 things differ since: %2.").arg(QString::number(differences.size()), told.join(QStringLiteral("; "))),
              {});
}

void CampaignView::compareWith(const campaign::SavedCampaign &saved)
{
    m_savedAs = saved.name;
    m_savedFingerprint = saved.fingerprint;
    m_savedWords = tr("Saved as %1 by %2, %3.").arg(format::text(saved.name), format::text(saved.owner.osUser), format::dateTime(saved.savedAt));
    present();
}

void CampaignView::setMayBeSaved(bool may)
{
    m_mayBeSaved = may;
    m_save->setVisible(may && isPlan());
    arrange();
}

void CampaignView::tellSaved(const QString &sentence)
{
    m_told = sentence;
    if (isPlan())
        presentChange();
}

/// What is forced today is not put aside: the plan without it is what a later one is compared with.
void CampaignView::save(const QString &name)
{
    if (!isPlan() || !m_watch.shown() || !m_snapshot)
        return;
    campaign::SavedCampaign saved;
    saved.name = name.toStdString();
    saved.goal = m_watch.goal();
    saved.options = campaign::optionsToSave(m_watch.options());
    saved.fingerprint = m_watch.shown()->fingerprint;
    if (!m_watch.options().forced.empty()) {
        if (const auto plan = campaign::planFor(*m_snapshot, saved.goal, saved.options))
            saved.fingerprint = plan->fingerprint;
    }
    Q_EMIT saveAsked(saved);
}

void CampaignView::presentPlanBar()
{
    if (!m_refusal.isEmpty()) {
        setBar(m_refuses, [this](int width) { return m_refuses->heightFor(width); });
        setFocusProxy(m_rows->table());
        return;
    }
    QString hindrance = m_hindrance;
    if (m_isStarting)
        hindrance = tr("Being started");
    else if (m_watch.isChanged())
        hindrance = tr("Plan again first");
    else if (m_watch.shown() && !m_watch.isSettled())
        hindrance = tr("Not all is read yet");
    const bool isLocal = m_fleet->environment == fleet::Environment::Local;
    m_confirm->setHindrance(hindrance);
    std::optional<operate::ConfirmWords> words;
    if (const auto &plan = m_watch.shown()) {
        const format::Confirmation told = format::campaignConfirmation(*plan, !isLocal);
        words = {told.act, told.cost, format::campaignTitle(plan->goal), format::text(plan->goal.subject), format::campaignMissing(*plan)};
    }
    m_confirm->showWords(words, isLocal);
    setBar(m_confirm, [this](int width) { return m_confirm->heightFor(width); });
    setFocusProxy(isLocal ? static_cast<QWidget *>(m_rows->table()) : m_confirm->name());
}

void CampaignView::presentRunning()
{
    const campaign::Campaign &campaign = m_seen->campaign;
    const base::UtcTime now = m_clock->utcNow();
    setTitle(format::campaignTitle(campaign.goal), format::campaignOutcomeWord(campaign, m_seen->runs));
    setStatus(operate::shapeOf(*m_seen), tr("Started %1 by %2").arg(format::clockTime(campaign.beganAt, now), format::text(campaign.author.databaseUser)));
    m_rows->table()->showRows(campaignMoveRows(campaign));
    m_rows->setNote(format::pausesText(campaign.options));
    m_together->setNote(QString());
    m_together->list()->showRows(campaignOutline(campaign, m_seen->runs, now));
    presentRunningBar();
    setFocusProxy(m_rows->table());
    if (m_seen->runs && isVisible())
        m_ticks.start();
    else
        m_ticks.stop();
}

void CampaignView::open(const std::string &subject)
{
    if (!m_seen) {
        const auto &plan = m_watch.shown();
        if (plan && std::any_of(plan->rows.begin(), plan->rows.end(), [&](const campaign::Row &row) { return row.subject == subject; }))
            Q_EMIT planAsked(subject);
        return;
    }
    const campaign::Move *move = m_seen->campaign.move(subject);
    if (move && !move->operation.empty())
        Q_EMIT operationAsked(move->operation);
    else if (move && m_seen->campaign.outcome)
        Q_EMIT planAsked(subject);
}

void CampaignView::start(const QString &reason)
{
    campaign::CampaignRequest request;
    request.goal = m_watch.goal();
    request.options = m_watch.options();
    if (request.goal.aim == campaign::Aim::HostDown)
        request.options.until = m_choices->options(m_clock->utcNow()).until; // counted from when it begins
    request.fingerprint = m_watch.shown()->fingerprint.digest();
    request.reason = reason.toStdString();
    request.confirm = request.goal.subject; // it was typed, where that is asked
    request.ticked.assign(m_ticked.begin(), m_ticked.end());
    m_isStarting = true; // only once, until it is said what came of it
    presentPlanBar();
    Q_EMIT started(request);
}

QString CampaignView::asText() const
{
    if (m_seen)
        return format::campaignReport(m_seen->campaign, m_seen->runs);
    if (!m_watch.shown())
        return {};
    const campaign::CampaignPlan &plan = *m_watch.shown();
    QString all = title() + QLatin1Char('\n') + status() + QStringLiteral("\n\n");
    for (const models::FactRow &row : m_rows->table()->facts()->rows()) {
        QStringList cells;
        for (std::size_t i = 0; i + 1 < row.cells.size(); ++i) // the last opens its plan
            cells << row.cells[i].text;
        all += cells.join(QStringLiteral("  ")) + QLatin1Char('\n');
    }
    all += QLatin1Char('\n') + operate::textOf(campaignPlanOutline(plan));
    for (const campaign::ManualStep &step : plan.manual)
        all += tr("By hand: %1").arg(format::manualStepText(step, plan.goal.aim)) + QLatin1Char('\n');
    return all;
}

bool CampaignView::isNarrow(int width) const
{
    return width < scaled(narrowUnder);
}

int CampaignView::togetherWidth(int width) const
{
    const double share = std::min(1.8, std::max(1.0, width / static_cast<double>(scaled(1088))));
    return static_cast<int>(scaled(togetherWide) * share);
}

int CampaignView::leastHeight(int width) const
{
    const int forces = m_forces->wantedHeight() > 0 ? m_forces->wantedHeight() + gap() : 0;
    const int choices = isPlan() ? m_choices->heightFor(width) + gap() + forces : 0;
    const int high = frameHeight(width) + choices + m_rows->heightFor(leastRows);
    if (isNarrow(width))
        return high + m_tabs->sizeHint().height() + theme::space::kS;
    const bool hasManual = m_manual->count() > 0;
    return high + (hasManual ? m_manual->heightFor(width - togetherWidth(width) - gap()) + gap() : 0);
}

void CampaignView::arrangeBody(const QRect &room)
{
    m_rows->table()->setRowHeight(width() >= theme::breakpoint(1900) ? 30 : 28);
    const bool narrow = isNarrow(room.width());
    const int tab = narrow ? m_tabs->current() : -1;
    m_tabs->setVisible(narrow);
    m_choices->setVisible(isPlan() && tab <= 0);
    m_rows->setVisible(tab <= 0);
    m_manual->setVisible(tab == 1 || (!narrow && m_manual->count() > 0));
    m_together->setVisible(!narrow || tab == 2);
    QRect left = room;
    if (narrow) {
        const QSize tabs = m_tabs->sizeHint();
        m_tabs->setGeometry(0, left.top(), tabs.width(), tabs.height());
        left.setTop(left.top() + tabs.height() + theme::space::kS);
    }
    if (!m_choices->isHidden()) {
        const int high = m_choices->heightFor(left.width());
        m_choices->setGeometry(0, left.top(), left.width(), high);
        left.setTop(left.top() + high + gap());
    }
    m_forces->setVisible(!m_choices->isHidden() && m_forces->wantedHeight() > 0);
    if (!m_forces->isHidden()) {
        m_forces->setGeometry(0, left.top(), left.width(), m_forces->wantedHeight());
        left.setTop(left.top() + m_forces->wantedHeight() + gap());
    }
    if (narrow)
        arrangeTabs(left);
    else
        arrangeColumns(left);
}

void CampaignView::arrangeTabs(const QRect &room)
{
    for (QWidget *part : std::initializer_list<QWidget *>{m_rows, m_manual, m_together})
        part->setGeometry(0, room.top(), room.width(), std::max(scaled(80), room.height()));
}

/// Each part is as high as what it holds, where there is room: below stands nothing.
void CampaignView::arrangeColumns(const QRect &room)
{
    const int gap = this->gap();
    const int together = togetherWidth(room.width());
    const int left = room.width() - together - gap;
    const int high = std::max(scaled(80), room.height());
    const int wanted = m_rows->wantedHeight() + theme::space::kS;
    const int effect = std::min(high, scaled(theme::size::kTitleRow) + m_together->list()->wantedHeight() + theme::space::kL);
    if (m_manual->isHidden()) {
        const int rows = std::min(high, wanted);
        m_rows->setGeometry(0, room.top(), left, rows);
        m_together->setGeometry(room.width() - together, room.top(), together, std::max(effect, rows));
        return;
    }
    const int manual = m_manual->heightFor(left) + theme::space::kS;
    const int rows = std::max(m_rows->heightFor(2), std::min(wanted, high - gap - manual));
    m_rows->setGeometry(0, room.top(), left, rows);
    m_manual->setGeometry(0, room.top() + rows + gap, left, std::min(manual, high - rows - gap));
    // Both columns end at one line where neither needs more.
    m_together->setGeometry(room.width() - together, room.top(), together, std::max(effect, std::min(high, rows + gap + manual)));
}

void CampaignView::showEvent(QShowEvent *event)
{
    ActFrame::showEvent(event);
    present();
}

void CampaignView::hideEvent(QHideEvent *event)
{
    ActFrame::hideEvent(event);
    m_ticks.stop();
}

} // namespace shardlens::ui::pages

#include "moc_CampaignView.cpp"
