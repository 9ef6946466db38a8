// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/ItemLook.h"

#include "core/cacheflow/LeaseClient.h"
#include "core/cacheflow/OwnTraffic.h"
#include "core/clients/memcached/MetaSession.h"

#include <charconv>

namespace shardlens::cacheflow {

using base::Result;
using memcached::MetaAnswer;
using Lease = ItemLook::Lease;

namespace {

/// A word of `me`, read from the right: the key before them may hold anything.
std::optional<std::string_view> debugWord(std::string_view words, std::string_view name)
{
    const std::string wanted = " " + std::string(name) + "=";
    const auto at = words.rfind(wanted);
    if (at == std::string_view::npos)
        return std::nullopt;
    const auto rest = words.substr(at + wanted.size());
    return rest.substr(0, rest.find(' '));
}

std::optional<std::int64_t> debugNumber(std::string_view words, std::string_view name)
{
    const auto word = debugWord(words, name);
    std::int64_t number = 0;
    if (!word || std::from_chars(word->data(), word->data() + word->size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

Result<MetaAnswer> asked(memcached::MetaSession &session, const std::string &command, base::milliseconds timeout)
{
    auto answer = askAsOwn(session, command, timeout);
    if (answer && answer->code == MetaAnswer::Code::Refused)
        return base::fail(base::ErrorCode::Rejected, answer->flags, session.server());
    return answer;
}

void readDebug(std::string_view words, ItemLook &look)
{
    // 1.6.18 prints the seconds left with a minus in front, and -1 for "never" and for "one second" alike.
    const auto expires = debugNumber(words, "exp");
    if (expires && *expires < -1)
        look.expiresIn = base::seconds(-*expires);
    else if (expires && *expires > 0)
        look.expiresIn = base::seconds(*expires);
    if (const auto access = debugNumber(words, "la"))
        look.lastAccess = base::seconds(*access);
    look.wasFetched = debugWord(words, "fetch") == std::string_view("yes");
    look.itemBytes = static_cast<std::uint64_t>(debugNumber(words, "size").value_or(0));
    look.cas = static_cast<std::uint64_t>(debugNumber(words, "cas").value_or(0));
}

/// The lease as `mg` tells it, which takes the win where nobody has it.
Result<Lease> takenLease(memcached::MetaSession &session, const std::string &key, bool isStub, base::milliseconds timeout, std::string &flags)
{
    const auto answer = asked(session, "mg " + key + " c\r\n", timeout);
    if (!answer)
        return base::fail(answer.error());
    for (const char flag : {'W', 'X', 'Z'}) {
        if (answer->has(flag))
            flags += (flags.empty() ? "" : " ") + std::string(1, flag);
    }
    if (answer->code == MetaAnswer::Code::Miss)
        return Lease::Absent;
    if (answer->has('W')) {
        const auto back = asked(session, "md " + key + " I C" + std::to_string(answer->number('c').value_or(0)) + "\r\n", timeout);
        if (!back)
            return base::fail(back.error());
        return isStub ? Lease::StubHeld : Lease::ValueStale;
    }
    // Of a stub the right to fill is out; an empty value that somebody stored without our mark has none.
    if (isStub && answer->has('Z'))
        return Lease::StubHeld;
    return answer->has('X') ? Lease::ValueFilling : Lease::ValueGood;
}

} // namespace

Result<ItemLook> lookAt(memcached::MetaSession &session, std::string_view key, bool takesWins, base::milliseconds timeout)
{
    if (const auto good = memcached::checkKey(key); !good)
        return base::fail(good.error());
    const std::string name(key);
    const auto debug = asked(session, "me " + name + "\r\n", timeout);
    if (!debug)
        return base::fail(debug.error());
    ItemLook look;
    if (debug->code != MetaAnswer::Code::Debug)
        return look;
    readDebug(debug->flags, look);
    auto got = asked(session, "gets " + name + "\r\n", timeout);
    if (!got)
        return base::fail(got.error());
    if (got->code != MetaAnswer::Code::Value)
        return ItemLook{}; // it went between the two
    look.value = std::move(got->value);
    look.clientFlags = got->number('f').value_or(0);
    look.cas = got->number('c').value_or(look.cas);
    const bool isStub = look.value.empty() && look.clientFlags != emptyValueMark;
    look.lease = isStub ? Lease::StubHeld : Lease::ValueUnknown;
    if (takesWins) {
        const auto lease = takenLease(session, name, isStub, timeout, look.flags);
        if (!lease)
            return base::fail(lease.error());
        look.lease = *lease;
    }
    return look;
}

} // namespace shardlens::cacheflow
