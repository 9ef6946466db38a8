// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/BulkRead.h"

#include <atomic>

namespace shardlens::inspect::lookup {

struct Looker::Private {
    std::optional<Context> context; ///< nothing: nobody may look
    std::optional<base::Error> refusal;
    std::atomic<bool> isCancelled = false;

    [[nodiscard]] base::Result<void> begin();
    /// Before anything of it is read. `isNeeded`: unrecorded it may not go on, and the error says why.
    [[nodiscard]] base::Result<Recording> record(const std::vector<Look> &looks, bool isNeeded, Rounds &rounds);

    [[nodiscard]] base::Result<void> answerInto(Answer &answer, const Question &question, Rounds &rounds);
    [[nodiscard]] base::Result<void> byName(Answer &answer, const Question &question, Rounds &rounds);
    [[nodiscard]] base::Result<void> byId(Answer &answer, const Question &question, Rounds &rounds);

    /// One statement about one object, from its cluster's primary, else from a standby: rows, and who gave them. An ID whose shard is
    /// nowhere answers nothing.
    struct OneRead {
        std::optional<postgres::Rows> rows;
        std::optional<base::Error> error; ///< why there are none; nothing where no shard is declared
        ReadFrom from;
    };
    /// `beside` adds what can be asked at the same time, of other servers; it is asked where no shard is declared too.
    [[nodiscard]] OneRead readOne(fleet::RowKind kind, std::uint64_t id, const std::function<Sql(const std::string &schema)> &statement,
                                  Stage stage, Rounds &rounds, const std::function<void(Round &)> &beside = {});

    /// The answer with what its rounds took, or Cancelled.
    template <class Out>
    [[nodiscard]] base::Result<Out> finish(Out out, Rounds &rounds, base::Instant begun, base::UtcTime askedAt)
    {
        if (isCancelled)
            return base::fail(base::ErrorCode::Cancelled, "cancelled");
        out.troubles = std::move(rounds.troubles);
        out.stages = std::move(rounds.stages);
        out.took = std::chrono::floor<base::microseconds>(std::chrono::steady_clock::now() - begun);
        out.askedAt = askedAt;
        return out;
    }
};

} // namespace shardlens::inspect::lookup
