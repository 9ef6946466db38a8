// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ProblemsPanel.h"

#include "ui/format/EventText.h"
#include "ui/format/Headline.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/pages/overview/ProblemListView.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::FlatButton;

namespace {
constexpr int footHeight = 26;
}

ProblemsPanel::ProblemsPanel(QWidget *parent)
    : Panel(tr("Problems"), parent), m_model(new models::ProblemModel(this)), m_list(new ProblemListView(m_model, this)),
      m_note(new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this)),
      m_before(new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this)),
      m_onIt(new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this)), m_claim(new FlatButton(actionText(ProblemAction::Claim), this)), m_new(new FlatButton(QString(), this, FlatButton::Look::Link)),
      m_showEnded(new FlatButton(tr("Show ended"), this, FlatButton::Look::Link)), m_events(new FlatButton(tr("Events"), this, FlatButton::Look::Link))
{
    m_note->setElide(theme::Text::Elide::End);
    titleRow()->insertWidget(1, m_note);
    titleRow()->addWidget(m_new);
    titleRow()->addWidget(m_showEnded);
    titleRow()->addWidget(m_events);
    titleRow()->addWidget(m_onIt);
    titleRow()->addWidget(m_claim);
    m_onIt->setElide(theme::Text::Elide::Phrases);
    m_onIt->hide();
    m_claim->hide();
    m_events->hide();
    m_new->hide();
    body()->setContentsMargins(0, 0, 0, theme::size::kLine);
    body()->addWidget(m_list, 1);
    m_before->setElide(theme::Text::Elide::End);
    m_before->hide();
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(theme::scaled(35), 0, theme::scaled(12), 0); // under the rows' texts
    foot->addWidget(m_before);
    body()->addLayout(foot);
    m_model->setShowsEnded(false);

    connect(m_model, &models::ProblemModel::waitingChanged, this, [this](int waiting) {
        m_new->setText(tr("%n new", nullptr, waiting));
        m_new->setVisible(waiting > 0);
        m_new->setAccessibleName(tr("Show %n new problems", nullptr, waiting));
    });
    connect(m_new, &FlatButton::clicked, m_model, &models::ProblemModel::takeWaiting);
    connect(m_showEnded, &FlatButton::clicked, this, [this] { setShowsEnded(!m_showsEnded); });
    connect(m_events, &FlatButton::clicked, this, &ProblemsPanel::eventsAsked);
    connect(m_list, &ProblemListView::pressed, this, &ProblemsPanel::pressed);
    connect(m_list, &ProblemListView::asked, this, &ProblemsPanel::asked);
    connect(m_list, &ProblemListView::openedChanged, this, &ProblemsPanel::tellOpened); // before its height is asked for
    connect(m_list, &ProblemListView::openedChanged, this, &ProblemsPanel::updateOnIt);
    connect(m_list, &ProblemListView::currentRowChanged, this, &ProblemsPanel::updateOnIt);
    connect(m_claim, &FlatButton::clicked, this, &ProblemsPanel::claim);
    connect(m_list, &ProblemListView::openedChanged, this, [this] {
        m_touched = true;
        m_openedItself.clear();
        Q_EMIT heightChanged();
    });
}

void ProblemsPanel::tellOpened()
{
    if (m_snapshot)
        m_model->setOpened(m_list->openedId(), *m_snapshot);
}

void ProblemsPanel::showSnapshot(const facts::SnapshotPtr &taken)
{
    const bool isFirst = !m_snapshot;
    m_snapshot = taken;
    const facts::Snapshot &snapshot = *m_snapshot;
    if (isFirst)
        tellOpened(); // by a link, before there was anything to tell
    const bool before = isOneLine();
    const int wanted = wantedHeight();
    m_list->setNow(snapshot.takenAt);
    // While something is wrong, what ended stays in sight below it.
    if (!m_model->isHeld())
        m_model->setShowsEnded(m_showsEnded || !snapshot.problems.empty());
    m_model->showSnapshot(snapshot);
    updateTitle(snapshot);
    updateOnIt();
    updateBefore(snapshot);
    if (snapshot.problems.empty() && m_touched && !m_model->isHeld()) { // the next trouble may open itself again
        m_list->open({});
        m_touched = false;
    }
    followWorst();
    keepWorstInSight();
    m_list->setVisible(!isOneLine());
    if (before != isOneLine() || wanted != wantedHeight())
        Q_EMIT heightChanged();
}

const models::ProblemRow *ProblemsPanel::subject() const
{
    const auto runs = [](const models::ProblemRow *row) { return row && !row->endedAt; };
    const auto *opened = m_list->openedId().empty() ? nullptr : m_model->rowAt(m_model->index(std::max(0, m_model->rowOf(m_list->openedId())), 0));
    if (runs(opened) && opened->id == m_list->openedId())
        return opened;
    if (const auto *current = m_model->rowAt(m_list->currentIndex()); m_chosenInList && runs(current))
        return current;
    return !m_model->rows().empty() && runs(&m_model->rows().front()) ? &m_model->rows().front() : nullptr;
}

/// "nobody is on u1 yet" and the button; where the person may not, the reason is the words' tooltip and stands in the opened row.
void ProblemsPanel::updateOnIt()
{
    // A row that is current was chosen by a person only who is in the list, or went from there to this button.
    m_chosenInList = m_list->hasFocus() || (m_chosenInList && m_claim->hasFocus());
    const auto *row = subject();
    const QString who = !row || row->claim.onIt.isEmpty() ? QString()
                        : row->claim.isClaimed            ? row->claim.onIt
                        : format::placeName(row->problem.place).isEmpty()
                            ? tr("nobody is on it yet")
                            : tr("nobody is on %1 yet").arg(format::placeName(row->problem.place));
    m_onIt->setText(who);
    m_onIt->setVisible(!who.isEmpty());
    m_onIt->setToolTip(row ? QStringList{row->claim.trouble, row->claim.whyNot}.join(QLatin1Char(' ')).trimmed() : QString());
    const auto actions = row ? actionsFor(*row) : std::vector<ProblemAction>();
    const bool isYours = std::find(actions.begin(), actions.end(), ProblemAction::Release) != actions.end();
    const bool mayClaim = isYours || std::find(actions.begin(), actions.end(), ProblemAction::Claim) != actions.end();
    m_claim->setVisible(mayClaim);
    m_claim->setText(isYours ? tr("Leave it") : actionText(ProblemAction::Claim));
    bindClaim(row ? row->id : std::string(), isYours);
    if (row)
        m_claim->setAccessibleName(isYours ? tr("Leave %1 to others").arg(row->text.line1) : tr("I'm on it: %1").arg(row->text.line1));
}

void ProblemsPanel::bindClaim(const std::string &id, bool isToLeave)
{
    if (id == m_claimOf && isToLeave == m_isToLeave)
        return;
    if (!m_claimOf.empty())
        m_sinceOther.start();
    m_claimOf = id;
    m_isToLeave = isToLeave;
}

/// Whoever presses means the problem that they read, not one that came in meanwhile.
void ProblemsPanel::claim()
{
    const int at = m_model->rowOf(m_claimOf);
    const auto *row = at < 0 ? nullptr : m_model->rowAt(m_model->index(at, 0));
    if (!row || row->endedAt || (m_sinceOther.isValid() && m_sinceOther.elapsed() < m_deafMs))
        return;
    const models::ProblemRow known = *row;
    m_chosenInList = false; // what was meant is said
    Q_EMIT asked(known, m_isToLeave ? ProblemAction::Release : ProblemAction::Claim);
}

void ProblemsPanel::updateBefore(const facts::Snapshot &snapshot)
{
    const QString before = format::beforeText(snapshot);
    m_before->setText(before);
    m_before->setVisible(!before.isEmpty() && !isOneLine());
    m_before->setFixedHeight(theme::scaled(footHeight));
}

void ProblemsPanel::setOffersEvents(bool offers, bool shown)
{
    m_events->setVisible(offers);
    m_events->setText(shown ? tr("Regions") : tr("Events"));
    m_events->setAccessibleName(shown ? tr("Show the regions instead of the events") : tr("Show the events instead of the regions"));
}

void ProblemsPanel::updateTitle(const facts::Snapshot &snapshot)
{
    const int running = m_model->running();
    const int ended = m_model->ended();
    const QString endedText = ended > 0 ? tr("%1 ended in the last 12 h.").arg(format::count(ended)) : QString();
    QString note;
    if (running == 0 && !format::allAnsweredOrTimedOut(snapshot))
        note = tr("Not known yet: %1 answered.").arg(format::answersText(snapshot).section(QLatin1Char(','), 0, 0));
    else if (running == 0)
        note = ended > 0 ? tr("None now. %1").arg(endedText) : tr("None now.");
    else
        note = ended > 0 ? tr("%1 now. %2").arg(format::count(running), endedText) : tr("%1 now").arg(format::count(running));
    m_note->setText(note);
    m_showEnded->setVisible(running == 0 && ended > 0);
    m_showEnded->setText(m_showsEnded ? tr("Hide ended") : tr("Show ended"));
}

bool ProblemsPanel::isOneLine() const
{
    return m_model->rowCount() == 0;
}

int ProblemsPanel::oneLineHeight() const
{
    return theme::scaled(theme::size::kTitleRow) + 2;
}

int ProblemsPanel::wantedHeight() const
{
    if (isOneLine())
        return oneLineHeight();
    const int foot = m_before->isVisibleTo(this) ? theme::scaled(footHeight) : 0;
    return oneLineHeight() + m_list->wholeHeight() + body()->spacing() + foot + body()->contentsMargins().bottom();
}

void ProblemsPanel::setShowsEnded(bool shows)
{
    if (shows == m_showsEnded)
        return;
    m_showsEnded = shows;
    m_showEnded->setText(shows ? tr("Hide ended") : tr("Show ended"));
    m_model->setShowsEnded(shows || m_model->running() > 0);
    m_list->setVisible(!isOneLine());
    Q_EMIT heightChanged();
}

void ProblemsPanel::openWorstOnce()
{
    if (m_touched || m_model->isHeld() || m_model->running() == 0 || m_model->rowCount() == 0)
        return;
    openItself(m_model->rows().front().id);
}

void ProblemsPanel::openItself(const std::string &id)
{
    m_list->open(id);
    m_openedItself = id;
}

void ProblemsPanel::closeWhatOpenedItself()
{
    if (m_openedItself.empty() || m_model->isHeld())
        return;
    m_list->open({});
    m_list->setCurrentIndex({});
    m_touched = false;
}

/// A list that nobody holds begins with its worst, also where rows came in above those that were seen.
void ProblemsPanel::keepWorstInSight()
{
    const std::string worst = m_model->rows().empty() ? std::string() : m_model->rows().front().id;
    if (!m_model->isHeld() && (!m_touched || worst != m_worstShown))
        m_list->scrollToTop();
    if (!m_model->isHeld())
        m_worstShown = worst;
}

/// What opened itself was the worst then. Once another is worse, or its own cause has another name, that one stands open in its place.
void ProblemsPanel::followWorst()
{
    if (m_openedItself.empty() || m_model->isHeld() || m_model->running() == 0 || m_model->rowCount() == 0)
        return;
    if (const std::string worst = m_model->rows().front().id; worst != m_openedItself)
        openItself(worst);
}

} // namespace shardlens::ui::pages

#include "moc_ProblemsPanel.cpp"
