// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/seed/Doors.h"
#include "app/localfleet/seed/Model.h"
#include "app/localfleet/seed/Shards.h"
#include "core/base/Result.h"

#include <set>
#include <string>

namespace shardlens::seed
{

/// What the directory remembers of a seeding, in a schema of its own (`localfleet`): its numbers, so that a later call makes
/// the same world, and which steps are done. Also declares the shard map. One thread; a kept session with the primary.
class Ledger
{
public:
    [[nodiscard]] static base::Result<Ledger> open(const fleet::Fleet &fleet, const Stop &stop);

    /// The numbers that this fleet was begun with, or `wanted` noted down for it.
    [[nodiscard]] base::Result<WorldParameters> keep(const WorldParameters &wanted);
    [[nodiscard]] base::Result<std::set<std::string>> doneSteps();
    [[nodiscard]] base::Result<void> finish(const std::string &step);

    /// Where each logical shard is to be: as the directory declares it, else as it will be declared.
    [[nodiscard]] base::Result<Declared> plannedShards(const fleet::Fleet &fleet);
    /// Declares partitions and the shard map, where not declared yet, all at once. Called when the shards are there: what is
    /// declared first and made later is missing in the meantime.
    [[nodiscard]] base::Result<void> declareShards(const fleet::Fleet &fleet);

private:
    Ledger(postgres::Session session, std::string schema) : m_session(std::move(session)), m_schema(std::move(schema)) {}
    postgres::Session m_session;
    std::string m_schema; ///< the directory's
};

/// Writes the names of all users into the directory, as the application. Idempotent.
[[nodiscard]] base::Result<void> fillNames(const fleet::Fleet &fleet, const World &world, Counter &counter);

} // namespace shardlens::seed
