// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Planning.h"

#include <algorithm>
#include <tuple>

namespace shardlens::campaign {

namespace {

/// The least is lost if the first one goes wrong: the directory, else a ready one with the fewest writes.
const Row *canaryOf(const std::vector<Row> &rows)
{
    const auto key = [](const Row &row) { return std::tuple(!row.isDirectory, row.fit != Fit::Ready, !row.commitsPerSecond, row.commitsPerSecond.value_or(0.0), row.shards); };
    const Row *canary = nullptr;
    for (const Row &row : rows) {
        if (moves(row) && (!canary || key(row) < key(*canary)))
            canary = &row;
    }
    return canary;
}

} // namespace

unsigned setWaves(std::vector<Row> &rows, unsigned atOnce)
{
    unsigned wave = 0;
    if (const Row *canary = canaryOf(rows))
        rows[static_cast<std::size_t>(canary - rows.data())].wave = ++wave;
    unsigned inWave = atOnce;
    for (const Fit fit : {Fit::Ready, Fit::Warnings}) {
        for (Row &row : rows) {
            if (row.fit != fit || row.wave != 0)
                continue;
            if (inWave == atOnce) {
                ++wave;
                inWave = 0;
            }
            row.wave = wave;
            ++inWave;
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return std::tuple(a.wave == 0, a.wave) < std::tuple(b.wave == 0, b.wave); });
    return wave;
}

} // namespace shardlens::campaign
