// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/StageBar.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::charts {

namespace {
struct StageWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::charts::StageBar)
};
} // namespace

bool StageBar::isKnown() const
{
    return std::any_of(bytes.begin(), bytes.end(), [](const auto &stage) { return stage.has_value(); });
}

theme::ColourRole stageColour(int stage)
{
    static constexpr int steps[kStages] = {1, 3, 4, 6};
    return theme::heatStep(steps[std::clamp(stage, 0, kStages - 1)]);
}

QString stageName(int stage)
{
    switch (stage) {
    case 0: return StageWords::tr("not sent");
    case 1: return StageWords::tr("sent, not written");
    case 2: return StageWords::tr("written, not flushed");
    default: return StageWords::tr("flushed, not replayed");
    }
}

void paintStageBar(QPainter &painter, const QRectF &area, const StageBar &bar, const QPalette &palette)
{
    painter.save();
    const qreal height = std::min(12.0 * theme::textScale(), area.height());
    const QRectF room(area.left(), area.center().y() - height / 2, area.width(), height);
    painter.setPen(QPen(theme::colour(theme::ColourRole::Line, palette), 1));
    painter.drawLine(QPointF(room.left(), room.bottom() + 0.5), QPointF(room.right(), room.bottom() + 0.5));
    if (!bar.isKnown()) {
        theme::paintHatch(painter, room, palette);
        painter.restore();
        return;
    }
    if (bar.isOld)
        painter.setOpacity(0.45);
    painter.setPen(Qt::NoPen);
    qreal x = room.left();
    for (int stage = 0; stage < kStages; ++stage) {
        const auto bytes = bar.bytes[static_cast<std::size_t>(stage)];
        if (!bytes || *bytes <= 0)
            continue;
        const qreal width = std::max(1.0, std::min(room.width() * *bytes / std::max(1.0, bar.full), room.right() - x));
        painter.fillRect(QRectF(x, room.top(), width, room.height()), theme::colour(stageColour(stage), palette));
        x += width;
    }
    if (x == room.left()) // nothing waits anywhere: a mark at zero says that it was measured
        painter.fillRect(QRectF(x, room.top(), 1, room.height()), theme::colour(theme::ColourRole::ControlEdge, palette));
    painter.restore();
}

} // namespace shardlens::ui::charts
