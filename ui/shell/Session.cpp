// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Session.h"

#include <QUrl>

namespace shardlens::ui::shell {

Session::Session(QSettings &settings, QString fleet) : m_settings(settings), m_fleet(std::move(fleet)) {}

QString Session::key(const QString &name) const
{
    // A slash in a fleet's name would open a group of its own.
    return QStringLiteral("fleets/%1/%2").arg(QString::fromLatin1(QUrl::toPercentEncoding(m_fleet.isEmpty() ? QStringLiteral("-") : m_fleet)), name);
}

QByteArray Session::geometry() const { return m_settings.value(key(QStringLiteral("geometry"))).toByteArray(); }
void Session::setGeometry(const QByteArray &geometry) { m_settings.setValue(key(QStringLiteral("geometry")), geometry); }
QString Session::page() const { return m_settings.value(key(QStringLiteral("page"))).toString(); }
void Session::setPage(const QString &id) { m_settings.setValue(key(QStringLiteral("page")), id); }
QVariantMap Session::pageState(const QString &id) const { return m_settings.value(key(QStringLiteral("pages/") + id)).toMap(); }
void Session::setPageState(const QString &id, const QVariantMap &state) { m_settings.setValue(key(QStringLiteral("pages/") + id), state); }


bool Session::inspectorOpen() const { return m_settings.value(key(QStringLiteral("inspector"))).toBool(); }
void Session::setInspectorOpen(bool open) { m_settings.setValue(key(QStringLiteral("inspector")), open); }
bool Session::hidesLookOnly() const { return m_settings.value(key(QStringLiteral("hidesLookOnly"))).toBool(); }
void Session::setHidesLookOnly(bool hides) { m_settings.setValue(key(QStringLiteral("hidesLookOnly")), hides); }

void Session::keep()
{
    m_settings.setValue(QStringLiteral("version"), kSettingsVersion);
    m_settings.sync();
}

namespace {
constexpr qsizetype kMostKnown = 12;
const QString kKnown = QStringLiteral("known");
} // namespace

// Each entry is the fleet's name, a tab, and the file's path.
QStringList Session::knownFiles(const QSettings &settings)
{
    QStringList files;
    const QStringList entries = settings.value(kKnown).toStringList();
    for (const QString &entry : entries) {
        if (const QString file = entry.section(QLatin1Char('\t'), 1); !file.isEmpty() && !files.contains(file))
            files << file;
    }
    return files;
}

QString Session::fileOf(const QSettings &settings, const QString &fleet)
{
    const QStringList entries = settings.value(kKnown).toStringList();
    for (const QString &entry : entries) {
        if (entry.section(QLatin1Char('\t'), 0, 0) == fleet)
            return entry.section(QLatin1Char('\t'), 1);
    }
    return {};
}

void Session::remember(QSettings &settings, const QString &fleet, const QString &file)
{
    QStringList entries = settings.value(kKnown).toStringList();
    const QString entry = fleet + QLatin1Char('\t') + file;
    entries.removeAll(entry);
    entries.prepend(entry);
    settings.setValue(kKnown, QStringList(entries.mid(0, kMostKnown)));
    settings.sync();
}

} // namespace shardlens::ui::shell
