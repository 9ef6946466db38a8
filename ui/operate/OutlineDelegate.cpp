// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OutlineDelegate.h"

#include "ui/operate/OutlineDrawing.h"
#include "ui/operate/OutlineModel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace shardlens::ui::operate {

using theme::colour;
using theme::ColourRole;
using theme::FontRole;
using theme::scaled;
using Kind = OutlineRow::Kind;

namespace {

constexpr int outlineSide = theme::space::kM;

QFontMetrics fontOf(FontRole role) { return QFontMetrics(theme::font(role)); }

/// Lays words out in lines, broken between words; within one only where it is longer than a line, as commands have them.
double layOut(QTextLayout &layout, int width)
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    double height = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(width, 20));
        line.setPosition(QPointF(0, height));
        height += line.height();
    }
    layout.endLayout();
    return height;
}

int heightOf(FontRole font, int width, const QString &text)
{
    if (text.isEmpty())
        return 0;
    QTextLayout layout(text, theme::font(font));
    return static_cast<int>(std::ceil(layOut(layout, width)));
}

/// Lines from the top of the box.
void writeLines(QPainter &painter, const QRect &box, FontRole font, ColourRole role, const QString &text, const QPalette &palette)
{
    if (text.isEmpty())
        return;
    QTextLayout layout(text, theme::font(font));
    layOut(layout, box.width());
    painter.setPen(colour(role, palette));
    layout.draw(&painter, box.topLeft());
}

void write(QPainter &painter, const QRect &box, FontRole font, ColourRole role, const QString &text, int flags, const QPalette &palette)
{
    painter.setFont(theme::font(font));
    painter.setPen(colour(role, palette));
    painter.drawText(box, flags, text);
}

/// Where the parts of an item stand: found once, for its height and for its painting alike.
struct ItemPlaces {
    QRect shape;
    QRect number;
    QRect title;
    QRect right;
    QRect chevron;
    QRect second;
    QRect link;
    std::vector<std::pair<QRect, QRect>> details; ///< label with place, text
    int height = 0;
};

void placeDetails(const OutlineRow &row, int left, int width, int &y, ItemPlaces &places)
{
    for (const OutlineDetail &detail : row.details) {
        const int place = heightOf(FontRole::Caption, width, detail.label + QStringLiteral("  ") + detail.place);
        places.details.emplace_back(QRect(left, y, width, place), QRect());
        y += place + 1;
        const int text = heightOf(FontRole::MonoSmall, width, detail.text);
        places.details.back().second = QRect(left, y, width, text);
        y += text + scaled(6);
    }
}

ItemPlaces placesOf(const OutlineRow &row, const QRect &box)
{
    ItemPlaces places;
    const int side = scaled(14);
    int left = box.left() + outlineSide + (row.under.empty() ? 0 : scaled(20));
    const int line = fontOf(FontRole::Body).height();
    int y = box.top() + scaled(6);
    if (row.shape != theme::Shape::None || row.hasShape) {
        places.shape = QRect(left, y + (line - side) / 2, side, side);
        left += side + theme::space::kS;
    }
    if (!row.number.isEmpty()) {
        const int width = fontOf(FontRole::Body).horizontalAdvance(QStringLiteral("88")) + 1;
        places.number = QRect(left, y, width, line);
        left += width + scaled(10);
    }
    int right = box.right() + 1 - outlineSide;
    if (row.canOpen) {
        places.chevron = QRect(right - side, y + (line - side) / 2, side, side);
        right -= side + theme::space::kXs;
    }
    const int whole = right - left;
    if (!row.right.isEmpty()) {
        const int width = fontOf(row.isStrong && row.rightColour != ColourRole::Muted ? FontRole::BodyBold : FontRole::Body).horizontalAdvance(row.right) + 1;
        places.right = QRect(right - width, y, width, line);
        right -= width + theme::space::kS;
    }
    const int title = heightOf(row.isStrong ? FontRole::BodyBold : FontRole::Body, right - left, row.title);
    places.title = QRect(left, y, right - left, title);
    y += std::max(title, line) + 1;
    if (!row.second.isEmpty()) {
        places.second = QRect(left, y, whole, heightOf(FontRole::Small, whole, row.second));
        y += places.second.height() + 1;
    }
    if (!row.link.isEmpty()) {
        places.link = QRect(left, y, std::min(whole, fontOf(FontRole::Body).horizontalAdvance(row.link) + 1), std::max(scaled(20), line));
        y += places.link.height();
    }
    if (row.isOpen) {
        y += scaled(4);
        placeDetails(row, left, whole, y, places);
    }
    places.height = y + scaled(5) - box.top();
    return places;
}

void paintItem(QPainter &painter, const QRect &box, const OutlineRow &row, const QPalette &palette)
{
    const ItemPlaces places = placesOf(row, box);
    if (row.shape != theme::Shape::None)
        theme::paintShape(painter, row.shape, QRectF(places.shape), palette);
    write(painter, places.number, FontRole::Body, row.isQuiet ? ColourRole::Muted : ColourRole::Text, row.number, Qt::AlignRight | Qt::AlignTop, palette);
    writeLines(painter, places.title, row.isStrong ? FontRole::BodyBold : FontRole::Body, row.isQuiet ? ColourRole::Muted : ColourRole::Text, row.title, palette);
    if (!row.right.isEmpty())
        write(painter, places.right, row.isStrong && row.rightColour != ColourRole::Muted ? FontRole::BodyBold : FontRole::Body, row.rightColour, row.right, Qt::AlignRight | Qt::AlignTop, palette);
    if (row.canOpen)
        theme::paintShape(painter, row.isOpen ? theme::Shape::ExpandDown : theme::Shape::ExpandRight, QRectF(places.chevron), palette);
    writeLines(painter, places.second, FontRole::Small, ColourRole::Muted, row.second, palette);
    if (!row.link.isEmpty())
        write(painter, places.link, FontRole::Body, ColourRole::Accent, row.link, Qt::AlignLeft | Qt::AlignVCenter, palette);
    for (std::size_t i = 0; i < places.details.size(); ++i) {
        const OutlineDetail &detail = row.details[i];
        writeLines(painter, places.details[i].first, FontRole::Caption, ColourRole::Muted, detail.label + QStringLiteral("  ") + detail.place, palette);
        writeLines(painter, places.details[i].second, FontRole::MonoSmall, ColourRole::Text, detail.text, palette);
    }
}

/// A fact whose value has no room beside its name stands under it.
struct FactPlaces {
    QRect name;
    QRect value;
    int height = 0;
};

FactPlaces factPlaces(const OutlineRow &row, const QRect &box)
{
    const QRect inside = box.adjusted(outlineSide, 0, -outlineSide, 0);
    const QFontMetrics body = fontOf(FontRole::Body);
    const int name = body.horizontalAdvance(row.title) + 1;
    const int value = body.horizontalAdvance(row.right) + 1;
    if (name + theme::space::kS + value <= inside.width()) {
        const int high = std::max(scaled(24), body.height() + scaled(6));
        return {QRect(inside.left(), box.top(), name, high), QRect(inside.right() + 1 - value, box.top(), value, high), high};
    }
    const int top = heightOf(FontRole::Body, inside.width(), row.title);
    const int under = heightOf(FontRole::Body, inside.width(), row.right);
    return {QRect(inside.left(), box.top() + scaled(4), inside.width(), top), QRect(inside.left(), box.top() + scaled(5) + top, inside.width(), under), top + under + scaled(9)};
}

void paintFact(QPainter &painter, const FactPlaces &places, const OutlineRow &row, const QStyleOptionViewItem &option)
{
    if (places.value.top() == option.rect.top()) {
        write(painter, places.name, FontRole::Body, ColourRole::Muted, row.title, Qt::AlignLeft | Qt::AlignVCenter, option.palette);
        write(painter, places.value, FontRole::Body, ColourRole::Text, row.right, Qt::AlignRight | Qt::AlignVCenter, option.palette);
        return;
    }
    writeLines(painter, places.name, FontRole::Body, ColourRole::Muted, row.title, option.palette);
    writeLines(painter, places.value, FontRole::Body, ColourRole::Text, row.right, option.palette);
}

void paintFigure(QPainter &painter, const QRect &box, const OutlineRow &row, const QPalette &palette)
{
    const FontRole font = row.kind == Kind::Clock ? FontRole::Clock : FontRole::Figure;
    const QRect inside = box.adjusted(outlineSide, scaled(2), -outlineSide, 0);
    const int line = fontOf(font).height();
    const int wide = fontOf(font).horizontalAdvance(row.title) + 1;
    write(painter, QRect(inside.left(), inside.top(), wide, line), font, ColourRole::Text, row.title, Qt::AlignLeft | Qt::AlignTop, palette);
    const int aside = fontOf(FontRole::Body).horizontalAdvance(row.right) + 1;
    // Both on one line of writing.
    const int base = inside.top() + fontOf(font).ascent() - fontOf(FontRole::Body).ascent();
    if (!row.right.isEmpty() && wide + theme::space::kM + aside <= inside.width())
        write(painter, QRect(inside.left() + wide + theme::space::kM, base, aside, fontOf(FontRole::Body).height()), FontRole::Body, ColourRole::Muted, row.right, Qt::AlignLeft | Qt::AlignTop, palette);
    const bool isUnder = wide + theme::space::kM + aside > inside.width();
    const QString under = isUnder && !row.right.isEmpty() ? (row.second.isEmpty() ? row.right : row.right + QStringLiteral(", ") + row.second) : row.second;
    writeLines(painter, inside.adjusted(0, line + 1, 0, 0), FontRole::Small, ColourRole::Muted, under, palette);
}

int figureHeight(const OutlineRow &row, int width)
{
    const FontRole font = row.kind == Kind::Clock ? FontRole::Clock : FontRole::Figure;
    const int inside = width - 2 * outlineSide;
    const int wide = fontOf(font).horizontalAdvance(row.title) + 1;
    const int aside = fontOf(FontRole::Body).horizontalAdvance(row.right) + 1;
    const bool isUnder = wide + theme::space::kM + aside > inside;
    const QString under = isUnder && !row.right.isEmpty() ? (row.second.isEmpty() ? row.right : row.right + QStringLiteral(", ") + row.second) : row.second;
    return scaled(2) + fontOf(font).height() + 1 + heightOf(FontRole::Small, inside, under) + scaled(8);
}

int rowHeight(const OutlineRow &row, int width)
{
    const QRect box(0, 0, width, 0);
    switch (row.kind) {
    case Kind::Heading: return scaled(30);
    case Kind::Item: return placesOf(row, box).height;
    case Kind::Fact: return factPlaces(row, box).height;
    case Kind::Figure:
    case Kind::Clock: return figureHeight(row, width);
    case Kind::Note: return heightOf(FontRole::Small, width - 2 * outlineSide, row.title) + scaled(8);
    case Kind::NoReturn: return scaled(30);
    case Kind::Members: return membersHeight();
    }
    return scaled(24);
}

ColourRole groundOf(OutlineRow::Ground ground)
{
    using Ground = OutlineRow::Ground;
    switch (ground) {
    case Ground::Running: return ColourRole::RunningGround;
    case Ground::Warning: return ColourRole::WarningGround;
    case Ground::Unknown: return ColourRole::UnknownGround;
    default: return ColourRole::Surface;
    }
}

void paintGroundOf(QPainter &painter, const QStyleOptionViewItem &option, const OutlineRow &row)
{
    const QPalette &palette = option.palette;
    const bool opens = row.canOpen || !row.link.isEmpty();
    if (row.ground != OutlineRow::Ground::None)
        painter.fillRect(option.rect, colour(groundOf(row.ground), palette));
    else if (opens && option.state.testFlag(QStyle::State_MouseOver))
        painter.fillRect(option.rect, colour(ColourRole::Alternate, palette));
    if (option.state.testFlag(QStyle::State_Selected) && option.state.testFlag(QStyle::State_Active))
        painter.fillRect(option.rect, colour(ColourRole::Selection, palette));
    if (row.hasLine)
        painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), colour(ColourRole::Line, palette));
    if (row.holdsWrites)
        painter.fillRect(QRect(option.rect.left(), option.rect.top(), scaled(3), option.rect.height()), colour(ColourRole::WarningFill, palette));
    if (row.progress >= 0) {
        const QRect foot(option.rect.left(), option.rect.bottom() - 2, option.rect.width(), 3);
        painter.fillRect(foot, colour(ColourRole::Line, palette));
        painter.fillRect(QRect(foot.topLeft(), QSize(static_cast<int>(foot.width() * std::min(1.0, row.progress)), foot.height())), colour(ColourRole::RunningFill, palette));
    }
}

void paintHeading(QPainter &painter, const QStyleOptionViewItem &option, const OutlineRow &row, bool isFirst)
{
    if (!isFirst)
        painter.fillRect(QRect(option.rect.left() + outlineSide, option.rect.top() + scaled(3), option.rect.width() - 2 * outlineSide, 1), colour(ColourRole::Line, option.palette));
    const QRect box = option.rect.adjusted(outlineSide, scaled(6), -outlineSide, 0);
    const int note = row.right.isEmpty() ? 0 : fontOf(FontRole::Small).horizontalAdvance(row.right) + theme::space::kS;
    write(painter, box.adjusted(0, 0, -note, 0), FontRole::BodyBold, ColourRole::Text, row.title, Qt::AlignVCenter | Qt::AlignLeft, option.palette);
    write(painter, box, FontRole::Small, ColourRole::Muted, row.right, Qt::AlignVCenter | Qt::AlignRight, option.palette);
}

void paintNoReturn(QPainter &painter, const QStyleOptionViewItem &option, const OutlineRow &row)
{
    const int wide = fontOf(FontRole::BodyBold).horizontalAdvance(row.title) + 1;
    const int left = option.rect.left() + scaled(40);
    const int middle = option.rect.center().y();
    const QColor ink = colour(ColourRole::Text, option.palette);
    painter.fillRect(QRect(option.rect.left(), middle - 1, left - theme::space::kS - option.rect.left(), 3), ink);
    painter.fillRect(QRect(left + wide + theme::space::kS, middle - 1, option.rect.right() + 1 - left - wide - theme::space::kS, 3), ink);
    write(painter, QRect(left, option.rect.top(), wide, option.rect.height()), FontRole::BodyBold, ColourRole::Text, row.title, Qt::AlignVCenter | Qt::AlignLeft, option.palette);
}

} // namespace

void OutlineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = static_cast<const OutlineModel *>(index.model());
    const OutlineRow *row = model->rowAt(index);
    if (!row)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintGroundOf(*painter, option, *row);
    switch (row->kind) {
    case Kind::Heading: paintHeading(*painter, option, *row, index.row() == 0); break;
    case Kind::Item: paintItem(*painter, option.rect, *row, option.palette); break;
    case Kind::Fact: paintFact(*painter, factPlaces(*row, option.rect), *row, option); break;
    case Kind::Figure:
    case Kind::Clock: paintFigure(*painter, option.rect, *row, option.palette); break;
    case Kind::Note:
        writeLines(*painter, option.rect.adjusted(outlineSide, scaled(3), -outlineSide, 0), FontRole::Small, ColourRole::Muted, row->title, option.palette);
        break;
    case Kind::NoReturn: paintNoReturn(*painter, option, *row); break;
    case Kind::Members: paintMembers(*painter, option.rect.adjusted(outlineSide, 0, -outlineSide, 0), row->members, option.palette); break;
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(colour(ColourRole::Accent, option.palette), theme::size::kFocusRing));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(scaled(4), 1, -3, -1), theme::size::kRadius, theme::size::kRadius);
    }
    painter->restore();
}

QSize OutlineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = static_cast<const OutlineModel *>(index.model());
    const OutlineRow *row = model->rowAt(index);
    const auto *view = qobject_cast<const QWidget *>(option.widget);
    const int width = view ? view->property("rowWidth").toInt() : option.rect.width();
    return {width, row ? rowHeight(*row, width) : 0};
}

QRect OutlineDelegate::linkIn(const QRect &box, const OutlineRow &row)
{
    return row.kind == Kind::Item && !row.link.isEmpty() ? placesOf(row, box).link : QRect();
}

} // namespace shardlens::ui::operate

#include "moc_OutlineDelegate.cpp"
