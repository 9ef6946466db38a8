// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shardlens::cacheflow {

/// The most frequent of a stream of keys in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi 2005). A key that is seen more
/// than total() / capacity() times is among those kept; a kept one's true count lies between `count - error` and `count`. A value; one
/// thread.
class SpaceSaving
{
public:
    struct Kept {
        std::string key;
        std::uint64_t count = 0;
        std::uint64_t error = 0; ///< so much of it may belong to keys that were here before
        bool operator==(const Kept &) const = default;
    };

    explicit SpaceSaving(std::size_t capacity);

    struct Place {
        std::size_t index = 0; ///< below capacity(); the key's as long as it is kept
        bool isNew = false;    ///< what stood there before is gone
    };
    Place add(std::string_view key);

    /// The most frequent, at most `most`; the same order for the same counts.
    [[nodiscard]] std::vector<Kept> top(std::size_t most) const;
    [[nodiscard]] const Kept &at(std::size_t index) const { return m_kept[index]; }
    [[nodiscard]] std::size_t size() const { return m_kept.size(); }
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }
    [[nodiscard]] std::uint64_t total() const { return m_total; }
    /// No kept count is wrong by more; nothing was left out before the capacity was reached.
    [[nodiscard]] std::uint64_t worstError() const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    void siftDown(std::size_t at);
    void siftUp(std::size_t at);
    void place(std::size_t at, std::size_t index);

    std::size_t m_capacity;
    std::uint64_t m_total = 0;
    std::vector<Kept> m_kept;
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> m_index;
    std::vector<std::size_t> m_heap;   ///< indexes, the least count first
    std::vector<std::size_t> m_inHeap; ///< an index's place there
};

} // namespace shardlens::cacheflow
