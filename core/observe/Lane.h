// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/LatencyMedian.h"
#include "core/clients/loop/EventLoop.h"
#include "core/clients/loop/PollClient.h"
#include "core/facts/Observation.h"

#include <functional>
#include <memory>
#include <random>

namespace shardlens::observe {

/// The polling lane of one server: one request under way at a time, the newest waiting one replacing any before it.
/// Holds the deadlines (they count from the request, whatever the server does), calls a server late or down, drops a hanging
/// connection and opens another with back-off and jitter. Lives in one loop's thread.
class Lane
{
public:
    struct Settings {
        base::ServerId server;
        base::milliseconds deadline{1000};
        base::milliseconds downAfter{3000};
        std::uint32_t seed = 0; ///< of the jitter
    };
    using Publish = std::function<void(std::shared_ptr<const facts::Observation>)>;
    using Settled = std::function<void(std::uint64_t round)>; ///< nothing more is to be waited for in that round

    Lane(std::shared_ptr<clients::EventLoop> loop, std::unique_ptr<clients::PollClient> client, Settings settings,
         std::shared_ptr<const base::Clock> clock, Publish publish, Settled settled);
    ~Lane();
    Lane(const Lane &) = delete;
    Lane &operator=(const Lane &) = delete;

    void ask(std::uint64_t round); ///< the first one connects
    void stop();                   ///< silently; to be called in the loop's thread before it ends
    void restoreUsual(base::microseconds latency); ///< what an earlier run found usual
    [[nodiscard]] const base::ServerId &server() const { return m_settings.server; }
    void rest();                   ///< gives the connection back if nothing is asked; the next ask() opens it anew

private:
    enum class Link { Closed, Opening, Open };

    void openNow();
    void openLater();
    void send();
    void opened();
    void replied();
    void answered(facts::Sample sample);
    void failed(base::Error error);
    void late();
    void down();
    void giveUpAfter(unsigned patience, const char *reason);
    void startClocks();
    void stopClocks();
    void settle();
    void publish();
    void takeSample(facts::Sample sample, base::Instant now);

    std::shared_ptr<clients::EventLoop> m_loop;
    std::unique_ptr<clients::PollClient> m_client;
    Settings m_settings;
    std::shared_ptr<const base::Clock> m_clock;
    Publish m_publish;
    Settled m_settled;
    std::minstd_rand m_random;

    facts::Observation m_seen;           ///< as last published
    base::LatencyMedian m_median;
    Link m_link = Link::Closed;
    bool m_waiting = false;              ///< a poll is unanswered
    bool m_wanted = false;               ///< one is to be sent as soon as possible
    std::uint64_t m_round = 0;
    bool m_roundOpen = false;
    base::Instant m_sentAt;              ///< of the poll under way
    std::optional<base::Instant> m_repliedAt; ///< its first reply, where the answer is made of several
    base::Instant m_openedAt;            ///< when the newest attempt to connect began
    std::optional<base::Instant> m_unansweredSince;
    base::UtcTime m_unansweredSinceUtc;
    std::uint32_t m_attempts = 0;        ///< to connect, since the last answer
    unsigned m_hung = 0;                 ///< attempts and polls given up since then
    clients::EventLoop::TimerId m_lateTimer = 0;
    clients::EventLoop::TimerId m_downTimer = 0;
    clients::EventLoop::TimerId m_linkTimer = 0; ///< the next attempt to connect, or the end of the attempt or poll under way
};

/// From the beginning of one attempt to connect to that of the next, the `attempts`-th of which failed: longer each time, up to 2.5 s,
/// and a quarter more or less by chance, so that hundreds that lost a server do not come back in step.
[[nodiscard]] base::microseconds pauseAfter(std::uint32_t attempts, std::minstd_rand &random);

} // namespace shardlens::observe
