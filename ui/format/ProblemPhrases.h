// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QStringList>

namespace shardlens::ui::format {

/// The words of one rule, before they are fitted into a row.
struct Phrases {
    QStringList what; ///< what and where, longest form first, without a full stop
    QString full;     ///< the opening of the full sentence where it differs from the first form; without "since"
    QString second;   ///< evidence of the second line; empty: the first reading
    QString toDo;     ///< one sentence
};

[[nodiscard]] Phrases phrasesOf(const facts::Problem &problem, const facts::Snapshot &snapshot);

} // namespace shardlens::ui::format
