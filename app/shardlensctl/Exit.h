// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shardlens::ctl {

/// What the program's end tells a script.
enum class Exit : int {
    Well = 0,    ///< done, and nothing is wrong
    Problem = 1, ///< a problem was found, or what was asked for was refused
    Usage = 2,   ///< the command line makes no sense
    Failed = 3,  ///< it could not be done: a file, a link, this machine; of an act: rolled back, or as it says in words
    Incomplete = 4, ///< an act is done, things are left
    InDoubt = 5,    ///< of an act: what is so could not be seen
};

} // namespace shardlens::ctl
