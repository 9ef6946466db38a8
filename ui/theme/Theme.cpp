// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Theme.h"

#include "ui/theme/Style.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QHeaderView>
#include <QTableView>
#include <QToolTip>

#include <algorithm>

namespace shardlens::ui::theme {

namespace {

constexpr char kPortalService[] = "org.freedesktop.portal.Desktop";
constexpr char kPortalPath[] = "/org/freedesktop/portal/desktop";
constexpr char kPortalInterface[] = "org.freedesktop.portal.Settings";
constexpr char kGroup[] = "org.freedesktop.appearance";
constexpr char kKey[] = "color-scheme";

/// The portal says 1 for dark, 2 for light, 0 for no preference; the answer may be wrapped in a variant of a variant.
std::optional<Appearance> fromPortal(QVariant value)
{
    while (value.metaType() == QMetaType::fromType<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    switch (value.toUInt()) {
    case 1: return Appearance::Dark;
    case 2: return Appearance::Light;
    default: return std::nullopt;
    }
}

} // namespace

Theme::Theme(QApplication &application, QObject *parent)
    : QObject(parent), m_application(application), m_firstAppearance(appearanceOf(application.palette()))
{
    application.setStyle(new Style);
    m_forwarded = isForwardedDisplay(qEnvironmentVariable("DISPLAY"), qEnvironmentVariableIsSet("SSH_CONNECTION"));
    m_rowBefore = tableRow();
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (bus.isConnected()) {
        bus.connect(QLatin1String(kPortalService), QLatin1String(kPortalPath), QLatin1String(kPortalInterface), QStringLiteral("SettingChanged"),
                    this, SLOT(onPortalSettingChanged(QString, QString, QDBusVariant)));
        QDBusMessage ask = QDBusMessage::createMethodCall(QLatin1String(kPortalService), QLatin1String(kPortalPath),
                                                          QLatin1String(kPortalInterface), QStringLiteral("Read"));
        ask << QString::fromLatin1(kGroup) << QString::fromLatin1(kKey);
        // Asked without waiting: a portal that is slow to start must not hold up the first picture.
        auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(ask, 2000), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *call) {
            const QDBusPendingReply<QDBusVariant> reply = *call;
            if (!reply.isError()) {
                m_portalAppearance = fromPortal(reply.value().variant());
                apply();
            }
            call->deleteLater();
        });
    }
    apply();
}

void Theme::setMode(Mode mode)
{
    if (m_mode == mode)
        return;
    m_mode = mode;
    apply();
}

void Theme::setTextSize(int percent)
{
    const int bounded = std::clamp(percent, 90, 150);
    if (m_textSize == bounded)
        return;
    m_textSize = bounded;
    apply();
}

void Theme::setRoomyRows(bool roomy)
{
    if (m_roomyRows == roomy)
        return;
    m_roomyRows = roomy;
    apply();
}

void Theme::setReduceMotion(bool reduce)
{
    if (m_reduceMotion == reduce)
        return;
    m_reduceMotion = reduce;
    apply();
}

bool Theme::isForwardedDisplay(const QString &display, bool insideSsh)
{
    // "localhost:10.0" is ssh's own; "elsewhere:0" is another machine; ":0" and "unix:0" are this one.
    const QString host = display.section(QLatin1Char(':'), 0, 0);
    const int number = display.section(QLatin1Char(':'), 1).section(QLatin1Char('.'), 0, 0).toInt();
    if (host == QLatin1String("localhost") || host == QLatin1String("127.0.0.1"))
        return insideSsh || number >= 10;
    return !host.isEmpty() && host != QLatin1String("unix");
}

bool reducesMotion()
{
    return qApp && qApp->property(kReduceMotionProperty).toBool();
}

/// Tables keep their rows' height as a number: those that have the usual height follow.
void Theme::applyRowHeight()
{
    m_application.setProperty(kRoomyRowsProperty, m_roomyRows);
    const int row = tableRow();
    if (row == m_rowBefore)
        return;
    const QWidgetList widgets = QApplication::allWidgets();
    for (QWidget *widget : widgets) {
        auto *table = qobject_cast<QTableView *>(widget);
        if (!table || table->verticalHeader()->defaultSectionSize() != m_rowBefore)
            continue;
        table->verticalHeader()->setMinimumSectionSize(std::min(table->verticalHeader()->minimumSectionSize(), row));
        table->verticalHeader()->setDefaultSectionSize(row);
    }
    m_rowBefore = row;
}

void Theme::applyMotion()
{
    const bool still = m_reduceMotion || m_forwarded;
    m_application.setProperty(kReduceMotionProperty, still);
    for (const Qt::UIEffect effect : {Qt::UI_AnimateMenu, Qt::UI_FadeMenu, Qt::UI_AnimateCombo, Qt::UI_AnimateTooltip, Qt::UI_FadeTooltip})
        QApplication::setEffectEnabled(effect, false); // nothing in the console fades or slides, whatever the desktop says
    // A blinking cursor is the one thing that moves by itself.
    if (m_flashTime < 0)
        m_flashTime = QApplication::cursorFlashTime();
    QApplication::setCursorFlashTime(still ? 0 : m_flashTime);
}

QString Theme::name(Mode mode)
{
    switch (mode) {
    case Mode::System: return QStringLiteral("system");
    case Mode::Light: return QStringLiteral("light");
    case Mode::Dark: return QStringLiteral("dark");
    }
    return QStringLiteral("system");
}

std::optional<Theme::Mode> Theme::fromName(const QString &text)
{
    for (const Mode mode : {Mode::System, Mode::Light, Mode::Dark}) {
        if (name(mode) == text)
            return mode;
    }
    return std::nullopt;
}

void Theme::onPortalSettingChanged(const QString &group, const QString &key, const QDBusVariant &value)
{
    if (group != QLatin1String(kGroup) || key != QLatin1String(kKey))
        return;
    m_portalAppearance = fromPortal(value.variant());
    apply();
}

Appearance Theme::wanted() const
{
    switch (m_mode) {
    case Mode::Light: return Appearance::Light;
    case Mode::Dark: return Appearance::Dark;
    case Mode::System: break;
    }
    return m_portalAppearance.value_or(m_firstAppearance);
}

void Theme::apply()
{
    m_appearance = wanted();
    m_application.setProperty(kTextScaleProperty, m_textSize / 100.0);
    applyRowHeight();
    applyMotion();
    const QPalette palette = paletteOf(m_appearance);
    if (m_application.palette() != palette)
        QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    const QFont body = font(FontRole::Body);
    if (QApplication::font() != body)
        QApplication::setFont(body);
    QToolTip::setFont(font(FontRole::Small));
    Q_EMIT changed();
}

} // namespace shardlens::ui::theme

#include "moc_Theme.cpp"
