// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"
#include "ui/format/Fact.h"
#include "ui/theme/ColourRole.h"
#include "ui/theme/Shapes.h"

#include <QMetaType>
#include <QString>
#include <QVariant>

#include <optional>
#include <string>
#include <vector>

namespace shardlens::ui::models {

/// A small line over time in a cell. `low` and `high` are the ends of its axis, the same for every row of the column.
struct CellLine {
    facts::Series points;
    int series = 0; ///< colour, as charts have it
    double low = 0;
    double high = 0;
    bool operator==(const CellLine &) const = default;
};

/// One fact in its place: how it reads, and what it is raw.
struct FactCell {
    QString text;  ///< the whole: "down 41 s: connection refused"
    QString brief; ///< where there is no room for the whole: "down 41 s"; empty = the text, which then must fit
    QString tip;   ///< the whole reason, or the age
    QVariant raw;  ///< for export and order: a number or a string; invalid = not known
    theme::ColourRole role = theme::ColourRole::Text;
    theme::Shape shape = theme::Shape::None;
    format::FormattedFact::State state = format::FormattedFact::State::Fresh;
    std::optional<CellLine> line;

    bool operator==(const FactCell &) const = default;
};

/// A row of facts of one thing. `id` is stable; cells in the columns' order.
struct FactRow {
    std::string id;
    std::vector<FactCell> cells;
    bool operator==(const FactRow &) const = default;
};

/// A column of such a table.
struct FactColumn {
    enum class Holds : std::uint8_t {
        Name,   ///< may be elided in its middle
        Words,  ///< a state in words
        Number, ///< right-aligned, never elided
        Line,
    };
    QString key;    ///< the header in exported files, with the unit: "memory_bytes"
    QString title;  ///< as a person reads it
    QString widest; ///< the widest text it shows, or all names, a line each; its width comes from that, never from a tick's content
    Holds holds = Holds::Number;
    int importance = 0; ///< 0 always stays; where there is no room, the columns of the highest number go first
    QString tip = {};   ///< what is counted, in a sentence
    QString briefest = {}; ///< the widest brief form, where cells have one: for it there is always room
    bool hasShape = false; ///< room for a shape is kept
};

/// A cell of what was formatted; in a number's column, what is not known is briefly "unknown" and what is asked for "…".
[[nodiscard]] FactCell cellOf(const format::FormattedFact &fact, const QVariant &raw = {});
/// "-", muted: nothing there to tell, and why ("no gets").
[[nodiscard]] FactCell noneCell(const QString &why = {});
/// A name or a word that does not grow old.
[[nodiscard]] FactCell nameCell(const QString &text, theme::Shape shape = theme::Shape::None);

} // namespace shardlens::ui::models

Q_DECLARE_METATYPE(shardlens::ui::models::CellLine)
