// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/HistoryPath.h"

#include "core/record/FleetFolder.h"

#include <QStandardPaths>

namespace shardlens::record {

QString historyPath(const fleet::Fleet &fleet)
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/shardlens/history/") + fleetFileName(fleet) +
           QStringLiteral(".sqlite");
}

} // namespace shardlens::record
