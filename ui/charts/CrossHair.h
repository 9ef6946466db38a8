// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <QObject>

#include <optional>

namespace shardlens::ui::charts {

/// One moment, and perhaps a span, that all charts of a page point at together. Made by the page; charts join it. GUI thread.
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

Q_SIGNALS:
    void moved();

private:
    std::optional<base::UtcTime> m_time;
    std::optional<base::UtcTime> m_anchor;
};

} // namespace shardlens::ui::charts
