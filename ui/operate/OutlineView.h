// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineRow.h"
#include "ui/theme/widgets/Panel.h"

#include <QListView>

namespace shardlens::ui::operate {

class OutlineModel;

/// A list of such rows. Up and Down move, Enter, Space or a click opens and folds, Right opens, Left folds; a link is followed by Enter
/// or a click on it. Ctrl+C copies the selected rows, the context menu and the Menu key do that too. GUI thread.
class OutlineList : public QListView
{
    Q_OBJECT

public:
    explicit OutlineList(QWidget *parent = nullptr);

    void showRows(OutlineRows rows);
    [[nodiscard]] OutlineModel *outline() const { return m_model; }
    void setOpen(const std::string &id, bool open);
    void bringIntoSight(const std::string &id);
    [[nodiscard]] int wantedHeight() const; ///< of all rows
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 0}; }

Q_SIGNALS:
    void linkFollowed(const std::string &id);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void fitRows();
    void activate(const QModelIndex &index);
    void copyRows();

    OutlineModel *m_model;
};

/// A panel that holds one: title, note, rows; in the title row it may tell what the bar along some of them means.
class OutlinePanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit OutlinePanel(const QString &title, QWidget *parent = nullptr);

    [[nodiscard]] OutlineList *list() const { return m_list; }

private:
    OutlineList *m_list;
};

} // namespace shardlens::ui::operate
