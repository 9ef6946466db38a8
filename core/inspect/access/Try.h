// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"
#include "core/inspect/access/AccessCheck.h"

namespace shardlens::inspect::access {

/// What trying one server needs. Blocks; one thread.
struct Trying {
    const fleet::Fleet &fleet;
    const AccessCheck::Options &options;
    std::shared_ptr<const wire::Interrupt> interrupt;
    const fleet::Server &server;
    fleet::Endpoint endpoint;

    [[nodiscard]] const std::string &observer() const { return fleet.access.observer; }
};

/// A row of which nothing was tried yet, and why.
[[nodiscard]] ServerAccess untried(const fleet::Fleet &fleet, const fleet::Server &server, const std::string &why);

[[nodiscard]] ServerAccess tryServer(const Trying &trying);
void tryPostgres(const Trying &trying, ServerAccess &row);
void tryRouter(const Trying &trying, ServerAccess &row);
void tryRedis(const Trying &trying, ServerAccess &row);
void tryMemcached(const Trying &trying, ServerAccess &row);

void set(ServerAccess &row, Need need, Verdict verdict, std::string why = {}, std::string grant = {});

} // namespace shardlens::inspect::access
