// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/execute/Runner.h"
#include "core/facts/Shared.h"
#include "core/record/OperationJournal.h"

#include <functional>
#include <memory>
#include <string>

namespace shardlens::executor {

/// A journal on disk.
class FileJournal final : public execute::Journal
{
public:
    explicit FileJournal(std::unique_ptr<record::OperationJournal> file) : m_file(std::move(file)) {}
    base::Result<void> append(const std::string &entry) override { return told(m_file->append(entry)); }
    base::Result<void> note(const std::string &entry) override { return told(m_file->note(entry)); }
    std::function<void()> written; ///< called after each entry; takes no time
    [[nodiscard]] const record::OperationJournal &file() const { return *m_file; }

private:
    base::Result<void> told(base::Result<void> done) const
    {
        if (written)
            written();
        return done;
    }

    std::unique_ptr<record::OperationJournal> m_file;
};

[[nodiscard]] base::Result<std::string> fromKeychain(const std::string &entry);
[[nodiscard]] execute::Author authorOf(const fleet::DatabaseUser &actor);

/// What is marked; null where the fleet has no directory. One that does not answer leaves it unknown.
[[nodiscard]] facts::SharedPtr sharedNow(const std::shared_ptr<const fleet::Fleet> &fleet);

} // namespace shardlens::executor
