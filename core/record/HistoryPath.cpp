// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/HistoryPath.h"

#include <QStandardPaths>
#include <QUrl>

namespace shardlens::record {

QString historyPath(const std::string &fleetName)
{
    // Encoded, so that a slash or a dot in a fleet's name leads nowhere else.
    const QByteArray name = QUrl::toPercentEncoding(QString::fromStdString(fleetName), {}, ".");
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/shardlens/history/") + QString::fromLatin1(name)
           + QStringLiteral(".sqlite");
}

} // namespace shardlens::record
