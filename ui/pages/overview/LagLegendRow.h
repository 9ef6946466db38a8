// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Thresholds.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace shardlens::ui::pages {

/// How lines look by lag level, in one row. GUI thread.
class LagLegendRow : public QWidget
{
    Q_OBJECT

public:
    explicit LagLegendRow(const fleet::Thresholds &thresholds, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<QString> m_names;
};

} // namespace shardlens::ui::pages
