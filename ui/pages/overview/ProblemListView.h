// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ProblemModel.h"
#include "ui/pages/overview/ProblemAction.h"

#include <QListView>

#include <optional>

namespace shardlens::ui::pages {

/// Problems as rows of two lines, each with one button. Enter or a click opens a row; Enter in an opened row presses its button;
/// Left or Escape closes it. While the pointer is over the list or a row has focus, the model is held: nothing moves. GUI thread.
class ProblemListView : public QListView
{
    Q_OBJECT

public:
    explicit ProblemListView(models::ProblemModel *model, QWidget *parent = nullptr);

    void setNow(facts::Instant now); ///< of the snapshot shown: readings age by it
    [[nodiscard]] facts::Instant now() const { return m_now; }

    void open(const std::string &id); ///< empty closes
    [[nodiscard]] const std::string &openedId() const { return m_opened; }
    [[nodiscard]] bool isOpened(const QModelIndex &index) const;
    [[nodiscard]] bool isOverButton(const QModelIndex &index) const { return m_overButton.isValid() && m_overButton == index; }

    /// The button of an opened row's details under the pointer.
    [[nodiscard]] std::optional<ProblemAction> overAction(const QModelIndex &index) const;
    /// Where such a button stands, in the viewport; empty if the row has none now.
    [[nodiscard]] QRect actionRect(const QModelIndex &index, ProblemAction action) const;

    /// The height that shows every row as it is now.
    [[nodiscard]] int wholeHeight() const;
    [[nodiscard]] QRect buttonRect(const QModelIndex &index) const;

    static constexpr int kRow = 50;

Q_SIGNALS:
    void pressed(const shardlens::ui::models::ProblemRow &row); ///< the row's button
    void openedChanged();
    void currentRowChanged();
    void asked(const shardlens::ui::models::ProblemRow &row, shardlens::ui::pages::ProblemAction action); ///< by a button of its details, or the menu

protected:
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void hold();
    [[nodiscard]] std::optional<ProblemAction> actionAt(const QPoint &at) const;

    models::ProblemModel *m_problems;
    std::string m_opened;
    facts::Instant m_now;
    QPersistentModelIndex m_overButton;
    std::optional<ProblemAction> m_overAction;
};

} // namespace shardlens::ui::pages
