// SPDX-License-Identifier: GPL-3.0-or-later
// What a server's card offers: in its menu, by mouse and by key, and dragged to the primary's place. All of it opens plans.
#include "tests/ui/PageBench.h"
#include "ui/charts/TopologyView.h"
#include "ui/pages/overview/CardActs.h"
#include "ui/pages/overview/CardMove.h"
#include "ui/pages/overview/OverviewPage.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/redis/RedisPage.h"
#include "ui/pages/replication/ReplicationPage.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using charts::TopologyKey;
using charts::TopologyView;

namespace {

using Change = std::function<void(fleet::Fleet &, facts::Snapshot &)>;

/// The same in a fleet that may be acted on.
facts::SnapshotPtr actedOn(const facts::SnapshotPtr &from, const Change &change = {})
{
    auto fleet = std::make_shared<fleet::Fleet>(*from->fleet);
    auto snapshot = std::make_shared<facts::Snapshot>(*from);
    fleet->acting = true;
    if (change)
        change(*fleet, *snapshot);
    snapshot->fleet = fleet;
    return snapshot;
}

facts::SnapshotPtr looking()
{
    return actedOn(fixtures::well(), [](fleet::Fleet &fleet, facts::Snapshot &) { fleet.acting = false; });
}

void silence(facts::Snapshot &snapshot, const char *server)
{
    auto changed = std::make_shared<facts::Observation>(*snapshot.servers.at(base::ServerId(server)));
    changed->reach.state = facts::ReachState::Down;
    snapshot.servers[base::ServerId(server)] = changed;
}

QStringList offered(const facts::SnapshotPtr &snapshot, const char *server)
{
    QStringList texts;
    for (const auto &act : pages::cardActs(*snapshot, base::ServerId(server)))
        texts << (std::holds_alternative<std::monostate>(act.plan) ? QStringLiteral("- ") + act.text : act.text);
    return texts;
}

ui::operate::Intent intentOf(const facts::SnapshotPtr &snapshot, const char *server, qsizetype at)
{
    return std::get<ui::operate::Intent>(pages::cardActs(*snapshot, base::ServerId(server)).at(std::size_t(at)).plan);
}

QPoint placeOf(const TopologyView &view, const TopologyKey &key)
{
    const int node = view.picture().graph.find(key);
    return node < 0 ? QPoint(-1, -1) : view.picture().layout.cards.at(std::size_t(node)).center().toPoint();
}

void mouse(TopologyView &view, QEvent::Type type, const QPoint &at, Qt::MouseButtons down)
{
    const auto button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
    QMouseEvent event(type, QPointF(at), QPointF(view.mapToGlobal(at)), button, down, Qt::NoModifier);
    QCoreApplication::sendEvent(&view, &event);
}

/// Pressed there, and the pointer is over the other place with the button still down.
void drag(TopologyView &view, const char *from, const TopologyKey &onto)
{
    const QPoint at = placeOf(view, base::ServerId(from));
    mouse(view, QEvent::MouseButtonPress, at, Qt::LeftButton);
    mouse(view, QEvent::MouseMove, at + QPoint(QApplication::startDragDistance(), 4), Qt::LeftButton);
    mouse(view, QEvent::MouseMove, placeOf(view, onto), Qt::LeftButton);
}

void letGo(TopologyView &view, const QPoint &at)
{
    mouse(view, QEvent::MouseButtonRelease, at, Qt::NoButton);
}

/// The menu that was opened last, to be closed by the test.
std::unique_ptr<QMenu> taken(TopologyView &view)
{
    const auto menus = view.findChildren<QMenu *>(QString(), Qt::FindDirectChildrenOnly);
    if (menus.isEmpty())
        return nullptr;
    menus.back()->setAttribute(Qt::WA_DeleteOnClose, false);
    return std::unique_ptr<QMenu>(menus.back());
}

std::unique_ptr<QMenu> menuByKey(TopologyView &view)
{
    QContextMenuEvent asked(QContextMenuEvent::Keyboard, view.rect().center(), view.mapToGlobal(view.rect().center()));
    QCoreApplication::sendEvent(&view, &asked);
    return taken(view);
}

std::unique_ptr<QMenu> menuByMouse(TopologyView &view, const QPoint &at)
{
    QContextMenuEvent asked(QContextMenuEvent::Mouse, at, view.mapToGlobal(at));
    QCoreApplication::sendEvent(&view, &asked);
    return taken(view);
}

QStringList entriesOf(const QMenu &menu)
{
    QStringList texts;
    for (const QAction *action : menu.actions())
        if (!action->isSeparator())
            texts << action->text();
    return texts;
}

QAction *entry(const QMenu &menu, const QString &text)
{
    for (QAction *action : menu.actions())
        if (action->text() == text)
            return action;
    return nullptr;
}

const QString switchOver = QStringLiteral("Switch over to this server…");

} // namespace

class CardActsTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

private Q_SLOTS:
    void initTestCase()
    {
        qRegisterMetaType<ui::operate::Intent>();
        m_theme = std::make_unique<theme::Theme>(*qApp);
    }

    void aStandbyOffersItsSwitchoverItsReplayAndItsHost()
    {
        const auto well = actedOn(fixtures::well());
        QCOMPARE(offered(well, "u1-us-west"), QStringList({switchOver, QStringLiteral("Pause replay…"), QStringLiteral("Mark db1-us-west for maintenance…")}));
        QCOMPARE(intentOf(well, "u1-us-west", 0), ui::operate::Intent(ui::operate::SwitchCluster{base::ClusterName("u1"), base::ServerId("u1-us-west")}));
        QCOMPARE(intentOf(well, "u1-us-west", 1), ui::operate::Intent(ui::operate::SmallAct{ui::operate::Act::PauseReplay, base::ClusterName("u1"), base::ServerId("u1-us-west"), {}, {}, {}}));
        const auto mark = pages::cardActs(*well, base::ServerId("u1-us-west")).at(2);
        QCOMPARE(std::get<campaign::Goal>(mark.plan), (campaign::Goal{campaign::Aim::HostDown, "db1-us-west"}));
    }

    void aPausedStandbyOffersToResume()
    {
        const auto lagging = actedOn(fixtures::lagging());
        QCOMPARE(offered(lagging, "m2-us-west").at(1), QStringLiteral("Resume replay…"));
        QCOMPARE(ui::operate::actOf(intentOf(lagging, "m2-us-west", 1)), ui::operate::Act::ResumeReplay);
        QCOMPARE(offered(lagging, "u1-us-west").at(1), QStringLiteral("Pause replay…"));
    }

    void aPrimaryOffersItsOwnMove()
    {
        const auto well = actedOn(fixtures::well());
        QCOMPARE(offered(well, "u1-us-east"), QStringList({QStringLiteral("Plan switchover…"), QStringLiteral("Mark db1-us-east for maintenance…")}));
        QCOMPARE(intentOf(well, "u1-us-east", 0), ui::operate::Intent(ui::operate::SwitchCluster{base::ClusterName("u1"), {}}));
    }

    void aDeadPrimaryOffersItsFailover()
    {
        const auto incident = actedOn(fixtures::incident());
        QCOMPARE(offered(incident, "u1-us-east").front(), QStringLiteral("Plan failover…"));
        QCOMPARE(intentOf(incident, "u1-us-east", 0), ui::operate::Intent(ui::operate::FailCluster{base::ClusterName("u1"), {}}));
        QCOMPARE(offered(incident, "u1-us-west").front(), QStringLiteral("Fail over to this server…"));
        QCOMPARE(intentOf(incident, "u1-us-west", 0), ui::operate::Intent(ui::operate::FailCluster{base::ClusterName("u1"), base::ServerId("u1-us-west")}));
        QCOMPARE(offered(incident, "m1-us-west").front(), switchOver); // another cluster's primary lives
    }

    void aRedisReplicaOffersItsGroupsSwitchover()
    {
        const auto well = actedOn(fixtures::well());
        const auto acts = offered(well, "feeds-us-west");
        QCOMPARE(acts.size(), 2); // no replay to pause
        QCOMPARE(acts.front(), switchOver);
        QVERIFY(acts.at(1).startsWith(QStringLiteral("Mark ")));
        QCOMPARE(intentOf(well, "feeds-us-west", 0), ui::operate::Intent(ui::operate::SwitchGroup{base::GroupName("feeds"), base::ServerId("feeds-us-west")}));
        QCOMPARE(intentOf(well, "feeds-us-east", 0), ui::operate::Intent(ui::operate::SwitchGroup{base::GroupName("feeds"), {}}));
    }

    void whatLeadsNowhereSaysWhy()
    {
        const auto silent = actedOn(fixtures::well(), [](fleet::Fleet &, facts::Snapshot &snapshot) { silence(snapshot, "u1-us-west"); });
        const auto acts = offered(silent, "u1-us-west");
        QCOMPARE(acts.size(), 2); // nor is the replay of one that does not answer paused
        QCOMPARE(acts.front(), QStringLiteral("- No switchover to this server: u1-us-west does not answer"));
        const auto two = actedOn(fixtures::well(), [](fleet::Fleet &, facts::Snapshot &snapshot) {
            for (auto &cluster : snapshot.clusters)
                if (cluster.name == base::ClusterName("u1"))
                    cluster.writable.emplace_back("u1-eu-west");
        });
        QCOMPARE(offered(two, "u1-eu-west").front(), QStringLiteral("- No switchover to this server: u1-eu-west takes writes itself, it is no standby"));
        QCOMPARE(offered(actedOn(fixtures::asking()), "u1-us-west").front(), QStringLiteral("- No switchover to this server: u1-us-west was not read yet"));
        const auto leaderless = actedOn(fixtures::well(), [](fleet::Fleet &, facts::Snapshot &snapshot) {
            for (auto &cluster : snapshot.clusters)
                if (cluster.name == base::ClusterName("u1"))
                    cluster.primary = facts::unknown(facts::WhyUnknown::NoValue);
        });
        QCOMPARE(offered(leaderless, "u1-us-west").front(), QStringLiteral("- No switchover to this server: u1 has no primary that is known"));
    }

    void aRouterOffersItsHostAloneAndAMarkedOneItsWayBack()
    {
        const auto marked = actedOn(fixtures::well(), [](fleet::Fleet &fleet, facts::Snapshot &snapshot) {
            auto shared = std::make_shared<facts::Shared>();
            facts::Mark mark;
            mark.kind = facts::Mark::Kind::Host;
            mark.subject = fleet.server(base::ServerId("router-us-east"))->host.text();
            shared->marks.push_back(mark);
            shared->you = "oncall1";
            snapshot.shared = shared;
        });
        const QString host = QString::fromStdString(marked->fleet->server(base::ServerId("router-us-east"))->host.text());
        QCOMPARE(offered(marked, "router-us-east"), QStringList(QStringLiteral("Bring %1 back…").arg(host)));
        QCOMPARE(offered(marked, "router-us-west").size(), 1);
        QVERIFY(offered(marked, "router-us-west").front().startsWith(QStringLiteral("Mark ")));
    }

    void whoMayOnlyLookIsToldSo()
    {
        QCOMPARE(offered(looking(), "u1-us-west"), QStringList(QStringLiteral("- Looking only: acting is not switched on")));
        QCOMPARE(offered(looking(), "feeds-us-west"), offered(looking(), "u1-us-west"));
        const auto observer = actedOn(fixtures::well(), [](fleet::Fleet &, facts::Snapshot &snapshot) {
            auto shared = std::make_shared<facts::Shared>();
            shared->you = "shardlens_observer";
            snapshot.shared = shared;
        });
        QCOMPARE(offered(observer, "u1-us-west"), QStringList(QStringLiteral("- Looking only: acting needs role on-call or ops")));
    }

    void aFleetWithoutAPageOfPlansOffersNone()
    {
        const auto none = actedOn(fixtures::well(), [](fleet::Fleet &fleet, facts::Snapshot &) { fleet.clusters.clear(); });
        QVERIFY(offered(none, "feeds-us-west").isEmpty());
    }

    void theMenuKeyOpensItOnEveryPage_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("server");
        QTest::newRow("overview") << QStringLiteral("overview") << QStringLiteral("u1-us-west");
        QTest::newRow("replication") << QStringLiteral("replication") << QStringLiteral("u1-us-west");
        QTest::newRow("redis") << QStringLiteral("redis") << QStringLiteral("feeds-us-west");
    }
    void theMenuKeyOpensItOnEveryPage()
    {
        QFETCH(QString, name);
        QFETCH(QString, server);
        const auto well = actedOn(fixtures::well());
        const QSize size(1600, 1200);
        std::unique_ptr<pages::Page> page;
        if (name == QLatin1String("overview"))
            page = tests::pageOf<pages::OverviewPage>(well, size);
        else if (name == QLatin1String("replication"))
            page = tests::pageOf<pages::ReplicationPage>(well, size);
        else
            page = tests::pageOf<pages::RedisPage>(well, size);
        auto *view = page->findChild<TopologyView *>();
        QVERIFY(view && view->isVisible());
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        QSignalSpy campaigns(page.get(), &pages::Page::campaignPlanRequested);
        view->setFocus();
        const TopologyKey key = base::ServerId(server.toStdString());
        view->select(key);
        const auto menu = menuByKey(*view);
        QVERIFY(menu);
        QVERIFY(menu->isVisible());
        const QPoint below = view->mapToGlobal(view->picture().layout.cards.at(std::size_t(view->picture().graph.find(key))).bottomLeft().toPoint());
        QCOMPARE(menu->pos().y(), below.y()); // at the card, as far left as the screen wants it
        QVERIFY(menu->pos().x() <= below.x());
        QVERIFY(entriesOf(*menu).contains(QStringLiteral("Open %1").arg(server)));
        QVERIFY(entry(*menu, switchOver));
        entry(*menu, switchOver)->trigger();
        QCOMPARE(plans.size(), 1);
        QCOMPARE(ui::operate::wantedOf(plans.front().front().value<ui::operate::Intent>()).text(), server.toStdString());
        for (QAction *action : menu->actions())
            if (action->text().startsWith(QStringLiteral("Mark ")))
                action->trigger();
        QCOMPARE(campaigns.size(), 1);
        menu->close();
    }

    void theKeyboardReachesEveryActOfAStandby()
    {
        const auto page = tests::pageOf<pages::OverviewPage>(actedOn(fixtures::well()), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        view->select(base::ServerId("u1-us-east"));
        QTest::keyClick(view, Qt::Key_Right);
        QCOMPARE(view->selected(), TopologyKey(base::ServerId("u1-us-west")));
        const auto menu = menuByKey(*view);
        QVERIFY(menu);
        for (const QString &text : {switchOver, QStringLiteral("Pause replay…")}) {
            menu->popup(QPoint(0, 0));
            const auto wanted = entriesOf(*menu).indexOf(text);
            QVERIFY(wanted >= 0);
            for (qsizetype step = 0; step <= wanted; ++step)
                QTest::keyClick(menu.get(), Qt::Key_Down);
            QCOMPARE(menu->activeAction()->text(), text);
            QTest::keyClick(menu.get(), Qt::Key_Return);
        }
        QCOMPARE(plans.size(), 2);
    }

    void aRightClickIsAboutWhatItWasMadeOn()
    {
        const auto page = tests::pageOf<pages::OverviewPage>(actedOn(fixtures::well()), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        view->select(base::ServerId("u1-us-west"));
        const QPoint ground(view->width() - 1, view->height() - 1);
        QCOMPARE(entriesOf(*menuByMouse(*view, ground)), QStringList(QStringLiteral("Save picture…")));
        const auto menu = menuByMouse(*view, placeOf(*view, base::ServerId("m1-us-west")));
        QCOMPARE(entriesOf(*menu).front(), QStringLiteral("Open m1-us-west"));
        QVERIFY(entry(*menu, switchOver));
        QVERIFY(entriesOf(*menu).contains(QStringLiteral("Evacuate us-west…")));
        const auto pool = menuByMouse(*view, placeOf(*view, base::PoolName("cache-us-east")));
        QCOMPARE(entriesOf(*pool).front(), QStringLiteral("Open cache-us-east"));
        QVERIFY(!entry(*pool, switchOver));
    }

    void aMenuForWhoMayOnlyLookHasNoActs()
    {
        const auto page = tests::pageOf<pages::OverviewPage>(looking(), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        view->select(base::ServerId("u1-us-west"));
        const auto menu = menuByKey(*view);
        QVERIFY(!entry(*menu, switchOver));
        const auto *why = entry(*menu, QStringLiteral("Looking only: acting is not switched on"));
        QVERIFY(why && !why->isEnabled());
    }

    void aStandbyDroppedOntoItsPrimaryOpensThePlan_data()
    {
        QTest::addColumn<bool>("dead");
        QTest::newRow("switchover") << false;
        QTest::newRow("failover") << true;
    }
    void aStandbyDroppedOntoItsPrimaryOpensThePlan()
    {
        QFETCH(bool, dead);
        const auto page = tests::pageOf<pages::OverviewPage>(actedOn(dead ? fixtures::incident() : fixtures::well()), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        const base::ServerId primary("u1-us-east");
        drag(*view, "u1-us-west", TopologyKey(primary));
        QVERIFY(view->drag().isOn());
        QCOMPARE(view->drag().places(), std::vector<TopologyKey>{primary}); // one place is lit
        QCOMPARE(view->cursor().shape(), Qt::DragLinkCursor);
        QVERIFY(view->drag().words().opens);
        QCOMPARE(view->drag().words().words, dead ? QStringLiteral("A drop opens the plan to fail u1 over to u1-us-west. It changes nothing yet.")
                                                  : QStringLiteral("A drop opens the plan to switch u1 over to u1-us-west. It changes nothing yet."));
        QCOMPARE(plans.size(), 0); // not while the button is down
        letGo(*view, placeOf(*view, primary));
        QCOMPARE(plans.size(), 1);
        const auto intent = plans.front().front().value<ui::operate::Intent>();
        QCOMPARE(ui::operate::actOf(intent), dead ? ui::operate::Act::Failover : ui::operate::Act::Switchover);
        QCOMPARE(ui::operate::wantedOf(intent), base::ServerId("u1-us-west"));
        QVERIFY(!view->drag().isOn());
    }

    void aReplicaDroppedOntoItsPrimaryOpensTheGroupsPlan()
    {
        const auto page = tests::pageOf<pages::RedisPage>(actedOn(fixtures::well()), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        drag(*view, "feeds-eu-west", base::ServerId("feeds-us-east"));
        letGo(*view, placeOf(*view, base::ServerId("feeds-us-east")));
        QCOMPARE(plans.size(), 1);
        QCOMPARE(plans.front().front().value<ui::operate::Intent>(), ui::operate::Intent(ui::operate::SwitchGroup{base::GroupName("feeds"), base::ServerId("feeds-eu-west")}));
    }

    void impossiblePlacesSayWhy_data()
    {
        QTest::addColumn<QString>("card");
        QTest::addColumn<TopologyKey>("onto");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *name, const char *card, const TopologyKey &onto, const char *why) {
            QTest::newRow(name) << QString::fromLatin1(card) << onto << QString::fromLatin1(why);
        };
        row("another cluster", "u1-us-west", base::ServerId("m1-us-east"), "u1-us-west belongs to u1: it cannot take a place in m1.");
        row("a group", "u1-us-west", base::ServerId("feeds-us-east"), "u1-us-west belongs to u1: it cannot take a place in feeds.");
        row("another standby", "u1-us-west", base::ServerId("u1-eu-west"), "u1-eu-west is not the primary of u1: that is u1-us-east.");
        row("a router", "u1-us-west", base::ServerId("router-us-east"), "It can take the place of u1-us-east alone, the primary of u1.");
        row("a pool", "u1-us-west", base::PoolName("cache-us-east"), "It can take the place of u1-us-east alone, the primary of u1.");
        row("the primary itself", "u1-us-east", base::ServerId("u1-us-west"), "u1-us-east is the primary of u1 itself.");
        row("one that is down", "m1-us-west", base::ServerId("m1-us-east"), "m1-us-west does not answer.");
    }
    void impossiblePlacesSayWhy()
    {
        QFETCH(QString, card);
        QFETCH(TopologyKey, onto);
        QFETCH(QString, why);
        const auto page = tests::pageOf<pages::OverviewPage>(actedOn(fixtures::well(), [](fleet::Fleet &, facts::Snapshot &snapshot) { silence(snapshot, "m1-us-west"); }), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        drag(*view, qPrintable(card), onto);
        QVERIFY(view->drag().isOn());
        QCOMPARE(view->drag().words().words, why);
        QVERIFY(!view->drag().words().opens);
        QCOMPARE(view->cursor().shape(), Qt::ForbiddenCursor);
        letGo(*view, placeOf(*view, onto));
        QCOMPARE(plans.size(), 0);
        QVERIFY(!view->drag().isOn());
    }

    void whoMayOnlyLookDropsNothing()
    {
        const auto page = tests::pageOf<pages::OverviewPage>(looking(), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        drag(*view, "u1-us-west", base::ServerId("u1-us-east"));
        QCOMPARE(view->drag().words().words, QStringLiteral("Looking only: acting is not switched on."));
        QVERIFY(view->drag().places().empty());
        letGo(*view, placeOf(*view, base::ServerId("u1-us-east")));
        QCOMPARE(plans.size(), 0);
    }

    void aSmallMovementStaysAClick()
    {
        const auto page = tests::pageOf<pages::OverviewPage>(actedOn(fixtures::well()), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        const QPoint at = placeOf(*view, base::ServerId("u1-us-west"));
        mouse(*view, QEvent::MouseButtonPress, at, Qt::LeftButton);
        mouse(*view, QEvent::MouseMove, at + QPoint(QApplication::startDragDistance() - 1, 0), Qt::LeftButton);
        QVERIFY(!view->drag().isOn());
        letGo(*view, at);
        QCOMPARE(view->selected(), TopologyKey(base::ServerId("u1-us-west")));
        QCOMPARE(plans.size(), 0);
        // Nor is a router's card dragged, however far.
        drag(*view, "router-us-east", base::ServerId("u1-us-east"));
        QVERIFY(!view->drag().isOn());
        letGo(*view, at);
    }

    void escapeEndsADrag()
    {
        const auto page = tests::pageOf<pages::OverviewPage>(actedOn(fixtures::well()), {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        const base::ServerId primary("u1-us-east");
        drag(*view, "u1-us-west", primary);
        QVERIFY(view->drag().isOn());
        QTest::keyClick(view, Qt::Key_Escape);
        QVERIFY(!view->drag().isOn());
        mouse(*view, QEvent::MouseMove, placeOf(*view, primary) + QPoint(2, 2), Qt::LeftButton); // the button is still down
        QVERIFY(!view->drag().isOn());
        letGo(*view, placeOf(*view, primary));
        QCOMPARE(plans.size(), 0);
    }

    void aDragFollowsTheFacts()
    {
        const auto well = actedOn(fixtures::well());
        const auto page = tests::pageOf<pages::OverviewPage>(well, {1600, 1200});
        auto *view = page->findChild<TopologyView *>();
        QSignalSpy plans(page.get(), &pages::Page::planRequested);
        drag(*view, "u1-us-west", base::ServerId("u1-us-east"));
        QVERIFY(view->drag().words().opens);
        page->showSnapshot(actedOn(well, [](fleet::Fleet &, facts::Snapshot &snapshot) { silence(snapshot, "u1-us-west"); }));
        QVERIFY(view->drag().isOn());
        QCOMPARE(view->drag().words().words, QStringLiteral("u1-us-west does not answer."));
        QVERIFY(view->drag().places().empty());
        letGo(*view, placeOf(*view, base::ServerId("u1-us-east")));
        QCOMPARE(plans.size(), 0);
    }

    void theWordsStayInsideAtEverySize()
    {
        for (const int percent : {100, 150}) {
            m_theme->setTextSize(percent);
            for (const auto &[name, size] : tests::pageSizes) {
                const auto page = tests::pageOf<pages::OverviewPage>(actedOn(fixtures::well()), size);
                auto *view = page->findChild<TopologyView *>();
                drag(*view, "u1-us-west", base::ServerId("u1-us-east"));
                QVERIFY2(view->drag().isOn(), name);
                const QRectF room = view->rect();
                for (const auto &node : view->picture().graph.nodes) {
                    mouse(*view, QEvent::MouseMove, placeOf(*view, node.key), Qt::LeftButton);
                    const QRectF box = view->drag().wordsBox(QStringLiteral("u1-us-west"), room);
                    QVERIFY2(!view->drag().words().words.isEmpty(), node.name.c_str());
                    QVERIFY2(room.contains(box), qPrintable(QStringLiteral("%1 %2, %3").arg(QString::fromStdString(node.name), QLatin1String(name)).arg(percent)));
                    QVERIFY2(!box.contains(QPointF(placeOf(*view, node.key))), node.name.c_str());
                }
                QTest::keyClick(view, Qt::Key_Escape);
            }
        }
        m_theme->setTextSize(100);
    }

    /// For people's eyes, where SHARDLENS_PICTURES names a folder.
    void pictures()
    {
        for (const bool dark : {false, true}) {
            m_theme->setMode(dark ? theme::Theme::Mode::Dark : theme::Theme::Mode::Light);
            const QString tone = dark ? QStringLiteral("dark") : QStringLiteral("light");
            const auto page = tests::pageOf<pages::OverviewPage>(actedOn(fixtures::well()), {1088, 704});
            auto *view = page->findChild<TopologyView *>();
            drag(*view, "u1-us-west", base::ServerId("u1-us-east"));
            tests::savePicture(*page, QStringLiteral("card-drag-opens-") + tone);
            mouse(*view, QEvent::MouseMove, placeOf(*view, base::ServerId("m1-us-east")), Qt::LeftButton);
            tests::savePicture(*page, QStringLiteral("card-drag-refused-") + tone);
            mouse(*view, QEvent::MouseMove, QPoint(view->width() - 20, view->height() - 4), Qt::LeftButton);
            tests::savePicture(*page, QStringLiteral("card-drag-between-") + tone);
            QTest::keyClick(view, Qt::Key_Escape);
            view->select(base::ServerId("u1-us-west"));
            tests::savePicture(*menuByKey(*view), QStringLiteral("card-menu-") + tone);
            const auto one = tests::pageOf<pages::ReplicationPage>(actedOn(fixtures::incident()), {1088, 704});
            auto *cluster = one->findChild<TopologyView *>();
            drag(*cluster, "u1-us-west", base::ServerId("u1-us-east"));
            tests::savePicture(*one, QStringLiteral("card-drag-failover-") + tone);
            QTest::keyClick(cluster, Qt::Key_Escape);
            const auto roomy = tests::pageOf<pages::OverviewPage>(looking(), {2328, 1336});
            auto *large = roomy->findChild<TopologyView *>();
            drag(*large, "u1-us-west", base::ServerId("u1-us-east"));
            tests::savePicture(*roomy, QStringLiteral("card-drag-looking-") + tone);
            QTest::keyClick(large, Qt::Key_Escape);
            large->select(base::ServerId("u1-us-west"));
            tests::savePicture(*menuByKey(*large), QStringLiteral("card-menu-looking-") + tone);
        }
    }
};

QTEST_MAIN(CardActsTest)
#include "CardActsTest.moc"
