// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/plan/GroupWriting.h"

namespace shardlens::operate {

/// Writes what is otherwise in the move of a group that Sentinels manage. Commands by the manager: on a member all Sentinels are asked, and told
/// as one ("leader" is whom a majority names, "failing_over" yes if any does, "may_take_writes" yes if that member leads and none does, or is a replica); on "HOST:PORT" that one is. No member's role is changed here but the old
/// primary's, which is let follow whom they lead to.
class SentinelWriting : public GroupWriting
{
public:
    SentinelWriting(const GroupSight &sight, Act act, base::ServerId candidate);

    void preferCandidate(); ///< before anything is held: they choose by what they read up to 10 s ago
    void pauseBriefly();    ///< a paused PUBLISH of theirs must not look like a primary that is down
    void refuseUntilLed();  ///< and taken back only while none of them fails over
    void sentinelSwitches();
    void sentinelPromotes();
    void sentinelLed();
    void letWrite();           ///< a member that an earlier operation left refusing writes, should it ever lead
    void seeThoseThatAnswer(); ///< the marker on every other member that answers
    void seeSentinels();       ///< all of them lead there, and none fails over any more
    void restorePriorities();

private:
    struct Priority {
        base::ServerId member;
        std::int64_t was = 0;
        std::int64_t preferred = 0;
    };
    [[nodiscard]] Command sentinels(const base::ServerId &on, const std::string &question, std::string expects) const;
    [[nodiscard]] std::string leadingTo(const base::ServerId &member) const; ///< "leader=HOST:PORT"
    [[nodiscard]] Command shownPriorities() const;                          ///< as the one that is asked must know them
    [[nodiscard]] Command noneFailsOver(const base::ServerId &on, const base::ServerId &leader) const;
    [[nodiscard]] fleet::Endpoint dialledBy(const base::ServerId &replica, const base::ServerId &primary) const override;

    base::ServerId m_asked; ///< the one that fails over
    std::vector<Priority> m_priorities;
};

} // namespace shardlens::operate
