// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/execute/FakeGroup.h"

#include "core/operate/Met.h"
#include "tests/core/execute/FakeSentinels.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace shardlens::execute {

using base::Effect;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::array<std::string_view, groupFaultCount> groupFaultNames{"lost before", "lost in doubt", "answer lost", "refused", "dies", "freezes", "lock lost", "not written", "crash"};
constexpr auto nowhere = "nowhere";

std::vector<std::string> wordsIn(const std::string &text)
{
    std::vector<std::string> words{""};
    for (const char letter : text) {
        if (letter == ' ')
            words.emplace_back();
        else
            words.back() += letter;
    }
    return words;
}

tl::unexpected<base::Error> failing(ErrorCode code, const std::string &message, Effect effect)
{
    return tl::unexpected(base::Error{code, message, {}, {}, effect});
}

} // namespace

std::string_view name(GroupFault fault)
{
    return groupFaultNames.at(static_cast<std::size_t>(fault));
}

FakeGroup::FakeGroup(const fleet::Fleet &fleet, const Operation &operation)
    : m_fleet(fleet), m_promoted(operation.to.text()), m_term(std::to_string(operation.term))
{
    const fleet::RedisGroup *group = fleet.redisGroup(operation.group);
    for (const base::ServerId &id : group->servers) {
        FakeRedis &server = servers[id.text()];
        server.follows = server.fileFollows = id == operation.from ? std::string() : operation.from.text();
    }
    for (const auto &[region, endpoint] : group->stableAddress)
        stables[group->name.text() + "@" + region.text()] = operation.from.text();
    pass(base::milliseconds(20));
}

bool FakeGroup::answers(const FakeRedis &server) const
{
    return server.isRunning && !(server.frozenUntil && m_clock.now() < *server.frozenUntil);
}

bool FakeGroup::refuses(const FakeRedis &server)
{
    return server.settings.at("min-replicas-to-write") != "0";
}

bool FakeGroup::takesWrites(const FakeRedis &server) const
{
    const bool isPaused = server.pausedUntil && m_clock.now() < *server.pausedUntil;
    return answers(server) && server.follows.empty() && !isPaused && !refuses(server);
}

std::string FakeGroup::addressOf(const std::string &server) const
{
    return fleet::textOf(m_fleet.server(base::ServerId(server))->address.own);
}

void FakeGroup::tick()
{
    m_clock.advance(base::milliseconds(1));
    if (sentinels)
        sentinels->tick();
    const std::string taking = writable();
    if (taking.find(' ') != std::string::npos && broken.empty())
        broken = "two take writes: " + taking;
    for (const auto &[address, target] : stables) {
        FakeRedis &server = servers.at(target);
        if (!takesWrites(server))
            continue;
        server.log.push_back(++m_next);
        m_acknowledged.push_back(m_next);
    }
    for (auto &[id, server] : servers) {
        const auto source = servers.find(server.follows);
        if (source == servers.end() || !answers(server) || !answers(source->second))
            continue;
        const std::vector<int> &ahead = source->second.log;
        const bool isPart = server.log.size() <= ahead.size() && (server.log.empty() || server.log.back() == ahead[server.log.size() - 1]);
        if (!isPart)
            server.log.clear(); // a full copy
        server.log.insert(server.log.end(), ahead.begin() + static_cast<std::ptrdiff_t>(server.log.size()), ahead.end());
        server.keys = source->second.keys;
    }
}

void FakeGroup::pass(base::milliseconds time)
{
    for (auto i = time.count(); i > 0; --i)
        tick();
}

void FakeGroup::kill(const std::string &server)
{
    servers.at(server).isRunning = false;
}

void FakeGroup::heal(const std::string &lateOne)
{
    isOver = true;
    pass(base::seconds(6)); // whoever was frozen is thawed, pauses run out
    // By now guards have ended what fell silent: who was promoted has its term before a dead one is started.
    FakeRedis &promoted = servers.at(m_promoted);
    if (promoted.isRunning && promoted.follows.empty())
        promoted.keys["shardlens:term"] = m_term;
    for (const auto &[id, server] : servers) {
        if (!server.isRunning && id != lateOne)
            start(id);
    }
    if (!lateOne.empty() && !servers.at(lateOne).isRunning) {
        pass(base::seconds(1));
        start(lateOne);
    }
    pass(base::milliseconds(100));
}

void FakeGroup::start(const std::string &id)
{
    FakeRedis &server = servers.at(id);
    server.isRunning = true;
    server.follows = server.fileFollows;
    server.settings = server.fileSettings;
    server.pausedUntil.reset();
    guardsLook();
}

/// Each at its own server, and it goes on looking: at once here, so that nobody dials whoever came back before that.
void FakeGroup::guardsLook()
{
    const auto termOf = [](const FakeRedis &server) { return server.keys.contains("shardlens:term") ? std::stoi(server.keys.at("shardlens:term")) : 0; };
    for (auto &[id, server] : servers) {
        for (const auto &[other, seen] : servers) {
            const bool isNewer = sentinels ? sentinels->leader() == other : termOf(seen) > termOf(server) && !refuses(seen);
            if (other == id || !answers(server) || !server.follows.empty() || !answers(seen) || !seen.follows.empty() || !isNewer)
                continue;
            server.follows = server.fileFollows = other;
            if (!sentinels)
                server.settings = server.fileSettings = FakeRedis().settings;
        }
    }
}

std::string FakeGroup::writable() const
{
    std::string out;
    for (const auto &[id, server] : servers)
        out += takesWrites(server) ? (out.empty() ? "" : " ") + id : std::string();
    return out;
}

bool FakeGroup::hasAllAcknowledged(const std::string &server) const
{
    const auto &log = servers.at(server).log;
    return std::includes(log.begin(), log.end(), m_acknowledged.begin(), m_acknowledged.end());
}

std::string FakeGroup::primaries() const
{
    std::string out;
    for (const auto &[id, server] : servers)
        out += server.follows.empty() ? (out.empty() ? "" : " ") + id : std::string();
    return out;
}

std::string FakeGroup::complaint(bool mayLose) const
{
    std::string out = broken;
    const std::string primary = primaries();
    if (!servers.contains(primary))
        return out + "; primaries: " + primary;
    for (const auto &[id, server] : servers) {
        if (refuses(server) || server.fileSettings.at("min-replicas-to-write") != "0")
            out += "; " + id + " refuses writes";
        if (id != primary && server.follows != primary)
            out += "; " + id + " follows " + server.follows;
    }
    for (const auto &[address, target] : stables)
        out += target == primary ? "" : "; " + address + " leads to " + target;
    if (!mayLose && !hasAllAcknowledged(primary))
        out += "; acknowledged writes are lost";
    return out;
}

std::optional<GroupFault> FakeGroup::next(bool takesTime)
{
    if (takesTime)
        pass(base::milliseconds(1));
    const auto found = isOver ? faults.end() : faults.find(calls);
    ++calls;
    if (found == faults.end() || isOver)
        return std::nullopt;
    if (found->second == GroupFault::Crash)
        throw GroupCrash();
    if (found->second == GroupFault::LockLost)
        m_lockLostUntil = m_clock.now() + base::seconds(2);
    return found->second;
}

Result<void> FakeGroup::holdsLock()
{
    (void)next();
    if (m_lockLostUntil && m_clock.now() < *m_lockLostUntil)
        return base::fail(ErrorCode::Rejected, "the lock is lost");
    return {};
}

Result<void> FakeGroup::append(const std::string &entry)
{
    auto added = note(entry);
    if (added)
        flushes.push_back(m_onDisk = lines.size());
    return added;
}

Result<void> FakeGroup::note(const std::string &entry)
{
    if (next() == GroupFault::NotWritten)
        return base::fail(ErrorCode::Io, "no space left");
    lines.push_back(entry);
    return {};
}

void FakeGroup::together(const std::vector<std::function<void()>> &deeds)
{
    for (const auto &deed : deeds)
        deed();
}

Hands::Carried FakeGroup::carryOut(const std::vector<operate::Command> &commands, base::Instant deadline)
{
    Carried carried;
    for (const operate::Command &command : commands) {
        auto answer = one(command, deadline);
        if (!answer) {
            carried.error = answer.error();
            return carried;
        }
        carried.answers.push_back(std::move(*answer));
        if (!operate::isMet(command.expects, carried.answers.back()))
            return carried;
    }
    return carried;
}

Result<std::string> FakeGroup::one(const operate::Command &command, base::Instant deadline)
{
    const auto fault = next(command.text != "CONFIG REWRITE"); // which leaves with the one ahead of it
    if (command.by == operate::By::Sql)
        return command.expects;
    if (command.deed) {
        if (fault == GroupFault::Refused)
            return failing(ErrorCode::Rejected, "no", Effect::None);
        if (fault == GroupFault::LostBefore || fault == GroupFault::LostInDoubt)
            return failing(ErrorCode::Unreachable, "the guard's line broke", fault == GroupFault::LostBefore ? Effect::None : Effect::InDoubt);
        stables.at(command.on.text()) = command.deed->leadsTo;
        const FakeRedis &target = servers.at(command.deed->leadsTo);
        if (fault == GroupFault::AnswerLost || !answers(target))
            return failing(ErrorCode::Unreachable, "the guard's line broke", Effect::InDoubt);
        return "role:" + std::string(target.follows.empty() ? "master" : "slave") + "\nmarker:" + (target.keys.contains("shardlens:moved") ? target.keys.at("shardlens:moved") : "") + "\n";
    }
    if (command.by == operate::By::Manager) {
        const bool isLost = fault == GroupFault::LostBefore || fault == GroupFault::LostInDoubt;
        if (fault == GroupFault::Refused)
            return failing(ErrorCode::Rejected, "NOPERM", Effect::None);
        auto told = isLost ? Result<std::string>(failing(ErrorCode::Unreachable, "the link broke", fault == GroupFault::LostBefore ? Effect::None : Effect::InDoubt)) : sentinels->answer(command);
        return fault == GroupFault::AnswerLost ? failing(ErrorCode::TimedOut, "no answer", Effect::InDoubt) : std::move(told);
    }
    FakeRedis &server = servers.at(command.on.text());
    if (fault == GroupFault::Dies)
        server.isRunning = false;
    if (fault == GroupFault::Freezes)
        server.frozenUntil = m_clock.now() + base::seconds(4);
    if (fault == GroupFault::LostBefore || !server.isRunning)
        return failing(ErrorCode::Refused, "connection refused", Effect::None);
    if (fault == GroupFault::LostInDoubt)
        return failing(ErrorCode::Unreachable, "the link broke", Effect::InDoubt);
    if (fault == GroupFault::Refused)
        return failing(ErrorCode::Rejected, "NOPERM", Effect::None);
    if (!answers(server)) { // what was sent is carried out once it is thawed, unless its session is ended before: it is, here
        pass(std::chrono::ceil<base::milliseconds>(std::max(deadline - m_clock.now(), base::Instant::duration(0))));
        return failing(ErrorCode::TimedOut, "no answer", Effect::InDoubt);
    }
    auto answer = redis(server, command);
    if (fault == GroupFault::AnswerLost)
        return failing(ErrorCode::TimedOut, "no answer", Effect::InDoubt);
    return answer;
}

std::string FakeGroup::serverAt(const std::string &port) const
{
    for (const auto &[id, server] : servers) {
        const fleet::Server *declared = m_fleet.server(base::ServerId(id));
        if (std::to_string(declared->address.own.port) == port)
            return id;
        for (const auto &[viewer, endpoint] : declared->address.seenFrom) {
            if (std::to_string(endpoint.port) == port)
                return id;
        }
    }
    return nowhere;
}

std::string FakeGroup::info(const FakeRedis &server) const
{
    const auto source = servers.find(server.follows);
    const bool isUp = source != servers.end() && answers(source->second);
    std::string text = std::string("role:") + (server.follows.empty() ? "master" : "slave") + "\nmaster_repl_offset:" + std::to_string(server.log.size()) + "\n";
    if (!server.follows.empty())
        text += "slave_repl_offset:" + std::to_string(server.log.size()) + "\nmaster_link_status:" + (isUp ? "up" : "down") + "\n";
    if (source != servers.end()) {
        const std::string own = std::find_if(servers.begin(), servers.end(), [&](const auto &one) { return &one.second == &server; })->first;
        const fleet::Server &primary = *m_fleet.server(base::ServerId(source->first));
        const fleet::Endpoint &dialled = sentinels ? primary.address.own : primary.address.from(m_fleet.server(base::ServerId(own))->region);
        text += "master_host:" + dialled.host + "\nmaster_port:" + std::to_string(dialled.port) + "\n";
    }
    return text;
}

Result<std::string> FakeGroup::redis(FakeRedis &server, const operate::Command &command)
{
    const auto words = wordsIn(command.text);
    if (words[0] == "INFO") {
        const std::string text = info(server);
        return command.takes.empty() ? text : operate::fieldOf(text, command.takes).value_or("0");
    }
    if (words[0] == "REPLICAOF")
        server.follows = words[1] == "NO" ? std::string() : serverAt(words[2]);
    else if (words[0] == "CONFIG" && words[1] == "SET")
        server.settings[words[2]] = words[3];
    else if (words[0] == "CONFIG" && words[1] == "GET")
        return words[2] + ":" + (server.settings.contains(words[2]) ? server.settings.at(words[2]) : "100") + "\n";
    else if (words[0] == "CONFIG")
        std::tie(server.fileFollows, server.fileSettings) = std::tie(server.follows, server.settings);
    else if (words[0] == "CLIENT" && words[1] == "PAUSE")
        server.pausedUntil = m_clock.now() + base::milliseconds(std::stol(words[2]));
    else if (words[0] == "CLIENT" && words[1] == "UNPAUSE")
        server.pausedUntil.reset();
    else if (words[0] == "CLIENT" && words[1] == "ID")
        return std::string("1");
    else if (words[0] == "CLIENT" && words[1] == "LIST")
        return std::string("id=1 name=shardlens-executor:1:op sub=0 \n");
    else if (words[0] == "SET" && !server.follows.empty())
        return failing(ErrorCode::Rejected, "READONLY", Effect::None);
    else if (words[0] == "SET" && refuses(server))
        return failing(ErrorCode::Rejected, "NOREPLICAS", Effect::None);
    else if (words[0] == "SET")
        server.keys[words[1]] = words[2];
    else if (words[0] == "GET")
        return server.keys.contains(words[1]) ? server.keys.at(words[1]) : std::string();
    return std::string("OK");
}

} // namespace shardlens::execute
