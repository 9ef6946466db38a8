// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/patroni/Rest.h"

#include <optional>
#include <string>

namespace shardlens::patroni {

/// How a plan's command asks who leads; answered as linesOf() says.
inline constexpr auto whoLeads = "GET /cluster";

struct Request {
    std::string path;
    std::string json;
};

/// What a plan's command "POST /switchover leader=node1 candidate=node2" asks for. Nothing: it is no such text.
[[nodiscard]] std::optional<Request> requestOf(const std::string &text);

/// What came of it by Patroni's own word, which is its answer's text. Errors: Rejected, with that text: it does not do it. Its Effect is None
/// where it was refused before anything was written into its store, else InDoubt, for it was tried. TimedOut: Patroni does not know itself
/// (503 "status unknown").
[[nodiscard]] base::Result<std::string> outcomeOf(const Answer &answer);

} // namespace shardlens::patroni
