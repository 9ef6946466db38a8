// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Lane.h"

#include <algorithm>

namespace shardlens::execute {

using base::Effect;
using base::Error;
using base::ErrorCode;
using operate::By;
using operate::Command;

namespace {

/// A slot whose receiver is just about to leave it: a moment later it can be dropped.
constexpr auto inUse = "55006";

enum class Part : std::uint8_t { Precondition, Command, Verification };

struct Item {
    const Command *command;
    Part part;
};

/// Routers and hosts are a guard's, who answers both in one round trip; SQL goes over a session.
bool isGuards(const Command &command)
{
    return command.by == By::Router || command.by == By::Host;
}

class Carrying
{
public:
    Carrying(const Lane &lane, const LaneLimits &limits, Words words, Hands &hands, Pace &pace, const base::Clock &clock)
        : m_limits(limits), m_words(std::move(words)), m_hands(hands), m_pace(pace), m_clock(clock)
    {
        for (const Command &command : lane.preconditions)
            m_items.push_back({&command, Part::Precondition});
        for (const Command &command : lane.commands)
            m_items.push_back({&command, Part::Command});
        m_verifications = m_items.size();
        for (const Command &command : lane.verifications)
            m_items.push_back({&command, Part::Verification});
    }

    LaneResult all()
    {
        while (m_at < m_items.size()) {
            const bool isStopped = m_limits.isStopped && m_limits.isStopped();
            if (isStopped && !end({ErrorCode::Cancelled, "it was asked to stop", {}, {}, Effect::None}, false))
                break;
            if (!send())
                return std::move(m_result);
        }
        m_result.isContradicted = m_result.isContradicted && m_result.error;
        return std::move(m_result);
    }

private:
    bool end(Error error, bool mayBeRepeated)
    {
        m_result.error = std::move(error);
        m_result.mayBeRepeated = mayBeRepeated;
        m_result.isBegun = m_items[m_at].part != Part::Precondition;
        return false;
    }

    /// From where it is, those of one server. A brace that needs an answer of the same batch begins the next one.
    base::Result<std::vector<Command>> batch() const
    {
        std::vector<Command> commands;
        for (std::size_t i = m_at; i < m_items.size(); ++i) {
            const Command &next = *m_items[i].command;
            const Command &first = *m_items[m_at].command;
            const bool needsAnswer = std::any_of(m_items.begin() + std::ptrdiff_t(m_at), m_items.begin() + std::ptrdiff_t(i),
                                                 [&](const Item &item) { return !item.command->keepsAs.empty() && needs(next, item.command->keepsAs); });
            if (next.on != first.on || isGuards(next) != isGuards(first) || needsAnswer)
                break;
            auto full = filled(next, m_words);
            if (!full)
                return tl::unexpected(full.error());
            commands.push_back(std::move(*full));
        }
        return commands;
    }

    base::Instant soonest() const
    {
        const base::Instant now = m_clock.now();
        return m_limits.each ? std::min(m_limits.all, now + *m_limits.each) : m_limits.all;
    }

    /// True: go on.
    bool send()
    {
        const auto commands = batch();
        if (!commands)
            return end(commands.error(), false);
        const Hands::Carried carried = m_hands.carryOut(*commands, soonest());
        const std::size_t answered = std::min(carried.answers.size(), commands->size());
        for (std::size_t i = 0; i < answered; ++i) {
            const Command &command = (*commands)[i];
            const std::string &answer = carried.answers[i];
            const bool holds = isMet(command.expects, answer);
            m_result.isContradicted |= !holds; // and no silence after it takes that back
            if (const std::string failure = operate::failureIn(answer); !holds && !failure.empty())
                return end({ErrorCode::Io, failure, {}, command.on.text(), Effect::None}, false);
            if (const std::string progress = operate::progressIn(answer); !holds && !progress.empty() && m_limits.heard)
                m_limits.heard(progress);
            if (!holds)
                return notHeld(command, {ErrorCode::TimedOut, "'" + command.text.substr(0, 400) + "' answers '" + answer.substr(0, 200) + "', not '" + command.expects + "'", {}, command.on.text(), Effect::None});
            if (!command.keepsAs.empty())
                keep(command.keepsAs, answer);
            ++m_at;
        }
        if (answered == commands->size()) {
            m_patience.reset();
            return true;
        }
        const Command &command = (*commands)[answered];
        Error error = carried.error.value_or(Error{ErrorCode::Protocol, "'" + command.text + "' was not answered", {}, {}, Effect::InDoubt});
        if (error.server.empty())
            error.server = command.on.text();
        return notHeld(command, std::move(error));
    }

    /// What is read anew after the step changed it says nothing of before: an empty answer takes nothing's place.
    void keep(const std::string &as, const std::string &answer)
    {
        std::string &word = m_words[as];
        if (!answer.empty() || word.empty())
            word = answer;
        m_result.kept[as] = word;
    }

    bool notHeld(const Command &command, Error error)
    {
        switch (m_items[m_at].part) {
        case Part::Command: return commandFailed(command, error);
        case Part::Precondition: return again(0, m_limits.preconditions, std::move(error));
        case Part::Verification: break;
        }
        if (m_inDoubt) // observed once: the same again is for the next time
            return end(std::move(*m_inDoubt), m_mayBeRepeated);
        return again(m_verifications, m_limits.all, std::move(error));
    }

    bool commandFailed(const Command &command, const Error &error)
    {
        if (command.deed)
            m_result.failedDeed = command.deed->act;
        const bool isObservable = error.effect != Effect::None && m_verifications < m_items.size() && command.keepsAs.empty();
        if (!isObservable)
            return end(error, (isTransient(error) && isGuards(command)) || error.sqlState == inUse);
        m_inDoubt = error;
        m_mayBeRepeated = isGuards(command);
        m_at = m_verifications;
        return true;
    }

    /// Waits a little and goes back to `to`, where time is left.
    bool again(std::size_t to, base::Instant until, Error error)
    {
        const auto left = until - m_clock.now();
        const bool isHopeless = error.code == ErrorCode::BadInput || error.code == ErrorCode::NoRights;
        if (left <= left.zero() || isHopeless) {
            m_result.isOutOfTime = !isHopeless;
            return end(std::move(error), false);
        }
        m_at = to;
        m_pace.wait(std::min(m_patience.next(), std::chrono::ceil<base::milliseconds>(left)));
        return true;
    }

    const LaneLimits &m_limits;
    Words m_words;
    Hands &m_hands;
    Pace &m_pace;
    const base::Clock &m_clock;
    std::vector<Item> m_items;
    std::size_t m_verifications = 0; ///< where they begin
    std::size_t m_at = 0;
    Patience m_patience;
    std::optional<Error> m_inDoubt;
    bool m_mayBeRepeated = false; ///< of that
    LaneResult m_result;
};

} // namespace

LaneResult carryOut(const Lane &lane, const LaneLimits &limits, Words words, Hands &hands, Pace &pace, const base::Clock &clock)
{
    return Carrying(lane, limits, std::move(words), hands, pace, clock).all();
}

bool isTransient(const Error &error)
{
    return error.code == ErrorCode::Unreachable || error.code == ErrorCode::Refused || error.code == ErrorCode::TimedOut;
}

} // namespace shardlens::execute
