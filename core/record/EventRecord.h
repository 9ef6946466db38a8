// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Event.h"

#include <QByteArray>

#include <optional>

namespace shardlens::record {

/// An event as JSON: names of enumerations as facts::name() gives them, times as microseconds since the Unix epoch. What is only
/// good within one run (when a reading was taken by the steady clock) is left out. Any thread.
[[nodiscard]] QByteArray packedEvent(const facts::Event &event);
/// Nothing if it is none, or of a kind that this version does not know.
[[nodiscard]] std::optional<facts::Event> unpackedEvent(const QByteArray &json);

/// Newest first. Two consoles that keep one file both write what they see, each when it sees it: of those that are the same within two
/// seconds, with nothing between that tells otherwise, the earliest is left.
[[nodiscard]] facts::EventList foldedEvents(facts::EventList events);

} // namespace shardlens::record
