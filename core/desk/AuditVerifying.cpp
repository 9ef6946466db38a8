// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/AuditVerifying.h"

#include "core/desk/AuditReading.h"

#include <algorithm>

namespace shardlens::desk {

using base::Result;

namespace {

constexpr std::int64_t toldEvery = 1000;

} // namespace

facts::AuditVerdict verdictOf(const facts::AuditChain &chain, const record::HeadsHere &heads)
{
    return {chain.rows(), chain.flaws(), heads.own.size(), chain.headsMet(), heads.ofOthers, heads.isNew};
}

Result<facts::AuditVerdict> verifyAudit(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const QString &headsPath,
                                        const AuditProgress &goesOn)
{
    const auto kept = record::auditHeadsKept(headsPath);
    if (!kept)
        return base::fail(kept.error());
    const std::string directory = directoryIdentity(fleet, options).value_or("");
    const record::HeadsHere heads = record::headsOf(*kept, directory);
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
    // What is whole now is what the next look compares with.
    const bool isNew = chain.last() && std::find(kept->begin(), kept->end(), record::KeptHead{*chain.last(), directory}) == kept->end();
    if (verdict.flaws.empty() && isNew) {
        if (const auto written = record::keepAuditHead(headsPath, {*chain.last(), directory}); !written)
            verdict.headTrouble = written.error().message;
    }
    return verdict;
}

} // namespace shardlens::desk
