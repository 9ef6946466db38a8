// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyView.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>
#include <limits>

namespace shardlens::ui::charts {

using facts::Measure;

TopologyView::TopologyView(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Regions drawing"));
}

void TopologyView::setOnly(const base::ClusterName &cluster)
{
    if (cluster == m_only)
        return;
    m_only = cluster;
    rebuild();
}

void TopologyView::setOnlyGroup(const base::GroupName &group)
{
    if (group == m_onlyGroup)
        return;
    m_onlyGroup = group;
    rebuild();
}

void TopologyView::setMayBeRoomy(bool may)
{
    if (may == m_mayBeRoomy)
        return;
    m_mayBeRoomy = may;
    layOutAgain();
}

void TopologyView::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    rebuild();
}

void TopologyView::rebuild()
{
    if (!m_snapshot)
        return;
    TopologyScope scope;
    scope.only = m_only;
    scope.onlyGroup = m_onlyGroup;
    if (const int node = m_picture.graph.find(m_selected); node >= 0)
        scope.selected = m_picture.graph.nodes[static_cast<std::size_t>(node)].cluster;
    auto graph = graphOf(*m_snapshot, scope);
    const bool sameRows = graph.slots() == m_picture.graph.slots() && graph.columns.size() == m_picture.graph.columns.size();
    m_picture.graph = std::move(graph);
    layOutAgain();
    if (!sameRows)
        updateGeometry();
}

void TopologyView::layOutAgain()
{
    const double scale = theme::textScale();
    const auto before = m_picture.layout.detail;
    m_picture.layout = layOut(m_picture.graph, {QSizeF(size()), scale, rowNameWidth(m_picture.graph), m_mayBeRoomy});
    m_picture.text = textOf(m_picture.graph, m_picture.layout);
    m_picture.selected = m_picture.graph.find(m_selected);
    if (m_picture.hovered >= static_cast<int>(m_picture.graph.nodes.size()))
        m_picture.hovered = -1;
    m_drag.renew(m_picture);
    fillLines();
    describeSelection();
    update();
    if (before != m_picture.layout.detail)
        Q_EMIT detailChanged();
}

void TopologyView::fillLines()
{
    m_picture.lines.clear();
    if (!m_history || !m_snapshot || m_picture.layout.detail != CardDetail::Roomy)
        return;
    const auto to = m_snapshot->takenUtc;
    const auto from = to - std::chrono::minutes(15);
    for (const auto &node : m_picture.graph.nodes) {
        Measure measure = Measure::LagSeconds;
        switch (node.role) {
        case NodeRole::Router: measure = Measure::RouterWrites; break;
        case NodeRole::Pool: measure = Measure::CacheHitRatio; break;
        case NodeRole::Primary: measure = node.group.isEmpty() ? Measure::Commits : Measure::RedisCommands; break;
        case NodeRole::Fold: m_picture.lines.emplace_back(); continue;
        default: break;
        }
        m_picture.lines.push_back(m_history->series({measure, node.name}, from, to));
    }
}

void TopologyView::select(const TopologyKey &key)
{
    if (key == m_selected)
        return;
    m_selected = key;
    m_picture.selected = m_picture.graph.find(key);
    rebuild(); // the selected cluster's router lines
    Q_EMIT selectionChanged();
}

void TopologyView::describeSelection()
{
    const QString said = m_picture.selected >= 0 ? m_picture.text.cards[static_cast<std::size_t>(m_picture.selected)].sentence
                                                 : tr("%n servers and pools; arrows select one", nullptr, static_cast<int>(m_picture.graph.nodes.size()));
    if (said == accessibleDescription())
        return;
    setAccessibleDescription(said);
}

void TopologyView::choose(int node)
{
    if (node < 0)
        return;
    select(m_picture.graph.nodes[static_cast<std::size_t>(node)].key);
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

/// The nearest card in a direction: the same line or column first.
void TopologyView::move(int columns, int lines)
{
    if (m_picture.graph.nodes.empty())
        return;
    if (m_picture.selected < 0)
        return choose(0);
    const auto from = m_picture.layout.cards[static_cast<std::size_t>(m_picture.selected)].center();
    int best = -1;
    double least = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < m_picture.layout.cards.size(); ++i) {
        const auto way = m_picture.layout.cards[i].center() - from;
        const double along = columns != 0 ? way.x() * columns : way.y() * lines;
        const double aside = columns != 0 ? std::abs(way.y()) : std::abs(way.x());
        if (along < 1)
            continue;
        const double cost = along + aside * 8;
        if (cost < least) {
            least = cost;
            best = static_cast<int>(i);
        }
    }
    choose(best);
}

int TopologyView::fullHeight() const
{
    const double scale = theme::textScale();
    return static_cast<int>(std::ceil(m_mayBeRoomy ? charts::roomyHeight(m_picture.graph, scale) : charts::fullHeight(m_picture.graph, scale)));
}

int TopologyView::compactHeight() const
{
    return static_cast<int>(std::ceil(charts::compactHeight(m_picture.graph, theme::textScale())));
}

int TopologyView::shapeHeight() const
{
    return static_cast<int>(std::ceil(22 * theme::textScale() + m_picture.graph.slots() * 14));
}

QSize TopologyView::sizeHint() const
{
    return {608, fullHeight()};
}

QSize TopologyView::minimumSizeHint() const
{
    return {240, shapeHeight()};
}

QImage TopologyView::image(const QString &heading) const
{
    constexpr int margin = 16;
    constexpr int head = 48;
    const QSize whole(static_cast<int>(m_picture.layout.size.width()) + 2 * margin, static_cast<int>(m_picture.layout.size.height()) + 2 * margin + head);
    QImage image(whole * 2, QImage::Format_RGB32);
    image.setDevicePixelRatio(2);
    image.fill(theme::colour(theme::ColourRole::Surface, palette()));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme::font(theme::FontRole::Headline));
    painter.setPen(theme::colour(theme::ColourRole::Text, palette()));
    const QString when = m_snapshot ? format::dateTime(m_snapshot->takenUtc) : QString();
    painter.drawText(QRectF(margin, margin - 4, whole.width() - 2 * margin, 20), Qt::AlignLeft | Qt::AlignVCenter, tr("%1, %2").arg(heading, when));
    if (m_snapshot)
        paintLagLegend(painter, QPointF(margin, margin + 28), lagLevelNames(m_snapshot->fleet->thresholds), palette());
    painter.translate(margin, margin + head);
    auto plain = m_picture;
    plain.hovered = -1;
    plain.focused = false;
    paintTopology(painter, plain, palette());
    return image;
}

bool TopologyView::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int node = nodeAt(help->pos());
        if (node >= 0 && !m_drag.isOn())
            QToolTip::showText(help->globalPos(), m_picture.text.cards[static_cast<std::size_t>(node)].sentence, this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

void TopologyView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintTopology(painter, m_picture, palette());
    m_drag.paint(painter, m_picture, rect(), palette());
}

void TopologyView::resizeEvent(QResizeEvent *)
{
    layOutAgain();
}

void TopologyView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        layOutAgain();
    QWidget::changeEvent(event);
}

void TopologyView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left: return move(-1, 0);
    case Qt::Key_Right: return move(1, 0);
    case Qt::Key_Up: return move(0, -1);
    case Qt::Key_Down: return move(0, 1);
    case Qt::Key_Escape:
        if (!m_drag.isOn())
            break;
        endDrag();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_picture.selected >= 0)
            Q_EMIT opened(m_selected);
        return;
    default: break;
    }
    if (event->matches(QKeySequence::Copy) && m_picture.selected >= 0) {
        QApplication::clipboard()->setText(m_picture.text.cards[static_cast<std::size_t>(m_picture.selected)].sentence);
        return;
    }
    QWidget::keyPressEvent(event);
}

void TopologyView::focusInEvent(QFocusEvent *)
{
    m_picture.focused = true;
    update();
}

void TopologyView::focusOutEvent(QFocusEvent *)
{
    endDrag();
    m_picture.focused = false;
    update();
}

} // namespace shardlens::ui::charts

#include "moc_TopologyView.cpp"
