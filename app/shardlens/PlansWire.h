// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "ui/operate/PlanBoard.h"

#include <QTimer>

#include <memory>

namespace shardlens::app {

/// Between the board of plans that were put aside and the folder where they lie, which the command line writes, too. GUI thread; a look at
/// the folder, each second, reads a few small files.
class PlansWire : public QObject
{
    Q_OBJECT

public:
    /// `user`: as whom this person acts; empty: the fleet file's first that may.
    PlansWire(std::shared_ptr<const fleet::Fleet> fleet, QString user, ui::operate::PlanBoard &board, QObject *parent = nullptr);

    void setFleet(std::shared_ptr<const fleet::Fleet> fleet);
    void look(); ///< at once

private:
    void save(const std::string &name, const operate::Intent &intent, const operate::Fingerprint &fingerprint);
    void saveCampaign(campaign::SavedCampaign plan);
    void remove(const std::string &name);
    void keep(const std::string &name, const std::string &json);
    [[nodiscard]] execute::Author owner() const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    QString m_user;
    ui::operate::PlanBoard &m_board;
    QTimer m_timer;
};

} // namespace shardlens::app
