// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/EventModel.h"

#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/theme/ColourRole.h"
#include "ui/theme/Shapes.h"

#include <algorithm>

namespace shardlens::ui::models {

namespace {

using format::EventText;

theme::Shape shapeOf(const facts::Event &event, EventText::Sort sort)
{
    switch (sort) {
    case EventText::Sort::Role: return theme::Shape::SmallDiamond;
    case EventText::Sort::Setting: return theme::Shape::SmallTriangle;
    case EventText::Sort::Claim: return theme::Shape::Chevron;
    case EventText::Sort::Began: return event.problem ? theme::shapeOf(event.problem->severity) : theme::Shape::Triangle;
    case EventText::Sort::Ended: return theme::Shape::Dot;
    case EventText::Sort::Console: return theme::Shape::Clock;
    }
    return theme::Shape::None;
}

} // namespace

void EventModel::showSnapshot(const facts::Snapshot &snapshot)
{
    if (snapshot.events == m_newest)
        return;
    m_newest = snapshot.events;
    // Words are made when a row comes in; the problem lists of the snapshot are not needed for them.
    auto words = std::make_shared<facts::Snapshot>(snapshot);
    words->events = std::make_shared<const facts::EventList>();
    m_words = std::move(words);
    if (!m_held)
        return bringIn();
    const auto known = m_shown->empty() ? facts::UtcTime::min() : m_shown->front().when.at;
    setWaiting(static_cast<int>(std::count_if(m_newest->begin(), m_newest->end(), [&](const facts::Event &event) { return event.when.at > known; })));
}

/// Both lists are in the same order, so that what is new is found by walking along both.
void EventModel::bringIn()
{
    if (m_newest == m_shown)
        return;
    const auto &next = *m_newest;
    for (std::size_t at = 0; at < next.size(); ++at) {
        if (at < m_rows.size() && m_rows[at].event == next[at])
            continue;
        std::size_t end = at; // up to the next known one
        while (end < next.size() && !(at < m_rows.size() && m_rows[at].event == next[end]))
            ++end;
        const bool gone = at < m_rows.size() && end == next.size();
        if (gone) { // what stood here is no longer kept: neither is anything older
            beginRemoveRows({}, static_cast<int>(at), rowCount() - 1);
            m_rows.resize(at);
            endRemoveRows();
        }
        beginInsertRows({}, static_cast<int>(at), static_cast<int>(end) - 1);
        std::vector<Row> rows;
        for (std::size_t i = at; i < end; ++i)
            rows.push_back({next[i], format::eventText(next[i], *m_words)});
        m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(at), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
        endInsertRows();
        at = end - 1;
    }
    if (m_rows.size() > next.size()) {
        beginRemoveRows({}, static_cast<int>(next.size()), rowCount() - 1);
        m_rows.resize(next.size());
        endRemoveRows();
    }
    m_shown = m_newest;
    setWaiting(0);
}

void EventModel::setHeld(bool held)
{
    m_held = held;
    if (!held)
        bringIn();
}

void EventModel::takeWaiting()
{
    bringIn();
}

void EventModel::setWaiting(int waiting)
{
    if (waiting == m_waiting)
        return;
    m_waiting = waiting;
    Q_EMIT waitingChanged(waiting);
}

const facts::Event *EventModel::eventAt(const QModelIndex &index) const
{
    return index.isValid() && index.row() < rowCount() ? &m_rows[static_cast<std::size_t>(index.row())].event : nullptr;
}

QVariant EventModel::data(const QModelIndex &index, int role) const
{
    if (!eventAt(index))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == When ? row.text.at : index.column() == Where ? row.text.where : row.text.what;
    case Qt::ToolTipRole:
        return index.column() == When ? format::dateTime(row.event.when.at) : index.column() == What ? row.text.what : row.text.where;
    case Qt::AccessibleTextRole:
        return QStringList{row.text.at, row.text.where, row.text.what}.join(QLatin1String(", "));
    case RawRole:
        return index.column() == When ? QVariant(format::iso8601(row.event.when.at)) : QVariant();
    case ColourRoleRole:
        return static_cast<int>(index.column() == When ? theme::ColourRole::Muted : theme::ColourRole::Text);
    case ShapeRole:
        return index.column() == Where ? QVariant(static_cast<int>(shapeOf(row.event, row.text.sort))) : QVariant();
    default:
        return {};
    }
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == When ? tr("When") : section == Where ? tr("Where") : tr("What");
}

QString EventModel::asCsv() const
{
    QString csv = csvLine({QStringLiteral("at"), QStringLiteral("at_is_exact"), QStringLiteral("kind"), QStringLiteral("place"), QStringLiteral("subject"),
                           QStringLiteral("before"), QStringLiteral("after"), QStringLiteral("words")});
    for (const Row &row : m_rows) {
        const auto &event = row.event;
        csv += csvLine({format::iso8601(event.when.at), event.when.exact ? QStringLiteral("true") : QStringLiteral("false"), QString::fromUtf8(facts::name(event.kind).data()),
                        row.text.where, format::text(event.subject), format::text(event.before), format::text(event.after), row.text.what});
    }
    return csv;
}

} // namespace shardlens::ui::models

#include "moc_EventModel.cpp"
