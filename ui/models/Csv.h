// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

class QAbstractItemModel;

namespace shardlens::ui::models {

/// One line of CSV (RFC 4180, ended by CR LF): quoted where it holds a comma, a quote or a line break.
[[nodiscard]] QString csvLine(const QStringList &fields);

/// A whole table as CSV: the headers, then a line a row. A cell gives its RawRole; a cell without one is left empty when it says
/// nothing raw is known, and shows its text when the model has no raw values at all for that column.
[[nodiscard]] QString asCsv(const QAbstractItemModel &model);

} // namespace shardlens::ui::models
