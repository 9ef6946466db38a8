// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/FactTableModel.h"
#include "ui/models/OrderedRows.h"

#include <QTableView>
#include <QVariantMap>

class QMenu;

namespace shardlens::ui::pages {

/// A table of facts. Columns are as wide as their widest text; where there is no room for all, the less important ones go, and stand
/// in the details alone. A click on a head orders the rows; they keep their places while the pointer or the keyboard is on them.
/// Enter or a double click opens a row, Ctrl+C copies the selected ones; the context menu does that and orders. GUI thread.
class FactTable : public QTableView
{
    Q_OBJECT

public:
    explicit FactTable(std::vector<models::FactColumn> columns, QWidget *parent = nullptr);

    void showRows(std::vector<models::FactRow> rows);
    [[nodiscard]] models::FactTableModel *facts() const { return m_facts; }
    [[nodiscard]] models::OrderedRows *ordered() const { return m_ordered; }

    void setRowHeight(int px);                       ///< at text size 100 %
    [[nodiscard]] int heightFor(int rows) const;     ///< with the head
    [[nodiscard]] int leastWidth() const;            ///< of the columns that always stay, at their narrowest
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 0}; }

    bool choose(const std::string &id);              ///< false if it is not shown
    [[nodiscard]] std::string currentId() const;     ///< empty if no row is chosen
    void copyRows();

    /// The order that a person asked for, to be kept.
    [[nodiscard]] QVariantMap order() const;
    void restoreOrder(const QVariantMap &state);

Q_SIGNALS:
    void chosen(const std::string &id);
    void opened(const std::string &id);
    void menuAboutToShow(QMenu *menu, const std::string &id); ///< of a row: the page adds what can be done with it

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void applyMetrics();
    void fitColumns();
    void orderBy(int column, Qt::SortOrder order);
    void orderByNext(int column);
    void hold();
    [[nodiscard]] int leastWidth(int column) const;
    [[nodiscard]] int wholeWidth(int column) const;
    [[nodiscard]] std::vector<bool> columnsToHide(int room) const;
    [[nodiscard]] std::string idOf(const QModelIndex &index) const;

    models::FactTableModel *m_facts;
    models::OrderedRows *m_ordered;
    int m_rowHeight;
    std::vector<int> m_least; ///< of each column, at the present text size
    std::vector<int> m_whole;
    bool m_isPointed = false;
};

} // namespace shardlens::ui::pages
