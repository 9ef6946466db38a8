// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Audit.h"

namespace shardlens::facts {

AuditChain::AuditChain(const std::vector<AuditHead> &heads)
{
    for (const AuditHead &head : heads)
        m_heads[head.seq].push_back(head.hash);
}

void AuditChain::add(AuditFault fault, std::int64_t from, std::int64_t to)
{
    // What was done to a run of rows is told once.
    if (!m_flaws.empty() && m_flaws.back().fault == fault && m_flaws.back().to + 1 == from)
        m_flaws.back().to = to;
    else
        m_flaws.push_back({fault, from, to});
}

void AuditChain::take(const AuditRow &row)
{
    ++m_rows;
    const std::int64_t before = m_last ? m_last->seq : 0;
    const bool isNext = row.seq == before + 1;
    if (!isNext)
        add(AuditFault::Missing, before + 1, row.seq - 1);
    else if (row.previousHash != (m_last ? m_last->hash : std::string()))
        add(AuditFault::Unlinked, row.seq, row.seq);
    if (row.computed != row.hash)
        add(AuditFault::Edited, row.seq, row.seq);
    if (const auto kept = m_heads.find(row.seq); kept != m_heads.end()) {
        bool isReplaced = false;
        for (const std::string &hash : kept->second) {
            isReplaced |= hash != row.hash;
            m_headsMet += hash == row.hash ? 1 : 0;
        }
        if (isReplaced)
            add(AuditFault::Replaced, row.seq, row.seq);
        m_heads.erase(kept);
    }
    m_last = AuditHead{row.seq, row.hash};
}

void AuditChain::end()
{
    // A head within a gap is a row that is told as missing already.
    const std::int64_t last = m_last ? m_last->seq : 0;
    if (!m_heads.empty() && m_heads.rbegin()->first > last)
        add(AuditFault::CutOff, last + 1, m_heads.rbegin()->first);
    m_heads.clear();
}

HeadsHere headsOf(const std::vector<KeptHead> &kept, const std::string &directory)
{
    HeadsHere heads;
    bool hasOwn = false;
    for (const KeptHead &one : kept) {
        hasOwn = hasOwn || one.directory == directory;
        if (directory.empty() || one.directory.empty() || one.directory == directory)
            heads.own.push_back(one.head);
        else
            ++heads.ofOthers;
    }
    heads.isNew = heads.ofOthers > 0 && !hasOwn;
    // Heads of before directories were named are of the one that came before, too.
    if (heads.isNew) {
        heads.ofOthers += heads.own.size();
        heads.own.clear();
    }
    return heads;
}

std::string_view name(AuditFault fault)
{
    switch (fault) {
    case AuditFault::Edited: return "edited";
    case AuditFault::Unlinked: return "unlinked";
    case AuditFault::Missing: return "missing";
    case AuditFault::Replaced: return "replaced";
    case AuditFault::CutOff: return "cut_off";
    }
    return "";
}

} // namespace shardlens::facts
