// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/MendFolder.h"

#include <QDir>
#include <QUrl>

namespace shardlens::record {

QString mendsFolder(const std::string &fleetName)
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (state.isEmpty())
        state = QDir::homePath() + QStringLiteral("/.local/state");
    return state + QStringLiteral("/shardlens/mends/") + QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(fleetName), {}, "."));
}

} // namespace shardlens::record
