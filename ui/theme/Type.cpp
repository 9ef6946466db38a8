// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Type.h"

#include "ui/theme/Theme.h"

#include <QCoreApplication>
#include <QVariant>

#include <cmath>

namespace shardlens::ui::theme {

namespace {

struct Spec {
    int px;
    QFont::Weight weight;
    bool mono;
};

Spec specOf(FontRole role)
{
    switch (role) {
    case FontRole::Grid: return {10, QFont::Normal, false};
    case FontRole::Caption: return {11, QFont::Normal, false};
    case FontRole::CaptionBold: return {11, QFont::Medium, false};
    case FontRole::Small: return {12, QFont::Normal, false};
    case FontRole::Body: return {13, QFont::Normal, false};
    case FontRole::BodyBold: return {13, QFont::Medium, false};
    case FontRole::Headline: return {15, QFont::Medium, false};
    case FontRole::Figure: return {20, QFont::Medium, false};
    case FontRole::Clock: return {28, QFont::Medium, false};
    case FontRole::Mono: return {13, QFont::Normal, true};
    case FontRole::MonoSmall: return {11, QFont::Normal, true};
    }
    return {13, QFont::Normal, false};
}

} // namespace

double textScale()
{
    const QVariant scale = qApp ? qApp->property(kTextScaleProperty) : QVariant();
    return scale.isValid() ? scale.toDouble() : 1.0;
}

int scaled(int px)
{
    return int(std::lround(px * textScale()));
}

int breakpoint(int px)
{
    return int(std::lround(px * (1 + (textScale() - 1) / 2)));
}

int tableRow()
{
    const bool roomy = qApp && qApp->property(kRoomyRowsProperty).toBool();
    return scaled(roomy ? size::kRoomyRow : size::kTableRow);
}

QFont font(FontRole role)
{
    const Spec spec = specOf(role);
    QFont font;
    font.setFamilies(spec.mono ? QStringList{QStringLiteral("DejaVu Sans Mono")}
                               : QStringList{QStringLiteral("Roboto"), QStringLiteral("DejaVu Sans")});
    font.setPixelSize(scaled(spec.px));
    font.setWeight(spec.weight);
    font.setStyleHint(spec.mono ? QFont::Monospace : QFont::SansSerif);
    return font;
}

} // namespace shardlens::ui::theme
