// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/MemberProbe.h"

namespace shardlens::clients {

namespace {

constexpr std::size_t longestAnswer = 64U << 10;
// No application has a key of this name; were there one, its value would be short.
constexpr std::string_view look = "me shardlens.probe\r\n";
constexpr std::string_view get = "get shardlens.probe\r\n";

} // namespace

MemberProbe::MemberProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint)
    : m_link(std::move(loop), std::move(resolver), std::move(endpoint),
             {[this] { m_hooks.opened(); }, [this](std::string_view bytes) { take(bytes); }, [this](const base::Error &error) { fail(error.code, error.message); }})
{
}

void MemberProbe::open()
{
    close();
    m_link.open();
}

void MemberProbe::close()
{
    m_link.close();
    m_unread.clear();
    m_asked = false;
}

void MemberProbe::poll()
{
    m_asked = true;
    m_link.send(m_old ? get : look);
}

void MemberProbe::take(std::string_view bytes)
{
    m_unread.append(bytes);
    const bool whole = m_old ? m_unread.ends_with("END\r\n") || m_unread.find("ERROR") != std::string::npos : m_unread.ends_with("\r\n");
    if (!whole) {
        if (m_unread.size() > longestAnswer)
            fail(base::ErrorCode::Protocol, "an answer without an end");
        return;
    }
    const std::string answer = std::exchange(m_unread, {});
    if (!m_asked)
        return fail(base::ErrorCode::Protocol, "an answer to nothing");
    if (answer.starts_with("ERROR") && !m_old) {
        m_old = true;
        return poll();
    }
    if (answer.starts_with("SERVER_ERROR") || answer.starts_with("ERROR"))
        return fail(base::ErrorCode::Rejected, answer.substr(0, answer.find('\r')));
    const bool understood = answer.starts_with("EN") || answer.starts_with("ME ") || answer.starts_with("VALUE ") || answer.starts_with("CLIENT_ERROR");
    if (!understood)
        return fail(base::ErrorCode::Protocol, "an answer that is not memcached's");
    m_asked = false;
    m_hooks.answered({});
}

void MemberProbe::fail(base::ErrorCode code, const std::string &message)
{
    const base::Error error{code, message, {}, {}, base::Effect::None};
    close();
    m_hooks.failed(error);
}

} // namespace shardlens::clients
