// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/facts/Snapshot.h"

#include <QObject>

#include <memory>

namespace shardlens::observe {

/// Observes a whole fleet: asks every server each interval over kept connections on a few event loops of its own, merges
/// the answers on the tick, and hands out immutable snapshots. A dead, hanging or lying server never delays another's reading.
/// Lives in the thread that made it; the signal is delivered there.
class Engine : public QObject
{
    Q_OBJECT

public:
    struct Options {
        base::RegionName from;      ///< whose addresses are dialled; empty = the fleet's own region
        int loops = 2;              ///< event loops that share the servers
        bool readsShardMap = true;  ///< read catalogs and the declared map
    };

    Engine(std::shared_ptr<const fleet::Fleet> fleet, Options options, std::shared_ptr<const base::Clock> clock, QObject *parent = nullptr);
    ~Engine() override;

    void start();
    void stop(); ///< returns when every loop has ended; at most 1 s

    /// The newest snapshot; before the first tick one in which every server is asking. Never null.
    [[nodiscard]] facts::SnapshotPtr latest() const;

    void readAgainNow();         ///< asks every server and catalog now, not at the next interval
    void readShardMapNow();

Q_SIGNALS:
    void snapshotTaken(shardlens::facts::SnapshotPtr snapshot);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::observe
