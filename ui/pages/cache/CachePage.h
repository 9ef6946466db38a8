// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/LivePage.h"

namespace shardlens::ui::charts {
class ChartPanel;
}

namespace shardlens::ui::pages {

class RowsPanel;
class TitleRow;

/// The memcached pools: a row a pool, a row a server, and over time what is asked of them and what they do not have.
class CachePage : public LivePage
{
    Q_OBJECT

public:
    explicit CachePage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("cache"); }
    [[nodiscard]] QString title() const override { return tr("Cache"); }
    bool select(const Subject &subject) override;
    [[nodiscard]] Subject selection() const override { return m_selection; } ///< the server or pool chosen last
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    [[nodiscard]] QString asCsv() const override; ///< of the table that has the keyboard; the servers' otherwise
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] RowsPanel *pools() const { return m_pools; }
    [[nodiscard]] RowsPanel *servers() const { return m_servers; }

protected:
    void fill() override;
    void arrange() override;

private:
    void fillCharts();
    void setSelection(const Subject &selection);

    Subject m_selection;
    TitleRow *m_title;
    RowsPanel *m_pools;
    RowsPanel *m_servers;
    charts::ChartPanel *m_gets;
    charts::ChartPanel *m_misses;
};

} // namespace shardlens::ui::pages
