// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ProblemModel.h"

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

} // namespace

void ProblemModel::showSnapshot(const facts::Snapshot &snapshot)
{
    m_newest.clear();
    for (const auto &problem : snapshot.problems)
        m_newest.push_back(runningRow(problem, snapshot));
    m_ended = static_cast<int>(snapshot.ended.size());
    for (std::size_t i = 0; i < snapshot.ended.size() && i < snapshot.endedAt.size(); ++i)
        m_newest.push_back(endedRow(snapshot.ended[i], snapshot.endedAt[i], snapshot));
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
        update(at, row);
    }
    setWaiting(unseen);
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
        return row->endedAt ? tr("Ended: %1, %2").arg(row->text.line1, row->lasts) : row->text.sentence;
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
