// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/StandbyModel.h"
#include "ui/theme/widgets/Panel.h"

class QTableView;

namespace shardlens::ui::pages {

/// "Where the lag is": one bar a standby over the four stages, what it is behind, the lag with "why?", its slot, and where it goes.
class StagesPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit StagesPanel(const QString &title, QWidget *parent = nullptr);

    void showCluster(const facts::Snapshot &snapshot, const base::ClusterName &cluster);
    void showAll(const facts::Snapshot &snapshot);
    void selectStandby(const base::ServerId &standby);
    /// Opens the inputs of the rule that judged this row, beside its lag.
    void explain(const QModelIndex &index);

    [[nodiscard]] int wantedHeight() const; ///< all rows; at least two
    [[nodiscard]] models::StandbyModel *model() const { return m_model; }
    [[nodiscard]] QTableView *table() const { return m_table; }

Q_SIGNALS:
    void chosen(const shardlens::base::ServerId &standby);
    void planAsked(const shardlens::base::ServerId &standby); ///< from a row's menu: what moving the primary there would do

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setWidths();

    models::StandbyModel *m_model;
    QTableView *m_table;
    QWidget *m_legend;
};

} // namespace shardlens::ui::pages
