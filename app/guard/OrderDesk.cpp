// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/OrderDesk.h"

#include "core/clients/guard/OrderMac.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::guard
{

using base::ErrorCode;
using base::Instant;
using clients::GuardOrder;
using clients::GuardReply;

namespace
{

constexpr std::size_t mostConversations = 48;
constexpr std::size_t longestOrder = 1024 * 1024;
constexpr base::seconds strangerFor{30}; ///< until the first order that is signed well
constexpr base::seconds quietFor{300};
constexpr base::seconds answerPatience{5};
constexpr base::milliseconds longestCarryOut{600'000};

/// The next line, without its end; nothing when the other side has closed, says too much or nothing for too long.
std::optional<std::string> nextLine(int fd, std::string &unread, Instant deadline, const wire::Interrupt &stop)
{
    std::array<char, 16384> buffer{};
    for (;;) {
        if (const std::size_t end = unread.find('\n'); end != std::string::npos) {
            std::string line = unread.substr(0, end);
            unread.erase(0, end + 1);
            return line;
        }
        if (unread.size() > longestOrder || !wire::waitFor(fd, wire::Readiness::Readable, deadline, &stop))
            return std::nullopt;
        const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0)
            return std::nullopt;
        unread.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

bool sendLine(int fd, std::string text, const wire::Interrupt &stop)
{
    text += '\n';
    const Instant deadline = std::chrono::steady_clock::now() + answerPatience;
    for (std::string_view left = text; !left.empty();) {
        const auto sent = ::send(fd, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent > 0)
            left.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno != EAGAIN && errno != EINTR)
            return false;
        else if (errno == EAGAIN && !wire::waitFor(fd, wire::Readiness::Writable, deadline, &stop))
            return false;
    }
    return true;
}

} // namespace

OrderDesk::OrderDesk(OperationBook &book, Carrier &carrier, Report &report, std::shared_ptr<wire::Interrupt> stop)
    : m_book(book), m_carrier(carrier), m_report(report), m_stop(std::move(stop))
{
}

OrderDesk::~OrderDesk()
{
    for (Conversation &one : m_conversations)
        one.thread.join();
}

void OrderDesk::take(int fd, std::string unread)
{
    for (auto one = m_conversations.begin(); one != m_conversations.end();) {
        if (one->isOver)
            one->thread.join();
        one = one->isOver ? m_conversations.erase(one) : std::next(one);
    }
    if (m_conversations.size() >= mostConversations) {
        ::close(fd);
        return;
    }
    Conversation &begun = m_conversations.emplace_back();
    begun.thread = std::thread([this, fd, &begun, rest = std::move(unread)]() mutable {
        converse(fd, std::move(rest));
        ::close(fd);
        begun.isOver = true;
    });
}

void OrderDesk::converse(int fd, std::string unread)
{
    const std::string challenge = clients::freshChallenge();
    if (!sendLine(fd, R"({"challenge":")" + challenge + "\"}", *m_stop))
        return;
    std::int64_t lastSeq = 0;
    const Instant strangerUntil = std::chrono::steady_clock::now() + strangerFor;
    for (bool isOver = false; !isOver;) {
        const auto line = nextLine(fd, unread, lastSeq == 0 ? strangerUntil : std::chrono::steady_clock::now() + quietFor, *m_stop);
        if (!line || !sendLine(fd, answerTo(*line, challenge, lastSeq, isOver), *m_stop))
            return;
    }
}

std::string OrderDesk::answerTo(const std::string &line, const std::string &challenge, std::int64_t &lastSeq, bool &isOver)
{
    const auto order = clients::opened(line, m_secret, challenge, lastSeq);
    GuardReply reply;
    if (order) {
        reply = obey(*order);
    } else {
        isOver = order.error().code == ErrorCode::NoRights;
        reply.refused = order.error().message;
        reply.code = order.error().code;
    }
    if (!reply.refused.empty()) {
        m_report.countOrder(true);
        const std::string what = order ? std::string(clients::name(order->kind)) + " of " + order->announcement.of.operation + " on " + order->announcement.of.cluster.text() : "an order";
        logLine("refused " + what + ": " + reply.refused);
    }
    return clients::lineOf(reply, lastSeq);
}

std::optional<GuardReply> OrderDesk::announce(const clients::GuardAnnouncement &told, Instant now)
{
    auto refused = m_book.announce(told, now);
    const bool isOfOlderTerm = refused && refused->newest && told.term != 0 && told.term < refused->newest->term && told.of.number > refused->newest->number;
    if (!isOfOlderTerm || !m_termSight)
        return refused;
    const auto inForce = m_termSight(told.of.cluster);
    if (!inForce || *inForce > told.term)
        return refused;
    logLine("no member of " + told.of.cluster.text() + " has a newer term than " + std::to_string(*inForce) + ": " + std::to_string(refused->newest->term) + " was never raised");
    m_book.settleTerm(told.of.cluster, *inForce);
    return m_book.announce(told, now);
}

GuardReply OrderDesk::obey(const GuardOrder &order)
{
    const auto &told = order.announcement;
    const Instant now = std::chrono::steady_clock::now();
    std::optional<GuardReply> refused;
    switch (order.kind) {
    case GuardOrder::Kind::Announce:
        refused = announce(told, now);
        if (!refused)
            logLine("operation " + told.of.operation + " (number " + std::to_string(told.of.number) + ") on " + told.of.cluster.text() + " was announced: " + std::string(operate::name(told.act)) + " to " +
                    told.to.text() + ", term " + std::to_string(told.term));
        break;
    case GuardOrder::Kind::Keep: refused = m_book.hear(told.of, now); break;
    case GuardOrder::Kind::Release:
        refused = m_book.release(told.of, told.term);
        if (!refused)
            logLine("operation " + told.of.operation + " on " + told.of.cluster.text() + " is over");
        break;
    case GuardOrder::Kind::CarryOut: return carryOut(order);
    }
    return refused.value_or(GuardReply{});
}

GuardReply OrderDesk::carryOut(const GuardOrder &order)
{
    const auto &of = order.announcement.of;
    const Instant now = std::chrono::steady_clock::now();
    if (auto refused = m_book.begin(of, now))
        return *refused;
    GuardReply reply;
    reply.carried = m_carrier.carryOut(of.operation, order.commands, now + std::min(order.deadline, longestCarryOut));
    for (std::size_t i = 0; i < reply.carried.answers.size(); ++i) {
        const operate::Command &command = order.commands[i];
        if (command.deed && reply.carried.answers[i] == "stopped" && (command.deed->act == operate::HostAct::Stop || command.deed->act == operate::HostAct::AskStopped))
            m_book.noteFence(of, command.on);
    }
    m_book.end(of, std::chrono::steady_clock::now());
    return reply;
}

} // namespace shardlens::guard
