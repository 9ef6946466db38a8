// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"
#include "core/inspect/lookup/Bulk.h"
#include "core/inspect/lookup/Question.h"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace shardlens::ctl {

/// Asks the fleet about many finds at once, as Looker::bulk() does.
using AskMany = std::function<base::Result<inspect::lookup::BulkLook>(const std::vector<inspect::lookup::Find> &finds)>;

/// Whom a command means that wants a user. A name that somebody has goes before the short code that it looks like. Errors: BadInput,
/// NotFound (nobody has the name), Unreachable (the directory does not tell), those of `ask`.
[[nodiscard]] base::Result<std::uint64_t> userMeant(const inspect::lookup::Recognised &found, const std::string &text, const AskMany &ask);
/// Which photo or video: a name is none. Errors: BadInput.
[[nodiscard]] base::Result<std::uint64_t> mediaMeant(const inspect::lookup::Recognised &found, const std::string &text);

/// Other readings of the piece that was read as finds[at] and is there as that, spelled so that they are taken for what they are: "@ann.lee".
[[nodiscard]] std::vector<std::string> alsoPossible(const inspect::lookup::Recognised &found, std::size_t at);

/// Where a look-up of many lines says what it found; whole lines, without their ends.
struct LinesOut {
    std::function<void(const std::string &line)> answer;
    std::function<void(const std::string &line)> error;
    std::function<void(const std::string &words)> progress; ///< at most each second; absent: nobody watches
};

/// Looks up each line of `in` until its end, thousands at once: a line of answer each, in their order, and at the end an error line with the
/// sums. A line whose reading as a short code or as a name leads to nothing is read the other way.
[[nodiscard]] Exit lookUpLines(std::istream &in, const fleet::Fleet &fleet, bool asJson, const AskMany &ask, const LinesOut &out);

/// How a command ends that came to such an error.
[[nodiscard]] Exit exitForError(const base::Error &error);
/// The worse of two ends.
[[nodiscard]] inline Exit worse(Exit a, Exit b)
{
    return static_cast<int>(a) > static_cast<int>(b) ? a : b;
}

} // namespace shardlens::ctl
