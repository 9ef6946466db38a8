// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/format/ClaimText.h"
#include "ui/format/ProblemText.h"
#include "ui/models/Roles.h"
#include "ui/models/RowModel.h"

#include <optional>

namespace shardlens::ui::models {

/// One problem as the list shows it: running, or ended and muted.
struct ProblemRow {
    std::string id; ///< the problem's, with its beginning where it ended: a problem may come back
    facts::Problem problem;
    std::optional<facts::UtcTime> endedAt;
    format::ProblemText text;
    QString lasts; ///< "33 s", or "lasted 4 min"
    QString since; ///< "03:13:41Z", or "before 03:14Z"
    QStringList consequences; ///< the first line of each
    format::ClaimText claim;  ///< who is on it, whether it is quiet, what other consoles see
    bool isOpened = false;
    QStringList backlogs = {}; ///< of the opened one, while it runs: how far behind the standbys are that it holds back
    QStringList prices = {};   ///< likewise: what the move that it tempts to would cost
    bool operator==(const ProblemRow &) const = default;
};

/// Who is on it and what keeps this person from it, in sentences; empty where nobody asks the directory.
[[nodiscard]] QString peopleText(const ProblemRow &row);

/// Running problems, worst first, then those that ended. While held (the pointer is over the list, or a row has focus) nothing
/// moves: known rows are brought up to date in place, one that ends is muted where it stands, new ones wait. GUI thread.
class ProblemModel : public RowModel<ProblemRow>
{
    Q_OBJECT

public:
    enum Column { What, Since, ColumnCount };

    using RowModel::RowModel;

    void showSnapshot(const facts::Snapshot &snapshot);
    /// The problem that is read in full, none: empty. What it tells besides is worked out for it alone.
    void setOpened(const std::string &id, const facts::Snapshot &snapshot);
    void setHeld(bool held);       ///< letting go brings what waited
    [[nodiscard]] bool isHeld() const { return m_held; }
    void setShowsEnded(bool shows);
    void takeWaiting();            ///< brings what waits although held: the person asked for it
    [[nodiscard]] int waiting() const { return m_waiting; } ///< new problems that are not shown yet
    [[nodiscard]] int running() const;
    [[nodiscard]] int ended() const { return m_ended; }     ///< in the last 12 h, shown or not

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// A line a problem: severity, rule, place, since, whether exact, ended at, sentence.
    [[nodiscard]] QString asCsv() const;

Q_SIGNALS:
    void waitingChanged(int waiting);

private:
    void bringIn();
    void updateInPlace();
    void setWaiting(int waiting);
    void markOpened(ProblemRow &row, const facts::Snapshot &snapshot) const;
    [[nodiscard]] QString spoken(const ProblemRow &row) const;

    std::vector<ProblemRow> m_newest; ///< as the last snapshot has them
    std::string m_opened;
    facts::Instant m_now; ///< of the last snapshot: readings age by it
    bool m_held = false;
    bool m_showsEnded = true;
    int m_waiting = 0;
    int m_ended = 0;
};

} // namespace shardlens::ui::models
