// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mend/Remedy.h"

#include <algorithm>

namespace shardlens::mend {

using inspect::lookup::Amiss;
using inspect::lookup::Answer;
using inspect::lookup::Finding;
using inspect::lookup::RegionRow;

namespace {

bool isOfCache(Amiss amiss)
{
    return amiss == Amiss::StillShown || amiss == Amiss::SaysDeleted || amiss == Amiss::StaleCopy;
}

bool isOfMap(Amiss amiss)
{
    return amiss == Amiss::MapOtherOwner || amiss == Amiss::MapMissing || amiss == Amiss::MapLeftOver;
}

void addKeys(std::vector<Remedy> &remedies, const Answer &answer, const Finding &finding)
{
    std::vector<Remedy> keys;
    for (const RegionRow &row : answer.regions) {
        const bool isIn = std::find(finding.regions.begin(), finding.regions.end(), row.region) != finding.regions.end();
        if (isIn && row.cached && row.cached->state != inspect::lookup::CopyState::Absent)
            keys.push_back({Remedy::Kind::DeleteKey, row.cached->key, row.region, 0});
    }
    // Wrong everywhere: one command for all.
    const bool isEverywhere = keys.size() > 1 && keys.size() == answer.regions.size() &&
                              std::all_of(keys.begin(), keys.end(), [&](const Remedy &one) { return one.key == keys.front().key; });
    if (isEverywhere)
        keys = {{Remedy::Kind::DeleteKey, keys.front().key, {}, 0}};
    for (Remedy &one : keys) {
        if (std::find(remedies.begin(), remedies.end(), one) == remedies.end())
            remedies.push_back(std::move(one));
    }
}

} // namespace

std::vector<Remedy> remediesOf(const Answer &answer)
{
    std::vector<Remedy> remedies;
    for (const Finding &finding : answer.verdict.findings) {
        if (isOfCache(finding.amiss))
            addKeys(remedies, answer, finding);
    }
    if (mapIsWrong(answer))
        remedies.push_back({Remedy::Kind::MendEntry, {}, {}, mediaOf(answer)});
    return remedies;
}

bool mapIsWrong(const Answer &answer)
{
    const auto &findings = answer.verdict.findings;
    return std::any_of(findings.begin(), findings.end(), [](const Finding &finding) { return isOfMap(finding.amiss); });
}

std::uint64_t mediaOf(const Answer &answer)
{
    // Of a media that left no trace there is no card.
    return answer.media ? answer.media->id : mapIsWrong(answer) ? answer.find.id : 0;
}

std::string commandFor(const Remedy &remedy)
{
    if (remedy.kind == Remedy::Kind::MendEntry)
        return "mediamap mend --media " + std::to_string(remedy.media);
    return "cache delete " + remedy.key + (remedy.region.isEmpty() ? std::string(" --all") : " --region " + remedy.region.text());
}

} // namespace shardlens::mend
