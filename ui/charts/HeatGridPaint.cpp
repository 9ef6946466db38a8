// SPDX-License-Identifier: GPL-3.0-or-later
// How HeatGrid paints: cells are copied from tiles (one a look) into an image of the viewport; the rest is drawn over it.
#include "ui/charts/HeatGrid.h"

#include "ui/charts/HeatTile.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace shardlens::ui::charts {

namespace {

using theme::ColourRole;

constexpr int kMarksFromPitch = 10;
constexpr int kNumbersFromPitch = 28;
/// From so many changed cells on, one rectangle round them costs less than a region of them.
constexpr int kManyCells = 64;

QSize scaledSize(QSize size, double ratio)
{
    return {int(std::ceil(size.width() * ratio)), int(std::ceil(size.height() * ratio))};
}

} // namespace

QRect HeatGrid::deviceRect(const QRect &content) const
{
    const double ratio = m_image.devicePixelRatio();
    const QRect shown = content.translated(-offset());
    const QPoint corner(qRound(shown.x() * ratio), qRound(shown.y() * ratio));
    const QPoint end(qRound((shown.x() + shown.width()) * ratio), qRound((shown.y() + shown.height()) * ratio));
    return {corner, QSize(end.x() - corner.x(), end.y() - corner.y())};
}

const QImage &HeatGrid::tile(const HeatCell &cell, QSize size)
{
    const quint64 key = quint64(cell.step) | quint64(cell.isStale) << 16 | quint64(cell.isDim) << 17 | quint64(cell.isFlagged) << 18 | quint64(size.width()) << 24 | quint64(size.height()) << 44;
    const auto found = m_tiles.find(key);
    if (found != m_tiles.end())
        return found->second;
    const HeatLook look{m_picture.steps[cell.step], cell.isStale, cell.isDim, m_layout.pitch() >= kMarksFromPitch, cell.isFlagged};
    return m_tiles.emplace(key, heatTile(look, size, m_image.devicePixelRatio(), palette())).first->second;
}

void HeatGrid::drawCell(int cell)
{
    const QRect target = deviceRect(m_layout.cell(cell));
    const QRect seen = target.intersected(m_image.rect());
    if (seen.isEmpty())
        return;
    const QImage &from = tile(m_picture.cells[std::size_t(cell)], target.size());
    const auto bytes = std::size_t(seen.width()) * 4;
    for (int y = seen.top(); y <= seen.bottom(); ++y)
        std::memcpy(m_image.scanLine(y) + seen.left() * 4, from.constScanLine(y - target.top()) + (seen.left() - target.left()) * 4, bytes);
    ++m_cellsDrawn;
}

void HeatGrid::drawNumber(QPainter &painter, int cell) const
{
    const HeatCell &shown = m_picture.cells[std::size_t(cell)];
    const HeatStep &step = m_picture.steps[shown.step];
    const QRect box = m_layout.cell(cell);
    const QString text = QString::number(shown.number);
    QFont font = theme::font(theme::FontRole::Grid);
    while (QFontMetrics(font).horizontalAdvance(text) > box.width() - 2 && font.pixelSize() > 8)
        font.setPixelSize(font.pixelSize() - 1);
    const QColor ground = heatGround(step, palette());
    const bool isFaint = shown.isStale || shown.isDim;
    const QColor ink = isFaint ? theme::colour(shown.isDim ? ColourRole::Disabled : ColourRole::Muted, palette()) : heatInk(step, palette());
    if (step.mark != HeatStep::Mark::None && !isFaint) {
        // A mark runs through the middle: clear the ground behind the digits.
        QRectF behind(0, 0, QFontMetrics(font).horizontalAdvance(text) + 2, QFontMetrics(font).capHeight() + 3);
        behind.moveCenter(QRectF(box).center());
        painter.fillRect(behind, ground);
    }
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, text);
}

void HeatGrid::drawSectionTitle(QPainter &painter, int section) const
{
    const QRect box = m_layout.sectionTitle(section);
    if (box.height() == 0)
        return;
    const HeatSection &shown = m_picture.sections[std::size_t(section)];
    const QFont bold = theme::font(theme::FontRole::CaptionBold);
    const QRect line(box.left(), box.top(), box.width(), box.height() - 4);
    painter.setFont(bold);
    painter.setPen(theme::colour(ColourRole::Text, palette()));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown.title);
    painter.setFont(theme::font(theme::FontRole::Caption));
    painter.setPen(theme::colour(ColourRole::Muted, palette()));
    painter.drawText(line.adjusted(QFontMetrics(bold).horizontalAdvance(shown.title) + theme::space::kS, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown.note);
}

/// Name always, then what there is room for.
void HeatGrid::drawHeader(QPainter &painter, int block) const
{
    const HeatBlock &shown = m_picture.blocks[std::size_t(block)];
    const QRect box = m_layout.header(block);
    QFont plain = theme::font(theme::FontRole::Grid);
    QFont bold = plain;
    bold.setWeight(QFont::Medium);
    const QFontMetrics metrics(plain);
    constexpr int kGap = 6;
    const auto draw = [&](int left, int right, int flags, const QFont &font, ColourRole role, const QString &text) {
        painter.setFont(font);
        painter.setPen(theme::colour(role, palette()));
        painter.drawText(QRect(box.left() + left, box.top() - 2, right - left, box.height() + 4), flags | Qt::AlignVCenter | Qt::TextSingleLine, text);
    };
    const QString name = QFontMetrics(bold).elidedText(shown.name, Qt::ElideMiddle, box.width());
    const int nameEnd = QFontMetrics(bold).horizontalAdvance(name) + kGap;
    draw(0, box.width(), Qt::AlignLeft, bold, ColourRole::Text, name);
    // The longest of these that has room, in this order.
    const std::pair<QString, QString> choices[] = {{shown.note, shown.value}, {shown.shortNote, shown.value}, {shown.shortNote, {}}, {{}, shown.value}};
    for (const auto &[note, value] : choices) {
        const int noteWidth = note.isEmpty() ? 0 : metrics.horizontalAdvance(note) + kGap;
        if (nameEnd + noteWidth + metrics.horizontalAdvance(value) > box.width())
            continue;
        draw(nameEnd, box.width(), Qt::AlignLeft, plain, ColourRole::Muted, note);
        draw(nameEnd, box.width(), Qt::AlignRight, plain, shown.valueColour, value);
        return;
    }
}

void HeatGrid::redrawAll()
{
    const double ratio = devicePixelRatioF();
    const QSize wanted = scaledSize(viewport()->size(), ratio);
    if (m_image.size() != wanted || m_image.devicePixelRatio() != ratio) {
        m_image = QImage(wanted, QImage::Format_RGB32);
        m_image.setDevicePixelRatio(ratio);
        m_tiles.clear();
    }
    m_image.fill(theme::colour(ColourRole::Window, palette()));
    m_imageIsOld = false;
    if (m_picture.steps.empty())
        return;

    const QRect seen(offset(), viewport()->size());
    QPainter painter(&m_image);
    painter.translate(-offset());
    for (int section = 0; section < m_layout.sectionCount(); ++section)
        drawSectionTitle(painter, section);
    for (int block = 0; block < m_layout.blockCount(); ++block) {
        if (!m_layout.header(block).united(m_layout.outline(block)).intersects(seen))
            continue;
        drawHeader(painter, block);
        painter.setPen(theme::colour(ColourRole::ControlEdge, palette()));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(m_layout.outline(block).adjusted(0, 0, -1, -1));
    }
    painter.end();
    for (int cell = 0; cell < m_layout.cellCount(); ++cell)
        drawCell(cell);
    if (m_layout.pitch() < kNumbersFromPitch)
        return;
    painter.begin(&m_image);
    painter.translate(-offset());
    for (int cell = 0; cell < m_layout.cellCount(); ++cell) {
        if (m_layout.cell(cell).intersects(seen))
            drawNumber(painter, cell);
    }
}

void HeatGrid::redrawCells(const std::vector<int> &cells)
{
    if (cells.empty())
        return;
    for (const int cell : cells)
        drawCell(cell);
    if (m_layout.pitch() >= kNumbersFromPitch) {
        QPainter painter(&m_image);
        painter.translate(-offset());
        for (const int cell : cells)
            drawNumber(painter, cell);
    }
    QRegion dirty;
    QRect bounds;
    for (const int cell : cells) {
        const QRect box = m_layout.cell(cell).translated(-offset());
        if (int(cells.size()) < kManyCells)
            dirty += box;
        else
            bounds |= box;
    }
    viewport()->update(bounds.isEmpty() ? dirty : QRegion(bounds));
}

void HeatGrid::redrawHeaders(const std::vector<int> &blocks)
{
    if (blocks.empty())
        return;
    QPainter painter(&m_image);
    painter.translate(-offset());
    for (const int block : blocks) {
        const QRect box = m_layout.header(block).adjusted(0, -2, 0, 2);
        painter.fillRect(box, theme::colour(ColourRole::Window, palette()));
        drawHeader(painter, block);
        viewport()->update(box.translated(-offset()));
    }
}

void HeatGrid::updateCell(int cell)
{
    constexpr int kRing = 4;
    if (cell >= 0)
        viewport()->update(m_layout.cell(cell).translated(-offset()).adjusted(-kRing, -kRing, kRing, kRing));
}

void HeatGrid::paintOverlays(QPainter &painter, const QRect &clip) const
{
    painter.translate(-offset());
    const QRect seen = clip.translated(offset());
    const auto ring = [&](const QRect &box, double away, double width, ColourRole role) {
        painter.setPen(QPen(theme::colour(role, palette()), width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(QRectF(box).adjusted(-away, -away, away, away));
    };
    painter.setBrush(Qt::NoBrush);
    for (const quint64 id : m_selection) {
        const int cell = cellOf(id);
        if (cell < 0 || id == m_current)
            continue;
        const QRect box = m_layout.cell(cell);
        if (box.adjusted(-4, -4, 4, 4).intersects(seen))
            ring(box, 0.5, 1, ColourRole::Accent);
    }
    if (m_hovered >= 0)
        ring(m_layout.cell(m_hovered), 0.5, 1, ColourRole::Text);
    const int current = m_current ? cellOf(*m_current) : -1;
    if (current >= 0) {
        // Dark, then light: seen on every fill. Accent where keys lead.
        const QRect box = m_layout.cell(current);
        ring(box, 0.5, 1, ColourRole::Window);
        ring(box, 2, 2, hasFocus() ? ColourRole::Accent : ColourRole::Text);
    }
}

void HeatGrid::paintEvent(QPaintEvent *event)
{
    if (m_imageIsOld || m_image.devicePixelRatio() != devicePixelRatioF())
        redrawAll();
    QPainter painter(viewport());
    const double ratio = m_image.devicePixelRatio();
    for (const QRect &part : event->region()) {
        const QRectF source(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio);
        painter.drawImage(QRectF(part), m_image, source);
    }
    paintOverlays(painter, event->rect());
    if (hasFocus() && !m_current) {
        painter.resetTransform();
        painter.setPen(QPen(theme::colour(ColourRole::Accent, palette()), theme::size::kFocusRing));
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
}

} // namespace shardlens::ui::charts
