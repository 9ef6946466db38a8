// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <QObject>
#include <QWidget>

#include <map>
#include <optional>

namespace shardlens::ui::charts {

/// One moment, and perhaps a span, that all charts of a page point at together; and the margins on which those that stand under each
/// other agree, so that a moment is at the same place in all of them. Made by the page; charts join it. GUI thread.
class CrossHair : public QObject
{
    Q_OBJECT

public:
    struct Span {
        base::UtcTime from;
        base::UtcTime to; ///< never before `from`
        bool operator==(const Span &) const = default;
    };

    using QObject::QObject;

    void setTime(std::optional<base::UtcTime> time);
    [[nodiscard]] std::optional<base::UtcTime> time() const { return m_time; }

    /// Picks from the anchor to `to`; the first call sets the anchor at the present time.
    void extendTo(base::UtcTime to);
    void clearSpan();
    [[nodiscard]] std::optional<Span> span() const;

    /// What a chart's labels take at both sides; in pixels.
    struct Sides {
        int left = 0;
        int right = 0;
        bool operator==(const Sides &) const = default;
    };
    /// The widest sides among the shown charts above and below this one, which has as much as `needed` itself. Tells the others when that changes.
    [[nodiscard]] Sides agreeOn(const QWidget &chart, Sides needed);
    void leave(const QWidget &chart);

Q_SIGNALS:
    void moved();
    void sidesChanged();

private:
    std::map<const QWidget *, Sides> m_needed;
    std::optional<base::UtcTime> m_time;
    std::optional<base::UtcTime> m_anchor;
};

} // namespace shardlens::ui::charts
