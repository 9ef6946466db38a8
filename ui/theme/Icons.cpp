// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Icons.h"

#include "ui/theme/Colours.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

// The initialiser of a static library's resources is dropped by the linker unless somebody names it, outside any namespace.
static void loadIconResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace shardlens::ui::theme {

namespace {

class Engine : public QIconEngine
{
public:
    Engine(QByteArray svg, QString name, ColourRole role) : m_svg(std::move(svg)), m_name(std::move(name)), m_role(role) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        Q_UNUSED(state)
        const QColor ink = colour(mode == QIcon::Disabled ? ColourRole::Disabled : m_role, QGuiApplication::palette());
        QByteArray svg = m_svg;
        svg.replace("currentColor", ink.name().toLatin1());
        QSvgRenderer renderer(svg);
        renderer.render(painter, QRectF(rect));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1.0); }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override
    {
        const QColor ink = colour(mode == QIcon::Disabled ? ColourRole::Disabled : m_role, QGuiApplication::palette());
        const QString key = QStringLiteral("shardlens-%1-%2-%3x%4").arg(m_name, ink.name()).arg(size.width()).arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        Q_UNUSED(scale) // `size` is in device pixels already
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    [[nodiscard]] QIconEngine *clone() const override { return new Engine(m_svg, m_name, m_role); }

private:
    QByteArray m_svg;
    QString m_name;
    ColourRole m_role;
};

} // namespace

QIcon icon(const QString &name, ColourRole role)
{
    loadIconResources();
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new Engine(file.readAll(), name, role));
}

QStringList iconNames()
{
    loadIconResources();
    QStringList names = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name);
    for (QString &name : names)
        name.chop(4);
    return names;
}

} // namespace shardlens::ui::theme
