// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/FleetFolder.h"

#include <QDir>
#include <QUrl>

namespace shardlens::record {

namespace {

// Encoded, so that a slash or a dot in a name leads nowhere else, and no name looks like another's with its id.
QString encoded(const std::string &name)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(name), {}, "."));
}

} // namespace

QString fleetFileName(const fleet::Fleet &fleet)
{
    return fleet.id.empty() ? encoded(fleet.name) : encoded(fleet.name) + QLatin1Char('@') + encoded(fleet.id);
}

QString fleetFolder(const char *things, const fleet::Fleet &fleet)
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (state.isEmpty())
        state = QDir::homePath() + QStringLiteral("/.local/state");
    return state + QStringLiteral("/shardlens/") + QLatin1String(things) + QLatin1Char('/') + fleetFileName(fleet);
}

} // namespace shardlens::record
