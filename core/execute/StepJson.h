// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Plan.h"

#include <nlohmann/json.hpp>

namespace shardlens::execute {

/// A step whole, as a journal's first line holds it. What is empty or false is not written. For the sources of this room and of core/campaign alone.
[[nodiscard]] nlohmann::json jsonOf(const operate::Step &step);

/// Throws nlohmann::json::exception where the form is another one; the reader of a journal catches it.
[[nodiscard]] operate::Step stepOf(const nlohmann::json &object);

/// The enumerator of that name among those up to `last`; throws as above where none has it.
template <class Enum>
[[nodiscard]] Enum enumNamed(const std::string &text, Enum last)
{
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (name(static_cast<Enum>(i)) == text)
            return static_cast<Enum>(i);
    }
    throw nlohmann::json::other_error::create(599, "'" + text + "' is no name known here", nullptr);
}

} // namespace shardlens::execute
