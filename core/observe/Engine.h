// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/facts/Snapshot.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace shardlens::observe {

/// Observes a whole fleet: asks every server each interval over kept connections on a few event loops of its own, merges
/// the answers on the tick, and hands out immutable snapshots. A dead, hanging or lying server never delays another's reading.
/// Lives in the thread that made it; the signal is delivered there.
///
/// A tick lies on a whole interval of UTC. Every server is asked at it, and the snapshot is taken as soon as all have
/// answered that are not silent already, at the latest two fifths of an interval after; in the first second also each 100 ms.
class Engine : public QObject
{
    Q_OBJECT

public:
    /// Reads an entry of the desktop's keychain; called in the engine's own thread, and may wait for the person.
    using KeychainReader = std::function<base::Result<std::string>(const std::string &entry)>;

    struct Options {
        base::RegionName from;      ///< whose addresses are dialled; empty = the fleet's own region
        int loops = 2;              ///< event loops that share the servers
        bool readsShardMap = true;  ///< read catalogs and the declared map
        KeychainReader keychain;    ///< absent = secrets in the keychain are not available
        bool hurries = false;       ///< the second round follows the first at once, and all is read: for whoever looks once and then acts
        std::optional<base::milliseconds> seldom = {}; ///< what changes seldom is read again once it is so old; nothing: as suits whoever looks on
    };

    Engine(std::shared_ptr<const fleet::Fleet> fleet, Options options, std::shared_ptr<const base::Clock> clock, QObject *parent = nullptr);
    ~Engine() override;

    void start();
    void stop(); ///< returns when every loop has ended; at most 1 s

    /// The newest snapshot; before the first tick one in which every server is asking. Never null.
    [[nodiscard]] facts::SnapshotPtr latest() const;

    void readAgainNow();         ///< asks every server and catalog now, not at the next interval
    void readShardMapNow();

    /// What consoles tell one another, for the snapshots from now on; what differs from before is shown at once.
    void setShared(facts::SharedPtr shared);
    /// What an earlier run kept of events; once, before or after start().
    void restoreEvents(facts::EventListPtr kept);
    /// How long a server usually took to answer an earlier run, so that one that is slow at the start is known to be; before or soon after start().
    void restoreUsualLatency(const base::ServerId &server, base::microseconds latency);

Q_SIGNALS:
    void snapshotTaken(shardlens::facts::SnapshotPtr snapshot);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::observe
