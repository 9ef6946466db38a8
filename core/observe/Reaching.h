// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/facts/Reach.h"

namespace shardlens::observe {

// How it is reached, of whatever is asked again and again by blocking calls. Pure.

/// It answered what was asked then.
void noteAnswer(facts::Reach &reach, base::Instant asked, const base::Clock &clock);
/// It did not, or refused; `asked`: the first question that it left so. Late at first, down when refused or silent for `downAfter`.
void noteSilence(facts::Reach &reach, base::Instant asked, base::Error error, base::milliseconds downAfter, const base::Clock &clock);

} // namespace shardlens::observe
