// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/Options.h"

#include "ui/shell/ViewLink.h"

#include <QCommandLineParser>

#include <string_view>

namespace shardlens::app {

namespace {

bool readSize(const QString &text, QSize &size)
{
    const QStringList sides = text.split(QLatin1Char('x'));
    bool wideIsNumber = false;
    bool highIsNumber = false;
    if (sides.size() != 2)
        return false;
    const QSize read(sides.at(0).toInt(&wideIsNumber), sides.at(1).toInt(&highIsNumber));
    if (!wideIsNumber || !highIsNumber || read.width() < 320 || read.height() < 240 || read.width() > 8192 || read.height() > 8192)
        return false;
    size = read;
    return true;
}

} // namespace

ReadOptions readOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Operations console for a sharded Postgres, Redis and memcached fleet"));
    const QCommandLineOption fleet(QStringLiteral("fleet"), QStringLiteral("The fleet file to open (or SHARDLENS_FLEET)."), QStringLiteral("FILE"));
    const QCommandLineOption from(QStringLiteral("from"), QStringLiteral("The region to look from; the fleet file's own otherwise."), QStringLiteral("REGION"));
    const QCommandLineOption as(QStringLiteral("as"), QStringLiteral("The database user you act as (or SHARDLENS_USER); one of the fleet file's."), QStringLiteral("USER"));
    const QCommandLineOption page(QStringLiteral("page"), QStringLiteral("The page to open: overview, shards, replication, redis, cache, lookup, feeds, operations, audit."), QStringLiteral("PAGE"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"), QStringLiteral("Write a picture of the page, once live data has arrived, and exit."), QStringLiteral("FILE"));
    const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("The window's size, as 1280x800."), QStringLiteral("WxH"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light, dark or system."), QStringLiteral("THEME"));
    const QCommandLineOption textSize(QStringLiteral("text-size"), QStringLiteral("Text size, 90 to 150 per cent."), QStringLiteral("PERCENT"));
    const QCommandLineOption open(QStringLiteral("open"), QStringLiteral("Show the view that a view link names (shardlens://...)."), QStringLiteral("LINK"));
    parser.addOptions({fleet, from, as, page, open, screenshot, size, theme, textSize});
    const QCommandLineOption help = QCommandLineOption({QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Show this help."));
    const QCommandLineOption version = QCommandLineOption({QStringLiteral("v"), QStringLiteral("version")}, QStringLiteral("Show the version."));
    parser.addOptions({help, version});

    ReadOptions read;
    if (!parser.parse(arguments)) {
        read.error = parser.errorText();
        return read;
    }
    if (parser.isSet(help)) {
        // Without an application object the parser does not know the program's name.
        read.print = parser.helpText().replace(QStringLiteral("<executable_name>"), QStringLiteral("shardlens"));
        return read;
    }
    if (parser.isSet(version)) {
        read.print = QStringLiteral("shardlens " SHARDLENS_VERSION "\n");
        return read;
    }
    Options &options = read.options;
    options.fleetFile = parser.isSet(fleet) ? parser.value(fleet) : qEnvironmentVariable("SHARDLENS_FLEET");
    options.from = parser.value(from);
    options.user = parser.isSet(as) ? parser.value(as) : qEnvironmentVariable("SHARDLENS_USER");
    options.page = parser.value(page);
    options.link = parser.value(open);
    QStringList rest = parser.positionalArguments();
    if (options.link.isEmpty() && rest.size() == 1 && ui::shell::looksLikeLink(rest.first()))
        options.link = rest.takeFirst(); // as a desktop starts it for a link
    options.screenshot = parser.value(screenshot);
    options.sizeGiven = parser.isSet(size);
    if (!rest.isEmpty())
        read.error = QStringLiteral("'%1' is not an option").arg(rest.first());
    else if (!options.link.isEmpty() && !ui::shell::readLink(options.link).error.isEmpty())
        read.error = QStringLiteral("--open: %1").arg(ui::shell::readLink(options.link).error);
    else if (options.sizeGiven && !readSize(parser.value(size), options.size))
        read.error = QStringLiteral("--size '%1': expected a width and a height such as 1280x800").arg(parser.value(size));
    if (parser.isSet(theme)) {
        options.theme = ui::theme::Theme::fromName(parser.value(theme));
        if (!options.theme)
            read.error = QStringLiteral("--theme '%1': expected light, dark or system").arg(parser.value(theme));
    }
    if (parser.isSet(textSize)) {
        bool isNumber = false;
        const int percent = parser.value(textSize).toInt(&isNumber);
        if (isNumber && percent >= 90 && percent <= 150)
            options.textSize = percent;
        else
            read.error = QStringLiteral("--text-size '%1': expected 90 to 150").arg(parser.value(textSize));
    }
    if (parser.isSet(screenshot) && options.fleetFile.isEmpty() && read.error.isEmpty())
        read.error = QStringLiteral("--screenshot needs a fleet: --fleet FILE or SHARDLENS_FLEET");
    return read;
}

bool asksForPicture(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--screenshot" || argument.substr(0, 13) == "--screenshot=" || argument == "-screenshot")
            return true;
    }
    return false;
}

} // namespace shardlens::app
