// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/FleetFile.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace shardlens::app {

/// Looks whether the fleet file on disk still holds the fleet that is open. A changed one is told, never loaded. Editors replace
/// files by renaming: the folder is watched too, and what was written is read once it has been quiet for a moment. GUI thread.
class FleetFileWatch : public QObject
{
    Q_OBJECT

public:
    using FleetPtr = std::shared_ptr<const fleet::Fleet>;
    static constexpr int kQuietMs = 300;

    FleetFileWatch(QString path, QString from, FleetPtr open, QObject *parent = nullptr); ///< `from`: as for fleet::readFleetFile

    void setOpen(FleetPtr open); ///< this one is shown now
    void lookAgain();            ///< also where nothing seems to have changed
    [[nodiscard]] const FleetPtr &changedFleet() const { return m_changed; } ///< what the file holds, if it differs and is right
    [[nodiscard]] const std::optional<fleet::BadFleetFile> &complaints() const { return m_bad; } ///< if it is broken
    [[nodiscard]] QString path() const { return m_path; }

Q_SIGNALS:
    void looked(); ///< changedFleet() and complaints() are of now

private:
    void look();
    void watch();

    QString m_path;
    QString m_from;
    FleetPtr m_open;
    FleetPtr m_changed;
    std::optional<fleet::BadFleetFile> m_bad;
    QFileSystemWatcher m_watcher;
    QTimer m_quiet;
    QByteArray m_seen;
};

} // namespace shardlens::app
