// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Times.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <QDateTime>
#include <QLocale>

#include <atomic>
#include <cstdlib>

namespace shardlens::ui::format {

namespace {

QDateTime toQt(UtcTime at)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<base::milliseconds>(at).time_since_epoch().count(), Qt::UTC);
}

std::atomic<TimeStyle> style{TimeStyle::Both};

bool isLocal() { return style.load(std::memory_order_relaxed) == TimeStyle::Local; }

QDateTime shown(UtcTime at) { return isLocal() ? toQt(at).toLocalTime() : toQt(at); }

/// "Z", or "+02", "+0530", "−03": what makes a written time one moment.
QString zone(UtcTime at)
{
    if (!isLocal())
        return QStringLiteral("Z");
    const int minutes = toQt(at).toLocalTime().offsetFromUtc() / 60;
    const int apart = std::abs(minutes);
    QString text = (minutes < 0 ? QString(kMinus) : QStringLiteral("+")) + QStringLiteral("%1").arg(apart / 60, 2, 10, QLatin1Char('0'));
    if (apart % 60 != 0)
        text += QStringLiteral("%1").arg(apart % 60, 2, 10, QLatin1Char('0'));
    return text;
}

QString day(UtcTime at, UtcTime now)
{
    // The day in words, so that it cannot be read in the wrong order; of another year, with the year.
    const bool isThisYear = shown(at).date().year() == shown(now).date().year();
    return QLocale(QLocale::English).toString(shown(at).date(), isThisYear ? QStringLiteral("d MMM") : QStringLiteral("d MMM yyyy"));
}

bool needsDay(UtcTime at, UtcTime now)
{
    using std::chrono::hours;
    const auto apart = at > now ? at - now : now - at;
    return apart > hours(12) && shown(at).date() != shown(now).date();
}

QString withDay(UtcTime at, UtcTime now, const QString &time)
{
    return needsDay(at, now) ? day(at, now) + QLatin1Char(' ') + time : time;
}

} // namespace

void setTimeStyle(TimeStyle wanted) { style.store(wanted, std::memory_order_relaxed); }
TimeStyle timeStyle() { return style.load(std::memory_order_relaxed); }

QString clockTime(UtcTime at)
{
    return shown(at).toString(QStringLiteral("HH:mm:ss")) + zone(at);
}

QString clockMinute(UtcTime at)
{
    return shown(at).toString(QStringLiteral("HH:mm")) + zone(at);
}

QString widestClock()
{
    return isLocal() ? QStringLiteral("88:88:88+0888") : QStringLiteral("88:88:88Z");
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

QString sinceText(const facts::Since &since, UtcTime now, UtcTime observingSince)
{
    const QString at = clockTime(since.at, now);
    if (since.exact)
        return Words::tr("since %1").arg(at);
    return since.at == observingSince ? Words::tr("since before %1, when observing began").arg(at) : Words::tr("since before %1").arg(at);
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
