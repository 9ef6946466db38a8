// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/ClusterParts.h"
#include "core/operate/Plan.h"
#include "core/operate/Sight.h"

#include <functional>
#include <string>
#include <vector>

namespace shardlens::operate {

/// Writes the steps of one cluster's move with their texts: SQL, admin commands, host commands. Numbers them as they come.
class Writing
{
public:
    Writing(const Sight &sight, Act act, base::ServerId candidate);
    void shun(std::vector<base::ServerId> servers) { m_shuns = std::move(servers); } ///< no reads are led there while another can take them

    void proveCatchUp();
    void pauseRouters();
    void brake();
    void clearBackends();
    void readFinal();
    void catchUp();
    void killRouters();
    void fence(); ///< one step or two
    void stopReceivers();
    void comparePositions();
    void fetchLog(const base::ServerId &ahead);
    void replayAll(const base::ServerId &fetchedFrom); ///< empty: from nobody. No other standby may have more by then
    void promote();
    void raiseTerm();
    void followFirst(const base::ServerId &standby);
    void writeMarker();
    void pointRouters();
    void waitClock();
    void resumeRouters();
    void readMarker();
    void pointLater(); ///< failover: a step for each router that does not answer
    void follow(const base::ServerId &standby);
    void seeFollowers();
    void stopOld();
    void rejoinOld();
    void copyOld(); ///< where that does not bring it back; after it. Four steps, where a guard on its host can copy. WritingRebuild.cpp
    void pointReads();
    void pointReadsTo(const std::function<bool(const base::ServerId &)> &isAsked); ///< of those that should lead elsewhere, which
    void recordTerm();

    // Through the cluster's manager, which sees to the standbys itself. WritingManaged.cpp
    void managerSwitches();
    void managerPromotes();
    void managerLed();
    void seeManaged(); ///< the marker's row on those that it lets follow
    void rehearseRepmgr();                          ///< its own checks, most of which ask the other hosts by ssh
    void seeRepmgr();                               ///< it has ended well: it goes on after the promotion
    void rejoinByRepmgr(const base::ServerId &old); ///< a primary of before that is stopped: nobody else lets it follow

    // The smaller acts, a step or two each: `on`, `object` and `to` as SmallAct says. WritingSmall.cpp
    void pauseRouter(const base::ServerId &on, const std::string &database);
    void resumeRouter(const base::ServerId &on, const std::string &database, const facts::RouterTarget &target);
    void pointRouter(const base::ServerId &on, const facts::RouterTarget &target, const base::ServerId &to);
    void pauseReplay(const base::ServerId &on);
    void resumeReplay(const base::ServerId &on);
    void repoint(const base::ServerId &on, const base::ServerId &to);
    void leaveSender(const base::ServerId &on, const base::ServerId &sender);
    void rebuild(const base::ServerId &on, const base::ServerId &from); ///< four steps. WritingRebuild.cpp
    void dropSlot(const base::ServerId &on, const std::string &slot);
    void liftBrake(const base::ServerId &on);
    void endBackend(const base::ServerId &on, const std::string &pid, const std::string &began);
    void prepare(const std::vector<facts::ClusterPart> &parts); ///< a step an object, then one for the rights of each user. WritingParts.cpp

    void warmTarget(); ///< before anything of a switchover. WritingWarm.cpp

    [[nodiscard]] std::vector<Step> take();

private:
    void stopForCertain();
    void stonith();
    Step &add(StepKind kind, std::vector<base::ServerId> targets, base::milliseconds deadline, bool holdsWrites);
    [[nodiscard]] Command sql(const base::ServerId &on, std::string text, std::string expects = {}) const;
    [[nodiscard]] Command admin(const base::ServerId &router, std::string text, std::string expects = {}) const;
    [[nodiscard]] Command manager(const base::ServerId &on, std::string text, std::string expects = {}) const;
    [[nodiscard]] Command whoLeads(const base::ServerId &on, std::string expects) const;
    [[nodiscard]] HostDeed repmgrs(HostAct act, const base::ServerId &on) const;
    [[nodiscard]] bool isRepmgrs() const;
    [[nodiscard]] Command host(const base::ServerId &on, HostDeed deed) const;
    [[nodiscard]] HostDeed onData(HostAct act, const base::ServerId &on) const; ///< a deed on a Postgres server's files
    [[nodiscard]] std::vector<base::ServerId> routerIds() const;
    [[nodiscard]] std::vector<base::ServerId> standbysReached() const;
    [[nodiscard]] bool canTerm() const;
    [[nodiscard]] std::string positionReached(const std::string &position) const;
    void addFollowing(Step &step, const base::ServerId &standby);
    void addUnfollowing(Step &step, const base::ServerId &standby);
    void makePart(const facts::ClusterPart &part);
    void grantRights(const std::string &user, const std::vector<facts::ClusterPart> &rights, const std::vector<facts::ClusterPart> &parts);
    void addPointing(Step &step, const RouterUse &use, const std::string &database, const base::ServerId &target);
    void holdOld(const std::string &connection);
    void copyData(const base::ServerId &on, const base::ServerId &from, const std::string &connection);
    void stopStandby(const base::ServerId &on);
    void exchangeData(const base::ServerId &on, const base::ServerId &from, const std::string &connection);
    void dropReplaced(const base::ServerId &on, const base::ServerId &from);
    [[nodiscard]] Command throughRouter(const base::ServerId &on, const std::string &database, bool toPrimary) const;
    [[nodiscard]] std::string connectionOf(const base::ServerId &standby, const base::ServerId &to) const; ///< in braces

    const Sight &m_sight;
    Act m_act;
    base::ServerId m_old;
    base::ServerId m_new;
    std::vector<base::ServerId> m_shuns;
    std::vector<RouterUse> m_routers; ///< that are acted on: all, in a failover those that answer
    std::vector<RouterUse> m_lost;    ///< the others: a lost region's
    std::vector<Step> m_steps;
};

/// A standby that answers, and so tells as whom one follows: that one, else another. Empty: none does.
[[nodiscard]] base::ServerId whoTellsConnection(const Sight &sight, const base::ServerId &on);
/// "host=… port=…", as seen from a region.
[[nodiscard]] std::string addressText(const fleet::Fleet &fleet, const base::ServerId &server, const base::RegionName &from);
/// A text as an SQL literal; a name as an SQL or pgbouncer identifier, quoted only where it must be.
[[nodiscard]] std::string literal(const std::string &text);
[[nodiscard]] std::string identifier(const std::string &name);

} // namespace shardlens::operate
