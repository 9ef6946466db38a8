// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/ClusterModel.h"
#include "ui/theme/widgets/Panel.h"

class QListView;

namespace shardlens::ui::pages {

/// The clusters, each with its worst lag and where it is; below them the fleet's thresholds and how lines look. GUI thread.
class ClusterList : public theme::Panel
{
    Q_OBJECT

public:
    explicit ClusterList(const fleet::Thresholds &thresholds, QWidget *parent = nullptr);

    void showSnapshot(const facts::Snapshot &snapshot);
    void choose(const base::ClusterName &cluster);
    [[nodiscard]] models::ClusterModel *model() const { return m_model; }
    [[nodiscard]] QListView *list() const { return m_list; }

Q_SIGNALS:
    void chosen(const shardlens::base::ClusterName &cluster);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();

    models::ClusterModel *m_model;
    QListView *m_list;
    QWidget *m_legend;
};

} // namespace shardlens::ui::pages
