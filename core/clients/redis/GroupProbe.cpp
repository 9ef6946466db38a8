// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/GroupProbe.h"

#include "core/clients/redis/Refusal.h"

#include <charconv>
#include <initializer_list>

namespace shardlens::clients {

namespace {

constexpr std::size_t longestAnswer = 1U << 20;

std::string command(std::initializer_list<std::string_view> words)
{
    std::string out = '*' + std::to_string(words.size()) + "\r\n";
    for (const auto word : words)
        out.append('$' + std::to_string(word.size()) + "\r\n").append(word).append("\r\n");
    return out;
}

} // namespace

GroupProbe::GroupProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, Options options, Told told)
    : m_options(std::move(options)), m_told(std::move(told)),
      m_link(std::move(loop), std::move(resolver), m_options.endpoint,
             {[this] { greet(); }, [this](std::string_view bytes) { take(bytes); }, [this](const base::Error &error) { fail(error.code, error.message); }})
{
}

void GroupProbe::open()
{
    close();
    m_link.open();
}

void GroupProbe::close()
{
    m_link.close();
    m_unread.clear();
    m_greeting = m_asked = false;
}

void GroupProbe::greet()
{
    const auto password = m_options.password ? m_options.password() : base::Result<std::string>(std::string());
    if (!password)
        return fail(password.error().code, password.error().message);
    if (password->empty())
        return m_hooks.opened();
    m_greeting = true;
    m_link.send(m_options.user.empty() ? command({"AUTH", *password}) : command({"AUTH", m_options.user, *password}));
}

void GroupProbe::poll()
{
    m_asked = true;
    m_link.send(command({"INFO", "replication"}));
}

void GroupProbe::take(std::string_view bytes)
{
    m_unread.append(bytes);
    if (m_unread.size() > longestAnswer)
        return fail(base::ErrorCode::Protocol, "an answer without an end");
    while (!m_unread.empty() && takeReply()) {
    }
}

/// False when there is no whole reply, or the link was closed on the way.
bool GroupProbe::takeReply()
{
    const auto end = m_unread.find("\r\n");
    if (end == std::string::npos)
        return false;
    const std::string line = m_unread.substr(0, end);
    if (line[0] == '-') {
        fail(codeOf(std::string_view(line).substr(1)), line.substr(1));
        return false;
    }
    if (m_greeting && line[0] == '+') {
        m_greeting = false;
        m_unread.erase(0, end + 2);
        m_hooks.opened();
        return true;
    }
    std::size_t size = 0;
    if (!m_asked || line[0] != '$' || std::from_chars(line.data() + 1, line.data() + line.size(), size).ec != std::errc()) {
        fail(base::ErrorCode::Protocol, "an answer that is not Redis's");
        return false;
    }
    if (m_unread.size() < end + 2 + size + 2)
        return false;
    const bool leads = std::string_view(m_unread).substr(end + 2, size).find("role:master") != std::string_view::npos;
    m_unread.erase(0, end + 2 + size + 2);
    m_asked = false;
    m_told(leads);
    m_hooks.answered({});
    return true;
}

void GroupProbe::fail(base::ErrorCode code, const std::string &message)
{
    const base::Error error{code, message, {}, {}, base::Effect::None}; // the message may be the link's, which close() empties
    close();
    m_hooks.failed(error);
}

} // namespace shardlens::clients
