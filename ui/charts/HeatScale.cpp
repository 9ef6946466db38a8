// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatScale.h"

#include <algorithm>
#include <cmath>

namespace shardlens::ui::charts {

namespace {

/// From this ratio of greatest to least on, equal steps would put most values into one colour.
constexpr double kWide = 20;

double unitOf(double value, HeatScale::Round round)
{
    if (round == HeatScale::Round::Decimal || value < 1)
        return 1;
    return std::pow(1024, std::floor(std::log(value) / std::log(1024) + 1e-12));
}

/// The least round number that is not below `value` (value > 0).
double roundUp(double value, HeatScale::Round round)
{
    const double unit = unitOf(value, round);
    const double scaled = value / unit;
    const double power = std::pow(10, std::floor(std::log10(scaled) + 1e-12));
    for (const double digit : {1.0, 2.0, 5.0, 10.0}) {
        const double candidate = digit * power;
        if (candidate >= scaled * (1 - 1e-12))
            return round == HeatScale::Round::Binary && candidate >= 1000 ? 1024 * unit : candidate * unit;
    }
    return 10 * power * unit;
}

/// The round number before a round number.
double roundBelow(double value, HeatScale::Round round)
{
    const double unit = unitOf(value, round);
    const double scaled = value / unit;
    if (round == HeatScale::Round::Binary && unit > 1 && scaled < 1.5)
        return 500 * unit / 1024;
    const double power = std::pow(10, std::floor(std::log10(scaled) + 1e-12));
    const double digit = scaled / power;
    return (digit < 1.5 ? 0.5 : digit < 3 ? 1 : 2) * power * unit;
}

/// The last step is open and may be up to twice as wide as the others, so that a value just over a round number does not halve the resolution of all.
HeatScale::Edges evenEdges(double low, double high, HeatScale::Round round, double finest)
{
    constexpr int kWidths = HeatScale::kSteps + 1;
    const double least = std::max({(high - low) / kWidths, finest, std::max(std::abs(low), std::abs(high)) / 100, 1e-9});
    double step = roundUp(least, round);
    double start = std::floor(low / step) * step;
    while (start + kWidths * step < high) {
        step = roundUp(step * 1.01, round);
        start = std::floor(low / step) * step;
    }
    HeatScale::Edges edges{};
    for (int i = 0; i < HeatScale::kSteps; ++i)
        edges[std::size_t(i)] = start + i * step;
    edges.back() = start + kWidths * step;
    return edges;
}

} // namespace

HeatScale::Edges HeatScale::edgesFor(double low, double high, Round round, double finest)
{
    const bool isWide = low >= 0 && high > 0 && (low <= 0 || high / low >= kWide);
    if (!isWide || roundUp(high, round) <= finest * kSteps)
        return evenEdges(low, high, round, finest);
    Edges edges{};
    edges.back() = roundUp(high, round);
    for (int i = kSteps - 1; i > 0; --i)
        edges[std::size_t(i)] = roundBelow(edges[std::size_t(i) + 1], round);
    edges.front() = 0;
    return edges;
}

bool HeatScale::isOutside(double low, double high) const
{
    if (low < m_edges->front() || high > m_edges->back())
        return true;
    // All in one colour, though finer edges would tell them apart.
    return step(low) == step(high) && high > low && edgesFor(low, high, m_round, m_finest) != *m_edges;
}

bool HeatScale::observe(double low, double high, base::Instant now)
{
    if (!m_edges) {
        m_edges = edgesFor(low, high, m_round, m_finest);
        return true;
    }
    if (m_pinned || !isOutside(low, high)) {
        m_outsideSince.reset();
        return false;
    }
    if (!m_outsideSince)
        m_outsideSince = now;
    if (now - *m_outsideSince < kPatience)
        return false;
    m_outsideSince.reset();
    m_edges = edgesFor(low, high, m_round, m_finest);
    m_changedAt = now;
    return true;
}

int HeatScale::step(double value) const
{
    if (!m_edges)
        return 0;
    const auto inner = m_edges->begin() + 1;
    return int(std::upper_bound(inner, m_edges->end() - 1, value) - inner);
}

void HeatScale::setPinned(bool pinned)
{
    m_pinned = pinned;
    m_outsideSince.reset();
}

void HeatScale::pinTo(const Edges &edges)
{
    m_edges = edges;
    m_pinned = true;
    m_outsideSince.reset();
}

} // namespace shardlens::ui::charts
