// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace shardlens::ui::pages {

class FeedModel;

/// The entries of a feed as a table: numbers and IDs have the room they need, the caption what is left; where there is too little of it,
/// captions go, then owners. Enter or a double click opens an entry, Ctrl+C copies rows; near its end it asks for more. GUI thread.
class FeedTable : public QTableView
{
    Q_OBJECT

public:
    explicit FeedTable(FeedModel *model, QWidget *parent = nullptr);

    [[nodiscard]] FeedModel *feed() const { return m_feed; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 0}; }

Q_SIGNALS:
    void opened(int row);
    void nearEnd();

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void verticalScrollbarValueChanged(int value) override;

private:
    void fitColumns();
    void copyRows();

    FeedModel *m_feed;
};

} // namespace shardlens::ui::pages
