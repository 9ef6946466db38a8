// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Promotion.h"

#include "core/execute/LockKey.h"
#include "core/operate/Met.h"

#include <array>

namespace shardlens::execute {

namespace {

constexpr base::milliseconds betweenLooks{300};
constexpr base::milliseconds managerActsWithin{12000}; // what it was told waits in its store for the leader's next turn, by default 10 s
constexpr base::milliseconds sentinelActsWithin{3000};  // it looks ten times a second; what takes longer, it says to be under way
constexpr auto anotherDatabase = "postgres";

// An error of its own where the promotion was triggered; where this user may not ask, the receiver alone tells.
constexpr auto triggerText = "SELECT CASE WHEN pg_is_wal_replay_paused() THEN NULL ELSE pg_wal_replay_resume() END";
constexpr auto triggered = "55000";

/// As an SQL literal, what the session names of this operation end with, whoever carried it out: another number is as long.
std::string ownName(const Operation &operation)
{
    const std::string name = sessionNameOf(operation.id, operation.number);
    const std::string start = sessionPrefix + std::to_string(operation.number) + " ";
    std::string out = "'";
    for (const char letter : name.substr(start.size()))
        out += letter == '\'' ? std::string("''") : std::string(1, letter);
    return out + "'";
}

/// Sessions that this operation had before are ended: what they sent may still be on its way.
std::string lookText(base::milliseconds sinceSent, const std::string &own)
{
    return "SELECT pg_is_in_recovery(), clock_timestamp() - pg_postmaster_start_time() < interval '" + std::to_string(sinceSent.count()) +
           " milliseconds', (SELECT count(*) FROM pg_stat_wal_receiver), coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), "
           "false), "
           "(SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE '" +
           std::string(sessionPrefix) + "%' AND split_part(application_name, ' ', 3) = " + own + " AND pid <> pg_backend_pid())";
}

} // namespace

Promotion::Promotion(const Operation &operation, const operate::Step &step, Hands &hands, Pace &pace, const base::Clock &clock)
    : m_own(ownName(operation)), m_operation(operation.id), m_from(operation.from), m_hands(hands), m_pace(pace), m_clock(clock)
{
    m_look.by = step.commands.empty() ? operate::By::Sql : step.commands.front().by;
    m_look.on = operation.to;
    m_look.onlyAsks = true;
    if (!step.commands.empty())
        m_look.database = step.commands.front().database;
    if (m_look.by != operate::By::Manager)
        return;
    m_isGroup = !operation.group.isEmpty();
    m_look.by = m_isGroup ? operate::By::Redis : operate::By::Sql;
    constexpr std::string_view key = " leader=";
    std::string text = step.commands.front().text;
    const bool isTold = !m_isGroup && text.find(key) != std::string::npos;
    for (const operate::Command &command :
         step.preconditions) { // a Sentinel or repmgr is not told who leads: that it is the old one was seen before
        if (!isTold && command.by == operate::By::Manager && command.expects.find(key) != std::string::npos)
            text = command.expects;
    }
    if (const std::size_t at = text.find(key); at != std::string::npos)
        m_oldMember = text.substr(at + key.size(), text.find(' ', at + 1) - at - key.size());
    for (const operate::Command &command : step.verifications) {
        if (command.by == operate::By::Manager)
            m_whoLeads = command;
    }
}

Promotion::Is Promotion::settle(base::Instant sentBy, bool wasAnswered, base::Instant until)
{
    std::optional<base::Instant> firstNot;
    Patience patience;
    for (;;) {
        const Is is = look(sentBy, wasAnswered, until);
        const base::Instant now = m_clock.now();
        if (is == Is::Done || is == Is::Elsewhere)
            return is;
        if (is == Is::Unknown)
            firstNot.reset();
        else if (!firstNot)
            firstNot = now;
        else if (now - firstNot.value_or(now) >= (m_whoLeads && !m_isRefused ? (m_isGroup ? sentinelActsWithin : managerActsWithin) : betweenLooks))
            return is;
        if (now >= until)
            return Is::Unknown;
        m_pace.wait(patience.next());
    }
}

Promotion::Is Promotion::look(base::Instant sentBy, bool wasAnswered, base::Instant until)
{
    if (m_whoLeads)
        return lookAtManaged(until);
    if (m_look.by == operate::By::Redis)
        return lookAtRedis(until);
    const auto sinceSent = std::chrono::floor<base::milliseconds>(m_clock.now() - sentBy);
    m_look.text = lookText(sinceSent, m_own);
    const base::Instant lookUntil = std::min(until, m_clock.now() + base::seconds(2));
    const Hands::Carried carried = m_hands.carryOut({m_look}, lookUntil);
    if (carried.answers.empty()) {
        m_said = carried.error ? carried.error->message : "no answer";
        // The session that acts there may be lost for good; one of another database is made for the look alone.
        m_look.database = anotherDatabase;
        return Is::Unknown;
    }
    std::array<std::string, 5> columns; // in recovery, started anew, receivers, all replayed, other sessions
    std::string_view rest = carried.answers.front();
    for (std::string &column : columns) {
        const std::size_t end = std::min(rest.find(", "), rest.size());
        column = rest.substr(0, end);
        rest.remove_prefix(std::min(rest.size(), end + 2));
    }
    const auto &[inRecovery, startedAnew, receivers, allReplayed, others] = columns;
    m_said = inRecovery == "f" ? "it is out of recovery" : "it is in recovery, " + receivers + " receivers, " + others + " other sessions of this operation";
    if (inRecovery == "f")
        return Is::Done;
    if (inRecovery != "t" || others != "0")
        return Is::Unknown;
    if (startedAnew == "t")
        return Is::NotDone;
    if (wasAnswered || allReplayed != "t")
        return Is::Unknown;
    m_look.text = triggerText;
    const Hands::Carried trigger = m_hands.carryOut({m_look}, lookUntil);
    if (trigger.error && trigger.error->sqlState == triggered) {
        m_said = "it is being promoted";
        return Is::Unknown;
    }
    return receivers == "1" || !trigger.error ? Is::NotDone : Is::Unknown;
}

Promotion::Is Promotion::lookAtManaged(base::Instant until)
{
    const base::Instant lookUntil = std::min(until, m_clock.now() + base::seconds(2));
    const auto ask = [&](operate::Command command, const base::ServerId &on) {
        command.on = on;
        const Hands::Carried carried = m_hands.carryOut({command}, lookUntil);
        if (carried.answers.empty())
            m_said = on.text() + ": " + (carried.error ? carried.error->message : "no answer");
        return carried.answers.empty() ? std::optional<std::string>() : std::optional(carried.answers.front());
    };
    m_look.text = m_isGroup ? "INFO replication" : "SELECT pg_is_in_recovery()";
    const auto isPrimary = [&](const base::ServerId &member) {
        const auto answer = ask(m_look, member);
        if (!answer)
            return std::optional<bool>();
        return std::optional(m_isGroup ? operate::isMet("INFO role=master", *answer) : *answer == "f");
    };
    const auto candidate = isPrimary(m_look.on);
    if (candidate == true && !m_isGroup) {
        m_said = "it is out of recovery";
        return Is::Done;
    }
    // Of a server that starts again, or whose Patroni does, the other one's tells.
    auto told = ask(*m_whoLeads, m_look.on);
    if (!told)
        told = ask(*m_whoLeads, m_from);
    const std::string leader = told ? operate::fieldOf(*told, "leader").value_or(std::string()) : std::string();
    if (!told || leader.empty()) {
        m_said = told ? "nobody leads yet" : m_said;
        return Is::Unknown;
    }
    if (operate::isMet(m_whoLeads->expects, *told)) {
        m_said = candidate == true ? "it leads" : "it leads, and is no primary yet";
        return candidate == true ? Is::Done : Is::Unknown;
    }
    if (candidate == true) { // until a majority of the Sentinels knows, one that knows not makes it a replica again
        m_said = "it is a primary, and " + leader + " leads by the word of the Sentinels";
        return Is::Unknown;
    }
    if (leader != m_oldMember) {
        m_said = leader + " leads";
        return Is::Elsewhere;
    }
    if (m_isGroup) {
        operate::Command whether = *m_whoLeads;
        whether.text.replace(0, whether.text.rfind(' '), "SENTINEL MASTER");
        const auto all = ask(whether, m_from);
        if (!all || !operate::isMet("INFO failing_over=no leader=" + leader, *all)) {
            m_said = all ? "a Sentinel fails over" : m_said;
            return Is::Unknown;
        }
    }
    const auto old = isPrimary(m_from);
    if (old)
        m_said = leader + " leads, and is " + (*old ? "a primary" : "no primary");
    return old == true ? Is::NotDone : Is::Unknown;
}

Promotion::Is Promotion::lookAtRedis(base::Instant until)
{
    const auto asking = [this](const char *text) {
        operate::Command command = m_look;
        command.text = text;
        return command;
    };
    const base::Instant lookUntil = std::min(until, m_clock.now() + base::seconds(2));
    const Hands::Carried carried = m_hands.carryOut({asking("CLIENT ID"), asking("CLIENT LIST"), asking("INFO replication")}, lookUntil);
    if (carried.answers.size() < 3) {
        m_said = carried.error ? carried.error->message : "no answer";
        return Is::Unknown;
    }
    const auto role = operate::fieldOf(carried.answers[2], "role").value_or(std::string());
    const auto others = sessionsOf(carried.answers[1], m_operation, carried.answers[0]);
    m_said = "its role is " + role + ", " + std::to_string(others.size()) + " other sessions of this operation";
    if (role == "master")
        return Is::Done;
    for (const std::string &id : others)
        (void)m_hands.carryOut({asking(("CLIENT KILL ID " + id).c_str())}, lookUntil);
    return role == "slave" && others.empty() ? Is::NotDone : Is::Unknown;
}

} // namespace shardlens::execute
