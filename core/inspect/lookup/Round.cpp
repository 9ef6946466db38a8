// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Round.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

namespace {

/// One job's outcome, and the count of those that are still out.
struct Waiting {
    std::mutex mutex;
    std::condition_variable done;
    std::size_t left = 0;
};

struct Told {
    ServerTiming timing;
    std::optional<base::Error> error;
};

} // namespace

Link *Links::of(const ServerId &id)
{
    const auto found = m_links.find(id);
    if (found != m_links.end())
        return found->second.get();
    const fleet::Server *server = m_ground->fleet->server(id);
    if (!server)
        return nullptr;
    return m_links.emplace(id, std::make_unique<Link>(m_ground, *server)).first->second.get();
}

void Round::ask(const ServerId &server, Ask ask)
{
    m_asks.emplace_back(server, std::move(ask));
}

void Round::run(Rounds &rounds)
{
    if (m_asks.empty())
        return;
    const auto begun = std::chrono::steady_clock::now();
    Waiting waiting;
    std::vector<Told> told(m_asks.size());
    waiting.left = m_asks.size();
    for (std::size_t i = 0; i < m_asks.size(); ++i) {
        told[i].timing.server = m_asks[i].first;
        Link *link = m_links.of(m_asks[i].first);
        const auto job = [begun, &waiting, &mine = told[i], &ask = m_asks[i].second](Link &asked) {
            const auto done = ask(asked);
            mine.timing.took = std::chrono::floor<base::microseconds>(std::chrono::steady_clock::now() - begun);
            mine.timing.answered = done.has_value();
            if (!done)
                mine.error = done.error();
            // Told under the lock: the round and its locals are gone as soon as the last one is counted.
            const std::lock_guard lock(waiting.mutex);
            if (--waiting.left == 0)
                waiting.done.notify_one();
        };
        if (link) {
            link->run(job);
        } else {
            const std::lock_guard lock(waiting.mutex);
            told[i].error =
                base::Error{base::ErrorCode::NotFound, "the fleet has no such server", {}, m_asks[i].first.text(), base::Effect::None};
            told[i].timing.answered = false;
            --waiting.left;
        }
    }
    {
        std::unique_lock lock(waiting.mutex);
        waiting.done.wait(lock, [&] { return waiting.left == 0; });
    }
    StageTiming stage;
    stage.stage = m_stage;
    stage.took = std::chrono::floor<base::microseconds>(std::chrono::steady_clock::now() - begun);
    for (Told &one : told) {
        if (one.error && std::none_of(rounds.troubles.begin(), rounds.troubles.end(),
                                      [&](const Trouble &trouble) { return trouble.server == one.timing.server; }))
            rounds.troubles.push_back({one.timing.server, *one.error});
        stage.servers.push_back(std::move(one.timing));
    }
    rounds.stages.push_back(std::move(stage));
    m_asks.clear();
}

} // namespace shardlens::inspect::lookup
