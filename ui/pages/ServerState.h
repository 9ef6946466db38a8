// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"

namespace shardlens::ui::pages {

/// How a server stands: "asking, 0.8 s", "14 s ago", "down 41 s: connection refused"; of one that answers, `words`.
[[nodiscard]] models::FactCell serverStateCell(const facts::Snapshot &snapshot, const base::ServerId &server, const QString &words);
/// The same of one that answers but is not well, in the colour of a severity.
[[nodiscard]] models::FactCell troubledCell(const QString &words, const QString &brief, facts::Severity severity);

/// The widest forms of these, for column widths.
[[nodiscard]] QString widestServerState();
[[nodiscard]] QString briefestServerState();

/// A row's shape: of the worst problem placed at the server, else of how fresh its facts are.
[[nodiscard]] theme::Shape serverShape(const facts::Snapshot &snapshot, const base::ServerId &server);

} // namespace shardlens::ui::pages
