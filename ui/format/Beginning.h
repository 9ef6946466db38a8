// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace shardlens::ui::format {

/// As many whole words of a person's sentence as have room in so many letters for certain, and dots; no number stands beside them.
/// All of it where it is that short; `none` where not even its first word is.
[[nodiscard]] QString beginningOf(const QString &sentence, qsizetype letters, const QString &none);
/// As wide as any such beginning.
[[nodiscard]] QString widestBeginning(qsizetype letters);

} // namespace shardlens::ui::format
