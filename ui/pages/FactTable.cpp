// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/FactTable.h"

#include "ui/pages/CellDelegate.h"
#include "ui/pages/TableHeader.h"
#include "ui/theme/Type.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>
#include <numeric>

namespace shardlens::ui::pages {

using models::FactColumn;
using Holds = models::FactColumn::Holds;

FactTable::FactTable(std::vector<FactColumn> columns, QWidget *parent)
    : QTableView(parent), m_facts(new models::FactTableModel(std::move(columns), this)), m_ordered(new models::OrderedRows(this)), m_rowHeight(theme::size::kTableRow)
{
    m_ordered->setSourceModel(m_facts);
    dressTable(*this);
    setModel(m_ordered);
    setItemDelegate(new CellDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizeAdjustPolicy(QAbstractScrollArea::AdjustIgnored);
    auto *head = horizontalHeader();
    head->setSectionsClickable(true);
    head->setSectionResizeMode(QHeaderView::Fixed);
    head->setSortIndicatorShown(false);
    head->setToolTip(tr("Click to order the rows"));
    connect(head, &QHeaderView::sectionClicked, this, &FactTable::orderByNext);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            Q_EMIT chosen(idOf(current));
        viewport()->update(); // the mark of the row that has the keyboard
    });
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex &index) { Q_EMIT opened(idOf(index)); });
    applyMetrics();
}

void FactTable::showRows(std::vector<models::FactRow> rows)
{
    m_facts->show(std::move(rows));
    m_ordered->refresh();
}

void FactTable::setRowHeight(int px)
{
    if (px == m_rowHeight)
        return;
    m_rowHeight = px;
    applyMetrics();
}

int FactTable::heightFor(int rows) const
{
    return (horizontalHeader()->isHidden() ? 0 : horizontalHeader()->sizeHint().height()) + rows * theme::scaled(m_rowHeight);
}

void FactTable::applyMetrics()
{
    verticalHeader()->setDefaultSectionSize(theme::scaled(m_rowHeight));
    m_least.clear();
    m_whole.clear();
    for (int column = 0; column < m_facts->columnCount(); ++column) {
        m_least.push_back(leastWidth(column));
        m_whole.push_back(wholeWidth(column));
    }
    fitColumns();
}

std::string FactTable::idOf(const QModelIndex &index) const
{
    const auto *row = m_facts->rowAt(m_ordered->mapToSource(index));
    return row ? row->id : std::string();
}

bool FactTable::choose(const std::string &id)
{
    const int row = m_facts->rowOf(id);
    const QModelIndex index = row < 0 ? QModelIndex() : m_ordered->mapFromSource(m_facts->index(row, 0));
    if (!index.isValid())
        return false;
    if (currentIndex().row() != index.row() || !selectionModel()->isRowSelected(index.row(), {}))
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
    return true;
}

std::string FactTable::currentId() const
{
    return idOf(currentIndex());
}

void FactTable::copyRows()
{
    QStringList heads;
    std::vector<int> shown;
    for (int i = 0; i < model()->columnCount(); ++i) {
        const int column = horizontalHeader()->logicalIndex(i);
        if (isColumnHidden(column) || m_facts->columns()[static_cast<std::size_t>(column)].holds == Holds::Line)
            continue;
        shown.push_back(column);
        heads << model()->headerData(column, Qt::Horizontal).toString();
    }
    QStringList lines;
    if (!horizontalHeader()->isHidden())
        lines << heads.join(QLatin1Char('\t'));
    auto selected = selectionModel()->selectedRows();
    if (selected.isEmpty()) { // nothing is chosen: all of it
        for (int row = 0; row < model()->rowCount(); ++row)
            selected.append(model()->index(row, 0));
    }
    std::sort(selected.begin(), selected.end(), [](const auto &a, const auto &b) { return a.row() < b.row(); });
    for (const QModelIndex &row : selected) {
        QStringList fields;
        for (const int column : shown)
            fields << row.siblingAtColumn(column).data().toString();
        lines << fields.join(QLatin1Char('\t'));
    }
    if (!selected.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

QVariantMap FactTable::order() const
{
    if (m_ordered->sortColumn() < 0)
        return {};
    return {{QStringLiteral("column"), m_facts->columns()[static_cast<std::size_t>(m_ordered->sortColumn())].key},
            {QStringLiteral("descending"), m_ordered->sortOrder() == Qt::DescendingOrder}};
}

void FactTable::restoreOrder(const QVariantMap &state)
{
    orderBy(m_facts->columnOf(state.value(QStringLiteral("column")).toString()),
            state.value(QStringLiteral("descending")).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
}

/// Numbers first from the largest, names from A; then the other way, then as the fleet file has them.
void FactTable::orderByNext(int column)
{
    const bool number = m_facts->columns()[static_cast<std::size_t>(column)].holds == Holds::Number;
    const auto first = number ? Qt::DescendingOrder : Qt::AscendingOrder;
    if (m_ordered->sortColumn() != column)
        orderBy(column, first);
    else if (m_ordered->sortOrder() == first)
        orderBy(column, first == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder);
    else
        orderBy(-1, Qt::AscendingOrder);
}

void FactTable::orderBy(int column, Qt::SortOrder order)
{
    horizontalHeader()->setSortIndicatorShown(column >= 0);
    if (column >= 0)
        horizontalHeader()->setSortIndicator(column, order);
    m_ordered->sort(column, order);
}

int FactTable::wholeWidth(int column) const
{
    const FactColumn &told = m_facts->columns()[static_cast<std::size_t>(column)];
    const QFontMetrics metrics(theme::font(theme::FontRole::Body));
    const int shape = told.hasShape ? theme::scaled(20) : 0;
    int text = told.holds == Holds::Line ? theme::scaled(140) : 0;
    for (const QString &one : told.widest.split(QLatin1Char('\n')))
        text = std::max(text, metrics.horizontalAdvance(one) + shape + 1);
    const int head = horizontalHeader()->isHidden() ? 0 : static_cast<const TableHeader *>(horizontalHeader())->widthOf(column);
    return std::max(text + 2 * CellDelegate::kPadding, head);
}

/// What has a brief form may be as narrow as that, and lines may be shorter; other numbers are never narrower than their widest.
int FactTable::leastWidth(int column) const
{
    const FactColumn &told = m_facts->columns()[static_cast<std::size_t>(column)];
    const int head = horizontalHeader()->isHidden() ? 0 : static_cast<const TableHeader *>(horizontalHeader())->widthOf(column);
    if (told.holds == Holds::Line)
        return std::max(theme::scaled(80), head);
    if (told.briefest.isEmpty())
        return wholeWidth(column);
    const QFontMetrics metrics(theme::font(theme::FontRole::Body));
    const int shape = told.hasShape ? theme::scaled(20) : 0;
    int text = 0;
    for (const QString &one : told.briefest.split(QLatin1Char('\n')))
        text = std::max(text, metrics.horizontalAdvance(one));
    return std::max(text + shape + 1 + 2 * CellDelegate::kPadding, head);
}

int FactTable::leastWidth() const
{
    const auto &columns = m_facts->columns();
    int sum = 0;
    for (std::size_t i = 0; i < m_least.size() && i < columns.size(); ++i)
        sum += columns[i].importance == 0 ? m_least[i] : 0;
    return sum;
}

/// The least important go, until the others have their least widths.
std::vector<bool> FactTable::columnsToHide(int room) const
{
    const auto &columns = m_facts->columns();
    std::vector<int> order(columns.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return columns[static_cast<std::size_t>(a)].importance > columns[static_cast<std::size_t>(b)].importance; });
    int sum = std::accumulate(m_least.begin(), m_least.end(), 0);
    std::vector<bool> hidden(columns.size());
    for (const int column : order) {
        const auto at = static_cast<std::size_t>(column);
        if (sum <= room || columns[at].importance == 0)
            break;
        hidden[at] = true;
        sum -= m_least[at];
    }
    return hidden;
}

/// What is left goes to numbers that are brief, then to words, then to lines; then it is spread.
void FactTable::fitColumns()
{
    const auto &columns = m_facts->columns();
    if (m_least.size() != columns.size())
        return;
    const int room = viewport()->width();
    const std::vector<bool> hidden = columnsToHide(room);
    std::vector<int> widths = m_least;
    int left = room;
    int shown = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        left -= hidden[i] ? 0 : widths[i];
        shown += hidden[i] ? 0 : 1;
    }
    left = std::max(0, left);
    for (const Holds holds : {Holds::Number, Holds::Words, Holds::Line}) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (hidden[i] || columns[i].holds != holds)
                continue;
            const int more = std::min(left, m_whole[i] - widths[i]);
            widths[i] += more;
            left -= more;
        }
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        setColumnHidden(static_cast<int>(i), hidden[i]);
        if (hidden[i])
            continue;
        const int more = left / std::max(1, shown--);
        left -= more;
        setColumnWidth(static_cast<int>(i), widths[i] + more);
    }
}

bool FactTable::event(QEvent *event)
{
    const bool done = QTableView::event(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyMetrics();
    return done;
}

void FactTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void FactTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyRows();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT opened(currentId());
        return;
    }
    QTableView::keyPressEvent(event);
}

void FactTable::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy rows"), QKeySequence(QKeySequence::Copy), this, &FactTable::copyRows)->setEnabled(currentIndex().isValid());
    if (!horizontalHeader()->isHidden()) {
        QMenu *orders = menu->addMenu(tr("Order by"));
        for (int column = 0; column < m_facts->columnCount(); ++column) {
            if (!isColumnHidden(column) && m_facts->columns()[static_cast<std::size_t>(column)].holds != Holds::Line)
                orders->addAction(m_facts->columns()[static_cast<std::size_t>(column)].title, this, [this, column] { orderByNext(column); });
        }
        menu->addAction(tr("Order as in the fleet file"), this, [this] { orderBy(-1, Qt::AscendingOrder); })->setEnabled(m_ordered->sortColumn() >= 0);
    }
    if (currentIndex().isValid())
        Q_EMIT menuAboutToShow(menu, currentId());
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard && currentIndex().isValid();
    menu->popup(byKey ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()) : event->globalPos());
}

void FactTable::hold()
{
    m_ordered->setHeld(m_isPointed || (hasFocus() && currentIndex().isValid()));
}

void FactTable::enterEvent(QEnterEvent *event)
{
    m_isPointed = true;
    hold();
    QTableView::enterEvent(event);
}

void FactTable::leaveEvent(QEvent *event)
{
    m_isPointed = false;
    hold();
    QTableView::leaveEvent(event);
}

void FactTable::focusInEvent(QFocusEvent *event)
{
    QTableView::focusInEvent(event);
    hold();
    viewport()->update();
}

void FactTable::focusOutEvent(QFocusEvent *event)
{
    QTableView::focusOutEvent(event);
    hold();
    viewport()->update();
}

} // namespace shardlens::ui::pages

#include "moc_FactTable.cpp"
