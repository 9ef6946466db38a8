// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TimeChart.h"
#include "ui/theme/widgets/Panel.h"

namespace shardlens::ui::theme {
class Text;
}

namespace shardlens::ui::charts {

/// A panel of one chart: title, a muted note, the value now in Medium and what it was; while the cross-hair stands on it, the
/// values at that time in their place.
class ChartPanel : public theme::Panel
{
    Q_OBJECT

public:
    ChartPanel(const QString &title, Unit unit, TimeChart::Scale scale = TimeChart::Scale::FromZero, QWidget *parent = nullptr);

    [[nodiscard]] TimeChart *chart() const { return m_chart; }
    void setNow(const QString &now);       ///< "1,191 /s"
    void setWas(const QString &was, const QString &at = {}); ///< "was 1,176", "at 06:12Z": the time goes where there is no room
    void setRemark(const QString &remark); ///< "1 of 3 not known"

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showTexts();
    [[nodiscard]] bool hasRoomForTime() const;

    TimeChart *m_chart;
    theme::Text *m_remark;
    theme::Text *m_nowText;
    theme::Text *m_wasText;
    theme::Text *m_wasAtText;
    QString m_now;
    QString m_was;
    QString m_wasAt;
    QString m_remarkWords;
};

} // namespace shardlens::ui::charts
