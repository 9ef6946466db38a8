// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace shardlens::observe {

/// One who is asked again and again by blocking calls.
class Asked
{
public:
    virtual ~Asked() = default;
    /// In a thread of the lanes, never twice at once; returns after `within` at the latest, and soon after the lanes' stop() is raised.
    /// Errors as those of who is asked; TimedOut: it may only have been given too little time.
    virtual base::Result<void> ask(base::milliseconds within) = 0;
    /// What ask() brought counts; it was asked then. This and silent(): under the lanes' lock, so they are to be short.
    virtual void answered(base::Instant asked) = 0;
    /// It left a question without an answer for its deadline, or refused; `since`: the first such. Said again with each such question,
    /// and when it has been silent for long enough to be down.
    virtual void silent(base::Instant since, base::Error error) = 0;
};

/// Asks hundreds each interval by a few threads, so that one that hangs delays no other. There are three lanes, each with threads of its own,
/// which are started as they are needed:
///   quick   who answered within a tenth of a second is given four times what it took, then it makes room;
///   slow    who took longer, or made room, is given the whole deadline;
///   silent  who let that pass, or refused, is asked with back-off and jitter until it answers.
/// Who begins to hang thus costs the quick ones a moment once, and the slow ones one deadline. What is late or down is told when it
/// is so, however many wait to be asked again; nobody is called down to whom the whole deadline was not given.
class AskingLanes
{
public:
    struct Settings {
        base::milliseconds interval; ///< from one question to the next, of who answers
        base::milliseconds deadline; ///< of one question
        base::milliseconds downAfter;
    };
    static constexpr std::size_t mostThreads = 8 + 12 + 12 + 1; ///< the lanes', and one that looks after them

    AskingLanes(Settings settings, std::shared_ptr<const base::Clock> clock);
    /// Ends what is being asked.
    ~AskingLanes();
    AskingLanes(const AskingLanes &) = delete;
    AskingLanes &operator=(const AskingLanes &) = delete;

    /// Begins to ask. The thread that made the lanes.
    void add(std::unique_ptr<Asked> asked);

    /// Raised when the asking is to end.
    [[nodiscard]] const std::shared_ptr<wire::Interrupt> &stop() const { return m_stop; }

private:
    enum class Pace : std::uint8_t { Quick, Slow, Silent };
    enum class Told : std::uint8_t { Nothing, Late, Down };

    struct Entry {
        std::unique_ptr<Asked> asked;
        Pace pace = Pace::Quick;
        base::milliseconds patience{0};
        std::optional<base::Instant> since; ///< the first question without an answer, one under way too
        std::uint32_t misses = 0;           ///< in a row, of whole deadlines
        Told told = Told::Nothing;
    };
    struct Lane {
        std::size_t most = 0;
        std::multimap<base::Instant, Entry *> due; ///< who is not being asked, by when it is to be
        std::vector<std::thread> threads;
        std::size_t resting = 0;
        bool isWatched = false; ///< one of those rests until the first is due; the others until they are called
        std::condition_variable wake;
    };
    using Lock = std::unique_lock<std::mutex>;

    void put(Entry &entry, base::Instant due);
    void startThread(Pace pace);
    void work(Pace pace);
    Entry *next(Lane &lane, Lock &lock);
    void answered(Entry &entry, base::Instant asked);
    void missed(Entry &entry, base::milliseconds given, const base::Error &error);
    void tell(Entry &entry, const base::Error &error);
    void lookAfter();
    void tellOverdue(Entry &entry);
    [[nodiscard]] base::Instant afterPause(const Entry &entry);

    Settings m_settings;
    std::shared_ptr<const base::Clock> m_clock;
    std::shared_ptr<wire::Interrupt> m_stop = std::make_shared<wire::Interrupt>();
    std::mutex m_mutex; ///< of all below
    std::vector<std::unique_ptr<Entry>> m_entries;
    std::array<Lane, 3> m_lanes; ///< by Pace
    std::thread m_keeper;
    std::condition_variable m_keeperWake;
    std::minstd_rand m_random;
    bool m_ends = false;
};

} // namespace shardlens::observe
