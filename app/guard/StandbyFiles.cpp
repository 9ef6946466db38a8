// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/StandbyFiles.h"

#include "app/guard/StateFile.h"
#include "core/effects/StandbySettings.h"

namespace shardlens::guard
{

namespace fs = std::filesystem;

base::Result<void> makeStandby(const fs::path &directory, const std::string &connection, const std::string &slot)
{
    // The signal first: should this be broken off, the server comes up as no primary.
    if (auto written = writeState(directory / "standby.signal", ""); !written)
        return written;
    std::error_code error;
    fs::remove(directory / "recovery.signal", error);
    const fs::path settings = directory / "postgresql.auto.conf";
    if (auto written = writeState(settings, effects::withStandbySettings(readState(settings).value_or(std::string()), connection, slot)); !written)
        return written;
    for (const auto &kept : fs::directory_iterator(directory / "pg_replslot", error)) {
        std::error_code removing;
        fs::remove_all(kept.path(), removing);
        if (removing)
            return base::fail(base::ErrorCode::Io, "cannot remove the slot " + kept.path().string() + ": " + removing.message());
    }
    return {};
}

} // namespace shardlens::guard
