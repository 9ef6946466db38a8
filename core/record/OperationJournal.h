// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::record {

/// Where this person's operations on the fleet are written down: $XDG_STATE_HOME/shardlens/operations/<fleetFileName>.
/// The same for every program.
[[nodiscard]] QString operationsFolder(const fleet::Fleet &fleet);

/// What an operation did and is about to do, a line an entry, in <folder>/<id>.jsonl: only ever added to, each line on disk before
/// append() returns. Beside it <id>.lock, held by its one writer as long as that process lives, and <id>.cancel, once somebody asked
/// to stop. What the lines say is core/execute's. One thread.
class OperationJournal
{
public:
    /// A new one; makes the folder, for its owner's eyes only. Errors: Rejected where one of that id is there, Io.
    [[nodiscard]] static base::Result<std::unique_ptr<OperationJournal>> create(const QString &folder, const std::string &id);
    /// One that is there, to go on with. A line that broke off is cut away, and a wish to stop that its last writer had is over.
    /// Errors: Rejected where another process writes it, with that process's number; NotFound; Io.
    [[nodiscard]] static base::Result<std::unique_ptr<OperationJournal>> reopen(const QString &folder, const std::string &id);

    /// One whose lines were had from elsewhere; one of that id that is here already is set aside as <id>.jsonl.stale. All of it is on disk,
    /// or nothing is. Errors: Rejected where a process here writes it; Io.
    [[nodiscard]] static base::Result<std::unique_ptr<OperationJournal>> adopt(const QString &folder, const std::string &id, const std::vector<std::string> &lines);

    ~OperationJournal();
    OperationJournal(const OperationJournal &) = delete;
    OperationJournal &operator=(const OperationJournal &) = delete;

    /// `entry` holds no line's end. After an error nothing of it stands in the file, and the next may succeed.
    [[nodiscard]] base::Result<void> append(const std::string &entry);
    /// The same, but on disk only with the next append(): until then it outlives this process, and not the machine.
    [[nodiscard]] base::Result<void> note(const std::string &entry);
    [[nodiscard]] bool isCancelAsked() const; ///< a look at the folder: to be asked every so often

private:
    OperationJournal() = default;
    [[nodiscard]] static base::Result<std::unique_ptr<OperationJournal>> locked(const QString &folder, const std::string &id);
    [[nodiscard]] base::Result<void> cutOffBrokenLine();
    [[nodiscard]] base::Result<void> add(const std::string &entry, bool isFlushed);

    QString m_path;
    QString m_cancelPath;
    int m_lock = -1;
    int m_file = -1;
    std::int64_t m_length = 0; ///< of whole lines
    bool m_isTorn = false;     ///< more than that may stand in the file
};

/// One that stands in a folder.
struct KeptOperation {
    std::string id;
    bool isWritten = false; ///< its writer lives
    bool operator==(const KeptOperation &) const = default;
};

/// Those of a folder, begun last first; none where there is no folder. Errors: Io.
[[nodiscard]] base::Result<std::vector<KeptOperation>> operationsIn(const QString &folder);

/// Lines of a journal that may be written at the same time. One that is not complete yet is not among them.
struct JournalLines {
    std::vector<std::string> lines;
    std::int64_t next = 0; ///< the offset to ask from for those that follow
};
[[nodiscard]] base::Result<JournalLines> readJournal(const QString &folder, const std::string &id, std::int64_t from = 0);

/// The process that writes it; nothing where its writer is gone.
[[nodiscard]] std::optional<std::int64_t> writerOf(const QString &folder, const std::string &id);

/// Asks its writer to stop, for good: a wish cannot be taken back. Errors: NotFound where nobody writes it, Io.
[[nodiscard]] base::Result<void> askToCancel(const QString &folder, const std::string &id);

} // namespace shardlens::record
