// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Thresholds.h"

#include <QWidget>

namespace shardlens::ui::pages {

/// The thresholds of a fleet in words, and a line in the style of each level. GUI thread.
class LagLegend : public QWidget
{
    Q_OBJECT

public:
    explicit LagLegend(const fleet::Thresholds &thresholds, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QString sentence() const;
    [[nodiscard]] int textHeight(int width) const;

    fleet::Thresholds m_thresholds;
};

} // namespace shardlens::ui::pages
