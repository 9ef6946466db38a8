// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/MendFolder.h"

#include "core/record/FleetFolder.h"

namespace shardlens::record {

QString mendsFolder(const fleet::Fleet &fleet)
{
    return fleetFolder("mends", fleet);
}

} // namespace shardlens::record
