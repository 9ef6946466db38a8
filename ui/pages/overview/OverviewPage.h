// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyGraph.h"
#include "ui/models/ProblemModel.h"
#include "ui/pages/LivePage.h"
#include "ui/pages/overview/ProblemAction.h"

namespace shardlens::ui::pages {

class EventsPanel;
class HeadlineRow;
class ProblemsPanel;
class RegionsPanel;
class ServingPanel;
class TrafficCharts;

/// The first page: the headline, problems first, whether people can use it, the regions drawn, three charts and what changed.
/// Fits 1280 x 800 without scrolling; there the events take the drawing's place when they are asked for.
class OverviewPage : public LivePage
{
    Q_OBJECT

public:
    explicit OverviewPage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("overview"); }
    [[nodiscard]] QString title() const override { return tr("Overview"); }
    bool select(const Subject &subject) override;
    [[nodiscard]] Subject selection() const override;
    bool showProblem(const std::string &problemId) override;
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    void toggleTable() override;
    [[nodiscard]] QString asCsv() const override;
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] HeadlineRow *headline() const { return m_headline; }
    [[nodiscard]] ProblemsPanel *problems() const { return m_problems; }
    [[nodiscard]] RegionsPanel *regions() const { return m_regions; }
    [[nodiscard]] TrafficCharts *traffic() const { return m_traffic; }
    [[nodiscard]] ServingPanel *serving() const { return m_serving; }
    [[nodiscard]] EventsPanel *events() const { return m_events; }

    void setShowsEvents(bool shows); ///< in the drawing's place, where they have none of their own
    [[nodiscard]] bool showsEvents() const { return m_showsEvents; }

protected:
    void fill() override;
    void arrange() override;

private:
    void arrangeColumns(const QRect &room, int columns);
    void arrangeStack();
    void act(const models::ProblemRow &row);
    void ask(const models::ProblemRow &row, ProblemAction action);
    void askQuiet(const models::ProblemRow &row);
    void open(const charts::TopologyKey &key);
    void addRegionActs(QMenu *menu, const base::RegionName &region);
    void openFold(const base::PartitionName &partition);
    void openSubject(const Subject &subject);
    [[nodiscard]] int columns() const;

    HeadlineRow *m_headline;
    ProblemsPanel *m_problems;
    RegionsPanel *m_regions;
    ServingPanel *m_serving;
    TrafficCharts *m_traffic;
    EventsPanel *m_events;
    bool m_showsEvents = false;
};

} // namespace shardlens::ui::pages
