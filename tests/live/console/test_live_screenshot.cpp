// SPDX-License-Identifier: GPL-3.0-or-later
// `shardlens --screenshot` as a script runs it: each page in the asked size and theme, from servers that really run; and what it
// says where there is nothing to show.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Up.h"

#include <QImage>
#include <QProcess>
#include <QTest>

#include <filesystem>
#include <optional>
#include <set>
#include <unistd.h>

using namespace shardlens;

namespace {

constexpr int patienceMs = 40000;

struct Ran {
    int exit = -1;
    QByteArray err;
};

} // namespace

class LiveScreenshotTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aPageInTheAskedSizeAndTheme_data();
    void aPageInTheAskedSizeAndTheme();
    void whatCannotBeShownIsSaid();

private:
    [[nodiscard]] Ran run(const QStringList &arguments) const;
    [[nodiscard]] QString file(const char *name) const { return QString::fromStdString((m_home->root() / name).string()); }
    [[nodiscard]] QString fleetFile() const { return QString::fromStdString(m_home->fleetFile().string()); }

    std::optional<localfleet::Home> m_home;
};

Ran LiveScreenshotTest::run(const QStringList &arguments) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), file("home"));
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), file("home"));
    for (const char *name : {"XDG_CONFIG_HOME", "QT_FATAL_WARNINGS", "SHARDLENS_FLEET"})
        environment.remove(QString::fromLatin1(name)); // another user's, and the offscreen platform warns
    process.setProcessEnvironment(environment);
    // As the servers' owner in every respect: Qt refuses to start as one who is somebody else in part.
    process.setChildProcessModifier([] {
        if (::setresgid(::getegid(), ::getegid(), ::getegid()) != 0 || ::setresuid(::geteuid(), ::geteuid(), ::geteuid()) != 0)
            ::_exit(127);
    });
    process.start(QStringLiteral(SHARDLENS), arguments);
    if (!process.waitForFinished(patienceMs))
        return {};
    return {process.exitCode(), process.readAllStandardError()};
}

void LiveScreenshotTest::initTestCase()
{
    m_home = *localfleet::Home::at("/tmp/shardlens-screenshot-" + std::to_string(::getpid()));
    QVERIFY(localfleet::Owner::become(m_home->root()));
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    localfleet::Progress silent;
    const auto ground = localfleet::up(*m_home, &shape, silent);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    std::filesystem::create_directories(m_home->root() / "home");
    std::filesystem::permissions(m_home->root() / "home", std::filesystem::perms::owner_all);
}

void LiveScreenshotTest::cleanupTestCase()
{
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, true, silent);
}

void LiveScreenshotTest::aPageInTheAskedSizeAndTheme_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("isDark");
    QTest::newRow("overview, light") << "overview" << QSize(1280, 800) << false;
    QTest::newRow("shards, dark") << "shards" << QSize(1600, 1000) << true;
}

void LiveScreenshotTest::aPageInTheAskedSizeAndTheme()
{
    QFETCH(QString, page);
    QFETCH(QSize, size);
    QFETCH(bool, isDark);
    const QString picture = file("picture.png");
    const Ran ran = run({"--fleet", fleetFile(), "--page", page, "--screenshot", picture, "--size", QStringLiteral("%1x%2").arg(size.width()).arg(size.height()),
                         "--theme", isDark ? QStringLiteral("dark") : QStringLiteral("light")});
    QVERIFY2(ran.exit == 0, ran.err.constData());
    const QImage image(picture);
    QCOMPARE(image.size(), size);
    // The ground, and something on it: colours of text, lines and shapes.
    std::set<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3)
            colours.insert(image.pixel(x, y));
    }
    QVERIFY2(colours.size() > 50, qPrintable(QString::number(colours.size())));
    QCOMPARE(qGray(image.pixel(size.width() / 2, size.height() - 3)) < 128, isDark);
}

void LiveScreenshotTest::whatCannotBeShownIsSaid()
{
    const QString picture = file("none.png");
    const Ran wrongPage = run({"--fleet", fleetFile(), "--page", "shrads", "--screenshot", picture});
    QCOMPARE(wrongPage.exit, 2);
    QVERIFY2(wrongPage.err.contains("shrads"), wrongPage.err.constData());
    const Ran noFleet = run({"--screenshot", picture});
    QCOMPARE(noFleet.exit, 2);
    const Ran nowhere = run({"--fleet", fleetFile(), "--page", "shards", "--screenshot", "/nowhere/picture.png"});
    QCOMPARE(nowhere.exit, 3);
    QVERIFY2(nowhere.err.contains("/nowhere/picture.png"), nowhere.err.constData());
    QVERIFY(!std::filesystem::exists(picture.toStdString()));
}

QTEST_GUILESS_MAIN(LiveScreenshotTest)
#include "test_live_screenshot.moc"
