// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/LeaseClient.h"

#include "core/cacheflow/Vouching.h"

#include <algorithm>

#include <poll.h>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;
using memcached::MetaAnswer;
using Code = MetaAnswer::Code;

namespace {

constexpr base::milliseconds firstWait{2};
constexpr base::milliseconds longestWait{25};
constexpr base::milliseconds vouchAskEvery{50};
constexpr base::milliseconds slowAnswer{100}; ///< the member may have been frozen meanwhile
constexpr base::milliseconds clockPause{2};   ///< a server that is thawed has its clock right by then

base::Instant steadyNow()
{
    return std::chrono::steady_clock::now();
}

std::string vouchLook()
{
    return "mg " + std::string(vouchKey) + " v\r\n";
}

base::Error notVouchedFor(const memcached::Member &member)
{
    return {ErrorCode::Unavailable, "the invalidator does not vouch for the member, or not yet since it came back", {}, member.server, base::Effect::None};
}

} // namespace

void LeaseClient::Line::distrust()
{
    isTrusted = false;
    vouchSeen.reset();
    vouches = 0;
    vouchAskedAt = {};
}

LeaseClient::LeaseClient(std::vector<Line> lines, memcached::KeyPlacement placement, const LeaseRules &rules,
                         std::shared_ptr<const wire::Interrupt> stop)
    : m_lines(std::move(lines)), m_placement(std::move(placement)), m_rules(rules), m_stop(std::move(stop))
{
}

Result<LeaseClient> LeaseClient::open(const std::vector<memcached::Member> &members, fleet::Hashing hashing, const LeaseRules &rules,
                                      std::shared_ptr<const wire::Interrupt> stop)
{
    auto placement = memcached::KeyPlacement::of(members, hashing);
    if (!placement)
        return base::fail(placement.error());
    std::vector<Line> lines;
    for (const auto &member : members) {
        lines.emplace_back();
        lines.back().member = member;
    }
    return LeaseClient(std::move(lines), std::move(*placement), rules, std::move(stop));
}

bool LeaseClient::pauseFor(base::milliseconds time) const
{
    pollfd fd = {m_stop ? m_stop->descriptor() : -1, POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(time.count())) <= 0;
}

Result<void> LeaseClient::dial(Line &line)
{
    if (line.error && steadyNow() < line.notBefore)
        return base::fail(*line.error);
    auto dialled = memcached::MetaSession::dial(line.member, m_rules.deadline, m_stop);
    if (!dialled) {
        line.error = dialled.error();
        line.notBefore = steadyNow() + m_rules.restAfterFailure;
        line.isTrusted = false;
        return base::fail(dialled.error());
    }
    line.session = std::move(*dialled);
    line.error.reset();
    line.distrust();
    return {};
}

Result<void> LeaseClient::checkVouching(Line &line)
{
    if (line.vouchAskedAt != base::Instant() && steadyNow() - line.vouchAskedAt < vouchAskEvery)
        return base::fail(notVouchedFor(line.member));
    line.vouchAskedAt = steadyNow();
    const auto vouched = ask(line, vouchLook());
    if (!vouched)
        return base::fail(vouched.error());
    const std::string found = vouched->code == Code::Value ? vouched->value : std::string();
    // Whoever connects for the first time lost nothing: what stands there, and has not expired, is good enough.
    const bool isFirst = !line.wasEverOpen && !found.empty();
    if (line.vouchSeen && *line.vouchSeen != found && !found.empty())
        ++line.vouches;
    line.vouchSeen = found;
    if (!isFirst && line.vouches < vouchesAwaited)
        return base::fail(notVouchedFor(line.member));
    line.isTrusted = true;
    line.vouchChangedAt = line.vouchAskedAt;
    return {};
}

void LeaseClient::noteVouch(Line &line, const MetaAnswer &found)
{
    if (found.code == Code::Value && line.vouchSeen != found.value) {
        line.vouchSeen = found.value;
        line.vouchChangedAt = steadyNow();
        return;
    }
    // One that is still there after it must have expired: the member's clock stands, or did until now.
    if (found.code != Code::Value || steadyNow() - line.vouchChangedAt > vouchLasts)
        line.distrust();
}

/// A read, and once a second in the same round trip a look whether the member is still vouched for: after the read, so that it holds for
/// what was read.
Result<MetaAnswer> LeaseClient::askVouched(Line &line, std::string_view command)
{
    const auto begun = steadyNow();
    const auto unseen = begun - line.vouchAskedAt;
    if (unseen < vouchLookEvery)
        return ask(line, command);
    line.vouchAskedAt = begun;
    line.session->add(command);
    line.session->add(vouchLook());
    auto answers = line.session->run(m_rules.deadline);
    if (!answers) {
        lose(line, answers.error());
        return base::fail(answers.error());
    }
    noteVouch(line, answers->back());
    // A server that was frozen until now answers what waited before it looks at the clock: what has expired is still there to it.
    const bool mayBeThawed = unseen > vouchLasts || steadyNow() - begun > slowAnswer;
    if (line.isTrusted && mayBeThawed && pauseFor(clockPause)) {
        const auto again = ask(line, vouchLook());
        if (!again)
            return base::fail(again.error());
        noteVouch(line, *again);
    }
    return std::move(answers->front());
}

Result<LeaseClient::Line *> LeaseClient::lineFor(std::string_view key, bool forReading)
{
    if (const auto good = memcached::checkKey(key); !good)
        return base::fail(good.error());
    Line &line = m_lines.at(m_placement.memberOf(key));
    if (!line.session || !line.session->isOpen()) {
        if (const auto dialled = dial(line); !dialled)
            return base::fail(dialled.error());
    }
    if (m_rules.needsVouching && forReading && !line.isTrusted) {
        if (const auto vouched = checkVouching(line); !vouched)
            return base::fail(vouched.error());
    }
    line.wasEverOpen = true;
    return &line;
}

Result<MetaAnswer> LeaseClient::ask(Line &line, std::string_view command)
{
    auto answer = line.session->ask(command, m_rules.deadline);
    if (!answer)
        lose(line, answer.error());
    return answer;
}

void LeaseClient::lose(Line &line, const base::Error &error)
{
    line.session.reset();
    line.error = error;
    // A connection that merely ended may have been the server's start: dialled again at once. One that is silent is given a rest.
    line.notBefore = error.code == ErrorCode::TimedOut ? steadyNow() + m_rules.restAfterFailure : base::Instant();
    line.isTrusted = false;
}

std::optional<LeaseRead> LeaseClient::understood(MetaAnswer answer, const LeaseToken &asked)
{
    LeaseRead read;
    const bool isReal = !answer.value.empty() || answer.number('f').value_or(0) == emptyValueMark;
    const bool isStale = answer.has('X');
    if (answer.has('W')) {
        read.kind = LeaseRead::Kind::Fill;
        read.token = asked;
        read.token.cas = answer.number('c').value_or(0);
        if (isReal)
            read.staleValue = std::move(answer.value);
        return read;
    }
    if (answer.has('Z') && !isReal)
        return std::nullopt;
    if (isStale && !m_rules.servesStale)
        return std::nullopt;
    read.kind = isStale ? LeaseRead::Kind::Stale : LeaseRead::Kind::Hit;
    read.value = std::move(answer.value);
    return read;
}

Result<LeaseRead> LeaseClient::read(std::string_view key, bool &hasWaited)
{
    const auto begun = steadyNow();
    auto pause = firstWait;
    for (;;) {
        const auto line = lineFor(key, true);
        if (!line)
            return base::fail(line.error());
        m_command.assign("mg ").append(key).append(" v c f N").append(std::to_string(m_rules.stub.count()));
        if (m_rules.recache.count() > 0)
            m_command.append(" R").append(std::to_string(m_rules.recache.count()));
        m_command.append("\r\n");
        auto answer = m_rules.needsVouching ? askVouched(**line, m_command) : ask(**line, m_command);
        if (!answer)
            return base::fail(answer.error());
        if (answer->code != Code::Value)
            return base::fail(ErrorCode::Rejected, answer->code == Code::Refused ? answer->flags : "no lease was granted",
                              (*line)->member.server);
        auto read = understood(std::move(*answer), {static_cast<std::size_t>(*line - m_lines.data()), (*line)->session->connection(), 0});
        const auto waited = std::chrono::duration_cast<base::microseconds>(steadyNow() - begun);
        const bool isLate = !read && waited >= m_rules.waitUpTo;
        if (isLate)
            read = LeaseRead{};
        if (read && m_rules.needsVouching && !(*line)->isTrusted) {
            // The right to fill is good all the same: deletes of what it fills are owed to the member from now on.
            if (read->kind != LeaseRead::Kind::Fill)
                return base::fail(notVouchedFor((*line)->member));
            read->staleValue.reset();
        }
        if (read) {
            read->waited = hasWaited ? waited : base::microseconds(0);
            return std::move(*read);
        }
        if (!hasWaited && m_rules.herds)
            m_rules.herds->arrive(key);
        hasWaited = true;
        const auto left = std::chrono::ceil<base::milliseconds>(m_rules.waitUpTo - waited);
        if (!pauseFor(std::min(pause, left)))
            return base::fail(ErrorCode::Cancelled, "interrupted", (*line)->member.server);
        pause = std::min(pause * 2, longestWait);
    }
}

Result<LeaseRead> LeaseClient::get(std::string_view key)
{
    bool hasWaited = false;
    auto read = this->read(key, hasWaited);
    if (hasWaited && m_rules.herds) {
        if (const auto herd = m_rules.herds->leave(key))
            m_herds.note(*herd);
    }
    if (!read) {
        ++m_counts.failed;
        return read;
    }
    switch (read->kind) {
    case LeaseRead::Kind::Hit: ++m_counts.hits; break;
    case LeaseRead::Kind::Stale: ++m_counts.staleServed; break;
    case LeaseRead::Kind::Fill: ++m_counts.granted; break;
    case LeaseRead::Kind::GaveUp: ++m_counts.gaveUp; break;
    }
    if (read->waited.count() > 0) {
        ++m_counts.waited;
        m_counts.noteWait(read->waited);
    }
    return read;
}

LeaseClient::Line *LeaseClient::lineOf(const LeaseToken &token)
{
    if (token.member >= m_lines.size())
        return nullptr;
    Line &line = m_lines[token.member];
    const bool isSame = line.session && line.session->isOpen() && line.session->connection() == token.connection && token.cas != 0;
    return isSame ? &line : nullptr;
}

Result<FillOutcome> LeaseClient::fill(std::string_view key, const LeaseToken &token, std::string_view value, base::seconds ttl)
{
    if (const auto good = memcached::checkKey(key); !good)
        return base::fail(good.error());
    Line *line = lineOf(token);
    if (!line) {
        ++m_counts.lost;
        return FillOutcome::Lost;
    }
    m_command.assign("ms ").append(key).append(" ").append(std::to_string(value.size()));
    m_command.append(" C").append(std::to_string(token.cas)).append(" T").append(std::to_string(ttl.count()));
    if (value.empty())
        m_command.append(" F").append(std::to_string(emptyValueMark));
    m_command.append("\r\n").append(value).append("\r\n");
    const auto answer = ask(*line, m_command);
    if (!answer) {
        ++m_counts.lost;
        return base::fail(answer.error());
    }
    if (answer->code == Code::Done) {
        ++m_counts.filled;
        return FillOutcome::Stored;
    }
    if (answer->code != Code::Refused) {
        ++m_counts.lost;
        return FillOutcome::Lost;
    }
    if (answer->flags.find("too large") == std::string::npos) {
        ++m_counts.lost;
        return base::fail(ErrorCode::Rejected, answer->flags, line->member.server);
    }
    ++m_counts.tooLarge;
    if (const auto freed = ask(*line, "md " + std::string(key) + " C" + std::to_string(token.cas) + "\r\n"); !freed)
        return base::fail(freed.error());
    return FillOutcome::TooLarge;
}

Result<void> LeaseClient::giveBack(std::string_view key, const LeaseToken &token)
{
    ++m_counts.givenBack;
    Line *line = lineOf(token);
    if (!line)
        return {}; // whatever holds the key there now, it is not this lease
    // Marked stale rather than deleted: a value that was stale before stays for those who can use it, and the next reader wins.
    const auto answer = ask(*line, "md " + std::string(key) + " I C" + std::to_string(token.cas) + "\r\n");
    return answer ? Result<void>() : Result<void>(base::fail(answer.error()));
}

Result<void> LeaseClient::remove(std::string_view key)
{
    const auto line = lineFor(key, false);
    if (!line)
        return base::fail(line.error());
    const auto answer = ask(**line, "md " + std::string(key) + "\r\n");
    if (!answer)
        return base::fail(answer.error());
    if (answer->code == Code::Refused)
        return base::fail(ErrorCode::Rejected, answer->flags, (*line)->member.server);
    return {};
}

Result<void> LeaseClient::markStale(std::string_view key, base::seconds keep)
{
    const auto line = lineFor(key, false);
    if (!line)
        return base::fail(line.error());
    const auto answer = ask(**line, "md " + std::string(key) + " I T" + std::to_string(keep.count()) + "\r\n");
    if (!answer)
        return base::fail(answer.error());
    if (answer->code == Code::Refused)
        return base::fail(ErrorCode::Rejected, answer->flags, (*line)->member.server);
    return {};
}

} // namespace shardlens::cacheflow
