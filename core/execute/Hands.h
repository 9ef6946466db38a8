// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/operate/Met.h"
#include "core/operate/Plan.h"

#include <map>
#include <string>
#include <vector>

namespace shardlens::execute {

/// By what the commands of a plan take effect: sessions that hold the operation's lock, routers and hosts by way of the guards.
/// Blocking. Commands of different servers may be carried out at the same time by several threads; those of one server never are.
class Hands
{
public:
    virtual ~Hands() = default;

    /// Whether the very sessions that took the lock still hold it. Asked before each step. Errors: Rejected where somebody took it
    /// over or too few members are left, with who holds it.
    [[nodiscard]] virtual base::Result<void> holdsLock() = 0;

    /// Commands of one server, one after the other, their braces filled in; the first that fails, or whose answer is not what it
    /// expects, is the last one carried out. Answers are as execute::isMet() reads them: an answer's rows are lines, its columns parted
    /// by ", ", truth is t or f, NULL is empty; a router's SHOW DATABASES is a line a database, "u1: host=… port=… paused = 0".
    /// Ends by `deadline`. An error's Effect tells whether the command that failed took effect.
    struct Carried {
        std::vector<std::string> answers;  ///< of the commands that were answered, in order
        std::optional<base::Error> error;  ///< of the one after them; nothing: all were answered, or one was not as expected
    };
    [[nodiscard]] virtual Carried carryOut(const std::vector<operate::Command> &commands, base::Instant deadline) = 0;

    /// What braces stand for besides the answers of the plan's own commands: "spared", "operation", "token". The spared ones change
    /// when a session is made anew.
    [[nodiscard]] virtual std::map<std::string, std::string> names() = 0;

    /// Before the first step that holds writes: every guard is told of this operation and its term, and refuses older ones from here on.
    [[nodiscard]] virtual base::Result<void> announce() = 0;
};

using operate::isMet; ///< whether an answer is what a command expects: guards judge by the same function

} // namespace shardlens::execute
