// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace shardlens::ui::theme {

/// Every colour that Shardlens paints with, by what it means. The values, light and dark, stand in Colours.cpp.
enum class ColourRole : std::uint8_t {
    Window,
    Surface,
    Alternate,
    Raised,
    Line,
    ControlEdge,
    Text,
    Muted,
    Disabled,
    Accent,
    OnAccent,
    Selection,
    TooltipGround,
    TooltipText,
    CriticalFill,
    CriticalText,
    CriticalGround,
    OnCritical,
    WarningFill,
    WarningText,
    WarningGround,
    OnWarning,
    WellFill,
    WellText,
    UnknownFill,
    UnknownText,
    UnknownGround,
    RunningFill,
    RunningText,
    RunningGround,
    MaintenanceFill,
    MaintenanceText,
    MaintenanceGround,
    LagFill1, ///< lag levels 1 (well) to 5: areas
    LagFill2,
    LagFill3,
    LagFill4,
    LagFill5,
    LagEdge1, ///< lag levels 1 to 5: lines
    LagEdge2,
    LagEdge3,
    LagEdge4,
    LagEdge5,
    Heat1, ///< seven steps, lightness monotone
    Heat2,
    Heat3,
    Heat4,
    Heat5,
    Heat6,
    Heat7,
    Series1, ///< chart lines; a region keeps its own everywhere
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,
    EnvironmentLocal,
    EnvironmentStaging,
    EnvironmentProduction,
    OnEnvironment,
    Count,
};

} // namespace shardlens::ui::theme
