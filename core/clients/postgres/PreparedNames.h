// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shardlens::postgres {

/// Under which names a session keeps statements prepared. At most `most`: the one that was used least recently makes room, but none that
/// was used since begin(). Pure bookkeeping, which says what to send; one thread.
class PreparedNames
{
public:
    explicit PreparedNames(std::size_t most) : m_most(most) {}

    void begin() { ++m_turn; } ///< of statements that are sent together: none of them displaces another

    struct Place {
        std::string name;      ///< empty: it is not kept, as there is no room
        std::string displaced; ///< whose name is to be freed first; empty = nobody's
        bool isNew = false;    ///< it is to be prepared under that name
    };
    [[nodiscard]] Place place(const std::string &sql);

    void forget(); ///< all of them; no name is given a second time
    [[nodiscard]] std::size_t size() const { return m_kept.size(); }

private:
    struct Kept {
        std::string sql;
        std::string name;
        std::uint64_t turn = 0;
    };

    std::size_t m_most;
    std::uint64_t m_turn = 0;
    std::uint64_t m_given = 0;
    std::list<Kept> m_kept;                                                  ///< the newest first
    std::unordered_map<std::string_view, std::list<Kept>::iterator> m_bySql; ///< over the texts of m_kept
};

} // namespace shardlens::postgres
