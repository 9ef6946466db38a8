// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Link.h"
#include "core/inspect/lookup/Values.h"

namespace shardlens::inspect::lookup {

/// The links of a looker, made when they are first needed. One thread.
class Links
{
public:
    explicit Links(std::shared_ptr<const LinkGround> ground) : m_ground(std::move(ground)) {}

    /// Null for a server that the fleet has not.
    [[nodiscard]] Link *of(const ServerId &id);
    [[nodiscard]] const LinkGround &ground() const { return *m_ground; }

private:
    std::shared_ptr<const LinkGround> m_ground;
    std::map<ServerId, std::unique_ptr<Link>> m_links;
};

/// What the rounds of one call leave behind.
struct Rounds {
    std::vector<Trouble> troubles;
    std::vector<StageTiming> stages;
};

/// Questions that are asked at the same time, and waited for together. One thread; the jobs run in those of their links, and what
/// they write to is not touched until run() has returned.
class Round
{
public:
    /// What a job answers: nothing, or why its server did not answer. An error that is an answer (no such schema) is not one.
    using Ask = std::function<base::Result<void>(Link &)>;

    Round(Links &links, Stage stage) : m_links(links), m_stage(stage) {}

    void ask(const ServerId &server, Ask ask);
    [[nodiscard]] bool isEmpty() const { return m_asks.empty(); }
    void run(Rounds &rounds);

private:
    Links &m_links;
    Stage m_stage;
    std::vector<std::pair<ServerId, Ask>> m_asks;
};

} // namespace shardlens::inspect::lookup
