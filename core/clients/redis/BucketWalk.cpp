// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/BucketWalk.h"

#include <algorithm>
#include <utility>

namespace shardlens::clients {

namespace {

constexpr std::size_t mostNamed = 4096; // a map of hundreds of thousands of buckets that all lost it does not fill our memory

} // namespace

void BucketWalk::took(const std::string &key, std::string_view encoding)
{
    const bool isLost = encoding == "hashtable";
    const bool isSmall = encoding.starts_with("listpack") || encoding == "ziplist"; // listpackex: one whose fields expire
    if (!isLost)
        m_lost.erase(key);
    if (!isSmall && m_small == key)
        m_small.clear();
    if (!isLost && !isSmall)
        return;
    ++m_now.looked;
    if (isLost) {
        ++m_now.lost;
        if (m_lost.size() < mostNamed || m_lost.contains(key))
            m_lost[key] = {std::string(encoding), m_walk};
    } else if (m_small.empty() || m_smallWalk != m_walk || m_small == key) {
        m_small = key;
        m_smallEncoding = encoding;
        m_smallWalk = m_walk;
    }
}

void BucketWalk::end()
{
    std::erase_if(m_lost, [this](const auto &lost) { return lost.second.walk != m_walk; });
    if (m_smallWalk != m_walk)
        m_small.clear();
    m_whole = std::exchange(m_now, {});
    ++m_walk;
}

const std::string &BucketWalk::example() const
{
    return m_lost.empty() ? m_small : m_lost.begin()->first;
}

facts::EncodingProbe BucketWalk::told(std::int64_t fieldsOfExample) const
{
    facts::EncodingProbe probe;
    probe.key = example();
    probe.encoding = m_lost.empty() ? m_smallEncoding : m_lost.begin()->second.encoding;
    probe.fields = fieldsOfExample;
    probe.lost = static_cast<std::int64_t>(m_lost.size());
    if (m_lost.size() == mostNamed)
        probe.lost = std::max({probe.lost, m_now.lost, m_whole.lost});
    probe.looked = std::max({probe.lost, m_now.looked, m_whole.looked});
    return probe;
}

} // namespace shardlens::clients
