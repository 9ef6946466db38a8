// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/campaign/Goal.h"
#include "core/facts/Snapshot.h"
#include "core/observe/History.h"
#include "ui/operate/CampaignBoard.h"
#include "ui/operate/OperationBoard.h"
#include "ui/operate/PlanBoard.h"
#include "ui/pages/Subject.h"

#include <QVariantMap>
#include <QWidget>

#include <functional>

namespace shardlens::desk {
class Desk;
}

namespace shardlens::ui::pages {

class AuditBoard;
class CacheBoard;
class KeptSeries;
class LookupBoard;

/// What every page is given once; outlives the pages.
struct PageContext {
    std::shared_ptr<const fleet::Fleet> fleet;
    const observe::History *history = nullptr;
    std::shared_ptr<const base::Clock> clock;
    desk::Desk *desk = nullptr; ///< where claims are written; may be missing
    KeptSeries *kept = nullptr; ///< what reaches further back than history; null: nothing does
    operate::OperationBoard *operations = nullptr; ///< where operations are shown and asked for; may be missing
    LookupBoard *lookups = nullptr;                ///< where look-ups are asked for; may be missing
    CacheBoard *caches = nullptr;                  ///< where hot keys and single keys are asked for; may be missing
    std::function<QString(const QString &page, const QVariantMap &state)> link = {}; ///< a view as a link; may be missing
    operate::CampaignBoard *campaigns = nullptr; ///< as operations, of campaigns; may be missing
    operate::PlanBoard *plans = nullptr;         ///< where plans are put aside; may be missing
    AuditBoard *audit = nullptr;                 ///< where the audit log is asked for; may be missing
};

/// A page of the console. GUI thread only. A page paints what the newest snapshot holds and asks no server itself.
class Page : public QWidget
{
    Q_OBJECT

public:
    explicit Page(PageContext context, QWidget *parent = nullptr) : QWidget(parent), m_context(std::move(context)) {}

    [[nodiscard]] virtual QString id() const = 0;    ///< "shards": in view links and for --page
    [[nodiscard]] virtual QString title() const = 0; ///< as the rail names it

    /// Called each tick with the newest snapshot, visible or not; a hidden page only keeps it.
    virtual void showSnapshot(const facts::SnapshotPtr &snapshot) = 0;
    /// Brings a subject into sight and selects it; false if this page does not show such a thing.
    virtual bool select(const Subject &subject) = 0;
    /// What is selected here now, for the inspector and for view links; nothing: monostate. Told by selectionChanged().
    [[nodiscard]] virtual Subject selection() const { return {}; }
    /// F8: brings a problem's row into sight and selects it; false if this page has no list of problems, or not this one.
    virtual bool showProblem(const std::string &problemId)
    {
        Q_UNUSED(problemId)
        return false;
    }

    /// Opens the plan of an act; false if this page shows none.
    virtual bool showPlan(const operate::Intent &intent)
    {
        Q_UNUSED(intent)
        return false;
    }
    /// Opens an operation that runs or ran; false if this page shows none, or not this one.
    virtual bool showOperation(const std::string &id)
    {
        Q_UNUSED(id)
        return false;
    }

    /// Opens the plan of a campaign: a region evacuated or returned to, a host taken down or up; false if this page shows none.
    virtual bool showCampaignPlan(const campaign::Goal &goal)
    {
        Q_UNUSED(goal)
        return false;
    }
    /// Opens a campaign that runs or ran; false if this page shows none, or not this one.
    virtual bool showCampaign(const std::string &id)
    {
        Q_UNUSED(id)
        return false;
    }

    /// Opens the plan of deleting a cached key in a region, in all of them where it is empty; false if this page deletes none.
    virtual bool showKeyDelete(const std::string &key, const base::RegionName &region)
    {
        Q_UNUSED(key)
        Q_UNUSED(region)
        return false;
    }

    /// Looks up what was pasted or typed elsewhere; false if this page looks nothing up.
    virtual bool lookUp(const QString &text)
    {
        Q_UNUSED(text)
        return false;
    }

    /// What a view link and the restored session carry: selection, filter, metric, range.
    [[nodiscard]] virtual QVariantMap viewState() const { return {}; }
    virtual void restoreViewState(const QVariantMap &state) { Q_UNUSED(state) }

    virtual void focusFind() {}                              ///< Ctrl+F
    virtual void toggleTable() {}                            ///< Ctrl+T
    [[nodiscard]] virtual QString asCsv() const { return {}; } ///< Ctrl+E, raw numbers and ISO 8601 UTC; empty = nothing to export

    /// True once what it shows came from servers: for --screenshot.
    [[nodiscard]] virtual bool hasLiveData() const = 0;

Q_SIGNALS:
    /// The person opened a subject that another page shows better.
    void openRequested(const QString &pageId, const shardlens::ui::pages::Subject &subject);
    /// selection() is another now. The inspector, where it is open, follows.
    void selectionChanged();
    /// The person wants to know more of a user or a photo, on a page that looks such things up.
    void lookUpRequested(const QString &pageId, const QString &text);
    /// The person wants to see what an act would do.
    void planRequested(const shardlens::operate::Intent &intent);
    /// The same of a campaign.
    void campaignPlanRequested(const shardlens::campaign::Goal &goal);
    /// The same of deleting a cached key; an empty region: in all of them.
    void keyDeleteRequested(const std::string &key, const shardlens::base::RegionName &region);
    /// The person wants to see an operation that runs or ran.
    void operationRequested(const std::string &id);
    /// The person went deeper inside this page: back leads to the view that was left.
    void viewLeft(const QVariantMap &state);
    /// Enter on a card or row that this page has no closer look at: the inspector opens on it.
    void inspectRequested(const shardlens::ui::pages::Subject &subject);

protected:
    [[nodiscard]] const PageContext &context() const { return m_context; }

private:
    PageContext m_context;
};

} // namespace shardlens::ui::pages
