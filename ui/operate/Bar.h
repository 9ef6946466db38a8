// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace shardlens::ui::operate {

/// A bar under a page of operations: a raised surface with a line round it, which places its parts itself. GUI thread.
class Bar : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

protected:
    /// Called whenever its size or its text size has changed.
    virtual void arrange() = 0;

    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
};

} // namespace shardlens::ui::operate
