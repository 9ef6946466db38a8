// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace shardlens::clients
{

/// HMAC-SHA256 as 64 hexadecimal digits. Any thread.
[[nodiscard]] std::string macOf(std::string_view secret, std::string_view text);

/// Takes as long wherever the two differ; only their lengths may be learned from it.
[[nodiscard]] bool isSameMac(std::string_view one, std::string_view other);

/// 32 fresh random bytes as hexadecimal digits; empty where the system gives none.
[[nodiscard]] std::string freshChallenge();

} // namespace shardlens::clients
