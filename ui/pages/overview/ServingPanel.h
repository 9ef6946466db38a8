// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ServingModel.h"
#include "ui/pages/Subject.h"
#include "ui/theme/widgets/Panel.h"

#include <QTableView>

namespace shardlens::ui::pages {

class ShapeLegend;

/// The cells of "Can people use it?": arrows move, Enter opens what is under the focus, Ctrl+C copies the rows. GUI thread.
class ServingTable : public QTableView
{
    Q_OBJECT

public:
    explicit ServingTable(models::ServingModel *model, QWidget *parent = nullptr);

    void share(); ///< the width, by the longest name

Q_SIGNALS:
    void opened(const QModelIndex &index);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    models::ServingModel *m_serving;
};

/// Can people use it? What they use by region, each way with how long it takes. GUI thread.
class ServingPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit ServingPanel(QWidget *parent = nullptr);

    void showSnapshot(const facts::Snapshot &snapshot);
    [[nodiscard]] int wantedHeight() const;

    [[nodiscard]] models::ServingModel *model() const { return m_model; }
    [[nodiscard]] ServingTable *table() const { return m_table; }

Q_SIGNALS:
    void opened(const shardlens::ui::pages::Subject &subject);
    void heightChanged();

private:
    void applyRowHeight();

    models::ServingModel *m_model;
    ServingTable *m_table;
    theme::Text *m_empty;
    ShapeLegend *m_legend;
    int m_rows = -1;
};

} // namespace shardlens::ui::pages
