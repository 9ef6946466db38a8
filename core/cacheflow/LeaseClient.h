// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/cacheflow/HerdBook.h"
#include "core/cacheflow/LeaseCounts.h"
#include "core/clients/memcached/KeyPlacement.h"
#include "core/clients/memcached/MetaSession.h"
#include "core/clients/wire/Wait.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::cacheflow {

/// Client flags of an empty value that was filled: without them it would look like the empty item that holds a lease.
inline constexpr std::uint64_t emptyValueMark = 0x40000000;

/// The bounds of a lease client.
struct LeaseRules {
    base::milliseconds deadline{500}; ///< of each exchange with a member; dialling has as much again
    base::seconds stub{5};            ///< how long a granted lease holds its key: a winner that died blocks it for so long
    base::seconds recache{0};         ///< one reader renews a value that expires in less; 0 = none does
    base::milliseconds waitUpTo{500}; ///< for another's fill
    bool servesStale = true;          ///< a value marked stale is better than waiting; whoever marks it bounds its age
    base::milliseconds restAfterFailure{300};
    std::shared_ptr<HerdBook> herds;  ///< shared by the clients of a process, which then count how many wait for one fill; may be null
    bool needsVouching = false; ///< a member is read only while the invalidator vouches for it, after a failure once it does anew (Vouching.h)
};

/// The right to fill one key. Good on the connection that granted it alone: CAS values begin anew when a server starts.
struct LeaseToken {
    std::size_t member = 0;
    std::uint64_t connection = 0;
    std::uint64_t cas = 0;
    bool operator==(const LeaseToken &) const = default;
};

struct LeaseRead {
    enum class Kind : std::uint8_t {
        Hit,    ///< `value` is good
        Stale,  ///< `value` was deleted a short while ago, and another fills
        Fill,   ///< yours to fill: read the database, then call fill() or giveBack()
        GaveUp, ///< another holds the lease and did not fill in time: read the database, fill nothing
    };
    Kind kind = Kind::GaveUp;
    std::string value;                     ///< of Hit and Stale
    LeaseToken token;                      ///< of Fill
    std::optional<std::string> staleValue; ///< of Fill: what was marked stale, or expires soon, for when the database does not answer
    base::microseconds waited{0};
};

enum class FillOutcome : std::uint8_t {
    Stored,
    Lost,     ///< the key was deleted, filled or evicted since, or the connection is another one: nothing was stored
    TooLarge, ///< the server takes no value so large; the key is free again
};

/// Reads and fills one pool by leases, over memcached's meta commands (1.6 or newer), with the pool's hashing. A fill that a
/// delete overtook is refused by the server, so an old value never outlives its delete; of many who miss a key at once one reads
/// the database, the others wait or take a stale value, both within the rules' bounds. One thread at a time owns it.
/// Errors of all calls: BadInput (a key that cannot be), TimedOut, Refused, Unreachable, Protocol, Rejected, Unavailable (the member
/// is not vouched for), Cancelled; after any of them read the database and fill nothing.
class LeaseClient
{
public:
    [[nodiscard]] static base::Result<LeaseClient> open(const std::vector<memcached::Member> &members, fleet::Hashing hashing,
                                                        const LeaseRules &rules, std::shared_ptr<const wire::Interrupt> stop = {});

    [[nodiscard]] base::Result<LeaseRead> get(std::string_view key);
    [[nodiscard]] base::Result<FillOutcome> fill(std::string_view key, const LeaseToken &token, std::string_view value, base::seconds ttl);
    /// There is nothing to fill with: the next reader may win. Never frees a lease that another was granted since.
    base::Result<void> giveBack(std::string_view key, const LeaseToken &token);
    /// Deletes; voids whatever lease is out. A key that was not there is success too.
    [[nodiscard]] base::Result<void> remove(std::string_view key);
    /// Marks the value stale, to be served for `keep` at most while one reader fills; voids whatever lease is out.
    [[nodiscard]] base::Result<void> markStale(std::string_view key, base::seconds keep);

    [[nodiscard]] std::size_t memberOf(std::string_view key) const { return m_placement.memberOf(key); }
    [[nodiscard]] const LeaseCounts &counts() const { return m_counts; }
    [[nodiscard]] const HerdCounts &herds() const { return m_herds; } ///< whose last waiter this client was

private:
    struct Line {
        memcached::Member member;
        std::optional<memcached::MetaSession> session;
        std::optional<base::Error> error; ///< of the newest attempt
        base::Instant notBefore{};        ///< it is not dialled again before
        bool isTrusted = false;
        bool wasEverOpen = false;
        std::optional<std::string> vouchSeen; ///< what stood there when it was last asked, since it came back
        int vouches = 0;                      ///< how often another one stood there since
        base::Instant vouchAskedAt{};
        base::Instant vouchChangedAt{}; ///< of a trusted one: when that value was seen first
        void distrust();
    };
    LeaseClient(std::vector<Line> lines, memcached::KeyPlacement placement, const LeaseRules &rules,
                std::shared_ptr<const wire::Interrupt> stop);
    [[nodiscard]] base::Result<LeaseRead> read(std::string_view key, bool &hasWaited);
    [[nodiscard]] std::optional<LeaseRead> understood(memcached::MetaAnswer answer, const LeaseToken &asked);
    [[nodiscard]] base::Result<Line *> lineFor(std::string_view key, bool forReading);
    [[nodiscard]] base::Result<void> dial(Line &line);
    [[nodiscard]] base::Result<void> checkVouching(Line &line);
    [[nodiscard]] base::Result<memcached::MetaAnswer> ask(Line &line, std::string_view command);
    [[nodiscard]] base::Result<memcached::MetaAnswer> askVouched(Line &line, std::string_view command);
    void noteVouch(Line &line, const memcached::MetaAnswer &found);
    void lose(Line &line, const base::Error &error);
    [[nodiscard]] bool pauseFor(base::milliseconds time) const; ///< false: interrupted
    [[nodiscard]] Line *lineOf(const LeaseToken &token);

    std::vector<Line> m_lines;
    memcached::KeyPlacement m_placement;
    LeaseRules m_rules;
    std::shared_ptr<const wire::Interrupt> m_stop;
    LeaseCounts m_counts;
    HerdCounts m_herds;
    std::string m_command; ///< kept, so that a read allocates little
};

} // namespace shardlens::cacheflow
