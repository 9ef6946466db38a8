// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Warnings.h"
#include "tests/ui/theme/ColourSight.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Theme.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/Panel.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"

#include <QApplication>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace shardlens;
using namespace shardlens::ui::theme;

namespace {

const QList<ColourRole> kGrounds{ColourRole::Window, ColourRole::Surface, ColourRole::Alternate, ColourRole::Selection};

QByteArray pairName(const char *what, ColourRole a, ColourRole b, Appearance appearance)
{
    return QByteArray(what) + ' ' + QByteArray::number(int(a)) + " on " + QByteArray::number(int(b)) +
           (appearance == Appearance::Dark ? ", dark" : ", light");
}

/// CIE lightness of a colour, 0 to 100.
double lightness(const QColor &c)
{
    const double y = (contrast(c, Qt::black) * 0.05) - 0.05;
    return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

bool hasInk(const QImage &image)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) > 60)
                return true;
        }
    }
    return false;
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }

    void contrasts_data()
    {
        QTest::addColumn<int>("ink");
        QTest::addColumn<int>("ground");
        QTest::addColumn<int>("appearance");
        QTest::addColumn<double>("least");
        const auto row = [](const char *what, ColourRole ink, ColourRole ground, double least) {
            for (const Appearance appearance : {Appearance::Light, Appearance::Dark})
                QTest::newRow(pairName(what, ink, ground, appearance).constData()) << int(ink) << int(ground) << int(appearance) << least;
        };
        for (const ColourRole ground : kGrounds) {
            for (const ColourRole ink : {ColourRole::Text, ColourRole::Muted, ColourRole::Accent, ColourRole::CriticalText, ColourRole::WarningText,
                                         ColourRole::WellText, ColourRole::UnknownText, ColourRole::RunningText, ColourRole::MaintenanceText})
                row("text", ink, ground, 4.5);
        }
        for (const ColourRole ground : kGrounds) {
            for (const ColourRole ink : {ColourRole::CriticalFill, ColourRole::WellFill, ColourRole::UnknownFill, ColourRole::RunningFill,
                                         ColourRole::MaintenanceFill, ColourRole::WarningText})
                row("shape", ink, ground, 3.0);
        }
        for (const ColourRole ground : {ColourRole::Window, ColourRole::Surface})
            row("shape", ColourRole::ControlEdge, ground, 3.0);
        row("text on its ground", ColourRole::CriticalText, ColourRole::CriticalGround, 4.5);
        row("text on its ground", ColourRole::WarningText, ColourRole::WarningGround, 4.5);
        row("text on its ground", ColourRole::UnknownText, ColourRole::UnknownGround, 4.5);
        row("text on its ground", ColourRole::RunningText, ColourRole::RunningGround, 4.5);
        row("text on its ground", ColourRole::MaintenanceText, ColourRole::MaintenanceGround, 4.5);
        row("text on its ground", ColourRole::Text, ColourRole::CriticalGround, 4.5);
        row("text on its ground", ColourRole::Muted, ColourRole::CriticalGround, 4.5);
        row("text on its ground", ColourRole::Text, ColourRole::Raised, 4.5);
        row("mark on its fill", ColourRole::OnCritical, ColourRole::CriticalFill, 4.5);
        row("mark on its fill", ColourRole::OnWarning, ColourRole::WarningFill, 4.5);
        row("bar of what blocks", ColourRole::Surface, ColourRole::Text, 4.5);
        row("text on its ground", ColourRole::Text, ColourRole::WarningGround, 4.5);
        row("text on its ground", ColourRole::Muted, ColourRole::WarningGround, 4.5);
        row("text on accent", ColourRole::OnAccent, ColourRole::Accent, 4.5);
        row("tooltip", ColourRole::TooltipText, ColourRole::TooltipGround, 4.5);
        for (const ColourRole environment : {ColourRole::EnvironmentLocal, ColourRole::EnvironmentStaging, ColourRole::EnvironmentProduction})
            row("environment word", ColourRole::OnEnvironment, environment, 4.5);
        for (int i = 0; i < 6; ++i)
            row("chart line", series(i), ColourRole::Surface, 3.0);
        for (int level = 1; level <= 5; ++level)
            row("lag edge", lagEdge(level), ColourRole::Surface, 3.0);
    }

    void contrasts()
    {
        QFETCH(int, ink);
        QFETCH(int, ground);
        QFETCH(int, appearance);
        QFETCH(double, least);
        const double ratio = contrast(colour(ColourRole(ink), Appearance(appearance)), colour(ColourRole(ground), Appearance(appearance)));
        QVERIFY2(ratio >= least, qPrintable(QStringLiteral("%1, wanted %2").arg(ratio).arg(least)));
    }

    void severitiesDifferForEverySight_data()
    {
        QTest::addColumn<int>("sight");
        QTest::addColumn<double>("least");
        QTest::newRow("protan") << int(tests::Sight::Protan) << 9.0;
        QTest::newRow("deutan") << int(tests::Sight::Deutan) << 9.0;
        QTest::newRow("tritan") << int(tests::Sight::Tritan) << 8.0;
    }

    void severitiesDifferForEverySight()
    {
        // A pair whose distance is published with the formula.
        QVERIFY(std::abs(tests::distance({50, 2.6772, -79.7751}, {50, 0, -82.7485}) - 2.0425) < 0.0001);
        QFETCH(int, sight);
        QFETCH(double, least);
        const QList<ColourRole> fills{ColourRole::CriticalFill, ColourRole::WarningFill, ColourRole::WellFill, ColourRole::UnknownFill, ColourRole::RunningFill, ColourRole::MaintenanceFill};
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            for (qsizetype i = 0; i < fills.size(); ++i) {
                for (qsizetype k = i + 1; k < fills.size(); ++k) {
                    const double apart = tests::distance(tests::seenBy(tests::Sight(sight), colour(fills[i], appearance)), tests::seenBy(tests::Sight(sight), colour(fills[k], appearance)));
                    QVERIFY2(apart >= least, qPrintable(QStringLiteral("%1 and %2: %3").arg(int(fills[i])).arg(int(fills[k])).arg(apart)));
                }
            }
        }
    }

    void heatAndLagStepsAreMonotoneInLightness()
    {
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            const double way = appearance == Appearance::Light ? -1 : 1; // more is darker on light ground, lighter on dark ground
            for (int i = 0; i < 6; ++i)
                QVERIFY(way * (lightness(colour(heatStep(i + 1), appearance)) - lightness(colour(heatStep(i), appearance))) > 2);
            for (int level = 1; level < 5; ++level)
                QVERIFY(way * (lightness(colour(lagFill(level + 1), appearance)) - lightness(colour(lagFill(level), appearance))) > 2);
        }
    }

    void paletteFillsEveryRoleOfEveryGroup()
    {
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            const QPalette palette = paletteOf(appearance);
            QCOMPARE(appearanceOf(palette), appearance);
            for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
                for (int role = 0; role < QPalette::NColorRoles; ++role) {
                    if (role != QPalette::NoRole)
                        QVERIFY2(palette.isBrushSet(group, QPalette::ColorRole(role)), qPrintable(QString::number(role)));
                }
            }
            QCOMPARE(palette.color(QPalette::Inactive, QPalette::Highlight), palette.color(QPalette::Active, QPalette::Highlight));
        }
    }

    void themeReachesWidgetsAtRunTime()
    {
        Theme theme(*qApp);
        Text text(FontRole::Headline);
        text.setText(QStringLiteral("Lag"));
        text.show();
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setMode(Theme::Mode::Dark);
        QTRY_COMPARE(appearanceOf(text.palette()), Appearance::Dark);
        theme.setMode(Theme::Mode::Light);
        QTRY_COMPARE(appearanceOf(text.palette()), Appearance::Light);
        QCOMPARE(changed.count(), 2);

        const int before = text.sizeHint().width();
        theme.setTextSize(150);
        QCoreApplication::sendPostedEvents();
        QCOMPARE(QApplication::font().pixelSize(), 20);
        QTRY_VERIFY(text.sizeHint().width() > before);
        theme.setTextSize(1000);
        QCOMPARE(theme.textSize(), 150);
        theme.setTextSize(100);
        QCOMPARE(scaled(24), 24);
    }

    void modesHaveNames()
    {
        for (const auto mode : {Theme::Mode::System, Theme::Mode::Light, Theme::Mode::Dark})
            QCOMPARE(Theme::fromName(Theme::name(mode)), std::optional(mode));
        QVERIFY(!Theme::fromName(QStringLiteral("blue")));
    }

    void digitsHaveOneWidth()
    {
        for (const FontRole role : {FontRole::Body, FontRole::BodyBold, FontRole::Caption, FontRole::Mono}) {
            const QFontMetricsF metrics(font(role));
            for (char digit = '1'; digit <= '9'; ++digit)
                QCOMPARE(metrics.horizontalAdvance(QLatin1Char(digit)), metrics.horizontalAdvance(QLatin1Char('0')));
        }
        QCOMPARE(QFontInfo(font(FontRole::Body)).family(), QStringLiteral("Roboto"));
        QCOMPARE(QFontInfo(font(FontRole::Mono)).family(), QStringLiteral("DejaVu Sans Mono"));
    }

    void everyShapeLeavesInkAndDiffers()
    {
        QList<QImage> seen;
        for (int i = int(Shape::Diamond); i <= int(Shape::Stop); ++i) {
            QImage image(28, 28, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            // One colour for all: they must differ by form alone.
            paintShape(painter, Shape(i), QRectF(0, 0, 28, 28), Qt::black, Qt::white);
            painter.end();
            QVERIFY2(hasInk(image), qPrintable(QString::number(i)));
            QVERIFY2(!seen.contains(image), qPrintable(QString::number(i)));
            seen << image;
        }
    }

    void everyIconIsDrawnInTheRolesColour()
    {
        const QStringList names = iconNames();
        QVERIFY(names.contains(QStringLiteral("search")));
        QVERIFY(icon(QStringLiteral("no such")).isNull());
        Theme theme(*qApp);
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            theme.setMode(mode);
            for (const QString &name : names) {
                const QImage image = icon(name).pixmap(QSize(64, 64)).toImage().convertToFormat(QImage::Format_ARGB32);
                QVERIFY2(hasInk(image), qPrintable(name));
                const QColor wanted = colour(ColourRole::Text, theme.appearance());
                bool found = false;
                for (int y = 0; y < 64 && !found; ++y) {
                    for (int x = 0; x < 64 && !found; ++x)
                        found = qAlpha(image.pixel(x, y)) == 255 && QColor(image.pixel(x, y)) == wanted;
                }
                QVERIFY2(found, qPrintable(name));
            }
        }
    }

    void textElidesNamesOnly()
    {
        Text name(FontRole::Body);
        name.setElide(Text::Elide::Middle);
        name.setText(QStringLiteral("a-very-long-server-name-in-us-east-1234"));
        name.resize(80, 20);
        name.show();
        QVERIFY(name.isElided());
        QCOMPARE(name.toolTip(), name.text());
        Text number(FontRole::Body);
        number.setText(QStringLiteral("1,204 /s"));
        QVERIFY(number.minimumSizeHint().width() >= QFontMetrics(number.font()).horizontalAdvance(number.text()));
        const int before = number.sizeHint().width();
        number.setWidest(QStringLiteral("888,888 /s"));
        const int kept = number.sizeHint().width();
        QVERIFY(kept > before);
        number.setText(QStringLiteral("9 /s"));
        QCOMPARE(number.sizeHint().width(), kept);
    }

    void segmentedControlByKeys()
    {
        SegmentedControl control({QStringLiteral("5 min"), QStringLiteral("15 min"), QStringLiteral("1 h")});
        QSignalSpy changed(&control, &SegmentedControl::currentChanged);
        QTest::keyClick(&control, Qt::Key_Right);
        QTest::keyClick(&control, Qt::Key_End);
        QTest::keyClick(&control, Qt::Key_Right);
        QCOMPARE(control.current(), 2);
        QCOMPARE(changed.count(), 2);
        control.resize(control.sizeHint());
        QTest::mouseClick(&control, Qt::LeftButton, {}, QPoint(4, 10));
        QCOMPARE(control.current(), 0);
    }
};

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
