// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatGrid.h"

#include "ui/charts/HeatGridAccessible.h"
#include "ui/format/Numbers.h"
#include "ui/theme/Type.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>

namespace shardlens::ui::charts {

namespace {

constexpr qint64 kDigitsTogetherMs = 1000;
/// Round the content, so that rings round outer cells are seen whole, and none lies on a letter.
constexpr int kMargin = 4;
constexpr QSize kMargins(2 * kMargin, 2 * kMargin);

HeatLayout::Sections sectionsOf(const HeatPicture &picture)
{
    HeatLayout::Sections sections(picture.sections.size());
    for (const HeatBlock &block : picture.blocks)
        sections[std::size_t(block.section)].push_back(block.cells);
    return sections;
}

} // namespace

HeatGrid::HeatGrid(QWidget *parent) : QAbstractScrollArea(parent)
{
    installHeatGridAccessibility();
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

HeatLayout HeatGrid::layoutFor(QSize room, int pitch) const
{
    HeatLayout::Metrics metrics;
    metrics.sectionTitle = m_picture.sections.size() > 1 ? theme::scaled(metrics.sectionTitle) : 0;
    metrics.header = theme::scaled(metrics.header);
    metrics.minBlockWidth = theme::scaled(metrics.minBlockWidth);
    const HeatLayout::Sections sections = sectionsOf(m_picture);
    return pitch > 0 ? HeatLayout::at(sections, room, metrics, pitch) : HeatLayout::fit(sections, room, metrics);
}

int HeatGrid::heightIn(QSize room) const
{
    return std::min(room.height(), layoutFor(room - kMargins, 0).size().height() + kMargins.height());
}

int HeatGrid::pitchIn(QSize room) const
{
    const QSize inner = room - kMargins;
    const HeatLayout layout = layoutFor(inner, 0);
    return layout.size().height() <= inner.height() && layout.size().width() <= inner.width() ? layout.pitch() : 0;
}

bool HeatGrid::hasSameCells(const HeatPicture &picture) const
{
    if (picture.sections.size() != m_picture.sections.size() || picture.blocks.size() != m_picture.blocks.size())
        return false;
    const auto sameBlock = [](const HeatBlock &a, const HeatBlock &b) { return a.section == b.section && a.cells == b.cells; };
    const auto sameCell = [](const HeatCell &a, const HeatCell &b) { return a.id == b.id; };
    return std::equal(picture.blocks.begin(), picture.blocks.end(), m_picture.blocks.begin(), sameBlock)
        && std::equal(picture.cells.begin(), picture.cells.end(), m_picture.cells.begin(), m_picture.cells.end(), sameCell);
}

void HeatGrid::setPicture(HeatPicture picture)
{
    if (!hasSameCells(picture)) {
        m_picture = std::move(picture);
        m_cellOf.clear();
        m_cellOf.reserve(m_picture.cells.size());
        for (int cell = 0; cell < int(m_picture.cells.size()); ++cell)
            m_cellOf.emplace(m_picture.cells[std::size_t(cell)].id, cell);
        m_hovered = -1;
        m_tiles.clear();
        relayout();
        return;
    }
    if (picture.steps != m_picture.steps) {
        m_tiles.clear();
        m_imageIsOld = true;
    }
    std::vector<int> cells;
    for (std::size_t i = 0; i < picture.cells.size(); ++i) {
        if (!picture.cells[i].looksLike(m_picture.cells[i]))
            cells.push_back(int(i));
    }
    std::vector<int> blocks;
    for (std::size_t i = 0; i < picture.blocks.size(); ++i) {
        if (picture.blocks[i] != m_picture.blocks[i])
            blocks.push_back(int(i));
    }
    if (picture.sections != m_picture.sections)
        m_imageIsOld = true;
    m_picture = std::move(picture);
    if (m_imageIsOld) {
        viewport()->update();
        return;
    }
    redrawCells(cells);
    redrawHeaders(blocks);
}

QPoint HeatGrid::offset() const
{
    return {horizontalScrollBar()->value() - kMargin, verticalScrollBar()->value() - kMargin};
}

/// The room is measured without scroll bars, so that a bar that comes does not change what made it come.
void HeatGrid::relayout()
{
    const QSize room = contentsRect().size() - kMargins;
    m_layout = layoutFor(room, m_zoomedPitch);
    if (m_layout.size().height() > room.height()) {
        const int bar = verticalScrollBar()->sizeHint().width();
        m_layout = layoutFor(room - QSize(bar, 0), m_zoomedPitch);
    }
    const QSize beyond = m_layout.size() - room;
    const int bar = beyond.height() > 0 ? verticalScrollBar()->sizeHint().width() : 0;
    verticalScrollBar()->setRange(0, std::max(0, beyond.height()));
    verticalScrollBar()->setPageStep(room.height());
    verticalScrollBar()->setSingleStep(m_layout.pitch() * 2);
    horizontalScrollBar()->setRange(0, std::max(0, beyond.width() + bar));
    horizontalScrollBar()->setPageStep(room.width());
    horizontalScrollBar()->setSingleStep(m_layout.pitch() * 2);
    m_imageIsOld = true;
    viewport()->update();
}

void HeatGrid::zoom(int steps)
{
    const int cell = m_current ? cellOf(*m_current) : -1;
    const QPoint anchor = cell >= 0 ? m_layout.cell(cell).center() - offset() : viewport()->rect().center();
    zoomTo(HeatLayout::pitchBeside(m_layout.pitch(), steps), anchor);
}

void HeatGrid::resetZoom()
{
    setZoomedPitch(0);
}

void HeatGrid::setZoomedPitch(int pitch)
{
    if (pitch == m_zoomedPitch)
        return;
    m_zoomedPitch = pitch;
    relayout();
    if (m_current)
        showCell(*m_current);
    Q_EMIT zoomChanged();
}

/// What lay under `anchor`, a point of the viewport, lies there afterwards.
void HeatGrid::zoomTo(int pitch, QPoint anchor)
{
    if (pitch == m_layout.pitch())
        return;
    int cell = m_layout.cellAt(anchor + offset());
    const int block = m_layout.blockAt(anchor + offset());
    if (cell < 0 && block >= 0 && m_layout.cellsIn(block) > 0)
        cell = m_layout.firstCell(block);
    const QPoint before = cell >= 0 ? m_layout.cell(cell).center() - offset() : anchor;
    m_zoomedPitch = pitch;
    relayout();
    if (cell >= 0) {
        const QPoint beyond = m_layout.cell(cell).center() - before + QPoint(kMargin, kMargin);
        horizontalScrollBar()->setValue(beyond.x());
        verticalScrollBar()->setValue(beyond.y());
    }
    Q_EMIT zoomChanged();
}

std::optional<quint64> HeatGrid::hovered() const
{
    if (m_hovered < 0 || m_hovered >= int(m_picture.cells.size()))
        return std::nullopt;
    return m_picture.cells[std::size_t(m_hovered)].id;
}

int HeatGrid::cellOf(quint64 id) const
{
    const auto found = m_cellOf.find(id);
    return found == m_cellOf.end() ? -1 : found->second;
}

int HeatGrid::cellAt(QPoint point) const
{
    return m_layout.cellAt(point + offset());
}

QRect HeatGrid::cellRect(int cell) const
{
    return m_layout.cell(cell).translated(-offset());
}

void HeatGrid::selectCell(int cell)
{
    if (cell >= 0 && cell < int(m_picture.cells.size()))
        selectOnly(cell);
}

QString HeatGrid::describe(int cell) const
{
    const int block = m_layout.blockOf(cell);
    if (block < 0)
        return {};
    const HeatCell &shown = m_picture.cells[std::size_t(cell)];
    const QString what = m_describer ? m_describer(shown.id) : QString::number(shown.number);
    //: %1 a shard and its reading, %2 its place in the block, %3 the cells of the block
    return tr("%1, %2 of %3").arg(what, format::count(cell - m_layout.firstCell(block) + 1), format::count(m_layout.cellsIn(block)));
}

void HeatGrid::setSelection(const std::set<quint64> &ids, std::optional<quint64> current)
{
    if (ids == m_selection && current == m_current)
        return;
    m_selection = ids;
    m_current = current;
    m_anchor = current;
    viewport()->update();
    tellReader();
}

void HeatGrid::showCell(quint64 id)
{
    const int cell = cellOf(id);
    if (cell < 0)
        return;
    constexpr int kAround = 8;
    const QRect area = m_layout.cell(cell).translated(kMargin, kMargin).adjusted(-kAround, -kAround, kAround, kAround);
    const QSize room = viewport()->size();
    const auto bring = [](QScrollBar *bar, int from, int to, int size) {
        if (from < bar->value())
            bar->setValue(from);
        else if (to > bar->value() + size)
            bar->setValue(to - size);
    };
    bring(verticalScrollBar(), area.top(), area.bottom(), room.height());
    bring(horizontalScrollBar(), area.left(), area.right(), room.width());
}

void HeatGrid::jumpToNumber(quint32 number)
{
    const int here = m_current ? cellOf(*m_current) : -1;
    const int section = here >= 0 ? m_layout.sectionOf(m_layout.blockOf(here)) : 0;
    int found = -1;
    for (int cell = 0; cell < int(m_picture.cells.size()); ++cell) {
        if (m_picture.cells[std::size_t(cell)].number != number)
            continue;
        if (m_layout.sectionOf(m_layout.blockOf(cell)) == section) {
            found = cell;
            break;
        }
        if (found < 0)
            found = cell;
    }
    if (found >= 0)
        selectOnly(found);
}

void HeatGrid::jumpToProblem(int direction)
{
    const int count = int(m_picture.cells.size());
    if (count == 0)
        return;
    const int here = m_current ? cellOf(*m_current) : -1;
    const int blockHere = here >= 0 ? m_layout.blockOf(here) : -1;
    for (int step = 1; step <= count; ++step) {
        const int cell = ((here < 0 ? (direction > 0 ? -1 : count) : here) + direction * step + 2 * count) % count;
        const std::uint8_t problem = m_picture.cells[std::size_t(cell)].problem;
        // A cluster's problem is all its cells': stop once a block, at its first cell.
        const bool stops = problem == 2 || (problem == 1 && cell == m_layout.firstCell(m_layout.blockOf(cell)) && m_layout.blockOf(cell) != blockHere);
        if (stops) {
            selectOnly(cell);
            return;
        }
    }
}

void HeatGrid::selectOnly(int cell)
{
    const quint64 id = m_picture.cells[std::size_t(cell)].id;
    m_current = m_anchor = id;
    m_selection = {id};
    showCell(id);
    viewport()->update();
    tellReader();
    Q_EMIT selectionChanged();
}

void HeatGrid::moveTo(int cell, bool extend)
{
    if (cell < 0 || cell >= int(m_picture.cells.size()))
        return;
    const int anchor = m_anchor ? cellOf(*m_anchor) : -1;
    if (!extend || anchor < 0) {
        selectOnly(cell);
        return;
    }
    m_current = m_picture.cells[std::size_t(cell)].id;
    m_selection.clear();
    for (int i = std::min(anchor, cell); i <= std::max(anchor, cell); ++i)
        m_selection.insert(m_picture.cells[std::size_t(i)].id);
    showCell(*m_current);
    viewport()->update();
    tellReader();
    Q_EMIT selectionChanged();
}

void HeatGrid::setHovered(int cell)
{
    if (cell == m_hovered)
        return;
    updateCell(m_hovered);
    m_hovered = cell;
    updateCell(m_hovered);
    Q_EMIT hoverChanged();
}

void HeatGrid::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void HeatGrid::scrollContentsBy(int dx, int dy)
{
    Q_UNUSED(dx)
    Q_UNUSED(dy)
    m_imageIsOld = true;
    setHovered(-1);
    viewport()->update();
}

void HeatGrid::mousePressEvent(QMouseEvent *event)
{
    const int cell = m_layout.cellAt(event->position().toPoint() + offset());
    if (cell < 0 || (event->button() != Qt::LeftButton && event->button() != Qt::RightButton))
        return;
    const quint64 id = m_picture.cells[std::size_t(cell)].id;
    if (event->button() == Qt::RightButton) {
        // The menu that follows is about what is selected, unless it was opened elsewhere.
        if (m_selection.count(id) == 0)
            selectOnly(cell);
    } else if (event->modifiers() & Qt::ControlModifier) {
        if (m_selection.erase(id) == 0)
            m_selection.insert(id);
        m_current = m_anchor = id;
        viewport()->update();
        Q_EMIT selectionChanged();
    } else {
        moveTo(cell, event->modifiers() & Qt::ShiftModifier);
    }
}

void HeatGrid::mouseMoveEvent(QMouseEvent *event)
{
    const int cell = m_layout.cellAt(event->position().toPoint() + offset());
    if ((event->buttons() & Qt::LeftButton) && cell >= 0 && cell != m_hovered)
        moveTo(cell, true);
    setHovered(cell);
}

void HeatGrid::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int cell = m_layout.cellAt(event->position().toPoint() + offset());
    if (cell >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT activated(m_picture.cells[std::size_t(cell)].id);
}

void HeatGrid::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const int delta = event->angleDelta().y();
    if (delta != 0)
        zoomTo(HeatLayout::pitchBeside(m_layout.pitch(), delta > 0 ? 1 : -1), event->position().toPoint());
    event->accept();
}

void HeatGrid::keyPressEvent(QKeyEvent *event)
{
    if (!keyMoves(event) && !keyActs(event))
        event->ignore();
}

bool HeatGrid::keyMoves(QKeyEvent *event)
{
    using Move = HeatLayout::Move;
    const bool control = event->modifiers() & Qt::ControlModifier;
    if (event->modifiers() & Qt::AltModifier)
        return false;
    Move move = Move::Left;
    switch (event->key()) {
    case Qt::Key_Left: move = Move::Left; break;
    case Qt::Key_Right: move = Move::Right; break;
    case Qt::Key_Up: move = Move::Up; break;
    case Qt::Key_Down: move = Move::Down; break;
    case Qt::Key_PageUp: move = Move::PreviousBlock; break;
    case Qt::Key_PageDown: move = Move::NextBlock; break;
    case Qt::Key_Home: move = control ? Move::First : Move::RowStart; break;
    case Qt::Key_End: move = control ? Move::Last : Move::RowEnd; break;
    default: return false;
    }
    const int here = m_current ? cellOf(*m_current) : -1;
    moveTo(here < 0 ? 0 : m_layout.moved(here, move), event->modifiers() & Qt::ShiftModifier);
    return true;
}

bool HeatGrid::keyActs(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        return true;
    }
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current)
            Q_EMIT activated(*m_current);
        return true;
    case Qt::Key_N: jumpToProblem(event->modifiers() & Qt::ShiftModifier ? -1 : 1); return true;
    case Qt::Key_Plus: zoom(1); return true;
    case Qt::Key_Minus: zoom(-1); return true;
    case Qt::Key_Equal: resetZoom(); return true;
    default: break;
    }
    const QString text = event->text();
    if (text.size() == 1 && text.at(0) >= QLatin1Char('0') && text.at(0) <= QLatin1Char('9')) {
        typeDigit(text.at(0));
        return true;
    }
    return false;
}

void HeatGrid::typeDigit(QChar digit)
{
    if (!m_sinceDigit.isValid() || m_sinceDigit.elapsed() > kDigitsTogetherMs)
        m_digits.clear();
    m_sinceDigit.start();
    m_digits += digit;
    jumpToNumber(m_digits.toUInt());
    Q_EMIT digitsTyped(m_digits);
}

void HeatGrid::endDigits()
{
    if (m_digits.isEmpty())
        return;
    m_digits.clear();
    Q_EMIT digitsTyped({});
}

void HeatGrid::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
    tellReader();
}

void HeatGrid::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    endDigits();
    viewport()->update();
}

void HeatGrid::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange) {
        m_tiles.clear();
        relayout();
    }
}

bool HeatGrid::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        setHovered(-1);
    return QAbstractScrollArea::viewportEvent(event);
}

void HeatGrid::tellReader()
{
    if (!QAccessible::isActive() || !m_current)
        return;
    const int cell = cellOf(*m_current);
    setAccessibleDescription(describe(cell));
    if (hasFocus() && cell >= 0) {
        // The focus moves inside the table: the reader speaks the cell.
        QAccessibleEvent moved(this, QAccessible::Focus);
        moved.setChild(cell);
        QAccessible::updateAccessibility(&moved);
    }
}

} // namespace shardlens::ui::charts

#include "moc_HeatGrid.cpp"
