// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Shapes.h"

#include <QString>
#include <QWidget>

#include <utility>
#include <vector>

namespace shardlens::ui::pages {

/// Shapes with a word each, in one row; as many as have room, the first ones first. GUI thread.
class ShapeLegend : public QWidget
{
    Q_OBJECT

public:
    using Items = std::vector<std::pair<theme::Shape, QString>>;
    explicit ShapeLegend(Items items, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int widthOf(const QString &word) const;

    Items m_items;
};

} // namespace shardlens::ui::pages
