// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/SpaceSaving.h"

#include <algorithm>

namespace shardlens::cacheflow {

SpaceSaving::SpaceSaving(std::size_t capacity) : m_capacity(std::max<std::size_t>(capacity, 1))
{
    m_kept.reserve(m_capacity);
    m_index.reserve(m_capacity);
    m_heap.reserve(m_capacity);
    m_inHeap.reserve(m_capacity);
}

SpaceSaving::Place SpaceSaving::add(std::string_view key)
{
    ++m_total;
    if (const auto found = m_index.find(key); found != m_index.end()) {
        ++m_kept[found->second].count;
        siftDown(m_inHeap[found->second]);
        return {found->second, false};
    }
    if (m_kept.size() < m_capacity) {
        const std::size_t index = m_kept.size();
        m_kept.push_back({std::string(key), 1, 0});
        m_index.emplace(m_kept.back().key, index);
        m_heap.push_back(index);
        m_inHeap.push_back(index);
        siftUp(m_heap.size() - 1);
        return {index, true};
    }
    const std::size_t index = m_heap.front();
    Kept &least = m_kept[index];
    auto node = m_index.extract(least.key); // its memory is used again
    least.key.assign(key);
    least.error = least.count;
    ++least.count;
    node.key() = least.key;
    m_index.insert(std::move(node));
    siftDown(0);
    return {index, true};
}

void SpaceSaving::place(std::size_t at, std::size_t index)
{
    m_heap[at] = index;
    m_inHeap[index] = at;
}

void SpaceSaving::siftDown(std::size_t at)
{
    const std::size_t index = m_heap[at];
    const std::uint64_t count = m_kept[index].count;
    for (std::size_t child = 2 * at + 1; child < m_heap.size(); child = 2 * at + 1) {
        if (child + 1 < m_heap.size() && m_kept[m_heap[child + 1]].count < m_kept[m_heap[child]].count)
            ++child;
        if (m_kept[m_heap[child]].count >= count)
            break;
        place(at, m_heap[child]);
        at = child;
    }
    place(at, index);
}

void SpaceSaving::siftUp(std::size_t at)
{
    const std::size_t index = m_heap[at];
    while (at > 0) {
        const std::size_t parent = (at - 1) / 2;
        if (m_kept[m_heap[parent]].count <= m_kept[index].count)
            break;
        place(at, m_heap[parent]);
        at = parent;
    }
    place(at, index);
}

std::vector<SpaceSaving::Kept> SpaceSaving::top(std::size_t most) const
{
    std::vector<Kept> sorted = m_kept;
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(most, sorted.size()));
    std::partial_sort(sorted.begin(), end, sorted.end(), [](const Kept &a, const Kept &b) { return a.count != b.count ? a.count > b.count : a.key < b.key; });
    sorted.erase(end, sorted.end());
    return sorted;
}

std::uint64_t SpaceSaving::worstError() const
{
    return m_kept.size() < m_capacity ? 0 : m_kept[m_heap.front()].count;
}

} // namespace shardlens::cacheflow
