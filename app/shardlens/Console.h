// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlens/AuditWire.h"
#include "app/shardlens/CacheWire.h"
#include "app/shardlens/CampaignsWire.h"
#include "app/shardlens/FleetFileWatch.h"
#include "app/shardlens/KeptHistory.h"
#include "app/shardlens/LookupWire.h"
#include "app/shardlens/OneWindow.h"
#include "app/shardlens/OperationsWire.h"
#include "app/shardlens/PlansWire.h"
#include "core/desk/Desk.h"
#include "core/fleet/Fleet.h"
#include "core/observe/Engine.h"
#include "core/observe/History.h"
#include "ui/operate/OperationBoard.h"
#include "ui/pages/KeptSeries.h"
#include "ui/shell/MainWindow.h"

#include <QSettings>

#include <memory>

namespace shardlens::app {

/// One open fleet: what observes it, what is kept of it, and its window. GUI thread.
class Console : public QObject
{
    Q_OBJECT

public:
    struct Source {
        std::shared_ptr<const fleet::Fleet> fleet;
        QString file; ///< where it was read; empty: nobody looks whether it changes
        QString from; ///< the region that was asked for, as for fleet::readFleetFile: the fleet has it as its own
        QString user; ///< the database user that the person acts as; empty: as the fleet file has it
    };

    /// `theme` and `settings` outlive it. Without settings nothing is restored or kept.
    Console(Source source, ui::theme::Theme &theme, QSettings *settings, QObject *parent = nullptr);
    ~Console() override;

    void start();
    [[nodiscard]] ui::shell::MainWindow &window() { return *m_window; }
    [[nodiscard]] const QString &file() const { return m_source.file; }
    void comeToFront(const QString &link); ///< another start asked for this fleet; a link may be empty

Q_SIGNALS:
    void snapshotShown(const shardlens::facts::SnapshotPtr &snapshot);

private:
    void observe();
    void show(const facts::SnapshotPtr &snapshot);
    void tellRefused(const facts::Claim &claim, const base::Error &error);
    void answerLookups();
    void showFileState();
    void pressStrip(ui::shell::StripKind kind);
    void load(std::shared_ptr<const fleet::Fleet> fleet);
    void showComplaints();
    void restoreLatencies();

    Source m_source;
    std::shared_ptr<const base::Clock> m_clock;
    base::UtcTime m_readAt; ///< when the fleet that is shown was read
    observe::History m_history;
    ui::pages::KeptSeries m_series{m_history};
    ui::operate::OperationBoard m_operations;
    std::unique_ptr<OperationsWire> m_wire;
    ui::operate::CampaignBoard m_campaigns;
    std::unique_ptr<CampaignsWire> m_campaignsWire;
    ui::operate::PlanBoard m_plans;
    std::unique_ptr<PlansWire> m_plansWire;
    ui::pages::LookupBoard m_lookups;
    ui::pages::CacheBoard m_caches;
    ui::pages::AuditBoard m_audit;
    std::unique_ptr<LookupWire> m_lookupWire;
    std::unique_ptr<CacheWire> m_cacheWire;
    std::unique_ptr<AuditWire> m_auditWire;
    std::unique_ptr<KeptHistory> m_kept; ///< none for a picture
    std::unique_ptr<ui::shell::Session> m_session;
    std::unique_ptr<desk::Desk> m_desk;
    std::unique_ptr<observe::Engine> m_engine;
    std::unique_ptr<ui::shell::MainWindow> m_window;
    std::unique_ptr<FleetFileWatch> m_watch;
    std::unique_ptr<OneWindow> m_oneWindow;
};

} // namespace shardlens::app
