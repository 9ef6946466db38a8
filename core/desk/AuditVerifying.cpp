// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/AuditVerifying.h"

#include "core/desk/AuditReading.h"

#include <algorithm>

namespace shardlens::desk {

using base::Result;

namespace {

constexpr std::int64_t toldEvery = 1000;

} // namespace

facts::AuditVerdict verdictOf(const facts::AuditChain &chain, const facts::HeadsHere &heads)
{
    return {chain.rows(), chain.flaws(), heads.own.size(), chain.headsMet(), heads.ofOthers, heads.isNew};
}

Result<facts::AuditVerdict> verifyAudit(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const std::vector<facts::KeptHead> &kept,
                                        const AuditProgress &goesOn)
{
    const std::string directory = directoryIdentity(fleet, options).value_or("");
    const facts::HeadsHere heads = facts::headsOf(kept, directory);
    facts::AuditChain chain(heads.own);
    AuditQuery all;
    all.isFromPrimary = true; // a standby that is behind would look like a log whose end was cut
    bool isEnded = false;
    const auto take = [&](const facts::AuditRow &row) {
        chain.take(row);
        isEnded = isEnded || (goesOn && chain.rows() % toldEvery == 0 && !goesOn(chain.rows()));
        return !isEnded;
    };
    if (const auto read = readAudit(fleet, options, all, take); !read)
        return base::fail(read.error());
    if (isEnded)
        return base::fail(base::ErrorCode::Cancelled, "the verification was stopped");
    chain.end();
    facts::AuditVerdict verdict = verdictOf(chain, heads);
    const facts::KeptHead end{chain.last().value_or(facts::AuditHead()), directory};
    if (verdict.flaws.empty() && chain.last() && std::find(kept.begin(), kept.end(), end) == kept.end())
        verdict.toKeep = end;
    return verdict;
}

} // namespace shardlens::desk
