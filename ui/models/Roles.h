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
    FirstOwnRole,               ///< a model's own roles start here
};

} // namespace shardlens::ui::models
