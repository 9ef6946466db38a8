// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"

namespace shardlens::base {

std::string_view name(ErrorCode code)
{
    switch (code) {
    case ErrorCode::BadInput: return "bad_input";
    case ErrorCode::NotFound: return "not_found";
    case ErrorCode::Refused: return "refused";
    case ErrorCode::Unreachable: return "unreachable";
    case ErrorCode::TimedOut: return "timed_out";
    case ErrorCode::Rejected: return "rejected";
    case ErrorCode::NoRights: return "no_rights";
    case ErrorCode::WrongServer: return "wrong_server";
    case ErrorCode::Protocol: return "protocol";
    case ErrorCode::Io: return "io";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::Unavailable: return "unavailable";
    }
    return "protocol";
}

} // namespace shardlens::base
