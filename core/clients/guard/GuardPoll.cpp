// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/guard/GuardPoll.h"

namespace shardlens::clients {

namespace {

constexpr std::size_t longestAnswer = 4U << 20;

} // namespace

GuardPoll::GuardPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint, Told told)
    : m_told(std::move(told)), m_link(std::move(loop), std::move(resolver), std::move(endpoint),
                                      {[this] { m_hooks.opened(); }, [this](std::string_view bytes) { take(bytes); },
                                       [this](base::Error error) { fail(std::move(error)); }})
{
}

void GuardPoll::open()
{
    close();
    m_link.open();
}

void GuardPoll::poll()
{
    m_unread.clear();
    m_link.send(guardQuestion);
}

void GuardPoll::close()
{
    m_link.close();
    m_unread.clear();
}

void GuardPoll::fail(base::Error error)
{
    close();
    m_hooks.failed(std::move(error));
}

void GuardPoll::take(std::string_view bytes)
{
    m_unread.append(bytes);
    const auto end = m_unread.find('\n');
    if (end == std::string::npos) {
        if (m_unread.size() > longestAnswer)
            fail({base::ErrorCode::Protocol, "a line without an end", {}, {}, base::Effect::None});
        return;
    }
    const auto answer = parseGuardAnswer(std::string_view(m_unread).substr(0, end));
    m_unread.clear();
    if (!answer)
        return fail(answer.error());
    m_told(*answer);
    m_hooks.answered({});
}

} // namespace shardlens::clients
