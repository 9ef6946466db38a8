// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace shardlens::app {

/// A console that ends by a crash leaves a report: when, which version, which signal, and where in the program. It holds nothing of
/// the fleet. The next start tells the person of it. Linux.
class CrashReport
{
public:
    /// From now on a crash of this process writes a report into `folder`, which is made if need be. Once, from main().
    static void install(const QString &folder, const QString &version);

    /// Reports that nobody has been told of yet, newest first.
    [[nodiscard]] static QStringList unread(const QString &folder);
    /// The person was told: they stay, under another name. At most 8 are kept.
    static void markRead(const QString &folder);

    [[nodiscard]] static QString usualFolder(); ///< $XDG_STATE_HOME/shardlens/crashes
};

} // namespace shardlens::app
