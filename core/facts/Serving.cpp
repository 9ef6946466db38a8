// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Serving.h"

#include "core/facts/ProbeReading.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

const ServingRow *rowOf(const ServingFacts &serving, ServingOf of, const base::ClusterName &cluster)
{
    const auto found = std::find_if(serving.rows.begin(), serving.rows.end(), [&](const ServingRow &row) { return row.of == of && row.cluster == cluster; });
    return found == serving.rows.end() ? nullptr : &*found;
}

} // namespace

const ServingCell *ServingRow::cell(const base::RegionName &region) const
{
    const auto found = std::find_if(cells.begin(), cells.end(), [&](const ServingCell &one) { return one.region == region; });
    return found == cells.end() ? nullptr : &*found;
}

const ServingRow *ServingFacts::writes(const base::ClusterName &cluster) const
{
    return rowOf(*this, ServingOf::Writes, cluster);
}

const ServingRow *ServingFacts::reads(const base::ClusterName &cluster) const
{
    return rowOf(*this, ServingOf::Reads, cluster);
}

ServingCount countServing(const ServingFacts &serving, ServingOf of, Instant now)
{
    ServingCount count;
    for (const ServingRow &row : serving.rows) {
        if (row.of != of)
            continue;
        for (const ServingCell &cell : row.cells) {
            ++count.paths;
            count.working += cell.works();
            count.slow += cell.verdict == ServingVerdict::Slow;
            count.failing += cell.fails();
            count.partly += cell.verdict == ServingVerdict::Partly;
            count.asking += cell.verdict == ServingVerdict::Asking;
            count.notKnown += cell.verdict == ServingVerdict::NotKnown;
            count.committed += cell.works() && cell.proof == ServingProof::Committed;
            if (cell.works() && cell.readAt) {
                const auto age = std::chrono::duration_cast<microseconds>(now - *cell.readAt);
                count.oldest = std::max(count.oldest.value_or(age), age);
            }
        }
    }
    return count;
}

bool isStale(const ServingCell &cell, Instant now, const fleet::Thresholds &thresholds)
{
    return cell.readAt && now - *cell.readAt > std::max<microseconds>({3 * thresholds.interval, 3 * cell.every, base::seconds(2)});
}

std::string_view name(ProbeKey::Way way)
{
    switch (way) {
    case ProbeKey::Way::Writes: return "writes";
    case ProbeKey::Way::Reads: return "reads";
    case ProbeKey::Way::Group: return "group";
    case ProbeKey::Way::Cache: return "cache";
    }
    return "cache";
}

std::string_view name(ServingVerdict verdict)
{
    switch (verdict) {
    case ServingVerdict::Asking: return "asking";
    case ServingVerdict::Works: return "works";
    case ServingVerdict::Slow: return "slow";
    case ServingVerdict::Late: return "late";
    case ServingVerdict::Partly: return "partly";
    case ServingVerdict::Refused: return "refused";
    case ServingVerdict::NotKnown: return "not_known";
    }
    return "not_known";
}

std::string_view name(ServingProof proof)
{
    switch (proof) {
    case ServingProof::None: return "none";
    case ServingProof::Committed: return "committed";
    case ServingProof::Answered: return "answered";
    case ServingProof::Inferred: return "inferred";
    }
    return "none";
}

std::string_view name(ServingOf of)
{
    switch (of) {
    case ServingOf::Writes: return "writes";
    case ServingOf::Reads: return "reads";
    case ServingOf::Group: return "group";
    case ServingOf::Cache: return "cache";
    }
    return "cache";
}

} // namespace shardlens::facts
