// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/StatusLine.h"

#include "ui/format/EventText.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/widgets/Text.h"

#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FontRole;
using theme::Text;

namespace {

/// The newest that is no problem's beginning or end, which have sentences of their own; null if there is none.
const facts::Event *newestChange(const facts::Snapshot &snapshot)
{
    const auto found = std::find_if(snapshot.events->begin(), snapshot.events->end(), [](const facts::Event &event) {
        return event.kind != facts::EventKind::ProblemBegan && event.kind != facts::EventKind::ProblemEnded;
    });
    return found == snapshot.events->end() ? nullptr : &*found;
}

} // namespace

QString newestEvent(const facts::Snapshot &snapshot)
{
    const facts::Problem *newest = nullptr;
    for (const facts::Problem &problem : snapshot.problems) {
        if (!newest || problem.since.at > newest->since.at)
            newest = &problem;
    }
    const bool ended = !snapshot.ended.empty() && !snapshot.endedAt.empty() && (!newest || snapshot.endedAt.front() > newest->since.at);
    const auto told = ended ? snapshot.endedAt.front() : newest ? newest->since.at : base::UtcTime();
    if (const facts::Event *change = newestChange(snapshot); change && change->when.at > told) {
        const format::EventText words = format::eventText(*change, snapshot);
        return QStringList{words.at, words.where, words.what}.join(QLatin1Char(' '));
    }
    if (ended) {
        const facts::Problem &problem = snapshot.ended.front();
        return StatusLine::tr("%1 Ended: %2, %3")
            .arg(format::clockTime(snapshot.endedAt.front(), snapshot.takenUtc), format::problemText(problem, snapshot).line1,
                 format::lastedText(problem, snapshot.endedAt.front()));
    }
    if (newest)
        return format::sinceShort(newest->since, snapshot.takenUtc) + QLatin1Char(' ') + format::problemText(*newest, snapshot).line1;
    return StatusLine::tr("Observing since %1, no event").arg(format::clockTime(snapshot.observingSinceUtc, snapshot.takenUtc));
}

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent), m_event(new Text(FontRole::Caption)), m_lock(new Text(FontRole::Caption)), m_late(new Text(FontRole::Caption, ColourRole::Muted)),
      m_load(new Text(FontRole::Caption, ColourRole::Muted))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space::kM, 1, theme::space::kM, 0);
    row->setSpacing(theme::space::kL);
    row->addWidget(m_event, 1);
    row->addWidget(m_lock);
    row->addWidget(m_late);
    row->addWidget(m_load);
    m_event->setElide(Text::Elide::End);
    m_load->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_load->setWidest(tr("Console %1%2% CPU, %3").arg(format::decimal(100, 1), QString(format::kNarrowSpace), QStringLiteral("000 MiB"))); // figures that grow push nothing aside
    m_lock->hide();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(theme::scaled(24));
    setAccessibleName(tr("Status"));
}

void StatusLine::showSnapshot(const facts::Snapshot &snapshot)
{
    const QString event = newestEvent(snapshot);
    if (event != m_lastEvent) {
        m_lastEvent = event;
        m_event->setText(event);
    }
    std::int64_t late = 0;
    QStringList who;
    for (const auto &[id, observation] : snapshot.servers) {
        late += observation->reach.latePolls;
        if (observation->reach.latePolls > 0)
            who << QStringLiteral("%1: %2").arg(format::text(id.text()), format::count(observation->reach.latePolls));
    }
    m_late->setText(late == 1 ? tr("1 late poll") : tr("%1 late polls").arg(format::count(late)));
    m_late->setToolTip(tr("Answers that came after their deadline, or never, since %1").arg(format::clockTime(snapshot.observingSinceUtc)) +
                       (who.isEmpty() ? QString() : QLatin1Char('\n') + who.join(QLatin1Char('\n'))));
}

void StatusLine::showLock(const QString &lock)
{
    m_lock->setText(lock);
    m_lock->setVisible(!lock.isEmpty());
}

void StatusLine::showLoad(const std::optional<ConsoleLoad::Reading> &load)
{
    if (!load || !load->cpuShare) {
        m_load->setVisible(load.has_value());
        if (load)
            m_load->setText(tr("Console %1").arg(format::bytes(base::Bytes{load->residentBytes})));
        return;
    }
    m_load->show();
    m_load->setText(tr("Console %1%2% CPU, %3").arg(format::decimal(*load->cpuShare * 100, 1), QString(format::kNarrowSpace), format::bytes(base::Bytes{load->residentBytes})));
}

void StatusLine::showNotice(const QString &notice)
{
    m_lastEvent.clear();
    m_event->setText(notice);
}

void StatusLine::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(rect(), theme::colour(ColourRole::Surface, palette()));
    painter.fillRect(QRect(0, 0, width(), 1), theme::colour(ColourRole::Line, palette()));
}

void StatusLine::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        setFixedHeight(theme::scaled(24));
    QWidget::changeEvent(event);
}

} // namespace shardlens::ui::shell

#include "moc_StatusLine.cpp"
