// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/MetaSession.h"

#include <atomic>
#include <charconv>

namespace shardlens::memcached {

using base::ErrorCode;
using base::Instant;
using Code = MetaAnswer::Code;

namespace {

constexpr std::size_t longestMetaLine = 4096; ///< a peer that never ends a line does not speak memcached
constexpr std::size_t largestBlock = 1U << 30;

std::uint64_t nextConnection()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

/// The word of a line that begins with `flag`, without it.
std::optional<std::string_view> wordOf(std::string_view words, char flag)
{
    for (std::size_t at = 0; at < words.size();) {
        const auto end = std::min(words.find(' ', at), words.size());
        if (end > at && words[at] == flag)
            return words.substr(at + 1, end - at - 1);
        at = end + 1;
    }
    return std::nullopt;
}

std::optional<std::size_t> lengthIn(std::string_view text)
{
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > largestBlock)
        return std::nullopt;
    return value;
}

std::string_view takeWord(std::string_view &rest)
{
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
}

std::optional<Code> codeOf(std::string_view word)
{
    if (word == "HD" || word == "OK")
        return Code::Done;
    if (word == "VA" || word == "VALUE")
        return Code::Value;
    if (word == "EN" || word == "END")
        return Code::Miss;
    if (word == "EX")
        return Code::Exists;
    if (word == "NF")
        return Code::NotFound;
    if (word == "NS")
        return Code::NotStored;
    if (word == "MN")
        return Code::Nothing;
    if (word == "ME")
        return Code::Debug;
    if (word == "ERROR" || word == "CLIENT_ERROR" || word == "SERVER_ERROR")
        return Code::Refused;
    return std::nullopt;
}

} // namespace

bool MetaAnswer::has(char flag) const
{
    const auto word = wordOf(flags, flag);
    return word && word->empty();
}

std::optional<std::uint64_t> MetaAnswer::number(char flag) const
{
    const auto word = wordOf(flags, flag);
    std::uint64_t parsed = 0;
    if (!word || std::from_chars(word->data(), word->data() + word->size(), parsed).ec != std::errc())
        return std::nullopt;
    return parsed;
}

MetaSession::MetaSession(std::string server, wire::Talk talk, std::shared_ptr<const wire::Interrupt> interrupt)
    : m_server(std::move(server)), m_interrupt(std::move(interrupt)), m_talk(std::move(talk)), m_connection(nextConnection())
{
}

Result<MetaSession> MetaSession::dial(const Member &member, milliseconds timeout, std::shared_ptr<const wire::Interrupt> interrupt)
{
    auto talk = wire::Talk::dial(member.endpoint.host, member.endpoint.port, std::chrono::steady_clock::now() + timeout, interrupt.get());
    if (!talk) {
        auto error = talk.error();
        error.server = member.server;
        return base::fail(std::move(error));
    }
    return MetaSession(member.server, std::move(*talk), std::move(interrupt));
}

void MetaSession::close()
{
    m_talk.reset();
    m_unsent.clear();
    m_awaited = 0;
    m_unread.clear();
    m_read = 0;
}

base::Error MetaSession::broken(base::Error error)
{
    close();
    error.server = m_server;
    error.effect = base::Effect::InDoubt;
    return error;
}

Result<std::vector<MetaAnswer>> MetaSession::run(milliseconds timeout)
{
    const Instant deadline = std::chrono::steady_clock::now() + timeout;
    const std::size_t count = m_awaited;
    if (const auto sent = send(deadline); !sent)
        return base::fail(sent.error());
    std::vector<MetaAnswer> answers;
    answers.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto answer = readAnswer(deadline);
        if (!answer)
            return base::fail(broken(answer.error()));
        answers.push_back(std::move(*answer));
    }
    return answers;
}

Result<MetaAnswer> MetaSession::ask(std::string_view command, milliseconds timeout)
{
    const Instant deadline = std::chrono::steady_clock::now() + timeout;
    add(command);
    if (const auto sent = send(deadline); !sent)
        return base::fail(sent.error());
    auto answer = readAnswer(deadline);
    if (!answer)
        return base::fail(broken(answer.error()));
    return answer;
}

Result<void> MetaSession::send(Instant deadline)
{
    if (!m_talk) {
        close();
        return base::fail(ErrorCode::Unreachable, "the connection is closed", m_server);
    }
    m_awaited = 0;
    // A peer that answers before all was sent would fill both directions' buffers if it were sent far more than it can hold; what
    // is queued here is at most some thousand short lines, or one value.
    const auto sent = m_talk->send(m_unsent, deadline);
    m_unsent.clear();
    if (!sent)
        return base::fail(broken(sent.error()));
    return {};
}

Result<void> MetaSession::readMore(Instant deadline)
{
    if (m_read == m_unread.size()) {
        m_unread.clear();
        m_read = 0;
    }
    auto more = m_talk->receive(deadline);
    if (!more)
        return base::fail(more.error());
    if (more->empty())
        return base::fail(ErrorCode::Unreachable, "the server closed the connection");
    if (m_unread.empty())
        m_unread = std::move(*more);
    else
        m_unread += *more;
    return {};
}

Result<std::string> MetaSession::readLine(Instant deadline)
{
    for (std::size_t from = m_read;;) {
        const auto end = m_unread.find("\r\n", from);
        if (end != std::string::npos) {
            std::string line = m_unread.substr(m_read, end - m_read);
            m_read = end + 2;
            return line;
        }
        if (m_unread.size() - m_read > longestMetaLine)
            return base::fail(ErrorCode::Protocol, "a line without an end");
        if (const auto more = readMore(deadline); !more)
            return base::fail(more.error());
        from = m_read;
    }
}

Result<std::string> MetaSession::readBlock(std::size_t length, Instant deadline)
{
    while (m_unread.size() - m_read < length + 2) {
        if (const auto more = readMore(deadline); !more)
            return base::fail(more.error());
    }
    if (m_unread.compare(m_read + length, 2, "\r\n") != 0)
        return base::fail(ErrorCode::Protocol, "a value without an end");
    std::string block = m_unread.substr(m_read, length);
    m_read += length + 2;
    return block;
}

Result<MetaAnswer> MetaSession::readAnswer(Instant deadline)
{
    auto line = readLine(deadline);
    if (!line)
        return base::fail(line.error());
    std::string_view rest = *line;
    const auto word = takeWord(rest);
    const auto code = codeOf(word);
    if (!code)
        return base::fail(ErrorCode::Protocol, "an answer that is not memcached's: " + line->substr(0, 60));
    MetaAnswer answer{*code, {}, *code == Code::Refused ? *line : std::string()};
    const bool isClassic = word == "VALUE";
    if (*code == Code::Value) {
        if (isClassic)
            takeWord(rest); // the key
        std::string flags = isClassic ? "f" + std::string(takeWord(rest)) : std::string();
        const auto length = lengthIn(takeWord(rest));
        if (!length)
            return base::fail(ErrorCode::Protocol, "a value without a length: " + line->substr(0, 60));
        if (isClassic && !rest.empty())
            flags += " c" + std::string(rest);
        answer.flags = isClassic ? flags : std::string(rest);
        auto value = readBlock(*length, deadline);
        if (!value)
            return base::fail(value.error());
        answer.value = std::move(*value);
        if (isClassic) {
            const auto end = readLine(deadline);
            if (!end || *end != "END")
                return end ? base::fail(ErrorCode::Protocol, "a value without END") : base::fail(end.error());
        }
    } else if (*code != Code::Refused) {
        answer.flags = std::string(rest);
    }
    return answer;
}

} // namespace shardlens::memcached
