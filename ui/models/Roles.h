// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace shardlens::ui::models {

/// The roles every table model of the console answers beside Qt's own.
enum Role {
    RawRole = Qt::UserRole + 1, ///< for export and sorting: a number, a string, or an ISO 8601 UTC time; invalid = not known
    ColourRoleRole,             ///< int of theme::ColourRole for the text
    ShapeRole,                  ///< int of theme::Shape before the text
    StaleRole,                  ///< bool: drawn muted with a dotted underline
    UnknownRole,                ///< bool: drawn with the hatch of what is not known
    BriefRole,                  ///< QString: says it where the column has no room for the whole text; invalid = it may be cut
    LevelRole,                  ///< int 1 to 5: a swatch of this lag level at the right end; a header that answers true keeps its room
    ElideEndRole,               ///< bool: where it may be cut, at its end, as running text; else in its middle, as a name
    LineRole,                   ///< models::CellLine: a small line over time instead of a text
    FirstOwnRole,               ///< a model's own roles start here
};

} // namespace shardlens::ui::models
