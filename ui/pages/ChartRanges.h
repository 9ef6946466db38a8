// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QStringList>

#include <array>
#include <chrono>

namespace shardlens::ui::pages {

/// How much time charts may span; the last is all that is kept on disk.
inline constexpr std::array<std::chrono::minutes, 4> chartRanges{std::chrono::minutes(5), std::chrono::minutes(15),
                                                                 std::chrono::minutes(60), std::chrono::minutes(24 * 60)};
inline constexpr int usualChartRange = 1;

/// Their names in the same order.
[[nodiscard]] inline QStringList chartRangeNames()
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("shardlens::ui::pages", text); };
    return {tr("5 min"), tr("15 min"), tr("1 h"), tr("24 h")};
}

} // namespace shardlens::ui::pages
