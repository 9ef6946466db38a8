// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/TrafficFigures.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <cmath>
#include <optional>

namespace shardlens::ui::pages {

namespace {

using facts::Measure;

struct TrafficFiguresWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::TrafficFigures)
};

/// Values of some of the parts.
struct Parts {
    double sum = 0;
    double most = 0;
    int known = 0;
    int all = 0;
    void add(std::optional<double> value)
    {
        ++all;
        if (!value)
            return;
        ++known;
        sum += *value;
        most = std::max(most, *value);
    }
};

bool isFresh(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const auto *observation = snapshot.observation(id);
    return observation && facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh;
}

template <class T>
std::optional<double> fresh(const facts::Snapshot &snapshot, const base::ServerId &id, const facts::Known<T> &value)
{
    return isFresh(snapshot, id) && value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

QString missing(const Parts &parts)
{
    // Where nothing is known, the figure says so itself.
    return parts.known == parts.all || parts.known == 0 ? QString() : TrafficFiguresWords::tr("%1 of %2 not known").arg(parts.all - parts.known).arg(parts.all);
}

QString figure(const Parts &parts, const QString &text)
{
    if (parts.known == 0)
        return parts.all == 0 ? QString(QLatin1Char('-')) : TrafficFiguresWords::tr("not known");
    return parts.known < parts.all ? format::kAtLeast + QString(QLatin1Char(' ')) + text : text;
}

using Was = observe::History::Was;

/// One of several values together with another; the younger time counts for both.
Was joined(const std::optional<Was> &some, const Was &one, double value)
{
    return {value, some ? std::max(some->at, one.at) : one.at};
}

/// The sum of what each router was; only where all of them were observed then.
std::optional<Was> sumThen(const facts::Snapshot &snapshot, const observe::History *history, Measure measure)
{
    std::optional<Was> sum;
    for (const auto &router : snapshot.routers) {
        const auto was = history ? history->was({measure, router.server.text()}, snapshot.takenUtc) : std::nullopt;
        if (!was)
            return {};
        sum = joined(sum, *was, (sum ? sum->value : 0) + was->value);
    }
    return sum;
}

/// Without a time, "was" is an hour ago: a history that is shorter says where it begins.
void tellWas(TrafficFigure &figure, const Was &then, const QString &value, facts::UtcTime now)
{
    constexpr std::chrono::minutes aboutAnHour{59};
    figure.was = format::was(value);
    if (now - then.at < aboutAnHour)
        figure.wasAt = TrafficFiguresWords::tr("at %1").arg(format::clockMinute(then.at, now));
}

QString bare(QString withUnit)
{
    return withUnit.section(format::kNarrowSpace, 0, 0);
}

} // namespace

TrafficFigure writesFigure(const facts::Snapshot &snapshot, const observe::History *history)
{
    Parts parts;
    for (const auto &router : snapshot.routers)
        parts.add(fresh(snapshot, router.server, router.writesPerSecond));
    TrafficFigure result{figure(parts, format::rate(parts.sum)), {}, {}, missing(parts)};
    if (const auto then = sumThen(snapshot, history, Measure::RouterWrites))
        tellWas(result, *then, bare(format::rate(then->value)), snapshot.takenUtc);
    return result;
}

TrafficFigure waitingFigure(const facts::Snapshot &snapshot, const observe::History *history)
{
    Parts parts;
    for (const auto &router : snapshot.routers)
        parts.add(fresh(snapshot, router.server, router.waiting));
    TrafficFigure result{figure(parts, format::count(std::llround(parts.sum))), {}, {}, missing(parts)};
    if (const auto then = sumThen(snapshot, history, Measure::RouterWaiting))
        tellWas(result, *then, format::count(std::llround(then->value)), snapshot.takenUtc);
    return result;
}

TrafficFigure lagFigure(const facts::Snapshot &snapshot, const observe::History *history)
{
    Parts parts;
    for (const auto &cluster : snapshot.clusters) {
        for (const auto &lag : cluster.standbys) {
            std::optional<double> seconds;
            // As the history takes it: without its primary no standby can be measured.
            const bool told = lag.rule == facts::LagRule::ReplayLag || isFresh(snapshot, lag.standby);
            if (lag.time && told && cluster.primary && isFresh(snapshot, *cluster.primary))
                seconds = std::chrono::duration<double>(*lag.time).count();
            parts.add(seconds);
        }
    }
    const auto text = [](double seconds) { return format::lag(std::chrono::duration_cast<facts::microseconds>(std::chrono::duration<double>(seconds))); };
    TrafficFigure result{parts.known == 0 ? figure(parts, {}) : text(parts.most), {}, {}, missing(parts)};
    std::optional<Was> then;
    for (const auto &region : snapshot.fleet->regions) {
        const auto was = history ? history->was({Measure::WorstLagSeconds, region.name.text()}, snapshot.takenUtc) : std::nullopt;
        if (was)
            then = joined(then, *was, std::max(then ? then->value : 0, was->value));
    }
    if (then)
        tellWas(result, *then, bare(text(then->value)), snapshot.takenUtc);
    return result;
}

} // namespace shardlens::ui::pages
