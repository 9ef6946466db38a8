// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/NavigationHistory.h"

namespace shardlens::ui::shell {

namespace {

std::optional<NavigationHistory::Entry> step(std::vector<NavigationHistory::Entry> &from, std::vector<NavigationHistory::Entry> &to,
                                             NavigationHistory::Entry here)
{
    if (from.empty())
        return std::nullopt;
    to.push_back(std::move(here));
    NavigationHistory::Entry entry = std::move(from.back());
    from.pop_back();
    return entry;
}

} // namespace

void NavigationHistory::leave(Entry left)
{
    m_forward.clear();
    m_back.push_back(std::move(left));
    if (m_back.size() > kMost)
        m_back.erase(m_back.begin());
}

std::optional<NavigationHistory::Entry> NavigationHistory::back(Entry here)
{
    return step(m_back, m_forward, std::move(here));
}

std::optional<NavigationHistory::Entry> NavigationHistory::forward(Entry here)
{
    return step(m_forward, m_back, std::move(here));
}

} // namespace shardlens::ui::shell
