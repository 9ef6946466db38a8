// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyLayout.h"

#include <QtTest>

#include <random>
#include <set>

using namespace shardlens;
using namespace shardlens::ui::charts;

namespace {

/// A graph's shape without facts: `members` per cluster row, one card a region unless told otherwise.
struct Shape {
    int regions = 3;
    int clusters = 5;
    int redis = 3;
    int membersPerRegion = 1;
};

TopologyNode card(const std::string &name, int row, int lane, int column, NodeRole role)
{
    TopologyNode node;
    node.key = base::ServerId(name);
    node.name = name;
    node.row = row;
    node.lane = lane;
    node.column = column;
    node.role = role;
    node.state = NodeState::Fresh;
    return node;
}

void addRow(TopologyGraph &graph, const std::string &name, RowKind kind, const Shape &shape, int primaryRegion)
{
    const int row = static_cast<int>(graph.rows.size());
    const int lanes = kind == RowKind::Cluster ? shape.membersPerRegion : 1;
    graph.rows.push_back({kind, name, {}, 0, lanes, {}, {}});
    const int first = static_cast<int>(graph.nodes.size());
    int primary = -1;
    for (int lane = 0; lane < lanes; ++lane) {
        for (int column = 0; column < shape.regions; ++column) {
            const bool isPrimary = lane == 0 && column == primaryRegion && kind != RowKind::Routers && kind != RowKind::Cache;
            if (isPrimary)
                primary = static_cast<int>(graph.nodes.size());
            const auto role = kind == RowKind::Routers ? NodeRole::Router : kind == RowKind::Cache ? NodeRole::Pool : isPrimary ? NodeRole::Primary : NodeRole::Standby;
            graph.nodes.push_back(card(name + std::to_string(column) + "-" + std::to_string(lane), row, lane, column, role));
        }
    }
    if (primary < 0)
        return;
    for (int i = first; i < static_cast<int>(graph.nodes.size()); ++i)
        if (i != primary)
            graph.edges.push_back({primary, i, EdgeKind::Replication, EdgeState::Streaming, 1, facts::microseconds(40000), false});
}

TopologyGraph fleetOf(const Shape &shape)
{
    TopologyGraph graph;
    for (int i = 0; i < shape.regions; ++i)
        graph.columns.push_back({base::RegionName("region" + std::to_string(i)), {}});
    addRow(graph, "router", RowKind::Routers, shape, 0);
    for (int i = 0; i < shape.clusters; ++i)
        addRow(graph, "c" + std::to_string(i) + "-", RowKind::Cluster, shape, i % shape.regions);
    for (int i = 0; i < shape.redis; ++i)
        addRow(graph, "r" + std::to_string(i) + "-", RowKind::Redis, shape, i % shape.regions);
    addRow(graph, "cache", RowKind::Cache, shape, 0);
    return graph;
}

/// Every router leads to every cluster's primary: more lines than are ever drawn at once.
void addRouterLines(TopologyGraph &graph)
{
    for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i)
        for (int j = 0; j < static_cast<int>(graph.nodes.size()); ++j)
            if (graph.nodes[std::size_t(i)].role == NodeRole::Router && graph.nodes[std::size_t(j)].role == NodeRole::Primary)
                graph.edges.push_back({i, j, EdgeKind::Routing, EdgeState::Streaming, {}, facts::notAsked<facts::microseconds>(), false});
}

/// Whether the segment runs through the inside of a card; touching its edge is how lines begin and end.
bool runsThrough(const QPointF &a, const QPointF &b, const QRectF &box)
{
    const QRectF inner = box.adjusted(1, 1, -1, -1);
    const QRectF segment = QRectF(QPointF(std::min(a.x(), b.x()), std::min(a.y(), b.y())), QPointF(std::max(a.x(), b.x()), std::max(a.y(), b.y())));
    return segment.right() > inner.left() && segment.left() < inner.right() && segment.bottom() > inner.top() && segment.top() < inner.bottom();
}

QString crossings(const TopologyGraph &graph, const TopologyLayout &layout)
{
    QStringList found;
    for (std::size_t e = 0; e < layout.edges.size(); ++e) {
        const auto &line = layout.edges[e].line;
        for (qsizetype p = 1; p < line.size(); ++p) {
            const auto a = line.at(p - 1);
            const auto b = line.at(p);
            if (std::abs(a.x() - b.x()) > 0.01 && std::abs(a.y() - b.y()) > 0.01)
                found << QStringLiteral("edge %1 is slanted").arg(e);
            for (std::size_t n = 0; n < layout.cards.size(); ++n)
                if (runsThrough(a, b, layout.cards[n]))
                    found << QStringLiteral("%1 to %2 runs through %3")
                                 .arg(QString::fromStdString(graph.nodes[std::size_t(graph.edges[e].from)].name),
                                      QString::fromStdString(graph.nodes[std::size_t(graph.edges[e].to)].name), QString::fromStdString(graph.nodes[n].name));
        }
    }
    return found.join(QLatin1Char('\n'));
}

bool touches(const QPointF &point, const QRectF &box)
{
    return box.adjusted(-2, -2, 2, 2).contains(point) && !box.adjusted(1, 1, -1, -1).contains(point);
}

} // namespace

class TopologyLayoutTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void detailFollowsTheRoom_data()
    {
        QTest::addColumn<QSizeF>("room");
        QTest::addColumn<int>("detail");
        QTest::addColumn<qreal>("cardHeight");
        QTest::addColumn<qreal>("pitch");
        QTest::newRow("the default fleet beside a one-line problem list has cards of 40 at pitch 54") << QSizeF(608, 562) << int(CardDetail::Normal) << 40.0 << 54.0;
        QTest::newRow("below an open problem list cards shrink to 24 at pitch 32") << QSizeF(608, 342) << int(CardDetail::Compact) << 24.0 << 32.0;
        QTest::newRow("a little less room takes it from the gutters") << QSizeF(1016, 1208) << int(CardDetail::Roomy) << 92.0 << 118.0;
        QTest::newRow("a wide screen has cards of 92 at pitch 122") << QSizeF(1016, 1242) << int(CardDetail::Roomy) << 92.0 << 122.0;
        QTest::newRow("a high room that does not hold pitch 122 keeps 54") << QSizeF(1016, 1000) << int(CardDetail::Normal) << 40.0 << 54.0;
        QTest::newRow("a low room shows shapes") << QSizeF(608, 200) << int(CardDetail::Shape) << 13.0 << 17.0;
    }
    void detailFollowsTheRoom()
    {
        QFETCH(QSizeF, room);
        QFETCH(int, detail);
        const auto layout = layOut(fleetOf({}), {room, 1, 72, false});
        QCOMPARE(int(layout.detail), detail);
        QTEST(layout.card.height(), "cardHeight");
        QTEST(layout.pitch, "pitch");
        QVERIFY2(layout.size.width() <= room.width(), qPrintable(QString::number(layout.size.width())));
        QVERIFY2(layout.size.height() <= room.height(), qPrintable(QString::number(layout.size.height())));
    }

    void cardsAre148WideInTheNormalRoom()
    {
        const auto layout = layOut(fleetOf({}), {QSizeF(608, 562), 1, 72, false});
        QCOMPARE(layout.card.width(), 148.0);
        QCOMPARE(layout.columnGap, 46.0);
    }

    void cardsNeverOverlap_data() { shapes(); }
    void cardsNeverOverlap()
    {
        QFETCH(int, regions);
        QFETCH(int, members);
        QFETCH(QSizeF, room);
        const auto layout = layOut(fleetOf({regions, 6, 3, members}), {room, 1, 72, false});
        for (std::size_t a = 0; a < layout.cards.size(); ++a)
            for (std::size_t b = a + 1; b < layout.cards.size(); ++b)
                QVERIFY(!layout.cards[a].intersects(layout.cards[b]));
    }

    void linesNeverRunThroughACard_data() { shapes(); }
    void linesNeverRunThroughACard()
    {
        QFETCH(int, regions);
        QFETCH(int, members);
        QFETCH(QSizeF, room);
        auto graph = fleetOf({regions, 6, 3, members});
        addRouterLines(graph);
        const auto layout = layOut(graph, {room, 1, 72, false});
        QCOMPARE(layout.edges.size(), graph.edges.size());
        QCOMPARE(crossings(graph, layout), QString());
    }

    void everyCascadeAvoidsCards()
    {
        // Any member may receive from any other, over many random cascades.
        std::mt19937 random(7);
        for (int round = 0; round < 200; ++round) {
            auto graph = fleetOf({4, 3, 1, 2});
            graph.edges.clear();
            for (int i = 0; i < 12; ++i) {
                const int from = static_cast<int>(random() % graph.nodes.size());
                std::vector<int> same;
                for (int j = 0; j < static_cast<int>(graph.nodes.size()); ++j)
                    if (j != from && graph.nodes[std::size_t(j)].row == graph.nodes[std::size_t(from)].row)
                        same.push_back(j);
                const int to = same[random() % same.size()];
                graph.edges.push_back({from, to, EdgeKind::Replication, EdgeState::Streaming, 1, facts::microseconds(1), false});
            }
            const auto layout = layOut(graph, {QSizeF(900, 700), 1, 72, false});
            QCOMPARE(crossings(graph, layout), QString());
        }
    }

    void linesBeginAtTheSenderAndEndAtTheReceiver_data() { shapes(); }
    void linesBeginAtTheSenderAndEndAtTheReceiver()
    {
        QFETCH(int, regions);
        QFETCH(int, members);
        QFETCH(QSizeF, room);
        auto graph = fleetOf({regions, 6, 3, members});
        addRouterLines(graph);
        const auto layout = layOut(graph, {room, 1, 72, false});
        for (std::size_t i = 0; i < layout.edges.size(); ++i) {
            const auto &edge = graph.edges[i];
            QVERIFY(touches(layout.edges[i].line.first(), layout.cards[std::size_t(edge.from)]));
            QVERIFY(touches(layout.edges[i].line.last(), layout.cards[std::size_t(edge.to)]));
        }
    }

    void linesOfOneClusterDoNotShareATrack()
    {
        // Five regions: three lines of one primary share the gutter below it.
        const auto graph = fleetOf({5, 1, 0, 1});
        const auto layout = layOut(graph, {QSizeF(1200, 400), 1, 72, false});
        std::set<qreal> heights;
        for (const auto &path : layout.edges)
            if (path.labelBreaks)
                QVERIFY(heights.insert(path.labelAt.y()).second);
        QCOMPARE(heights.size(), std::size_t(3));
    }

    void aChangeOfRolesMovesNoCard()
    {
        const auto before = layOut(fleetOf({3, 5, 3, 1}), {QSizeF(608, 562), 1, 72, false});
        TopologyGraph after;
        const Shape shape{3, 5, 3, 1};
        for (int i = 0; i < 3; ++i)
            after.columns.push_back({base::RegionName("region" + std::to_string(i)), {}});
        addRow(after, "router", RowKind::Routers, shape, 0);
        for (int i = 0; i < 5; ++i)
            addRow(after, "c" + std::to_string(i) + "-", RowKind::Cluster, shape, (i + 1) % 3);
        for (int i = 0; i < 3; ++i)
            addRow(after, "r" + std::to_string(i) + "-", RowKind::Redis, shape, (i + 1) % 3);
        addRow(after, "cache", RowKind::Cache, shape, 0);
        QCOMPARE(layOut(after, {QSizeF(608, 562), 1, 72, false}).cards, before.cards);
    }

    void textSizeScalesEverything()
    {
        const auto layout = layOut(fleetOf({}), {QSizeF(608 * 1.5, 562 * 1.5), 1.5, 72, false});
        QCOMPARE(layout.card, QSizeF(222, 60));
        QCOMPARE(int(layout.detail), int(CardDetail::Normal));
    }

    void anEmptyFleetIsNoCrash()
    {
        const auto layout = layOut({}, {QSizeF(600, 400), 1, 72, false});
        QVERIFY(layout.cards.empty());
        QVERIFY(layout.edges.empty());
    }

private:
    static void shapes()
    {
        QTest::addColumn<int>("regions");
        QTest::addColumn<int>("members");
        QTest::addColumn<QSizeF>("room");
        for (int regions = 1; regions <= 6; ++regions)
            for (int members = 1; members <= 3; ++members)
                for (const QSizeF room : {QSizeF(608, 562), QSizeF(608, 342), QSizeF(1016, 1242), QSizeF(400, 180), QSizeF(812, 400)})
                    QTest::addRow("%d regions, %d members each, %.0fx%.0f", regions, members, room.width(), room.height()) << regions << members << room;
    }
};

QTEST_MAIN(TopologyLayoutTest)
#include "TopologyLayoutTest.moc"
