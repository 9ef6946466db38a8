// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/memcached/Session.h"
#include "core/inspect/lookup/Looker.h"
#include "core/inspect/lookup/Record.h"
#include "core/inspect/lookup/Sql.h"

#include <functional>

namespace shardlens::inspect::lookup {

/// Which member of a pool a key lies on, as the applications of its region hash it. One thread; nothing is dialled.
class PoolHash
{
public:
    explicit PoolHash(const fleet::Fleet &fleet) : m_fleet(fleet) {}
    /// Empty where the pool has no members.
    [[nodiscard]] ServerId memberOf(const fleet::Pool &pool, const std::string &key);

private:
    const fleet::Fleet &m_fleet;
    std::map<std::string, memcached::Session> m_pools;
};

/// What a looker keeps from one call to the next.
struct Context {
    Context(std::shared_ptr<const fleet::Fleet> declared, std::shared_ptr<const LinkGround> shared, std::shared_ptr<const base::Clock> time)
        : fleet(std::move(declared)), ground(std::move(shared)), clock(std::move(time)), links(ground), places(*fleet, links),
          recorder(*fleet, links), pools(*fleet)
    {
    }

    std::shared_ptr<const fleet::Fleet> fleet;
    std::shared_ptr<const LinkGround> ground;
    std::shared_ptr<const base::Clock> clock;
    Links links;
    Places places;
    Recorder recorder;
    PoolHash pools;
    std::map<ServerId, std::uint32_t> buckets; ///< of the media map, as each server told them; its element is its link's while a round runs
};

/// No such schema or table: an answer, not a failure. The shard is not on this server.
[[nodiscard]] bool isNoSuchShard(const base::Error &error);
/// The function of a shard that a question is put by, and how it is put otherwise. What the first question answers, unless the shard has not
/// the function, or that has not all the columns: then what the second does, at once until it lacks the rights. In the link's thread.
template <class Answer>
[[nodiscard]] base::Result<Answer> byFunctionOrElse(Link &link, const std::string &database, const char *function, const std::function<base::Result<Answer>()> &byFunction,
                                                    const std::function<base::Result<Answer>()> &orElse)
{
    if (!link.lacks(database, function)) {
        auto answer = byFunction();
        const bool isLacking = !answer && (answer.error().sqlState == "42883" || answer.error().sqlState == "42703");
        if (!isLacking)
            return answer;
        answer = orElse();
        if (answer) // else it may be that some shards have it, and some have not
            link.noteLacking(database, function, true);
        return answer;
    }
    auto answer = orElse();
    if (answer || answer.error().sqlState != "42501")
        return answer;
    answer = byFunction();
    if (answer) // it was made since, and the rights were taken away
        link.noteLacking(database, function, false);
    return answer;
}
/// `sql`, which calls the function; where the shard has it not, `other`, if it has a text.
[[nodiscard]] base::Result<postgres::Rows> queryPersonal(Link &link, const std::string &database, const char *function, const Sql &sql, const Sql &other);
/// Whether the looker's user reads captions and comments by the shards' functions, as those may who may not select them.
[[nodiscard]] bool readsByFunction(const Context &context);
/// Why a part of a region is not known.
[[nodiscard]] facts::Unknown whyUnknown(const base::Error &error);
/// The trouble of a server among those of the rounds; a sentence's worth for what was never asked.
[[nodiscard]] facts::Unknown whySilent(const Rounds &rounds, const ServerId &server);

} // namespace shardlens::inspect::lookup
