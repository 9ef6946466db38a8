// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "tests/core/execute/FakeGroup.h"

#include <cstdint>
#include <string>

namespace shardlens::execute {

/// What the Sentinels do with what they are asked.
enum class Heeds : std::uint8_t {
    Well,
    Refuse,       ///< NOGOODSLAVE
    Hang,         ///< no answer comes, and nothing moves
    HangAndDo,    ///< no answer comes, and it moves
    SayOnly,      ///< OK, and the failover is given up after two seconds
    Elsewhere,    ///< another replica is promoted
    WereFirst,    ///< another Sentinel began just before, and promotes the candidate: INPROG
    WereElsewhere, ///< likewise, and promotes another
    AreGone,      ///< nobody answers
};

/// Three Sentinels of a group in memory, told as one: they take a second to notice whom they promoted, let the others follow, make a replica
/// of whoever claims to be a primary besides for 8 s, and replace one that is silent for 4 s. Redis 7's own ways, as far as a move concerns them.
class FakeSentinels
{
public:
    FakeSentinels(FakeGroup &group, std::string leader, std::string candidate, Heeds heeds);

    void tick(); ///< a millisecond
    [[nodiscard]] base::Result<std::string> answer(const operate::Command &command);
    void failOver(const std::string &to); ///< by one of them, whoever asked it

    [[nodiscard]] const std::string &leader() const { return m_leader; }
    [[nodiscard]] bool isFailingOver() const { return m_isFailingOver; }
    [[nodiscard]] bool isCalm() const;
    int asked = 0;             ///< to fail over
    bool isWatching = true;    ///< they would replace a silent primary

private:
    [[nodiscard]] std::string addressOf(const std::string &server) const;
    [[nodiscard]] std::string choice() const;

    FakeGroup &m_group;
    std::string m_leader;
    std::string m_candidate;
    Heeds m_heeds;
    bool m_isFailingOver = false;
    std::string m_target;
    int m_since = 0;      ///< milliseconds of the failover under way
    int m_silent = 0;     ///< of the leader
    std::map<std::string, int> m_claims; ///< for how long one claims to be a primary
    std::map<std::string, std::string> m_priorities; ///< as they read them
    int m_now = 0;
};

} // namespace shardlens::execute
