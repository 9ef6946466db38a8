// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/fleet/FleetFile.h"
#include "ui/shell/Strip.h"

namespace shardlens::ui::shell {

/// The words of the strips that a snapshot calls for. An empty text: none.

/// "This console slept 42 min. Reading again."
[[nodiscard]] StripText sleptStrip(const facts::Snapshot &snapshot);
/// "us-west is not seen from here: 11 of 33 servers do not answer. Totals count what is seen."
[[nodiscard]] StripText partlySeenStrip(const facts::Snapshot &snapshot);
/// "The directory takes no writes since …" and what that makes old or unknown.
[[nodiscard]] StripText directoryStrip(const facts::Snapshot &snapshot);
/// "u1-us-west is in maintenance until 14:30Z, by oncall1: new kernel." Several are counted and named. Those that are overdue have a strip of
/// their own.
[[nodiscard]] StripText maintenanceStrip(const facts::Snapshot &snapshot, bool overdue);
/// "us-east is evacuated since 22:04Z by oncall1, 6 of 6 clusters, 3 of 3 groups: storm": of what is homed there, what runs elsewhere.
[[nodiscard]] StripText evacuatedStrip(const facts::Snapshot &snapshot);
/// The one that the strip's button leads home to; nothing where none is evacuated.
[[nodiscard]] std::optional<base::RegionName> evacuatedRegion(const facts::Snapshot &snapshot);
/// For a fleet that may not be acted on.
[[nodiscard]] StripText lookOnlyStrip(const fleet::Fleet &fleet);

/// What a changed fleet file holds, beside the fleet that is open: "2 servers and 1 cluster more".
[[nodiscard]] QString fleetChanges(const fleet::Fleet &before, const fleet::Fleet &after);
/// A changed file that can be loaded, and one that cannot. `openedAt`: when the fleet that is kept was read.
[[nodiscard]] StripText changedFileStrip(const QString &fileName, const fleet::Fleet &before, const fleet::Fleet &after);
[[nodiscard]] StripText brokenFileStrip(const QString &fileName, const fleet::BadFleetFile &bad, base::UtcTime openedAt, base::UtcTime now);

} // namespace shardlens::ui::shell
