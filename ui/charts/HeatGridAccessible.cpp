// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatGridAccessible.h"

#include "ui/charts/HeatGrid.h"

namespace shardlens::ui::charts {

namespace {

/// One cell. It looks everything up in the grid, so that it is as new as the picture.
class HeatCellAccessible : public QAccessibleInterface, public QAccessibleTableCellInterface
{
public:
    HeatCellAccessible(HeatGrid *grid, int cell) : m_grid(grid), m_cell(cell) {}

    [[nodiscard]] bool isValid() const override { return m_grid && m_cell < int(m_grid->picture().cells.size()); }
    [[nodiscard]] QObject *object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_grid); }
    [[nodiscard]] QAccessibleInterface *child(int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::Cell; }
    void setText(QAccessible::Text, const QString &) override {}

    [[nodiscard]] QString text(QAccessible::Text which) const override { return isValid() && which == QAccessible::Name ? m_grid->describe(m_cell) : QString(); }

    [[nodiscard]] QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect box = m_grid->cellRect(m_cell);
        return {m_grid->viewport()->mapToGlobal(box.topLeft()), box.size()};
    }

    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        const quint64 id = m_grid->picture().cells[std::size_t(m_cell)].id;
        state.selectable = state.focusable = state.multiSelectable = true;
        state.selected = m_grid->selection().count(id) > 0;
        state.focused = m_grid->hasFocus() && m_grid->current() == id;
        state.offscreen = !m_grid->viewport()->rect().intersects(m_grid->cellRect(m_cell));
        return state;
    }

    [[nodiscard]] void *interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::TableCellInterface ? static_cast<QAccessibleTableCellInterface *>(this) : nullptr;
    }

    [[nodiscard]] bool isSelected() const override { return state().selected; }
    [[nodiscard]] QList<QAccessibleInterface *> columnHeaderCells() const override { return {}; }
    [[nodiscard]] QList<QAccessibleInterface *> rowHeaderCells() const override { return {}; }
    [[nodiscard]] int columnIndex() const override { return 0; }
    [[nodiscard]] int rowIndex() const override { return m_cell; }
    [[nodiscard]] int columnExtent() const override { return 1; }
    [[nodiscard]] int rowExtent() const override { return 1; }
    [[nodiscard]] QAccessibleInterface *table() const override { return parent(); }

private:
    QPointer<HeatGrid> m_grid;
    int m_cell;
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *grid = qobject_cast<HeatGrid *>(object);
    return grid ? new HeatGridAccessible(grid) : nullptr;
}

} // namespace

void installHeatGridAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(installed)
}

HeatGridAccessible::HeatGridAccessible(HeatGrid *grid) : QAccessibleWidget(grid, QAccessible::Table) {}

HeatGridAccessible::~HeatGridAccessible()
{
    for (const QAccessible::Id id : std::as_const(m_cells))
        QAccessible::deleteAccessibleInterface(id);
}

HeatGrid *HeatGridAccessible::grid() const
{
    return static_cast<HeatGrid *>(widget());
}

void *HeatGridAccessible::interface_cast(QAccessible::InterfaceType type)
{
    if (type == QAccessible::TableInterface)
        return static_cast<QAccessibleTableInterface *>(this);
    return QAccessibleWidget::interface_cast(type);
}

int HeatGridAccessible::childCount() const
{
    return int(grid()->picture().cells.size());
}

QAccessibleInterface *HeatGridAccessible::child(int index) const
{
    if (index < 0 || index >= childCount())
        return nullptr;
    if (const auto found = m_cells.constFind(index); found != m_cells.constEnd())
        return QAccessible::accessibleInterface(*found);
    auto *cell = new HeatCellAccessible(grid(), index);
    m_cells.insert(index, QAccessible::registerAccessibleInterface(cell));
    return cell;
}

int HeatGridAccessible::indexOfChild(const QAccessibleInterface *child) const
{
    auto *cell = const_cast<QAccessibleInterface *>(child)->tableCellInterface();
    return cell ? cell->rowIndex() : -1;
}

QAccessibleInterface *HeatGridAccessible::childAt(int x, int y) const
{
    return child(grid()->cellAt(grid()->viewport()->mapFromGlobal(QPoint(x, y))));
}

QAccessibleInterface *HeatGridAccessible::focusChild() const
{
    const auto current = grid()->current();
    return grid()->hasFocus() && current ? child(grid()->cellOf(*current)) : nullptr;
}

QList<QAccessibleInterface *> HeatGridAccessible::selectedCells() const
{
    QList<QAccessibleInterface *> cells;
    for (const int row : selectedRows())
        cells << child(row);
    return cells;
}

QString HeatGridAccessible::columnDescription(int) const
{
    return grid()->accessibleName();
}

QString HeatGridAccessible::rowDescription(int row) const
{
    return row >= 0 && row < childCount() ? grid()->describe(row) : QString();
}

int HeatGridAccessible::selectedRowCount() const
{
    return int(selectedRows().size());
}

QList<int> HeatGridAccessible::selectedRows() const
{
    QList<int> rows;
    for (const quint64 id : grid()->selection())
        if (const int cell = grid()->cellOf(id); cell >= 0)
            rows << cell;
    return rows;
}

bool HeatGridAccessible::isRowSelected(int row) const
{
    return row >= 0 && row < childCount() && grid()->selection().count(grid()->picture().cells[std::size_t(row)].id) > 0;
}

bool HeatGridAccessible::selectRow(int row)
{
    if (row < 0 || row >= childCount())
        return false;
    grid()->selectCell(row);
    return true;
}

bool HeatGridAccessible::unselectRow(int row)
{
    if (!isRowSelected(row))
        return false;
    auto ids = grid()->selection();
    ids.erase(grid()->picture().cells[std::size_t(row)].id);
    grid()->setSelection(ids, grid()->current());
    return true;
}

} // namespace shardlens::ui::charts
