// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/Options.h"
#include "core/cacheflow/HotKeyWatch.h"
#include "core/cacheflow/KeyDelete.h"
#include "core/cacheflow/KeyLook.h"
#include "core/cacheflow/Warming.h"
#include "core/clients/invalidator/InvalidatorAnswer.h"
#include "core/fleet/Fleet.h"
#include "core/inspect/lookup/Values.h"

#include <map>

namespace shardlens::ctl {

using InvalidatorAnswers = std::map<base::RegionName, base::Result<clients::InvalidatorAnswer>>;

/// What the pools' clients say of their leases, a line a pool; Problem where no region's invalidator could be asked.
[[nodiscard]] Answer leasesOf(const fleet::Fleet &fleet, const InvalidatorAnswers &answers, const Options &options);
/// How far each region's invalidator is, a line a cluster and a member; Problem where one does not answer, or is behind.
[[nodiscard]] Answer invalidationOf(const fleet::Fleet &fleet, const InvalidatorAnswers &answers, const Options &options);

/// `cache leases`, `cache invalidation`: asks every region's invalidator.
[[nodiscard]] Answer hotKeysOf(const fleet::Fleet &fleet, const base::RegionName &region, const cacheflow::HotKeysReport &report, const Options &options);

[[nodiscard]] Exit showInvalidators(const Options &options);
/// All at the same time: one that hangs costs its own time only.
[[nodiscard]] InvalidatorAnswers askInvalidators(const fleet::Fleet &fleet);
/// `cache locate`, `cache whatif`: asks no server.
[[nodiscard]] Exit locateKeys(const Options &options);
[[nodiscard]] Exit showMoves(const Options &options);
/// `cache inspect`: asks the key's member of every pool, after it was recorded who looks at whom.
[[nodiscard]] Exit inspectKey(const Options &options);
/// Why the values of a user's or a photo's key are not shown, by what became of the record of the look; empty: they are.
[[nodiscard]] std::string whyMasked(const base::Result<inspect::lookup::Recording> &recorded);
/// What lies there; with `why` no value.
[[nodiscard]] Answer inspectedOf(const fleet::Fleet &fleet, const std::string &key, const std::vector<cacheflow::PlacedLook> &looks, const std::string &why,
                                 const Options &options);
/// `cache staleness`: compares a sample of cached items with their rows.
[[nodiscard]] Exit showStaleness(const Options &options);
/// `cache hot`: watches a region's members.
[[nodiscard]] Exit showHotKeys(const Options &options);
/// `cache delete`: acts.
[[nodiscard]] Exit deleteKey(const Options &options);
/// What it would delete, and how many reads of the databases that costs besides: one a pool where the item is, or may be; more where nobody
/// says that the pool's clients use leases. `looks`: what lies there now.
[[nodiscard]] Answer deletePlanOf(const cacheflow::DeletePlan &plan, const std::vector<cacheflow::PlacedLook> &looks, const InvalidatorAnswers &answers, const Options &options);
/// `cache warm`: acts; with --plan it only says what it would do, and what came of it.
[[nodiscard]] Exit warmPool(const Options &options);
[[nodiscard]] Answer warmPlanOf(const cacheflow::WarmPlan &plan, const Options &options);
[[nodiscard]] Answer warmedOf(const cacheflow::WarmPlan &plan, const cacheflow::Warmed &done, const Options &options);

} // namespace shardlens::ctl
