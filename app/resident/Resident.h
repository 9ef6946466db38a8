// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace shardlens::resident {

/// A number that one of these programs takes besides what all take; `value` holds its default, and then what was given.
struct NumberOption {
    const char *flag;
    const char *text;
    std::uint32_t least;
    std::uint32_t most;
    std::uint32_t *value;
};

struct About {
    const char *program;
    const char *version;
    const char *text;      ///< what it does, in a sentence
    const char *ofRegion;  ///< what --region means to it
    const char *ofState;   ///< what it keeps in --state
    std::vector<NumberOption> numbers;
};

struct Setting {
    std::shared_ptr<const fleet::Fleet> fleet;
    base::RegionName region;
    std::string state; ///< a folder, or empty
};

/// What runs until the program is told to end.
struct Running {
    std::function<base::Result<std::string>()> start; ///< answers what is printed once it runs
    std::function<void()> stop;
};

/// The whole of a region's small resident process: reads the command line (--fleet, --region, --state and `about.numbers`) and the fleet
/// file, starts what `make` makes, and ends it at SIGTERM or SIGINT, which no other thread takes. Returns the exit code: 0, 2 (usage, or a
/// broken fleet file), 3 (it could not start). From the main thread, before any other.
[[nodiscard]] int run(int argc, char **argv, const About &about, const std::function<Running(const Setting &)> &make);

} // namespace shardlens::resident
