// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ColourRole.h"

#include <QIcon>

namespace shardlens::ui::theme {

/// Our own icons: SVG on a 16 grid, 1.5 stroke, one colour. The file is resources/icons/<name>.svg.
/// An icon is drawn in its role's colour of the application's palette at the moment of painting, at the device's own
/// resolution; disabled ones in the disabled colour. An unknown name gives an empty icon.
[[nodiscard]] QIcon icon(const QString &name, ColourRole role = ColourRole::Text);

/// The names that exist.
[[nodiscard]] QStringList iconNames();

} // namespace shardlens::ui::theme
