// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <optional>
#include <string>

namespace shardlens::executor {

/// Whole lines of a file descriptor, which may come one by one: what was read beyond a line is kept for the next. One thread.
class InputLines
{
public:
    explicit InputLines(int descriptor) : m_descriptor(descriptor) {}

    /// Waits for it. Nothing: the input ended before.
    [[nodiscard]] std::optional<std::string> next();
    /// Reads what is there; waits only while nothing is.
    void readSome();
    [[nodiscard]] bool hasLine() const { return !m_lines.empty(); }
    [[nodiscard]] bool hasEnded() const { return m_hasEnded; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
    std::deque<std::string> m_lines;
    std::string m_unread;
    bool m_hasEnded = false;
};

} // namespace shardlens::executor
