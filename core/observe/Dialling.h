// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/clients/loop/PollClient.h"
#include "core/clients/postgres/PqPollLink.h"
#include "core/clients/postgres/WayProbe.h"
#include "core/fleet/Fleet.h"
#include "core/observe/Passwords.h"

#include <functional>
#include <memory>
#include <optional>

namespace shardlens::observe {

/// Knows how each declared server is reached from one region, and makes the client that polls it. Any thread; immutable.
class Dialling
{
public:
    /// `seldom`: what changes seldom is read again once it is so old; nothing: as suits whoever looks on.
    Dialling(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, std::shared_ptr<const Passwords> passwords,
             std::shared_ptr<const base::Clock> clock, std::optional<base::milliseconds> seldom = {});

    [[nodiscard]] std::unique_ptr<clients::PollClient> clientFor(const fleet::Server &server, const std::shared_ptr<clients::EventLoop> &loop) const;
    /// A database there, for the observer.
    [[nodiscard]] clients::PqTarget database(const fleet::Server &server, const std::string &database) const;
    /// Clients that try a way of serving; through a router or directly; as the observer, where no user is named.
    [[nodiscard]] std::unique_ptr<clients::PollClient> wayProbe(const fleet::Server &server, const std::string &database, const std::shared_ptr<clients::EventLoop> &loop,
                                                                clients::WayProbe::Told told, const std::string &user = {}, const std::string &lock = {}) const;
    [[nodiscard]] std::unique_ptr<clients::PollClient> groupProbe(const fleet::Endpoint &endpoint, const std::shared_ptr<clients::EventLoop> &loop,
                                                                  std::function<void(bool)> told) const;
    [[nodiscard]] std::unique_ptr<clients::PollClient> memberProbe(const fleet::Server &server, const std::shared_ptr<clients::EventLoop> &loop) const;

    [[nodiscard]] const base::RegionName &from() const { return m_from; }
    [[nodiscard]] const std::shared_ptr<clients::Resolver> &resolver() const { return m_resolver; }

private:
    [[nodiscard]] clients::PqTarget target(const fleet::Server &server, const std::string &database, const std::string &user) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_from;
    std::shared_ptr<const Passwords> m_passwords;
    std::shared_ptr<const base::Clock> m_clock;
    std::shared_ptr<clients::Resolver> m_resolver;
    std::optional<base::milliseconds> m_seldom;
};

} // namespace shardlens::observe
