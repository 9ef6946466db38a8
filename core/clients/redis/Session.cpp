// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/Session.h"

#include <cerrno>
#include <cstring>

#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace shardlens::redis
{

using base::Effect;
using base::Error;
using base::ErrorCode;
using base::Instant;
using wire::Readiness;

namespace
{

Reply toReply(const redisReply *from)
{
    Reply reply;
    switch (from->type) {
    case REDIS_REPLY_INTEGER:
        reply.kind = Reply::Kind::Integer;
        reply.integer = from->integer;
        break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
        reply.kind = from->type == REDIS_REPLY_ERROR ? Reply::Kind::Error : Reply::Kind::Text;
        reply.text.assign(from->str, static_cast<std::size_t>(from->len));
        break;
    case REDIS_REPLY_ARRAY:
        reply.kind = Reply::Kind::List;
        reply.items.reserve(from->elements);
        for (std::size_t i = 0; i < from->elements; ++i)
            reply.items.push_back(toReply(from->element[i]));
        break;
    default: break;
    }
    return reply;
}

ErrorCode codeOfErrno(int number)
{
    if (number == ECONNREFUSED || number == ENOENT)
        return ErrorCode::Refused;
    return number == ETIMEDOUT ? ErrorCode::TimedOut : ErrorCode::Unreachable;
}

} // namespace

struct Session::Private {
    redisContext *context = nullptr;
    std::string server;
    std::size_t queued = 0;
    std::shared_ptr<const wire::Interrupt> interrupt;

    ~Private() { drop(); }

    void drop()
    {
        if (context)
            redisFree(context);
        context = nullptr;
        queued = 0;
    }

    Error closedBy(Error error, Effect effect)
    {
        error.server = server;
        error.effect = effect;
        drop();
        return error;
    }

    Error brokenLink(Effect effect)
    {
        const bool isIo = context->err == REDIS_ERR_IO || context->err == REDIS_ERR_EOF;
        return closedBy({isIo ? ErrorCode::Unreachable : ErrorCode::Protocol, context->errstr, {}, {}, Effect::None}, effect);
    }

    Result<void> finishConnecting(Instant deadline)
    {
        if (const auto ready = wire::waitFor(context->fd, Readiness::Writable, deadline, interrupt.get()); !ready)
            return base::fail(closedBy(ready.error(), Effect::None));
        int failure = 0;
        socklen_t length = sizeof failure;
        ::getsockopt(context->fd, SOL_SOCKET, SO_ERROR, &failure, &length);
        if (failure != 0)
            return base::fail(closedBy({codeOfErrno(failure), std::strerror(failure), {}, {}, Effect::None}, Effect::None));
        const int on = 1;
        ::setsockopt(context->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        context->flags |= REDIS_CONNECTED;
        return {};
    }

    /// Takes whole answers out of what has been read.
    Result<void> takeReplies(std::vector<Reply> &replies, std::size_t wanted)
    {
        while (replies.size() < wanted) {
            void *raw = nullptr;
            if (redisReaderGetReply(context->reader, &raw) != REDIS_OK)
                return base::fail(closedBy({ErrorCode::Protocol, context->reader->errstr, {}, {}, Effect::None}, Effect::InDoubt));
            if (!raw)
                return {};
            replies.push_back(toReply(static_cast<redisReply *>(raw)));
            freeReplyObject(raw);
        }
        return {};
    }

    /// Sends and reads at once: a long pipeline whose answers nobody reads would stop the server from reading the rest.
    Result<std::vector<Reply>> exchange(Instant deadline)
    {
        const std::size_t wanted = queued;
        std::vector<Reply> replies;
        replies.reserve(wanted);
        bool sent = false;
        while (replies.size() < wanted) {
            int done = 0;
            if (!sent && redisBufferWrite(context, &done) != REDIS_OK)
                return base::fail(brokenLink(Effect::InDoubt));
            sent = sent || done != 0;
            const auto ready = wire::waitFor(context->fd, sent ? Readiness::Readable : Readiness::Both, deadline, interrupt.get());
            if (!ready)
                return base::fail(closedBy(ready.error(), Effect::InDoubt));
            if (!(static_cast<unsigned>(*ready) & static_cast<unsigned>(Readiness::Readable)))
                continue;
            if (redisBufferRead(context) != REDIS_OK)
                return base::fail(brokenLink(Effect::InDoubt));
            if (auto taken = takeReplies(replies, wanted); !taken)
                return base::fail(taken.error());
        }
        queued = 0;
        return replies;
    }
};

Session::Session(std::unique_ptr<Private> d) : m_d(std::move(d)) {}
Session::~Session() = default;
Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;

Result<Session> Session::connect(const Target &target, const std::string &secret, milliseconds timeout,
                                 std::shared_ptr<const wire::Interrupt> interrupt)
{
    const Instant deadline = std::chrono::steady_clock::now() + timeout;
    auto d = std::make_unique<Private>();
    d->server = target.server;
    d->interrupt = std::move(interrupt);
    d->context = redisConnectNonBlock(target.endpoint.host.c_str(), target.endpoint.port);
    if (!d->context)
        return base::fail(ErrorCode::Io, "out of memory", target.server);
    if (d->context->err != 0)
        return base::fail(d->closedBy({codeOfErrno(errno), d->context->errstr, {}, {}, Effect::None}, Effect::None));
    if (auto connected = d->finishConnecting(deadline); !connected)
        return base::fail(connected.error());
    Session session(std::move(d));
    if (!secret.empty()) {
        std::vector<std::string_view> words{"AUTH"};
        if (!target.user.empty())
            words.push_back(target.user);
        words.push_back(secret);
        if (auto answer = session.command(words, std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now())); !answer) {
            Error error = answer.error();
            error.effect = Effect::None;
            return base::fail(error);
        }
    }
    return session;
}

Result<Reply> Session::command(const std::vector<std::string_view> &words, milliseconds timeout)
{
    add(words);
    auto replies = run(timeout);
    if (!replies)
        return base::fail(replies.error());
    Reply &last = replies->back();
    if (!last.isError())
        return std::move(last);
    const bool rights = last.text.starts_with("NOAUTH") || last.text.starts_with("WRONGPASS") || last.text.starts_with("NOPERM") ||
                        last.text.starts_with("ERR AUTH") || last.text.starts_with("ERR invalid password");
    return base::fail(rights ? ErrorCode::NoRights : ErrorCode::Rejected, last.text, m_d->server);
}

void Session::add(const std::vector<std::string_view> &words)
{
    if (!m_d->context)
        return;
    std::vector<const char *> texts;
    std::vector<std::size_t> lengths;
    texts.reserve(words.size());
    lengths.reserve(words.size());
    for (const std::string_view word : words) {
        texts.push_back(word.data());
        lengths.push_back(word.size());
    }
    redisAppendCommandArgv(m_d->context, static_cast<int>(words.size()), texts.data(), lengths.data());
    ++m_d->queued;
}

std::size_t Session::queued() const
{
    return m_d->queued;
}

Result<std::vector<Reply>> Session::run(milliseconds timeout)
{
    if (!m_d->context)
        return base::fail(ErrorCode::Unreachable, "the session is closed", m_d->server);
    return m_d->exchange(std::chrono::steady_clock::now() + timeout);
}

bool Session::isOpen() const
{
    return m_d && m_d->context;
}

bool Session::hasHungUp() const
{
    if (!isOpen())
        return true;
    char one = 0;
    const auto got = ::recv(m_d->context->fd, &one, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

void Session::close()
{
    m_d->drop();
}

} // namespace shardlens::redis
