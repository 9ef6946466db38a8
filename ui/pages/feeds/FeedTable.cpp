// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feeds/FeedTable.h"

#include "ui/pages/CellDelegate.h"
#include "ui/pages/TableHeader.h"
#include "ui/pages/feeds/FeedModel.h"
#include "ui/theme/Type.h"

#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace shardlens::ui::pages {

namespace {
constexpr int leastCaption = 60;
constexpr int captionBeforeOwner = 160; ///< whose it is goes before the caption is narrower than this
constexpr int screensAhead = 2; ///< so that what is scrolled to is there already
} // namespace

FeedTable::FeedTable(FeedModel *model, QWidget *parent) : QTableView(parent), m_feed(model)
{
    dressTable(*this);
    setModel(model);
    setItemDelegate(new CellDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setAccessibleName(tr("Entries of the feed"));
    connect(model, &QAbstractItemModel::modelReset, this, &FeedTable::fitColumns);
    connect(model, &QAbstractItemModel::rowsInserted, this, &FeedTable::fitColumns);
    connect(model, &QAbstractItemModel::dataChanged, this, &FeedTable::fitColumns);
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex &index) { Q_EMIT opened(index.row()); });
    fitColumns();
}

/// By what a column can hold at most; the caption has what is left. Dates and what is amiss have room once an entry that was read needs
/// it: most feeds have neither.
void FeedTable::fitColumns()
{
    // Its room is kept while there are entries: more of them come as one scrolls.
    setVerticalScrollBarPolicy(m_feed->rowCount() > 0 ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    const QFontMetrics body(theme::font(theme::FontRole::Body));
    const auto *head = static_cast<const TableHeader *>(horizontalHeader());
    const auto wide = [&](int column, const QString &text, bool hasShape) {
        return std::max(body.horizontalAdvance(text) + 1 + 2 * CellDelegate::kPadding + (hasShape ? theme::scaled(20) : 0),
                        head->widthOf(column));
    };
    const int position = wide(FeedModel::Position, QStringLiteral("88,888"), false);
    const int id = wide(FeedModel::Media, QStringLiteral("8888888888888888888"), false);
    const int posted = wide(FeedModel::Posted, m_feed->hasDates() ? QStringLiteral("2888-88-88 88:88:88Z") : tr("23 h 59 min ago"), false);
    const bool hasMarks = m_feed->hasMarks();
    const int marks = hasMarks ? wide(FeedModel::Marks, tr("no such photo +1"), true) : 0;
    const int room = viewport()->width();
    const bool hasOwner = room >= position + 2 * id + posted + marks + theme::scaled(captionBeforeOwner);
    int left = room - position - id - posted - marks - (hasOwner ? id : 0);
    const bool hasCaption = left >= theme::scaled(leastCaption);
    setColumnHidden(FeedModel::Owner, !hasOwner);
    setColumnHidden(FeedModel::Caption, !hasCaption);
    setColumnHidden(FeedModel::Marks, !hasMarks && hasCaption);
    setColumnWidth(FeedModel::Position, position);
    setColumnWidth(FeedModel::Media, id);
    setColumnWidth(FeedModel::Owner, id);
    setColumnWidth(FeedModel::Caption, std::max(0, left));
    setColumnWidth(FeedModel::Posted, posted);
    setColumnWidth(FeedModel::Marks, marks + (hasCaption ? 0 : std::max(0, left)));
    verticalHeader()->setDefaultSectionSize(theme::tableRow());
}

bool FeedTable::event(QEvent *event)
{
    const bool done = QTableView::event(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
    return done;
}

void FeedTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void FeedTable::verticalScrollbarValueChanged(int value)
{
    QTableView::verticalScrollbarValueChanged(value);
    const QScrollBar *bar = verticalScrollBar();
    if (value > 0 && bar->maximum() - value <= screensAhead * viewport()->height())
        Q_EMIT nearEnd();
}

void FeedTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyRows();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex().row());
        return;
    }
    QTableView::keyPressEvent(event);
}

void FeedTable::copyRows()
{
    auto selected = selectionModel()->selectedRows();
    std::sort(selected.begin(), selected.end(), [](const auto &a, const auto &b) { return a.row() < b.row(); });
    QStringList lines;
    for (const QModelIndex &row : selected) {
        QStringList fields;
        for (int column = 0; column < FeedModel::ColumnCount; ++column)
            fields << row.siblingAtColumn(column).data().toString();
        lines << fields.join(QLatin1Char('\t'));
    }
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace shardlens::ui::pages

#include "moc_FeedTable.cpp"
