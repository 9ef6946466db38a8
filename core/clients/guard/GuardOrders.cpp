// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/guard/GuardOrders.h"

#include "core/base/Json.h"
#include "core/clients/guard/Order.h"
#include "core/clients/wire/Talk.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace shardlens::clients
{

using base::Effect;
using base::Error;
using base::ErrorCode;
using base::Instant;
using base::milliseconds;
using base::Result;

struct GuardOrders::Private {
    std::optional<wire::Talk> talk;
    std::shared_ptr<const wire::Interrupt> interrupt;
    std::string secret;
    std::string challenge;
    std::int64_t seq = 0;
    std::optional<Newest> newest;

    /// A whole line; whatever goes wrong on the way closes the conversation, for what is read next could be the answer to this.
    Result<std::string> exchange(const std::string &line, Instant deadline)
    {
        if (!talk)
            return base::fail(ErrorCode::Unreachable, "the conversation with the guard is closed");
        auto answer = talk->send(line + "\n", deadline).and_then([&] { return talk->receiveUntil("\n", deadline); });
        if (!answer || !answer->ends_with('\n')) {
            talk.reset();
            return answer ? base::fail(ErrorCode::Unreachable, "the guard closed the connection") : base::fail(answer.error());
        }
        answer->pop_back();
        return answer;
    }

    Result<GuardReply> order(const GuardOrder &order, Instant deadline)
    {
        newest.reset();
        const std::int64_t number = ++seq;
        const auto answer = exchange(sealed(order, secret, challenge, number), deadline);
        if (!answer)
            return base::fail(answer.error());
        auto reply = replyOf(*answer, number);
        if (!reply) {
            talk.reset();
            return reply;
        }
        newest = reply->newest;
        if (reply->refused.empty())
            return reply;
        if (reply->code == ErrorCode::NoRights)
            talk.reset(); // the guard closes it
        return base::fail(reply->code, reply->refused);
    }

    Result<void> simple(GuardOrder::Kind kind, const GuardAnnouncement &of, milliseconds timeout)
    {
        GuardOrder order;
        order.kind = kind;
        order.announcement = of;
        const auto reply = this->order(order, std::chrono::steady_clock::now() + timeout);
        if (!reply)
            return base::fail(reply.error());
        return reply->carried.error ? Result<void>(base::fail(*reply->carried.error)) : Result<void>();
    }
};

GuardOrders::GuardOrders(std::unique_ptr<Private> d) : m_d(std::move(d)) {}
GuardOrders::~GuardOrders() = default;
GuardOrders::GuardOrders(GuardOrders &&) noexcept = default;
GuardOrders &GuardOrders::operator=(GuardOrders &&) noexcept = default;

Result<GuardOrders> GuardOrders::connect(const fleet::Endpoint &endpoint, const std::string &secret, milliseconds timeout, std::shared_ptr<const wire::Interrupt> interrupt)
{
    const Instant deadline = std::chrono::steady_clock::now() + timeout;
    auto d = std::make_unique<Private>();
    d->secret = secret;
    d->interrupt = std::move(interrupt);
    auto talk = wire::Talk::dial(endpoint.host, endpoint.port, deadline, d->interrupt.get());
    if (!talk)
        return base::fail(talk.error());
    d->talk = std::move(*talk);
    const auto answer = d->exchange(R"({"hello":1})", deadline);
    if (!answer)
        return base::fail(answer.error());
    const auto hello = base::readJson(*answer);
    const auto challenge = hello.is_object() ? hello.find("challenge") : hello.end();
    if (!hello.is_object() || challenge == hello.end() || !challenge->is_string()) {
        const auto refused = hello.is_object() ? hello.find("refused") : hello.end();
        if (hello.is_object() && refused != hello.end() && refused->is_string())
            return base::fail(ErrorCode::NoRights, refused->get<std::string>());
        return base::fail(ErrorCode::Protocol, "what answers there takes no orders: it is no guard, or an older one");
    }
    d->challenge = challenge->get<std::string>();
    return GuardOrders(std::move(d));
}

Result<void> GuardOrders::announce(const GuardAnnouncement &announcement, milliseconds timeout)
{
    return m_d->simple(GuardOrder::Kind::Announce, announcement, timeout);
}

Result<void> GuardOrders::keep(const GuardOperation &of, milliseconds timeout)
{
    GuardAnnouncement only;
    only.of = of;
    return m_d->simple(GuardOrder::Kind::Keep, only, timeout);
}

Result<void> GuardOrders::release(const GuardOperation &of, std::int64_t termInForce, milliseconds timeout)
{
    GuardAnnouncement only;
    only.of = of;
    only.term = termInForce;
    return m_d->simple(GuardOrder::Kind::Release, only, timeout);
}

GuardOrders::Carried GuardOrders::carryOut(const GuardOperation &of, const std::vector<operate::Command> &commands, Instant deadline)
{
    using operate::By;
    const bool isOurs = std::all_of(commands.begin(), commands.end(), [](const operate::Command &one) { return one.by == By::Router || (one.by == By::Host && one.deed); });
    if (!isOurs)
        return {{}, Error{ErrorCode::BadInput, "a guard carries out admin commands of routers and deeds on hosts only", {}, {}, Effect::None}};
    const auto left = std::chrono::floor<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= milliseconds(0))
        return {{}, Error{ErrorCode::TimedOut, "no time was left to begin", {}, {}, Effect::None}};
    const bool wasOpen = isOpen();
    GuardOrder order;
    order.kind = GuardOrder::Kind::CarryOut;
    order.announcement.of = of;
    order.commands = commands;
    // Its answer has to come back within the deadline; the way there and back is longest between regions.
    order.deadline = left - std::min(milliseconds(500), left / 5);
    auto reply = m_d->order(order, deadline);
    if (reply)
        return reply->carried;
    Error error = reply.error();
    const bool saidNo = error.code == ErrorCode::Rejected || error.code == ErrorCode::NoRights || error.code == ErrorCode::BadInput;
    error.effect = saidNo || !wasOpen ? Effect::None : Effect::InDoubt;
    return {{}, error};
}

std::optional<GuardOrders::Newest> GuardOrders::newest() const
{
    return m_d->newest;
}

bool GuardOrders::isOpen() const
{
    return m_d && m_d->talk.has_value();
}

void GuardOrders::close()
{
    m_d->talk.reset();
}

} // namespace shardlens::clients
