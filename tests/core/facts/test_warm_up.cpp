// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/WarmUp.h"

#include <QTest>

#include <cmath>

using namespace shardlens;
using facts::Series;

class TestWarmUp : public QObject
{
    Q_OBJECT

    /// A step a second.
    static Series series(int steps, const std::function<double(int)> &value)
    {
        Series points;
        for (int i = 0; i < steps; ++i) {
            const double hits = value(i);
            points.push_back({base::UtcTime(base::seconds(i)), hits, hits, hits, hits < 0 ? 0U : 1U});
        }
        return points;
    }
    const Series m_usual = series(60, [](int i) { return i == 7 ? 0.5 : 0.98; });

private Q_SLOTS:
    void asUsualIsNoWarmUp()
    {
        QVERIFY(!facts::warmUpOf(series(60, [](int) { return 0.97; }), m_usual));
        QVERIFY(!facts::warmUpOf(series(60, [](int) { return 0.99; }), m_usual));
        QVERIFY(facts::warmUpOf(series(60, [](int) { return 0.90; }), m_usual));
    }

    void whatIsMissingShrinksByTheSameShare()
    {
        // 0.78 is missing at first, and halves each 30 s: of 0.195 after a minute it takes 30 * log2(19.5) = 129 s to a hundredth.
        const auto warmUp = facts::warmUpOf(series(61, [](int i) { return 0.98 - 0.78 * std::pow(0.5, i / 30.0); }), m_usual);
        QVERIFY(warmUp && warmUp->left);
        QCOMPARE(warmUp->usual, 0.98);
        QVERIFY(std::abs(warmUp->hits - 0.785) < 0.001);
        QVERIFY2(std::abs(warmUp->left->count() - 129) <= 1, qPrintable(QString::number(warmUp->left->count())));
    }

    void whatDoesNotRiseTellsNoTime()
    {
        const auto flat = facts::warmUpOf(series(60, [](int) { return 0.4; }), m_usual);
        QVERIFY(flat && !flat->left);
        const auto falling = facts::warmUpOf(series(60, [](int i) { return 0.8 - i * 0.002; }), m_usual);
        QVERIFY(falling && !falling->left);
        const auto slow = facts::warmUpOf(series(60, [](int i) { return 0.4 + i * 1e-9; }), m_usual);
        QVERIFY2(slow && !slow->left, "a time of years is no estimate");
    }

    void theLastFiveMinutesAreLatelyAndOldFiguresTellNothing()
    {
        const auto flushed = series(900, [](int i) { return i < 700 ? 0.98 : 0.4; });
        const base::UtcTime end = flushed.back().at;
        const auto warmUp = facts::warmUpOf(flushed, {}, end);
        QVERIFY(warmUp);
        QCOMPARE(warmUp->usual, 0.98);
        QVERIFY(facts::warmUpOf(flushed, {}, end + base::seconds(100)));
        QVERIFY(!facts::warmUpOf(flushed, {}, end + base::seconds(130)));
        QVERIFY2(!facts::warmUpOf(flushed, {}, end - base::seconds(1000)), "nothing lies before");
    }

    void gapsAreNoNoughts()
    {
        const auto warmUp = facts::warmUpOf(series(61, [](int i) { return i % 3 == 1 ? -1 : 0.98 - 0.78 * std::pow(0.5, i / 30.0); }), m_usual);
        QVERIFY(warmUp && warmUp->left);
        QVERIFY(std::abs(warmUp->left->count() - 129) <= 2);
        QVERIFY(!facts::warmUpOf(series(60, [](int) { return -1; }), m_usual));
        QVERIFY(!facts::warmUpOf(series(60, [](int) { return 0.4; }), {}));
    }
};

QTEST_GUILESS_MAIN(TestWarmUp)
#include "test_warm_up.moc"
