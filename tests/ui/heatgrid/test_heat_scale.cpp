// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatScale.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace shardlens;
using ui::charts::HeatScale;

namespace {

QString printed(const HeatScale::Edges &edges)
{
    QStringList texts;
    for (const double edge : edges)
        texts << QString::number(edge, 'g', 6);
    return texts.join(QLatin1Char(' '));
}

constexpr double kMiB = 1024 * 1024;

} // namespace

class TestHeatScale : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void edgesAreRound_data();
    void edgesAreRound();
    void edgesCoverAndAscend();
    void stepsFollowEdges();
    void edgesStayUntilAValueIsOutsideForTenSeconds();
    void aMomentOutsideChangesNothing();
    void aFlatPictureIsScaledAnew();
    void aPinnedScaleStays();
};

void TestHeatScale::edgesAreRound_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<bool>("binary");
    QTest::addColumn<double>("finest");
    QTest::addColumn<QString>("edges");
    QTest::newRow("a wide range steps 1-2-5") << 1.0 << 170.0 << false << 0.0 << "0 2 5 10 20 50 100 200";
    QTest::newRow("from nothing on") << 0.0 << 900.0 << false << 0.0 << "0 10 20 50 100 200 500 1000";
    QTest::newRow("a narrow range is spaced evenly") << 12.0 << 17.0 << false << 0.0 << "12 13 14 15 16 17 18 20";
    QTest::newRow("growth that also shrinks") << -30.0 << 40.0 << false << 0.0 << "-30 -20 -10 0 10 20 30 50";
    QTest::newRow("counts never step finer than one") << 3.0 << 3.0 << false << 1.0 << "3 4 5 6 7 8 9 11";
    QTest::newRow("bytes step in their own units") << 2.0 * 1024 << 600.0 * 1024 << true << 1024.0 << "0 10240 20480 51200 102400 204800 512000 1.04858e+06";
    QTest::newRow("MiB, evenly") << 2.0 * kMiB << 36.0 * kMiB << true << 1024.0 << "0 5.24288e+06 1.04858e+07 1.57286e+07 2.09715e+07 2.62144e+07 3.14573e+07 4.1943e+07";
}

void TestHeatScale::edgesAreRound()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(bool, binary);
    QFETCH(double, finest);
    QTEST(printed(HeatScale::edgesFor(low, high, binary ? HeatScale::Round::Binary : HeatScale::Round::Decimal, finest)), "edges");
}

void TestHeatScale::edgesCoverAndAscend()
{
    // Deterministic, over many orders of magnitude.
    for (int i = 1; i < 4000; ++i) {
        const double high = std::pow(1.01, i % 2000) * (1 + i % 7);
        const double low = i % 3 == 0 ? -high / (1 + i % 5) : high / (1 + (i * 37) % 400);
        for (const auto round : {HeatScale::Round::Decimal, HeatScale::Round::Binary}) {
            const HeatScale::Edges edges = HeatScale::edgesFor(low, high, round, 0);
            const QByteArray what = QByteArray::number(low) + " to " + QByteArray::number(high) + ": " + printed(edges).toUtf8();
            QVERIFY2(std::is_sorted(edges.begin(), edges.end()) && std::adjacent_find(edges.begin(), edges.end()) == edges.end(), what.constData());
            QVERIFY2(edges.front() <= low && high <= edges.back() * (1 + 1e-9), what.constData());
        }
    }
}

void TestHeatScale::stepsFollowEdges()
{
    HeatScale scale;
    QCOMPARE(scale.step(5), 0);
    QVERIFY(scale.observe(1, 170, base::Instant()));
    QCOMPARE(printed(scale.edges()), QStringLiteral("0 2 5 10 20 50 100 200"));
    QCOMPARE(scale.step(0), 0);
    QCOMPARE(scale.step(1.99), 0);
    QCOMPARE(scale.step(2), 1);
    QCOMPARE(scale.step(99), 5);
    QCOMPARE(scale.step(100), 6);
    QCOMPARE(scale.step(1e9), 6);
    QCOMPARE(scale.step(-5), 0);
    QVERIFY(!scale.changedAt());
}

void TestHeatScale::edgesStayUntilAValueIsOutsideForTenSeconds()
{
    HeatScale scale;
    const base::Instant start;
    scale.observe(1, 170, start);
    const HeatScale::Edges before = scale.edges();
    for (int second = 1; second <= 10; ++second) {
        QVERIFY(!scale.observe(1, 5000, start + base::seconds(second)));
        QCOMPARE(scale.edges(), before);
    }
    QVERIFY(scale.observe(1, 5000, start + base::seconds(11)));
    QCOMPARE(printed(scale.edges()), QStringLiteral("0 50 100 200 500 1000 2000 5000"));
    QCOMPARE(*scale.changedAt(), start + base::seconds(11));
}

void TestHeatScale::aMomentOutsideChangesNothing()
{
    HeatScale scale;
    const base::Instant start;
    scale.observe(1, 170, start);
    for (int second = 1; second <= 60; ++second)
        QVERIFY(!scale.observe(1, second % 10 == 0 ? 100 : 5000, start + base::seconds(second)));
}

void TestHeatScale::aFlatPictureIsScaledAnew()
{
    HeatScale scale;
    const base::Instant start;
    scale.observe(0, 5000, start);
    QVERIFY(!scale.observe(0, 9, start + base::seconds(1)));
    QVERIFY(scale.observe(0, 9, start + base::seconds(12)));
    QCOMPARE(printed(scale.edges()), QStringLiteral("0 0.1 0.2 0.5 1 2 5 10"));
}

void TestHeatScale::aPinnedScaleStays()
{
    HeatScale scale;
    const base::Instant start;
    scale.observe(1, 170, start);
    scale.setPinned(true);
    for (int second = 1; second <= 30; ++second)
        QVERIFY(!scale.observe(1, 5000, start + base::seconds(second)));
    scale.setPinned(false);
    QVERIFY(!scale.observe(1, 5000, start + base::seconds(31)));
    QVERIFY(scale.observe(1, 5000, start + base::seconds(42)));
    HeatScale linked;
    linked.pinTo(scale.edges());
    QVERIFY(!linked.observe(1, 2, start));
    QCOMPARE(linked.edges(), scale.edges());
}

QTEST_APPLESS_MAIN(TestHeatScale)
#include "test_heat_scale.moc"
