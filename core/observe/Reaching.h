// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/facts/Reach.h"

namespace shardlens::observe {

// How it is reached, of whatever a thread of its own asks again and again. Pure.

/// It answered what was asked then.
void noteAnswer(facts::Reach &reach, base::Instant asked, const base::Clock &clock);
/// It did not, or refused: late at first, down when refused or silent for `downAfter`.
void noteSilence(facts::Reach &reach, base::Instant asked, base::Error error, base::milliseconds downAfter, const base::Clock &clock);

} // namespace shardlens::observe
