// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Theme.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace shardlens::app {

/// What was asked for on the command line.
struct Options {
    QString fleetFile; ///< --fleet, else SHARDLENS_FLEET; empty for none
    QString from;
    QString user;      ///< --as, else SHARDLENS_USER: the database user that the person acts as
    QString page;
    QString link;      ///< --open, or a link as the only argument: the view to show
    QString screenshot; ///< the file to write; empty = an ordinary window
    QSize size{1280, 800};
    bool sizeGiven = false;
    std::optional<ui::theme::Theme::Mode> theme;
    std::optional<int> textSize; ///< per cent
};

/// Options, or what is wrong with them.
struct ReadOptions {
    Options options;
    QString error; ///< empty if all is well
    QString print; ///< --help, --version: to be printed instead of starting
};

/// Reads the arguments, the program's name first. No application object is needed.
[[nodiscard]] ReadOptions readOptions(const QStringList &arguments);

/// True if these arguments ask for a picture: known before the application exists, as the platform depends on it.
[[nodiscard]] bool asksForPicture(int argc, char **argv);

} // namespace shardlens::app
