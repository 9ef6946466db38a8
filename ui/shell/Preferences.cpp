// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Preferences.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace shardlens::ui::shell {

namespace {

struct PreferencesWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::shell::Preferences)
};

constexpr auto kVersion = "version";

bool flag(const QSettings &settings, const QString &key, bool unsaid)
{
    const QString text = settings.value(key).toString();
    if (text == QLatin1String("true"))
        return true;
    return text == QLatin1String("false") ? false : unsaid;
}

/// Why the file cannot be used; empty if it can.
QString fault(const QString &path)
{
    const QSettings settings(path, QSettings::IniFormat);
    // QSettings reads on the first look.
    const QString version = settings.value(QLatin1String(kVersion)).toString();
    if (settings.status() == QSettings::FormatError)
        return PreferencesWords::tr("it is damaged");
    if (version.isEmpty())
        return {}; // of before versions were written: the same keys
    bool isNumber = false;
    const int number = version.toInt(&isNumber);
    if (!isNumber || number < 1)
        return PreferencesWords::tr("its version '%1' is not a number").arg(version);
    return number > kSettingsVersion ? PreferencesWords::tr("a newer Shardlens wrote it (version %1, this one knows %2)").arg(number).arg(kSettingsVersion) : QString();
}

} // namespace

QString name(format::TimeStyle style)
{
    switch (style) {
    case format::TimeStyle::Both: return QStringLiteral("both");
    case format::TimeStyle::Utc: return QStringLiteral("utc");
    case format::TimeStyle::Local: return QStringLiteral("local");
    }
    return QStringLiteral("both");
}

Preferences readPreferences(const QSettings &settings)
{
    Preferences read;
    read.theme = theme::Theme::fromName(settings.value(QStringLiteral("theme")).toString()).value_or(read.theme);
    bool isNumber = false;
    const int percent = settings.value(QStringLiteral("textSize"), 100).toInt(&isNumber);
    read.textSize = isNumber ? std::clamp(percent, 90, 150) : 100;
    const QString times = settings.value(QStringLiteral("times")).toString();
    for (const auto style : {format::TimeStyle::Both, format::TimeStyle::Utc, format::TimeStyle::Local}) {
        if (name(style) == times)
            read.times = style;
    }
    read.reduceMotion = flag(settings, QStringLiteral("reduceMotion"), read.reduceMotion);
    read.roomyRows = flag(settings, QStringLiteral("roomyRows"), read.roomyRows);
    read.notifications = flag(settings, QStringLiteral("notifications"), read.notifications);
    read.sound = flag(settings, QStringLiteral("sound"), read.sound);
    return read;
}

void writePreferences(QSettings &settings, const Preferences &preferences)
{
    settings.setValue(QLatin1String(kVersion), kSettingsVersion);
    settings.setValue(QStringLiteral("theme"), theme::Theme::name(preferences.theme));
    settings.setValue(QStringLiteral("textSize"), preferences.textSize);
    settings.setValue(QStringLiteral("times"), name(preferences.times));
    settings.setValue(QStringLiteral("reduceMotion"), preferences.reduceMotion);
    settings.setValue(QStringLiteral("roomyRows"), preferences.roomyRows);
    settings.setValue(QStringLiteral("notifications"), preferences.notifications);
    settings.setValue(QStringLiteral("sound"), preferences.sound);
    settings.sync();
}

void applyPreferences(const Preferences &preferences, theme::Theme &theme)
{
    format::setTimeStyle(preferences.times);
    theme.setMode(preferences.theme);
    theme.setReduceMotion(preferences.reduceMotion);
    theme.setRoomyRows(preferences.roomyRows);
    theme.setTextSize(preferences.textSize);
}

OpenedSettings openSettings(const QString &path, base::UtcTime now)
{
    OpenedSettings opened;
    if (const QString why = QFileInfo::exists(path) ? fault(path) : QString(); !why.isEmpty()) {
        QString stamp = format::iso8601(now).left(19) + QLatin1Char('Z');
        stamp.remove(QLatin1Char('-')).remove(QLatin1Char(':'));
        const QString aside = QStringLiteral("%1.damaged-%2").arg(path, stamp);
        const bool moved = QFile::rename(path, aside);
        opened.message = moved ? PreferencesWords::tr("Your settings could not be used: %1. They were set aside as %2; these are new ones.").arg(why, QFileInfo(aside).fileName())
                               : PreferencesWords::tr("Your settings could not be used: %1. %2 cannot be moved, so nothing is kept this time.").arg(why, path);
        if (!moved) {
            opened.settings = std::make_unique<QSettings>(path + QStringLiteral(".unused"), QSettings::IniFormat);
            opened.settings->clear();
            return opened;
        }
    }
    opened.settings = std::make_unique<QSettings>(path, QSettings::IniFormat);
    return opened;
}

} // namespace shardlens::ui::shell
