// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Colours.h"

#include <array>
#include <cmath>

namespace shardlens::ui::theme {

namespace {

struct Pair {
    QRgb light;
    QRgb dark;
};

// In the order of ColourRole.
constexpr std::array<Pair, std::size_t(ColourRole::Count)> kColours{{
    {0xF2F4F7, 0x12171D}, // Window
    {0xFFFFFF, 0x1A2128}, // Surface
    {0xF7F9FB, 0x1F272F}, // Alternate
    {0xE7ECF1, 0x2A343E}, // Raised
    {0xCBD3DC, 0x34404B}, // Line
    {0x76828F, 0x7D8B99}, // ControlEdge
    {0x15202B, 0xE6EBF0}, // Text
    {0x4C5A69, 0xA3B0BD}, // Muted
    {0x8A95A1, 0x66727F}, // Disabled
    {0x0B5CAD, 0x6FB1F2}, // Accent
    {0xFFFFFF, 0x0B1620}, // OnAccent
    {0xCFE3F8, 0x23425F}, // Selection
    {0x15202B, 0x2A343E}, // TooltipGround
    {0xF2F4F7, 0xE6EBF0}, // TooltipText
    {0xB3181D, 0xF25C4C}, // CriticalFill
    {0xA81818, 0xFF9A8C}, // CriticalText
    {0xFDE7E4, 0x43191A}, // CriticalGround
    {0xFFFFFF, 0x15202B}, // OnCritical
    {0xF2B134, 0xEFB240}, // WarningFill
    {0x7A4B00, 0xF5BE55}, // WarningText
    {0xFFF3D6, 0x3A2E12}, // WarningGround
    {0x15202B, 0x15202B}, // OnWarning
    {0x25866E, 0x3FAE93}, // WellFill
    {0x0B6B57, 0x5FCBAE}, // WellText
    {0x8C6CC6, 0xCDB4F5}, // UnknownFill
    {0x6A3FA0, 0xC3A6F2}, // UnknownText
    {0xF1EBFA, 0x2C2440}, // UnknownGround
    {0x0B5CAD, 0x4A90DE}, // RunningFill
    {0x0B5CAD, 0x7DBBF5}, // RunningText
    {0xE3EFFB, 0x17304A}, // RunningGround
    {0x5F7184, 0x7F92A5}, // MaintenanceFill
    {0x44566B, 0xA9B8C8}, // MaintenanceText
    {0xE7ECF1, 0x2A343E}, // MaintenanceGround
    {0xDDE8EE, 0x26333D}, // LagFill1
    {0xA9C8DA, 0x41678A}, // LagFill2
    {0xE3AE3F, 0x9A6A14}, // LagFill3
    {0xB9560F, 0xF09A3E}, // LagFill4
    {0x7C1216, 0xFFD9CC}, // LagFill5
    {0x76828F, 0x7D8B99}, // LagEdge1
    {0x76828F, 0x7D8B99}, // LagEdge2
    {0x9A6A14, 0xB98521}, // LagEdge3
    {0xB9560F, 0xF09A3E}, // LagEdge4
    {0x7C1216, 0xFFD9CC}, // LagEdge5
    {0xEAF1F7, 0x1F2C38}, // Heat1
    {0xC6DBEC, 0x254560}, // Heat2
    {0x9CC3E0, 0x2C5F87}, // Heat3
    {0x6FA6CF, 0x3A7BAE}, // Heat4
    {0x4787B9, 0x5C9CCB}, // Heat5
    {0x25689C, 0x8BBEE2}, // Heat6
    {0x0F4A78, 0xC2E1F6}, // Heat7
    {0x0B5CAD, 0x6FB1F2}, // Series1
    {0x3B9B88, 0x35D6B4}, // Series2
    {0x6F2A46, 0xF2CF4A}, // Series3
    {0xDD6A10, 0x5C7BF5}, // Series4
    {0x2E9BE6, 0x2A8C8C}, // Series5
    {0x6B7785, 0xD7DEE6}, // Series6
    {0x4A5766, 0x667789}, // EnvironmentLocal
    {0x5A3E9E, 0x7557C4}, // EnvironmentStaging
    {0x8A0F4E, 0xC21F72}, // EnvironmentProduction
    {0xFFFFFF, 0xFFFFFF}, // OnEnvironment
}};

ColourRole offset(ColourRole first, int by, int count)
{
    const int bounded = by < 0 ? 0 : (by >= count ? count - 1 : by);
    return ColourRole(int(first) + bounded);
}

double luminance(const QColor &colour)
{
    const auto linear = [](double channel) { return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

Appearance appearanceOf(const QPalette &palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? Appearance::Dark : Appearance::Light;
}

QColor colour(ColourRole role, Appearance appearance)
{
    const Pair &pair = kColours[std::size_t(role) < kColours.size() ? std::size_t(role) : std::size_t(ColourRole::Text)];
    return QColor::fromRgb(appearance == Appearance::Dark ? pair.dark : pair.light);
}

QColor colour(ColourRole role, const QPalette &palette)
{
    return colour(role, appearanceOf(palette));
}

QPalette paletteOf(Appearance appearance)
{
    const auto of = [appearance](ColourRole role) { return colour(role, appearance); };
    QPalette palette;
    // Every role of every group: what is left out, a platform theme fills with a colour of its own.
    for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
        const bool disabled = group == QPalette::Disabled;
        const QColor text = of(disabled ? ColourRole::Disabled : ColourRole::Text);
        palette.setColor(group, QPalette::Window, of(ColourRole::Window));
        palette.setColor(group, QPalette::Base, of(ColourRole::Surface));
        palette.setColor(group, QPalette::AlternateBase, of(ColourRole::Alternate));
        palette.setColor(group, QPalette::Button, of(ColourRole::Raised));
        palette.setColor(group, QPalette::Light, of(ColourRole::Surface));
        palette.setColor(group, QPalette::Midlight, of(ColourRole::Raised));
        palette.setColor(group, QPalette::Mid, of(ColourRole::Line));
        palette.setColor(group, QPalette::Dark, of(ColourRole::ControlEdge));
        palette.setColor(group, QPalette::Shadow, of(ColourRole::ControlEdge));
        palette.setColor(group, QPalette::Text, text);
        palette.setColor(group, QPalette::WindowText, text);
        palette.setColor(group, QPalette::ButtonText, text);
        palette.setColor(group, QPalette::BrightText, of(ColourRole::CriticalText));
        palette.setColor(group, QPalette::PlaceholderText, of(disabled ? ColourRole::Disabled : ColourRole::Muted));
        palette.setColor(group, QPalette::Highlight, of(ColourRole::Selection));
        palette.setColor(group, QPalette::HighlightedText, text);
        palette.setColor(group, QPalette::Link, of(disabled ? ColourRole::Disabled : ColourRole::Accent));
        palette.setColor(group, QPalette::LinkVisited, of(disabled ? ColourRole::Disabled : ColourRole::Accent));
        palette.setColor(group, QPalette::ToolTipBase, of(ColourRole::TooltipGround));
        palette.setColor(group, QPalette::ToolTipText, of(ColourRole::TooltipText));
    }
    return palette;
}

ColourRole lagFill(int level) { return offset(ColourRole::LagFill1, level - 1, 5); }
ColourRole lagEdge(int level) { return offset(ColourRole::LagEdge1, level - 1, 5); }
ColourRole heatStep(int step) { return offset(ColourRole::Heat1, step, 7); }
ColourRole series(int index) { return offset(ColourRole::Series1, (index < 0 ? 0 : index) % 6, 6); }

ColourRole environmentRole(fleet::Environment environment)
{
    switch (environment) {
    case fleet::Environment::Local: return ColourRole::EnvironmentLocal;
    case fleet::Environment::Staging: return ColourRole::EnvironmentStaging;
    case fleet::Environment::Production: break;
    }
    return ColourRole::EnvironmentProduction;
}

int regionIndex(const fleet::Fleet &fleet, const base::RegionName &region)
{
    for (std::size_t i = 0; i < fleet.regions.size(); ++i) {
        if (fleet.regions[i].name == region)
            return int(i);
    }
    return -1;
}

SeverityColours coloursOf(facts::Severity severity)
{
    switch (severity) {
    case facts::Severity::Critical: return {ColourRole::CriticalFill, ColourRole::CriticalText, ColourRole::CriticalGround};
    case facts::Severity::Warning: return {ColourRole::WarningFill, ColourRole::WarningText, ColourRole::WarningGround};
    case facts::Severity::Unknown: break;
    }
    return {ColourRole::UnknownFill, ColourRole::UnknownText, ColourRole::UnknownGround};
}

QColor blend(const QColor &over, const QColor &under, double opacity)
{
    const auto mix = [opacity](double a, double b) { return float(a * opacity + b * (1.0 - opacity)); };
    return QColor::fromRgbF(mix(over.redF(), under.redF()), mix(over.greenF(), under.greenF()), mix(over.blueF(), under.blueF()));
}

double contrast(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace shardlens::ui::theme
