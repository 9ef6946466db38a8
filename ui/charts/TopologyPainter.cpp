// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyPainter.h"

#include "ui/charts/Sparkline.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <optional>

namespace shardlens::ui::charts {

namespace {

using theme::ColourRole;
using theme::FontRole;
using theme::Shape;

constexpr qreal arrowLength = 7;
constexpr qreal arrowHalf = 3.5;

/// A number from its right-hand anchor: drawn whole or not at all.
void drawText(QPainter &painter, const QRectF &box, Qt::Alignment alignment, const QString &text, const QFont &font, const QColor &colour)
{
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(box, static_cast<int>(alignment | Qt::TextSingleLine), text);
}

QString elided(const QString &text, const QFont &font, qreal width)
{
    return QFontMetricsF(font).elidedText(text, Qt::ElideMiddle, width);
}

class Canvas
{
public:
    Canvas(QPainter &painter, const TopologyPicture &picture, const QPalette &palette)
        : m_painter(painter), m_picture(picture), m_palette(palette), m_scale(theme::textScale())
    {
    }

    void paint()
    {
        m_painter.setRenderHint(QPainter::Antialiasing);
        paintHeads();
        paintRowNames();
        for (std::size_t i = 0; i < m_picture.graph.edges.size(); ++i)
            paintEdge(i);
        for (std::size_t i = 0; i < m_picture.graph.edges.size(); ++i)
            paintEdgeValue(i);
        for (std::size_t i = 0; i < m_picture.graph.nodes.size(); ++i)
            paintCard(i);
    }

private:
    [[nodiscard]] QColor colour(ColourRole role) const { return theme::colour(role, m_palette); }
    [[nodiscard]] CardDetail detail() const { return m_picture.layout.detail; }

    void paintHeads()
    {
        for (std::size_t i = 0; i < m_picture.layout.columns.size() && i < m_picture.text.columns.size(); ++i) {
            const auto &box = m_picture.layout.columns[i];
            const auto font = theme::font(FontRole::CaptionBold);
            const auto &note = m_picture.text.columnNotes[i];
            const qreal noteWidth = note.isEmpty() ? 0 : QFontMetricsF(theme::font(FontRole::Caption)).horizontalAdvance(note) + 8;
            // The region's name comes first; that it is silent stands on every card too.
            const bool saysNote = noteWidth > 0 && noteWidth + QFontMetricsF(font).horizontalAdvance(m_picture.text.columns[i]) <= box.width();
            drawText(m_painter, box, Qt::AlignLeft | Qt::AlignVCenter, elided(m_picture.text.columns[i], font, box.width() - (saysNote ? noteWidth : 0)), font, colour(ColourRole::Text));
            if (saysNote)
                drawText(m_painter, box, Qt::AlignRight | Qt::AlignVCenter, note, theme::font(FontRole::Caption), colour(ColourRole::WarningText));
        }
    }

    void paintRowNames()
    {
        for (std::size_t i = 0; i < m_picture.layout.rows.size(); ++i) {
            const auto &box = m_picture.layout.rows[i];
            const auto &note = m_picture.text.rowNotes[i];
            const bool twoLines = m_picture.layout.card.height() >= 38 * m_scale && !note.isEmpty();
            auto font = theme::font(FontRole::BodyBold);
            if (m_picture.layout.card.height() < 16 * m_scale)
                font = theme::font(FontRole::CaptionBold);
            QRectF first(box.topLeft(), QSizeF(box.width(), m_picture.layout.card.height()));
            qreal indent = 0;
            if (const auto severity = m_picture.graph.rows[i].severity) {
                indent = 18 * m_scale;
                const qreal y = twoLines ? first.top() + 3 * m_scale : first.center().y() - 7 * m_scale;
                theme::paintShape(m_painter, theme::shapeOf(*severity), QRectF(first.left(), y, 14 * m_scale, 14 * m_scale), m_palette);
            }
            if (twoLines)
                first.setHeight(20 * m_scale);
            first.setLeft(first.left() + indent);
            drawText(m_painter, first, Qt::AlignLeft | Qt::AlignVCenter, elided(m_picture.text.rowNames[i], font, first.width()), font, colour(ColourRole::Text));
            if (twoLines) {
                const QRectF second(box.left(), first.bottom() - 1, box.width(), 16 * m_scale);
                drawText(m_painter, second, Qt::AlignLeft | Qt::AlignVCenter, elided(note, theme::font(FontRole::Caption), box.width()),
                         theme::font(FontRole::Caption), colour(ColourRole::Muted));
            }
        }
    }

    struct LineLook {
        QColor colour;
        qreal width = 1.5;
        Qt::PenStyle style = Qt::SolidLine;
    };

    [[nodiscard]] LineLook lookOf(const TopologyEdge &edge) const
    {
        if (edge.kind == EdgeKind::Routing) {
            if (edge.misdirected)
                return {colour(ColourRole::CriticalFill), 2.5, Qt::SolidLine};
            return {colour(ColourRole::Accent), 1.25, edge.state == EdgeState::NotKnown ? Qt::DotLine : Qt::SolidLine};
        }
        switch (edge.state) {
        case EdgeState::Broken: {
            const auto isCritical = [&](int node) { return m_picture.graph.nodes[static_cast<std::size_t>(node)].severity == facts::Severity::Critical; };
            return {colour(isCritical(edge.from) || isCritical(edge.to) ? ColourRole::CriticalFill : ColourRole::WarningText), 2, Qt::SolidLine};
        }
        case EdgeState::NotKnown: return {colour(ColourRole::ControlEdge), 1.5, Qt::DotLine};
        default: break;
        }
        const int level = edge.level.value_or(1);
        static constexpr qreal widths[] = {1.5, 2, 2.5, 3, 3};
        return {colour(theme::lagEdge(level)), widths[level - 1], level >= 4 ? Qt::DashLine : Qt::SolidLine};
    }

    void paintEdge(std::size_t index)
    {
        const auto &path = m_picture.layout.edges[index];
        const auto look = lookOf(m_picture.graph.edges[index]);
        if (path.line.size() < 2)
            return;
        QPen pen(look.colour, look.width, look.style, Qt::FlatCap, Qt::MiterJoin);
        if (look.style == Qt::DotLine)
            pen.setDashPattern({1.5, 2});
        else if (look.style == Qt::DashLine)
            pen.setDashPattern({2.6, 1.4});
        auto line = path.line;
        // The line stops where its arrow begins, so that a wide line does not blunt the tip.
        const QPointF tip = line.last();
        const QPointF before = line.at(line.size() - 2);
        const qreal length = std::hypot(tip.x() - before.x(), tip.y() - before.y());
        const QPointF way = length > 0 ? (tip - before) / length : QPointF(1, 0);
        const qreal arrow = std::clamp(length, 5.0, arrowLength); // a short stub still gets a whole arrow
        line.last() = tip - way * std::min(arrow * 0.8, length);
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawPolyline(line);
        QPolygonF head;
        head << tip << tip - way * arrow + QPointF(-way.y(), way.x()) * arrowHalf << tip - way * arrow - QPointF(-way.y(), way.x()) * arrowHalf;
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(look.colour);
        m_painter.drawPolygon(head);
        paintMark(index, look);
    }

    void clearBehind(const QRectF &box)
    {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(colour(ColourRole::Surface));
        m_painter.drawRect(box);
    }

    /// A cross where nothing flows, a double bar where replay is paused.
    void paintMark(std::size_t index, const LineLook &look)
    {
        const auto state = m_picture.graph.edges[index].state;
        const auto at = m_picture.layout.edges[index].markAt;
        if (state != EdgeState::Broken && state != EdgeState::Paused)
            return;
        clearBehind(QRectF(at.x() - 8, at.y() - 5.5, 16, 11));
        m_painter.setPen(QPen(look.colour, 2, Qt::SolidLine, Qt::FlatCap));
        if (state == EdgeState::Broken) {
            m_painter.drawLine(at + QPointF(-4, -4), at + QPointF(4, 4));
            m_painter.drawLine(at + QPointF(-4, 4), at + QPointF(4, -4));
        } else {
            m_painter.drawLine(at + QPointF(-2.5, -5), at + QPointF(-2.5, 5));
            m_painter.drawLine(at + QPointF(2.5, -5), at + QPointF(2.5, 5));
        }
    }

    void paintEdgeValue(std::size_t index)
    {
        const auto &value = m_picture.text.edges[index];
        const auto &path = m_picture.layout.edges[index];
        if (value.isEmpty())
            return;
        const auto font = theme::font(FontRole::Caption);
        const QFontMetricsF metrics(font);
        const qreal width = metrics.horizontalAdvance(value) + 12;
        const QRectF box(path.labelAt.x() - width / 2, path.labelAt.y() - metrics.height() / 2, width, metrics.height());
        if (path.labelBreaks)
            clearBehind(QRectF(box.left(), path.labelAt.y() - 3, box.width(), 6));
        const int level = m_picture.graph.edges[index].level.value_or(1);
        drawText(m_painter, box, Qt::AlignCenter, value, font, colour(level >= 3 ? ColourRole::WarningText : ColourRole::Muted));
    }

    [[nodiscard]] Shape shapeOf(const TopologyNode &node) const
    {
        if (node.state == NodeState::Asking)
            return Shape::None;
        if (node.severity && node.state != NodeState::Stale)
            return theme::shapeOf(*node.severity);
        switch (node.state) {
        case NodeState::Stale: return Shape::Clock;
        case NodeState::Unknown: return Shape::DashedRing;
        case NodeState::Down: return Shape::Triangle;
        default: return Shape::Dot;
        }
    }

    QColor paintGround(std::size_t index, const QRectF &box)
    {
        const auto &node = m_picture.graph.nodes[index];
        QColor ground = colour(ColourRole::Alternate);
        QPen edge(colour(ColourRole::Line), 1);
        if (node.state == NodeState::Down) {
            const auto colours = theme::coloursOf(node.severity.value_or(facts::Severity::Warning));
            edge = QPen(colour(node.severity == facts::Severity::Critical ? colours.fill : colours.text), 2);
            ground = colour(colours.ground);
        } else if (node.state == NodeState::Stale) {
            ground = theme::blend(ground, colour(ColourRole::Surface), 0.45);
            edge = QPen(colour(ColourRole::ControlEdge), 1, Qt::CustomDashLine);
            edge.setDashPattern({1.5, 2});
        } else if (node.state == NodeState::Unknown) {
            ground = colour(ColourRole::UnknownGround);
            edge = QPen(colour(ColourRole::UnknownFill), 1);
        } else if (node.severity == facts::Severity::Critical) {
            edge = QPen(colour(ColourRole::CriticalFill), 1.5);
        }
        if (static_cast<int>(index) == m_picture.selected)
            ground = colour(ColourRole::Selection);
        else if (static_cast<int>(index) == m_picture.hovered)
            ground = theme::blend(colour(ColourRole::Raised), ground, 0.7);
        const QRectF inner = box.adjusted(edge.widthF() / 2, edge.widthF() / 2, -edge.widthF() / 2, -edge.widthF() / 2);
        m_painter.setPen(edge);
        m_painter.setBrush(ground);
        m_painter.drawRoundedRect(inner, theme::size::kRadius, theme::size::kRadius);
        if (node.state == NodeState::Unknown) {
            m_painter.save();
            QPainterPath clip;
            clip.addRoundedRect(inner, theme::size::kRadius, theme::size::kRadius);
            m_painter.setClipPath(clip, Qt::IntersectClip);
            m_painter.setOpacity(0.35);
            theme::paintHatch(m_painter, inner, m_palette);
            m_painter.restore();
        }
        if (node.role == NodeRole::Primary) {
            m_painter.setPen(Qt::NoPen);
            m_painter.setBrush(colour(ColourRole::Accent));
            QPainterPath bar;
            bar.addRoundedRect(QRectF(box.left(), box.top(), 8, box.height()), theme::size::kRadius, theme::size::kRadius);
            QPainterPath left;
            left.addRect(QRectF(box.left(), box.top(), 4, box.height()));
            m_painter.drawPath(bar.intersected(left));
        }
        if (static_cast<int>(index) == m_picture.selected && m_picture.focused) {
            m_painter.setPen(QPen(colour(ColourRole::Accent), theme::size::kFocusRing));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), theme::size::kRadius + 1, theme::size::kRadius + 1);
        }
        return ground;
    }

    void paintCard(std::size_t index)
    {
        const auto &box = m_picture.layout.cards[index];
        const auto &node = m_picture.graph.nodes[index];
        const QColor ground = paintGround(index, box);
        m_plate = node.state == NodeState::Unknown ? std::optional<QColor>(ground) : std::nullopt;
        const qreal mark = std::min(14 * m_scale, box.height() - 1);
        const auto shape = shapeOf(node);
        if (detail() == CardDetail::Shape) {
            theme::paintShape(m_painter, shape, QRectF(box.center() - QPointF(mark / 2, mark / 2), QSizeF(mark, mark)), m_palette);
            return;
        }
        const qreal left = box.left() + (detail() == CardDetail::Roomy ? 12 : 9) * m_scale;
        const qreal firstLine = detail() == CardDetail::Compact ? box.center().y() : box.top() + (detail() == CardDetail::Roomy ? 17 : 12.5) * m_scale;
        theme::paintShape(m_painter, shape, QRectF(left, firstLine - mark / 2, mark, mark), m_palette);
        const QRectF content(left + 18 * m_scale, box.top(), box.right() - 7 * m_scale - left - 18 * m_scale, box.height());
        switch (detail()) {
        case CardDetail::Compact: paintCompact(index, content); break;
        case CardDetail::Normal: paintNormal(index, content); break;
        default: paintRoomy(index, content, left); break;
        }
    }

    /// On the hatch of what is not known words stand on a plate: lines through them would be read as strokes.
    void say(const QRectF &box, Qt::Alignment alignment, const QString &words, const QFont &font, const QColor &ink)
    {
        if (m_plate && !words.isEmpty()) {
            const QFontMetricsF metrics(font);
            const qreal width = std::min(metrics.horizontalAdvance(words), box.width());
            const qreal left = alignment.testFlag(Qt::AlignRight) ? box.right() - width : box.left();
            m_painter.fillRect(QRectF(left - 3, box.center().y() - metrics.height() / 2, width + 6, metrics.height()), *m_plate);
        }
        drawText(m_painter, box, alignment, words, font, ink);
    }

    [[nodiscard]] QColor nameColour(const TopologyNode &node) const
    {
        return colour(node.state == NodeState::Asking || node.state == NodeState::Stale ? ColourRole::Muted : ColourRole::Text);
    }

    void drawValue(const QRectF &box, Qt::Alignment alignment, const CardText &card, const QString &whole)
    {
        const auto font = theme::font(FontRole::Caption);
        const QString value = fittingValue(whole, {}, box.width());
        say(box, alignment | Qt::AlignVCenter, value, font, colour(card.colour));
        if (!card.isOld || value.isEmpty())
            return;
        const QFontMetricsF metrics(font);
        const qreal width = metrics.horizontalAdvance(value);
        const qreal x = alignment.testFlag(Qt::AlignRight) ? box.right() - width : box.left();
        const qreal y = box.center().y() + metrics.ascent() / 2 + 1.5;
        theme::paintStaleUnderline(m_painter, QPointF(x, y), QPointF(x + width, y), m_palette);
    }

    void paintCompact(std::size_t index, const QRectF &content)
    {
        const auto &card = m_picture.text.cards[index];
        const auto &node = m_picture.graph.nodes[index];
        const CompactText said = compactText(node, card, content.width());
        drawValue(content, Qt::AlignRight, card, said.value);
        say(content, Qt::AlignLeft | Qt::AlignVCenter, said.role, theme::font(FontRole::Small), nameColour(node));
    }

    void paintNormal(std::size_t index, const QRectF &content)
    {
        const auto &card = m_picture.text.cards[index];
        const QRectF first(content.left(), content.top() + 3.5 * m_scale, content.width(), 18 * m_scale);
        const QRectF second(content.left(), content.top() + 20.5 * m_scale, content.width(), 16 * m_scale);
        const auto font = theme::font(FontRole::Body);
        say(first, Qt::AlignLeft | Qt::AlignVCenter, elided(card.name, font, first.width()), font, nameColour(m_picture.graph.nodes[index]));
        const QFontMetricsF metrics(theme::font(FontRole::Caption));
        // Words may go, the number stays whole: the short form is the card's one value.
        const bool fits = metrics.horizontalAdvance(card.second) <= second.width();
        drawValue(second, Qt::AlignLeft, card, fits ? card.second : card.value);
    }

    void paintRoomy(std::size_t index, const QRectF &content, qreal left)
    {
        const auto &card = m_picture.text.cards[index];
        const QRectF first(content.left(), content.top() + 8 * m_scale, content.width() - 5 * m_scale, 18 * m_scale);
        const QRectF second(left, content.top() + 27 * m_scale, content.right() - 5 * m_scale - left, 16 * m_scale);
        const QFontMetricsF small(theme::font(FontRole::Small));
        const auto font = theme::font(FontRole::BodyBold);
        const QString role = m_picture.graph.nodes[index].role == NodeRole::Fold ? QString() : card.role;
        say(first, Qt::AlignRight | Qt::AlignVCenter, role, theme::font(FontRole::Small), colour(ColourRole::Muted));
        say(first, Qt::AlignLeft | Qt::AlignVCenter, elided(card.name, font, first.width() - small.horizontalAdvance(role) - 8), font,
                 nameColour(m_picture.graph.nodes[index]));
        drawValue(second, Qt::AlignLeft, card, card.left);
        const QFontMetricsF caption(theme::font(FontRole::Caption));
        if (caption.horizontalAdvance(card.left) + caption.horizontalAdvance(card.right) + 12 <= second.width())
            drawValue(second, Qt::AlignRight, card, card.right);
        if (index < m_picture.lines.size()) {
            const QRectF area(left, content.top() + 48 * m_scale, second.width(), content.bottom() - content.top() - 56 * m_scale);
            paintSparkline(m_painter, area, m_picture.lines[index], colour(theme::series(m_picture.graph.nodes[index].column)), m_palette);
        }
    }

    QPainter &m_painter;
    const TopologyPicture &m_picture;
    const QPalette &m_palette;
    qreal m_scale;
    std::optional<QColor> m_plate; ///< of the card that is painted
};

} // namespace

void paintTopology(QPainter &painter, const TopologyPicture &picture, const QPalette &palette)
{
    painter.save();
    Canvas(painter, picture, palette).paint();
    painter.restore();
}

void paintLagLine(QPainter &painter, const QPointF &from, const QPointF &to, int level, const QPalette &palette)
{
    TopologyPicture picture;
    picture.graph.nodes.resize(2);
    picture.graph.edges.push_back({0, 1, EdgeKind::Replication, EdgeState::Streaming, level, facts::notAsked<facts::microseconds>(), false});
    picture.layout.edges.push_back({QPolygonF({from, to}), {}, 0, false, {}});
    picture.text.edges.emplace_back();
    picture.graph.nodes.clear(); // a line alone: no cards to paint
    paintTopology(painter, picture, palette);
}

namespace {
constexpr qreal legendLine = 30;
constexpr qreal legendGap = 6;
constexpr qreal legendStep = 14;
} // namespace

qreal lagLegendWidth(const std::vector<QString> &levels)
{
    const QFontMetricsF metrics(theme::font(FontRole::Caption));
    qreal width = 0;
    for (const auto &level : levels)
        width += legendLine + legendGap + metrics.horizontalAdvance(level) + legendStep;
    return width - legendStep + 1;
}

void paintLagLegend(QPainter &painter, const QPointF &at, const std::vector<QString> &levels, const QPalette &palette)
{
    const auto font = theme::font(FontRole::Caption);
    const QFontMetricsF metrics(font);
    qreal x = at.x();
    for (std::size_t i = 0; i < levels.size(); ++i) {
        paintLagLine(painter, QPointF(x, at.y()), QPointF(x + legendLine, at.y()), static_cast<int>(i) + 1, palette);
        const qreal width = metrics.horizontalAdvance(levels[i]);
        drawText(painter, QRectF(x + legendLine + legendGap, at.y() - 8, width + 1, 16), Qt::AlignLeft | Qt::AlignVCenter, levels[i], font,
                 theme::colour(ColourRole::Muted, palette));
        x += legendLine + legendGap + width + legendStep;
    }
}

} // namespace shardlens::ui::charts
