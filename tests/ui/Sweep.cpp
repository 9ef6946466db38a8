// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Sweep.h"

#include "tests/ui/TextRecorder.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QHeaderView>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTableView>
#include <QWidget>

#include <algorithm>

namespace shardlens::tests {

namespace {

constexpr double tolerance = 1.0; ///< px: letters reach a little over their advance
constexpr int reported = 12;      ///< one broken row should not fill the screen

struct Placed {
    DrawnText text;
    QRectF box;     ///< in the window
    QString widget; ///< who drew it
    const QWidget *drawnBy = nullptr;
};

QString nameOf(const QWidget &widget)
{
    QStringList names;
    for (const QWidget *at = &widget; at && !at->isWindow() && names.size() < 3; at = at->parentWidget()) {
        const QString called = at->objectName().startsWith(QLatin1String("qt_")) ? QString() : at->accessibleName();
        names.prepend(QString::fromLatin1(at->metaObject()->className()).section(QStringLiteral("::"), -1) + (called.isEmpty() ? QString() : QStringLiteral(" '%1'").arg(called.left(40))));
    }
    return names.join(QStringLiteral(" > "));
}

/// The scrolling area that the widget is the viewport of, or lies in and is cut by; one that can scroll before one that need not.
const QAbstractScrollArea *areaOf(const QWidget &widget)
{
    const QAbstractScrollArea *own = nullptr;
    for (const QWidget *at = &widget; at && !at->isWindow(); at = at->parentWidget()) {
        const auto *area = qobject_cast<const QAbstractScrollArea *>(at->parentWidget());
        if (!area || area->viewport() != at)
            continue;
        if (area->verticalScrollBar()->maximum() > 0)
            return area;
        if (at == &widget)
            own = area;
    }
    return own;
}

/// What of the widget can be seen, in its own coordinates.
QRectF seenPart(const QWidget &widget)
{
    QRect seen = widget.rect();
    for (const QWidget *at = widget.parentWidget(); at; at = at->isWindow() ? nullptr : at->parentWidget())
        seen = seen.intersected(QRect(widget.mapFrom(at, QPoint()), at->size()));
    return seen;
}

/// "…" that stands for digits, or right beside one.
bool elidesNumber(const QString &text)
{
    static const QRegularExpression cut(QStringLiteral("[0-9][.,]?\\s?\\x{2026}|\\x{2026}[0-9]"));
    return cut.match(text).hasMatch();
}

void judge(const Placed &placed, const QRectF &seen, const QAbstractScrollArea *area, QStringList &faults)
{
    const DrawnText &text = placed.text;
    const QRectF room = seen.intersected(text.clip);
    if (!room.intersects(text.box))
        return; // scrolled away
    const bool scrollsDown = area && area->verticalScrollBar()->maximum() > 0;
    const bool scrollsAcross = area && area->horizontalScrollBar()->maximum() > 0;
    const double right = text.box.right() - room.right();
    const double left = room.left() - text.box.left();
    const double below = text.box.bottom() - room.bottom();
    const double above = room.top() - text.box.top();
    if (!scrollsAcross && std::max(left, right) > tolerance)
        faults << QStringLiteral("cut by %1 px: \"%2\" in %3").arg(std::max(left, right), 0, 'f', 1).arg(text.text, placed.widget);
    else if (!scrollsDown && std::max(above, below) > tolerance)
        faults << QStringLiteral("cut in height by %1 px: \"%2\" in %3").arg(std::max(above, below), 0, 'f', 1).arg(text.text, placed.widget);
    if (elidesNumber(text.text))
        faults << QStringLiteral("a number is elided: \"%1\" in %2").arg(text.text, placed.widget);
}

void judgeTable(const QTableView &table, QStringList &faults)
{
    int needed = 0;
    for (int column = 0; column < table.horizontalHeader()->count(); ++column)
        needed += table.columnWidth(column);
    const bool mayScroll = table.horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff;
    if (!mayScroll && needed > table.viewport()->width() + 1)
        faults << QStringLiteral("columns need %1 px and have %2: %3").arg(needed).arg(table.viewport()->width()).arg(nameOf(table));
}

void judgeButton(const QAbstractButton &button, QStringList &faults)
{
    if (button.width() + 1 < button.minimumSizeHint().width())
        faults << QStringLiteral("button \"%1\" needs %2 px and has %3: %4").arg(button.text()).arg(button.minimumSizeHint().width()).arg(button.width()).arg(nameOf(button));
}

std::vector<Placed> textsOf(QWidget &widget, QWidget &window)
{
    TextRecorder recorder(widget.size());
    widget.render(&recorder, QPoint(), QRegion(), QWidget::RenderFlags());
    std::vector<Placed> placed;
    for (const DrawnText &text : recorder.texts())
        placed.push_back({text, text.box.translated(widget.mapTo(&window, QPoint())), nameOf(widget), &widget});
    return placed;
}

/// Whether a part that lies over `below` hides a place of it: a panel, or what fills its ground.
bool hides(const QWidget &above, const QWidget &below, const QRectF &place, const QWidget &window)
{
    std::vector<const QWidget *> way; // from the upper text up to where both have a common parent
    const QWidget *at = &above;
    while (at && !at->isAncestorOf(&below)) {
        way.push_back(at);
        at = at->parentWidget();
    }
    if (!at || way.empty())
        return false;
    const QWidget *branch = &below;
    while (branch->parentWidget() != at)
        branch = branch->parentWidget();
    const auto siblings = at->children();
    if (branch == way.back() || siblings.indexOf(const_cast<QWidget *>(way.back())) < siblings.indexOf(const_cast<QWidget *>(branch)))
        return false;
    return std::any_of(way.begin(), way.end(), [&](const QWidget *widget) {
        const bool fills = widget->autoFillBackground() || QByteArrayView(widget->metaObject()->className()).endsWith("::Panel") || widget->inherits("shardlens::ui::theme::Panel");
        return fills && QRectF(QRect(widget->mapTo(&window, QPoint()), widget->size())).contains(place);
    });
}

void judgeOverlaps(const QWidget &window, const std::vector<Placed> &texts, QStringList &faults)
{
    for (std::size_t a = 0; a < texts.size(); ++a) {
        for (std::size_t b = a + 1; b < texts.size(); ++b) {
            const QRectF shared = texts[a].box.intersected(texts[b].box);
            const bool same = texts[a].text.text == texts[b].text.text && texts[a].box == texts[b].box; // painted twice
            const bool meets = !same && shared.width() > tolerance && shared.height() > tolerance;
            if (meets && !hides(*texts[a].drawnBy, *texts[b].drawnBy, shared, window) && !hides(*texts[b].drawnBy, *texts[a].drawnBy, shared, window))
                faults << QStringLiteral("\"%1\" (%2) runs into \"%3\" (%4)").arg(texts[a].text.text, texts[a].widget, texts[b].text.text, texts[b].widget);
        }
    }
}

/// Everything that can be seen, each text in the window's coordinates; what is wrong with single texts goes to `faults`.
std::vector<Placed> seenTexts(QWidget &window, QStringList *faults)
{
    std::vector<Placed> all;
    auto widgets = window.findChildren<QWidget *>();
    widgets.prepend(&window);
    for (QWidget *widget : widgets) {
        if (widget != &window && (!widget->isVisibleTo(&window) || widget->isWindow()))
            continue;
        const QRectF seen = seenPart(*widget);
        if (seen.isEmpty())
            continue;
        for (Placed &placed : textsOf(*widget, window)) {
            if (faults)
                judge(placed, seen, areaOf(*widget), *faults);
            const QRectF visible = placed.text.box.intersected(seen.intersected(placed.text.clip));
            placed.box = visible.translated(widget->mapTo(&window, QPoint()));
            if (!visible.isEmpty())
                all.push_back(std::move(placed));
        }
    }
    return all;
}

} // namespace

QStringList textsIn(QWidget &window)
{
    QStringList texts;
    for (const Placed &placed : seenTexts(window, nullptr)) {
        QString text = placed.text.text;
        texts << text.replace(QChar(0x202F), QLatin1Char(' '));
    }
    return texts;
}

QStringList faultsOf(QWidget &window)
{
    QStringList faults;
    for (QWidget *widget : window.findChildren<QWidget *>()) {
        if (!widget->isVisibleTo(&window) || widget->isWindow() || seenPart(*widget).isEmpty())
            continue;
        if (const auto *table = qobject_cast<const QTableView *>(widget))
            judgeTable(*table, faults);
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            judgeButton(*button, faults);
    }
    judgeOverlaps(window, seenTexts(window, &faults), faults);
    faults.removeDuplicates();
    if (faults.size() > reported)
        faults = faults.mid(0, reported) << QStringLiteral("and %1 more").arg(faults.size() - reported);
    return faults;
}

bool isLookedAt(QSize page, int text)
{
    const bool isTightest = page.width() < 1000 && text > 100;
    const bool isWidest = page.width() > 2000 && text == 100;
    return isTightest || isWidest || qEnvironmentVariableIsSet("SHARDLENS_EVERY_SIZE");
}

bool areBothThemesLookedAt()
{
    return qEnvironmentVariableIsSet("SHARDLENS_EVERY_SIZE");
}

} // namespace shardlens::tests
