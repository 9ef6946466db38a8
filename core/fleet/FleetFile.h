// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::fleet {

/// One thing that is wrong in a fleet file.
struct Complaint {
    int line = 0;           ///< from 1; 0 where the file as a whole is meant
    std::string key;        ///< "[[server]] u1-us-east .address", "environment"; empty for a syntax error
    std::string what;       ///< what is wrong
    std::string expected;   ///< what would be right; may be empty
    std::string suggestion; ///< the word that was probably meant; empty if none is near

    bool operator==(const Complaint &) const = default;
};

/// Why a fleet file was not taken. Nothing of it is used then.
struct BadFleetFile {
    enum class Why : std::uint8_t {
        Unreadable, ///< the file could not be opened or read: one complaint
        Syntax,     ///< not TOML: one complaint, at the line where reading stopped
        Schema,     ///< TOML, but not a fleet: every complaint, by line
        NoRegion,   ///< a fleet, but without the region to look from: one complaint
    };
    Why why = Why::Schema;
    std::vector<Complaint> complaints; ///< never empty

    bool operator==(const BadFleetFile &) const = default;
};

using FleetReading = tl::expected<Fleet, BadFleetFile>;

/// Reads and checks a fleet file (TOML; resources/fleet/example.toml shows every key). Blocks on the file. Any thread.
/// Relative paths in it count from its own folder, "~" is the home folder; all are absolute in the fleet. `from` is the region that is
/// looked from in place of the file's own; one that the fleet does not have is a complaint.
[[nodiscard]] FleetReading readFleetFile(const std::string &path, const std::string &from = {});

/// The same for a text that is already read; `path` gives the folder for relative paths, and need not exist.
[[nodiscard]] FleetReading readFleetText(std::string_view text, const std::string &path);

/// The text of a fleet file that reads back to the same fleet.
[[nodiscard]] std::string toToml(const Fleet &fleet);

/// "fleet.toml, line 41: [[server]] u1-us-east .primry: 'primry' is not a key of [[server]]. Expected one of …. Did you mean 'primary'?"
[[nodiscard]] std::string sentence(const Complaint &complaint, const std::string &fileName);

} // namespace shardlens::fleet
