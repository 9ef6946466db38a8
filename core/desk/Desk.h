// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/desk/Deed.h"
#include "core/facts/Snapshot.h"
#include "core/fleet/Fleet.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::wire {
class Interrupt;
}

namespace shardlens::desk {

struct DeskOptions {
    base::RegionName from; ///< whose addresses are dialled; empty = the fleet's own region
    std::string user;      ///< the database user that the person acts as; empty = see standingOf()
    std::function<base::Result<std::string>(const std::string &entry)> keychain; ///< called in the thread of start(); may be absent
    base::milliseconds interval{1000};
    base::milliseconds patience{1000}; ///< for each step with one server
    std::shared_ptr<const wire::Interrupt> interrupt = {}; ///< Errand.h and JournalCopy.h: ends a call that waits; may be absent
};

/// Who this process belongs to, as this machine says: the operating system's user and the host.
[[nodiscard]] facts::Person whoRuns();

/// Reads each second what other consoles say in the directory, tells what this one can reach, and writes what its person claims
/// and quiets, as that person's own database user. Waits for servers in a thread of its own. A claim that cannot be written because
/// the directory does not answer is kept and tried again each second. Nothing is written while the fleet is only looked at.
/// Lives in the thread that made it; signals are delivered there.
class Desk : public QObject
{
    Q_OBJECT

public:
    Desk(std::shared_ptr<const fleet::Fleet> fleet, DeskOptions options, std::shared_ptr<const base::Clock> clock, QObject *parent = nullptr);
    ~Desk() override; ///< takes this console off the list, if that is quick

    void start();
    void setFleet(std::shared_ptr<const fleet::Fleet> fleet); ///< the file was read again; begins anew
    void see(const facts::Snapshot &snapshot); ///< what this console reaches; call it with each one

    void claim(const std::string &problem, base::seconds lasting = claimLasts);
    void quiet(const std::string &problem, const std::string &reason, base::seconds lasting = quietLasts);
    void release(const std::string &problem, facts::Claim::Kind kind);

    /// With what is not in the directory yet. Never null.
    [[nodiscard]] facts::SharedPtr latest() const { return m_latest; }

Q_SIGNALS:
    void changed(const shardlens::facts::SharedPtr &shared); ///< after each reading, and when something is claimed
    void refused(const shardlens::facts::Claim &claim, const shardlens::base::Error &error); ///< it was not written, and is not tried again

private:
    struct Worker;
    void showStanding();
    void add(Deed deed);
    void acted(const Deed &deed, const std::optional<base::Error> &error);
    void took(facts::Shared read);
    void show();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    DeskOptions m_options;
    std::shared_ptr<const base::Clock> m_clock;
    facts::Shared m_read;      ///< as the directory had it
    std::vector<Deed> m_waiting; ///< not in the directory yet
    facts::ClaimRefusal m_refused = facts::ClaimRefusal::None; ///< what the directory said when it was tried
    facts::SharedPtr m_latest;
    std::unique_ptr<Worker> m_worker;
};

} // namespace shardlens::desk
