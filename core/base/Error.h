// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shardlens::base {

/// What kind of thing went wrong; grouped by what the caller can do about it.
enum class ErrorCode : std::uint8_t {
    BadInput,     ///< what the person or file said makes no sense; say it again, corrected
    NotFound,     ///< a named thing does not exist
    Refused,      ///< the connection was refused: nothing listens there
    Unreachable,  ///< no route, a reset, a closed link
    TimedOut,     ///< the deadline passed without an answer
    Rejected,     ///< the server answered, and said no (see sqlState for Postgres)
    NoRights,     ///< the server answered: this user may not
    WrongServer,  ///< it answered, but it is not the server that was meant (identity, role)
    Protocol,     ///< the answer could not be read
    Io,           ///< a local file or process failed
    Cancelled,    ///< the person, or a shutdown, ended it
    Unavailable,  ///< this machine denies the means
};

/// Whether the thing asked for happened, when it failed.
enum class Effect : std::uint8_t {
    None,    ///< provably nothing was done
    Done,    ///< it was done, and something after it failed
    InDoubt, ///< the link broke after the command was sent: only observation can tell
};

/// An error as a value.
struct Error {
    ErrorCode code = ErrorCode::Protocol;
    std::string message;  ///< one sentence in the words of the system that said it, without a trailing full stop
    std::string sqlState; ///< five characters from Postgres, else empty
    std::string server;   ///< the server's name in the fleet file, else empty
    Effect effect = Effect::None;

    bool operator==(const Error &) const = default;
};

/// The code's stable name in snake_case, as JSON output carries it.
[[nodiscard]] std::string_view name(ErrorCode code);

} // namespace shardlens::base
