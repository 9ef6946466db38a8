// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/plan/SentinelWriting.h"

#include <algorithm>

namespace shardlens::operate {

using base::milliseconds;
using base::seconds;
using base::ServerId;

namespace {

constexpr auto replicationText = "INFO replication";
constexpr auto rewriteText = "CONFIG REWRITE";
constexpr auto whoLeadsText = "GET-MASTER-ADDR-BY-NAME";
constexpr std::int64_t usualPriority = 100;
constexpr seconds convertsWithin{20}; ///< they make a replica of a primary besides theirs, 8 to 18 s after they saw it
constexpr seconds readsWithin{25};    ///< each asks for INFO every 10 s, on a busy machine later

} // namespace

SentinelWriting::SentinelWriting(const GroupSight &sight, Act act, ServerId candidate) : GroupWriting(sight, act, std::move(candidate))
{
    const auto answering = m_sight.sentinels();
    if (!answering.empty())
        m_asked = sentinelId(answering.front()->address);
    // It promotes the lowest priority above 0: the candidate's must be the only lowest.
    const auto priorityOf = [&](const ServerId &id) { return m_sight.settingNumber(id, "replica-priority", usualPriority); };
    const std::int64_t own = priorityOf(m_new);
    const auto others = m_sight.othersThan(m_new);
    const bool isPreferred = own > 0 && std::none_of(others.begin(), others.end(), [&](const ServerId &id) { return priorityOf(id) > 0 && priorityOf(id) <= own; });
    if (isPreferred)
        return;
    if (own != 1)
        m_priorities.push_back({m_new, own, 1});
    for (const ServerId &id : others) {
        if (priorityOf(id) == 1 && m_sight.isFresh(id))
            m_priorities.push_back({id, 1, 2});
    }
}

Command SentinelWriting::sentinels(const ServerId &on, const std::string &question, std::string expects) const
{
    Command command;
    command.by = By::Manager;
    command.on = on;
    command.text = "SENTINEL " + question + " " + m_sight.group().masterName();
    command.expects = std::move(expects);
    return command;
}

std::string SentinelWriting::leadingTo(const ServerId &member) const
{
    return "leader=" + fleet::textOf(m_sight.calledBySentinels(member));
}

Command SentinelWriting::noneFailsOver(const ServerId &on, const ServerId &leader) const
{
    return sentinels(on, "MASTER", "INFO " + leadingTo(leader) + " failing_over=no");
}

fleet::Endpoint SentinelWriting::dialledBy(const ServerId &, const ServerId &primary) const
{
    return m_sight.calledBySentinels(primary);
}

Command SentinelWriting::shownPriorities() const
{
    std::string expects = "INFO";
    const auto preferred = [&](const ServerId &id) {
        const auto found = std::find_if(m_priorities.begin(), m_priorities.end(), [&](const Priority &one) { return one.member == id; });
        return found == m_priorities.end() ? m_sight.settingNumber(id, "replica-priority", usualPriority) : found->preferred;
    };
    const std::int64_t own = preferred(m_new);
    expects += " " + fleet::textOf(m_sight.calledBySentinels(m_new)) + ".slave-priority=" + std::to_string(own);
    for (const ServerId &id : m_sight.othersThan(m_new)) {
        if (preferred(id) > 0 && m_sight.isFresh(id))
            expects += " " + fleet::textOf(m_sight.calledBySentinels(id)) + ".slave-priority>=" + std::to_string(own + 1);
    }
    return sentinels(m_asked, "REPLICAS", std::move(expects));
}

void SentinelWriting::preferCandidate()
{
    if (m_priorities.empty())
        return;
    Step &step = add(StepKind::PreferCandidate, {}, readsWithin, false);
    step.detail = m_new.text();
    for (const Priority &one : m_priorities) {
        step.targets.push_back(one.member);
        step.commands.push_back(redis(one.member, "CONFIG SET replica-priority " + std::to_string(one.preferred)));
        step.undo.push_back(redis(one.member, "CONFIG SET replica-priority " + std::to_string(one.was)));
    }
    step.verifications = {shownPriorities()};
    step.exchanges = 2;
}

void SentinelWriting::pauseBriefly()
{
    milliseconds lasts = pauseOfWrites;
    for (const facts::SentinelReport *one : m_sight.sentinels())
        lasts = std::min(lasts, one->downAfter / 2);
    pauseWrites();
    for (Command &command : last().commands) {
        if (command.text.starts_with("CLIENT PAUSE "))
            command.text = "CLIENT PAUSE " + std::to_string(std::max(lasts, milliseconds(1)).count()) + " WRITE";
    }
}

/// Should one of them promote somebody meanwhile, whoever lets the old primary take writes again makes two.
void SentinelWriting::refuseUntilLed()
{
    refuseWrites();
    Step &step = last();
    step.undo.insert(step.undo.begin(), sentinels(m_old, "MASTER", "INFO may_take_writes=yes"));
    if (!step.mayBeLeft)
        step.deadline = convertsWithin; // so long may taking it back wait for them
}

/// It alone promotes, and does not look who has the last write: what we proved is that the candidate does, and that no other comes before it.
void SentinelWriting::sentinelSwitches()
{
    Step &step = add(StepKind::ManagerSwitches, {m_new}, seconds(10), true);
    step.isPointOfNoReturn = true;
    step.detail = m_old.text();
    step.preconditions = {redis(m_old, "CONFIG GET min-replicas-to-write", "INFO min-replicas-to-write=" + std::to_string(refusingReplicas)),
                          redis(m_new, replicationText, "INFO role=slave slave_repl_offset>={final}"), noneFailsOver(m_old, m_old), shownPriorities()};
    step.commands = {sentinels(m_asked, "FAILOVER", {})};
    // Until a majority knows, one that knows not would make the new primary a replica again.
    step.verifications = {redis(m_new, replicationText, "INFO role=master master_repl_offset>={final}"), sentinels(m_new, whoLeadsText, "INFO " + leadingTo(m_new))};
    step.exchanges = 4;
}

void SentinelWriting::sentinelPromotes()
{
    Step &step = add(StepKind::ManagerPromotes, {m_new}, seconds(10), true);
    step.isPointOfNoReturn = true;
    step.preconditions = {redis(m_new, replicationText, "INFO role=slave slave_repl_offset>={final}"), noneFailsOver(m_new, m_old), shownPriorities()};
    step.commands = {sentinels(m_asked, "FAILOVER", {})};
    step.verifications = {redis(m_new, replicationText, "INFO role=master"), sentinels(m_new, whoLeadsText, "INFO " + leadingTo(m_new))};
    step.exchanges = 4;
}

/// Nothing is promoted here: from this look on it only goes forward.
void SentinelWriting::sentinelLed()
{
    Step &step = add(StepKind::ManagerLed, {m_new}, seconds(5), true);
    step.isPointOfNoReturn = true;
    const Command led = sentinels(m_new, whoLeadsText, "INFO " + leadingTo(m_new));
    step.preconditions = {redis(m_new, replicationText, "INFO role=master"), led};
    step.commands = {led};
    step.verifications = {redis(m_new, replicationText, "INFO role=master"), led};
    step.exchanges = 3;
}

void SentinelWriting::letWrite()
{
    std::vector<ServerId> refusing;
    for (const ServerId &id : m_sight.othersThan(m_new)) {
        if (m_sight.isFresh(id) && m_sight.settingNumber(id, "min-replicas-to-write", 0) == refusingReplicas)
            refusing.push_back(id);
    }
    if (refusing.empty())
        return;
    Step &step = add(StepKind::DemoteOld, refusing, seconds(30), false); // until a Sentinel has made it a replica
    step.detail = m_new.text();
    step.mayBeLeft = true;
    for (const ServerId &id : refusing) {
        step.preconditions.push_back(redis(id, replicationText, "INFO role=slave"));
        for (const char *name : {"min-replicas-to-write", "repl-ping-replica-period"}) {
            const std::string as = std::to_string(m_sight.settingNumber(m_new, name, name == std::string_view("min-replicas-to-write") ? 0 : 10));
            step.commands.push_back(redis(id, std::string("CONFIG SET ") + name + " " + as));
        }
        if (keepsRole(id))
            step.commands.push_back(redis(id, rewriteText));
        step.verifications.push_back(redis(id, replicationText, "INFO role=slave"));
    }
}

void SentinelWriting::seeThoseThatAnswer()
{
    std::vector<ServerId> others;
    for (const ServerId &id : m_sight.othersThan(m_new)) {
        if (m_sight.isFresh(id))
            others.push_back(id);
    }
    if (others.empty())
        return;
    Step &step = add(StepKind::SeeFollowers, others, seconds(20), false);
    step.mayBeLeft = true;
    for (const ServerId &id : others)
        step.verifications.push_back(redis(id, std::string("GET ") + markerKey, "{token}"));
}

void SentinelWriting::seeSentinels()
{
    Step &step = add(StepKind::SeeManager, {m_new}, seconds(30), false);
    step.mayBeLeft = true;
    step.verifications = {noneFailsOver(m_new, m_new)};
}

void SentinelWriting::restorePriorities()
{
    if (m_priorities.empty())
        return;
    Step &step = add(StepKind::RestorePriorities, {}, seconds(5), false);
    step.mayBeLeft = true;
    for (const Priority &one : m_priorities) {
        const std::string was = std::to_string(one.was);
        step.targets.push_back(one.member);
        step.commands.push_back(redis(one.member, "CONFIG SET replica-priority " + was));
        if (keepsRole(one.member)) // a Sentinel has written it into the file
            step.commands.push_back(redis(one.member, rewriteText));
        step.verifications.push_back(redis(one.member, "CONFIG GET replica-priority", "INFO replica-priority=" + was));
    }
}

} // namespace shardlens::operate
