// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/ClockSight.h"

#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using cacheflow::ClockSight;

class TestClockSight : public QObject
{
    Q_OBJECT

    const base::Instant m_start{1000s};
    /// A server whose clock is `ahead` of ours, asked at `at`, answered after `took` from the middle.
    ClockSight sight(base::milliseconds ahead, base::milliseconds took, base::milliseconds at = 0ms) const
    {
        const auto middle = m_start + at + took / 2;
        const double server = 1.7e9 + std::chrono::duration<double>(middle - m_start + ahead).count();
        return ClockSight::of(server, m_start + at, m_start + at + took);
    }

private Q_SLOTS:
    void aLeadIsFarAndNearApart_data()
    {
        QTest::addColumn<int>("readAhead");
        QTest::addColumn<int>("primaryAhead");
        QTest::addColumn<int>("trip");
        QTest::addColumn<int>("lead");
        QTest::newRow("they agree") << 0 << 0 << 2 << 0;
        QTest::newRow("both are off alike") << 30000 << 30000 << 2 << 0;
        QTest::newRow("the standby is ahead") << 30000 << 0 << 2 << 30000;
        QTest::newRow("it is behind") << -1200 << 0 << 2 << -1200;
        QTest::newRow("the primary is ahead") << 0 << 700 << 2 << -700;
        QTest::newRow("less than clocks usually differ") << 40 << 0 << 2 << 0;
        QTest::newRow("less than a long way hides") << 200 << 0 << 300 << 0;
    }
    void aLeadIsFarAndNearApart()
    {
        QFETCH(int, readAhead);
        QFETCH(int, primaryAhead);
        QFETCH(int, trip);
        QFETCH(int, lead);
        const auto found = cacheflow::clockLead(sight(base::milliseconds(readAhead), base::milliseconds(trip)),
                                                sight(base::milliseconds(primaryAhead), base::milliseconds(trip), 5000ms));
        QVERIFY(found.has_value() == (lead != 0));
        if (found)
            QVERIFY2(std::chrono::abs(*found - base::milliseconds(lead)) < 1ms, qPrintable(QString::number(found->count())));
    }

    void nothingIsSaidOfWhatIsNotKnown()
    {
        QVERIFY(!cacheflow::clockLead(std::nullopt, sight(0ms, 2ms)));
        QVERIFY(!cacheflow::clockLead(sight(9000ms, 2ms), std::nullopt));
    }

    void theNarrowerSightIsKeptForAMinute()
    {
        const ClockSight narrow = sight(0ms, 2ms);
        QCOMPARE(ClockSight::better(std::nullopt, narrow).margin, narrow.margin);
        QCOMPARE(ClockSight::better(narrow, sight(500ms, 80ms, 30s)).margin, narrow.margin);
        QCOMPARE(ClockSight::better(narrow, sight(500ms, 80ms, 61s)).margin, base::microseconds(40ms));
        QCOMPARE(ClockSight::better(narrow, sight(500ms, 1ms, 1s)).margin, base::microseconds(500));
    }
};

QTEST_GUILESS_MAIN(TestClockSight)
#include "test_clock_sight.moc"
