// SPDX-License-Identifier: GPL-3.0-or-later
// The console on real servers: a region is evacuated from its page, watched, returned to; one is stopped after a wave, and resumed.
// SHARDLENS_PICTURES names a folder that pictures of each stage are written to, in both themes and two sizes.
#include "app/shardlens/Console.h"
#include "ui/operate/CampaignBar.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/CampaignChoices.h"
#include "ui/pages/operations/CampaignView.h"
#include "ui/pages/operations/ManualPanel.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/theme/Theme.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/TickBox.h"

#include <QDir>
#include <QFileInfo>
#include <QPixmap>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace shardlens;
using campaign::Aim;
using ui::pages::OperationsPage;
using ui::shell::StripKind;

namespace {

constexpr int readyMs = 90'000;
constexpr int endMs = 120'000;

} // namespace

class LiveEvacuationPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void anEvacuationIsPlannedConfirmedAndFollowed();
    void theStripLeadsHome();
    void oneIsStoppedAfterAWaveAndResumed();

private:
    [[nodiscard]] int fleetCommand(const QStringList &arguments);
    [[nodiscard]] OperationsPage &page() { return *dynamic_cast<OperationsPage *>(m_console->window().currentPage()); }
    [[nodiscard]] ui::pages::CampaignView &view() { return *page().campaignView(); }
    [[nodiscard]] bool isArmed() { return view().isPlan() && view().confirmBar()->arming().isArmed; }
    void tickAll();
    void press();
    void picture(const char *stage);
    [[nodiscard]] QString outcome();

    QTemporaryDir m_home{QStringLiteral("/tmp/evacuation-page-XXXXXX")};
    std::unique_ptr<ui::theme::Theme> m_theme;
    std::unique_ptr<app::Console> m_console;
    int m_pictures = 0;
};

int LiveEvacuationPageTest::fleetCommand(const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(QStringLiteral(LOCALFLEET), QStringList{QStringLiteral("--dir"), m_home.filePath(QStringLiteral("fleet"))} + arguments);
    return process.waitForFinished(180'000) ? process.exitCode() : -1;
}

void LiveEvacuationPageTest::initTestCase()
{
    QFile::setPermissions(m_home.path(), QFile::Permissions(0x7755)); // servers belong to an unprivileged user
    qputenv("XDG_STATE_HOME", m_home.filePath(QStringLiteral("state")).toUtf8());
    qputenv("PATH", QFileInfo(QStringLiteral(LOCALFLEET)).absolutePath().toUtf8() + ':' + qgetenv("PATH")); // where the executor is
    QCOMPARE(fleetCommand({QStringLiteral("up"), QStringLiteral("--clusters"), QStringLiteral("2"), QStringLiteral("--shards"), QStringLiteral("8"), QStringLiteral("--latency"), QStringLiteral("0")}), 0);
    const QString file = m_home.filePath(QStringLiteral("fleet/fleet.toml"));
    auto reading = fleet::readFleetFile(file.toStdString());
    QVERIFY(reading.has_value());
    m_theme = std::make_unique<ui::theme::Theme>(*qApp);
    m_theme->setMode(ui::theme::Theme::Mode::Dark);
    m_console = std::make_unique<app::Console>(app::Console::Source{std::make_shared<const fleet::Fleet>(std::move(*reading)), file, {}, {}}, *m_theme, nullptr);
    m_console->window().resize(1280, 800);
    m_console->window().show();
    m_console->start();
}

void LiveEvacuationPageTest::cleanupTestCase()
{
    m_console.reset();
    QCOMPARE(fleetCommand({QStringLiteral("down"), QStringLiteral("--delete")}), 0);
}

void LiveEvacuationPageTest::picture(const char *stage)
{
    const QString folder = qEnvironmentVariable("SHARDLENS_PICTURES");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    ++m_pictures;
    const QSize usual = m_console->window().size();
    for (const auto mode : {ui::theme::Theme::Mode::Light, ui::theme::Theme::Mode::Dark}) { // dark is last, as it was
        for (const QSize size : {QSize(2560, 1440), usual}) {
            m_theme->setMode(mode);
            m_console->window().resize(size);
            QTest::qWait(50);
            const QString name = QStringLiteral("live-%1-%2-%3-%4.png")
                                     .arg(m_pictures, 2, 10, QLatin1Char('0'))
                                     .arg(QLatin1String(stage))
                                     .arg(size.width())
                                     .arg(ui::theme::Theme::name(mode));
            QVERIFY(m_console->window().grab().save(QDir(folder).filePath(name)));
        }
    }
}

/// What a person does is done.
void LiveEvacuationPageTest::tickAll()
{
    const auto steps = view().watch().shown()->manual;
    for (const campaign::ManualStep &step : steps) {
        if (auto *tick = view().manual()->tickOf(step.id()); tick && !tick->isChecked())
            tick->click();
    }
}

/// As a person would: where the executor sees something else than was read, it is told, and pressed again.
void LiveEvacuationPageTest::press()
{
    for (int i = 0; i < 5 && view().isPlan(); ++i) {
        tickAll();
        QTRY_VERIFY_WITH_TIMEOUT(isArmed(), readyMs);
        view().confirmBar()->setDeafFor(0);
        view().confirmBar()->button()->click();
        const auto isRefused = [&] { return view().isPlan() && view().confirmBar()->sentence().startsWith(QStringLiteral("Not started")); };
        QTRY_VERIFY_WITH_TIMEOUT(!view().isPlan() || isRefused(), endMs);
        if (!isRefused())
            return;
        qInfo("%s", qPrintable(view().confirmBar()->sentence()));
        QTest::qWait(2000);
        view().bannerButton()->click(); // plan again, where that is offered
    }
}

QString LiveEvacuationPageTest::outcome()
{
    return view().isPlan() ? view().confirmBar()->sentence() : view().campaignBar()->text();
}

void LiveEvacuationPageTest::anEvacuationIsPlannedConfirmedAndFollowed()
{
    m_console->window().openCampaignPlan({Aim::Evacuate, "us-east"});
    QTRY_VERIFY_WITH_TIMEOUT(isArmed() && view().watch().shown()->waves >= 2 && view().watch().shown()->effect.clusters == 3, readyMs);
    picture("plan");
    tickAll();
    picture("plan-ticked");
    QElapsedTimer timer;
    timer.start();
    press();
    QTRY_VERIFY_WITH_TIMEOUT(!view().isPlan() || !outcome().contains(QStringLiteral("Being")), endMs);
    QTRY_VERIFY2_WITH_TIMEOUT(!view().isPlan(), qPrintable(outcome()), endMs);
    picture("begun");
    QTRY_VERIFY_WITH_TIMEOUT(view().campaignBar()->text().contains(QStringLiteral("Wave 1")), endMs);
    picture("wave-1");
    QTRY_VERIFY_WITH_TIMEOUT(view().campaignBar()->text().contains(QStringLiteral("Wave 2")), endMs);
    picture("wave-2");
    QTRY_VERIFY2_WITH_TIMEOUT(!view().campaignBar()->stopNowButton()->isVisible(), qPrintable(outcome()), endMs);
    qInfo("ended after %lld ms: %s", timer.elapsed(), qPrintable(outcome()));
    qInfo("%s", qPrintable(view().asText()));
    QVERIFY2(outcome().startsWith(QStringLiteral("Done.")), qPrintable(outcome()));
    picture("done");
    QTRY_VERIFY_WITH_TIMEOUT(m_console->window().strips()->text(StripKind::Evacuated), readyMs);
    QTest::qWait(3000);
    qInfo("%s", qPrintable(m_console->window().strips()->text(StripKind::Evacuated)->text));
    QVERIFY(m_console->window().strips()->text(StripKind::Evacuated)->text.contains(QStringLiteral("3 of 3 clusters")));
    picture("evacuated");
    m_console->window().goTo(QStringLiteral("overview"));
    QTest::qWait(500);
    picture("overview");
}

void LiveEvacuationPageTest::theStripLeadsHome()
{
    Q_EMIT m_console->window().strips()->pressed(StripKind::Evacuated);
    QTRY_VERIFY_WITH_TIMEOUT(isArmed() && view().watch().shown()->effect.clusters == 3, readyMs);
    picture("return-plan");
    tickAll();
    press();
    QTRY_VERIFY2_WITH_TIMEOUT(!view().isPlan(), qPrintable(outcome()), endMs);
    QTRY_VERIFY2_WITH_TIMEOUT(!view().campaignBar()->stopNowButton()->isVisible(), qPrintable(outcome()), endMs);
    qInfo("%s", qPrintable(outcome()));
    QVERIFY2(outcome().startsWith(QStringLiteral("Done.")), qPrintable(outcome()));
    picture("returned");
    QTRY_VERIFY_WITH_TIMEOUT(!m_console->window().strips()->text(StripKind::Evacuated), readyMs);
}

void LiveEvacuationPageTest::oneIsStoppedAfterAWaveAndResumed()
{
    m_console->window().openCampaignPlan({Aim::Evacuate, "us-east"});
    view().choices()->atOnce()->setCurrent(0);
    QTRY_VERIFY_WITH_TIMEOUT(isArmed() && view().watch().shown()->waves >= 5, readyMs);
    tickAll();
    press();
    QTRY_VERIFY2_WITH_TIMEOUT(!view().isPlan(), qPrintable(outcome()), endMs);
    QTRY_VERIFY_WITH_TIMEOUT(view().campaignBar()->stopAfterButton()->isVisible(), endMs);
    view().campaignBar()->stopAfterButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!view().campaignBar()->stopAfterButton()->isEnabled(), endMs);
    picture("stopping");
    QTRY_VERIFY2_WITH_TIMEOUT(!view().campaignBar()->stopNowButton()->isVisible(), qPrintable(outcome()), endMs);
    QVERIFY2(outcome().startsWith(QStringLiteral("Stopped.")), qPrintable(outcome()));
    picture("stopped");
    QVERIFY(view().campaignBar()->resumeButton()->isVisible());
    view().campaignBar()->resumeButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(view().campaignBar()->stopNowButton()->isVisible(), endMs);
    QTRY_VERIFY2_WITH_TIMEOUT(!view().campaignBar()->stopNowButton()->isVisible(), qPrintable(outcome()), endMs);
    QVERIFY2(outcome().startsWith(QStringLiteral("Done.")), qPrintable(outcome()));
    picture("resumed-done");
    m_console->window().goTo(QStringLiteral("operations"));
    page().restoreViewState({});
    QTest::qWait(500);
    picture("operations");
}

QTEST_MAIN(LiveEvacuationPageTest)
#include "test_live_evacuation_page.moc"
