// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChartTicks.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace shardlens::ui::charts {

namespace {

double decimalStep(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (value <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

bool isBytes(Unit unit)
{
    return unit == Unit::Bytes || unit == Unit::BytesPerSecond;
}

constexpr std::array<const char *, 6> kByteUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

int byteUnit(double value)
{
    int unit = 0;
    while (unit + 1 < int(kByteUnits.size()) && value >= 1024.0 * (1 - 1e-9)) {
        value /= 1024.0;
        ++unit;
    }
    return unit;
}

QString trimmed(double value)
{
    QString text = format::decimal(value, value >= 100 ? 0 : (value >= 1 ? 1 : 3));
    if (text.contains(QLatin1Char('.'))) {
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(QLatin1Char('.')))
            text.chop(1);
    }
    return text;
}

/// The smallest value an axis of this unit ends at: below it there is nothing a person would tell apart.
double leastTop(Unit unit)
{
    switch (unit) {
    case Unit::Count:
    case Unit::PerSecond: return 10;
    case Unit::Seconds: return 0.1;
    case Unit::Bytes:
    case Unit::BytesPerSecond: return 1024;
    case Unit::Ratio: return 1;
    }
    return 1;
}

/// The number of an axis label; `scale` is the top, which decides the unit for the whole axis.
QString axisNumber(double value, double scale, Unit unit)
{
    if (isBytes(unit))
        return trimmed(value / std::pow(1024.0, byteUnit(scale)));
    if (unit == Unit::Ratio)
        return trimmed(value * 100);
    if (scale >= 1e6)
        return value == 0.0 ? QStringLiteral("0") : trimmed(value / 1e6) + QLatin1Char('M');
    if (scale >= 1e3)
        return value == 0.0 ? QStringLiteral("0") : trimmed(value / 1e3) + QLatin1Char('k');
    return trimmed(value);
}

QString axisUnit(double scale, Unit unit)
{
    switch (unit) {
    case Unit::Seconds: return QStringLiteral("s");
    case Unit::Bytes: return QLatin1String(kByteUnits[std::size_t(byteUnit(scale))]);
    case Unit::BytesPerSecond: return QLatin1String(kByteUnits[std::size_t(byteUnit(scale))]) + QLatin1String("/s");
    case Unit::Ratio: return QStringLiteral("%");
    case Unit::Count:
    case Unit::PerSecond: break;
    }
    return {};
}

QString withUnit(const QString &number, const QString &unit)
{
    return unit.isEmpty() ? number : number + format::kNarrowSpace + unit;
}

} // namespace

double stepUp(double value, Unit unit)
{
    if (!isBytes(unit) || !(value > 0))
        return decimalStep(value);
    const double base = std::pow(1024.0, byteUnit(value));
    const double step = decimalStep(value / base);
    return step >= 1000 ? base * 1024.0 : step * base;
}

StepwiseTop::StepwiseTop(Unit unit) : m_unit(unit), m_least(leastTop(unit)), m_top(m_least) {}

double StepwiseTop::update(double largest)
{
    if (m_unit == Unit::Ratio)
        return m_top = 1;
    const double wanted = std::max(m_least, stepUp(largest, m_unit));
    if (wanted > m_top) {
        m_top = wanted;
        m_calm = 0;
    } else if (largest < 0.4 * m_top && wanted < m_top) {
        if (++m_calm >= kCalmTicks) {
            m_top = wanted;
            m_calm = 0;
        }
    } else {
        m_calm = 0;
    }
    return m_top;
}

std::vector<Tick> ticksTo(double top, int most, Unit unit)
{
    const double inUnit = isBytes(unit) ? top / std::pow(1024.0, byteUnit(top)) : (unit == Unit::Ratio ? top * 100 : top);
    const double lead = inUnit / std::pow(10.0, std::floor(std::log10(inUnit) + 1e-9));
    // 1 divides well into 2 or 5 parts, 2 into 2 or 4, 5 into 5; too little room: only both ends and the middle.
    int parts = lead > 1.5 && lead < 2.5 ? 4 : 5;
    if (parts + 1 > most)
        parts = 2;
    if (most < 3)
        parts = 1;
    std::vector<Tick> ticks;
    for (int i = 0; i <= parts; ++i) {
        const double at = top * i / parts;
        const QString number = axisNumber(at, top, unit);
        ticks.push_back({at, i == parts ? withUnit(number, axisUnit(top, unit)) : number});
    }
    return ticks;
}

std::vector<Tick> ticksLog(double bottom, double top, int most, Unit unit)
{
    const int first = int(std::lround(std::log10(bottom)));
    const int last = int(std::lround(std::log10(top)));
    int every = 1;
    while ((last - first) / every + 1 > std::max(2, most))
        ++every;
    std::vector<Tick> ticks;
    for (int power = last; power >= first; power -= every) {
        const double at = std::pow(10.0, power);
        const QString number = isBytes(unit) ? format::bytes(base::Bytes{std::llround(at)}) : axisNumber(at, std::min(at, 999.0), unit);
        ticks.insert(ticks.begin(), {at, power == last && !isBytes(unit) ? withUnit(number, axisUnit(top, unit)) : number});
    }
    return ticks;
}

QString valueText(double value, Unit unit)
{
    switch (unit) {
    case Unit::Count: return format::count(std::llround(value));
    case Unit::PerSecond: return format::rate(value);
    case Unit::Seconds: return format::lag(base::microseconds(std::llround(value * 1e6)));
    case Unit::Bytes: return format::bytes(base::Bytes{std::llround(value)});
    case Unit::BytesPerSecond: return format::bytesRate(value);
    case Unit::Ratio: return format::hitRate(value);
    }
    return {};
}

std::vector<Tick> ticksBeforeNow(double spanSeconds, int most)
{
    const bool hours = spanSeconds >= 3 * 3600;
    const double unit = hours ? 3600 : 60;
    const double span = spanSeconds / unit;
    double step = 1;
    for (const double wanted : {1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 30.0, 60.0}) {
        step = wanted;
        if (span / step + 1 <= std::max(2, most))
            break;
    }
    std::vector<Tick> ticks;
    const int count = int(std::floor(span / step + 1e-9));
    for (int i = count; i >= 1; --i) {
        QString label = format::kMinus + QString::number(int(i * step));
        if (i == count)
            label = withUnit(label, hours ? QStringLiteral("h") : QStringLiteral("min"));
        ticks.push_back({-i * step * unit, label});
    }
    ticks.push_back({0, format::Words::tr("now")});
    return ticks;
}

std::vector<Tick> ticksOfTime(double from, double to, int most)
{
    double step = 60;
    for (const double wanted : {60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21600.0, 43200.0, 86400.0}) {
        step = wanted;
        if ((to - from) / step + 1 <= std::max(2, most))
            break;
    }
    std::vector<Tick> ticks;
    for (double at = std::ceil(from / step) * step; at <= to; at += step) {
        QString label = format::clockMinute(base::UtcTime(base::seconds(std::llround(at))));
        if (!ticks.empty())
            label.chop(1); // the zone stands once
        ticks.push_back({at, label});
    }
    return ticks;
}

} // namespace shardlens::ui::charts
