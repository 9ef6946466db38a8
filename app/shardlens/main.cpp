// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/CrashReport.h"
#include "app/shardlens/Ending.h"
#include "app/shardlens/FleetOpener.h"
#include "app/shardlens/Options.h"
#include "app/shardlens/Screenshot.h"

#include <QApplication>
#include <QStandardPaths>

#include <cstdio>

using namespace shardlens;

namespace {

int takePicture(const app::Options &options, ui::theme::Theme &theme)
{
    fleet::FleetReading reading = fleet::readFleetFile(options.fleetFile.toStdString(), options.from.toStdString());
    if (!reading) {
        std::fputs(qPrintable(app::complaintsText(reading.error(), options.fleetFile)), stderr);
        return reading.error().why == fleet::BadFleetFile::Why::NoRegion ? 2 : 3;
    }
    // No session: a picture shows what was asked for and nothing that somebody left behind.
    app::Console console({std::make_shared<const fleet::Fleet>(std::move(*reading)), {}, options.from, options.user}, theme, nullptr);
    ui::shell::MainWindow &window = console.window();
    const QString page = options.page.isEmpty() ? QStringLiteral("overview") : options.page;
    if (!window.goTo(page)) {
        std::fprintf(stderr, "shardlens: there is no page '%s'\n", qPrintable(page));
        return 2;
    }
    window.setMinimumSize(320, 240);
    window.resize(options.size);
    window.show();
    if (!options.link.isEmpty())
        window.openLink(options.link);
    app::Screenshot screenshot(console, options.screenshot);
    QObject::connect(&screenshot, &app::Screenshot::finished, qApp, &QCoreApplication::exit, Qt::QueuedConnection);
    console.start();
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    // A picture needs no display, and looks the same with one and without.
    const bool picture = app::asksForPicture(argc, argv);
    if (picture && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");

    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    const app::ReadOptions read = app::readOptions(arguments);
    if (!read.print.isEmpty()) {
        std::fputs(qPrintable(read.print), stdout);
        return 0;
    }
    if (!read.error.isEmpty()) {
        std::fprintf(stderr, "shardlens: %s\nshardlens --help tells the options\n", qPrintable(read.error));
        return 2;
    }

    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("shardlens"));
    QApplication::setApplicationName(QStringLiteral("shardlens"));
    QApplication::setApplicationDisplayName(QString()); // the window's title names the console itself
    QApplication::setApplicationVersion(QStringLiteral(SHARDLENS_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("shardlens"));

    ui::theme::Theme theme(application);
    if (picture) {
        theme.setMode(read.options.theme.value_or(ui::theme::Theme::Mode::Light));
        theme.setTextSize(read.options.textSize.value_or(100));
        return takePicture(read.options, theme);
    }
    const QString crashes = app::CrashReport::usualFolder();
    const QStringList unread = app::CrashReport::unread(crashes);
    app::CrashReport::install(crashes, QStringLiteral(SHARDLENS_VERSION));

    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QStringLiteral("/shardlens");
    const ui::shell::OpenedSettings opened = ui::shell::openSettings(folder + QStringLiteral("/console.ini"), base::SystemClock().utcNow());
    ui::shell::Preferences preferences = ui::shell::readPreferences(*opened.settings);
    preferences.theme = read.options.theme.value_or(preferences.theme);
    preferences.textSize = read.options.textSize.value_or(preferences.textSize);
    ui::shell::applyPreferences(preferences, theme);

    app::FleetOpener opener(read.options, theme, *opened.settings);
    opener.tell(opened.message);
    opener.tellOfCrashes(unread, crashes);
    app::Ending ending;
    QObject::connect(&ending, &app::Ending::requested, &opener, &app::FleetOpener::closeAll);
    opener.begin();
    return QApplication::exec();
}
