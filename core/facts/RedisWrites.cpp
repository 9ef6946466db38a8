// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/RedisWrites.h"

namespace shardlens::facts {

bool mayEvict(const RedisSample &sample)
{
    if (sample.maxMemoryPolicy.starts_with("volatile-"))
        return sample.keysToExpire > 0;
    return sample.maxMemoryPolicy != "noeviction";
}

bool refusesForMemory(const RedisSample &sample)
{
    return sample.maxMemory.count > 0 && sample.usedMemory >= sample.maxMemory && !mayEvict(sample);
}

bool refusesForDisk(const RedisSample &sample)
{
    const bool append = sample.appendOnly && sample.lastAppendFailed;
    // A failed save stops no writes where no save points are set.
    const bool save = sample.snapshotting && sample.lastSaveFailed && sample.stopsOnFailedSave.value_or(false);
    return sample.isPrimary && (append || save);
}

bool refusesForReplicas(const RedisSample &sample)
{
    return sample.isPrimary && sample.goodReplicas && sample.replicasWanted && *sample.goodReplicas < *sample.replicasWanted;
}

} // namespace shardlens::facts
