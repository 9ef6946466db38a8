// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/PreparedNames.h"

namespace shardlens::postgres {

PreparedNames::Place PreparedNames::place(const std::string &sql)
{
    if (const auto found = m_bySql.find(sql); found != m_bySql.end()) {
        const auto kept = found->second;
        kept->turn = m_turn;
        m_kept.splice(m_kept.begin(), m_kept, kept);
        return {kept->name, {}, false};
    }
    Place place;
    if (m_kept.size() >= m_most) {
        if (m_kept.empty() || m_kept.back().turn == m_turn)
            return place;
        place.displaced = m_kept.back().name;
        m_bySql.erase(m_kept.back().sql);
        m_kept.pop_back();
    }
    place.name = "s" + std::to_string(++m_given);
    place.isNew = true;
    m_kept.push_front({sql, place.name, m_turn});
    m_bySql.emplace(m_kept.front().sql, m_kept.begin());
    return place;
}

void PreparedNames::forget()
{
    m_bySql.clear();
    m_kept.clear();
}

} // namespace shardlens::postgres
