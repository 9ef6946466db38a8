// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/inspect/discover/Finding.h"
#include "core/inspect/discover/Login.h"

#include <string>
#include <vector>

namespace shardlens::inspect::discover {

/// A line of the drafted fleet file, with where it comes from.
struct DraftLine {
    enum class Sureness : std::uint8_t {
        Structure, ///< a heading, an empty line, a remark
        Told,      ///< a server, or the person, said so
        Guess,     ///< nobody said so: to be looked at first
        Proposal,  ///< commented out: takes effect only when a person takes the # away
    };
    Sureness sureness = Sureness::Structure;
    std::string text;     ///< "name = \"db1\""; empty for an empty line
    std::string evidence; ///< "cluster_name"; empty where there is nothing to say
};

/// Something that was not drafted, and why.
struct Remark {
    std::string what; ///< "db9:5432"
    std::string why;
};

/// A fleet file as text, line by line, and all that a person should know before taking it.
struct Draft {
    std::vector<DraftLine> lines;
    std::vector<Remark> unanswered;      ///< asked, and not in the draft
    std::vector<Address> wouldDial;      ///< mentioned by servers, not asked
    std::vector<std::string> complaints; ///< of the fleet file's own check; empty: it loads
    std::size_t servers = 0;             ///< declared in it
    std::size_t guesses = 0;

    [[nodiscard]] std::string toml() const; ///< the whole file, each line's evidence as a comment beside it
};

struct DraftWishes {
    std::string fleetName;   ///< empty: a made-up one
    std::string environment; ///< empty: production
    base::UtcTime now{};     ///< stands in the head of the file
    bool follows = false;    ///< the addresses in wouldDial were told not to be asked
};

/// Pure: the same answers give the same file. Checked with the fleet file's own reader.
[[nodiscard]] Draft draftFleet(const std::vector<Finding> &findings, const Login &login, const DraftWishes &wishes);

} // namespace shardlens::inspect::discover
