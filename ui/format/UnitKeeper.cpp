// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/UnitKeeper.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <array>
#include <cmath>

namespace shardlens::ui::format {

namespace {

constexpr std::array<const char *, 7> kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
constexpr int kTicks = 3;

int fitting(double size)
{
    int unit = 0;
    while (unit + 1 < int(kUnits.size()) && size >= (unit == 0 ? 1024.0 : 999.5)) {
        size /= 1024.0;
        ++unit;
    }
    return unit;
}

QString write(double value, int unit)
{
    const double shown = value / std::pow(1024.0, unit);
    const double size = std::abs(shown);
    const int decimals = unit == 0 ? 0 : (size < 9.995 ? 2 : (size < 99.95 ? 1 : 0));
    return decimal(shown, decimals) + kNarrowSpace + QLatin1String(kUnits[std::size_t(unit)]);
}

} // namespace

int UnitKeeper::keep(double size)
{
    const int better = fitting(size);
    // Nothing at all is written in any unit; it is no reason to leave one.
    if (m_unit < 0 || better == m_unit || size == 0.0) {
        m_beyond = 0;
        return m_unit < 0 ? (m_unit = better) : m_unit;
    }
    if (++m_beyond >= kTicks) {
        m_unit = better;
        m_beyond = 0;
    }
    return m_unit;
}

QString UnitKeeper::bytes(base::Bytes value)
{
    return write(double(value.count), keep(std::abs(double(value.count))));
}

QString UnitKeeper::bytesRate(double bytesPerSecond)
{
    return write(bytesPerSecond, keep(std::abs(bytesPerSecond))) + QLatin1String("/s");
}

} // namespace shardlens::ui::format
