// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/ChartPanel.h"
#include "ui/charts/CrossHair.h"
#include "ui/pages/Page.h"

#include <QWidget>

#include <array>
#include <chrono>

namespace shardlens::ui::theme {
class SegmentedControl;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// Writes through the routers, worst replay lag by region, waiting clients: three charts below each other, with one cross-hair. GUI thread.
class TrafficCharts : public QWidget
{
    Q_OBJECT

public:
    explicit TrafficCharts(const PageContext &context, QWidget *parent = nullptr);

    void showSnapshot(const facts::Snapshot &snapshot);

    /// How much time the charts span: one of chartRanges.
    void setRange(std::chrono::minutes range);
    [[nodiscard]] std::chrono::minutes range() const { return m_range; }

    [[nodiscard]] const std::array<charts::ChartPanel *, 3> &panels() const { return m_panels; }

Q_SIGNALS:
    void rangeChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    PageContext m_context;
    charts::CrossHair m_crossHair;
    std::array<charts::ChartPanel *, 3> m_panels;
    theme::SegmentedControl *m_ranges;
    std::chrono::minutes m_range{15};
};

} // namespace shardlens::ui::pages
