// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Units.h"

#include <QString>

namespace shardlens::ui::format {

/// Writes one number that runs, so that its unit does not flicker: the unit changes only after the value has been beyond its
/// edge for 3 ticks in a row. One per place on the screen; call once a tick.
class UnitKeeper
{
public:
    [[nodiscard]] QString bytes(base::Bytes value);
    [[nodiscard]] QString bytesRate(double bytesPerSecond);
    void reset() { m_unit = -1; m_beyond = 0; }

private:
    [[nodiscard]] int keep(double size);

    int m_unit = -1;  ///< power of 1,024 in use; -1 before the first value
    int m_beyond = 0; ///< ticks in a row in which another unit fitted better
};

} // namespace shardlens::ui::format
