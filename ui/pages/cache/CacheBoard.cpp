// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/CacheBoard.h"

#include <QMetaMethod>

namespace shardlens::ui::pages {

bool CacheBoard::isAnswered() const
{
    static const QMetaMethod asking = QMetaMethod::fromSignal(&CacheBoard::watchAsked);
    return isSignalConnected(asking);
}

} // namespace shardlens::ui::pages

#include "moc_CacheBoard.cpp"
