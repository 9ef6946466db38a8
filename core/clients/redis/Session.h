// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::redis
{

using base::milliseconds;
using base::Result;

/// One answer, as Redis gave it.
struct Reply {
    enum class Kind : std::uint8_t { Nil, Integer, Text, Error, List };
    Kind kind = Kind::Nil;
    std::int64_t integer = 0;
    std::string text; ///< Text: the value, a status too; Error: what Redis said
    std::vector<Reply> items;

    [[nodiscard]] bool isError() const { return kind == Kind::Error; }
    bool operator==(const Reply &) const = default;
};

/// Who to dial and as whom. An empty user is Redis's default user; an empty secret sends no AUTH.
struct Target {
    std::string server; ///< only what errors name
    fleet::Endpoint endpoint;
    std::string user;
};

/// A blocking, pipelined session with one Redis server. One thread at a time owns it. Every call ends by its deadline, against
/// a frozen server too; after a time-out, an interrupt or a broken link it is closed and isOpen() is false. An error after
/// commands were sent has Effect InDoubt. An error *reply* to one command is a Reply, not an Error of the pipeline.
class Session
{
public:
    [[nodiscard]] static Result<Session> connect(const Target &target, const std::string &secret, milliseconds timeout,
                                                 std::shared_ptr<const wire::Interrupt> interrupt = {});
    ~Session();
    Session(Session &&) noexcept;
    Session &operator=(Session &&) noexcept;

    /// One command; an error reply becomes an Error (Rejected, or NoRights).
    [[nodiscard]] Result<Reply> command(const std::vector<std::string_view> &words, milliseconds timeout);

    /// Queues a command; nothing is sent before run().
    void add(const std::vector<std::string_view> &words);
    [[nodiscard]] std::size_t queued() const;
    /// Sends all that is queued and reads an answer for each, in order.
    [[nodiscard]] Result<std::vector<Reply>> run(milliseconds timeout);

    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] bool hasHungUp() const; ///< without asking: it is closed, or the server ended it
    void close();

private:
    struct Private;
    explicit Session(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::redis
