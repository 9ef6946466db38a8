// SPDX-License-Identifier: GPL-3.0-or-later
// Where writes may flow again after an operation fell silent, and which primary has outlived its term.
#include "app/guard/Fencer.h"
#include "app/guard/GroupTakeOver.h"
#include "app/guard/Verdict.h"

#include <QTest>

using namespace shardlens;
using guard::Look;
using guard::MemberSeen;
using guard::Verdict;
using operate::Act;

namespace
{

MemberSeen primary(std::int64_t term = 4)
{
    MemberSeen seen;
    seen.isReachable = true;
    seen.term = term;
    return seen;
}

MemberSeen braked(std::int64_t term = 4)
{
    MemberSeen seen = primary(term);
    seen.isBraked = true;
    return seen;
}

MemberSeen standby()
{
    MemberSeen seen = primary();
    seen.inRecovery = true;
    seen.hasReplayedAll = true;
    return seen;
}

MemberSeen replaying()
{
    MemberSeen seen = standby();
    seen.hasReplayedAll = false;
    return seen;
}

MemberSeen promoting()
{
    MemberSeen seen = standby();
    seen.isPromoting = true;
    return seen;
}

MemberSeen decided()
{
    MemberSeen seen = primary(5);
    seen.raisedBy = "op (guard of us-east)";
    return seen;
}

MemberSeen silent()
{
    return {};
}

MemberSeen stopped()
{
    MemberSeen seen;
    seen.isProvenStopped = true;
    return seen;
}

Look look(const MemberSeen &from, const MemberSeen &to, const MemberSeen &third = standby())
{
    return {{base::ServerId("a"), from}, {base::ServerId("b"), to}, {base::ServerId("c"), third}};
}

clients::GuardAnnouncement operation(Act act)
{
    clients::GuardAnnouncement told;
    told.of = {base::ClusterName("u1"), "op", 1};
    told.term = 5;
    told.act = act;
    told.from = base::ServerId("a");
    if (operate::isMove(act))
        told.to = base::ServerId("b");
    else
        told.on = base::ServerId("router");
    return told;
}

} // namespace

Q_DECLARE_METATYPE(guard::Look)

class TestGuardVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesFlowOnlyToAVerifiedPrimary_data()
    {
        QTest::addColumn<Look>("first");
        QTest::addColumn<Look>("second");
        QTest::addColumn<int>("act");
        QTest::addColumn<int>("to");
        const int toNew = int(Verdict::To::New);
        const int toOld = int(Verdict::To::Old);
        const int nobody = int(Verdict::To::Nobody);
        const auto steady = [&](const char *row, const Look &seen, Act act, int to) { QTest::newRow(row) << seen << seen << int(act) << to; };
        const Act sw = Act::Switchover;
        const Act fo = Act::Failover;
        steady("nothing was done yet", look(primary(), standby()), sw, toOld);
        steady("the old primary is braked", look(braked(), standby()), sw, toOld);
        steady("promoted, the old one is braked", look(braked(), primary()), sw, toNew);
        steady("promoted and its term raised, the old one is braked", look(braked(), primary(5)), sw, toNew);
        steady("promoted, the old one follows already", look(standby(), primary(5)), sw, toNew);
        steady("promoted, the old one is proven stopped", look(stopped(), primary(5)), sw, toNew);
        steady("promoted, the old one is silent", look(silent(), primary(5)), sw, nobody);
        steady("promoted, the old one is silent, and another guard had decided", look(silent(), decided()), sw, toNew);
        steady("promoted and decided, but the old one takes writes", look(primary(), decided()), sw, nobody);
        steady("both take writes", look(primary(), primary()), sw, nobody);
        steady("both take writes after a failover", look(primary(), primary(5)), fo, nobody);
        steady("a failover promoted, the old one is silent as it was", look(silent(), primary()), fo, toNew);
        steady("a failover promoted, the old one is braked", look(braked(), primary()), fo, toNew);
        steady("a failover did not promote, the old one is silent", look(silent(), standby()), fo, nobody);
        steady("a failover did not promote, the old one is back", look(primary(), standby()), fo, toOld);
        steady("the candidate is silent: it may have been promoted", look(braked(), silent()), sw, nobody);
        steady("the candidate is stopped: not seen unpromoted", look(braked(), stopped()), sw, nobody);
        steady("the candidate is being promoted", look(braked(), promoting()), sw, nobody);
        steady("the candidate still replays", look(braked(), replaying()), sw, nobody);
        steady("another standby still replays", look(braked(), standby(), replaying()), sw, toOld);
        steady("the candidate was promoted and has a brake", look(braked(), braked()), sw, nobody);
        steady("both are standbys", look(standby(), standby()), sw, nobody);
        steady("all are silent", look(silent(), silent(), silent()), sw, nobody);
        steady("a third takes writes", look(braked(), standby(), primary()), sw, nobody);
        steady("a third is silent", look(braked(), standby(), silent()), sw, toOld);
        steady("a third was a primary and is braked", look(braked(), primary(5), braked()), sw, toNew);
        steady("the old one has the newer term", look(braked(5), primary(4)), sw, nobody);
        const int outlived = int(Verdict::To::Outlived);
        steady("a newer operation raised the term meanwhile", look(braked(), primary(6)), sw, outlived);
        steady("a newer operation did so, and who leads by it is silent", look(braked(6), standby(), silent()), sw, outlived);
        steady("a newer failover led elsewhere, and the old one is back", look(primary(), silent(), primary(6)), fo, outlived);
        const Act pause = Act::PauseRouter;
        steady("a smaller act fell silent: the primary is as it was", look(primary(), standby()), pause, toOld);
        steady("a smaller act fell silent, and another standby is silent", look(primary(), silent()), pause, toOld);
        steady("a smaller act fell silent, and the primary has a brake that is not its own", look(braked(), standby()), pause, nobody);
        steady("a smaller act fell silent, and the primary is silent", look(silent(), standby()), pause, nobody);
        steady("a smaller act fell silent, and another was promoted meanwhile", look(standby(), primary(5)), pause, nobody);
        steady("a smaller act fell silent, and two take writes", look(primary(), primary(5)), pause, nobody);
        QTest::newRow("the primary came back between the looks after a smaller act")
            << look(silent(), standby()) << look(primary(), standby()) << int(pause) << nobody;
        QTest::newRow("the promotion took effect between the looks")
            << look(braked(), standby()) << look(braked(), primary()) << int(sw) << nobody;
        QTest::newRow("the promotion was seen to begin between the looks")
            << look(braked(), standby()) << look(braked(), promoting()) << int(sw) << nobody;
        QTest::newRow("the candidate fell silent between the looks")
            << look(braked(), standby()) << look(braked(), silent()) << int(sw) << nobody;
        QTest::newRow("the old one came back between the looks")
            << look(silent(), standby()) << look(primary(), standby()) << int(sw) << nobody;
        QTest::newRow("the brake was lifted between the looks")
            << look(braked(), standby()) << look(primary(), standby()) << int(sw) << nobody;
        QTest::newRow("a third came back between the looks")
            << look(braked(), standby(), silent()) << look(braked(), standby(), standby()) << int(sw) << toOld;
        QTest::newRow("nobody was looked at") << Look{} << Look{} << int(sw) << nobody;
    }
    void writesFlowOnlyToAVerifiedPrimary()
    {
        QFETCH(Look, first);
        QFETCH(Look, second);
        QFETCH(int, act);
        QFETCH(int, to);
        const Verdict verdict = guard::judge(operation(static_cast<Act>(act)), first, second);
        QVERIFY2(int(verdict.to) == to, verdict.why.c_str());
        QVERIFY(!verdict.why.empty());
        QCOMPARE(verdict.why.find("a person must act") != std::string::npos, verdict.to == Verdict::To::Nobody);
    }

    void aBrakeThatWasLeftWhereNoRouterIsHeldIsFound_data()
    {
        using guard::LeftBrake;
        QTest::addColumn<Look>("seen");
        QTest::addColumn<int>("act");
        QTest::addColumn<int>("brake");
        const int sw = int(Act::Switchover);
        QTest::newRow("on the old primary, nobody was promoted") << look(braked(), standby()) << sw << int(LeftBrake::There);
        QTest::newRow("the candidate is silent: looked at on") << look(braked(), silent()) << sw << int(LeftBrake::There);
        QTest::newRow("there is none") << look(primary(), standby()) << sw << int(LeftBrake::None);
        QTest::newRow("promoted: it is the fence") << look(braked(), primary(5)) << sw << int(LeftBrake::None);
        QTest::newRow("promoted, the old one was stopped") << look(silent(), primary(5)) << sw << int(LeftBrake::None);
        QTest::newRow("the old one is a standby") << look(standby(), standby()) << sw << int(LeftBrake::None);
        QTest::newRow("the old one is silent") << look(silent(), standby()) << sw << int(LeftBrake::NotKnown);
        QTest::newRow("all are silent") << look(silent(), silent(), silent()) << sw << int(LeftBrake::NotKnown);
        QTest::newRow("a newer operation went on") << look(braked(), standby(), primary(6)) << sw << int(LeftBrake::None);
        QTest::newRow("a failover brakes nobody") << look(braked(), standby()) << int(Act::Failover) << int(LeftBrake::None);
        QTest::newRow("nor does a smaller act") << look(braked(), standby()) << int(Act::PauseRouter) << int(LeftBrake::None);
    }
    void aBrakeThatWasLeftWhereNoRouterIsHeldIsFound()
    {
        QFETCH(Look, seen);
        QFETCH(int, act);
        QFETCH(int, brake);
        QCOMPARE(int(guard::leftBrake(operation(static_cast<Act>(act)), seen)), brake);
    }

    void aGroupIsNotLedBackByWhatIsOutlived()
    {
        clients::GuardAnnouncement told = operation(Act::Switchover);
        guard::ReplicaSeen old;
        old.isReachable = old.isPrimary = true;
        old.term = 5;
        guard::ReplicaSeen other = old;
        other.term = 4;
        guard::GroupLook seen{{told.from, other}, {told.to, old}};
        QVERIFY(guard::judgeGroup(told, seen, seen).to == guard::GroupVerdict::To::New);
        // Promoted by a failover that this guard was not told of, which was away with the one that comes back.
        seen[told.from].term = 6;
        QVERIFY(guard::judgeGroup(told, seen, seen).to == guard::GroupVerdict::To::Outlived);
    }

    void aDecisionIsFollowedWhereNobodyElseTakesWrites_data()
    {
        QTest::addColumn<Look>("seen");
        QTest::addColumn<bool>("follows");
        QTest::newRow("decided, and the old one was stopped") << look(silent(), decided()) << true;
        QTest::newRow("decided, and the old one is braked") << look(braked(), decided()) << true;
        QTest::newRow("decided, and the old one takes writes") << look(primary(), decided()) << false;
        QTest::newRow("decided, and a third takes writes") << look(silent(), decided(), primary()) << false;
        QTest::newRow("promoted, and nobody said so") << look(silent(), primary(5)) << false;
        QTest::newRow("the candidate is silent") << look(silent(), silent()) << false;
        QTest::newRow("nothing was done yet") << look(primary(), standby()) << false;
    }
    void aDecisionIsFollowedWhereNobodyElseTakesWrites()
    {
        QFETCH(Look, seen);
        QTEST(guard::isDecided(operation(Act::Switchover), seen), "follows");
        MemberSeen other = decided();
        other.raisedBy = "another (guard of us-west)";
        QVERIFY(!guard::isDecided(operation(Act::Switchover), look(silent(), other)));
    }

    void anOldPrimaryThatNobodyNamedIsNoObstacleToAFailover()
    {
        auto told = operation(Act::Failover);
        told.from = {};
        const Look seen{{base::ServerId("b"), primary(5)}, {base::ServerId("c"), standby()}};
        QVERIFY(guard::judge(told, seen, seen).to == Verdict::To::New);
        told.act = Act::Switchover;
        QVERIFY(guard::judge(told, seen, seen).to == Verdict::To::Nobody);
    }

    void onlyAnOlderPrimaryBesideANewerIsOutlived_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<bool>("outlived");
        QTest::newRow("an older term, and the newer one is a primary") << 0 << true;
        QTest::newRow("the same term") << 1 << false;
        QTest::newRow("the newer term") << 2 << false;
        QTest::newRow("the newer one is in recovery") << 3 << false;
        QTest::newRow("the newer one is silent") << 4 << false;
        QTest::newRow("it is a standby") << 5 << false;
        QTest::newRow("no terms are kept here") << 6 << false;
        QTest::newRow("no terms are kept there") << 7 << false;
        QTest::newRow("braked already, it is outlived all the same") << 8 << true;
    }
    void onlyAnOlderPrimaryBesideANewerIsOutlived()
    {
        QFETCH(int, row);
        MemberSeen newerStandby = standby();
        newerStandby.term = 5;
        MemberSeen without = primary();
        without.term.reset();
        const std::vector<std::pair<MemberSeen, MemberSeen>> rows{{primary(4), primary(5)}, {primary(4), primary(4)}, {primary(5), primary(4)},
                                                                  {primary(4), newerStandby}, {primary(4), silent()},  {standby(), primary(5)},
                                                                  {without, primary(5)},      {primary(4), without},   {braked(4), primary(5)}};
        const auto &[own, other] = rows.at(static_cast<std::size_t>(row));
        QTEST(guard::isOutlived(own, other), "outlived");
    }
};

QTEST_GUILESS_MAIN(TestGuardVerdict)
#include "test_guard_verdict.moc"
