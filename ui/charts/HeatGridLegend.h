// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/HeatPicture.h"

#include <QAbstractButton>
#include <QRect>
#include <QWidget>

#include <set>
#include <vector>

namespace shardlens::ui::charts {

/// One step of the scale in words, with how many cells are in it.
struct HeatLegendEntry {
    HeatStep step;
    bool isStale = false; ///< the entry of stale cells
    QString label;
    int count = 0;
    bool operator==(const HeatLegendEntry &) const = default;
};

/// The steps of a heat grid with their counts, in at most two rows: what has no room is told as "and 50 more". A click (Space) on one shows only
/// its cells, another click adds or takes away. Widths depend on labels, not on counts, so that nothing moves from tick to tick.
class HeatGridLegend : public QWidget
{
    Q_OBJECT

public:
    explicit HeatGridLegend(QWidget *parent = nullptr);

    /// `most` is the greatest count that can come: room is kept for it.
    void setEntries(const std::vector<HeatLegendEntry> &entries, int most);
    [[nodiscard]] const std::vector<HeatLegendEntry> &entries() const { return m_entries; }

    /// Indices of the entries that are shown alone; empty: all are.
    [[nodiscard]] std::set<int> chosen() const;
    void setChosen(const std::set<int> &chosen); ///< emits nothing

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosenChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    struct Placement {
        std::vector<QRect> boxes; ///< of the entries that have room
        QRect more;               ///< where the rest is told
        int height = 0;
    };
    [[nodiscard]] Placement placement(int width) const;
    void place();

    std::vector<HeatLegendEntry> m_entries;
    std::vector<QAbstractButton *> m_buttons;
    int m_most = 0;
};

} // namespace shardlens::ui::charts
