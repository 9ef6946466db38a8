// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/CrossHair.h"
#include "ui/pages/Page.h"

namespace shardlens::ui::charts {
class ChartPanel;
}

namespace shardlens::ui::pages {

class RowsPanel;
class TitleRow;

/// The memcached pools: a row a pool, a row a server, and over time what is asked of them and what they do not have.
class CachePage : public Page
{
    Q_OBJECT

public:
    explicit CachePage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("cache"); }
    [[nodiscard]] QString title() const override { return tr("Cache"); }
    void showSnapshot(const facts::SnapshotPtr &snapshot) override;
    bool select(const Subject &subject) override;
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    [[nodiscard]] QString asCsv() const override; ///< of the table that has the keyboard; the servers' otherwise
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] RowsPanel *pools() const { return m_pools; }
    [[nodiscard]] RowsPanel *servers() const { return m_servers; }

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void present();
    void fillCharts();
    void arrange();

    facts::SnapshotPtr m_snapshot;
    bool m_isPresented = false;
    charts::CrossHair m_crossHair;
    TitleRow *m_title;
    RowsPanel *m_pools;
    RowsPanel *m_servers;
    charts::ChartPanel *m_gets;
    charts::ChartPanel *m_misses;
};

} // namespace shardlens::ui::pages
