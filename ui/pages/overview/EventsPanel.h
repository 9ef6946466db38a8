// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/EventModel.h"
#include "ui/pages/Subject.h"
#include "ui/theme/widgets/Panel.h"

#include <QTableView>

namespace shardlens::ui::theme {
class FlatButton;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// The rows of the event list. While the pointer is over them or one has focus, nothing moves. Enter opens the place, Ctrl+C
/// copies the rows. GUI thread.
class EventTable : public QTableView
{
    Q_OBJECT

public:
    explicit EventTable(models::EventModel *model, QWidget *parent = nullptr);

Q_SIGNALS:
    void opened(const QModelIndex &index);

protected:
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void hold();
    void share();

    models::EventModel *m_events;
};

/// What changed, newest first: restarts, roles, settings, routers, problems begun and ended. GUI thread.
class EventsPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit EventsPanel(QWidget *parent = nullptr);

    void showSnapshot(const facts::Snapshot &snapshot);

    [[nodiscard]] models::EventModel *model() const { return m_model; }
    [[nodiscard]] EventTable *table() const { return m_table; }

Q_SIGNALS:
    void opened(const shardlens::facts::Place &place);

private:
    models::EventModel *m_model;
    EventTable *m_table;
    theme::Text *m_empty;
    theme::FlatButton *m_new;
};

} // namespace shardlens::ui::pages
