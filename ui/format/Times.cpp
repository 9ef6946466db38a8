// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Times.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <QDateTime>
#include <QLocale>

namespace shardlens::ui::format {

namespace {

QDateTime toQt(UtcTime at)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<base::milliseconds>(at).time_since_epoch().count(), Qt::UTC);
}

QString day(UtcTime at)
{
    // The day in words, so that it cannot be read in the wrong order.
    return QLocale(QLocale::English).toString(toQt(at).date(), QStringLiteral("d MMM"));
}

bool needsDay(UtcTime at, UtcTime now)
{
    using std::chrono::hours;
    const auto apart = at > now ? at - now : now - at;
    return apart > hours(12) && toQt(at).date() != toQt(now).date();
}

QString withDay(UtcTime at, UtcTime now, const QString &time)
{
    return needsDay(at, now) ? day(at) + QLatin1Char(' ') + time : time;
}

} // namespace

QString clockTime(UtcTime at)
{
    return toQt(at).toString(QStringLiteral("HH:mm:ss'Z'"));
}

QString clockMinute(UtcTime at)
{
    return toQt(at).toString(QStringLiteral("HH:mm'Z'"));
}

QString clockTime(UtcTime at, UtcTime now)
{
    return withDay(at, now, clockTime(at));
}

QString clockMinute(UtcTime at, UtcTime now)
{
    return withDay(at, now, clockMinute(at));
}

QString localTime(UtcTime at)
{
    return Words::tr("%1 local").arg(toQt(at).toLocalTime().toString(QStringLiteral("HH:mm")));
}

QString dateTime(UtcTime at)
{
    return toQt(at).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss'Z'"));
}

QString iso8601(UtcTime at)
{
    return toQt(at).toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss.zzz'Z'"));
}

QString ago(UtcTime at, UtcTime now)
{
    const auto apart = now - at;
    if (apart >= std::chrono::hours(24))
        return dateTime(at);
    if (apart < base::seconds(1))
        return Words::tr("just now");
    return Words::tr("%1 ago").arg(age(apart));
}

QString sinceText(const facts::Since &since, UtcTime now)
{
    return since.exact ? Words::tr("since %1").arg(clockTime(since.at, now))
                       : Words::tr("before %1, when observing began").arg(clockTime(since.at, now));
}

QString sinceShort(const facts::Since &since, UtcTime now)
{
    return since.exact ? clockTime(since.at, now) : Words::tr("before %1").arg(clockMinute(since.at, now));
}

QString sinceFor(const facts::Since &since, UtcTime now)
{
    const QString lasted = age(now - since.at);
    return since.exact ? lasted : Words::tr("over %1").arg(lasted);
}

} // namespace shardlens::ui::format
