// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/GroupTalk.h"
#include "app/guard/OperationBook.h"
#include "app/guard/StableHands.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shardlens::guard
{

using GroupLook = std::map<base::ServerId, ReplicaSeen>;

/// What two looks at a group let a guard do.
struct GroupVerdict {
    enum class To { New, Old, Nobody, Outlived }; ///< Outlived: by a newer operation, which this guard was not told of
    To to = To::Nobody;
    std::string why;
    bool operator==(const GroupVerdict &) const = default;
};

/// Once the operation's sessions are ended, so that nothing of it is still to be carried out. Whoever was promoted is the primary: that
/// was sent only while the old one refused writes. Else the old one goes on, where the candidate is seen to be a replica.
[[nodiscard]] GroupVerdict judgeGroup(const clients::GuardAnnouncement &told, const GroupLook &first, const GroupLook &second);

/// Ends an operation on a Redis group that fell silent: ends its sessions, looks twice at every member that is reached, lets the old
/// primary take writes again or leads this region's stable address to the new one, or does neither and says why. Tried again each
/// second until it is decided, or a newer operation was announced. One thread; blocks.
class GroupTakeOver
{
public:
    GroupTakeOver(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, clients::GuardAnnouncement told, OperationBook &book, StableHands &stables,
                  std::shared_ptr<wire::Interrupt> stop);
    void run();

private:
    [[nodiscard]] bool round(); ///< it is over
    [[nodiscard]] std::string endItsSessions(); ///< who else has the lock; empty: nobody
    [[nodiscard]] GroupLook look();
    [[nodiscard]] bool act(const GroupVerdict &verdict, const GroupLook &seen);
    [[nodiscard]] base::Result<void> leadTo(const base::ServerId &server);
    [[nodiscard]] bool isHeldBack(const ReplicaSeen &from); ///< a Sentinel has yet to make the old primary a replica
    [[nodiscard]] base::Result<void> giveBack(const GroupLook &seen);
    [[nodiscard]] base::Result<void> open(const GroupLook &seen); ///< whoever was promoted, once the old primary takes no writes
    [[nodiscard]] bool wait(const std::string &why);
    [[nodiscard]] bool end(const std::string &said);
    [[nodiscard]] GroupTalk *talkTo(const base::ServerId &member);
    [[nodiscard]] bool sleep(base::milliseconds time) const; ///< false: stopped

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    clients::GuardAnnouncement m_told;
    OperationBook &m_book;
    StableHands &m_stables;
    std::shared_ptr<wire::Interrupt> m_stop;
    const fleet::RedisGroup *m_group;
    std::vector<GroupTalk> m_talks;
    std::string m_waitsFor; ///< as last told in the log
    bool m_hasLed = false;  ///< the stable address, elsewhere already
};

} // namespace shardlens::guard
