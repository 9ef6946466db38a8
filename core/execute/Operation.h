// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/operate/Plan.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::execute {

/// Who began an operation, or took it over.
struct Author {
    std::string databaseUser; ///< as whom its sessions log in
    std::string osUser;
    std::string host;
    bool operator==(const Author &) const = default;
};

/// A check that a person went on in spite of: it blocked, or did not pass all the same.
struct Forced {
    operate::CheckId check = operate::CheckId::ConsoleSees;
    std::string reason;
    bool operator==(const Forced &) const = default;
};

enum class StepState : std::uint8_t {
    Waiting,
    Doing,
    Done,
    Left,    ///< it may be left, and was: one of the things left to do
    Failed,
    InDoubt, ///< the answer did not come, and asking again has not told yet
    Undoing,
    Undone,
};

struct StepProgress {
    StepState state = StepState::Waiting;
    std::optional<base::UtcTime> beganAt;
    std::optional<base::microseconds> took; ///< once it ended
    std::string said;                       ///< why it failed, is left or in doubt: what the server said, and which
    bool operator==(const StepProgress &) const = default;
};

enum class Outcome : std::uint8_t {
    Done,
    Incomplete, ///< done, things left
    RolledBack, ///< everything that was changed is undone; writes flow to the old primary
    Failed,     ///< past the point of no return, or undoing failed: no primary takes writes, and a person must act
    InDoubt,    ///< what is so could not be observed
    Abandoned,  ///< a person said that it is to be left as it is
};

/// One operation, as the entries of its journal tell it.
struct Operation {
    std::string id;                   ///< of this operation alone: "u1-20261128-173502-4f2a"
    std::int64_t number = 0;          ///< raised by whoever begins or takes over on this cluster; the guards refuse lower ones
    operate::Act act = operate::Act::Switchover;
    base::ClusterName cluster;
    base::GroupName group; ///< a Redis group is moved; then `cluster` is empty
    base::ServerId from;
    base::ServerId to;
    base::ServerId on; ///< of a smaller act: the router or server acted on, and what of it
    std::string object;
    std::int64_t term = 0; ///< the cluster's term once it is done; 0: it keeps none
    Author author;
    std::string reason;
    std::vector<Forced> forced;
    base::UtcTime beganAt;
    std::optional<base::microseconds> expectedPause;
    std::optional<base::UtcTime> lastWriteAt; ///< of a failover: the newest commit that the candidate had when it began, or when it last heard the primary
    std::optional<base::Bytes> lostAtLeast;   ///< of a failover, as its plan told: bytes of log or offset
    std::optional<base::Bytes> lostAtMost;
    std::vector<operate::Step> steps;
    std::vector<StepProgress> progress; ///< as many as steps
    std::map<std::string, std::string> kept; ///< what steps read: "final" -> "0/3000060"
    std::optional<base::UtcTime> writesHeldFrom;
    std::optional<base::microseconds> writesHeld; ///< once they flow again
    std::optional<base::UtcTime> cancelAskedAt;
    bool mayBeShort = false; ///< more may have been done than its journal tells: whatever is not told may have been begun
    std::optional<Outcome> outcome;   ///< nothing: it runs, or whoever ran it is gone
    std::string said;                 ///< the outcome in words, where they are more than its name
    std::optional<base::UtcTime> endedAt;
    std::string copyMisses;           ///< what the directory's copy of the journal lacks, in words; empty: nothing that is known
    base::UtcTime lastEntryAt;

    bool operator==(const Operation &) const = default;
    [[nodiscard]] bool
    hasPromoted() const; ///< the point of no return was reached: its step waits no more, and was not proven unsent (Undone)
    void setLoss(const operate::LossWindow &loss);
    [[nodiscard]] const std::string &subject() const { return group.isEmpty() ? cluster.text() : group.text(); } ///< the cluster's or group's name
    [[nodiscard]] std::optional<base::UtcTime> writesFlowedAt() const; ///< once writes that were held flow again
    [[nodiscard]] operate::Intent intent() const; ///< what it was begun for, with the candidate that was chosen
    [[nodiscard]] std::vector<int> left() const;  ///< numbers of the steps that are left to do
};

[[nodiscard]] std::string_view name(StepState state); ///< waiting, doing, done, left, failed, in_doubt, undoing, undone
[[nodiscard]] std::string_view name(Outcome outcome); ///< done, incomplete, rolled_back, failed, in_doubt, abandoned

/// One line of a journal, JSON without its line's end. Keys and kinds stay.
[[nodiscard]] std::string entryBegun(const Operation &operation); ///< everything but progress; the first line
[[nodiscard]] std::string entryStep(int number, const StepProgress &progress, const std::map<std::string, std::string> &kept, base::UtcTime at);
[[nodiscard]] std::string entryWritesHeld(base::UtcTime from);
[[nodiscard]] std::string entryWritesFlow(base::microseconds held, base::UtcTime at);
[[nodiscard]] std::string entryTakenOver(std::int64_t number, const Author &by, base::UtcTime at);
/// Whoever goes on does so from a journal that may end before what was done, as a copy does; `why` in words. From here on the promotion
/// counts as perhaps sent, until `at`: by then whoever had the lock before had lost it.
[[nodiscard]] std::string entryMayBeShort(const std::string &why, base::UtcTime at);
/// What a failover that is begun anew would lose by now, in place of what it would have lost when it began.
[[nodiscard]] std::string entryLoss(const Operation &operation, base::UtcTime at);
[[nodiscard]] std::string entryCancelAsked(base::UtcTime at);
[[nodiscard]] std::string entryOutcome(Outcome outcome, const std::string &said, base::UtcTime at);

[[nodiscard]] std::string entryCopyMisses(const std::string &what, base::UtcTime at); ///< after the outcome

/// Reads a journal's lines. A last line that breaks off (its writer was killed) is passed over; any other that cannot be read is an
/// error (Protocol) that names its number.
[[nodiscard]] base::Result<Operation> operationOf(const std::vector<std::string> &lines);

/// One line more, for whoever follows a journal: what operationOf() would make of all lines so far with this one after them. After an
/// error (Protocol) the operation is good for nothing.
[[nodiscard]] base::Result<void> addEntry(Operation &to, const std::string &line);

/// A line as others may read it: without connection strings, which may hold a password, and with every password masked in what servers
/// said. Of a line that cannot be read: nothing.
[[nodiscard]] std::string withoutSecrets(const std::string &line);

} // namespace shardlens::execute
