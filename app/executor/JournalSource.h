// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Perform.h"
#include "core/execute/Operation.h"
#include "core/record/OperationJournal.h"

#include <memory>
#include <string>
#include <vector>

namespace shardlens::executor {

/// What an operation is gone on from: the journal here, or where there is none, or another machine went on since, the directory's copy.
struct JournalSource {
    std::vector<std::string> lines;
    execute::Operation operation;  ///< as these tell it
    bool isCopy = false;
    std::string mayBeShort;        ///< why more may have been done than they tell; empty: they tell all
};

/// Errors: Rejected where another machine carries it out still, or its copy cannot be read; NotFound where there is neither, with why.
[[nodiscard]] base::Result<JournalSource> findJournal(const Setting &setting, const fleet::DatabaseUser &actor);

/// The journal to write on. Of a copy: what it had, then `first`, on disk at once. Errors as OperationJournal's.
[[nodiscard]] base::Result<std::unique_ptr<record::OperationJournal>> openJournal(const Setting &setting, const JournalSource &source, const std::vector<std::string> &first);

} // namespace shardlens::executor
