// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Carrier.h"
#include "app/guard/OperationBook.h"
#include "core/clients/wire/Wait.h"

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace shardlens::guard
{

/// Takes orders; PROTOCOL.md tells how. Each conversation has a thread of its own: a command that waits keeps no other order waiting.
class OrderDesk
{
public:
    OrderDesk(OperationBook &book, Carrier &carrier, Report &report, std::shared_ptr<wire::Interrupt> stop);
    ~OrderDesk(); ///< waits for what is being carried out; `stop` is to be raised before
    OrderDesk(const OrderDesk &) = delete;
    OrderDesk &operator=(const OrderDesk &) = delete;

    /// What orders are signed with; empty: none are taken. Before the first conversation.
    void setSecret(std::string secret) { m_secret = std::move(secret); }
    /// The newest term that the members of a cluster have, asked now; nothing unless all of them answer. Asked where an order is of an older
    /// term than this guard was told of: a move that was rolled back or given up did not raise it. Before the first conversation.
    void setTermSight(std::function<std::optional<std::int64_t>(const base::ClusterName &)> sight) { m_termSight = std::move(sight); }
    /// A conversation that begins; the descriptor is the desk's from here on. `unread`: what was read behind the greeting. One thread.
    void take(int fd, std::string unread);

private:
    struct Conversation {
        std::thread thread;
        std::atomic<bool> isOver{false};
    };
    void converse(int fd, std::string unread);
    /// What one line is answered with; `isOver` where the connection is to be closed.
    [[nodiscard]] std::string answerTo(const std::string &line, const std::string &challenge, std::int64_t &lastSeq, bool &isOver);
    [[nodiscard]] clients::GuardReply obey(const clients::GuardOrder &order);
    [[nodiscard]] std::optional<clients::GuardReply> announce(const clients::GuardAnnouncement &told, base::Instant now);
    [[nodiscard]] clients::GuardReply carryOut(const clients::GuardOrder &order);

    OperationBook &m_book;
    Carrier &m_carrier;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::string m_secret;
    std::function<std::optional<std::int64_t>(const base::ClusterName &)> m_termSight;
    std::list<Conversation> m_conversations;
};

} // namespace shardlens::guard
