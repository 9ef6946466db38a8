// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"

#include <memory>
#include <string>
#include <vector>

struct pg_conn;

/// What the localfleet's own faults do not do, done by hand: SQL on a server, sessions that stay open, words to a router.
/// Errors are texts; empty means done. One thread.
class Hand
{
public:
    explicit Hand(const shardlens::localfleet::Ground &ground) : m_ground(ground) {}
    ~Hand();

    std::string sql(const std::string &server, const std::string &database, const std::string &text);
    /// A session of its own that runs `text` without being waited for, until letGo().
    std::string hold(const std::string &server, const std::string &database, const std::string &text);
    std::string letGo();
    /// A command on a router's admin console; not waited for where `wait` is false.
    std::string router(const std::string &router, const std::string &command, bool wait = true);
    /// Leads a router's database to another server, as its file says, and reloads it.
    std::string point(const std::string &router, const std::string &database, const std::string &server);
    std::string redis(const std::string &server, const std::vector<std::string> &words);

private:
    pg_conn *openLocal(const std::string &server, const std::string &database, std::string &error);

    const shardlens::localfleet::Ground &m_ground;
    std::vector<pg_conn *> m_held;
};
