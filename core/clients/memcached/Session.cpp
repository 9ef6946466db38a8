// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/Session.h"

#include "core/clients/memcached/Distribution.h"

#include <cstdlib>

namespace shardlens::memcached
{

using base::Effect;
using base::Error;
using base::ErrorCode;

struct Session::Private {
    memcached_st *handle = nullptr;
    std::vector<Member> members;

    ~Private()
    {
        if (handle)
            memcached_free(handle);
    }

    Error error(memcached_return_t code, std::string_view key, bool isWrite) const
    {
        Error out;
        out.message = memcached_strerror(handle, code);
        const auto member = memcached_generate_hash(handle, key.data(), key.size());
        out.server = member < members.size() ? members[member].server : std::string();
        switch (code) {
        case MEMCACHED_TIMEOUT: out.code = ErrorCode::TimedOut; break;
        case MEMCACHED_CONNECTION_FAILURE:
        case MEMCACHED_SERVER_TEMPORARILY_DISABLED:
        case MEMCACHED_SERVER_MARKED_DEAD: out.code = ErrorCode::Refused; break;
        case MEMCACHED_BAD_KEY_PROVIDED:
        case MEMCACHED_KEY_TOO_BIG: out.code = ErrorCode::BadInput; break;
        case MEMCACHED_E2BIG:
        case MEMCACHED_SERVER_ERROR:
        case MEMCACHED_SERVER_MEMORY_ALLOCATION_FAILURE: out.code = ErrorCode::Rejected; break;
        case MEMCACHED_PROTOCOL_ERROR:
        case MEMCACHED_CLIENT_ERROR: out.code = ErrorCode::Protocol; break;
        default: out.code = ErrorCode::Unreachable;
        }
        const bool wasSent = out.code == ErrorCode::TimedOut || out.code == ErrorCode::Unreachable;
        out.effect = isWrite && wasSent ? Effect::InDoubt : Effect::None;
        return out;
    }
};

Session::Session(std::unique_ptr<Private> d) : m_d(std::move(d)) {}
Session::~Session() = default;
Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;

Result<Session> Session::open(const std::vector<Member> &members, fleet::Hashing hashing, milliseconds timeout)
{
    auto d = std::make_unique<Private>();
    d->members = members;
    d->handle = memcached_create(nullptr);
    if (!d->handle)
        return base::fail(ErrorCode::Io, "out of memory");
    const auto set = [&](memcached_behavior_t what, std::uint64_t value) { memcached_behavior_set(d->handle, what, value); };
    const auto ms = static_cast<std::uint64_t>(timeout.count());
    set(MEMCACHED_BEHAVIOR_NO_BLOCK, 1);
    set(MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
    set(MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, ms);
    set(MEMCACHED_BEHAVIOR_POLL_TIMEOUT, ms);
    set(MEMCACHED_BEHAVIOR_SND_TIMEOUT, ms * 1000); // these two are in microseconds
    set(MEMCACHED_BEHAVIOR_RCV_TIMEOUT, ms * 1000);
    set(MEMCACHED_BEHAVIOR_RETRY_TIMEOUT, 1);
    set(MEMCACHED_BEHAVIOR_DEAD_TIMEOUT, 0);
    set(MEMCACHED_BEHAVIOR_VERIFY_KEY, 1);
    if (const auto spread = distribute(d->handle, members, hashing); !spread)
        return base::fail(spread.error());
    return Session(std::move(d));
}

Result<std::optional<std::string>> Session::get(std::string_view key)
{
    std::size_t length = 0;
    std::uint32_t flags = 0;
    memcached_return_t code = MEMCACHED_SUCCESS;
    char *value = memcached_get(m_d->handle, key.data(), key.size(), &length, &flags, &code);
    if (code == MEMCACHED_NOTFOUND)
        return std::optional<std::string>();
    if (memcached_failed(code)) {
        std::free(value);
        return base::fail(m_d->error(code, key, false));
    }
    std::optional<std::string> out(std::in_place, value ? value : "", value ? length : 0);
    std::free(value);
    return out;
}

Result<void> Session::set(std::string_view key, std::string_view value, base::seconds ttl)
{
    const auto code = memcached_set(m_d->handle, key.data(), key.size(), value.data(), value.size(), static_cast<time_t>(ttl.count()), 0);
    if (memcached_failed(code))
        return base::fail(m_d->error(code, key, true));
    return {};
}

Result<void> Session::remove(std::string_view key)
{
    const auto code = memcached_delete(m_d->handle, key.data(), key.size(), 0);
    if (memcached_failed(code) && code != MEMCACHED_NOTFOUND)
        return base::fail(m_d->error(code, key, true));
    return {};
}

std::size_t Session::memberOf(std::string_view key) const
{
    return memcached_generate_hash(m_d->handle, key.data(), key.size());
}

} // namespace shardlens::memcached
