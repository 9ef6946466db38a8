// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/clients/memcached/MetaSession.h"
#include "core/clients/wire/Wait.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace shardlens::cacheflow {

struct LaneRules {
    base::milliseconds deadline{1000};     ///< of a batch, and of dialling
    base::milliseconds retryEvery{250};    ///< while the member is away
    std::size_t batch = 1000;              ///< deletes in one round trip
    std::size_t mostOwed = 200'000;        ///< to a member that is away; one key more, and it is flushed on its return instead
    std::optional<base::seconds> staleFor; ///< mark stale for so long instead of deleting
};

/// How deliveries to one member of a pool stand.
struct LaneState {
    enum class Standing : std::uint8_t {
        Dialling,   ///< not reached yet
        Here,       ///< every delete is answered
        Away,       ///< it does not answer; what it is owed is kept
        MustFlush,  ///< it is owed more than is kept: flushed before it is trusted again
        CatchingUp, ///< back, and not all of what it was owed is delivered
    };
    Standing standing = Standing::Dialling;
    base::Instant since{};
    std::size_t waiting = 0;     ///< keys not delivered yet
    std::uint64_t delivered = 0; ///< deletes answered
    std::uint64_t found = 0;     ///< of them: there was something to delete
    std::uint64_t refused = 0;   ///< keys that memcached does not take
    std::uint64_t flushes = 0;
    std::uint64_t vouched = 0;        ///< how often it was vouched for
    std::optional<base::Error> error; ///< of the newest failure
};

/// Delivers deletes to one memcached, in a thread of its own: at least once, batched, in any order. A member that does not answer
/// keeps nobody waiting: what it is owed is kept and delivered on its return, or it is flushed. While it owes nothing, and it was
/// told to (mayVouch), it stores the item that clients take as proof (Vouching.h). Any thread may call.
class MemberLane
{
public:
    MemberLane(memcached::Member member, const LaneRules &rules, std::shared_ptr<wire::Interrupt> stop);
    ~MemberLane(); ///< stop must have been raised
    MemberLane(const MemberLane &) = delete;
    MemberLane &operator=(const MemberLane &) = delete;

    void start();
    /// Takes keys to delete; answers a ticket for settled().
    std::uint64_t give(std::vector<std::string> keys);
    /// Waits until all keys up to the ticket are delivered, or are kept for a member that is away. False: not within `atMost`.
    bool settle(std::uint64_t ticket, base::milliseconds atMost);
    void demandFlush();          ///< everything that it holds may be stale
    void mayVouch(bool allowed); ///< the outboxes are read up to now
    [[nodiscard]] LaneState state() const;
    /// Keys that were settled are kept for its return, or it is to be flushed and is not yet known to have to: cursors that are kept
    /// must not pass them.
    [[nodiscard]] bool owes() const;
    [[nodiscard]] const std::string &server() const { return m_member.server; }

private:
    using Lock = std::unique_lock<std::mutex>;
    void run();
    [[nodiscard]] bool waitForWork(Lock &lock); ///< false: the end
    void deliver(Lock &lock);
    void flush(Lock &lock);
    void vouch(Lock &lock);
    [[nodiscard]] bool dial(Lock &lock);
    void lose(const base::Error &error);
    void stand(LaneState::Standing standing);
    [[nodiscard]] bool isAway() const;

    memcached::Member m_member;
    LaneRules m_rules;
    std::shared_ptr<wire::Interrupt> m_stop;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::string> m_queue;
    std::unordered_set<std::string> m_owed; ///< the queue of a member that is away: each key once
    std::size_t m_inHand = 0;               ///< keys of the batch under way
    std::uint64_t m_given = 0;
    std::uint64_t m_settled = 0;
    LaneState m_state;
    bool m_flushDemanded = false;
    bool m_isFlushing = false; ///< keys that come now may come too late for it
    bool m_mayVouch = false;
    bool m_isEnding = false;
    base::Instant m_retryAt{};
    base::Instant m_vouchAt{};
    std::uint64_t m_vouchNumber = 0;
    std::optional<memcached::MetaSession> m_session; ///< of the lane's own thread alone
    std::thread m_thread;
};

} // namespace shardlens::cacheflow
