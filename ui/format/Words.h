// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

namespace shardlens::ui::format {

/// Gives the functions of this room tr().
struct Words {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::format)
};

inline constexpr QChar kNarrowSpace{0x202F};   ///< between a number and its unit; does not break
inline constexpr QChar kMinus{0x2212};         ///< true minus
inline constexpr QChar kAtLeast{0x2265};

[[nodiscard]] inline QString text(const std::string &name) { return QString::fromStdString(name); }

} // namespace shardlens::ui::format
