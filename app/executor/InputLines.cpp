// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/InputLines.h"

#include <array>
#include <cerrno>

#include <unistd.h>

namespace shardlens::executor {

std::optional<std::string> InputLines::next()
{
    while (!hasLine() && !m_hasEnded)
        readSome();
    if (!hasLine())
        return std::nullopt;
    std::string line = std::move(m_lines.front());
    m_lines.pop_front();
    return line;
}

void InputLines::readSome()
{
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(m_descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        m_hasEnded = true;
        return;
    }
    m_unread.append(buffer.data(), static_cast<std::size_t>(got));
    for (std::size_t end = m_unread.find('\n'); end != std::string::npos; end = m_unread.find('\n')) {
        m_lines.push_back(m_unread.substr(0, end));
        m_unread.erase(0, end + 1);
    }
}

} // namespace shardlens::executor
