// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/GroupHands.h"

#include "core/clients/redis/Sentinel.h"
#include "core/effects/NeededGuards.h"
#include "core/operate/GroupSight.h"
#include "core/operate/Met.h"

#include <algorithm>
#include <future>

namespace shardlens::effects {

namespace {

using base::ErrorCode;
using base::Instant;
using base::Result;
using operate::By;
using operate::Command;

constexpr base::milliseconds sentinelAnswersWithin{1000};

std::vector<std::string_view> wordsOf(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0)
            words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::string textOf(const redis::Reply &reply, bool isPairs)
{
    switch (reply.kind) {
    case redis::Reply::Kind::Nil: return {};
    case redis::Reply::Kind::Integer: return std::to_string(reply.integer);
    case redis::Reply::Kind::Text:
    case redis::Reply::Kind::Error: return reply.text;
    case redis::Reply::Kind::List: break;
    }
    std::string out;
    for (std::size_t i = 0; i < reply.items.size(); ++i)
        out += textOf(reply.items[i], false) + (isPairs && i % 2 == 0 ? ":" : "\n");
    return out;
}

Result<std::string> answerOf(const Command &command, const redis::Reply &reply)
{
    if (reply.isError()) {
        const bool isRight = reply.text.starts_with("NOAUTH") || reply.text.starts_with("NOPERM");
        return base::fail(base::Error{isRight ? ErrorCode::NoRights : ErrorCode::Rejected, reply.text, {}, command.on.text(), base::Effect::None});
    }
    const std::string text = textOf(reply, command.text.starts_with("CONFIG GET"));
    if (command.takes.empty())
        return text;
    const auto value = operate::fieldOf(text, command.takes);
    return value ? Result<std::string>(*value) : base::fail(ErrorCode::Protocol, "'" + command.text + "' tells no " + command.takes, command.on.text());
}

/// They leave together only where none of them would have to wait for what the one ahead of it answers.
std::size_t batchAt(const std::vector<Command> &commands, std::size_t first)
{
    const auto isByGuard = [](const Command &one) { return one.by == By::Host || one.by == By::Router; };
    const Command &ahead = commands[first];
    std::size_t count = 1;
    bool isExpected = !ahead.expects.empty();
    while (first + count < commands.size() && ahead.by != By::Sql && ahead.by != By::Manager) {
        const Command &next = commands[first + count];
        const bool goesAlong = isByGuard(ahead) ? isByGuard(next) : next.by == ahead.by && next.on == ahead.on && (next.onlyAsks || !isExpected);
        if (!goesAlong)
            break;
        isExpected = isExpected || !next.expects.empty();
        ++count;
    }
    return count;
}

/// "CONFIG SET name value" of what takes the refusal back, as "name value, …".
std::string restoresOf(const execute::Operation &operation)
{
    constexpr std::string_view start = "CONFIG SET ";
    std::string out;
    for (const operate::Step &step : operation.steps) {
        if (step.kind != operate::StepKind::RefuseWrites)
            continue;
        for (const Command &command : step.undo)
            out += command.text.starts_with(start) ? (out.empty() ? "" : ", ") + command.text.substr(start.size()) : std::string();
    }
    return out;
}

} // namespace

GroupHands::GroupHands(Login login, const execute::Operation &operation, GroupLocks &locks, GuardLines &guards, base::milliseconds hold)
    : m_login(std::move(login)), m_locks(locks), m_guards(guards), m_token(freshToken())
{
    m_announcement.of = {base::ClusterName(operation.group.text()), operation.id, operation.number};
    m_announcement.term = operation.term;
    m_announcement.act = operation.act;
    m_announcement.from = operation.from;
    m_announcement.to = operation.to;
    m_announcement.restores = restoresOf(operation);
    m_announcement.hold = hold;
    m_mayBeAway = regionsNotNeeded(*m_login.fleet, operation);
}

Result<void> GroupHands::holdsLock()
{
    if (m_guards.isTakenOver())
        return base::fail(ErrorCode::Rejected, "a guard or a newer operation has taken this one over");
    return m_locks.holds();
}

Result<void> GroupHands::announce()
{
    return m_guards.announce(m_announcement, m_mayBeAway, std::chrono::steady_clock::now() + base::seconds(3));
}

std::map<std::string, std::string> GroupHands::names()
{
    return {{"operation", m_announcement.of.operation}, {"token", m_token}};
}

execute::Hands::Carried GroupHands::carryOut(const Commands &commands, Instant deadline)
{
    Carried carried;
    for (std::size_t i = 0; i < commands.size();) {
        const std::size_t count = batchAt(commands, i);
        const Commands batch(commands.begin() + static_cast<std::ptrdiff_t>(i), commands.begin() + static_cast<std::ptrdiff_t>(i + count));
        switch (batch.front().by) {
        case By::Router:
        case By::Host: carryByGuard(carried, batch, deadline); break;
        case By::Redis: carryByRedis(carried, batch, deadline); break;
        case By::Sql: carryBySql(carried, batch.front(), deadline); break;
        case By::Manager: carryBySentinels(carried, batch.front(), deadline); break;
        case By::Stonith: carried.error = base::Error{ErrorCode::BadInput, "a Redis group's host is not turned off", {}, batch.front().on.text(), base::Effect::None}; break;
        case By::Hand: carried.error = base::Error{ErrorCode::Unavailable, "by hand: " + batch.front().text, {}, batch.front().on.text(), base::Effect::None}; break;
        }
        i += count;
        if (carried.error || carried.answers.size() < i || !execute::isMet(commands[i - 1].expects, carried.answers.back()))
            return carried;
    }
    return carried;
}

void GroupHands::carryByGuard(Carried &carried, const Commands &commands, Instant deadline)
{
    const auto region = operate::regionOfStable(commands.front().on);
    if (!region) {
        carried.error = base::Error{ErrorCode::BadInput, commands.front().on.text() + " is no stable address", {}, {}, base::Effect::None};
        return;
    }
    auto answered = m_guards.carryOut(*region, commands, deadline);
    for (std::string &answer : answered.answers)
        carried.answers.push_back(std::move(answer));
    carried.error = std::move(answered.error);
}

void GroupHands::carryByRedis(Carried &carried, const Commands &commands, Instant deadline)
{
    const auto session = m_locks.session(commands.front().on, deadline);
    if (!session) {
        carried.error = session.error();
        carried.error->effect = base::Effect::None; // nothing was sent
        return;
    }
    for (const Command &command : commands)
        (*session)->add(wordsOf(command.text));
    const auto replies = (*session)->run(leftUntil(deadline));
    if (!replies) {
        carried.error = replies.error();
        return;
    }
    for (std::size_t i = 0; i < commands.size(); ++i) {
        auto answer = answerOf(commands[i], (*replies)[i]);
        if (!answer) {
            carried.error = answer.error();
            return;
        }
        carried.answers.push_back(std::move(*answer));
        if (!execute::isMet(commands[i].expects, carried.answers.back()))
            return;
    }
}

void GroupHands::carryBySentinels(Carried &carried, const Command &command, Instant deadline)
{
    const Instant until = std::min(deadline, std::chrono::steady_clock::now() + sentinelAnswersWithin);
    const auto endpoint = fleet::endpointOf(command.on.text());
    auto answer = endpoint ? askOne(*endpoint, command.text, until) : askAll(command.text, until);
    if (answer && !endpoint)
        *answer += std::string("may_take_writes:") + (mayTakeWrites(command.on, *answer, until) ? "yes" : "no") + "\n";
    if (answer)
        carried.answers.push_back(std::move(*answer));
    else
        carried.error = answer.error();
}

/// It leads by the word of all and nobody fails over; or it is a replica, whose settings hold nobody's writes.
bool GroupHands::mayTakeWrites(const base::ServerId &member, const std::string &told, Instant deadline)
{
    const fleet::RedisGroup *group = m_login.fleet->redisGroup(base::GroupName(m_announcement.of.cluster.text()));
    const auto leader = fleet::endpointOf(operate::fieldOf(told, "leader").value_or(std::string()));
    if (leader && operate::isMet("INFO failing_over=no", told) && operate::memberAt(*m_login.fleet, *group, *leader) == member)
        return true;
    const auto session = m_locks.session(member, deadline);
    const auto reply = session ? (*session)->command({"INFO", "replication"}, leftUntil(deadline)) : base::fail(session.error());
    return reply && operate::isMet("INFO role=slave", reply->text);
}

Result<std::string> GroupHands::askOne(const fleet::Endpoint &sentinel, const std::string &text, Instant deadline)
{
    std::optional<redis::Session> session;
    {
        const std::lock_guard lock(m_sentinelsMutex);
        auto kept = m_sentinels.extract(sentinel);
        if (kept && !kept.mapped().hasHungUp())
            session.emplace(std::move(kept.mapped()));
    }
    if (!session) {
        auto dialled = dialSentinel(m_login, sentinel, deadline);
        if (!dialled) {
            dialled.error().effect = base::Effect::None; // nothing was asked
            return base::fail(dialled.error());
        }
        session.emplace(std::move(*dialled));
    }
    auto answer = redis::askSentinel(*session, text, leftUntil(deadline));
    const std::lock_guard lock(m_sentinelsMutex);
    if (session->isOpen())
        m_sentinels.insert_or_assign(sentinel, std::move(*session));
    return answer;
}

/// At least a majority must answer: fewer cannot tell what the others lead to.
Result<std::string> GroupHands::askAll(const std::string &text, Instant deadline)
{
    const fleet::RedisGroup *group = m_login.fleet->redisGroup(base::GroupName(m_announcement.of.cluster.text()));
    if (!group || group->sentinels.empty())
        return base::fail(ErrorCode::BadInput, "the fleet file names no Sentinels of this group");
    std::vector<std::future<Result<std::string>>> asked;
    for (const fleet::Endpoint &sentinel : group->sentinels)
        asked.push_back(std::async(std::launch::async, [this, &sentinel, &text, deadline] { return askOne(sentinel, text, deadline); }));
    std::vector<std::string> answers;
    std::string silent;
    for (std::future<Result<std::string>> &one : asked) {
        if (auto answer = one.get())
            answers.push_back(std::move(*answer));
        else
            silent += "; " + answer.error().message;
    }
    const std::size_t majority = group->sentinels.size() / 2 + 1;
    if (answers.size() < majority)
        return base::fail(base::Error{ErrorCode::Unreachable, std::to_string(answers.size()) + " of " + std::to_string(group->sentinels.size()) + " Sentinels answer" + silent, {}, {}, base::Effect::None});
    return redis::agreedBy(answers, text, majority);
}

void GroupHands::carryBySql(Carried &carried, const Command &command, Instant deadline)
{
    const std::lock_guard lock(m_mutex);
    if (!m_directory || m_directory->hasHungUp()) {
        const fleet::Server *server = m_login.fleet->server(command.on);
        auto dialled = server ? dialServer(m_login, *server, command.database, deadline) : base::fail(ErrorCode::NotFound, "the fleet has no server " + command.on.text());
        if (!dialled) {
            carried.error = dialled.error();
            return;
        }
        m_directory.emplace(std::move(*dialled));
    }
    const auto rows = m_directory->script(command.text, leftUntil(deadline));
    if (!rows)
        carried.error = rows.error();
    else
        carried.answers.push_back(rows->isEmpty() ? std::string() : rows->first());
}

} // namespace shardlens::effects
