// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shardlens::execute {

/// Keywords and values of a libpq connection string, in their order.
using Keywords = std::vector<std::pair<std::string, std::string>>;

/// Reads "host=a port='5432' password='it\'s'" as libpq does. A text that libpq would refuse is read as far as it can be.
[[nodiscard]] Keywords keywordsOf(std::string_view conninfo);

/// The same connection with these keywords replaced or added. A host that is replaced takes hostaddr with it, which would win over it.
/// A URI ("postgresql://…") stays one: what stands in its query wins over what stands before.
[[nodiscard]] std::string conninfoWith(const std::string &conninfo, const Keywords &changes);

/// A text in which connection strings may stand, with what follows "password=" and the password of a URI masked.
[[nodiscard]] std::string withMaskedPasswords(const std::string &text);

} // namespace shardlens::execute
