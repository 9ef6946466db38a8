// SPDX-License-Identifier: GPL-3.0-or-later
// Plans that were put aside, between the console's board and the folder that the command line writes, too.
#include "app/shardlens/PlansWire.h"
#include "core/record/PlanFolder.h"
#include "tests/fixtures/Snapshots.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using ui::operate::PlanBoard;

class TestPlansWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatIsSavedIsKeptAndShown();
    void aCampaignIsKeptBesideThem();
    void whatTheCommandLineSavedIsShown();
    void whatIsForgottenIsGone();
    void whatCannotBeReadIsTold();
    void aNameThatIsNoneIsRefused();

private:
    [[nodiscard]] QString folder() const { return record::plansFolder(*fixtures::defaultFleet()); }

    std::unique_ptr<QTemporaryDir> m_state;
    const operate::Intent m_intent = operate::SwitchCluster{base::ClusterName("u1"), {}, true};
};

void TestPlansWire::init()
{
    m_state = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", m_state->path().toLocal8Bit());
}

void TestPlansWire::whatIsSavedIsKeptAndShown()
{
    PlanBoard board;
    QVERIFY(!board.isAnswered());
    app::PlansWire wire(fixtures::defaultFleet(), QStringLiteral("oncall1"), board);
    QVERIFY(board.isAnswered());
    QVERIFY(board.latest().plans.empty());
    operate::Fingerprint fingerprint;
    fingerprint.facts = {{"cluster.primary", "u1-us-east"}};
    board.save("tonight", m_intent, fingerprint);
    QCOMPARE(board.latest().plans.size(), std::size_t(1));
    const execute::SavedPlan *plan = board.plan("tonight");
    QVERIFY(plan);
    QVERIFY(plan->request.intent() == m_intent);
    QVERIFY(plan->fingerprint == fingerprint);
    QCOMPARE(plan->owner.databaseUser, std::string("oncall1"));
    QVERIFY(!plan->owner.osUser.empty());
    QVERIFY(execute::savedPlanFrom(*record::readPlan(folder(), "tonight")));
}

void TestPlansWire::aCampaignIsKeptBesideThem()
{
    PlanBoard board;
    app::PlansWire wire(fixtures::defaultFleet(), QStringLiteral("oncall1"), board);
    campaign::SavedCampaign storm;
    storm.name = "storm";
    storm.goal = {campaign::Aim::Evacuate, "us-east"};
    storm.options.atOnce = 4;
    storm.fingerprint.facts = {{"us-east.mark", "none"}};
    board.save("tonight", m_intent, {});
    board.saveCampaign(storm);
    QCOMPARE(board.latest().plans.size(), std::size_t(1));
    QVERIFY(board.latest().trouble.isEmpty());
    const campaign::SavedCampaign *kept = board.savedCampaign("storm");
    QVERIFY(kept);
    QVERIFY(kept->goal == storm.goal && kept->options == storm.options && kept->fingerprint == storm.fingerprint);
    QCOMPARE(kept->owner.databaseUser, std::string("oncall1"));
    QVERIFY(kept->savedAt > base::UtcTime());
    board.remove("storm");
    QVERIFY(!board.savedCampaign("storm") && board.plan("tonight"));
}

void TestPlansWire::whatTheCommandLineSavedIsShown()
{
    PlanBoard board;
    app::PlansWire wire(fixtures::defaultFleet(), {}, board);
    QSignalSpy changed(&board, &PlanBoard::changed);
    execute::SavedPlan plan;
    plan.name = "evening";
    plan.request.setIntent(m_intent);
    QVERIFY(record::savePlan(folder(), plan.name, execute::toJson(plan)));
    QVERIFY(changed.wait(5000)); // seen by itself
    QVERIFY(board.plan("evening"));
    wire.look();
    QCOMPARE(changed.count(), 1); // nothing new is told twice
}

void TestPlansWire::whatIsForgottenIsGone()
{
    PlanBoard board;
    app::PlansWire wire(fixtures::defaultFleet(), {}, board);
    board.save("tonight", m_intent, {});
    board.remove("tonight");
    QVERIFY(board.latest().plans.empty());
    QVERIFY(record::plansIn(folder()).empty());
    QSignalSpy refused(&board, &PlanBoard::refused);
    board.remove("tonight");
    QCOMPARE(refused.count(), 1);
}

void TestPlansWire::whatCannotBeReadIsTold()
{
    PlanBoard board;
    app::PlansWire wire(fixtures::defaultFleet(), {}, board);
    board.save("tonight", m_intent, {});
    QVERIFY(record::savePlan(folder(), "broken", "{"));
    wire.look();
    QCOMPARE(board.latest().plans.size(), std::size_t(1));
    QVERIFY(board.latest().trouble.startsWith(QStringLiteral("broken: ")));
}

void TestPlansWire::aNameThatIsNoneIsRefused()
{
    PlanBoard board;
    app::PlansWire wire(fixtures::defaultFleet(), {}, board);
    QSignalSpy refused(&board, &PlanBoard::refused);
    board.save("../elsewhere", m_intent, {});
    QCOMPARE(refused.count(), 1);
    QVERIFY(board.latest().plans.empty());
}

QTEST_MAIN(TestPlansWire)
#include "test_plans_wire.moc"
