// SPDX-License-Identifier: GPL-3.0-or-later
// What a campaign would do, compared whole as text: rows, targets, waves, what comes back, what is done by hand.
#include "core/campaign/CampaignPlan.h"
#include "tests/fixtures/Golden.h"
#include "tests/fixtures/Snapshots.h"

#include <QFile>
#include <QTest>

using namespace shardlens;
using namespace shardlens::campaign;
using facts::Observation;
using fixtures::World;

using Edit = std::function<void(World &)>;
Q_DECLARE_METATYPE(Edit)
Q_DECLARE_METATYPE(shardlens::campaign::Goal)
Q_DECLARE_METATYPE(shardlens::campaign::Options)

namespace {

facts::SharedPtr sharedWith(std::vector<facts::Mark> marks)
{
    auto shared = std::make_shared<facts::Shared>();
    shared->readAt = base::Instant(std::chrono::hours(100));
    shared->marks = std::move(marks);
    return shared;
}

facts::Mark mark(facts::Mark::Kind kind, const char *subject)
{
    facts::Mark made;
    made.kind = kind;
    made.subject = subject;
    made.by.databaseUser = "oncall1";
    made.reason = "a storm";
    return made;
}

World world()
{
    World made(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    made.observedSince(std::chrono::hours(2));
    made.share(sharedWith({}));
    made.run(12);
    return made;
}

/// As after an evacuation of us-east, hours later.
void evacuate(World &in)
{
    in.promote("u1", "u1-us-west");
    in.promote("m1", "m1-eu-west");
    in.promote("directory", "directory-us-west");
    in.share(sharedWith({mark(facts::Mark::Kind::Region, "us-east")}));
    in.run(140, base::seconds(5));
}

std::string checksText(const operate::Checks &checks)
{
    std::string out;
    for (const operate::Check &check : checks)
        out += " " + std::string(operate::name(check.id));
    return out;
}

std::string dump(const Row &row)
{
    std::string out = "wave " + std::to_string(row.wave) + "  " + row.subject + (row.isDirectory ? " (directory)" : "") + (row.isGroup ? " (group)" : "");
    out += "  " + row.from.text() + " -> " + row.to.text() + "  " + std::string(name(row.fit)) + ", " + std::to_string(row.shards) + " shards";
    if (row.comeback)
        out += ", " + std::string(name(*row.comeback));
    out += "\n";
    if (!row.blocking.empty())
        out += "    blocking:" + checksText(row.blocking) + "\n";
    if (!row.amiss.empty())
        out += "    amiss:" + checksText(row.amiss) + "\n";
    if (moves(row)) {
        out += "    stands by:";
        for (const base::ServerId &id : row.seconds)
            out += " " + id.text();
        out += "\n";
    }
    return out;
}

std::string dump(const CampaignPlan &plan)
{
    std::string out = std::string(name(plan.goal.aim)) + " " + plan.goal.subject + ", " + std::to_string(plan.waves) + " waves\n";
    for (const Row &row : plan.rows)
        out += dump(row);
    for (const ServerBack &one : plan.servers)
        out += "back " + one.server.text() + " " + std::string(name(one.comeback)) + (one.detail.empty() ? "" : " (" + one.detail + ")") + "\n";
    for (const ManualStep &step : plan.manual)
        out += "by hand " + step.id() + (step.isBefore ? ", before" : "") + (step.from.isEmpty() ? "" : ", from " + step.from.text()) + "\n";
    const Effect &effect = plan.effect;
    out += std::to_string(effect.clusters) + " clusters, " + std::to_string(effect.groups) + " groups, " + std::to_string(effect.left) + " left, " + std::to_string(effect.shards) + " shards\n";
    for (const TargetLoad &load : effect.loads) {
        out += "load " + load.host.text() + " takes";
        for (const std::string &one : load.takes)
            out += " " + one;
        out += load.commitsNow && load.commitsThen && *load.commitsThen > *load.commitsNow ? ", writes more\n" : "\n";
    }
    for (const std::string &one : effect.withoutSecond)
        out += "no second " + one + "\n";
    for (const base::ServerId &id : effect.coldMembers)
        out += "cold " + id.text() + "\n";
    for (const Hosted &one : plan.hosted) {
        out += "goes " + one.server.text() + ", " + std::string(name(one.part)) + " of " + one.of + ", else";
        for (const base::ServerId &id : one.others)
            out += " " + id.text();
        out += hasNoSecond(one) ? " nobody\n" : "\n";
    }
    for (const InvalidationBacklog &one : effect.backlogs)
        out += "invalidation in " + one.region.text() + (keepsUp(one) ? ", keeps up" : ", does not keep up") +
               (one.keys ? ", " + std::to_string(*one.keys) + " keys" : "") + (one.trouble.empty() ? "" : ", " + one.trouble) + "\n";
    for (const base::ServerId &id : effect.routers)
        out += "router " + id.text() + "\n";
    out += std::string("marked ") + (plan.isMarked ? "yes" : "no") + ", sets " + (plan.setsMark ? "yes" : "no") + ", lifts " + (plan.liftsMark ? "yes" : "no") + "\n";
    return out;
}

void compareWithGolden(const QString &name, const std::string &text)
{
    fixtures::compareWithGolden(QStringLiteral(GOLDEN_DIR "/%1.txt").arg(name), text);
}

void diverge(World &in, const char *server)
{
    in.edit(server, [](Observation &o) {
        auto sample = *o.postgres();
        sample.timeline = 9;
        sample.receiver = std::optional<facts::ReceiverRow>();
        o.sample = std::move(sample);
    });
}

} // namespace

class CampaignPlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plans_data();
    void plans();
    void errors_data();
    void errors();
    void noReadsAreLedIntoWhatIsLeft();
    void wavesKeepTheirLimit();
    void theFingerprintIsOfWhatMatters();
    void nothingThereIsACandidateWhileItIsEvacuated();
};

void CampaignPlanTest::plans_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<Goal>("goal");
    QTest::addColumn<Options>("options");
    const Edit well = [](World &) {};
    const Goal east{Aim::Evacuate, "us-east"};
    const Goal home{Aim::Return, "us-east"};
    QTest::newRow("evacuate") << well << east << Options();
    QTest::newRow("evacuate_to_eu_west") << well << east << Options{1, 1, base::RegionName("eu-west"), {}, false, {}};
    QTest::newRow("evacuate_best_standby_behind") << Edit([](World &w) { w.fallBehind("u1-us-west", {fixtures::inMicros(60), base::Bytes{900'000'000}, 0, {}}); }) << east << Options();
    QTest::newRow("evacuate_dead_primary") << Edit([](World &w) { w.killPrimary("m1"); }) << east << Options();
    QTest::newRow("evacuate_one_has_nobody") << Edit([](World &w) {
        w.freeze("u1-us-west");
        w.freeze("u1-eu-west");
    }) << east << Options();
    QTest::newRow("evacuate_nothing_there") << well << Goal{Aim::Evacuate, "us-west"} << Options();
    QTest::newRow("return") << Edit(evacuate) << home << Options();
    QTest::newRow("return_one_behind_one_parted") << Edit([](World &w) {
        evacuate(w);
        w.fallBehind("u1-us-east", {fixtures::inMicros(90), base::Bytes{900'000'000}, 0, {}});
        diverge(w, "m1-us-east");
    }) << home << Options();
    QTest::newRow("return_while_it_is_silent") << Edit([](World &w) {
        evacuate(w);
        w.silenceRegion("us-east");
    }) << home << Options();
    QTest::newRow("return_nothing_away") << well << home << Options();
    QTest::newRow("host_down_databases") << well << Goal{Aim::HostDown, "db1-us-east"} << Options();
    QTest::newRow("host_down_memory") << well << Goal{Aim::HostDown, "mem1-us-east"} << Options();
    const Edit isDown = [](World &w) {
        w.promote("u1", "u1-us-west");
        w.promote("m1", "m1-us-west");
        w.share(sharedWith({mark(facts::Mark::Kind::Host, "db1-us-east")}));
        w.run(140, base::seconds(5));
    };
    QTest::newRow("host_up") << isDown << Goal{Aim::HostUp, "db1-us-east"} << Options();
    QTest::newRow("host_up_and_home") << isDown << Goal{Aim::HostUp, "db1-us-east"} << Options{2, 1, {}, {}, true, {}};
    QTest::newRow("host_up_one_silent") << Edit([isDown](World &w) {
        isDown(w);
        w.freeze("m1-us-east");
    }) << Goal{Aim::HostUp, "db1-us-east"} << Options();
}

void CampaignPlanTest::plans()
{
    QFETCH(Edit, edit);
    QFETCH(Goal, goal);
    QFETCH(Options, options);
    World w = world();
    edit(w);
    const auto plan = planFor(*w.run(12), goal, options);
    QVERIFY2(plan.has_value(), plan ? "" : plan.error().message.c_str());
    compareWithGolden(QString::fromUtf8(QTest::currentDataTag()), dump(*plan));
}

void CampaignPlanTest::errors_data()
{
    QTest::addColumn<Goal>("goal");
    QTest::addColumn<Options>("options");
    QTest::addColumn<int>("code");
    QTest::newRow("no such region") << Goal{Aim::Evacuate, "mars"} << Options() << int(base::ErrorCode::NotFound);
    QTest::newRow("a host is no region") << Goal{Aim::Evacuate, "db1-us-east"} << Options() << int(base::ErrorCode::NotFound);
    QTest::newRow("no such host") << Goal{Aim::HostDown, "db9"} << Options() << int(base::ErrorCode::NotFound);
    QTest::newRow("none at once") << Goal{Aim::Evacuate, "us-east"} << Options{0, 1, {}, {}, false, {}} << int(base::ErrorCode::BadInput);
    QTest::newRow("to itself") << Goal{Aim::Evacuate, "us-east"} << Options{2, 1, base::RegionName("us-east"), {}, false, {}} << int(base::ErrorCode::BadInput);
}

void CampaignPlanTest::errors()
{
    QFETCH(Goal, goal);
    QFETCH(Options, options);
    QFETCH(int, code);
    World w = world();
    const auto plan = planFor(*w.run(2), goal, options);
    QVERIFY(!plan);
    QCOMPARE(int(plan.error().code), code);
}

/// us-west takes u1 on and has no standby of its own left: its reads go to eu-west. What does not move and is read from there is told.
void CampaignPlanTest::noReadsAreLedIntoWhatIsLeft()
{
    World w = world();
    const auto address = [](const char *server, const char *viewer) { return fixtures::defaultFleet()->server(base::ServerId(server))->address.from(base::RegionName(viewer)); };
    const auto there = address("u2-us-east", "eu-west");
    w.edit("router-eu-west", [there](facts::Observation &o) {
        auto sample = std::get<facts::RouterSample>(o.sample);
        for (facts::RouterDatabase &one : sample.databases) {
            if (one.name == "u2_read") {
                one.host = there.host;
                one.port = there.port;
            }
        }
        o.sample = sample;
    });
    const facts::SnapshotPtr snapshot = w.run(12);
    const auto plan = planFor(*snapshot, {Aim::Evacuate, "us-east"}, {});
    const auto row = std::find_if(plan->rows.begin(), plan->rows.end(), [](const Row &one) { return one.subject == "u1"; });
    QCOMPARE(row->to.text(), std::string("u1-us-west"));
    const auto readsOfWest = [&](const operate::Intent &intent) {
        const auto move = operate::planFor(*snapshot, intent);
        for (const operate::Step &step : move->steps) {
            for (const operate::Command &command : step.commands) {
                if (step.kind == operate::StepKind::PointReads && command.on.text() == "router-us-west")
                    return QString::fromStdString(command.text);
            }
        }
        return QString();
    };
    const auto port = [&](const char *server) { return QStringLiteral("port=%1 ").arg(address(server, "us-west").port); };
    QVERIFY2(readsOfWest(row->intent).contains(port("u1-eu-west")), qPrintable(readsOfWest(row->intent)));
    QVERIFY2(readsOfWest(operate::shunning(row->intent, {})).contains(port("u1-us-east")), "a move of its own may lead them there");
    const auto isTold = [&](const ManualStep &step) { return step.id() == "point_reads u2_read at router-eu-west" && step.from.text() == "u2-us-east"; };
    QCOMPARE(std::count_if(plan->manual.begin(), plan->manual.end(), isTold), 1);
}

void CampaignPlanTest::wavesKeepTheirLimit()
{
    World w(fixtures::bigFleet(30, 300), fixtures::at(12, 0, 0));
    w.observedSince(std::chrono::hours(2));
    w.share(sharedWith({}));
    const facts::SnapshotPtr snapshot = w.run(14);
    for (const unsigned atOnce : {1U, 2U, 3U, 7U}) {
        const auto plan = planFor(*snapshot, {Aim::Evacuate, "us-west"}, {atOnce, 1, {}, {}, false, {}});
        QVERIFY(plan && plan->waves > 1);
        QCOMPARE(plan->wave(1).size(), std::size_t(1)); // the canary
        std::size_t moved = 0;
        for (unsigned wave = 1; wave <= plan->waves; ++wave) {
            QVERIFY(!plan->wave(wave).empty() && plan->wave(wave).size() <= atOnce);
            moved += plan->wave(wave).size();
        }
        QCOMPARE(moved, std::size_t(10));
        for (const Row &row : plan->rows)
            QVERIFY(row.toRegion != base::RegionName("us-west"));
        for (const Row &row : plan->rows)
            QVERIFY(*plan->rows.front().commitsPerSecond <= *row.commitsPerSecond);
    }
}

void CampaignPlanTest::theFingerprintIsOfWhatMatters()
{
    World w = world();
    const Goal goal{Aim::Evacuate, "us-east"};
    const auto first = planFor(*w.run(1), goal, {});
    const auto later = planFor(*w.run(5), goal, {});
    QVERIFY(first && later);
    QCOMPARE(first->fingerprint.digest(), later->fingerprint.digest()); // lag and rates differ, and do not matter
    w.promote("u1", "u1-us-west");
    const auto moved = planFor(*w.run(5), goal, {});
    QVERIFY(moved);
    QVERIFY(moved->fingerprint.digest() != first->fingerprint.digest());
}

void CampaignPlanTest::nothingThereIsACandidateWhileItIsEvacuated()
{
    World w = world();
    evacuate(w);
    const facts::SnapshotPtr snapshot = w.run(12);
    const auto plan = operate::planFor(*snapshot, operate::SwitchCluster{base::ClusterName("u1"), {}});
    QVERIFY(plan.has_value());
    QCOMPARE(plan->to, base::ServerId("u1-eu-west"));
    for (const operate::Candidate &one : plan->candidates) {
        if (one.region == base::RegionName("us-east")) {
            QVERIFY(one.rejectedFor.has_value());
            QCOMPARE(int(one.rejectedFor->id), int(operate::CheckId::NotMarked));
            QCOMPARE(one.rejectedFor->readings.front().reading, std::string("evacuated_by"));
        }
    }
}

QTEST_GUILESS_MAIN(CampaignPlanTest)
#include "test_campaign_plan.moc"
