// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/inspect/lookup/Answer.h"
#include "core/inspect/lookup/Bulk.h"
#include "core/inspect/lookup/Feeds.h"
#include "core/inspect/lookup/Graph.h"
#include "core/inspect/lookup/MediaBrief.h"

#include <functional>
#include <map>
#include <memory>

namespace shardlens::inspect::lookup {

struct LookerOptions {
    base::RegionName from; ///< whose addresses are dialled; empty = the fleet's own region
    std::string user;      ///< the database user that the person acts as; empty = see desk::standingOf()
    std::function<base::Result<std::string>(const std::string &entry)> keychain; ///< called by the constructor; may be absent
    base::milliseconds patience{1000}; ///< for each step with one server: a frozen one costs no more
};

/// Answers look-ups. Keeps a connection and a thread a server, each opened when it is first needed; sessions are read-only at the
/// server, as the person's own database user. In a round all servers are asked at the same time, each one question; one that hangs
/// costs its deadline and what lies on it. Every look at a user or a media is recorded in the directory before it is read.
/// Blocking: call it in a thread of its own, one call at a time; cancel() from any thread.
/// Errors: NoRights (the person's role may not look; unmasking without a record), Cancelled, BadInput; of servers, see `troubles`.
class Looker
{
public:
    Looker(std::shared_ptr<const fleet::Fleet> fleet, LookerOptions options, std::shared_ptr<const base::Clock> clock);
    ~Looker(); ///< cancels, and waits for the threads: moments
    Looker(const Looker &) = delete;
    Looker &operator=(const Looker &) = delete;

    [[nodiscard]] base::Result<Answer> answer(const Question &question);
    [[nodiscard]] base::Result<FeedPage> feed(const FeedQuestion &question);
    [[nodiscard]] base::Result<FeedExplanation> explain(std::uint64_t user, std::uint64_t media, const std::string &caseNumber = {});
    [[nodiscard]] base::Result<FeedComparison> compare(std::uint64_t user, const RegionName &region, const std::string &caseNumber = {});
    /// As one server has it, whatever region it serves: the primary's, of which the others are copies.
    [[nodiscard]] base::Result<FeedComparison> compareOn(const ServerId &server, std::uint64_t user, const RegionName &region,
                                                         const std::string &caseNumber = {});
    [[nodiscard]] base::Result<GraphPage> graph(const GraphQuestion &question);
    /// `server`: whose copy; empty = that of this region.
    [[nodiscard]] base::Result<BucketCheck> verifyBucket(std::uint32_t bucket, const ServerId &server = {});
    /// Media as the shards have them, in short; none where it cannot be asked. Not recorded: it is for those who mend.
    [[nodiscard]] base::Result<std::map<std::uint64_t, MediaBrief>> media(const std::vector<std::uint64_t> &ids);

    /// Thousands at once, in short: a line a find, in their order. IDs, media, users and whole names; each server is asked once.
    [[nodiscard]] base::Result<BulkLook> bulk(const std::vector<Find> &finds, const std::string &caseNumber = {});

    void cancel(); ///< the call under way ends with Cancelled; later ones begin anew

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::inspect::lookup
