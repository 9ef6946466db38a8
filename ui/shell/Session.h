// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Theme.h"

#include <QByteArray>
#include <QSettings>
#include <QVariantMap>

namespace shardlens::ui::shell {

/// What is kept from one start to the next: theme and text size for all fleets; the window, the page and each page's view for one
/// fleet. GUI thread. Nothing of what was observed is kept.
class Session
{
public:
    /// `settings` outlives it. `fleet` is the fleet's name; empty for windows without one.
    Session(QSettings &settings, QString fleet);

    [[nodiscard]] theme::Theme::Mode themeMode() const;
    void setThemeMode(theme::Theme::Mode mode);
    [[nodiscard]] int textSize() const; ///< per cent
    void setTextSize(int percent);

    [[nodiscard]] QByteArray geometry() const;
    void setGeometry(const QByteArray &geometry);
    [[nodiscard]] QString page() const;
    void setPage(const QString &id);
    [[nodiscard]] QVariantMap pageState(const QString &id) const;
    void setPageState(const QString &id, const QVariantMap &state);

private:
    [[nodiscard]] QString key(const QString &name) const;

    QSettings &m_settings;
    QString m_fleet;
};

} // namespace shardlens::ui::shell
