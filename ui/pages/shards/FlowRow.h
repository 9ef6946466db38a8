// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace shardlens::ui::pages {

/// Controls in one row, or in two where the page is narrow. The last one lies at the right end of its row and gives way first.
class FlowRow : public QWidget
{
    Q_OBJECT

public:
    explicit FlowRow(QWidget *parent = nullptr);

    void add(QWidget *widget);

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] std::vector<QRect> boxes(int width) const;
    void place();

    std::vector<QWidget *> m_widgets;
};

} // namespace shardlens::ui::pages
