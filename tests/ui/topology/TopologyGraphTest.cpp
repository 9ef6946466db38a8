// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"
#include "ui/charts/TopologyTableModel.h"
#include "ui/charts/TopologyView.h"
#include "ui/theme/Type.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace std::chrono_literals;
using namespace shardlens::ui::charts;

namespace {

const TopologyNode &nodeOf(const TopologyGraph &graph, const std::string &server)
{
    return graph.nodes.at(static_cast<std::size_t>(graph.find(base::ServerId(server))));
}

const TopologyEdge *edgeTo(const TopologyGraph &graph, const std::string &server, EdgeKind kind = EdgeKind::Replication)
{
    const int to = graph.find(base::ServerId(server));
    for (const auto &edge : graph.edges)
        if (edge.to == to && edge.kind == kind)
            return &edge;
    return nullptr;
}

} // namespace

class TopologyGraphTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<shardlens::ui::theme::Theme>(*qApp); }

    void rowsAreRoutersClustersRedisAndPoolsInFleetOrder()
    {
        const auto graph = graphOf(*fixtures::well(), {});
        QStringList rows;
        for (const auto &row : graph.rows)
            rows << QString::fromStdString(row.name);
        QCOMPARE(rows.join(QLatin1Char(' ')), QStringLiteral(" u1 u2 m1 m2 directory feeds mediamap sessions "));
        QCOMPARE(graph.columns.size(), std::size_t(3));
        QCOMPARE(graph.nodes.size(), std::size_t(30)); // 3 routers, 15 Postgres, 9 Redis, 3 pools
    }

    void theFleetIsWell()
    {
        const auto graph = graphOf(*fixtures::well(), {});
        for (const auto &node : graph.nodes) {
            QCOMPARE(node.state, NodeState::Fresh);
            QVERIFY(!node.severity);
        }
        QCOMPARE(nodeOf(graph, "u2-eu-west").role, NodeRole::Primary);
        QCOMPARE(nodeOf(graph, "router-us-east").targetsRight, 5);
        for (const auto &edge : graph.edges)
            QCOMPARE(edge.kind, EdgeKind::Replication); // no router line while all lead right and nothing is selected
    }

    void aDeadPrimaryKeepsItsPlaceAndLosesItsLines()
    {
        const auto graph = graphOf(*fixtures::incident(), {});
        QCOMPARE(nodeOf(graph, "u1-us-east").state, NodeState::Down);
        QCOMPARE(nodeOf(graph, "u1-us-east").severity, std::optional(facts::Severity::Critical));
        QCOMPARE(nodeOf(graph, "u1-us-east").role, NodeRole::Primary);
        QVERIFY(edgeTo(graph, "u1-us-west"));
        QCOMPARE(edgeTo(graph, "u1-us-west")->state, EdgeState::Broken);
        QCOMPARE(edgeTo(graph, "u2-us-west")->state, EdgeState::Streaming);
    }

    void aServerIsSilentForAsLongAsItsProblemTells()
    {
        facts::Snapshot snapshot = *fixtures::incident();
        auto down = std::make_shared<facts::Observation>(*snapshot.servers.at(base::ServerId("u1-us-east")));
        down->reach.silentSince = snapshot.takenAt - 5s; // a console that was started later
        down->reach.lastAnswer.reset();
        snapshot.servers[down->server] = down;
        facts::Problem &problem = snapshot.problems.front();
        QCOMPARE(problem.place.server, down->server);
        problem.since = {snapshot.takenUtc - 40s, true};
        const auto told = silenceOf(snapshot, *down);
        QVERIFY(told && told->lasted == 40s && !told->isAtLeast);
        QCOMPARE(nodeOf(graphOf(snapshot, {}), "u1-us-east").silentFor, std::optional<base::microseconds>(40s));
        problem.since = {snapshot.takenUtc - 2s, true}; // later than what this console saw itself
        const auto asked = silenceOf(snapshot, *down);
        QVERIFY(asked && asked->lasted == 5s && asked->isAtLeast);
        snapshot.problems.clear();
        QVERIFY(silenceOf(snapshot, *down)->lasted == 5s);
        QVERIFY(!silenceOf(snapshot, *snapshot.servers.at(base::ServerId("u2-us-east"))));
    }

    void everyStateOfAFactIsTold()
    {
        const auto graph = graphOf(*fixtures::partlyDown(), {});
        QCOMPARE(nodeOf(graph, "directory-eu-west").state, NodeState::Unknown);
        QCOMPARE(nodeOf(graph, "directory-eu-west").why.detail, std::string("pg_monitor"));
        QCOMPARE(nodeOf(graph, "sessions-eu-west").state, NodeState::Asking);
        QVERIFY(nodeOf(graph, "u1-us-west").state == NodeState::Stale || nodeOf(graph, "u1-us-west").state == NodeState::Down);
        QVERIFY(graph.columns[1].silentFor.has_value());
        QVERIFY(!graph.columns[0].silentFor);
        QVERIFY(nodeOf(graph, "sessions-eu-west").silentFor.value_or(base::microseconds(0)) >= std::chrono::seconds(50)); // since the beginning, not since the last request
        const auto asking = graphOf(*fixtures::asking(), {});
        for (const auto &node : asking.nodes)
            QCOMPARE(node.state, NodeState::Asking);
    }

    void pausedReplayIsNotBroken()
    {
        const auto graph = graphOf(*fixtures::lagging(), {});
        QCOMPARE(edgeTo(graph, "m2-us-west")->state, EdgeState::Paused);
        QCOMPARE(edgeTo(graph, "u1-us-west")->level, std::optional(4));
    }

    void routerLinesBelongToTheSelectedCluster()
    {
        TopologyScope scope;
        scope.selected = base::ClusterName("u2");
        const auto graph = graphOf(*fixtures::well(), scope);
        int lines = 0;
        for (const auto &edge : graph.edges) {
            if (edge.kind != EdgeKind::Routing)
                continue;
            ++lines;
            QCOMPARE(graph.nodes[std::size_t(edge.to)].name, std::string("u2-eu-west"));
            QVERIFY(!edge.misdirected);
        }
        QCOMPARE(lines, 3);
    }

    void aMisdirectedRouterIsDrawnUnasked()
    {
        auto snapshot = *fixtures::well();
        for (auto &target : snapshot.routers[1].targets) {
            if (target.cluster != base::ClusterName("m1") || target.forReads)
                continue;
            target.leadsTo = base::ServerId("m1-us-west");
            target.right = false;
        }
        const auto graph = graphOf(snapshot, {});
        const auto *edge = edgeTo(graph, "m1-us-west", EdgeKind::Routing);
        QVERIFY(edge);
        QVERIFY(edge->misdirected);
        QCOMPARE(nodeOf(graph, "router-us-west").targetsRight, 4);
    }

    /// memcached counts a granted lease as a hit: where clients tell what needed no database, that is what is drawn.
    void aPoolsHitsAreThoseOfItsClients()
    {
        auto snapshot = *fixtures::well();
        auto &pool = snapshot.pools.front();
        pool.hitRatio = 1.0;
        pool.clientHitRatio = 0.6;
        const auto node = [&] {
            const auto graph = graphOf(snapshot, {});
            return *std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const TopologyNode &one) { return one.name == pool.name.text(); });
        };
        QCOMPARE(node().hitRatio.value_or(0), 0.6);
        pool.clientHitRatio = facts::unknown(facts::WhyUnknown::NoValue);
        QCOMPARE(node().hitRatio.value_or(0), 1.0);
        pool.clientHitRatio = facts::unknown(facts::WhyUnknown::ServerSilent, "us-east");
        QVERIFY(!node().hitRatio);
    }

    /// Its members answer, and what they answer may be old.
    void aPoolThatNoDeleteReachesIsNotDrawnWell()
    {
        fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
        world.run(10);
        world.silenceInvalidator("us-west");
        const auto snapshot = world.run(10);
        const auto graph = graphOf(*snapshot, {});
        const auto severityOf = [&](const char *pool) { return std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const TopologyNode &one) { return one.name == pool; })->severity; };
        QVERIFY(severityOf("cache-us-west") == facts::Severity::Critical);
        QVERIFY(!severityOf("cache-us-east"));
    }

    /// The problem says that a standby is down: the drawing says nothing else, also where it never answered.
    void aLostMemberBesideAPrimaryIsAStandby()
    {
        fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
        world.silence("u1-us-west", base::ErrorCode::Refused, "connection refused");
        world.edit("u1-us-west", [](facts::Observation &o) {
            o.sample = facts::Sample();
            o.sampledAt.reset();
        });
        const auto snapshot = world.run(8);
        QCOMPARE(nodeOf(graphOf(*snapshot, {}), "u1-us-west").role, NodeRole::Standby);
    }

    void aCascadeLeavesItsUpstream()
    {
        auto snapshot = *fixtures::well();
        for (auto &lag : snapshot.clusters[0].standbys)
            if (lag.standby == base::ServerId("u1-eu-west"))
                lag.upstream = base::ServerId("u1-us-west");
        const auto graph = graphOf(snapshot, {});
        QCOMPARE(graph.nodes[std::size_t(edgeTo(graph, "u1-eu-west")->from)].name, std::string("u1-us-west"));
    }

    void oneClusterIsDrawnWithItsRouters()
    {
        TopologyScope scope;
        scope.only = base::ClusterName("m2");
        const auto graph = graphOf(*fixtures::well(), scope);
        QCOMPARE(graph.rows.size(), std::size_t(2));
        QCOMPARE(graph.nodes.size(), std::size_t(6));
        QCOMPARE(nodeOf(graph, "router-us-west").leadsTo, std::optional<std::string>("m2-eu-west"));
    }

    void manyWellClustersFold()
    {
        const auto graph = graphOf(*fixtures::big(64, 1024), {});
        QVERIFY2(graph.slots() <= 40, qPrintable(QString::number(graph.slots())));
        const auto fold = std::find_if(graph.rows.begin(), graph.rows.end(), [](const auto &row) { return row.kind == RowKind::Fold; });
        QVERIFY(fold != graph.rows.end());
        QCOMPARE(fold->shards, 64u);
    }

    void nothingMovesThroughChurn()
    {
        fixtures::Churn churn;
        const auto first = graphOf(*churn.next(), {});
        const TopologyRoom room{QSizeF(608, 562), 1, 72, false};
        const auto layout = layOut(first, room);
        for (int tick = 1; tick < fixtures::Churn::ticks; ++tick) {
            const auto graph = graphOf(*churn.next(), {});
            QCOMPARE(graph.nodes.size(), first.nodes.size());
            QCOMPARE(layOut(graph, room).cards, layout.cards);
        }
    }

    void theLineSaysTimeAndTheCardBytes()
    {
        const auto graph = graphOf(*fixtures::lagging(), {});
        const auto layout = layOut(graph, {QSizeF(608, 562), 1, 72, false});
        const auto text = textOf(graph, layout);
        for (std::size_t i = 0; i < graph.edges.size(); ++i) {
            if (graph.nodes[std::size_t(graph.edges[i].to)].name != "u1-us-west")
                continue;
            QCOMPARE(text.edges[i], QStringLiteral("8.62") + QChar(0x202F) + QLatin1Char('s'));
            const auto &card = text.cards[std::size_t(graph.edges[i].to)];
            QVERIFY2(card.second.contains(QStringLiteral("38.4")), qPrintable(card.second));
            QVERIFY(!card.second.contains(text.edges[i]));
        }
        const auto compact = textOf(graph, layOut(graph, {QSizeF(608, 342), 1, 72, false}));
        for (const auto &edge : compact.edges)
            QVERIFY(edge.isEmpty());
        QCOMPARE(compact.cards[std::size_t(graph.find(base::ServerId("u1-us-west")))].value, QStringLiteral("8.62") + QChar(0x202F) + QLatin1Char('s'));
    }

    /// The troubled card is the one whose role matters: a compact card keeps it beside any value.
    void aCompactCardKeepsItsRole()
    {
        for (const auto &snapshot : {fixtures::well(), fixtures::incident(), fixtures::lagging(), fixtures::partlyDown(), fixtures::servicesTroubled(), fixtures::allDown()}) {
            const auto graph = graphOf(*snapshot, {});
            const auto layout = layOut(graph, {QSizeF(608, 342), 1, rowNameWidth(graph), false});
            QCOMPARE(layout.detail, CardDetail::Compact);
            const auto text = textOf(graph, layout);
            for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
                const auto &node = graph.nodes[i];
                const auto said = compactText(node, text.cards[i], layout.card.width() - (9 + 18 + 7));
                QVERIFY2(!said.role.isEmpty() || node.state == NodeState::Asking, qPrintable(text.cards[i].sentence));
                QVERIFY2(!said.value.isEmpty(), qPrintable(text.cards[i].sentence));
            }
        }
    }

    void pausedAndLostHaveShortForms()
    {
        TopologyNode node;
        node.role = NodeRole::Standby;
        CardText card;
        card.role = QStringLiteral("standby");
        card.value = QStringLiteral("replay paused");
        card.brief = QStringLiteral("paused");
        QCOMPARE(compactText(node, card, 114).role, QStringLiteral("standby"));
        QCOMPARE(compactText(node, card, 114).value, QStringLiteral("paused"));
        QCOMPARE(compactText(node, card, 300).value, QStringLiteral("replay paused"));
    }

    void aRowNameHasRoomBesideItsShape()
    {
        const auto graph = graphOf(*fixtures::incident(), {});
        const QFontMetricsF metrics(shardlens::ui::theme::font(shardlens::ui::theme::FontRole::BodyBold));
        const auto layout = layOut(graph, {QSizeF(608, 342), 1, rowNameWidth(graph), false});
        const auto text = textOf(graph, layout);
        for (std::size_t i = 0; i < layout.rows.size(); ++i)
            QVERIFY2(metrics.horizontalAdvance(text.rowNames[i]) + 18 <= layout.rows[i].width(), qPrintable(text.rowNames[i]));
    }

    /// Beside one cluster alone, a queue of another one's clients is not told.
    void aRouterBesideOneClusterTellsOfThatCluster()
    {
        facts::Snapshot snapshot = *fixtures::well();
        facts::Problem waits;
        waits.rule = facts::Rule::RouterWaiting;
        waits.place.server = base::ServerId("router-us-east");
        waits.place.cluster = base::ClusterName("m1");
        snapshot.problems.push_back(waits);
        for (facts::RouterFacts &router : snapshot.routers) {
            if (router.server != waits.place.server)
                continue;
            router.waiting = 3;
            for (facts::RouterTarget &target : router.targets)
                target.waiting = target.cluster == waits.place.cluster && !target.forReads ? 3 : 0;
        }
        TopologyScope scope;
        scope.only = base::ClusterName("u1");
        const auto others = graphOf(snapshot, scope);
        QVERIFY(!nodeOf(others, "router-us-east").severity);
        QCOMPARE(nodeOf(others, "router-us-east").waiting, facts::Known<std::int32_t>(0));
        scope.only = waits.place.cluster;
        const auto own = graphOf(snapshot, scope);
        QCOMPARE(nodeOf(own, "router-us-east").severity, std::optional(facts::Severity::Warning));
        QCOMPARE(nodeOf(own, "router-us-east").waiting, facts::Known<std::int32_t>(3));
        QCOMPARE(nodeOf(graphOf(snapshot, {}), "router-us-east").severity, std::optional(facts::Severity::Warning));
    }

    void arrowsSelectAndEnterOpens()
    {
        TopologyView view;
        view.resize(608, 562);
        view.showSnapshot(fixtures::well());
        QSignalSpy selected(&view, &TopologyView::selectionChanged);
        QSignalSpy opened(&view, &TopologyView::opened);
        QTest::keyClick(&view, Qt::Key_Down); // nothing is selected: the first card
        QCOMPARE(view.selected(), TopologyKey(base::ServerId("router-us-east")));
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.selected(), TopologyKey(base::ServerId("u1-us-west")));
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("u1-us-west, standby")));
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(selected.size(), 3);
        QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, view.picture().layout.cards.back().center().toPoint());
        QCOMPARE(view.selected(), TopologyKey(base::PoolName("cache-eu-west")));
    }

    void thePictureIsTwiceTheSizeWithItsHeading()
    {
        TopologyView view;
        view.resize(608, 562);
        view.showSnapshot(fixtures::well());
        const auto image = view.image(QStringLiteral("insta-main"));
        QCOMPARE(image.devicePixelRatio(), 2.0);
        QVERIFY(image.width() >= 2 * view.picture().layout.size.width());
        QVERIFY(image.height() >= 2 * view.picture().layout.size.height() + 2 * 48);
    }

    void theTableTwinTellsEveryCard()
    {
        TopologyTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        fixtures::Churn churn;
        for (int tick = 0; tick < fixtures::Churn::ticks; ++tick) {
            const auto graph = graphOf(*churn.next(), {});
            model.showGraph(graph, textOf(graph, layOut(graph, {QSizeF(608, 562), 1, 72, false})));
            QCOMPARE(model.rowCount(), int(graph.nodes.size()));
        }
        QCOMPARE(reset.size(), 0);
    }

private:
    std::unique_ptr<shardlens::ui::theme::Theme> m_theme;
};

QTEST_MAIN(TopologyGraphTest)
#include "TopologyGraphTest.moc"
