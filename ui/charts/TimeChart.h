// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"
#include "ui/charts/ChartTicks.h"
#include "ui/charts/CrossHair.h"
#include "ui/theme/ColourRole.h"

#include <QImage>
#include <QPointer>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace shardlens::ui::charts {

/// One line of a chart. A point with count 0 is a gap and stays one.
struct ChartLine {
    QString name;              ///< stands at the line's right end
    int series = 0;            ///< colour: a region's index in the fleet file; dashed from the third
    facts::Series points;      ///< the mean is drawn
    facts::Series was;         ///< the same, an hour (or another time) earlier, drawn at 40 %; empty for none
    base::microseconds wasShift{0}; ///< added to the times of `was`
    QString endText;           ///< behind the name: the value now; empty for none
};

/// Something that happened: a dotted line through the chart with its shape on top.
struct ChartMark {
    enum class Kind : std::uint8_t { Event, Warning, Critical };
    base::UtcTime at;
    Kind kind = Kind::Event;
    QString text; ///< shown where the chart is high enough
    bool operator==(const ChartMark &) const = default;
};

/// A level that means something, as a dashed line: "critical from 30 s".
struct ChartLimit {
    double value = 0;
    QString text;
    theme::ColourRole role = theme::ColourRole::WarningText;
    bool operator==(const ChartLimit &) const = default;
};

/// A chart over time: at most 6 lines, zero-based or on a log axis. GUI thread; paints once per event loop turn however often
/// it is given data. Ctrl+C copies the values, the context menu also the picture. Values in seconds, bytes, a second, a count or a ratio, as `unit` says. Colours follow the palette.
class TimeChart : public QWidget
{
    Q_OBJECT

public:
    enum class Scale : std::uint8_t { FromZero, Log };
    enum class TimeLabels : std::uint8_t { BeforeNow, Clock };
    static constexpr std::size_t kMaxLines = 6;

    explicit TimeChart(Unit unit, Scale scale = Scale::FromZero, QWidget *parent = nullptr);
    ~TimeChart() override;

    void setTimeLabels(TimeLabels labels);
    void setRange(base::UtcTime from, base::UtcTime to);
    void setLines(std::vector<ChartLine> lines);
    [[nodiscard]] const std::vector<ChartLine> &lines() const;
    void setMarks(std::vector<ChartMark> marks);
    void setLimit(std::optional<ChartLimit> limit);
    void setObservedSince(std::optional<base::UtcTime> since); ///< what lies before is hatched
    void setCrossHair(CrossHair *crossHair);                   ///< shared by the page's charts; not owned

    /// A line's value at a time: of the point whose step holds it; nothing in a gap.
    [[nodiscard]] std::optional<double> valueAt(std::size_t line, base::UtcTime at) const;
    /// "at 05:56Z", then a name and a value for each line: for the panel's title row while the cross-hair stands.
    struct ReadOut {
        QString at;
        std::vector<std::pair<QString, QString>> values;
    };
    [[nodiscard]] std::optional<ReadOut> readOut() const;

    [[nodiscard]] double axisTop() const;
    [[nodiscard]] Unit unit() const;

    /// The chart as a picture at `scale` device pixels a pixel.
    [[nodiscard]] QImage toImage(double scale = 2);
    /// The table twin: time (ISO 8601 UTC), then a column a line; raw numbers, gaps empty; the picked span only, if one is picked.
    [[nodiscard]] QString asCsv() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void readOutChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    struct Private;
    friend class ChartOverlay;
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::ui::charts
