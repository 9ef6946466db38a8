// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Session.h"

#include <QUrl>

#include <algorithm>

namespace shardlens::ui::shell {

Session::Session(QSettings &settings, QString fleet) : m_settings(settings), m_fleet(std::move(fleet)) {}

QString Session::key(const QString &name) const
{
    // A slash in a fleet's name would open a group of its own.
    return QStringLiteral("fleets/%1/%2").arg(QString::fromLatin1(QUrl::toPercentEncoding(m_fleet.isEmpty() ? QStringLiteral("-") : m_fleet)), name);
}

theme::Theme::Mode Session::themeMode() const
{
    return theme::Theme::fromName(m_settings.value(QStringLiteral("theme")).toString()).value_or(theme::Theme::Mode::System);
}

void Session::setThemeMode(theme::Theme::Mode mode) { m_settings.setValue(QStringLiteral("theme"), theme::Theme::name(mode)); }

int Session::textSize() const
{
    bool isNumber = false;
    const int percent = m_settings.value(QStringLiteral("textSize"), 100).toInt(&isNumber);
    return isNumber ? std::clamp(percent, 90, 150) : 100;
}

void Session::setTextSize(int percent) { m_settings.setValue(QStringLiteral("textSize"), percent); }
QByteArray Session::geometry() const { return m_settings.value(key(QStringLiteral("geometry"))).toByteArray(); }
void Session::setGeometry(const QByteArray &geometry) { m_settings.setValue(key(QStringLiteral("geometry")), geometry); }
QString Session::page() const { return m_settings.value(key(QStringLiteral("page"))).toString(); }
void Session::setPage(const QString &id) { m_settings.setValue(key(QStringLiteral("page")), id); }
QVariantMap Session::pageState(const QString &id) const { return m_settings.value(key(QStringLiteral("pages/") + id)).toMap(); }
void Session::setPageState(const QString &id, const QVariantMap &state) { m_settings.setValue(key(QStringLiteral("pages/") + id), state); }

} // namespace shardlens::ui::shell
