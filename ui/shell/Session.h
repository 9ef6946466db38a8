// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/Preferences.h"

#include <QByteArray>
#include <QSettings>
#include <QStringList>
#include <QVariantMap>

namespace shardlens::ui::shell {

/// What is kept from one start to the next: preferences for all fleets; the window, the page, each page's view and the inspector for
/// one fleet. GUI thread. Nothing of what was observed is kept.
class Session
{
public:
    /// `settings` outlives it. `fleet` tells the fleet from others, those of its name too; empty for windows without one.
    Session(QSettings &settings, QString fleet);

    [[nodiscard]] Preferences preferences() const { return readPreferences(m_settings); }
    void setPreferences(const Preferences &preferences) { writePreferences(m_settings, preferences); }
    [[nodiscard]] QString file() const { return m_settings.fileName(); }

    [[nodiscard]] QByteArray geometry() const;
    void setGeometry(const QByteArray &geometry);
    [[nodiscard]] QString page() const;
    void setPage(const QString &id);
    [[nodiscard]] QVariantMap pageState(const QString &id) const;
    void setPageState(const QString &id, const QVariantMap &state);
    [[nodiscard]] bool inspectorOpen() const;
    void setInspectorOpen(bool open);
    [[nodiscard]] bool hidesLookOnly() const; ///< the person has read that the fleet may only be looked at
    void setHidesLookOnly(bool hides);
    void keep(); ///< to the disk, now

    /// Where the fleets lie that were opened here, newest first: for view links and the starting panel. At most 12.
    [[nodiscard]] static QStringList knownFiles(const QSettings &settings);
    [[nodiscard]] static QString fileOf(const QSettings &settings, const QString &fleet); ///< empty if it was never opened here
    static void remember(QSettings &settings, const QString &fleet, const QString &file);

private:
    [[nodiscard]] QString key(const QString &name) const;

    QSettings &m_settings;
    QString m_fleet;
};

} // namespace shardlens::ui::shell
