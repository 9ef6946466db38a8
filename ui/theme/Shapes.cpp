// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Shapes.h"

#include "ui/theme/Colours.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace shardlens::ui::theme {

namespace {

struct Ink {
    QColor fill;
    QColor mark;
    QColor outline; ///< invalid: none
};

Ink inkOf(Shape shape, const QPalette &palette)
{
    const auto of = [&](ColourRole role) { return colour(role, palette); };
    switch (shape) {
    case Shape::Diamond: return {of(ColourRole::CriticalFill), of(ColourRole::OnCritical), {}};
    case Shape::Triangle: return {of(ColourRole::WarningFill), of(ColourRole::OnWarning), of(ColourRole::WarningText)};
    case Shape::Dot:
    case Shape::Ring: return {of(ColourRole::WellFill), of(ColourRole::WellFill), {}};
    case Shape::DashedRing: return {of(ColourRole::UnknownFill), of(ColourRole::UnknownText), {}};
    case Shape::Wrench: return {of(ColourRole::MaintenanceFill), of(ColourRole::MaintenanceText), {}};
    case Shape::Chevron: return {of(ColourRole::RunningFill), of(ColourRole::RunningText), {}};
    case Shape::Cross: return {of(ColourRole::CriticalFill), of(ColourRole::CriticalFill), {}};
    case Shape::NotEqual: return {of(ColourRole::WarningText), of(ColourRole::WarningText), {}};
    case Shape::Stop: return {of(ColourRole::Text), of(ColourRole::Surface), {}};
    default: return {of(ColourRole::Muted), of(ColourRole::Muted), {}};
    }
}

/// Everything below is drawn on a 14 x 14 grid around the middle.
void paintExclamation(QPainter &painter, const QColor &ink, double top, double bottom)
{
    painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(QPointF(0, top), QPointF(0, bottom - 2.2));
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawRect(QRectF(-0.75, bottom - 1.2, 1.5, 1.5));
}

void paintQuestionMark(QPainter &painter, const QColor &ink)
{
    QPainterPath hook;
    hook.moveTo(-1.7, -1.6);
    hook.cubicTo(-1.7, -4.0, 1.9, -4.0, 1.9, -1.6);
    hook.cubicTo(1.9, -0.2, 0.0, -0.2, 0.0, 1.3);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, 1.3, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(hook);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawRect(QRectF(-0.7, 2.2, 1.4, 1.4));
}

void paintLines(QPainter &painter, const QColor &ink, double width, std::initializer_list<QPointF> points)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(points.begin(), int(points.size()));
}

void paintArrow(QPainter &painter, const QColor &ink, double degrees)
{
    painter.rotate(degrees);
    paintLines(painter, ink, 1.5, {{-4.5, 0}, {4.5, 0}});
    paintLines(painter, ink, 1.5, {{1.5, -3}, {4.5, 0}, {1.5, 3}});
}

void paintFilled(QPainter &painter, Shape shape, const Ink &ink)
{
    painter.setBrush(ink.fill);
    painter.setPen(ink.outline.isValid() ? QPen(ink.outline, 1, Qt::SolidLine, Qt::SquareCap, Qt::RoundJoin) : QPen(Qt::NoPen));
    if (shape == Shape::Diamond) {
        const QPointF corners[] = {{0, -7}, {7, 0}, {0, 7}, {-7, 0}};
        painter.drawConvexPolygon(corners, 4);
        paintExclamation(painter, ink.mark, -3.4, 3.2);
    } else if (shape == Shape::Triangle) {
        const QPointF corners[] = {{0, -6}, {6.5, 5.5}, {-6.5, 5.5}};
        painter.drawConvexPolygon(corners, 3);
        paintExclamation(painter, ink.mark, -2.6, 4.0);
    } else {
        painter.drawEllipse(QPointF(0, 0), 4, 4);
    }
}

void paintStop(QPainter &painter, const Ink &ink)
{
    constexpr double kReach = 6.5;
    constexpr double kCorner = kReach * 0.41421356237309503; // tan of 22.5 degrees: all sides are equal
    const QPointF corners[] = {{-kCorner, -kReach}, {kCorner, -kReach}, {kReach, -kCorner}, {kReach, kCorner}, {kCorner, kReach}, {-kCorner, kReach}, {-kReach, kCorner}, {-kReach, -kCorner}};
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink.fill);
    painter.drawConvexPolygon(corners, 8);
    painter.fillRect(QRectF(-3.8, -1.1, 7.6, 2.2), ink.mark);
}

void paintWrench(QPainter &painter, const QColor &ink)
{
    QPainterPath jaw;
    jaw.arcMoveTo(QRectF(-1, -6, 7, 7), 80);
    jaw.arcTo(QRectF(-1, -6, 7, 7), 80, 290);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, 1.6, Qt::SolidLine, Qt::RoundCap));
    painter.drawPath(jaw);
    painter.setPen(QPen(ink, 2.4, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(-5, 5), QPointF(0.2, -0.2));
}

/// Marks of events: each sort of change has a form of its own, so that a list can be read without its colours.
void paintEventMark(QPainter &painter, Shape shape, const QColor &ink)
{
    if (shape == Shape::SmallDiamond) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(ink, 1.4, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        const QPointF corners[] = {{0, -4.6}, {4.6, 0}, {0, 4.6}, {-4.6, 0}};
        painter.drawConvexPolygon(corners, 4);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        const QPointF corners[] = {{-4.4, -3}, {4.4, -3}, {0, 4}};
        painter.drawConvexPolygon(corners, 3);
    }
}

void paintLock(QPainter &painter, const QColor &ink)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawRoundedRect(QRectF(-4, -0.5, 8, 6), 1, 1);
    QPainterPath bow;
    bow.moveTo(-2.4, -0.5);
    bow.lineTo(-2.4, -3);
    bow.cubicTo(-2.4, -6.2, 2.4, -6.2, 2.4, -3);
    bow.lineTo(2.4, -0.5);
    painter.drawPath(bow);
}

void paintInk(QPainter &painter, Shape shape, const QRectF &box, const Ink &ink)
{
    if (shape == Shape::None)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.center());
    const double scale = std::min(box.width(), box.height()) / 14.0;
    painter.scale(scale, scale);
    switch (shape) {
    case Shape::None: break;
    case Shape::Diamond:
    case Shape::Triangle:
    case Shape::Dot: paintFilled(painter, shape, ink); break;
    case Shape::Ring:
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(ink.fill, 1.5));
        painter.drawEllipse(QPointF(0, 0), 3.3, 3.3);
        break;
    case Shape::DashedRing: {
        QPen pen(ink.fill, 1.3, Qt::CustomDashLine, Qt::FlatCap);
        pen.setDashPattern({2.1, 1.36});
        painter.setBrush(Qt::NoBrush);
        painter.setPen(pen);
        painter.drawEllipse(QPointF(0, 0), 6, 6);
        paintQuestionMark(painter, ink.mark);
        break;
    }
    case Shape::Clock:
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(ink.fill, 1.3));
        painter.drawEllipse(QPointF(0, 0), 5.5, 5.5);
        paintLines(painter, ink.fill, 1.3, {{0, -3.2}, {0, 0.3}, {2.4, 1.6}});
        break;
    case Shape::Wrench: paintWrench(painter, ink.fill); break;
    case Shape::Chevron:
        paintLines(painter, ink.fill, 2, {{-4, -4}, {0, 0}, {-4, 4}});
        paintLines(painter, ink.fill, 2, {{1, -4}, {5, 0}, {1, 4}});
        break;
    case Shape::Ellipsis:
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink.fill);
        for (const double x : {-4.0, 0.0, 4.0})
            painter.drawEllipse(QPointF(x, 0), 1.2, 1.2);
        break;
    case Shape::Cross:
        paintLines(painter, ink.fill, 1.8, {{-4, -4}, {4, 4}});
        paintLines(painter, ink.fill, 1.8, {{-4, 4}, {4, -4}});
        break;
    case Shape::SmallDiamond:
    case Shape::SmallTriangle: paintEventMark(painter, shape, ink.fill); break;
    case Shape::ArrowUp: paintArrow(painter, ink.fill, -90); break;
    case Shape::ArrowDown: paintArrow(painter, ink.fill, 90); break;
    case Shape::ArrowRight: paintArrow(painter, ink.fill, 0); break;
    case Shape::ExpandRight: paintLines(painter, ink.fill, 1.5, {{-2, -4}, {2, 0}, {-2, 4}}); break;
    case Shape::ExpandDown: paintLines(painter, ink.fill, 1.5, {{-4, -2}, {0, 2}, {4, -2}}); break;
    case Shape::Lock: paintLock(painter, ink.fill); break;
    case Shape::NotEqual:
        paintLines(painter, ink.fill, 1.5, {{-4, -1.8}, {4, -1.8}});
        paintLines(painter, ink.fill, 1.5, {{-4, 1.8}, {4, 1.8}});
        paintLines(painter, ink.fill, 1.5, {{2.2, -4.8}, {-2.2, 4.8}});
        break;
    case Shape::Stop: paintStop(painter, ink); break;
    }
    painter.restore();
}

} // namespace

void paintShape(QPainter &painter, Shape shape, const QRectF &box, const QPalette &palette)
{
    paintInk(painter, shape, box, inkOf(shape, palette));
}

void paintShape(QPainter &painter, Shape shape, const QRectF &box, const QColor &fill, const QColor &mark)
{
    paintInk(painter, shape, box, Ink{fill, mark, {}});
}

Shape shapeOf(facts::Severity severity)
{
    switch (severity) {
    case facts::Severity::Critical: return Shape::Diamond;
    case facts::Severity::Warning: return Shape::Triangle;
    case facts::Severity::Unknown: break;
    }
    return Shape::DashedRing;
}

Shape shapeOf(facts::Freshness freshness)
{
    switch (freshness) {
    case facts::Freshness::Asking: return Shape::Ellipsis;
    case facts::Freshness::Fresh: return Shape::Dot;
    case facts::Freshness::Stale: return Shape::Clock;
    case facts::Freshness::Down: break;
    }
    return Shape::Diamond;
}

void paintHatch(QPainter &painter, const QRectF &area, const QPalette &palette, ColourRole role)
{
    constexpr double kPitch = 4.0 * 1.4142135623730951; // 4 px between lines, measured along an axis
    painter.save();
    painter.setClipRect(area, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour(role, palette), 1));
    const double height = area.height();
    // Started on a multiple of the pitch, so that neighbouring areas hatch as one.
    for (double x = std::floor((area.left() - height) / kPitch) * kPitch; x < area.right(); x += kPitch)
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x + height, area.top()));
    painter.restore();
}

void paintStaleUnderline(QPainter &painter, const QPointF &from, const QPointF &to, const QPalette &palette)
{
    painter.save();
    QPen pen(colour(ColourRole::Muted, palette), 1, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({1, 2});
    painter.setPen(pen);
    painter.drawLine(from, to);
    painter.restore();
}

} // namespace shardlens::ui::theme
