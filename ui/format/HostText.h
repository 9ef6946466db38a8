// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"

#include <QString>
#include <QStringList>

namespace shardlens::ui::format {

// Words for what runs on a host, for its kernel, and for caches that are watched.

[[nodiscard]] QString partWord(const campaign::Hosted &one); ///< primary, standby, replica, router, pool member, role not known
[[nodiscard]] QString partOf(const campaign::Hosted &one);   ///< "primary of u1", "router of us-east"
/// What becomes of it once its host is gone: "u1-us-west can take over", "u1 has one standby left: u1-eu-west", "Nobody stands by for u1".
[[nodiscard]] QString withoutIt(const campaign::Hosted &one);
/// "The log that it lacks is kept for about 3 h 05 min", or that there is no limit, or that it is not known; empty: it needs none.
[[nodiscard]] QString slotText(const campaign::Hosted &one);
[[nodiscard]] QString goneText(const campaign::Hosted &one); ///< both, in sentences

[[nodiscard]] QString elsewhereText(const campaign::Hosted &one); ///< in short: "no second", "2 elsewhere"

/// "Kernel 6.1.0-30-amd64, was 6.1.0-25-amd64. Booted 2026-11-29 02:14:07Z.", or why it is not known.
[[nodiscard]] QString kernelText(const campaign::KernelSeen &seen);
[[nodiscard]] QString kernelTitle(const campaign::KernelSeen &seen); ///< in short: "Not restarted"
/// It is as a person who brings a host back with a new kernel wants it; not known: false.
[[nodiscard]] bool isKernelFresh(const campaign::KernelSeen &seen);

[[nodiscard]] QString warmthText(const campaign::PoolWarmth &pool);  ///< "71.20 %, was 96.41 %"
[[nodiscard]] QString watchText(const campaign::Campaign &campaign); ///< how the look at the caches stands; empty: there was none
[[nodiscard]] QString backlogText(const campaign::InvalidationBacklog &backlog); ///< "1,204 keys wait, deletes took 0.41 s lately"

} // namespace shardlens::ui::format
