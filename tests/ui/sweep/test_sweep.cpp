// SPDX-License-Identifier: GPL-3.0-or-later
// Every page in the window as people have it: at 1024x700, 1280x800 and 2560x1440, text at 100 and 150 %, light and dark, in each state, in
// Roboto and in the font that stands in for it, and with texts a third longer, as translations are. With SHARDLENS_SWEEP_FONT=fallback
// the font that stands in is the only one there is; SHARDLENS_PICTURES names a folder that pictures are written to.
#include "app/shardlens/Pages.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QFontInfo>
#include <QTemporaryDir>
#include <QTranslator>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;

namespace {

/// Every text of ours a third longer, as in German.
class LongWords : public QTranslator
{
public:
    QString translate(const char *context, const char *source, const char *, int) const override
    {
        if (!QByteArrayView(context).startsWith("shardlens"))
            return {};
        const QString text = QString::fromUtf8(source);
        const auto letters = std::count_if(text.begin(), text.end(), [](QChar c) { return c.isLetter(); });
        return text + QString(static_cast<qsizetype>((letters * 3 + 9) / 10), QLatin1Char('x'));
    }
    [[nodiscard]] bool isEmpty() const override { return false; }
};

bool isFallbackRun()
{
    return qEnvironmentVariable("SHARDLENS_SWEEP_FONT") == QLatin1String("fallback");
}

/// Leaves the font system DejaVu alone. Before the application, which reads the fonts.
void offerOnlyFallback(QTemporaryDir &folder)
{
    QFile file(folder.filePath(QStringLiteral("fonts.conf")));
    if (!file.open(QIODevice::WriteOnly))
        return;
    file.write("<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>");
    file.write(folder.path().toUtf8());
    file.write("</cachedir></fontconfig>\n");
    file.close();
    qputenv("FONTCONFIG_FILE", file.fileName().toLocal8Bit());
}

} // namespace

class SweepTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theFontIsTheOneMeant();
    void everyPage_data();
    void everyPage();

private:
    std::unique_ptr<theme::Theme> m_theme;
};

void SweepTest::initTestCase()
{
    m_theme = std::make_unique<theme::Theme>(*qApp);
}

void SweepTest::theFontIsTheOneMeant()
{
    QCOMPARE(QFontInfo(theme::font(theme::FontRole::Body)).family(), isFallbackRun() ? QStringLiteral("DejaVu Sans") : QStringLiteral("Roboto"));
}

void SweepTest::everyPage_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("text");
    QTest::addColumn<bool>("longWords");
    const std::vector<std::pair<const char *, QSize>> sizes{{"1024x700", {1024, 700}}, {"1280x800", {1280, 800}}, {"2560x1440", {2560, 1440}}};
    for (const auto &page : app::pages(*fixtures::defaultFleet())) {
        const QByteArray id = page.id.toLatin1();
        for (const auto &[state, snapshot] : tests::states()) {
            for (const auto &[sizeName, size] : sizes) {
                QTest::addRow("%s, %s, %s", id.constData(), state, sizeName) << page.id << QString::fromLatin1(state) << size << 100 << false;
                QTest::addRow("%s, %s, %s, text 150", id.constData(), state, sizeName) << page.id << QString::fromLatin1(state) << size << 150 << false;
            }
            if (!isFallbackRun())
                QTest::addRow("%s, %s, 1280x800, long words", id.constData(), state) << page.id << QString::fromLatin1(state) << QSize(1280, 800) << 100 << true;
        }
    }
}

void SweepTest::everyPage()
{
    QFETCH(QString, page);
    QFETCH(QString, state);
    QFETCH(QSize, size);
    QFETCH(int, text);
    QFETCH(bool, longWords);
    LongWords words;
    if (longWords)
        QCoreApplication::installTranslator(&words);
    m_theme->setTextSize(text);
    const auto snapshot = tests::stateNamed(state);
    const auto history = tests::historyOf(snapshot);
    for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
        m_theme->setMode(mode);
        auto clock = std::make_shared<base::ManualClock>(snapshot->takenUtc);
        shell::WindowParts parts;
        parts.context = {snapshot->fleet, history.get(), clock};
        parts.pages = app::pages(*snapshot->fleet);
        shell::MainWindow window(std::move(parts));
        window.setMinimumSize(320, 240);
        window.resize(size);
        QVERIFY(window.goTo(page));
        window.showSnapshot(snapshot);
        window.show();
        tests::settle(window);
        const QString variant = QStringLiteral("%1-%2-%3x%4-%5-%6%7").arg(page, state).arg(size.width()).arg(size.height()).arg(text).arg(theme::Theme::name(mode), longWords ? QStringLiteral("-long") : isFallbackRun() ? QStringLiteral("-fallback") : QString());
        tests::savePicture(window, variant);
        const QStringList faults = tests::faultsOf(window);
        QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
        if (mode == theme::Theme::Mode::Light && qEnvironmentVariableIsEmpty("SHARDLENS_PICTURES") && (longWords || text != 100))
            break; // colours move nothing: the other theme is swept once
    }
    m_theme->setTextSize(100);
}

int main(int argc, char **argv)
{
    QTemporaryDir folder;
    if (isFallbackRun())
        offerOnlyFallback(folder);
    QApplication application(argc, argv);
    SweepTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_sweep.moc"
