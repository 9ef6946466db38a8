// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/SentinelSum.h"

#include <algorithm>

namespace shardlens::operate {

SentinelSum sentinelSumOf(const GroupSight &sight)
{
    SentinelSum sum;
    const auto answering = sight.sentinels();
    sum.declared = sight.group().sentinels.size();
    sum.answering = answering.size();
    sum.majority = sight.majorityOfSentinels();
    sum.hasQuorum = !answering.empty();
    for (const facts::SentinelReport *one : answering) {
        sum.quorum = sum.quorum == 0 ? one->quorum : sum.quorum;
        sum.hasQuorum = sum.hasQuorum && one->hasQuorum;
        sum.isFailingOver = sum.isFailingOver || one->isFailingOver();
        const base::ServerId member = sight.memberAt(one->primary);
        const std::string leads = member.isEmpty() ? fleet::textOf(one->primary) : member.text();
        const auto found = std::find_if(sum.leadTo.begin(), sum.leadTo.end(), [&](const auto &other) { return other.first == leads; });
        if (found == sum.leadTo.end())
            sum.leadTo.emplace_back(leads, 1);
        else
            ++found->second;
    }
    std::stable_sort(sum.leadTo.begin(), sum.leadTo.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    return sum;
}

} // namespace shardlens::operate
