// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ProblemModel.h"

#include "ui/format/BacklogText.h"
#include "ui/format/Evidence.h"
#include "ui/format/MovePrice.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"

namespace shardlens::ui::models {

namespace {

std::string endedId(const facts::Problem &problem, facts::UtcTime endedAt)
{
    return problem.id() + "@" + std::to_string(endedAt.time_since_epoch().count());
}

ProblemRow runningRow(const facts::Problem &problem, const facts::Snapshot &snapshot)
{
    ProblemRow row{problem.id(), problem, {}, format::problemText(problem, snapshot), format::sinceFor(problem.since, snapshot.takenUtc),
                   format::sinceShort(problem.since, snapshot.takenUtc), {}, format::claimText(problem, snapshot)};
    if (row.claim.isQuiet)
        row.text.line2 = row.claim.quiet;
    for (const auto &consequence : problem.consequences)
        row.consequences << format::problemText(consequence, snapshot).line1;
    return row;
}

ProblemRow endedRow(const facts::Problem &problem, facts::UtcTime at, const facts::Snapshot &snapshot)
{
    ProblemRow row{endedId(problem, at), problem, at, format::problemText(problem, snapshot), format::lastedText(problem, at),
                   format::sinceShort(problem.since, snapshot.takenUtc), {}, {}};
    row.text.line2 = ProblemModel::tr("Ended %1").arg(format::clockTime(at, snapshot.takenUtc));
    return row;
}

/// As a sentence that another may follow.
QString withStop(const QString &words)
{
    return words.isEmpty() || words.endsWith(QLatin1Char('.')) ? words : words + QLatin1Char('.');
}

} // namespace

QString peopleText(const ProblemRow &row)
{
    QStringList onIt;
    if (!row.claim.onIt.isEmpty())
        onIt << (row.claim.isClaimed ? row.claim.onIt + QLatin1Char('.') : ProblemModel::tr("Nobody yet."));
    for (const QString &more : {row.claim.trouble, row.claim.whyNot}) {
        if (!more.isEmpty())
            onIt << more;
    }
    return onIt.join(QLatin1Char(' '));
}

void ProblemModel::showSnapshot(const facts::Snapshot &snapshot)
{
    m_now = snapshot.takenAt;
    m_newest.clear();
    for (const auto &problem : snapshot.problems)
        m_newest.push_back(runningRow(problem, snapshot));
    m_ended = static_cast<int>(snapshot.ended.size());
    for (std::size_t i = 0; i < snapshot.ended.size() && i < snapshot.endedAt.size(); ++i)
        m_newest.push_back(endedRow(snapshot.ended[i], snapshot.endedAt[i], snapshot));
    for (ProblemRow &row : m_newest)
        markOpened(row, snapshot);
    if (m_held)
        updateInPlace();
    else
        bringIn();
}

void ProblemModel::bringIn()
{
    auto next = m_newest;
    if (!m_showsEnded)
        std::erase_if(next, [](const ProblemRow &row) { return row.endedAt.has_value(); });
    assign(std::move(next));
    setWaiting(0);
}

void ProblemModel::updateInPlace()
{
    int unseen = 0;
    for (const auto &row : m_newest) {
        const int at = rowOf(row.id);
        if (at >= 0) {
            update(at, row);
            continue;
        }
        if (!row.endedAt)
            ++unseen;
    }
    for (int at = 0; at < rowCount(); ++at) {
        const auto &shown = rows()[static_cast<std::size_t>(at)];
        if (shown.endedAt || std::any_of(m_newest.begin(), m_newest.end(), [&](const ProblemRow &row) { return row.id == shown.id; }))
            continue;
        // It ended while it is being read: it is muted where it stands and goes to its place when the list is let go.
        const auto ended = std::find_if(m_newest.begin(), m_newest.end(), [&](const ProblemRow &row) { return row.endedAt && row.problem.id() == shown.id; });
        if (ended == m_newest.end())
            continue;
        auto row = *ended;
        row.id = shown.id;
        row.isOpened = shown.isOpened;
        update(at, row);
    }
    setWaiting(unseen);
}

void ProblemModel::setOpened(const std::string &id, const facts::Snapshot &snapshot)
{
    m_opened = id;
    for (ProblemRow &row : m_newest)
        markOpened(row, snapshot);
    for (int at = 0; at < rowCount(); ++at) {
        const ProblemRow &shown = rows()[static_cast<std::size_t>(at)];
        if (shown.isOpened == (shown.id == m_opened))
            continue;
        ProblemRow row = shown;
        markOpened(row, snapshot);
        update(at, std::move(row));
    }
}

void ProblemModel::markOpened(ProblemRow &row, const facts::Snapshot &snapshot) const
{
    row.isOpened = !m_opened.empty() && row.id == m_opened;
    const bool tells = row.isOpened && !row.endedAt;
    row.backlogs = tells ? format::backlogLines(row.problem, snapshot) : QStringList();
    row.prices = tells ? format::movePrices(row.problem, snapshot) : QStringList();
}

void ProblemModel::setHeld(bool held)
{
    if (held == m_held)
        return;
    m_held = held;
    if (!held)
        bringIn();
}

void ProblemModel::takeWaiting()
{
    bringIn();
}

void ProblemModel::setShowsEnded(bool shows)
{
    if (shows == m_showsEnded)
        return;
    m_showsEnded = shows;
    bringIn();
}

void ProblemModel::setWaiting(int waiting)
{
    if (waiting == m_waiting)
        return;
    m_waiting = waiting;
    Q_EMIT waitingChanged(waiting);
}

int ProblemModel::running() const
{
    return static_cast<int>(std::count_if(m_newest.begin(), m_newest.end(), [](const ProblemRow &row) { return !row.endedAt; }));
}

QVariant ProblemModel::data(const QModelIndex &index, int role) const
{
    const auto *row = rowAt(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == Since ? row->lasts : row->text.line1;
    case Qt::AccessibleTextRole:
        return spoken(*row);
    case RawRole:
        return index.column() == Since ? format::iso8601(row->problem.since.at) : row->text.sentence;
    case ColourRoleRole:
        return static_cast<int>(row->endedAt || row->claim.isQuiet ? theme::ColourRole::Muted : theme::ColourRole::Text);
    case ShapeRole:
        return static_cast<int>(theme::shapeOf(row->problem.severity));
    default:
        return {};
    }
}

/// Of an opened row all that is read below its two lines: it is painted, and nothing else says it.
QString ProblemModel::spoken(const ProblemRow &row) const
{
    const QString head = row.endedAt ? tr("Ended: %1, %2").arg(row.text.line1, row.lasts) : row.text.sentence;
    if (!row.isOpened)
        return head;
    QStringList told{head};
    if (row.endedAt)
        told << row.text.sentence;
    else
        told << row.text.toDo << row.backlogs << row.prices << row.claim.others << peopleText(row) << row.claim.quiet;
    for (const auto &evidence : row.problem.evidence)
        told << format::evidenceText(evidence, m_now);
    told.removeAll(QString());
    for (QString &words : told)
        words = withStop(words);
    return told.join(QLatin1Char(' '));
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Since ? tr("Since") : tr("Problem");
}

QString ProblemModel::asCsv() const
{
    QString csv = csvLine({QStringLiteral("severity"), QStringLiteral("rule"), QStringLiteral("place"), QStringLiteral("since"), QStringLiteral("since_is_exact"),
                           QStringLiteral("ended_at"), QStringLiteral("sentence")});
    for (const auto &row : m_newest) {
        const auto &problem = row.problem;
        csv += csvLine({QString::fromUtf8(facts::name(problem.severity).data()), QString::fromUtf8(facts::name(problem.rule).data()), format::placeName(problem.place),
                        format::iso8601(problem.since.at), problem.since.exact ? QStringLiteral("true") : QStringLiteral("false"),
                        row.endedAt ? format::iso8601(*row.endedAt) : QString(), row.text.sentence});
    }
    return csv;
}

} // namespace shardlens::ui::models

#include "moc_ProblemModel.cpp"
