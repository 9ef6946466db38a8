// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/facts/Snapshot.h"
#include "core/observe/Engine.h"

#include <functional>
#include <memory>

namespace shardlens::observe {

/// Every server and every way of serving was tried: each answers, is down, or had long enough. Before that a problem's consequences
/// could stand there without their cause.
[[nodiscard]] bool hasSettled(const facts::Snapshot &snapshot);

/// What each server says that answers was asked after `then`. Of one that does not answer, that it does not is all there is.
[[nodiscard]] bool isAskedSince(const facts::Snapshot &snapshot, base::Instant then);

/// Long enough for a silent server to be called down.
[[nodiscard]] base::milliseconds settlingTime(const fleet::Thresholds &thresholds);

/// Reads what consoles tell one another; may wait for the directory, within a deadline of its own. Never null.
using SharedReader = std::function<facts::SharedPtr()>;

/// For programs that look once: starts an engine, waits until `isSeen` holds or `patience` passes, and stops it. Needs a QCoreApplication;
/// runs its event loop meanwhile. With `readShared`, which is called in a thread of its own, marks are there before problems are judged.
[[nodiscard]] facts::SnapshotPtr lookOnce(const std::shared_ptr<const fleet::Fleet> &fleet, Engine::Options options,
                                          const std::function<bool(const facts::Snapshot &)> &isSeen, base::milliseconds patience,
                                          const SharedReader &readShared = {});

} // namespace shardlens::observe
