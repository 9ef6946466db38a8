// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/discover/Draft.h"
#include "core/inspect/discover/Grouping.h"

namespace shardlens::inspect::discover {

/// Writes the lines of a draft. Used once.
class DraftWriter
{
public:
    DraftWriter(const std::vector<Finding> &findings, const Login &login, const DraftWishes &wishes);
    [[nodiscard]] Draft write();

private:
    using Sureness = DraftLine::Sureness;

    // DraftWriter.cpp
    void head();
    void places();
    void servers();
    void clusters();
    void tables();
    void services();
    void access();

    // DraftLimits.cpp: thresholds, proposed and never set
    void limits();
    void proposeLatency();
    void proposeLag();
    void proposeOthers();

    void heading(const std::string &text);
    void value(const std::string &key, const std::string &written, const std::string &why);
    void text(const std::string &key, const Reasoned &said);
    void list(const std::string &key, const std::vector<std::string> &texts, const std::string &why);
    void remark(const std::string &words);
    void proposal(const std::string &line, const std::string &why);
    [[nodiscard]] const Finding &of(std::size_t server) const { return m_findings[m_group.servers[server].finding]; }
    [[nodiscard]] std::vector<std::string> namesOf(const std::vector<std::size_t> &servers) const;
    void remarkOthers();
    void check();

    const std::vector<Finding> &m_findings;
    const Login &m_login;
    const DraftWishes &m_wishes;
    Grouping m_group;
    Draft m_draft;
};

} // namespace shardlens::inspect::discover
