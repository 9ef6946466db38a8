// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OutlineRow.h"

#include <QStringList>

namespace shardlens::ui::operate {

using theme::Shape;

namespace {

/// A shape for who cannot see it. What is well needs no word.
QString shapeWord(Shape shape)
{
    switch (shape) {
    case Shape::Diamond:
    case Shape::Stop: return QStringLiteral("!! ");
    case Shape::Triangle: return QStringLiteral("! ");
    case Shape::DashedRing: return QStringLiteral("? ");
    default: return {};
    }
}

QString membersText(const std::vector<MemberMark> &members)
{
    QStringList all;
    for (const MemberMark &member : members)
        all << member.name + QLatin1Char(' ') + member.role;
    return all.join(QStringLiteral(", "));
}

} // namespace

QString OutlineRow::text() const
{
    if (kind == Kind::NoReturn)
        return QStringLiteral("---- %1 ----").arg(title);
    if (kind == Kind::Members)
        return membersText(members);
    QString line = shapeWord(shape);
    if (!number.isEmpty())
        line += number + QLatin1Char(' ');
    line += title;
    if (!right.isEmpty())
        line += (kind == Kind::Fact ? QStringLiteral(": ") : QStringLiteral(", ")) + right;
    if (!second.isEmpty())
        line += (kind == Kind::Item ? QStringLiteral(": ") : QStringLiteral(", ")) + second;
    return line;
}

QString textOf(const OutlineRows &rows)
{
    QStringList lines;
    for (const OutlineRow &row : rows) {
        const QString indent = row.kind == OutlineRow::Kind::Heading ? QString() : QString(row.under.empty() ? 2 : 4, QLatin1Char(' '));
        lines << indent + row.text();
        for (const OutlineDetail &detail : row.details)
            lines << QStringLiteral("      %1 %2: %3").arg(detail.label, detail.place, detail.text);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace shardlens::ui::operate
