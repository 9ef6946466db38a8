// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <tl/expected.hpp>

namespace shardlens::base {

/// A value, or the error that stands in its place. Any thread; errors never travel as exceptions between rooms.
template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string server = {})
{
    return tl::unexpected<Error>(Error{code, std::move(message), {}, std::move(server), Effect::None});
}

} // namespace shardlens::base
