// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/format/Times.h"
#include "ui/theme/Theme.h"

#include <QSettings>

#include <memory>

namespace shardlens::ui::shell {

/// What a person chose for all fleets. A value.
struct Preferences {
    theme::Theme::Mode theme = theme::Theme::Mode::System;
    int textSize = 100; ///< per cent, 90 to 150
    format::TimeStyle times = format::TimeStyle::Both;
    bool reduceMotion = false;
    bool roomyRows = false;
    bool notifications = true; ///< one for a new critical problem while the window is not in front
    bool sound = false;        ///< with it
    bool operator==(const Preferences &) const = default;
};

/// Values that are not there, or make no sense, are as in a new Preferences. GUI thread.
[[nodiscard]] Preferences readPreferences(const QSettings &settings);
void writePreferences(QSettings &settings, const Preferences &preferences);

/// Puts them on the application: theme, text size, rows, motion, times.
void applyPreferences(const Preferences &preferences, theme::Theme &theme);

[[nodiscard]] QString name(format::TimeStyle style); ///< both, utc, local: as the settings file holds it

/// The settings file, opened.
struct OpenedSettings {
    std::unique_ptr<QSettings> settings; ///< never null
    QString message;                     ///< what the person must be told: the file was damaged and set aside; empty if all is well
};

/// The version of the file's layout that this console writes.
inline constexpr int kSettingsVersion = 1;

/// Opens the settings file. One that cannot be read, or is of a version this console does not know, is set aside beside its place
/// ("console.ini.damaged-20261121T104207Z") and a new one begun: nothing is lost, nothing damaged is written over.
[[nodiscard]] OpenedSettings openSettings(const QString &path, base::UtcTime now);

} // namespace shardlens::ui::shell
