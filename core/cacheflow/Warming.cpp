// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/Warming.h"

#include "core/base/Json.h"
#include "core/cacheflow/KeyWalk.h"
#include "core/cacheflow/OwnTraffic.h"
#include "core/cacheflow/PoolPlacing.h"
#include "core/cacheflow/Staleness.h"
#include "core/clients/memcached/MetaSession.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <poll.h>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;
using memcached::MetaAnswer;
using Code = MetaAnswer::Code;

namespace {

/// Of an item that does not tell when it ends (never, or within two seconds): it is filled again by who reads it then.
constexpr base::seconds lifeOfUndying{3600};

std::vector<const fleet::Pool *> poolsIn(const fleet::Fleet &fleet, const base::RegionName &region)
{
    std::vector<const fleet::Pool *> pools;
    for (const fleet::Pool &pool : fleet.pools) {
        if (pool.region == region)
            pools.push_back(&pool);
    }
    return pools;
}

struct PoolPair {
    const fleet::Pool *from = nullptr;
    const fleet::Pool *to = nullptr;
};

Result<std::vector<PoolPair>> pairsOf(const fleet::Fleet &fleet, const base::RegionName &from, const base::RegionName &to)
{
    const auto sources = poolsIn(fleet, from);
    const auto targets = poolsIn(fleet, to);
    if (sources.empty() || targets.empty())
        return base::fail(ErrorCode::NotFound, "There is no pool in a region '" + (sources.empty() ? from : to).text() + "'.");
    if (targets.size() != 1 && targets.size() != sources.size())
        return base::fail(ErrorCode::BadInput, "Region " + from.text() + " has " + std::to_string(sources.size()) + " pools, " + to.text() + " has " + std::to_string(targets.size()) +
                                                   ": which is filled from which is told by their order in the fleet file, and some have no counterpart.");
    std::vector<PoolPair> pairs;
    for (std::size_t i = 0; i < sources.size(); ++i)
        pairs.push_back({sources[i], targets.size() == 1 ? targets.front() : targets[i]});
    return pairs;
}

/// Each name once, in their order.
std::string namesIn(const WarmPlan &plan, base::PoolName WarmPlan::*first, base::PoolName WarmPair::*other)
{
    std::vector<base::PoolName> names{plan.*first};
    for (const WarmPair &pair : plan.further) {
        if (std::find(names.begin(), names.end(), pair.*other) == names.end())
            names.push_back(pair.*other);
    }
    std::string text;
    for (const base::PoolName &name : names)
        text += (text.empty() ? "" : ", ") + name.text();
    return text;
}

/// The members of a pool with a connection each, dialled from here and hashed as its region's applications do.
class PoolTalk
{
public:
    static Result<PoolTalk> of(const fleet::Fleet &fleet, const fleet::Pool &pool, const WarmOptions &options)
    {
        auto placement = memcached::KeyPlacement::of(membersWithin(fleet, pool), pool.hashing);
        if (!placement)
            return base::fail(placement.error());
        std::vector<memcached::Member> members;
        for (const auto &id : pool.servers)
            members.push_back(memberFrom(fleet, id));
        return PoolTalk(std::move(members), std::move(*placement), options);
    }

    /// A command of each key, each to its member, in one round trip a member; the answers in the keys' order.
    std::vector<Result<MetaAnswer>> ask(const std::vector<std::string> &keys, const std::function<std::string(std::size_t index)> &command)
    {
        std::vector<Result<MetaAnswer>> answers(keys.size(), base::fail(ErrorCode::Unreachable, "not asked"));
        std::map<std::size_t, std::vector<std::size_t>> byMember;
        for (std::size_t i = 0; i < keys.size(); ++i)
            byMember[m_placement.memberOf(keys[i])].push_back(i);
        for (const auto &[member, indexes] : byMember) {
            const auto got = run(member, indexes, command);
            for (std::size_t i = 0; i < indexes.size(); ++i)
                answers[indexes[i]] = got ? Result<MetaAnswer>((*got)[i]) : Result<MetaAnswer>(base::fail(got.error()));
        }
        return answers;
    }

    /// The connection to the key's member that is open now; 0 for none.
    std::uint64_t connectionOf(const std::string &key)
    {
        const auto &session = m_sessions[m_placement.memberOf(key)];
        return session && session->isOpen() ? session->connection() : 0;
    }

private:
    PoolTalk(std::vector<memcached::Member> members, memcached::KeyPlacement placement, const WarmOptions &options)
        : m_members(std::move(members)), m_placement(std::move(placement)), m_deadline(options.deadline), m_stop(options.stop)
    {
    }

    Result<std::vector<MetaAnswer>> run(std::size_t member, const std::vector<std::size_t> &indexes,
                                        const std::function<std::string(std::size_t index)> &command)
    {
        auto &session = m_sessions[member];
        if (!session || !session->isOpen()) {
            auto dialled = memcached::MetaSession::dial(m_members.at(member), m_deadline, m_stop);
            if (!dialled) {
                base::Error error = dialled.error();
                error.server = m_members.at(member).server;
                return base::fail(std::move(error));
            }
            session = std::move(*dialled);
        }
        session->add(memcached::ownMark);
        for (const std::size_t index : indexes)
            session->add(command(index));
        auto answers = session->run(m_deadline);
        if (answers)
            answers->erase(answers->begin());
        return answers;
    }

    std::vector<memcached::Member> m_members;
    memcached::KeyPlacement m_placement;
    base::milliseconds m_deadline;
    std::shared_ptr<const wire::Interrupt> m_stop;
    std::map<std::size_t, std::optional<memcached::MetaSession>> m_sessions;
};

bool isStopped(const WarmOptions &options, base::milliseconds within)
{
    pollfd fd = {options.stop ? options.stop->descriptor() : -1, POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(within.count())) > 0;
}

/// What is to be filled, as the source has it.
struct SourceItem {
    std::string key;
    std::string value;
    std::uint64_t clientFlags = 0;
    std::int64_t version = 0;
    base::seconds ttl = lifeOfUndying;
    std::uint64_t lease = 0;      ///< CAS of the lease that was won in the target
    std::uint64_t connection = 0; ///< that granted it: CAS values begin anew when a server starts
};

class Warmer
{
public:
    /// What it does comes to `done`.
    Warmer(PoolTalk source, PoolTalk target, const ReadVersions &versions, const WarmOptions &options, Warmed &done)
        : m_source(std::move(source)), m_target(std::move(target)), m_versions(versions), m_options(options), m_done(done)
    {
    }

    void fillBatch(const std::vector<std::string> &keys)
    {
        m_done.tried += keys.size();
        std::vector<SourceItem> items = readSource(keys);
        takeLeases(items);
        if (!items.empty())
            fillWhatIsOfItsRow(items);
    }

private:
    void failed(const base::Error &error)
    {
        ++m_done.failed;
        m_done.error = error;
    }

    /// `gets` takes no lease; `me` tells how long an item lives.
    std::vector<SourceItem> readSource(const std::vector<std::string> &keys)
    {
        const auto debug = m_source.ask(keys, [&](std::size_t i) { return "me " + keys[i] + "\r\n"; });
        const auto got = m_source.ask(keys, [&](std::size_t i) { return "gets " + keys[i] + "\r\n"; });
        std::vector<SourceItem> items;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!got[i]) {
                failed(got[i].error());
                continue;
            }
            const auto version = got[i]->code == Code::Value ? versionIn(got[i]->value) : std::nullopt;
            if (!version) {
                ++m_done.gone;
                continue;
            }
            SourceItem item{keys[i], got[i]->value, got[i]->number('f').value_or(0), *version};
            const auto left = debug[i] && debug[i]->code == Code::Debug ? secondsLeft(debug[i]->flags) : std::nullopt;
            item.ttl = left.value_or(lifeOfUndying);
            items.push_back(std::move(item));
        }
        return items;
    }

    static std::optional<base::seconds> secondsLeft(const std::string &words)
    {
        const auto at = words.rfind(" exp=-");
        const long left = at == std::string::npos ? 0 : std::strtol(words.c_str() + at + 6, nullptr, 10);
        return left > 1 ? std::optional(base::seconds(left)) : std::nullopt;
    }

    /// Only where nobody has the key, nor the right to fill it.
    void takeLeases(std::vector<SourceItem> &items)
    {
        const std::string how = " c N" + std::to_string(m_options.holdOff.count()) + "\r\n";
        const auto answers = m_target.ask(keysOf(items), [&](std::size_t i) { return "mg " + items[i].key + how; });
        std::vector<SourceItem> won;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (!answers[i]) {
                failed(answers[i].error());
            } else if (answers[i]->has('W')) {
                items[i].lease = answers[i]->number('c').value_or(0);
                items[i].connection = m_target.connectionOf(items[i].key);
                won.push_back(std::move(items[i]));
            } else {
                ++m_done.there;
            }
        }
        items = std::move(won);
    }

    void fillWhatIsOfItsRow(const std::vector<SourceItem> &items)
    {
        const RegionRows::Read rows = m_versions(keysOf(items));
        std::vector<SourceItem> good;
        std::vector<SourceItem> bad;
        for (const SourceItem &item : items) {
            const auto row = rows.rows.find(item.key);
            const auto unread = rows.unread.find(item.key);
            const bool isGood = row != rows.rows.end() && row->second.version == item.version;
            if (unread != rows.unread.end())
                failed(unread->second);
            else if (row == rows.rows.end())
                ++m_done.gone;
            else if (!isGood)
                ++m_done.differs;
            if (m_target.connectionOf(item.key) != item.connection)
                m_done.lost += isGood ? 1 : 0; // whatever holds the key there now, it is not this lease
            else
                (isGood ? good : bad).push_back(item);
        }
        const auto stored = m_target.ask(keysOf(good), [&](std::size_t i) {
            return "ms " + good[i].key + " " + std::to_string(good[i].value.size()) + " C" + std::to_string(good[i].lease) + " F" +
                   std::to_string(good[i].clientFlags) + " T" + std::to_string(good[i].ttl.count()) + "\r\n" + good[i].value + "\r\n";
        });
        for (const auto &answer : stored) {
            if (!answer)
                failed(answer.error());
            else
                ++(answer->code == Code::Done ? m_done.filled : m_done.lost);
        }
        // The next reader may win at once; a lease that another was granted since is not touched.
        (void)m_target.ask(keysOf(bad), [&](std::size_t i) { return "md " + bad[i].key + " C" + std::to_string(bad[i].lease) + "\r\n"; });
    }

    static std::vector<std::string> keysOf(const std::vector<SourceItem> &items)
    {
        std::vector<std::string> keys;
        for (const SourceItem &item : items)
            keys.push_back(item.key);
        return keys;
    }

    PoolTalk m_source;
    PoolTalk m_target;
    const ReadVersions &m_versions;
    const WarmOptions &m_options;
    Warmed &m_done;
};

/// The keys that were read last, of all members.
std::vector<WalkedKey> candidates(const fleet::Fleet &fleet, const fleet::Pool &pool, const WarmOptions &options, WarmPlan &plan)
{
    std::vector<WalkedKey> found;
    for (const auto &id : pool.servers) {
        auto keys = walkKeys(memberFrom(fleet, id), options.walked, options.walkPatience, options.stop.get());
        if (!keys) {
            plan.errors.push_back(keys.error());
            plan.errors.back().server = id.text();
            continue;
        }
        plan.walked += keys->size();
        for (WalkedKey &key : *keys) {
            if (!entityOf(fleet.keys, key.key))
                ++plan.rowless;
            else if (!key.wasFetched)
                ++plan.unread;
            else
                found.push_back(std::move(key));
        }
    }
    std::sort(found.begin(), found.end(), [](const WalkedKey &a, const WalkedKey &b) { return std::tie(b.lastAccess, a.key) < std::tie(a.lastAccess, b.key); });
    return found;
}

/// Adds to the plan what the pair's target lacks, at most so many keys.
Result<void> planPair(const fleet::Fleet &fleet, const PoolPair &pair, std::size_t most, const WarmOptions &options, WarmPlan &plan)
{
    auto talk = PoolTalk::of(fleet, *pair.to, options);
    if (!talk)
        return base::fail(talk.error());
    const std::size_t begin = plan.keys.size();
    const auto found = candidates(fleet, *pair.from, options, plan);
    for (std::size_t at = 0; at < found.size() && plan.keys.size() - begin < most; at += options.batch) {
        if (isStopped(options, base::milliseconds(0)))
            return base::fail(ErrorCode::Cancelled, "interrupted");
        std::vector<std::string> keys;
        for (std::size_t i = at; i < std::min(at + options.batch, found.size()); ++i)
            keys.push_back(found[i].key);
        const auto answers = talk->ask(keys, [&](std::size_t i) { return "me " + keys[i] + "\r\n"; });
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!answers[i] && std::find(plan.errors.begin(), plan.errors.end(), answers[i].error()) == plan.errors.end())
                plan.errors.push_back(answers[i].error());
            if (answers[i] && answers[i]->code == Code::Miss && plan.keys.size() - begin < most) {
                plan.keys.push_back(keys[i]);
                plan.bytes += found[at + i].bytes;
            }
            plan.there += answers[i] && answers[i]->code == Code::Debug ? 1 : 0;
        }
    }
    return {};
}

/// Fills one pair after the other, at the pace that all of them share.
class PlanWarmer
{
public:
    PlanWarmer(const fleet::Fleet &fleet, const WarmPlan &plan, const ReadVersions &versions, const WarmOptions &options,
               const std::function<void(const Warmed &soFar)> &told)
        : m_fleet(fleet), m_plan(plan), m_versions(versions), m_options(options), m_told(told)
    {
    }

    Warmed fillAll()
    {
        std::vector<WarmPair> pairs{{m_plan.from, m_plan.to, 0}};
        pairs.insert(pairs.end(), m_plan.further.begin(), m_plan.further.end());
        for (std::size_t i = 0; i < pairs.size() && !m_done.isCancelled; ++i)
            fillPair(pairs[i], i + 1 < pairs.size() ? pairs[i + 1].begin : m_plan.keys.size());
        return m_done;
    }

private:
    Result<PoolTalk> talkTo(const base::PoolName &name) const
    {
        const fleet::Pool *pool = m_fleet.pool(name);
        return pool ? PoolTalk::of(m_fleet, *pool, m_options) : Result<PoolTalk>(base::fail(ErrorCode::NotFound, "no pool " + name.text()));
    }

    void fillPair(const WarmPair &pair, std::size_t end)
    {
        auto source = talkTo(pair.from);
        auto target = talkTo(pair.to);
        if (!source || !target) {
            m_done.error = source ? target.error() : source.error();
            return;
        }
        Warmer warmer(std::move(*source), std::move(*target), m_versions, m_options, m_done);
        for (std::size_t at = pair.begin; at < end; at += m_options.batch) {
            // Not faster than allowed: a batch begins when those asked before it have used up their time. A pair that was skipped took none.
            const auto due = m_begun + std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(static_cast<double>(m_done.tried) / m_options.perSecond));
            const auto left = std::chrono::ceil<base::milliseconds>(due - std::chrono::steady_clock::now());
            if (isStopped(m_options, std::max(left, base::milliseconds(0)))) {
                m_done.isCancelled = true;
                return;
            }
            warmer.fillBatch({m_plan.keys.begin() + static_cast<std::ptrdiff_t>(at), m_plan.keys.begin() + static_cast<std::ptrdiff_t>(std::min(at + m_options.batch, end))});
            if (m_told)
                m_told(m_done);
        }
    }

    const fleet::Fleet &m_fleet;
    const WarmPlan &m_plan;
    const ReadVersions &m_versions;
    const WarmOptions &m_options;
    const std::function<void(const Warmed &soFar)> &m_told;
    const base::Instant m_begun = std::chrono::steady_clock::now();
    Warmed m_done;
};

} // namespace

std::string WarmPlan::sources() const
{
    return namesIn(*this, &WarmPlan::from, &WarmPair::from);
}

std::string WarmPlan::targets() const
{
    return namesIn(*this, &WarmPlan::to, &WarmPair::to);
}

Result<WarmPlan> planWarming(const fleet::Fleet &fleet, const base::RegionName &from, const base::RegionName &to, const WarmOptions &options)
{
    if (from == to)
        return base::fail(ErrorCode::BadInput, "A region is not warmed from itself.");
    const auto pairs = pairsOf(fleet, from, to);
    if (!pairs)
        return base::fail(pairs.error());
    WarmPlan plan{pairs->front().from->name, pairs->front().to->name, {}, 0, 0, 0, 0, {}, 0};
    for (std::size_t i = 0; i < pairs->size(); ++i) {
        const PoolPair &pair = pairs->at(i);
        if (i > 0)
            plan.further.push_back({pair.from->name, pair.to->name, plan.keys.size()});
        const std::size_t most = (options.keys - plan.keys.size()) / (pairs->size() - i);
        if (const auto planned = planPair(fleet, pair, most, options, plan); !planned)
            return base::fail(planned.error());
    }
    return plan;
}

Warmed warm(const fleet::Fleet &fleet, const WarmPlan &plan, const ReadVersions &versions, const WarmOptions &options,
            const std::function<void(const Warmed &soFar)> &told)
{
    return PlanWarmer(fleet, plan, versions, options, told).fillAll();
}

std::string warmRecord(const WarmPlan &plan, const WarmOptions &options)
{
    const nlohmann::ordered_json record{{"from", plan.sources()}, {"to", plan.targets()}, {"keys", plan.keys.size()}, {"per_second", options.perSecond}};
    return base::jsonText(record);
}

std::string warmedRecord(const Warmed &done)
{
    const nlohmann::ordered_json record{{"tried", done.tried}, {"filled", done.filled}, {"there", done.there}, {"gone", done.gone}, {"differs", done.differs}, {"lost", done.lost},
                                        {"failed", done.failed}, {"cancelled", done.isCancelled}, {"error", done.error ? done.error->message : std::string()}};
    return base::jsonText(record);
}

Result<WarmEnd> carryOut(const fleet::Fleet &fleet, const WarmPlan &plan, const fleet::DatabaseUser &user,
                         const std::function<Result<std::string>(const std::string &entry)> &keychain, const WarmOptions &options,
                         const std::function<Result<void>(const char *action, const std::string &detail)> &record, const std::function<void(const Warmed &soFar)> &told)
{
    const fleet::Pool *target = fleet.pool(plan.to);
    if (!target)
        return base::fail(ErrorCode::NotFound, "no pool " + plan.to.text());
    const auto map = declaredMap(fleet, fleet.access.observer, keychain);
    if (!map) {
        base::Error error = map.error();
        error.message = "rows cannot be read: " + error.message;
        return base::fail(std::move(error));
    }
    if (const auto recorded = record("cache_warm", warmRecord(plan, options)); !recorded)
        return base::fail(recorded.error());
    RegionRows rows(fleet, target->region, *map, user, {options.deadline, keychain, options.stop});
    WarmEnd end{warm(fleet, plan, [&](const auto &keys) { return rows.read(keys); }, options, told), std::nullopt};
    if (const auto recorded = record("cache_warmed", warmedRecord(end.done)); !recorded)
        end.unrecorded = recorded.error();
    return end;
}

} // namespace shardlens::cacheflow
