// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Numbers.h"

#include "ui/format/Words.h"

#include <array>
#include <cmath>

namespace shardlens::ui::format {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::array<const char *, 7> kByteUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

QString grouped(QString digits)
{
    const auto point = digits.indexOf(QLatin1Char('.'));
    const auto whole = point < 0 ? digits.size() : point;
    for (auto at = whole - 3; at > 0; at -= 3)
        digits.insert(at, QLatin1Char(','));
    return digits;
}

QString withUnit(const QString &number, const QString &unit)
{
    return number + kNarrowSpace + unit;
}

QString signedText(bool negative, const QString &text)
{
    return negative ? kMinus + text : text;
}

/// Three digits of a value under 1,024 (or 1,000): 9.99, 99.9, 999.
QString threeDigits(double value)
{
    if (value < 9.995)
        return QString::number(value, 'f', 2);
    if (value < 99.95)
        return QString::number(value, 'f', 1);
    return grouped(QString::number(std::llround(value)));
}

QString two(std::int64_t value)
{
    return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0'));
}

/// "2 min 14 s", "3 h 05 min", "2 d 4 h" of at least a minute.
QString longDuration(std::int64_t seconds)
{
    const auto join = [](const QString &a, const char *ua, const QString &b, const char *ub) {
        return withUnit(a, QLatin1String(ua)) + QLatin1Char(' ') + withUnit(b, QLatin1String(ub));
    };
    if (seconds < 3600)
        return join(QString::number(seconds / 60), "min", QString::number(seconds % 60), "s");
    if (seconds < 86400)
        return join(QString::number(seconds / 3600), "h", two(seconds % 3600 / 60), "min");
    return join(count(seconds / 86400), "d", QString::number(seconds % 86400 / 3600), "h");
}

} // namespace

QString count(std::int64_t value)
{
    const std::uint64_t size = value < 0 ? ~std::uint64_t(value) + 1 : std::uint64_t(value);
    return signedText(value < 0, grouped(QString::number(size)));
}

QString decimal(double value, int decimals)
{
    const QString digits = QString::number(std::abs(value), 'f', decimals);
    const bool zero = digits.toDouble() == 0.0;
    return signedText(value < 0 && !zero, grouped(digits));
}

QString bytes(Bytes value)
{
    double size = std::abs(double(value.count));
    std::size_t unit = 0;
    // 1,023.6 would be shown as 1,024: what rounds up to the next unit is shown in it.
    while (unit + 1 < kByteUnits.size() && size >= (unit == 0 ? 1024.0 : 999.5)) {
        size /= 1024.0;
        ++unit;
    }
    const QString number = unit == 0 ? grouped(QString::number(std::int64_t(size))) : threeDigits(size);
    return signedText(value.count < 0, withUnit(number, QLatin1String(kByteUnits[unit])));
}

QString bytesRate(double bytesPerSecond)
{
    if (bytesPerSecond != 0.0 && std::abs(bytesPerSecond) < 0.5)
        return withUnit(QStringLiteral("< 1"), QStringLiteral("B/s"));
    return bytes(Bytes{std::llround(bytesPerSecond)}) + QLatin1String("/s");
}

QString rate(double perSecond)
{
    const double size = std::abs(perSecond);
    if (size == 0.0)
        return withUnit(QStringLiteral("0"), QStringLiteral("/s"));
    if (size < 0.05)
        return withUnit(QStringLiteral("< 0.1"), QStringLiteral("/s"));
    return withUnit(decimal(perSecond, size < 9.95 ? 1 : 0), QStringLiteral("/s"));
}

QString hitRate(double ratio)
{
    // 99.996 % is not all: only what is all reads 100.
    const double percent = ratio < 1.0 ? std::min(ratio * 100.0, 99.99) : 100.0;
    return withUnit(decimal(percent, 2), QStringLiteral("%"));
}

QString share(double ratio)
{
    const double percent = ratio * 100.0;
    if (percent > 0.0 && percent < 0.05)
        return withUnit(QStringLiteral("< 0.1"), QStringLiteral("%"));
    return withUnit(percent < 19.95 && percent != 0.0 ? decimal(percent, 1) : decimal(percent, 0), QStringLiteral("%"));
}

QString factor(double times)
{
    return Words::tr("%1 times").arg(decimal(times, times < 9.95 ? 1 : 0));
}

QString duration(microseconds value)
{
    const bool negative = value.count() < 0;
    const std::int64_t us = std::abs(value.count());
    QString text;
    if (us < 50)
        return signedText(negative, QStringLiteral("< 0.1") + kNarrowSpace + QStringLiteral("ms"));
    if (us < 9'950)
        text = withUnit(QString::number(double(us) / 1e3, 'f', 1), QStringLiteral("ms"));
    else if (us < 999'500)
        text = withUnit(QString::number(std::llround(double(us) / 1e3)), QStringLiteral("ms"));
    else if (us < 9'995'000)
        text = withUnit(QString::number(double(us) / 1e6, 'f', 2), QStringLiteral("s"));
    else if (us < 59'950'000)
        text = withUnit(QString::number(double(us) / 1e6, 'f', 1), QStringLiteral("s"));
    else
        text = longDuration((us + kSecond / 2) / kSecond);
    return signedText(negative, text);
}

QString age(microseconds value)
{
    const std::int64_t us = std::max<std::int64_t>(value.count(), 0);
    if (us < 50'000)
        return QStringLiteral("< 0.1") + kNarrowSpace + QStringLiteral("s");
    if (us < 9'950'000)
        return withUnit(QString::number(double(us) / 1e6, 'f', 1), QStringLiteral("s"));
    const std::int64_t seconds = (us + kSecond / 2) / kSecond;
    if (seconds < 60)
        return withUnit(QString::number(seconds), QStringLiteral("s"));
    if (seconds < 3600)
        return withUnit(QString::number(seconds / 60), QStringLiteral("min"));
    return longDuration(seconds);
}

QString lagWithin(microseconds value, microseconds resolution)
{
    const auto seconds = [](double number) {
        const double size = std::abs(number);
        return withUnit(decimal(number, size < 9.995 ? 2 : (size < 99.95 ? 1 : 0)), QStringLiteral("s"));
    };
    // What two decimals cannot show, and what its source cannot tell, is less than something; it is never nothing.
    const microseconds least = std::max(resolution, microseconds(10'000));
    const bool under = resolution.count() > 0 ? value < resolution : value.count() < 5'000;
    if (value.count() >= 0 && under)
        return QStringLiteral("< ") + seconds(double(least.count()) / 1e6);
    return seconds(double(value.count()) / 1e6);
}

QString lag(microseconds value)
{
    return lagWithin(value, microseconds(0));
}

QString lagOf(const facts::StandbyLag &standby)
{
    return standby.time ? lagWithin(*standby.time, standby.resolution) : QString();
}

QString was(const QString &before)
{
    return Words::tr("was %1").arg(before);
}

QString rateWas(double now, std::optional<double> before)
{
    if (!before)
        return rate(now);
    QString base = rate(*before);
    base.chop(3); // the unit stands once, at the new value
    return rate(now) + QLatin1String(", ") + was(base);
}

QString sumOf(const QString &sumOfKnown, int unknownParts, int parts)
{
    if (unknownParts <= 0)
        return sumOfKnown;
    if (unknownParts >= parts)
        return Words::tr("unknown (%1 of %2)").arg(count(unknownParts), count(parts));
    return QString(kAtLeast) + kNarrowSpace + sumOfKnown + QLatin1Char(' ') + Words::tr("(%1 of %2 unknown)").arg(count(unknownParts), count(parts));
}

QString widestBytes() { return withUnit(QStringLiteral("88.8"), QStringLiteral("MiB")); }
QString widestRate() { return withUnit(QStringLiteral("888,888"), QStringLiteral("/s")); }
QString widestLag() { return withUnit(QStringLiteral("88,888"), QStringLiteral("s")); }

QString widestCount(std::int64_t largest)
{
    QString text = count(largest);
    for (QChar &c : text) {
        if (c.isDigit())
            c = QLatin1Char('8');
    }
    return text;
}

} // namespace shardlens::ui::format
