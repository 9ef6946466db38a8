// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/execute/Hands.h"
#include "core/execute/Lane.h"
#include "core/execute/Operation.h"
#include "core/execute/Pace.h"

#include <atomic>
#include <functional>
#include <string>

namespace shardlens::execute {

/// Where an operation is written down.
class Journal
{
public:
    virtual ~Journal() = default;
    /// It is on disk when this returns, and all that was noted before it.
    [[nodiscard]] virtual base::Result<void> append(const std::string &entry) = 0;
    /// Read by everybody at once, but lost with the machine until the next entry is appended: for what servers tell again when asked,
    /// so that writes need not wait for a disk.
    [[nodiscard]] virtual base::Result<void> note(const std::string &entry) { return append(entry); }
};

/// Carries an operation's steps out, one after the other: the lock still held, "about to" written down, done, read back, the result
/// written down. What fails before the point of no return is undone in reverse, each step with a fresh deadline; from the sending of
/// the promotion on it only goes forward, and whatever cannot be finished is named. Blocks; one thread calls it. The targets of a step
/// are acted on at the same time, each by a thread of its own.
class Promotion;

class Runner
{
public:
    /// `pace`: how it waits and does several things at once; nothing: sleeps and threads.
    Runner(Operation operation, Hands &hands, Journal &journal, const base::Clock &clock, Pace *pace = nullptr);

    /// From the first step that is not done. Of an operation that was broken off after its point of no return, what is done is passed
    /// over. Of one that was broken off before it, nothing is: a guard may have resumed traffic meanwhile, so that all is held anew.
    /// Where the journal may end before what was done, the promotion counts as perhaps sent, what the servers can tell of the missing
    /// readings is read again, and whatever is taken back is taken back whether it is told of or not.
    Outcome run();
    /// Of one that was broken off before its point of no return: takes everything back, once the candidate is seen to be a standby.
    Outcome undo();
    /// Asked where the promotion counted as perhaps sent, is proven not to have been, and all would begin anew; and before writes are held,
    /// where what was looked at is older than `trustedFor` by then. Set before run(). Its answer: a line for the journal, or empty. Its
    /// error ends the operation: nothing is sent, or all is undone.
    std::function<base::Result<std::string>(const Operation &)> judgeAnew;
    /// From any thread: stops before the next step, or within one that waits, and undoes. After the point of no return: nothing, but that
    /// a copy that takes long is ended, and its step left.
    void cancel() { m_cancelled = true; }

    [[nodiscard]] const Operation &operation() const { return m_operation; } ///< the thread that runs it

private:
    /// What several lanes came to.
    struct Together {
        std::optional<base::Error> error; ///< the first, with all of them in its message
        bool isContradicted = false;
        bool mayBeRepeated = true;
        bool isOutOfTime = false;
        bool isUnreached = false; ///< nobody there was heard before anything was begun
        std::optional<operate::HostAct> failedDeed = {};
    };

    // Runner.cpp: the order of things.
    [[nodiscard]] std::optional<Outcome> takeUp(std::size_t &first);
    [[nodiscard]] std::optional<base::Error> refuseAgain();
    [[nodiscard]] base::Result<void> lookAnew();
    [[nodiscard]] StepState takeStep(std::size_t index);
    [[nodiscard]] base::Result<void> mayTake(std::size_t index);
    [[nodiscard]] StepState endStep(std::size_t index, StepState state, std::string said);
    Outcome finish(Outcome outcome, std::string said);

    // RunnerSteps.cpp: one step.
    [[nodiscard]] StepState carryOutStep(std::size_t index);
    [[nodiscard]] std::optional<base::Error> begin(std::size_t index);
    [[nodiscard]] Together attempt(std::size_t index, std::vector<Lane> &lanes, base::Instant until);
    [[nodiscard]] Together carryOutTogether(std::vector<Lane> &lanes, const LaneLimits &limits);
    [[nodiscard]] std::string takeHandLanes(std::vector<Lane> &lanes);
    [[nodiscard]] bool mayDoWithout(std::size_t index, const Together &came) const;
    [[nodiscard]] bool isBeforeStonith(std::size_t index) const;
    [[nodiscard]] bool isFenced(std::size_t index) const;
    void noteFenced(std::size_t index);

    // RunnerInstead.cpp: steps that stand in for another that was left.
    [[nodiscard]] std::optional<StepState> passOver(std::size_t index);
    [[nodiscard]] bool isStoodInFor(std::size_t index) const;
    [[nodiscard]] bool isLeftInstead(std::size_t index) const;
    [[nodiscard]] bool isCopy(std::size_t index) const;
    [[nodiscard]] bool isGivenUp(std::size_t index, const Together &came) const;
    [[nodiscard]] StepState leave(std::size_t index, const Together &came, std::string why);
    [[nodiscard]] std::string clearAway(std::size_t index);
    void noteStoodIn(std::size_t index);
    [[nodiscard]] std::optional<base::Error> readMissing(const std::vector<Lane> &lanes, const operate::Step &step, base::Instant until);

    // RunnerPromotion.cpp: the point of no return.
    [[nodiscard]] StepState promote(std::size_t index);
    [[nodiscard]] std::optional<base::Error> mayPromote(std::size_t index, base::Instant until);
    [[nodiscard]] std::optional<StepState> seeManagersOwn(std::size_t index);
    [[nodiscard]] std::string elsewhere(const Promotion &promotion) const;
    [[nodiscard]] std::optional<StepState> sendPromotion(std::size_t index, const operate::Command &command, base::Instant until);

    // RunnerUndo.cpp: back again.
    Outcome rollBack(const std::string &why);
    [[nodiscard]] std::string undoStep(std::size_t index);

    // Writing down.
    enum class Lasts : std::uint8_t { AtOnce, WithTheNext };
    bool append(const std::string &entry, Lasts lasts = Lasts::AtOnce);
    [[nodiscard]] Lasts lastsOf(std::size_t index, StepState state) const;
    bool enter(std::size_t index, StepState state, const std::string &said = {});
    void keepWords(const Words &kept);
    void holdWrites();
    void letWritesFlow();
    void noteCancel();
    void noteWhatCameBefore(std::size_t index);

    [[nodiscard]] std::size_t promotion() const; ///< the step that is the point of no return; as many as steps where none is
    [[nodiscard]] std::size_t firstHeld() const; ///< likewise, the first that holds writes
    [[nodiscard]] std::size_t firstTold() const; ///< likewise, the first of which guards must know
    [[nodiscard]] std::size_t release() const;   ///< likewise, the one after which they flow
    [[nodiscard]] bool isBefore(std::size_t index) const { return index <= promotion() && !m_operation.hasPromoted(); }
    [[nodiscard]] base::Instant sentBy() const;   ///< the promotion, by whoever began it, at the latest
    [[nodiscard]] Words words();

    static constexpr base::seconds trustedFor{2}; ///< what was looked at before the first step
    static constexpr base::milliseconds toldEvery{1000};
    static constexpr base::seconds askedWithin{60}; ///< of a copy: a guard that is silent does not hold a person's end of it for hours
    static constexpr base::seconds doubtPatience{30}; ///< so long is a promotion asked after

    Operation m_operation;
    Hands &m_hands;
    Journal &m_journal;
    const base::Clock &m_clock;
    ThreadPace m_threads;
    Pace &m_pace;
    std::atomic<bool> m_cancelled{false};
    bool m_isAnnounced = false;
    bool m_isUndoing = false;
    bool m_rewindFailed = false;              ///< of the old primary, by this runner; its host was heard
    bool m_fenceWasContradicted = false;      ///< who was reached said that the old primary runs, or could not be stopped
    Words m_stepKept;                         ///< by the step that is being carried out
    base::Instant m_stepBegan;
    base::Instant m_toldAt;                   ///< how far a long step is
    std::optional<base::Instant> m_heldSince; ///< by this runner
    std::string m_why;                        ///< the step that failed, and why
    std::string m_unwritten;                  ///< the first entry that could not be written: why
};

} // namespace shardlens::execute
