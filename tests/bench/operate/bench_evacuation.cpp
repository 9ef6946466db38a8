// SPDX-License-Identifier: GPL-3.0-or-later
// How long it takes from the confirmation of an evacuation until the last cluster's new primary takes writes: six clusters and the
// directory homed in one region, a writer on each of the six, canary and gates included. SHARDLENS_AT_ONCE: moves of a wave.
#include "tests/bench/operate/StepTimes.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace shardlens;

namespace {

constexpr int patience = 30000;
constexpr int campaignPatience = 180000;

/// Milliseconds from then to the last time that any move names by that key.
qint64 lastOf(const QJsonObject &campaign, const char *key, const QDateTime &since)
{
    qint64 last = 0;
    for (const auto &move : campaign.value("moves").toArray()) {
        const QDateTime at = QDateTime::fromString(move.toObject().value(key).toString(), Qt::ISODateWithMs);
        last = std::max(last, at.isValid() ? since.msecsTo(at) : 0);
    }
    return last;
}

double secondsFrom(const QDateTime &since, const QString &text)
{
    const QDateTime at = QDateTime::fromString(text, Qt::ISODateWithMs);
    return at.isValid() ? double(since.msecsTo(at)) / 1000 : -1;
}

/// Where the time went: when each wave's first move was started, when its last new primary took writes, when the gate behind it opened.
void printWaves(const QJsonObject &campaign, const QDateTime &since)
{
    std::printf("  looked and planned after %.2f s\n", secondsFrom(since, campaign.value("began_at").toString()));
    for (const auto &one : campaign.value("gates").toArray()) {
        const int wave = one.toObject().value("wave").toInt();
        double started = 1e9;
        double flowed = 0;
        QStringList subjects;
        for (const auto &move : campaign.value("moves").toArray()) {
            if (move.toObject().value("wave").toInt() != wave)
                continue;
            started = std::min(started, secondsFrom(since, move.toObject().value("started_at").toString()));
            flowed = std::max(flowed, secondsFrom(since, move.toObject().value("flows_at").toString()));
            subjects << move.toObject().value("subject").toString() + QStringLiteral(" %1 ms").arg(move.toObject().value("writes_held_ms").toDouble(), 0, 'f', 0);
        }
        std::printf("  wave %d  started %5.2f  writes flow %5.2f  gate %5.2f  %s%s\n", wave, started, flowed, secondsFrom(since, one.toObject().value("at").toString()), qPrintable(subjects.join(QStringLiteral(", "))),
                    one.toObject().value("said").toString().isEmpty() ? "" : qPrintable(QStringLiteral("; waited for ") + one.toObject().value("said").toString()));
    }
}

/// What was left besides what only a person does.
QString leftOf(const QJsonObject &campaign)
{
    QStringList left;
    for (const auto &one : campaign.value("left").toArray()) {
        if (!one.toString().startsWith(QLatin1String("by hand: ")))
            left << one.toString();
    }
    return left.join(QStringLiteral("; "));
}

} // namespace

class BenchEvacuation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void awayAndHome();
};

void BenchEvacuation::awayAndHome()
{
    const QString atOnce = qEnvironmentVariable("SHARDLENS_AT_ONCE", QStringLiteral("2"));
    live::ActingFleet fleet;
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 3;
    shape.shards = 12;
    shape.latencyMs = 0;
    shape.home = "us-east";
    const std::string trouble = fleet.begin("evacuation-bench", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    const std::vector<std::string> clusters{"u1", "u2", "u3", "m1", "m2", "m3"};
    std::vector<std::unique_ptr<live::Ledger>> ledgers;
    for (const std::string &cluster : clusters) {
        QVERIFY(fleet.becomesReady(QString::fromStdString(cluster), 120000));
        ledgers.push_back(std::make_unique<live::Ledger>(fleet.ground(), cluster, "us-west", base::milliseconds(10)));
        QCOMPARE(QString::fromStdString(ledgers.back()->prepare()), QString());
    }
    for (const auto &ledger : ledgers)
        ledger->start();
    QVERIFY(live::waitFor([&] { return ledgers.back()->count() > 50; }, patience));
    for (const QStringList &way : {QStringList{"evacuate", "us-east", "--reason", "a bench"}, QStringList{"return", "us-east"}}) {
        const QDateTime start = QDateTime::currentDateTimeUtc();
        const live::Ran ran = fleet.ctl(way + QStringList{"--at-once", atOnce, "--json", "--force", "expected_pause=a bench", "--force", "recent_move=a bench"}, campaignPatience);
        const QJsonObject told = QJsonDocument::fromJson(ran.out.split('\n').value(0)).object();
        // Six clusters, the directory's and three groups; users are led elsewhere by a person.
        QVERIFY2((ran.exit == 0 || ran.exit == 4) && told.value("moved").toInt() == 10, (ran.out + ran.err).constData());
        QVERIFY2(leftOf(told).isEmpty(), qPrintable(leftOf(told)));
        const qint64 flows = lastOf(told, "flows_at", start);
        std::printf("%-10s %d waves of %s: last accepting writes after %.2f s (limit 10), last standby back after %.2f s, longest pause %.0f ms\n", qPrintable(way.first()),
                    told.value("waves").toInt(), qPrintable(atOnce), double(flows) / 1000, double(lastOf(told, "ended_at", start)) / 1000, told.value("longest_pause_ms").toDouble());
        printWaves(told, start);
        bench::StepTimes steps; // of the six, beside one another
        for (const auto &move : told.value("moves").toArray()) {
            const QJsonObject one = move.toObject();
            if (std::find(clusters.begin(), clusters.end(), one.value("subject").toString().toStdString()) != clusters.end())
                steps.add(fleet.ctl({"operations", "show", one.value("operation").toString(), "--json"}).out);
        }
        steps.print();
        for (const auto &left : told.value("left").toArray())
            std::printf("  left: %s\n", qPrintable(left.toString()));
#ifdef NDEBUG
        QVERIFY(flows <= 10000);
#endif
        for (const std::string &cluster : clusters)
            QVERIFY(fleet.becomesReady(QString::fromStdString(cluster), 120000));
    }
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        ledgers[i]->stop();
        const auto tale = ledgers[i]->tale();
        std::printf("%s: %zu rows acknowledged, %d failed, longest gap %.0f ms, %s acknowledged rows missing\n", clusters[i].c_str(), tale.acknowledged.size(), tale.failed,
                    double(tale.longestGap.count()) / 1000, ledgers[i]->missingOn(fleet.primaries(clusters[i])).c_str());
        QCOMPARE(QString::fromStdString(ledgers[i]->missingOn(fleet.primaries(clusters[i]))), QStringLiteral("0"));
        QCOMPARE(tale.failed, 0);
    }
}

QTEST_GUILESS_MAIN(BenchEvacuation)
#include "bench_evacuation.moc"
