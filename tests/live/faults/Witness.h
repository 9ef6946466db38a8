// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "core/clients/wire/Wait.h"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

/// Writes to and reads from every cluster through every region's router, twice a second and apart from all that the console does,
/// and so knows what a headline may say. Runs its own threads from construction to destruction; the questions: any thread.
class Witness
{
public:
    struct Way {
        std::string cluster;
        std::string region;
        bool forReads = false;
        auto operator<=>(const Way &) const = default;
    };

    /// `clusters`: those that people use; each holds the table that `makeTable` makes.
    Witness(const shardlens::localfleet::Ground &ground, const std::vector<std::string> &clusters);
    ~Witness();
    Witness(const Witness &) = delete;
    Witness &operator=(const Witness &) = delete;

    static constexpr const char *makeTable = "CREATE SCHEMA IF NOT EXISTS witness; GRANT USAGE ON SCHEMA witness TO shardlens_app;"
                                             "CREATE TABLE IF NOT EXISTS witness.tries (way text PRIMARY KEY, written bigint NOT NULL);"
                                             "GRANT SELECT, INSERT, UPDATE ON witness.tries TO shardlens_app";

    /// Whether the newest try succeeded, if it ended after that time; else nothing is known yet.
    [[nodiscard]] std::optional<bool> workedAfter(const Way &way, std::chrono::steady_clock::time_point then) const;
    /// Seconds for which every try has succeeded, or none has; 0 where the last ones differ.
    [[nodiscard]] double worksFor(const Way &way) const;
    [[nodiscard]] double failsFor(const Way &way) const;
    [[nodiscard]] std::vector<Way> ways() const;

private:
    using Clock = std::chrono::steady_clock;
    struct Seen {
        Clock::time_point lastWorked;  ///< the newest success
        Clock::time_point worksSince;  ///< the first success after the newest failure
        Clock::time_point lastTried;   ///< when the newest try ended
        bool works = true;             ///< how it ended
    };

    void watch(const Way &way);
    void note(const Way &way, bool worked);

    const shardlens::localfleet::Ground &m_ground;
    std::shared_ptr<shardlens::wire::Interrupt> m_stop = std::make_shared<shardlens::wire::Interrupt>();
    mutable std::mutex m_mutex;
    std::map<Way, Seen> m_seen;
    std::vector<std::thread> m_threads;
};
