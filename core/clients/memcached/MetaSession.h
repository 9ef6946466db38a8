// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/memcached/Session.h"
#include "core/clients/wire/Talk.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::memcached {

/// What memcached answered one command.
struct MetaAnswer {
    enum class Code : std::uint8_t {
        Done,      ///< HD, and OK of flush_all
        Value,     ///< VA, and VALUE of gets
        Miss,      ///< EN, and END of gets
        Exists,    ///< EX: another CAS
        NotFound,  ///< NF
        NotStored, ///< NS
        Debug,     ///< ME: `flags` holds key=value words
        Nothing,   ///< MN
        Refused,   ///< an error line: `flags` holds it
    };
    Code code = Code::Miss;
    std::string value;
    std::string flags; ///< what stood after the code, words with one space between

    [[nodiscard]] bool has(char flag) const;                            ///< W, X, Z
    [[nodiscard]] std::optional<std::uint64_t> number(char flag) const; ///< c17 -> 17; nothing where it is not said
};

/// A blocking, pipelined connection to one memcached for what libmemcached does not speak: the meta commands (1.6 or newer).
/// One thread at a time owns it. Every call ends by its deadline, against a frozen server too; after a time-out, an interrupt or
/// a broken link it is closed for good: what a token was granted on is gone with it.
class MetaSession
{
public:
    [[nodiscard]] static Result<MetaSession> dial(const Member &member, milliseconds timeout,
                                                  std::shared_ptr<const wire::Interrupt> interrupt = {});

    /// Queues one command with its line's end, and its data block where it has one.
    void add(std::string_view command) { m_unsent.append(command), ++m_awaited; }
    [[nodiscard]] std::size_t queued() const { return m_awaited; }
    /// Sends what is queued and reads an answer for each, in order. Errors after sending have Effect InDoubt.
    [[nodiscard]] Result<std::vector<MetaAnswer>> run(milliseconds timeout);
    /// One command, at once.
    [[nodiscard]] Result<MetaAnswer> ask(std::string_view command, milliseconds timeout);

    [[nodiscard]] bool isOpen() const { return m_talk.has_value(); }
    void close();
    [[nodiscard]] const std::string &server() const { return m_server; }
    /// A number that no other connection of this process has or had: a lease is good on the connection that granted it alone.
    [[nodiscard]] std::uint64_t connection() const { return m_connection; }

private:
    MetaSession(std::string server, wire::Talk talk, std::shared_ptr<const wire::Interrupt> interrupt);
    [[nodiscard]] Result<void> send(base::Instant deadline);
    [[nodiscard]] Result<MetaAnswer> readAnswer(base::Instant deadline);
    [[nodiscard]] Result<std::string> readLine(base::Instant deadline);
    [[nodiscard]] Result<std::string> readBlock(std::size_t length, base::Instant deadline);
    [[nodiscard]] Result<void> readMore(base::Instant deadline);
    [[nodiscard]] base::Error broken(base::Error error);

    std::string m_server;
    std::shared_ptr<const wire::Interrupt> m_interrupt;
    std::optional<wire::Talk> m_talk;
    std::uint64_t m_connection = 0;
    std::string m_unsent;
    std::size_t m_awaited = 0;
    std::string m_unread;
    std::size_t m_read = 0; ///< of it, what is used up
};

} // namespace shardlens::memcached
