// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "core/campaign/CampaignRequest.h"
#include "ui/operate/ActRequest.h"

#include <QObject>
#include <QString>

#include <string>
#include <vector>

namespace shardlens::ui::operate {

/// A campaign as its journal tells it, and whether whoever drives it is alive.
struct CampaignSeen {
    campaign::Campaign campaign;
    bool runs = false;
    bool operator==(const CampaignSeen &) const = default;
    /// Nobody drives it on, and it has no outcome: a person decides what becomes of it.
    [[nodiscard]] bool isUnfinished() const { return !runs && !campaign.outcome; }
};

struct CampaignList {
    std::vector<CampaignSeen> campaigns; ///< in any order
    QString trouble;                     ///< why they, or some of them, cannot be read; empty if all can
    bool operator==(const CampaignList &) const = default;
};

/// Where campaigns are shown and asked for, as OperationBoard for single operations. It reads no file and starts nothing itself. GUI
/// thread.
class CampaignBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void show(CampaignList list);
    [[nodiscard]] const CampaignList &latest() const { return m_list; }
    [[nodiscard]] const CampaignSeen *campaign(const std::string &id) const; ///< null if there is none; until the next show()
    /// The one that runs, else one that is unfinished; null if there is none.
    [[nodiscard]] const CampaignSeen *open() const;

    /// Somebody answers when a start is asked for; else nothing here can begin.
    [[nodiscard]] bool isAnswered() const;

    /// What was asked for did not begin: a sentence, shown where it was asked.
    void refuse(const QString &why) { Q_EMIT refused(why); }

    void start(const campaign::CampaignRequest &request) { Q_EMIT startRequested(request); } ///< `user` is filled in by who answers
    void stop(const std::string &id, campaign::Stop how) { Q_EMIT stopRequested(id, how); }
    void tick(const std::string &id, const std::string &step) { Q_EMIT tickRequested(id, step); } ///< of a manual step, by its id
    void resume(const std::string &id) { Q_EMIT resumeRequested(id); }
    void abandon(const std::string &id, const std::string &reason) { Q_EMIT abandonRequested(id, reason); }

Q_SIGNALS:
    void changed();
    void refused(const QString &why);
    void startRequested(const shardlens::campaign::CampaignRequest &request);
    void stopRequested(const std::string &id, shardlens::campaign::Stop how);
    void tickRequested(const std::string &id, const std::string &step);
    void resumeRequested(const std::string &id);
    void abandonRequested(const std::string &id, const std::string &reason);

private:
    CampaignList m_list;
};

} // namespace shardlens::ui::operate
