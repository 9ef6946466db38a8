// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/GroupTalk.h"
#include "app/guard/OperationBook.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace shardlens::guard
{

/// Watches one Redis server of this region. Comes it back as a primary, with its data, without, or thawed, although another member is
/// one of a newer term, it is made a replica of that one: never followed. One that refuses
/// writes does not count: nothing leads to it yet. The only primary never is: the other one must be seen, as a
/// primary with the newer term, twice. Nothing is done while an operation is under way on the group. On a thread of its own.
class GroupFencer
{
public:
    GroupFencer(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, const fleet::RedisGroup &group, base::ServerId own, const OperationBook &book, Report &report,
                std::shared_ptr<wire::Interrupt> stop);
    void run(); ///< until stopped

private:
    void turn();
    [[nodiscard]] std::optional<ReplicaSeen> lookAt(std::optional<GroupTalk> &talk, const base::ServerId &member);
    [[nodiscard]] std::optional<base::ServerId> newerPrimary(const ReplicaSeen &own);
    void fence(const base::ServerId &newer);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    fleet::RedisGroup m_group;
    base::ClusterName m_name; ///< as the book knows it
    base::ServerId m_own;
    const OperationBook &m_book;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::optional<GroupTalk> m_talk;
    std::map<base::ServerId, std::optional<GroupTalk>> m_others;
};

} // namespace shardlens::guard
