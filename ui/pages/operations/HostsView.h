// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Goal.h"
#include "core/facts/Snapshot.h"

#include <QWidget>

#include <memory>

namespace shardlens::ui::pages {

class RowsPanel;

/// All hosts over what runs on the chosen one, or beside it where there is room. GUI thread; starts nothing itself.
class HostsView : public QWidget
{
    Q_OBJECT

public:
    explicit HostsView(const fleet::Fleet &fleet, QWidget *parent = nullptr);

    void showSnapshot(const facts::SnapshotPtr &snapshot);
    void setWords(const QString &words);                         ///< hosts that hold these words alone
    void choose(const base::HostName &host);                     ///< one of the fleet
    [[nodiscard]] base::HostName host() const { return m_host; } ///< empty before one was shown
    [[nodiscard]] int leastHeight() const;                       ///< the page scrolls under it

    [[nodiscard]] RowsPanel *hosts() const { return m_hosts; }
    [[nodiscard]] RowsPanel *servers() const { return m_servers; }

Q_SIGNALS:
    void hostChosen();
    void planAsked(const shardlens::campaign::Goal &goal); ///< take it down, or bring it back
    void serverOpened(const shardlens::base::ServerId &server);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void present();
    void askPlan(const std::string &host);
    void arrange();

    facts::SnapshotPtr m_snapshot;
    base::HostName m_host;
    RowsPanel *m_hosts;
    RowsPanel *m_servers;
};

} // namespace shardlens::ui::pages
