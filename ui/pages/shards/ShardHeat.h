// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/HeatGridLegend.h"
#include "ui/charts/HeatPicture.h"
#include "ui/charts/HeatScale.h"
#include "ui/models/ShardFrame.h"

#include <QString>

#include <array>
#include <set>
#include <vector>

namespace shardlens::ui::pages {

/// What the colours of the shards page mean.
enum class ShardMetric : std::uint8_t { Size, Rows, Writes, Growth, Lag, Cluster, Drift, Problems };
inline constexpr int kShardMetrics = 8;

/// How the cells are ordered.
enum class ShardArrangement : std::uint8_t { ByCluster, ByNumber, ByRank };

[[nodiscard]] QString shardMetricId(ShardMetric metric); ///< "size": in view links
[[nodiscard]] QString shardArrangementId(ShardArrangement arrangement);

/// Turns frames into what the heat grid and its legend show: which cell lies where, in which step, lit or dim. Pure but for the
/// scales, which keep their edges from frame to frame. GUI thread.
class ShardHeat
{
public:
    struct Choice {
        ShardMetric metric = ShardMetric::Lag;
        ShardArrangement arrangement = ShardArrangement::ByCluster;
        std::set<base::PartitionName> partitions; ///< empty: all
        QString find;
        std::set<int> steps;                      ///< legend entries shown alone; empty: all
        bool operator==(const Choice &) const = default;
    };

    ShardHeat();

    /// The picture of a frame. `keepOrder` keeps size ranks as they were (the pointer is over them).
    [[nodiscard]] charts::HeatPicture picture(const models::ShardFrame &frame, const Choice &choice, bool keepOrder);

    /// Of the picture made last.
    [[nodiscard]] const std::vector<charts::HeatLegendEntry> &legend() const { return m_legend; }
    [[nodiscard]] int shown() const { return m_shown; }
    [[nodiscard]] int lit() const { return m_lit; }
    [[nodiscard]] const std::vector<bool> &litEntries() const { return m_litEntries; } ///< by the frame's entries; those not shown are not lit

    [[nodiscard]] charts::HeatScale *scale(ShardMetric metric);       ///< null where the metric's steps are not a scale of values
    [[nodiscard]] const charts::HeatScale *scale(ShardMetric metric) const;

    /// A cell's id and back.
    [[nodiscard]] static quint64 idOf(const fleet::Fleet &fleet, const facts::ShardKey &key);
    [[nodiscard]] static facts::ShardKey keyOf(const fleet::Fleet &fleet, quint64 id);

private:
    struct Place {
        int step = 0;
        bool isStale = false;
    };
    struct Group {
        int section = 0;
        int cluster = -1;
        std::vector<int> entries;
    };

    void observeScale(const models::ShardFrame &frame, const Choice &choice);
    void makeSteps(const models::ShardFrame &frame, const Choice &choice);
    [[nodiscard]] Place placeOf(const models::ShardFrame &frame, const models::ShardEntry &entry, ShardMetric metric) const;
    [[nodiscard]] std::vector<Group> groups(const models::ShardFrame &frame, const Choice &choice, const std::vector<base::PartitionName> &sections, bool keepOrder);
    void rank(const models::ShardFrame &frame, Group &group, bool keepOrder);
    [[nodiscard]] charts::HeatBlock blockOf(const models::ShardFrame &frame, const Group &group, const Choice &choice) const;
    [[nodiscard]] QString blockValue(const models::ShardFrame &frame, const Group &group, const Choice &choice, theme::ColourRole &colour) const;

    std::array<charts::HeatScale, 4> m_scales; ///< Size, Rows, Writes, Growth
    std::vector<charts::HeatStep> m_steps;
    std::vector<charts::HeatLegendEntry> m_legend;
    std::vector<bool> m_litEntries;
    std::vector<std::vector<facts::ShardKey>> m_ranks; ///< by section, as shown
    int m_shown = 0;
    int m_lit = 0;
};

/// The value a scale of a metric is over; nothing where it is not known or the metric has no values.
[[nodiscard]] std::optional<double> shardValue(const facts::Shard &shard, ShardMetric metric);

/// Whether a shard is what was typed: its number or schema name (or their beginning), or its cluster. Empty finds all.
class ShardFinder
{
public:
    ShardFinder(const fleet::Fleet &fleet, const QString &text);
    [[nodiscard]] bool finds(const facts::Shard &shard) const;

private:
    std::string m_text;
    std::string m_partition;
    std::vector<std::pair<base::PartitionName, std::string>> m_patterns;
    bool m_isNumber = false;
};

/// "under 1", "1 to 2", …, "over 50 MiB": the seven steps of a scale in words.
[[nodiscard]] std::vector<QString> stepLabels(const charts::HeatScale::Edges &edges, ShardMetric metric);
/// "under 0.1 s", "0.1 to 1", …: the five lag levels, from the fleet's thresholds.
[[nodiscard]] std::vector<QString> lagLabels(const fleet::Thresholds &thresholds);

} // namespace shardlens::ui::pages
