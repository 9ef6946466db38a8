// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemView>

class QMenu;

namespace shardlens::ui::pages {

/// Lets the rows of a table or list be copied: a context menu, by pointer and by the Menu key, and Ctrl+C as lines of fields
/// between tabs, heads first. A view that has a Ctrl+C of its own keeps it; the menu does the same then. Belongs to the view.
class RowCopy : public QObject
{
    Q_OBJECT

public:
    enum class Copies : std::uint8_t { Rows, AsTheViewDoes };

    explicit RowCopy(QAbstractItemView *view, Copies copies = Copies::Rows);

    /// The selected rows, else the current one; empty if there is none.
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void menuAboutToShow(QMenu *menu); ///< of the current row: who owns the view adds what can be done with it

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void copy();
    void showMenu(const QPoint &global);

    QAbstractItemView *m_view;
    Copies m_copies;
};

} // namespace shardlens::ui::pages
