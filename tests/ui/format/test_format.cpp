// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Evidence.h"
#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/UnitKeeper.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::ui::format;
using namespace std::chrono_literals;

namespace {

/// Expected texts are written with a plain space and hyphen; the narrow space and the true minus stand in their place.
QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-')).replace(QChar(0x2265), QStringLiteral(">="));
}

constexpr auto kNow = base::UtcTime(std::chrono::sys_days{std::chrono::November / 21 / 2026} + 3h + 14min + 7s);

} // namespace

class TestFormat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytes_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64(0) << "0 B";
        QTest::newRow("bytes are whole") << qint64(312) << "312 B";
        QTest::newRow("just under a KiB") << qint64(1023) << "1,023 B";
        QTest::newRow("one KiB") << qint64(1024) << "1.00 KiB";
        QTest::newRow("three digits") << qint64(14889779) << "14.2 MiB";
        QTest::newRow("what rounds up takes the next unit") << qint64(1048000) << "1.00 MiB";
        QTest::newRow("999 KiB") << qint64(999 * 1024) << "999 KiB";
        QTest::newRow("slot limit") << qint64(432013312) << "412 MiB";
        QTest::newRow("GiB") << qint64(44238734131) << "41.2 GiB";
        QTest::newRow("a true minus") << qint64(-2048) << "-2.00 KiB";
        QTest::newRow("the largest") << std::numeric_limits<qint64>::max() << "8.00 EiB";
    }
    void bytes()
    {
        QFETCH(qint64, value);
        QFETCH(QString, text);
        QCOMPARE(plain(format_(value)), text);
    }
    static QString format_(qint64 value) { return ui::format::bytes(base::Bytes{value}); }

    void durations_data()
    {
        QTest::addColumn<qint64>("us");
        QTest::addColumn<QString>("duration");
        QTest::addColumn<QString>("age");
        QTest::addColumn<QString>("lag");
        QTest::newRow("nothing") << qint64(0) << "< 0.1 ms" << "< 0.1 s" << "< 0.01 s";
        QTest::newRow("under the resolution") << qint64(40) << "< 0.1 ms" << "< 0.1 s" << "< 0.01 s";
        QTest::newRow("0.4 ms") << qint64(400) << "0.4 ms" << "< 0.1 s" << "< 0.01 s";
        QTest::newRow("120 ms") << qint64(120'000) << "120 ms" << "0.1 s" << "0.12 s";
        QTest::newRow("rounds to a second") << qint64(999'600) << "1.00 s" << "1.0 s" << "1.00 s";
        QTest::newRow("4.2 s") << qint64(4'200'000) << "4.20 s" << "4.2 s" << "4.20 s";
        QTest::newRow("10 s keeps three digits") << qint64(9'996'000) << "10.0 s" << "10 s" << "10.0 s";
        QTest::newRow("33 s") << qint64(33'400'000) << "33.4 s" << "33 s" << "33.4 s";
        QTest::newRow("a minute by rounding") << qint64(59'970'000) << "1 min 0 s" << "1 min" << "60.0 s";
        QTest::newRow("2 min 14 s") << qint64(134'000'000) << "2 min 14 s" << "2 min" << "134 s";
        QTest::newRow("3 h 05 min") << qint64(11'100'000'000) << "3 h 05 min" << "3 h 05 min" << "11,100 s";
        QTest::newRow("2 d 4 h") << qint64(187'200'000'000) << "2 d 4 h" << "2 d 4 h" << "187,200 s";
    }
    void durations()
    {
        QFETCH(qint64, us);
        QTEST(plain(ui::format::duration(base::microseconds(us))), "duration");
        QTEST(plain(ui::format::age(base::microseconds(us))), "age");
        QTEST(plain(ui::format::lag(base::microseconds(us))), "lag");
    }

    /// What the source cannot tell is less than something, never nothing.
    void lagUnderItsResolution()
    {
        using base::microseconds;
        QCOMPARE(plain(ui::format::lagWithin(microseconds(0), microseconds(1'500'000))), "< 1.50 s");
        QCOMPARE(plain(ui::format::lagWithin(microseconds(0), microseconds(2'000'000))), "< 2.00 s");
        QCOMPARE(plain(ui::format::lagWithin(microseconds(3'200'000), microseconds(1'500'000))), "3.20 s");
        facts::StandbyLag lag;
        QCOMPARE(ui::format::lagOf(lag), QString());
        lag.time = microseconds(0);
        lag.resolution = microseconds(12'000'000);
        QCOMPARE(plain(ui::format::lagOf(lag)), "< 12.0 s");
    }

    void rates_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("rate");
        QTest::addColumn<QString>("hits");
        QTest::addColumn<QString>("share");
        QTest::newRow("nothing") << 0.0 << "0 /s" << "0.00 %" << "0 %";
        QTest::newRow("nearly nothing") << 0.0004 << "< 0.1 /s" << "0.04 %" << "< 0.1 %";
        QTest::newRow("a little") << 0.125 << "0.1 /s" << "12.50 %" << "12.5 %";
        QTest::newRow("half") << 0.51 << "0.5 /s" << "51.00 %" << "51 %";
        QTest::newRow("hit rate") << 0.98612 << "1.0 /s" << "98.61 %" << "99 %";
        QTest::newRow("nearly all is not all") << 0.99999 << "1.0 /s" << "99.99 %" << "100 %";
        QTest::newRow("all") << 1.0 << "1.0 /s" << "100.00 %" << "100 %";
    }
    void rates()
    {
        QFETCH(double, value);
        QTEST(plain(ui::format::rate(value)), "rate");
        QTEST(plain(ui::format::hitRate(value)), "hits");
        QTEST(plain(ui::format::share(value)), "share");
    }

    void changesAndSums()
    {
        QCOMPARE(plain(rate(1204)), "1,204 /s");
        QCOMPARE(plain(rateWas(5104, 5810)), "5,104 /s, was 5,810");
        QCOMPARE(plain(rateWas(5104, std::nullopt)), "5,104 /s");
        QCOMPARE(plain(bytesRate(2.1 * 1048576)), "2.10 MiB/s");
        QCOMPARE(plain(count(-63120)), "-63,120");
        QCOMPARE(plain(count(std::numeric_limits<qint64>::min())), "-9,223,372,036,854,775,808");
        QCOMPARE(plain(decimal(-0.0001, 2)), "0.00");
        QCOMPARE(plain(sumOf(format_(44238734131), 2, 12)), ">= 41.2 GiB (2 of 12 unknown)");
        QCOMPARE(plain(sumOf(QStringLiteral("7 /s"), 0, 3)), "7 /s");
        QCOMPARE(plain(sumOf(QStringLiteral("0 /s"), 3, 3)), "unknown (3 of 3)");
    }

    void times()
    {
        QCOMPARE(clockTime(kNow), "03:14:07Z");
        QCOMPARE(clockMinute(kNow), "03:14Z");
        QCOMPARE(clockTime(kNow - 4h, kNow), "23:14:07Z");
        QCOMPARE(clockTime(kNow - 24h, kNow), "20 Nov 03:14:07Z");
        QCOMPARE(clockTime(kNow - 24h * 365, kNow), "21 Nov 2025 03:14:07Z");
        QCOMPARE(dateTime(kNow), "2026-11-21 03:14:07Z");
        QCOMPARE(iso8601(kNow + 123456us), "2026-11-21T03:14:07.123Z");
        QCOMPARE(plain(ago(kNow - 4min, kNow)), "4 min ago");
        QCOMPARE(ago(kNow - 25h, kNow), "2026-11-20 02:14:07Z");
        QCOMPARE(ago(kNow, kNow), "just now");
        const facts::Since exact{kNow - 33s, true};
        const facts::Since bounded{kNow - 33s, false};
        QCOMPARE(sinceText(exact, kNow, bounded.at), "since 03:13:34Z");
        QCOMPARE(sinceText(bounded, kNow, bounded.at), "since before 03:13:34Z, when observing began");
        QCOMPARE(sinceText(bounded, kNow, kNow - 10s), "since before 03:13:34Z"); // a configuration's age, or an earlier run
        QCOMPARE(plain(sinceFor(exact, kNow)), "33 s");
        QCOMPARE(plain(sinceFor(bounded, kNow)), "over 33 s");
    }

    void unitsStayForThreeTicks()
    {
        UnitKeeper keeper;
        QCOMPARE(plain(keeper.bytes(base::Bytes{900 * 1024})), "900 KiB");
        QCOMPARE(plain(keeper.bytes(base::Bytes{1100 * 1024})), "1,100 KiB");
        QCOMPARE(plain(keeper.bytes(base::Bytes{1100 * 1024})), "1,100 KiB");
        QCOMPARE(plain(keeper.bytes(base::Bytes{900 * 1024})), "900 KiB"); // back in time: counting begins anew
        QCOMPARE(plain(keeper.bytes(base::Bytes{1100 * 1024})), "1,100 KiB");
        QCOMPARE(plain(keeper.bytes(base::Bytes{1100 * 1024})), "1,100 KiB");
        QCOMPARE(plain(keeper.bytes(base::Bytes{1100 * 1024})), "1.07 MiB");
        QCOMPARE(plain(keeper.bytes(base::Bytes{0})), "0.00 MiB");
    }

    void reasons()
    {
        using facts::WhyUnknown;
        QCOMPARE(unknownText({WhyUnknown::NoRights, "pg_monitor"}), "unknown: needs pg_monitor");
        QCOMPARE(unknownText({WhyUnknown::NotConfigured, "heartbeat"}), "unknown: no heartbeat in the fleet file");
        for (int why = 0; why <= int(WhyUnknown::Unreadable); ++why)
            QVERIFY(!reason({WhyUnknown(why), {}}).isEmpty());
    }

    /// People read words; an identifier that has none here is still told whole.
    void identifiersAreNotShownToPeople()
    {
        using facts::WhyUnknown;
        QCOMPARE(reason({WhyUnknown::NoValue, "not_streaming"}), "it does not stream");
        QCOMPARE(reason({WhyUnknown::NotConfigured, "media_map"}), "no media map in the fleet file");
        QCOMPARE(reason({WhyUnknown::NotConfigured, "host_access"}), "no host access in the fleet file");
        QCOMPARE(reason({WhyUnknown::NoValue, "u1_read"}), "no value: u1_read"); // a database's name
        QCOMPARE(readingValue("state", facts::Evidence::Value(std::string("not_streaming"))), "not streaming");
    }

    void factsSayTheirState()
    {
        using State = FormattedFact::State;
        const facts::Known<double> known = 12.0;
        const facts::Known<double> hidden = facts::unknown(facts::WhyUnknown::NoRights, "pg_monitor");
        const facts::Known<double> none = facts::unknown(facts::WhyUnknown::NoValue);
        const facts::Known<double> waiting = facts::notAsked<double>();
        const FactAge fresh{facts::Freshness::Fresh, 600ms, 0us};
        const FactAge stale{facts::Freshness::Stale, 14s, 0us};
        const FactAge asking{facts::Freshness::Asking, std::nullopt, 800ms};
        const FactAge justAsked{facts::Freshness::Asking, std::nullopt, 100ms};

        FormattedFact fact = formatted(known, fresh, rate);
        QCOMPARE(plain(fact.text), "12 /s");
        QCOMPARE(fact.state, State::Fresh);
        QCOMPARE(plain(fact.detail), "0.6 s ago");
        fact = formatted(known, stale, rate);
        QCOMPARE(fact.state, State::Stale);
        QCOMPARE(plain(fact.age), "14 s");
        QCOMPARE(fact.role, ui::theme::ColourRole::Muted);
        fact = formatted(hidden, fresh, rate);
        QCOMPARE(fact.text, "unknown: needs pg_monitor");
        QCOMPARE(fact.state, State::Unknown);
        fact = formatted(none, fresh, rate, QStringLiteral("none"));
        QCOMPARE(fact.text, "none");
        fact = formatted(waiting, asking, rate);
        QCOMPARE(plain(fact.text), "asking, 0.8 s");
        QCOMPARE(fact.state, State::Asking);
        QCOMPARE(formatted(waiting, justAsked, rate).text, QString(QChar(0x2026)));
        // An answer came, but this was not in it: that is unknown, not asking.
        QCOMPARE(formatted(waiting, fresh, rate).state, State::Unknown);
        QCOMPARE(notApplicable().text, "-");
    }

    void evidenceInWords()
    {
        const base::Instant now{1h};
        const facts::Evidence lagging{"replay_lag", base::microseconds(8'620'000), facts::Evidence::Value(base::microseconds(5'000'000)),
                                      base::ServerId("u1-us-east"), now - 600ms};
        QCOMPARE(plain(evidenceText(lagging, now)), "replay lag 8.62 s, limit 5.00 s, told by u1-us-east, 0.6 s ago");
        QCOMPARE(plain(readingValue("timeline", std::int64_t(40000))), "40000");
        QCOMPARE(plain(readingValue("waiting_clients", std::int64_t(40000))), "40,000");
        QCOMPARE(plain(readingValue("used_ratio", 0.93)), "93 %");
    }
};

QTEST_APPLESS_MAIN(TestFormat)
#include "test_format.moc"
