// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/Page.h"
#include "ui/shell/inspector/FactSheet.h"

#include <QWidget>

class QListView;
class QVBoxLayout;

namespace shardlens::ui::theme {
class FlatButton;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::charts {
class TimeChart;
}

namespace shardlens::ui::shell {

class InspectorModel;

/// The selected thing, looked at closely (Ctrl+I): what problems touch it, its facts each with value, state, age and source, a
/// small history. It follows the page's selection; Enter or a click on a member looks at that one, Backspace goes back.
/// Ctrl+C copies the selected rows. GUI thread.
class Inspector : public QWidget
{
    Q_OBJECT

public:
    explicit Inspector(const pages::PageContext &context, QWidget *parent = nullptr);

    void showSnapshot(const facts::SnapshotPtr &snapshot);
    /// Looks at another thing; the ones before are forgotten.
    void look(const pages::Subject &subject);
    [[nodiscard]] const pages::Subject &subject() const { return m_subject; }
    [[nodiscard]] const InspectorContent &content() const { return m_content; }
    /// The pages of this console: a button leads only to what is there.
    void setPages(const QStringList &ids) { m_pages = ids; }
    void setDrawer(bool drawer); ///< over the page, with an edge; else beside it

    [[nodiscard]] InspectorModel *model() const { return m_model; }
    [[nodiscard]] QListView *list() const { return m_list; }
    [[nodiscard]] QString chosenText() const; ///< what Ctrl+C copies: the selected rows, else everything

Q_SIGNALS:
    void closeRequested();
    void openRequested(const QString &page, const shardlens::ui::pages::Subject &subject);
    void problemRequested(const std::string &problemId);
    void planRequested(const shardlens::operate::Intent &intent);
    void campaignPlanRequested(const shardlens::campaign::Goal &goal);
    void copied(const QString &what);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct ChartBlock {
        QWidget *holder;
        theme::Text *title;
        theme::Text *now;
        charts::TimeChart *chart;
        charts::Unit unit;
    };
    void present();
    void fillCharts();
    void buildHead(QVBoxLayout *column);
    void open(int row);
    void goInto(const pages::Subject &subject);
    void goBack();
    void standOnFirst();
    void copy();
    void fitRows();
    [[nodiscard]] int chartsThatFit() const;

    const observe::History *m_history;
    pages::KeptSeries *m_kept;
    facts::SnapshotPtr m_snapshot;
    pages::Subject m_subject;
    std::vector<pages::Subject> m_trail;
    InspectorContent m_content;
    QStringList m_pages;
    bool m_drawer = false;
    InspectorModel *m_model;
    QListView *m_list;
    theme::Text *m_title;
    theme::Text *m_subtitle;
    theme::Text *m_empty;
    theme::FlatButton *m_back;
    theme::FlatButton *m_copy;
    theme::FlatButton *m_close;
    theme::FlatButton *m_open;
    theme::FlatButton *m_plan;
    theme::FlatButton *m_campaign;
    QVBoxLayout *m_chartColumn;
    std::vector<ChartBlock> m_charts;
};

} // namespace shardlens::ui::shell
