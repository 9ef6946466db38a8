// SPDX-License-Identifier: GPL-3.0-or-later
// ShardLabelsWords of the shards page's scales, and what the find field finds.
#include "ui/pages/shards/ShardHeat.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <cmath>

namespace shardlens::ui::pages {

namespace {

struct ShardLabelsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages)
};

/// A number and its unit, apart: edges are round, so trailing zeros say nothing.
struct EdgeText {
    QString number;
    QString unit;
};

EdgeText parted(const QString &text)
{
    const auto space = text.lastIndexOf(format::kNarrowSpace);
    EdgeText edge{space < 0 ? text : text.left(space), space < 0 ? QString() : text.mid(space)};
    if (edge.number.contains(QLatin1Char('.'))) {
        while (edge.number.endsWith(QLatin1Char('0')))
            edge.number.chop(1);
        if (edge.number.endsWith(QLatin1Char('.')))
            edge.number.chop(1);
    }
    return edge;
}

EdgeText edgeText(double value, ShardMetric metric)
{
    switch (metric) {
    case ShardMetric::Size:
    case ShardMetric::Growth: return parted(format::bytes(base::Bytes{std::llround(value)}));
    case ShardMetric::Writes: return parted(std::abs(value) < 0.05 && value != 0 ? format::decimal(value, 3) + format::kNarrowSpace + QLatin1String("/s") : format::rate(value));
    default: return parted(format::count(std::llround(value)));
    }
}

/// The unit stands at the ends, and wherever it changes.
std::vector<QString> rangeLabels(const std::vector<EdgeText> &inner)
{
    std::vector<QString> labels{ShardLabelsWords::tr("under %1").arg(inner.front().number + inner.front().unit)};
    for (std::size_t i = 0; i + 1 < inner.size(); ++i) {
        const EdgeText &low = inner[i];
        const EdgeText &high = inner[i + 1];
        const bool changes = low.unit != high.unit;
        labels.push_back(ShardLabelsWords::tr("%1 to %2").arg(low.number + (changes ? low.unit : QString()), high.number + (changes ? high.unit : QString())));
    }
    labels.push_back(ShardLabelsWords::tr("over %1").arg(inner.back().number + inner.back().unit));
    return labels;
}

} // namespace

std::vector<QString> stepLabels(const charts::HeatScale::Edges &edges, ShardMetric metric)
{
    std::vector<EdgeText> inner;
    for (std::size_t i = 1; i + 1 < edges.size(); ++i)
        inner.push_back(edgeText(edges[i], metric));
    return rangeLabels(inner);
}

std::vector<QString> lagLabels(const fleet::Thresholds &thresholds)
{
    std::vector<EdgeText> inner;
    for (const base::milliseconds edge : thresholds.lagTime)
        inner.push_back({parted(format::decimal(double(edge.count()) / 1000, 3) + format::kNarrowSpace).number, QString(format::kNarrowSpace) + QLatin1Char('s')});
    return rangeLabels(inner);
}

QString shardMetricId(ShardMetric metric)
{
    static constexpr std::array<const char *, kShardMetrics> ids{"size", "rows", "writes", "growth", "lag", "cluster", "drift", "problems"};
    return QLatin1String(ids[std::size_t(metric)]);
}

QString shardArrangementId(ShardArrangement arrangement)
{
    static constexpr std::array<const char *, 3> ids{"cluster", "number", "rank"};
    return QLatin1String(ids[std::size_t(arrangement)]);
}

ShardFinder::ShardFinder(const fleet::Fleet &fleet, const QString &text)
{
    // "insta1341, media" as the page itself writes it.
    const QStringList parts = text.toLower().split(QLatin1Char(','));
    m_text = parts.value(0).trimmed().toStdString();
    m_partition = parts.value(1).trimmed().toStdString();
    m_isNumber = !m_text.empty() && m_text.find_first_not_of("0123456789") == std::string::npos;
    for (const fleet::Partition &partition : fleet.partitions)
        m_patterns.emplace_back(partition.name, QString::fromStdString(partition.schemaPattern).toLower().toStdString());
}

bool ShardFinder::finds(const facts::Shard &shard) const
{
    if (!m_partition.empty() && shard.key.partition.text().rfind(m_partition, 0) != 0)
        return false;
    if (m_text.empty())
        return true;
    const std::string number = std::to_string(shard.key.number.value);
    if (m_isNumber)
        return number.rfind(m_text, 0) == 0;
    for (const auto &[partition, pattern] : m_patterns) {
        if (partition == shard.key.partition && fleet::expand(pattern, "shard", number).rfind(m_text, 0) == 0)
            return true;
    }
    const auto isCluster = [&](const base::ClusterName &name) { return QString::fromStdString(name.text()).toLower().toStdString() == m_text; };
    for (const base::ClusterName &name : shard.observedOn) {
        if (isCluster(name))
            return true;
    }
    return shard.declared && isCluster(*shard.declared);
}

} // namespace shardlens::ui::pages
