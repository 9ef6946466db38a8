// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/SavedCampaign.h"
#include "core/execute/SavedPlan.h"
#include "ui/operate/ActRequest.h"

#include <QObject>
#include <QString>

#include <string>
#include <vector>

namespace shardlens::ui::operate {

struct PlanList {
    std::vector<execute::SavedPlan> plans; ///< by their names
    QString trouble;                       ///< why they, or some of them, cannot be read; empty if all can
    std::vector<campaign::SavedCampaign> campaigns = {}; ///< likewise by their names
    [[nodiscard]] bool isEmpty() const { return plans.empty() && campaigns.empty() && trouble.isEmpty(); }
    bool operator==(const PlanList &) const = default;
};

/// Where plans that were put aside are shown, and asked to be kept or forgotten. Who wires the console feeds it and answers its requests;
/// it reads and writes no file itself. GUI thread.
class PlanBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void show(PlanList list);
    [[nodiscard]] const PlanList &latest() const { return m_list; }
    [[nodiscard]] const execute::SavedPlan *plan(const std::string &name) const; ///< null if there is none; until the next show()
    [[nodiscard]] const campaign::SavedCampaign *savedCampaign(const std::string &name) const; ///< likewise
    [[nodiscard]] bool isAnswered() const;                                       ///< somebody keeps what is saved

    /// What was asked for was not done: a sentence, shown where it was asked.
    void refuse(const QString &why) { Q_EMIT refused(why); }

    /// One of that name is replaced.
    void save(const std::string &name, const Intent &intent, const Fingerprint &fingerprint) { Q_EMIT saveRequested(name, intent, fingerprint); }
    void saveCampaign(const campaign::SavedCampaign &plan) { Q_EMIT saveCampaignRequested(plan); } ///< owner and time are filled in by who answers
    void remove(const std::string &name) { Q_EMIT removeRequested(name); }

Q_SIGNALS:
    void changed();
    void refused(const QString &why);
    void saveRequested(const std::string &name, const shardlens::operate::Intent &intent, const shardlens::operate::Fingerprint &fingerprint);
    void saveCampaignRequested(const shardlens::campaign::SavedCampaign &plan);
    void removeRequested(const std::string &name);

private:
    PlanList m_list;
};

} // namespace shardlens::ui::operate
