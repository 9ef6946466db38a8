// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/HerdBook.h"

#include <algorithm>

namespace shardlens::cacheflow {

void HerdBook::arrive(std::string_view key)
{
    const std::scoped_lock lock(m_mutex);
    Crowd &crowd = m_crowds[std::string(key)];
    crowd.most = std::max(crowd.most, ++crowd.waiting);
}

std::optional<std::uint32_t> HerdBook::leave(std::string_view key)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_crowds.find(std::string(key));
    if (found == m_crowds.end() || --found->second.waiting > 0)
        return std::nullopt;
    const std::uint32_t most = found->second.most;
    m_crowds.erase(found);
    return most;
}

} // namespace shardlens::cacheflow
