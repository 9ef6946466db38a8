// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/loop/LinePoll.h"

namespace shardlens::clients {

namespace {

constexpr std::size_t longestAnswer = 4U << 20;

} // namespace

LinePoll::LinePoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint, std::string question, Heard heard)
    : m_question(std::move(question)), m_heard(std::move(heard)),
      m_link(std::move(loop), std::move(resolver), std::move(endpoint),
             {[this] { m_hooks.opened(); }, [this](std::string_view bytes) { take(bytes); },
              [this](base::Error error) { fail(std::move(error)); }})
{
}

void LinePoll::open()
{
    close();
    m_link.open();
}

void LinePoll::poll()
{
    m_unread.clear();
    m_link.send(m_question);
}

void LinePoll::close()
{
    m_link.close();
    m_unread.clear();
}

void LinePoll::fail(base::Error error)
{
    close();
    m_hooks.failed(std::move(error));
}

void LinePoll::take(std::string_view bytes)
{
    m_unread.append(bytes);
    const auto end = m_unread.find('\n');
    if (end == std::string::npos) {
        if (m_unread.size() > longestAnswer)
            fail({base::ErrorCode::Protocol, "a line without an end", {}, {}, base::Effect::None});
        return;
    }
    const auto heard = m_heard(std::string_view(m_unread).substr(0, end));
    m_unread.clear();
    if (!heard)
        return fail(heard.error());
    m_hooks.answered({});
}

} // namespace shardlens::clients
