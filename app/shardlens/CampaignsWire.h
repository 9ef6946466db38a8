// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlens/OperationsWire.h"
#include "ui/operate/CampaignBoard.h"

namespace shardlens::app {

/// Between the board where campaigns are shown and asked for, and what drives them: as OperationsWire for single operations. Drivers
/// outlive the console. GUI thread; each look at the journals takes well under a frame.
class CampaignsWire : public QObject
{
    Q_OBJECT

public:
    CampaignsWire(OperationsWire::Source source, ui::operate::CampaignBoard &board, QObject *parent = nullptr);

    void setFleet(std::shared_ptr<const fleet::Fleet> fleet);

private:
    struct Known {
        std::vector<std::string> lines;
        std::int64_t next = 0;
        ui::operate::CampaignSeen seen;
    };

    void look();
    void lookAt(const std::string &id, bool runs, ui::operate::CampaignList &list);
    void listen(); ///< to drivers that were started here
    void hear(const std::string &line);
    void start(campaign::CampaignRequest request);
    void resume(const std::string &id);
    void launch(std::vector<std::string> arguments, const std::string &input);
    void stop(const std::string &id, campaign::Stop how);
    void tick(const std::string &id, const std::string &step);
    void abandon(const std::string &id, const std::string &reason);
    void append(const std::string &id, const std::string &entry); ///< nobody drives it: this program writes it down itself
    [[nodiscard]] QString folder() const;

    OperationsWire::Source m_source;
    ui::operate::CampaignBoard &m_board;
    std::map<std::string, Known> m_known;
    std::vector<effects::ExecutorProcess> m_drivers;
    QTimer m_timer;
};

} // namespace shardlens::app
