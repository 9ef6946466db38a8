// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/GroupSight.h"
#include "core/operate/Plan.h"

#include <string>
#include <vector>

namespace shardlens::operate {

/// What an old primary is set to while it must not acknowledge a write: no group has so many replicas.
inline constexpr std::int64_t refusingReplicas = 1'000'000;
/// For so long a pause asks writers to wait, should nobody end it; what holds after that is the refusal.
inline constexpr base::milliseconds pauseOfWrites{5000};

/// Writes the steps of one Redis group's move with their commands, as they run. Numbers them as they come.
class GroupWriting
{
public:
    GroupWriting(const GroupSight &sight, Act act, base::ServerId candidate);
    virtual ~GroupWriting() = default;
    GroupWriting(const GroupWriting &) = delete;
    GroupWriting &operator=(const GroupWriting &) = delete;

    void proveCatchUp();
    void pauseWrites();
    void refuseWrites();
    void cutLinks();
    void compareOffsets();
    void promote();
    void raiseTerm();
    void takeWrites(); ///< the new primary, whose file raiseTerm() lets refuse them
    void pointStables();
    void keepOpen(); ///< after that: its file lets it take writes
    void demoteOld();
    void followAll();
    void seeFollowers();
    void proveKeeping(); ///< before anything is changed: that the candidate's file can be written
    void recordTerm();

    [[nodiscard]] std::vector<Step> take();

protected:
    Step &add(StepKind kind, std::vector<base::ServerId> targets, base::milliseconds deadline, bool holdsWrites);
    [[nodiscard]] Command redis(const base::ServerId &on, std::string text, std::string expects = {}) const;
    [[nodiscard]] Step &last() { return m_steps.back(); }
    [[nodiscard]] virtual fleet::Endpoint dialledBy(const base::ServerId &replica, const base::ServerId &primary) const; ///< how that replica reaches it
    [[nodiscard]] std::string following(const base::ServerId &replica, const base::ServerId &primary) const; ///< REPLICAOF …, as that replica dials
    [[nodiscard]] Command linked(const base::ServerId &replica) const; ///< it is seen to follow the new primary
    [[nodiscard]] Command stable(const base::RegionName &region, HostAct act) const;
    [[nodiscard]] std::vector<Command> restoring(const base::ServerId &on) const; ///< what refuseWrites() changed
    [[nodiscard]] bool keepsRole(const base::ServerId &id) const;
    [[nodiscard]] std::vector<base::ServerId> reachable() const; ///< replicas that answer

    const GroupSight &m_sight;
    Act m_act;
    base::ServerId m_old;
    base::ServerId m_new;

private:
    [[nodiscard]] bool staysShut() const;
    [[nodiscard]] Command takingWrites(const base::ServerId &on) const; ///< as it did before the move
    [[nodiscard]] Command seenTakingWrites(const base::ServerId &on) const;

    std::vector<Step> m_steps;
};

} // namespace shardlens::operate
