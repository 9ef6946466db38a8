// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyRoutes.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace shardlens::ui::charts {

namespace {

constexpr qreal arrowRoom = 1; ///< between the arrow's tip and the card's edge

/// Lines that share a gutter each get a track of their own; the shorter ones run nearer to the cards, so that none cross.
class Tracks
{
public:
    void add(int gutter, int edge, qreal length) { m_of[gutter].push_back({edge, length}); }
    void sort()
    {
        for (auto &[gutter, users] : m_of)
            std::stable_sort(users.begin(), users.end(), [](const User &a, const User &b) { return a.length < b.length; });
    }
    /// Where in the gutter, 0 to 1 exclusive, and the how-manieth track it is.
    [[nodiscard]] std::pair<qreal, int> at(int gutter, int edge) const
    {
        const auto &users = m_of.at(gutter);
        for (std::size_t i = 0; i < users.size(); ++i)
            if (users[i].edge == edge)
                return {(static_cast<qreal>(i) + 1) / (static_cast<qreal>(users.size()) + 1), static_cast<int>(i)};
        return {0.5, 0};
    }

private:
    struct User {
        int edge;
        qreal length;
    };
    std::map<int, std::vector<User>> m_of;
};

class Router
{
public:
    Router(const TopologyGraph &graph, TopologyLayout &layout) : m_graph(graph), m_layout(layout) {}

    void run()
    {
        for (std::size_t i = 0; i < m_graph.edges.size(); ++i)
            if (usesGutter(m_graph.edges[i]))
                m_tracks.add(gutterOf(m_graph.edges[i]), static_cast<int>(i), std::abs(card(m_graph.edges[i].to).x() - card(m_graph.edges[i].from).x()));
        m_tracks.sort();
        for (std::size_t i = 0; i < m_graph.edges.size(); ++i)
            m_layout.edges.push_back(m_graph.edges[i].kind == EdgeKind::Routing ? routing(static_cast<int>(i)) : replication(static_cast<int>(i)));
    }

private:
    [[nodiscard]] const TopologyNode &node(int index) const { return m_graph.nodes[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const QRectF &card(int index) const { return m_layout.cards[static_cast<std::size_t>(index)]; }
    /// The line of cards a node stands on, from the top of the drawing.
    [[nodiscard]] int slot(int index) const
    {
        return static_cast<int>(std::lround((card(index).y() - m_layout.cards.front().y()) / m_layout.pitch))
            + static_cast<int>(std::lround((m_layout.cards.front().y() - m_layout.rows.front().y()) / m_layout.pitch));
    }
    [[nodiscard]] qreal gutterTop(int gutterSlot) const
    {
        return m_layout.rows.front().y() + gutterSlot * m_layout.pitch + m_layout.card.height();
    }
    [[nodiscard]] bool sameLine(const TopologyEdge &edge) const { return slot(edge.from) == slot(edge.to); }
    [[nodiscard]] int columnsApart(const TopologyEdge &edge) const { return node(edge.to).column - node(edge.from).column; }

    [[nodiscard]] bool usesGutter(const TopologyEdge &edge) const
    {
        if (edge.kind == EdgeKind::Routing)
            return columnsApart(edge) != 0 || slot(edge.to) - slot(edge.from) != 1;
        return std::abs(columnsApart(edge)) > 1;
    }
    /// Replication runs below the receiver's cards, routing below the router's.
    [[nodiscard]] int gutterOf(const TopologyEdge &edge) const { return edge.kind == EdgeKind::Routing ? slot(edge.from) : slot(edge.to); }
    [[nodiscard]] qreal trackY(int edge) const
    {
        const auto &which = m_graph.edges[static_cast<std::size_t>(edge)];
        const int gutter = gutterOf(which);
        return gutterTop(gutter) + m_layout.gutter * m_tracks.at(gutter, edge).first;
    }

    [[nodiscard]] EdgePath replication(int index) const
    {
        const auto &edge = m_graph.edges[static_cast<std::size_t>(index)];
        const int apart = columnsApart(edge);
        if (apart == 0)
            return sameColumn(edge);
        if (std::abs(apart) == 1)
            return neighbour(edge);
        return throughGutter(index);
    }

    /// From one card's side to the next column's card: straight on one line, with two corners between lanes.
    [[nodiscard]] EdgePath neighbour(const TopologyEdge &edge) const
    {
        const auto &from = card(edge.from);
        const auto &to = card(edge.to);
        const bool right = columnsApart(edge) > 0;
        const QPointF start(right ? from.right() : from.left(), from.center().y());
        const QPointF end(right ? to.left() - arrowRoom : to.right() + arrowRoom, to.center().y());
        EdgePath path;
        const qreal middle = (start.x() + end.x()) / 2;
        path.line << start;
        if (!sameLine(edge))
            path.line << QPointF(middle, start.y()) << QPointF(middle, end.y());
        path.line << end;
        path.labelAt = QPointF(middle - (right ? 2 : -2), end.y() - 9);
        path.labelRoom = m_layout.columnGap - 4;
        path.markAt = QPointF(sameLine(edge) ? middle - (right ? 3 : -3) : middle, sameLine(edge) ? end.y() : (start.y() + end.y()) / 2);
        return path;
    }

    /// Down into the gutter, along it, up to the receiver's lower edge.
    [[nodiscard]] EdgePath throughGutter(int index) const
    {
        const auto &edge = m_graph.edges[static_cast<std::size_t>(index)];
        const auto &from = card(edge.from);
        const auto &to = card(edge.to);
        const bool right = columnsApart(edge) > 0;
        const qreal y = trackY(index);
        // The longer line leaves nearer to the card's far side: the shorter one then never has to cross it.
        const int track = m_tracks.at(gutterOf(edge), index).second;
        const qreal away = (right ? -1 : 1) * std::min(track * 10.0, from.width() / 2 - 4);
        EdgePath path;
        if (sameLine(edge)) {
            path.line << QPointF(from.center().x() + away, from.bottom()) << QPointF(from.center().x() + away, y);
        } else {
            const qreal gapX = right ? from.right() + m_layout.columnGap / 2 : from.left() - m_layout.columnGap / 2;
            path.line << QPointF(right ? from.right() : from.left(), from.center().y()) << QPointF(gapX, from.center().y()) << QPointF(gapX, y);
        }
        const qreal endX = to.center().x();
        path.line << QPointF(endX, y) << QPointF(endX, to.bottom() + arrowRoom);
        const qreal along = path.line.at(path.line.size() - 3).x();
        path.labelAt = QPointF((along + endX) / 2, y);
        if (track > 0 || isShared(index))
            path.labelAt.setX(right ? to.left() - m_layout.columnGap / 2 : to.right() + m_layout.columnGap / 2);
        path.labelRoom = std::abs(endX - along) * 0.6;
        path.labelBreaks = true;
        path.markAt = path.labelAt;
        return path;
    }

    [[nodiscard]] bool isShared(int index) const
    {
        const auto &edge = m_graph.edges[static_cast<std::size_t>(index)];
        const qreal share = m_tracks.at(gutterOf(edge), index).first;
        return share < 0.49 || share > 0.51;
    }

    /// Two members of one cluster in one region: straight down between neighbours, else round through the column gap.
    [[nodiscard]] EdgePath sameColumn(const TopologyEdge &edge) const
    {
        const auto &from = card(edge.from);
        const auto &to = card(edge.to);
        const bool down = to.y() > from.y();
        EdgePath path;
        if (std::abs(slot(edge.to) - slot(edge.from)) == 1) {
            const qreal x = from.left() + from.width() * 0.25;
            path.line << QPointF(x, down ? from.bottom() : from.top()) << QPointF(x, down ? to.top() - arrowRoom : to.bottom() + arrowRoom);
            path.labelAt = QPointF(x + 28, (path.line.first().y() + path.line.last().y()) / 2);
            path.labelRoom = 52;
            path.markAt = QPointF(x, (path.line.first().y() + path.line.last().y()) / 2);
            return path;
        }
        const bool lastColumn = node(edge.from).column == static_cast<int>(m_graph.columns.size()) - 1;
        const qreal out = std::min(10.0, m_layout.columnGap / 3);
        const qreal side = lastColumn ? from.left() : from.right();
        const qreal x = lastColumn ? side - out : side + out;
        path.line << QPointF(side, from.center().y()) << QPointF(x, from.center().y()) << QPointF(x, to.center().y())
                  << QPointF(lastColumn ? side - arrowRoom : side + arrowRoom, to.center().y());
        path.markAt = QPointF(x, (from.center().y() + to.center().y()) / 2);
        return path;
    }

    /// From the router down into its gutter, along to the gap left of the server's column, down, and in from the side; or
    /// straight onto a server right below.
    [[nodiscard]] EdgePath routing(int index) const
    {
        const auto &edge = m_graph.edges[static_cast<std::size_t>(index)];
        const auto &from = card(edge.from);
        const auto &to = card(edge.to);
        EdgePath path;
        const QPointF start(from.left() + from.width() * 0.75, from.bottom());
        const int below = slot(edge.to) - slot(edge.from);
        if (below == 1) {
            // Lines from the left arrive left of those from the right: they keep apart to the end.
            const qreal share = columnsApart(edge) == 0 ? 0.75 : columnsApart(edge) > 0 ? 0.6 : 0.85;
            const QPointF end(to.left() + to.width() * share, to.top() - arrowRoom);
            path.line << start;
            if (usesGutter(edge))
                path.line << QPointF(start.x(), trackY(index)) << QPointF(end.x(), trackY(index));
            path.line << end;
        } else {
            const qreal y = trackY(index);
            // Left of the first column stand the row names: less room there.
            const qreal share = m_tracks.at(gutterOf(edge), index).first;
            const qreal x = to.left() - (node(edge.to).column == 0 ? 3 + 6 * share : m_layout.columnGap * (0.1 + 0.3 * share));
            path.line << start << QPointF(start.x(), y) << QPointF(x, y) << QPointF(x, to.top() + to.height() * 0.25)
                      << QPointF(to.left() - arrowRoom, to.top() + to.height() * 0.25);
        }
        path.markAt = (path.line.at(path.line.size() - 2) + path.line.last()) / 2;
        return path;
    }

    const TopologyGraph &m_graph;
    TopologyLayout &m_layout;
    Tracks m_tracks;
};

} // namespace

void routeEdges(const TopologyGraph &graph, TopologyLayout &layout)
{
    layout.edges.clear();
    if (graph.nodes.empty())
        return;
    Router(graph, layout).run();
}

} // namespace shardlens::ui::charts
