// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/ShardHeat.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/models/ShardCells.h"
#include "ui/theme/Colours.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace shardlens::ui::pages {

namespace {

using charts::HeatScale;
using charts::HeatStep;
using facts::Drift;
using models::ShardCluster;
using models::ShardEntry;
using models::ShardFrame;
using theme::ColourRole;

struct ShardHeatWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages)
};

/// The order of drift in legend and steps: from well to worst.
constexpr std::array<Drift, 5> kDrifts{Drift::None, Drift::Undeclared, Drift::Misplaced, Drift::Doubled, Drift::Missing};

bool isValueMetric(ShardMetric metric)
{
    return metric <= ShardMetric::Growth;
}

std::vector<base::PartitionName> sectionsOf(const ShardFrame &frame, const ShardHeat::Choice &choice)
{
    std::vector<base::PartitionName> sections;
    for (const fleet::Partition &partition : frame.snapshot->fleet->partitions) {
        if (choice.partitions.empty() || choice.partitions.count(partition.name) > 0)
            sections.push_back(partition.name);
    }
    return sections;
}

} // namespace

std::optional<double> shardValue(const facts::Shard &shard, ShardMetric metric)
{
    switch (metric) {
    case ShardMetric::Size: return shard.size ? std::optional(double(shard.size->count)) : std::nullopt;
    case ShardMetric::Rows: return shard.rows ? std::optional(double(*shard.rows)) : std::nullopt;
    case ShardMetric::Writes: return shard.writesPerSecond ? std::optional(*shard.writesPerSecond) : std::nullopt;
    case ShardMetric::Growth: return shard.growthPerDay ? std::optional(*shard.growthPerDay) : std::nullopt;
    default: return std::nullopt;
    }
}

ShardHeat::ShardHeat()
    : m_scales{HeatScale(HeatScale::Round::Binary, 1024), HeatScale(HeatScale::Round::Decimal, 1), HeatScale(HeatScale::Round::Decimal, 0.1), HeatScale(HeatScale::Round::Binary, 1024)}
{
}

const HeatScale *ShardHeat::scale(ShardMetric metric) const
{
    return isValueMetric(metric) ? &m_scales[std::size_t(metric)] : nullptr;
}

HeatScale *ShardHeat::scale(ShardMetric metric)
{
    return isValueMetric(metric) ? &m_scales[std::size_t(metric)] : nullptr;
}

quint64 ShardHeat::idOf(const fleet::Fleet &fleet, const facts::ShardKey &key)
{
    const auto &partitions = fleet.partitions;
    const auto at = std::find_if(partitions.begin(), partitions.end(), [&](const fleet::Partition &p) { return p.name == key.partition; });
    return quint64(at - partitions.begin()) << 32 | key.number.value;
}

facts::ShardKey ShardHeat::keyOf(const fleet::Fleet &fleet, quint64 id)
{
    const std::size_t partition = id >> 32;
    return {partition < fleet.partitions.size() ? fleet.partitions[partition].name : base::PartitionName(), {std::uint32_t(id)}};
}

void ShardHeat::observeScale(const ShardFrame &frame, const Choice &choice)
{
    HeatScale *scale = this->scale(choice.metric);
    if (!scale)
        return;
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    for (const ShardEntry &entry : frame.entries) {
        if (const auto value = shardValue(*entry.shard, choice.metric)) {
            low = std::min(low, *value);
            high = std::max(high, *value);
        }
    }
    if (low <= high)
        scale->observe(low, high, frame.snapshot->takenAt);
}

/// Steps and legend entries go side by side; then come Unknown, and Stale, which is a step of the legend alone.
void ShardHeat::makeSteps(const ShardFrame &frame, const Choice &choice)
{
    using Mark = HeatStep::Mark;
    m_steps.clear();
    m_legend.clear();
    const auto add = [this](ColourRole fill, Mark mark, const QString &label) {
        m_steps.push_back({fill, mark});
        m_legend.push_back({m_steps.back(), false, label, 0});
    };
    if (const HeatScale *scale = this->scale(choice.metric)) {
        const auto labels = stepLabels(scale->edges(), choice.metric);
        for (int i = 0; i < HeatScale::kSteps; ++i)
            add(theme::heatStep(i), Mark::None, scale->isSet() ? labels[std::size_t(i)] : QStringLiteral("-"));
    } else if (choice.metric == ShardMetric::Lag) {
        const auto labels = lagLabels(frame.snapshot->fleet->thresholds);
        for (int level = 1; level <= 5; ++level)
            add(theme::lagFill(level), level == 4 ? Mark::Diagonal : level == 5 ? Mark::Cross : Mark::None, labels[std::size_t(level) - 1]);
    } else if (choice.metric == ShardMetric::Cluster) {
        // Six colours, told apart a second and third time round by a mark.
        static constexpr std::array<Mark, 3> marks{Mark::None, Mark::Diagonal, Mark::Cross};
        for (int i = 0; i < int(frame.clusters.size()); ++i)
            add(theme::series(i), marks[std::size_t(i / 6) % marks.size()], format::text(frame.clusters[std::size_t(i)].name.text()));
    } else if (choice.metric == ShardMetric::Drift) {
        add(ColourRole::LagFill1, Mark::None, ShardHeatWords::tr("agrees"));
        add(ColourRole::WarningFill, Mark::None, ShardHeatWords::tr("not declared"));
        add(ColourRole::WarningFill, Mark::Diagonal, ShardHeatWords::tr("on another cluster"));
        add(ColourRole::WarningFill, Mark::Cross, ShardHeatWords::tr("on two clusters"));
        add(ColourRole::CriticalFill, Mark::Cross, ShardHeatWords::tr("missing"));
    } else {
        add(ColourRole::LagFill1, Mark::None, ShardHeatWords::tr("none"));
        add(ColourRole::WarningFill, Mark::Diagonal, ShardHeatWords::tr("warning"));
        add(ColourRole::CriticalFill, Mark::Cross, ShardHeatWords::tr("critical"));
    }
    add(ColourRole::UnknownFill, Mark::Hatch, choice.metric == ShardMetric::Problems ? ShardHeatWords::tr("Not judged") : ShardHeatWords::tr("Unknown"));
    m_legend.push_back({m_steps.front(), true, ShardHeatWords::tr("Stale"), 0});
}

ShardHeat::Place ShardHeat::placeOf(const ShardFrame &frame, const ShardEntry &entry, ShardMetric metric) const
{
    const int unknown = int(m_steps.size()) - 1;
    const ShardCluster *cluster = frame.clusterOf(entry);
    const bool isOld = cluster && cluster->catalogIsStale;
    switch (metric) {
    case ShardMetric::Lag:
        if (!cluster || !cluster->lagLevel)
            return {unknown, false};
        return {*cluster->lagLevel - 1, cluster->lagIsStale};
    case ShardMetric::Cluster: return {entry.cluster < 0 ? unknown : entry.cluster, isOld};
    case ShardMetric::Drift: {
        const auto at = std::find(kDrifts.begin(), kDrifts.end(), entry.shard->drift);
        return at == kDrifts.end() ? Place{unknown, false} : Place{int(at - kDrifts.begin()), isOld};
    }
    case ShardMetric::Problems:
        if (!entry.problem)
            return {0, false};
        return {*entry.problem == facts::Severity::Critical ? 2 : *entry.problem == facts::Severity::Warning ? 1 : unknown, false};
    default: {
        const auto value = shardValue(*entry.shard, metric);
        return value ? Place{scale(metric)->step(*value), isOld} : Place{unknown, false};
    }
    }
}

std::vector<ShardHeat::Group> ShardHeat::groups(const ShardFrame &frame, const Choice &choice, const std::vector<base::PartitionName> &sections, bool keepOrder)
{
    std::vector<Group> groups;
    const int clusters = int(frame.clusters.size());
    for (int section = 0; section < int(sections.size()); ++section) {
        const base::PartitionName &partition = sections[std::size_t(section)];
        const auto inPartition = [&](const ShardEntry &entry) { return entry.key().partition == partition; };
        const auto first = std::find_if(frame.entries.begin(), frame.entries.end(), inPartition);
        const auto last = std::find_if_not(first, frame.entries.end(), inPartition);
        if (choice.arrangement != ShardArrangement::ByCluster) {
            Group group{section, -1, {}};
            for (auto entry = first; entry != last; ++entry)
                group.entries.push_back(int(entry - frame.entries.begin()));
            if (choice.arrangement == ShardArrangement::ByRank)
                rank(frame, group, keepOrder);
            groups.push_back(std::move(group));
            continue;
        }
        std::vector<int> groupOf(std::size_t(clusters) + 1, -1);
        for (int i = 0; i < clusters; ++i) {
            if (frame.clusters[std::size_t(i)].partition == partition) {
                groupOf[std::size_t(i)] = int(groups.size());
                groups.push_back({section, i, {}});
            }
        }
        for (auto entry = first; entry != last; ++entry) {
            int &at = groupOf[std::size_t(entry->cluster < 0 ? clusters : entry->cluster)];
            if (at < 0) {
                at = int(groups.size());
                groups.push_back({section, entry->cluster, {}});
            }
            groups[std::size_t(at)].entries.push_back(int(entry - frame.entries.begin()));
        }
    }
    return groups;
}

/// Largest first; what was never analysed comes last. Ranks that were shown stay while the order is kept.
void ShardHeat::rank(const ShardFrame &frame, Group &group, bool keepOrder)
{
    m_ranks.resize(std::max(m_ranks.size(), std::size_t(group.section) + 1));
    std::vector<facts::ShardKey> &ranks = m_ranks[std::size_t(group.section)];
    if (keepOrder && ranks.size() == group.entries.size()) {
        std::vector<int> kept;
        for (const facts::ShardKey &key : ranks) {
            if (const int entry = frame.indexOf(key); entry >= 0)
                kept.push_back(entry);
        }
        if (kept.size() == group.entries.size()) {
            group.entries = std::move(kept);
            return;
        }
    }
    const auto size = [&](int entry) { return shardValue(*frame.entries[std::size_t(entry)].shard, ShardMetric::Size).value_or(-1); };
    std::stable_sort(group.entries.begin(), group.entries.end(), [&](int a, int b) { return size(a) > size(b); });
    ranks.clear();
    for (const int entry : group.entries)
        ranks.push_back(frame.entries[std::size_t(entry)].key());
}

charts::HeatPicture ShardHeat::picture(const ShardFrame &frame, const Choice &choice, bool keepOrder)
{
    observeScale(frame, choice);
    makeSteps(frame, choice);
    const fleet::Fleet &fleet = *frame.snapshot->fleet;
    const std::vector<base::PartitionName> sections = sectionsOf(frame, choice);
    const int stale = int(m_legend.size()) - 1;
    const ShardFinder finder(fleet, choice.find);

    charts::HeatPicture picture;
    m_shown = m_lit = 0;
    m_litEntries.assign(frame.entries.size(), false);
    for (const base::PartitionName &name : sections)
        picture.sections.push_back({format::text(name.text()), {}});
    std::vector<int> counts(sections.size(), 0); // of those that belong there
    std::vector<int> undeclared(sections.size(), 0);
    picture.cells.reserve(frame.entries.size());
    for (const Group &group : groups(frame, choice, sections, keepOrder)) {
        const quint64 partition = group.entries.empty() ? 0 : idOf(fleet, frame.entries[std::size_t(group.entries.front())].key()) >> 32;
        for (const int index : group.entries) {
            const ShardEntry &entry = frame.entries[std::size_t(index)];
            const Place place = placeOf(frame, entry, choice.metric);
            const int legend = place.isStale ? stale : place.step;
            ++m_legend[std::size_t(legend)].count;
            const bool isLit = (choice.steps.empty() || choice.steps.count(legend) > 0) && (choice.find.isEmpty() || finder.finds(*entry.shard));
            m_litEntries[std::size_t(index)] = isLit;
            m_lit += isLit;
            ++(entry.shard->drift == facts::Drift::Undeclared ? undeclared : counts)[std::size_t(group.section)];
            charts::HeatCell cell;
            cell.number = entry.key().number.value;
            cell.id = partition << 32 | cell.number;
            cell.step = std::uint16_t(place.step);
            cell.isStale = place.isStale;
            cell.isDim = !isLit;
            cell.isFlagged = entry.hasOwnProblem && choice.metric != ShardMetric::Drift && choice.metric != ShardMetric::Problems;
            cell.problem = entry.hasOwnProblem ? 2 : entry.problem ? 1 : 0;
            picture.cells.push_back(cell);
        }
        m_shown += int(group.entries.size());
        picture.blocks.push_back(blockOf(frame, group, choice));
    }
    for (std::size_t i = 0; i < sections.size(); ++i) {
        QString &note = picture.sections[i].note;
        note = counts[i] == 1 ? ShardHeatWords::tr("1 shard") : ShardHeatWords::tr("%1 shards").arg(format::count(counts[i]));
        if (undeclared[i] > 0) //: %1 "1,024 shards", %2 how many more were found
            note = ShardHeatWords::tr("%1, %2 not declared").arg(note, format::count(undeclared[i]));
    }
    picture.steps = m_steps;
    return picture;
}

charts::HeatBlock ShardHeat::blockOf(const ShardFrame &frame, const Group &group, const Choice &choice) const
{
    charts::HeatBlock block;
    block.section = group.section;
    block.cells = int(group.entries.size());
    const QString count = format::count(block.cells);
    if (choice.arrangement == ShardArrangement::ByNumber) {
        block.name = ShardHeatWords::tr("by number");
        block.note = block.shortNote = count;
    } else if (choice.arrangement == ShardArrangement::ByRank) {
        block.name = ShardHeatWords::tr("largest first");
        block.note = block.shortNote = count;
    } else if (group.cluster < 0) {
        block.name = ShardHeatWords::tr("cluster not known");
        block.note = block.shortNote = count;
    } else {
        const ShardCluster &cluster = frame.clusters[std::size_t(group.cluster)];
        const QString region = format::text(cluster.primaryRegion.text());
        block.name = format::text(cluster.name.text());
        block.note = region.isEmpty() ? ShardHeatWords::tr("primary not known, %1").arg(count) : ShardHeatWords::tr("primary %1, %2").arg(region, count);
        block.shortNote = region.isEmpty() ? count : ShardHeatWords::tr("%1, %2").arg(region, count);
    }
    block.value = blockValue(frame, group, choice, block.valueColour);
    return block;
}

QString ShardHeat::blockValue(const ShardFrame &frame, const Group &group, const Choice &choice, ColourRole &colour) const
{
    const ShardCluster *cluster = group.cluster < 0 ? nullptr : &frame.clusters[std::size_t(group.cluster)];
    if (choice.metric == ShardMetric::Lag) {
        if (!cluster)
            return {};
        if (!cluster->lagLevel) {
            colour = ColourRole::UnknownText;
            return ShardHeatWords::tr("lag not known");
        }
        if (*cluster->lagLevel >= 4 && !cluster->lagIsStale)
            colour = ColourRole::WarningText;
        return ShardHeatWords::tr("worst %1").arg(models::lagText(*cluster));
    }
    if (isValueMetric(choice.metric)) {
        double sum = 0;
        int unknown = 0;
        for (const int index : group.entries) {
            const auto value = shardValue(*frame.entries[std::size_t(index)].shard, choice.metric);
            sum += value.value_or(0);
            unknown += !value;
        }
        const base::Bytes bytes{std::llround(sum)};
        QString text = choice.metric == ShardMetric::Rows ? format::count(std::llround(sum)) : choice.metric == ShardMetric::Writes ? format::rate(sum) : format::bytes(bytes);
        if (choice.metric != ShardMetric::Writes)
            text = ShardHeatWords::tr("about %1").arg(text);
        return group.entries.empty() ? QString() : format::sumOf(text, unknown, int(group.entries.size()));
    }
    int own = 0;
    for (const int index : group.entries)
        own += frame.entries[std::size_t(index)].hasOwnProblem;
    if (choice.metric == ShardMetric::Drift && own > 0) {
        colour = ColourRole::WarningText;
        return ShardHeatWords::tr("%1 drifted").arg(format::count(own));
    }
    if (choice.metric == ShardMetric::Problems && cluster && cluster->problem) {
        colour = theme::coloursOf(*cluster->problem).text;
        return *cluster->problem == facts::Severity::Critical ? ShardHeatWords::tr("critical") : *cluster->problem == facts::Severity::Warning ? ShardHeatWords::tr("warning") : ShardHeatWords::tr("not judged");
    }
    return {};
}

} // namespace shardlens::ui::pages
