// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <array>
#include <optional>

namespace shardlens::ui::charts {

/// Seven steps over the values of a metric, with round edges that a legend can print. The edges stay where they are until a
/// value has been outside them for 10 s, so that a colour means the same from tick to tick. Pure: time is handed in.
class HeatScale
{
public:
    static constexpr int kSteps = 7;
    static constexpr base::seconds kPatience{10};

    /// Lower edge of step 0 to upper edge of step 6, ascending. Values outside are shown in the first or last step.
    using Edges = std::array<double, kSteps + 1>;

    /// Round numbers: 1, 2, 5, 10, … of the plain unit, or 1, 2, 5, … 500 of B, KiB, MiB, ….
    enum class Round { Decimal, Binary };

    explicit HeatScale(Round round = Round::Decimal, double finest = 0) : m_round(round), m_finest(finest) {}

    /// Edges for values from low to high: one round number after the other where they span a wide range, else evenly spaced by
    /// a round step. `finest` is the least step that makes sense (1 for counts of things).
    [[nodiscard]] static Edges edgesFor(double low, double high, Round round, double finest = 0);

    /// The least and greatest value shown at `now`. The first call sets the edges; true if the edges changed.
    bool observe(double low, double high, base::Instant now);

    [[nodiscard]] bool isSet() const { return m_edges.has_value(); }
    [[nodiscard]] Edges edges() const { return m_edges.value_or(Edges{}); }
    [[nodiscard]] int step(double value) const; ///< 0 to 6; 0 before the first observe()
    /// When the edges last changed under the reader's eyes; empty if they never did.
    [[nodiscard]] std::optional<base::Instant> changedAt() const { return m_changedAt; }

    /// A pinned scale keeps its edges whatever comes.
    void setPinned(bool pinned);
    [[nodiscard]] bool isPinned() const { return m_pinned; }
    /// Edges from a view link; pinned with them.
    void pinTo(const Edges &edges);

private:
    [[nodiscard]] bool isOutside(double low, double high) const;

    Round m_round;
    double m_finest;
    std::optional<Edges> m_edges;
    std::optional<base::Instant> m_outsideSince;
    std::optional<base::Instant> m_changedAt;
    bool m_pinned = false;
};

} // namespace shardlens::ui::charts
