// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/inspector/InspectorDelegate.h"

#include "ui/shell/inspector/InspectorModel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QPainter>

#include <algorithm>

namespace shardlens::ui::shell {

using theme::colour;
using theme::ColourRole;
using theme::FontRole;
using theme::scaled;
using Kind = InspectorRow::Kind;
using State = format::FormattedFact::State;

namespace {

constexpr int kSide = theme::space::kL;

QFontMetrics metricsOf(FontRole role) { return QFontMetrics(theme::font(role)); }
FontRole valueFont(const InspectorRow &row) { return row.mono ? FontRole::MonoSmall : FontRole::Body; }

struct Columns {
    QRect name;
    QRect value;
    QRect age;
};

Columns columnsOf(const QRect &box)
{
    const QRect inside = box.adjusted(kSide, 0, -kSide, 0);
    const int age = metricsOf(FontRole::Caption).horizontalAdvance(QStringLiteral("23 h 59 min")) + 1;
    const int name = std::min(scaled(108), inside.width() * 2 / 5);
    return {QRect(inside.left(), inside.top(), name - theme::space::kS, inside.height()),
            QRect(inside.left() + name, inside.top(), inside.width() - name - age - theme::space::kXs, inside.height()),
            QRect(inside.right() + 1 - age, inside.top(), age, inside.height())};
}

/// Between words; within one only where it alone is longer than the line.
int wrapOf(FontRole font, int width, const QString &text)
{
    const QFontMetrics metrics = metricsOf(font);
    const QStringList words = text.split(QLatin1Char(' '));
    const bool fits = std::all_of(words.begin(), words.end(), [&](const QString &word) { return metrics.horizontalAdvance(word) <= width; });
    return fits ? Qt::TextWordWrap : Qt::TextWrapAnywhere;
}

int linesHeight(FontRole font, int width, const QString &text)
{
    const int room = std::max(width, 20);
    return metricsOf(font).boundingRect(QRect(0, 0, room, 10000), wrapOf(font, room, text), text).height();
}

int heightOf(const InspectorRow &row, int width)
{
    const int least = scaled(24);
    const Columns columns = columnsOf(QRect(0, 0, width, least));
    const int air = scaled(8);
    switch (row.kind) {
    case Kind::Heading: return scaled(34);
    case Kind::Thing: return least;
    case Kind::Fact:
        return std::max({least, linesHeight(valueFont(row), columns.value.width(), row.value.text) + air, linesHeight(FontRole::Body, columns.name.width(), row.name) + air});
    case Kind::Note: return linesHeight(FontRole::Small, width - 2 * kSide, row.name) + air;
    case Kind::Problem:
        return linesHeight(FontRole::BodyBold, width - 2 * kSide - scaled(38), row.name) + linesHeight(FontRole::Small, width - 2 * kSide - scaled(38), row.middle) + scaled(20);
    }
    return least;
}

void paintText(QPainter &painter, const QRect &box, FontRole font, ColourRole role, const QString &text, int flags, const QPalette &palette)
{
    painter.setFont(theme::font(font));
    painter.setPen(colour(role, palette));
    painter.drawText(box, flags, text);
}

struct ThingPlaces {
    QRect shape;
    QRect name;
    QRect middle;
    QRect number;
};

/// Things of one list stand in columns: shape, name, role, number, age. The name keeps its length, the role gives way; one that has no room
/// in its column begins right behind the name.
ThingPlaces thingPlaces(const QRect &box, const InspectorRow &row, const Columns &columns)
{
    const int side = scaled(14);
    const QRect inside = box.adjusted(kSide, 0, -kSide, 0);
    const QFontMetrics body = metricsOf(FontRole::Body);
    const int value = body.horizontalAdvance(row.value.text) + 1 + theme::space::kXs; // it stands at its right end: no wider than it is
    const QRect number(columns.age.left() - theme::space::kXs - value, box.top(), value, box.height());
    const int left = inside.left() + side + theme::space::kS;
    const int room = number.left() - left - theme::space::kXs;
    const int middle = body.horizontalAdvance(row.middle);
    const int name = std::min({body.horizontalAdvance(row.name) + 1, room, std::max(scaled(116), room - middle - theme::space::kS)});
    const int column = left + std::max(name, std::min(scaled(116), room)) + theme::space::kS;
    const int end = number.left() - theme::space::kXs;
    const int from = end - column >= middle ? column : left + name + theme::space::kS;
    return {QRect(inside.left(), box.center().y() + 1 - side / 2, side, side), QRect(left, box.top(), name, box.height()), QRect(from, box.top(), end - from, box.height()), number};
}

void paintThing(QPainter &painter, const QRect &box, const InspectorRow &row, const Columns &columns, const QPalette &palette)
{
    const ThingPlaces places = thingPlaces(box, row, columns);
    const QFontMetrics body = metricsOf(FontRole::Body);
    theme::paintShape(painter, row.shape, QRectF(places.shape), palette);
    paintText(painter, places.name, FontRole::Body, ColourRole::Text, body.elidedText(row.name, Qt::ElideMiddle, places.name.width()), Qt::AlignVCenter | Qt::AlignLeft, palette);
    if (places.middle.width() > scaled(24))
        paintText(painter, places.middle, FontRole::Body, ColourRole::Muted, body.elidedText(row.middle, Qt::ElideMiddle, places.middle.width()), Qt::AlignVCenter | Qt::AlignLeft, palette);
    paintText(painter, places.number, FontRole::Body, row.value.role, row.value.text, Qt::AlignVCenter | Qt::AlignRight, palette);
}

void paintFact(QPainter &painter, const InspectorRow &row, const Columns &columns, const QPalette &palette)
{
    // One line stands in the middle of its row, several from the top.
    const auto in = [](const QRect &box) { return box.adjusted(0, scaled(4), 0, 0); };
    const int flags = Qt::AlignTop | Qt::AlignLeft;
    paintText(painter, in(columns.name), FontRole::Body, ColourRole::Muted, row.name, flags | wrapOf(FontRole::Body, columns.name.width(), row.name), palette);
    const bool link = !std::holds_alternative<std::monostate>(row.opens) && row.value.state == State::Fresh;
    if (row.value.state == State::Unknown)
        theme::paintHatch(painter, QRectF(columns.value.adjusted(-theme::space::kXs, 3, 0, -3)), palette);
    if (row.value.state == State::Unknown)
        painter.fillRect(columns.value.adjusted(-theme::space::kXs, 3, 0, -3), [&] {
            QColor ground = colour(ColourRole::UnknownGround, palette);
            ground.setAlphaF(0.8F);
            return ground;
        }());
    paintText(painter, in(columns.value), valueFont(row), link ? ColourRole::Accent : row.value.role, row.value.text,
              flags | wrapOf(valueFont(row), columns.value.width(), row.value.text), palette);
    if (row.value.state == State::Stale || row.value.state == State::Down) {
        const QFontMetrics metrics = metricsOf(valueFont(row));
        const double y = columns.value.top() + scaled(4) + metrics.ascent() + 3;
        const double width = std::min(metrics.horizontalAdvance(row.value.text), columns.value.width());
        theme::paintStaleUnderline(painter, QPointF(columns.value.left(), y), QPointF(columns.value.left() + width, y), palette);
    }
}

void paintProblem(QPainter &painter, const QRect &box, const InspectorRow &row, const QPalette &palette)
{
    const theme::SeverityColours colours = theme::coloursOf(row.severity);
    const QRect ground = box.adjusted(kSide - theme::space::kXs, scaled(2), -(kSide - theme::space::kXs), -scaled(2));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour(colours.ground, palette));
    painter.drawRoundedRect(ground, theme::size::kRadius, theme::size::kRadius);
    const int side = scaled(14);
    theme::paintShape(painter, row.shape, QRectF(ground.left() + scaled(8), ground.top() + scaled(10), side, side), palette);
    QRect words = ground.adjusted(scaled(30), scaled(7), -scaled(8), 0);
    const int flags = Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap;
    paintText(painter, words, FontRole::BodyBold, ColourRole::Text, row.name, flags, palette);
    words.setTop(words.top() + linesHeight(FontRole::BodyBold, words.width(), row.name) + 2);
    paintText(painter, words, FontRole::Small, ColourRole::Muted, row.middle, flags, palette);
}

} // namespace

void InspectorDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = static_cast<const InspectorModel *>(index.model());
    const InspectorRow *row = model->rowAt(index);
    if (!row)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QPalette &palette = option.palette;
    const bool opens = !std::holds_alternative<std::monostate>(row->opens) || row->kind == Kind::Problem;
    if (row->kind != Kind::Heading) {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, colour(ColourRole::Selection, palette));
        else if (opens && (option.state & QStyle::State_MouseOver))
            painter->fillRect(option.rect, colour(ColourRole::Alternate, palette));
    }
    const Columns columns = columnsOf(option.rect);
    switch (row->kind) {
    case Kind::Heading: {
        if (index.row() > 0)
            painter->fillRect(QRect(option.rect.left() + kSide, option.rect.top() + scaled(4), option.rect.width() - 2 * kSide, 1), colour(ColourRole::Line, palette));
        const QRect box = option.rect.adjusted(kSide, scaled(6), -kSide, 0);
        paintText(*painter, box, FontRole::BodyBold, ColourRole::Text, row->name, Qt::AlignVCenter | Qt::AlignLeft, palette);
        paintText(*painter, box, FontRole::Caption, ColourRole::Muted, row->value.text, Qt::AlignVCenter | Qt::AlignRight, palette);
        break;
    }
    case Kind::Fact: paintFact(*painter, *row, columns, palette); break;
    case Kind::Thing: paintThing(*painter, option.rect, *row, columns, palette); break;
    case Kind::Problem: paintProblem(*painter, option.rect, *row, palette); break;
    case Kind::Note:
        paintText(*painter, option.rect.adjusted(kSide, scaled(4), -kSide, 0), FontRole::Small, ColourRole::Muted, row->name, Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, palette);
        break;
    }
    if ((row->kind == Kind::Fact || row->kind == Kind::Thing) && !row->value.age.isEmpty())
        paintText(*painter, row->kind == Kind::Fact ? columns.age.adjusted(0, scaled(5), 0, 0) : columns.age, FontRole::Caption, ColourRole::Muted, row->value.age,
                  Qt::AlignRight | (row->kind == Kind::Fact ? Qt::AlignTop : Qt::AlignVCenter), palette);
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(colour(ColourRole::Accent, palette), theme::size::kFocusRing));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(3, 1, -3, -1), theme::size::kRadius, theme::size::kRadius);
    }
    painter->restore();
}

QSize InspectorDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = static_cast<const InspectorModel *>(index.model());
    const InspectorRow *row = model->rowAt(index);
    const auto *view = qobject_cast<const QWidget *>(option.widget);
    const int width = view ? view->property("rowWidth").toInt() : option.rect.width();
    return {width, row ? heightOf(*row, width) : 0};
}

bool InspectorDelegate::showsMiddle(const InspectorRow &row, int width)
{
    const QRect box(0, 0, width, heightOf(row, width));
    return thingPlaces(box, row, columnsOf(box)).middle.width() >= metricsOf(FontRole::Body).horizontalAdvance(row.middle);
}

bool InspectorDelegate::fits(const InspectorRow &row, int width)
{
    const QRect box(0, 0, width, heightOf(row, width));
    const Columns columns = columnsOf(box);
    if (metricsOf(FontRole::Caption).horizontalAdvance(row.value.age) > columns.age.width())
        return false;
    if (row.kind != Kind::Thing)
        return true; // it wraps
    const int number = metricsOf(FontRole::Body).horizontalAdvance(row.value.text);
    return columns.age.left() - number - 2 * theme::space::kXs > box.left() + kSide + scaled(14 + 8 + 60);
}

} // namespace shardlens::ui::shell

#include "moc_InspectorDelegate.cpp"
