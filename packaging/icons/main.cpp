// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the program's icon as PNG files, at build time: render-icons ICON.svg FOLDER SIZE...
#include <QDir>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

#include <cstdio>

int main(int argc, char **argv)
{
    if (argc < 4) {
        std::fputs("usage: render-icons ICON.svg FOLDER SIZE...\n", stderr);
        return 2;
    }
    QSvgRenderer icon(QString::fromLocal8Bit(argv[1]));
    for (int i = 3; i < argc; ++i) {
        const int size = QByteArray(argv[i]).toInt();
        QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        icon.render(&painter);
        painter.end();
        const QString file = QStringLiteral("%1/%2.png").arg(QString::fromLocal8Bit(argv[2])).arg(size);
        if (!icon.isValid() || !QDir().mkpath(QString::fromLocal8Bit(argv[2])) || !image.save(file)) {
            std::fprintf(stderr, "render-icons: %s cannot be drawn\n", qPrintable(file));
            return 3;
        }
    }
    return 0;
}
