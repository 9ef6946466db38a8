// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Sweep.h"
#include "tests/ui/TextRecorder.h"
#include "tests/ui/Warnings.h"
#include "ui/charts/ChartPanel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Theme.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace shardlens;
using namespace shardlens::ui::charts;
using namespace std::chrono_literals;

namespace {

constexpr auto kEnd = base::UtcTime(std::chrono::sys_days{std::chrono::November / 21 / 2026} + 6h + 4min);

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-'));
}

QString print(const std::vector<Tick> &ticks)
{
    QStringList labels;
    for (const Tick &tick : ticks)
        labels << plain(tick.label);
    return labels.join(QStringLiteral(" | "));
}

/// Points each `step` that end at kEnd.
template <class Value>
facts::Series seriesOf(int count, base::seconds step, Value value)
{
    facts::Series series;
    for (int i = 0; i < count; ++i) {
        const std::optional<double> v = value(i);
        series.push_back({kEnd - step * (count - i), v.value_or(0), v.value_or(0), v.value_or(0), v ? 1u : 0u});
    }
    return series;
}

ChartLine line(const char *name, int series, facts::Series points)
{
    ChartLine result;
    result.name = QString::fromLatin1(name);
    result.series = series;
    result.points = std::move(points);
    return result;
}

int countOf(const QImage &image, const QColor &wanted)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += QColor(image.pixel(x, y)) == wanted;
    }
    return count;
}

} // namespace

class TestTimeChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }

    void ticks()
    {
        QCOMPARE(stepUp(0), 1.0);
        QCOMPARE(stepUp(1191), 2000.0);
        QCOMPARE(stepUp(0.08), 0.1);
        QCOMPARE(stepUp(5), 5.0);
        QCOMPARE(stepUp(38.4 * 1048576, Unit::Bytes), 50.0 * 1048576);
        QCOMPARE(stepUp(700.0 * 1048576, Unit::Bytes), 1024.0 * 1048576);
        QCOMPARE(print(ticksTo(2000, 3, Unit::PerSecond)), "0 | 1k | 2k");
        QCOMPARE(print(ticksTo(0.2, 3, Unit::Seconds)), "0 | 0.1 | 0.2 s");
        QCOMPARE(print(ticksTo(50.0 * 1048576, 6, Unit::Bytes)), "0 | 10 | 20 | 30 | 40 | 50 MiB");
        QCOMPARE(print(ticksTo(1, 3, Unit::Ratio)), "0 | 50 | 100 %");
        QCOMPARE(print(ticksLog(0.01, 100, 5, Unit::Seconds)), "0.01 | 0.1 | 1 | 10 | 100 s");
        QCOMPARE(print(ticksBeforeNow(300, 6)), "-5 min | -4 | -3 | -2 | -1 | now");
        QCOMPARE(print(ticksBeforeNow(3600, 5)), "-60 min | -45 | -30 | -15 | now");
        QCOMPARE(print(ticksOfTime(double(kEnd.time_since_epoch().count()) / 1e6 - 3540, double(kEnd.time_since_epoch().count()) / 1e6, 5)),
                 "05:15Z | 05:30 | 05:45 | 06:00");
    }

    void axisChangesStepwise()
    {
        StepwiseTop top(Unit::PerSecond);
        QCOMPARE(top.update(1191), 2000.0);
        QCOMPARE(top.update(2001), 5000.0);
        for (int i = 0; i < StepwiseTop::kCalmTicks - 1; ++i)
            QCOMPARE(top.update(1191), 5000.0);
        QCOMPARE(top.update(1191), 2000.0);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(top.update(900), 2000.0); // 45 % of the axis: it stays
    }

    void gapsStayGaps()
    {
        TimeChart chart(Unit::Seconds);
        chart.setRange(kEnd - 60s, kEnd);
        chart.setLines({line("us-west", 1, seriesOf(60, 1s, [](int i) { return i >= 20 && i < 40 ? std::nullopt : std::optional(0.1 * i); }))});
        QCOMPARE(chart.valueAt(0, kEnd - 60s + 10500ms), std::optional(1.0));
        QVERIFY(!chart.valueAt(0, kEnd - 60s + 30s));
        QVERIFY(!chart.valueAt(0, kEnd + 5s));
        QVERIFY(!chart.valueAt(7, kEnd));
        const QStringList csv = chart.asCsv().split(QStringLiteral("\r\n"));
        QCOMPARE(csv.at(0), "time,us-west");
        QCOMPARE(csv.at(11), "2026-11-21T06:03:10.000Z,1");
        QCOMPARE(csv.at(31), "2026-11-21T06:03:30.000Z,");
    }

    void crossHairIsShared()
    {
        CrossHair crossHair;
        ChartPanel time(QStringLiteral("Lag in time"), Unit::Seconds, TimeChart::Scale::Log);
        ChartPanel bytes(QStringLiteral("Lag in bytes"), Unit::Bytes);
        for (ChartPanel *panel : {&time, &bytes}) {
            panel->chart()->setCrossHair(&crossHair);
            panel->chart()->setRange(kEnd - 60s, kEnd);
            panel->chart()->setLines({line("us-west", 1, seriesOf(60, 1s, [](int i) { return std::optional(double(i)); }))});
            panel->resize(600, 160);
            panel->show();
        }
        QVERIFY(!time.chart()->readOut());
        QTest::keyClick(time.chart(), Qt::Key_Left);
        QTest::keyClick(time.chart(), Qt::Key_Left);
        const auto readOut = bytes.chart()->readOut();
        QVERIFY(readOut);
        QCOMPARE(readOut->at, "at 06:03:58Z");
        QCOMPARE(plain(readOut->values.at(0).second), "58 B");
        QTest::keyClick(time.chart(), Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(time.chart(), Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(crossHair.span());
        QCOMPARE(bytes.chart()->asCsv().count(QStringLiteral("\r\n")), 4); // the header and the three picked seconds
        QTest::keyClick(time.chart(), Qt::Key_Escape);
        QVERIFY(!crossHair.time());
    }

    void linesTakeTheirColourFromThePalette()
    {
        ui::theme::Theme theme(*qApp);
        theme.setMode(ui::theme::Theme::Mode::Light);
        TimeChart chart(Unit::PerSecond);
        chart.resize(400, 120);
        chart.setRange(kEnd - 60s, kEnd);
        chart.setLines({line("all", 0, seriesOf(60, 1s, [](int) { return std::optional(700.0); }))});
        chart.show();
        const auto ink = [&] { return ui::theme::colour(ui::theme::ColourRole::Series1, theme.appearance()); };
        QVERIFY(countOf(chart.toImage(2), ink()) > 200);
        theme.setMode(ui::theme::Theme::Mode::Dark);
        QTRY_COMPARE(ui::theme::appearanceOf(chart.palette()), ui::theme::Appearance::Dark);
        QVERIFY(countOf(chart.toImage(2), ink()) > 200);
        QCOMPARE(chart.axisTop(), 1000.0);
    }

    /// The charts of a slow link, in both themes; the pictures are kept where SHARDLENS_PICTURES names a folder.
    void picture_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void picture()
    {
        QFETCH(bool, dark);
        ui::theme::Theme theme(*qApp);
        theme.setMode(dark ? ui::theme::Theme::Mode::Dark : ui::theme::Theme::Mode::Light);
        CrossHair crossHair;
        ChartPanel panel(QStringLiteral("Lag in time"), Unit::Seconds, TimeChart::Scale::Log);
        panel.resize(836, 180);
        TimeChart *chart = panel.chart();
        chart->setTimeLabels(TimeChart::TimeLabels::Clock);
        chart->setRange(kEnd - 1h, kEnd);
        ChartLine west = line("us-west", 1, seriesOf(360, 10s, [](int i) { return std::optional(i < 250 ? 0.08 + 0.01 * (i % 5) : 0.08 + 0.08 * (i - 250)); }));
        west.was = seriesOf(360, 10s, [](int i) { return std::optional(0.09 + 0.01 * (i % 3)); });
        west.endText = QStringLiteral("8.62 s");
        ChartLine east = line("eu-west", 2, seriesOf(360, 10s, [](int i) { return i > 100 && i < 130 ? std::nullopt : std::optional(0.05 + 0.002 * (i % 4)); }));
        chart->setLines({west, east});
        chart->setLimit(ChartLimit{30, QStringLiteral("critical from 30 s")});
        chart->setMarks({{kEnd - 49min, ChartMark::Kind::Event, QStringLiteral("05:15Z setting changed")},
                         {kEnd - 18min, ChartMark::Kind::Warning, QStringLiteral("05:46Z link slow")}});
        chart->setObservedSince(kEnd - 57min);
        chart->setCrossHair(&crossHair);
        crossHair.setTime(kEnd - 8min);
        panel.show();
        QTRY_COMPARE(chart->axisTop(), 100.0);
        QCoreApplication::processEvents();
        const QImage image = panel.grab().toImage();
        QVERIFY(countOf(image, ui::theme::colour(ui::theme::ColourRole::Text, theme.appearance())) > 50); // the cross-hair
        const QString folder = qEnvironmentVariable("SHARDLENS_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(image.save(folder + (dark ? QStringLiteral("/chart-dark.png") : QStringLiteral("/chart-light.png"))));
    }

    /// Wherever a mark falls, the limit's words give way to its shape, its line and its words.
    void theLimitsWordsGiveWayToMarks()
    {
        ui::theme::Theme theme(*qApp);
        TimeChart chart(Unit::Seconds, TimeChart::Scale::Log);
        chart.resize(420, 170);
        chart.setRange(kEnd - 1h, kEnd);
        chart.setLines({line("us-west", 1, seriesOf(360, 10s, [](int) { return std::optional(0.08); }))});
        chart.setLimit(ChartLimit{30, QStringLiteral("level 5 from 30 s")});
        chart.show();
        QTRY_COMPARE(chart.axisTop(), 100.0);
        QVERIFY(tests::textsIn(chart).contains(QStringLiteral("level 5 from 30 s")));
        for (int minutes = 1; minutes < 60; ++minutes) {
            chart.setMarks({{kEnd - base::seconds(60 * minutes), ChartMark::Kind::Warning, QStringLiteral("u1-us-west restarted")}});
            QCOMPARE(tests::faultsOf(chart), QStringList());
        }
    }

    /// Lines that end at zero have their names above the time axis, whatever stands on it.
    void chartsUnderEachOtherHaveTheSameSides()
    {
        ui::theme::Theme theme(*qApp);
        CrossHair crossHair;
        QWidget page;
        auto *rows = new QVBoxLayout(&page);
        std::vector<TimeChart *> charts;
        for (const char *end : {"", "1.23 MiB of a long text"}) {
            auto *chart = new TimeChart(Unit::Bytes);
            chart->setCrossHair(&crossHair);
            chart->setRange(kEnd - 60s, kEnd);
            ChartLine one = line("us-west", 1, seriesOf(60, 1s, [](int) { return std::optional(5.0); }));
            one.endText = QString::fromLatin1(end);
            chart->setLines({one});
            rows->addWidget(chart);
            charts.push_back(chart);
        }
        page.resize(600, 300);
        page.show();
        const auto labelAt = [](TimeChart &chart) {
            tests::TextRecorder recorder(chart.size());
            chart.render(&recorder);
            for (const tests::DrawnText &text : recorder.texts()) {
                if (text.text.startsWith(QStringLiteral("us-west")))
                    return text.box.left();
            }
            return -1.0;
        };
        QTRY_VERIFY(labelAt(*charts[0]) > 0);
        QTRY_COMPARE(labelAt(*charts[0]), labelAt(*charts[1]));
        const double wide = labelAt(*charts[0]);
        delete charts[1];
        QTRY_VERIFY(labelAt(*charts[0]) > wide); // the room that it alone needs
    }

    void endLabelsStayAboveTheTimeAxis()
    {
        ui::theme::Theme theme(*qApp);
        TimeChart chart(Unit::Count);
        chart.resize(420, 86);
        chart.setRange(kEnd - 15min, kEnd);
        std::vector<ChartLine> lines;
        for (int i = 0; i < 3; ++i)
            lines.push_back(line(i == 0 ? "us-east" : i == 1 ? "us-west" : "eu-west", i, seriesOf(90, 10s, [](int) { return std::optional(0.0); })));
        chart.setLines(std::move(lines));
        chart.show();
        QTRY_VERIFY(tests::textsIn(chart).contains(QStringLiteral("eu-west")));
        tests::TextRecorder recorder(chart.size());
        chart.render(&recorder);
        double lowest = 0;
        for (const tests::DrawnText &text : recorder.texts()) {
            if (text.text.contains(QStringLiteral("-east")) || text.text.contains(QStringLiteral("-west")))
                lowest = std::max(lowest, text.box.bottom());
        }
        QVERIFY(lowest > 0);
        // The axis's own labels have the lowest line of the chart.
        const double axis = chart.height() - QFontMetricsF(ui::theme::font(ui::theme::FontRole::Caption)).height();
        QVERIFY2(lowest < axis, qPrintable(QStringLiteral("%1, %2").arg(lowest).arg(axis)));
    }

    void hundredDataChangesAreOnePaint()
    {
        TimeChart chart(Unit::PerSecond);
        chart.resize(400, 120);
        chart.show();
        for (int i = 0; i < 100; ++i) {
            chart.setRange(kEnd - 60s, kEnd + base::seconds(i));
            chart.setLines({line("all", 0, seriesOf(60, 1s, [](int n) { return std::optional(double(n)); }))});
        }
        QTRY_COMPARE(chart.axisTop(), 100.0);
        // More lines than can be told apart are not drawn.
        chart.setLines(std::vector<ChartLine>(9));
        QVERIFY(chart.asCsv().startsWith(QStringLiteral("time,,,,,,\r\n")));
    }
};

QTEST_MAIN(TestTimeChart)
#include "test_time_chart.moc"
