// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/ChartFeed.h"

#include "ui/format/ProblemText.h"
#include "ui/format/Words.h"
#include "ui/pages/KeptSeries.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

namespace {

/// Gives the functions of this file tr().
struct FeedWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages)
};

constexpr std::chrono::minutes hour{60};
constexpr std::size_t mostMarks = 3;

template <class Name>
bool agrees(const Name &name, const Name &wanted)
{
    return wanted.isEmpty() || name == wanted;
}

bool isOf(const facts::Place &place, const facts::Place &of)
{
    return agrees(place.cluster, of.cluster) && agrees(place.group, of.group) && agrees(place.pool, of.pool);
}

/// A few words beside a mark; empty for what is no mark of its own.
QString eventWords(const facts::Event &event)
{
    const QString server = format::text(event.place.server.text());
    const QString subject = format::text(event.subject);
    const QString after = format::text(event.after);
    switch (event.kind) {
    case facts::EventKind::ServerRestarted: return (event.before.empty() ? FeedWords::tr("%1 started") : FeedWords::tr("%1 restarted")).arg(server);
    case facts::EventKind::RoleChanged: return FeedWords::tr("%1 is %2").arg(server, after);
    case facts::EventKind::SettingChanged: return FeedWords::tr("%1 changed").arg(subject);
    case facts::EventKind::RouterTargetChanged: return FeedWords::tr("%1 leads to %2").arg(subject, after);
    case facts::EventKind::RouterPauseChanged: return FeedWords::tr("%1 %2").arg(subject, after);
    case facts::EventKind::ServerBack: return FeedWords::tr("%1 is back").arg(server);
    case facts::EventKind::TimelineChanged: // a change of roles tells it
    case facts::EventKind::ServerLost:      // a problem tells it
    case facts::EventKind::ProblemBegan:
    case facts::EventKind::ProblemEnded:
    case facts::EventKind::ProblemClaimed: // about people, not about servers
    case facts::EventKind::ProblemReleased:
    case facts::EventKind::ProblemQuieted:
    case facts::EventKind::ProblemUnquieted:
    case facts::EventKind::ConsoleStalled: break;
    }
    return {};
}
} // namespace

ChartFeed::ChartFeed(const observe::History *history, KeptSeries *kept, const facts::Snapshot &snapshot, std::chrono::seconds range)
    : m_history(history), m_kept(kept), m_snapshot(snapshot), m_to(snapshot.takenUtc), m_range(range)
{
}

std::optional<facts::UtcTime> ChartFeed::observedSince() const
{
    if (m_kept)
        return m_kept->observedSince();
    return m_history ? m_history->observedSince() : std::nullopt;
}

void ChartFeed::dress(charts::TimeChart &chart, std::vector<charts::ChartMark> marks) const
{
    chart.setRange(from(), m_to);
    chart.setMarks(std::move(marks));
    chart.setObservedSince(observedSince());
}

/// Memory holds the last hour; a span that begins earlier is put together with what is on disk.
facts::Series ChartFeed::seriesBetween(const facts::SeriesKey &key, facts::UtcTime from, facts::UtcTime to) const
{
    constexpr std::chrono::seconds edge{10};
    if (m_kept && (from < m_to - hour - edge))
        return m_kept->series(key, from, to);
    return m_history->series(key, from, to);
}

/// The earlier line may begin no earlier than what is kept, and is drawn only where it does not overlap.
std::chrono::microseconds ChartFeed::wasShift() const
{
    const auto since = observedSince();
    if (!since)
        return {};
    const bool reachesDisk = m_kept && m_kept->reaches(m_to - hour - m_range);
    const auto kept = reachesDisk ? m_to - *since : std::min<std::chrono::microseconds>(hour, m_to - *since);
    const auto shift = std::min<std::chrono::microseconds>(hour, kept - m_range);
    return shift >= m_range ? shift : std::chrono::microseconds(0);
}

facts::Series ChartFeed::sumBetween(const std::vector<facts::SeriesKey> &keys, facts::UtcTime from, facts::UtcTime to) const
{
    facts::Series total;
    if (!m_history)
        return total;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        auto next = seriesBetween(keys[k], from, to);
        if (k == 0) {
            total = std::move(next);
            continue;
        }
        total.resize(std::min(total.size(), next.size()));
        for (std::size_t i = 0; i < total.size(); ++i) {
            total[i].min += next[i].min;
            total[i].mean += next[i].mean;
            total[i].max += next[i].max;
            total[i].count = std::min(total[i].count, next[i].count);
        }
    }
    return total;
}

charts::ChartLine ChartFeed::sum(const QString &name, int series, const std::vector<facts::SeriesKey> &keys) const
{
    charts::ChartLine line;
    line.name = name;
    line.series = series;
    line.points = sumBetween(keys, from(), m_to);
    if (const auto shift = wasShift(); shift.count() > 0) {
        line.was = sumBetween(keys, from() - shift, m_to - shift);
        line.wasShift = shift;
    }
    return line;
}

charts::ChartLine ChartFeed::line(const QString &name, int series, const facts::SeriesKey &key) const
{
    return sum(name, series, {key});
}

std::vector<charts::ChartMark> ChartFeed::marks(const facts::Place &of) const
{
    std::vector<charts::ChartMark> marks;
    const auto add = [&](facts::UtcTime at, charts::ChartMark::Kind kind, const QString &text) {
        if (at < from() || at > m_to)
            return;
        const bool known = std::any_of(marks.begin(), marks.end(), [&](const auto &mark) { return mark.at == at && mark.text == text; });
        if (!known)
            marks.push_back({at, kind, text});
    };
    // A problem that was there when observing began has no place; a change between two readings is an interval off at most.
    const auto isPlaced = [&](const facts::Event &event) { return event.when.exact || event.when.at != m_snapshot.observingSinceUtc; };
    const auto addProblem = [&](const facts::Problem &problem) {
        if (!problem.since.exact || problem.severity == facts::Severity::Unknown || !isOf(problem.place, of))
            return;
        add(problem.since.at, problem.severity == facts::Severity::Critical ? charts::ChartMark::Kind::Critical : charts::ChartMark::Kind::Warning, format::placeName(problem.place));
    };
    for (const auto &problem : m_snapshot.problems)
        addProblem(problem);
    for (const auto &event : *m_snapshot.events) {
        if (event.kind == facts::EventKind::ProblemBegan && event.problem)
            addProblem(*event.problem);
        else if (const QString text = eventWords(event); !text.isEmpty() && isPlaced(event) && isOf(placeOf(event.place), of))
            add(event.when.at, charts::ChartMark::Kind::Event, text);
    }
    std::sort(marks.begin(), marks.end(), [](const auto &a, const auto &b) { return a.kind != b.kind ? a.kind > b.kind : a.at > b.at; });
    if (marks.size() > mostMarks)
        marks.resize(mostMarks);
    return marks;
}

/// A server's event belongs to its cluster, group or pool too.
facts::Place ChartFeed::placeOf(facts::Place place) const
{
    const auto &fleet = *m_snapshot.fleet;
    if (place.server.isEmpty())
        return place;
    if (const auto *cluster = fleet.clusterOf(place.server); cluster && place.cluster.isEmpty())
        place.cluster = cluster->name;
    if (const auto *group = fleet.redisGroupOf(place.server); group && place.group.isEmpty())
        place.group = group->name;
    if (const auto *pool = fleet.poolOf(place.server); pool && place.pool.isEmpty())
        place.pool = pool->name;
    return place;
}

} // namespace shardlens::ui::pages
