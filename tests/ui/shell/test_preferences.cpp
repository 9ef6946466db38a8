// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Warnings.h"
#include "ui/shell/Preferences.h"
#include "ui/shell/Session.h"
#include "ui/shell/SettingsDialog.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QCheckBox>
#include <QDir>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>
#include <QHeaderView>
#include <QTemporaryDir>

using namespace shardlens;
using namespace shardlens::ui::shell;
namespace format = shardlens::ui::format;
using shardlens::ui::theme::Theme;

namespace {

const base::UtcTime kMorning{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours(3) + std::chrono::minutes(13) + std::chrono::seconds(41)};

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

} // namespace

class TestPreferences : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }
    void cleanup()
    {
        format::setTimeStyle(format::TimeStyle::Both);
        qunsetenv("TZ");
    }

    void everyChoiceIsKept()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("console.ini"));
        const Preferences chosen{Theme::Mode::Dark, 130, format::TimeStyle::Local, true, true, false, true};
        {
            OpenedSettings opened = openSettings(path, kMorning);
            QCOMPARE(opened.message, QString());
            QVERIFY(readPreferences(*opened.settings) == Preferences());
            writePreferences(*opened.settings, chosen);
        }
        const OpenedSettings again = openSettings(path, kMorning);
        QCOMPARE(again.message, QString());
        QVERIFY(readPreferences(*again.settings) == chosen);
        QCOMPARE(again.settings->value(QStringLiteral("version")).toInt(), kSettingsVersion);
    }

    void aSettingsFileThatCannotBeUsedIsSetAside_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        QTest::newRow("no settings at all") << QByteArray("{\"theme\": \"dark\"}\nnonsense\n") << QStringLiteral("damaged");
        QTest::newRow("cut off in a section") << QByteArray("[General\ntheme=dark") << QStringLiteral("damaged");
        QTest::newRow("of a later version") << QByteArray("[General]\nversion=99\ntheme=dark\n") << QStringLiteral("newer Shardlens");
        QTest::newRow("of no version") << QByteArray("[General]\nversion=latest\n") << QStringLiteral("not a number");
    }
    void aSettingsFileThatCannotBeUsedIsSetAside()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("console.ini"));
        write(path, content);
        const OpenedSettings opened = openSettings(path, kMorning);
        QVERIFY2(opened.message.contains(says), qPrintable(opened.message));
        QVERIFY(readPreferences(*opened.settings) == Preferences());
        const QString aside = path + QStringLiteral(".damaged-20261121T031341Z");
        QFile kept(aside);
        QVERIFY2(kept.open(QIODevice::ReadOnly), qPrintable(QDir(folder.path()).entryList().join(QLatin1Char(' '))));
        QCOMPARE(kept.readAll(), content);
        writePreferences(*opened.settings, Preferences());
        QCOMPARE(openSettings(path, kMorning).message, QString());
    }

    void valuesThatMakeNoSenseAreAsNew()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("console.ini"));
        write(path, "[General]\nversion=1\ntheme=pink\ntextSize=9000\ntimes=mars\nreduceMotion=perhaps\nroomyRows=true\n");
        const OpenedSettings opened = openSettings(path, kMorning);
        Preferences expected;
        expected.textSize = 150;
        expected.roomyRows = true;
        QVERIFY(readPreferences(*opened.settings) == expected);
    }

    void timesFollowTheChoice()
    {
        qputenv("TZ", "Europe/Berlin");
        tzset();
        QCOMPARE(format::clockTime(kMorning), QStringLiteral("03:13:41Z"));
        format::setTimeStyle(format::TimeStyle::Local);
        QCOMPARE(format::clockTime(kMorning), QStringLiteral("04:13:41+01"));
        QCOMPARE(format::clockMinute(kMorning), QStringLiteral("04:13+01"));
        QCOMPARE(format::dateTime(kMorning), QStringLiteral("2026-11-21 03:13:41Z")); // reports stay UTC
        QCOMPARE(format::iso8601(kMorning), QStringLiteral("2026-11-21T03:13:41.000Z"));
        qputenv("TZ", "Asia/Kolkata");
        tzset();
        QCOMPARE(format::clockTime(kMorning), QStringLiteral("08:43:41+0530"));
    }

    void aForwardedDisplayIsKnown_data()
    {
        QTest::addColumn<QString>("display");
        QTest::addColumn<bool>("insideSsh");
        QTest::addColumn<bool>("forwarded");
        QTest::newRow("this screen") << QStringLiteral(":0") << false << false;
        QTest::newRow("this screen, by ssh from elsewhere") << QStringLiteral(":1.0") << true << false;
        QTest::newRow("ssh -X") << QStringLiteral("localhost:10.0") << true << true;
        QTest::newRow("ssh -X under sudo") << QStringLiteral("localhost:11.0") << false << true;
        QTest::newRow("another machine") << QStringLiteral("desk7:0") << false << true;
        QTest::newRow("none") << QString() << false << false;
    }
    void aForwardedDisplayIsKnown()
    {
        QFETCH(QString, display);
        QFETCH(bool, insideSsh);
        QFETCH(bool, forwarded);
        QCOMPARE(Theme::isForwardedDisplay(display, insideSsh), forwarded);
    }

    void rowsAndMotionFollow()
    {
        Theme theme(*qApp);
        QTableView table;
        table.verticalHeader()->setDefaultSectionSize(ui::theme::tableRow());
        Preferences chosen;
        chosen.roomyRows = true;
        chosen.reduceMotion = true;
        applyPreferences(chosen, theme);
        QCOMPARE(ui::theme::tableRow(), 30);
        QCOMPARE(table.verticalHeader()->defaultSectionSize(), 30);
        QVERIFY(ui::theme::reducesMotion());
        QCOMPARE(QApplication::cursorFlashTime(), 0);
        chosen.textSize = 150;
        applyPreferences(chosen, theme);
        QCOMPARE(table.verticalHeader()->defaultSectionSize(), 45);
        applyPreferences(Preferences(), theme);
        QCOMPARE(table.verticalHeader()->defaultSectionSize(), 24);
        QVERIFY(QApplication::cursorFlashTime() > 0);
    }

    void theDialogChoosesAtOnce()
    {
        SettingsDialog dialog(Preferences(), QStringLiteral("/home/me/.config/shardlens/console.ini"), false);
        QSignalSpy chosen(&dialog, &SettingsDialog::chosen);
        const auto controls = dialog.findChildren<ui::theme::SegmentedControl *>();
        QCOMPARE(controls.size(), 3);
        for (auto *control : controls)
            control->setCurrent(1);
        dialog.findChild<QSlider *>()->setValue(13);
        for (auto *check : dialog.findChildren<QCheckBox *>()) {
            QVERIFY(!check->accessibleName().isEmpty());
            if (check->isEnabled())
                check->click();
        }
        Preferences expected{Theme::Mode::Light, 130, format::TimeStyle::Utc, true, true, false, false};
        QVERIFY(dialog.preferences().theme == expected.theme && dialog.preferences().textSize == expected.textSize && dialog.preferences().times == expected.times);
        QVERIFY(dialog.preferences().reduceMotion && dialog.preferences().roomyRows && !dialog.preferences().notifications);
        QVERIFY(chosen.count() >= 5);
        QVERIFY(chosen.last().first().value<Preferences>() == dialog.preferences());
    }

    void knownFleetsAreRemembered()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("console.ini")), QSettings::IniFormat);
        for (int i = 0; i < 20; ++i)
            Session::remember(settings, QStringLiteral("fleet %1").arg(i), QStringLiteral("/f/%1, with a comma.toml").arg(i));
        Session::remember(settings, QStringLiteral("fleet 15"), QStringLiteral("/f/15, with a comma.toml"));
        QCOMPARE(Session::knownFiles(settings).size(), 12);
        QCOMPARE(Session::knownFiles(settings).first(), QStringLiteral("/f/15, with a comma.toml"));
        QCOMPARE(Session::fileOf(settings, QStringLiteral("fleet 18")), QStringLiteral("/f/18, with a comma.toml"));
        QCOMPARE(Session::fileOf(settings, QStringLiteral("fleet 1")), QString());
    }
};

QTEST_MAIN(TestPreferences)
#include "test_preferences.moc"
