// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"
#include "core/operate/Intent.h"
#include "core/operate/Plan.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::clients
{

/// Whose order it is. A guard obeys the newest number of each cluster that it was told of, and refuses older ones.
struct GuardOperation {
    base::ClusterName cluster; ///< or the name of the Redis group that it moves: a fleet gives a name to one of them only
    std::string operation; ///< its id, as its sessions' names carry it
    std::int64_t number = 0;
    bool operator==(const GuardOperation &) const = default;
};

/// What an operation says before anything is held: enough for a guard to end it well, should nobody be heard of any more.
struct GuardAnnouncement {
    GuardOperation of;
    std::int64_t term = 0; ///< the cluster's once it is done; 0: it keeps none
    operate::Act act = operate::Act::Switchover;
    base::ServerId from; ///< the primary; may be empty for a failover
    base::ServerId to;   ///< the candidate; empty for a smaller act
    base::ServerId on;   ///< a smaller act: the router it acts on, and which of its databases
    std::string database;
    std::string restores; ///< a Redis group: what the old primary's settings were, "min-replicas-to-write 0, repl-ping-replica-period 10"
    base::milliseconds hold{5000}; ///< silent for longer: the guard takes over
    bool operator==(const GuardAnnouncement &) const = default;
};

/// A kept, authenticated conversation with one guard, by which an operation's effects on routers and hosts of its region are carried
/// out (app/guard/PROTOCOL.md). Blocking; one thread at a time owns it, and several may be held with one guard. Every call ends by its
/// deadline, against a frozen guard too. After a time-out, an interrupt or a broken link it is closed: isOpen() tells, and a new one
/// may go on with the same operation. Any order counts as a sign of life of its operation.
/// Errors: Refused, Unreachable, TimedOut, Cancelled (the link); NoRights (the secret is not the guard's); Rejected (the guard knows a
/// newer operation or term: newest() tells); Protocol.
class GuardOrders
{
public:
    [[nodiscard]] static base::Result<GuardOrders> connect(const fleet::Endpoint &endpoint, const std::string &secret, base::milliseconds timeout,
                                                           std::shared_ptr<const wire::Interrupt> interrupt = {});
    ~GuardOrders();
    GuardOrders(GuardOrders &&) noexcept;
    GuardOrders &operator=(GuardOrders &&) noexcept;

    /// From now on the guard beats no more on that cluster, and takes over when it hears nothing for `hold`. Said again (a restarted
    /// guard, an operation that was taken up again under a higher number) it does no harm.
    [[nodiscard]] base::Result<void> announce(const GuardAnnouncement &announcement, base::milliseconds timeout);

    /// Router and host commands, their braces filled in, one after the other; ends at the first that fails, or whose answer is not as
    /// it expects (operate::isMet). A command by Sql or Hand is an error (BadInput) before anything is done.
    struct Carried {
        std::vector<std::string> answers; ///< of the commands that were answered, in order
        std::optional<base::Error> error; ///< of the one after them; nothing: all were answered, or one was not as expected
    };
    /// An error's Effect tells whether the command that failed took effect; InDoubt when the guard's answer did not come: what is so
    /// then has to be asked. The guard itself gives up a little before `deadline`, so that its answer comes in time.
    [[nodiscard]] Carried carryOut(const GuardOperation &of, const std::vector<operate::Command> &commands, base::Instant deadline);

    [[nodiscard]] base::Result<void> keep(const GuardOperation &of, base::milliseconds timeout);    ///< it is alive
    /// It is over: deadlines end, beats go on. `termInForce`: what it leaves; 0: what it told.
    [[nodiscard]] base::Result<void> release(const GuardOperation &of, std::int64_t termInForce, base::milliseconds timeout);

    /// What the guard knows of the cluster, after an order was Rejected as one of an older operation or term.
    struct Newest {
        std::int64_t number = 0;
        std::int64_t term = 0;
        bool operator==(const Newest &) const = default;
    };
    [[nodiscard]] std::optional<Newest> newest() const;

    [[nodiscard]] bool isOpen() const;
    void close();

private:
    struct Private;
    explicit GuardOrders(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::clients
