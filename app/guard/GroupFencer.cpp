// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/GroupFencer.h"

#include "app/guard/Carrier.h"
#include "app/guard/Ticker.h"

namespace shardlens::guard
{

using base::ServerId;

namespace
{

// A thawed primary acknowledges what it is sent until it is demoted: it is looked at more often than a Postgres server, which is stopped.
constexpr base::milliseconds groupWatchedEvery{250};
constexpr base::milliseconds groupLookedAgainAfter{100};

} // namespace

GroupFencer::GroupFencer(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, const fleet::RedisGroup &group, ServerId own, const OperationBook &book, Report &report,
                         std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_group(group), m_name(group.name.text()), m_own(std::move(own)), m_book(book), m_report(report), m_stop(std::move(stop))
{
}

void GroupFencer::run()
{
    Ticker ticker(groupWatchedEvery, *m_stop);
    do
        turn();
    while (ticker.wait());
}

std::optional<ReplicaSeen> GroupFencer::lookAt(std::optional<GroupTalk> &talk, const ServerId &member)
{
    if (!talk || !talk->isOpen()) {
        talk.reset();
        auto opened = GroupTalk::open(*m_fleet, m_region, m_group, member, m_stop);
        if (!opened)
            return std::nullopt;
        talk.emplace(std::move(*opened));
    }
    const auto seen = talk->look();
    if (seen)
        return *seen;
    talk.reset();
    return std::nullopt;
}

std::optional<ServerId> GroupFencer::newerPrimary(const ReplicaSeen &own)
{
    for (const ServerId &member : m_group.servers) {
        const auto seen = member == m_own ? std::nullopt : lookAt(m_others[member], member);
        // One that refuses writes was promoted, and started again before all stable addresses led to it: a person or its operation decides.
        if (seen && seen->isPrimary && !seen->isRefusing && seen->term > own.term)
            return member;
    }
    return std::nullopt;
}

void GroupFencer::turn()
{
    const auto own = lookAt(m_talk, m_own);
    if (!own || !own->isPrimary || m_group.servers.size() < 2) {
        m_others.clear();
        return;
    }
    if (m_book.isHeld(m_name) || !newerPrimary(*own))
        return;
    // Once more: a look may have been of the moment in which roles changed.
    if (!Ticker(groupLookedAgainAfter, *m_stop).wait())
        return;
    const auto again = lookAt(m_talk, m_own);
    const auto newer = again && again->isPrimary ? newerPrimary(*again) : std::nullopt;
    if (newer && !m_book.isHeld(m_name))
        fence(*newer);
}

void GroupFencer::fence(const ServerId &newer)
{
    std::string said = "came back as a primary of an older term than " + newer.text() + "'s";
    const auto follows = m_talk->follow(m_fleet->server(newer)->address.from(m_region));
    if (follows) {
        // What an operation had changed on it, and nothing of its own; one that knows no operation any more is let take writes if it is ever promoted.
        const std::string restores = m_book.restores(m_name, m_own);
        const auto seen = m_talk->look();
        const bool isHeldBack = seen && seen->isRefusing && restores.empty();
        const std::string trouble = m_talk->settle(isHeldBack ? "min-replicas-to-write 0" : restores);
        said += "; it follows that one" + (trouble.empty() ? std::string() : ", but: " + trouble);
    } else {
        said += "; it cannot be made to follow: " + follows.error().message + "; a person must act";
    }
    m_report.setFence(m_own, {utcNow(), said});
    logLine(m_own.text() + " " + said);
    m_talk.reset();
}

} // namespace shardlens::guard
