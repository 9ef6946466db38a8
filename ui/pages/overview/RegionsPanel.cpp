// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/RegionsPanel.h"

#include "ui/charts/TopologyTableModel.h"
#include "ui/models/Csv.h"
#include "ui/pages/CellDelegate.h"
#include "ui/pages/RowCopy.h"
#include "ui/pages/overview/CardActs.h"
#include "ui/pages/overview/LagLegendRow.h"
#include "ui/theme/Type.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

RegionsPanel::RegionsPanel(const QString &title, QWidget *parent)
    : Panel(title, parent), m_view(new charts::TopologyView(this)), m_acts(new CardActs(m_view)), m_model(new charts::TopologyTableModel(this)), m_table(new QTableView(this)),
      m_stack(new QStackedLayout)
{
    body()->setContentsMargins(theme::space::kM, 0, theme::space::kM, 0);
    body()->addLayout(m_stack);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_table);
    dressTable(*m_table);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new CellDelegate(m_table));
    m_table->setAccessibleName(title.isEmpty() ? tr("The drawing as a table") : tr("%1, as a table").arg(title));
    new RowCopy(m_table);
}

void RegionsPanel::setExplains(const fleet::Thresholds &thresholds)
{
    m_legend = new LagLegendRow(thresholds, this);
    setTitleWidget(m_legend);
    connect(m_view, &charts::TopologyView::detailChanged, this, &RegionsPanel::explainLines);
    explainLines();
}

void RegionsPanel::explainLines()
{
    const auto detail = m_view->picture().layout.detail;
    m_legend->setVisible(!m_isTable && detail == charts::CardDetail::Roomy);
    setNote(m_isTable || detail == charts::CardDetail::Roomy ? QString() // a table has no lines
            : detail == charts::CardDetail::Normal ? tr("on the lines: replay lag, Redis: since the last exchange")
                                                   : tr("replay lag at each standby"));
}

void RegionsPanel::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_view->showSnapshot(snapshot);
    if (m_isTable)
        fillTable();
}

void RegionsPanel::fillTable()
{
    m_model->showGraph(m_view->picture().graph, m_view->picture().text);
    // Roles and numbers come with the answers: a column grows for them, and never shrinks under the eye.
    const QAbstractItemView &cells = *m_table;
    const int percent = qRound(theme::textScale() * 100);
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const int needed = std::max(cells.sizeHintForColumn(column), m_table->horizontalHeader()->sectionSizeHint(column));
        if (needed > m_table->columnWidth(column) || m_fittedAt != percent)
            m_table->setColumnWidth(column, needed);
    }
    m_fittedAt = percent;
}

void RegionsPanel::setTable(bool table)
{
    m_isTable = table;
    const int side = table ? theme::space::kXs : theme::space::kM; // cells bring their own padding
    body()->setContentsMargins(side, 0, side, 0);
    if (m_legend)
        explainLines();
    if (table)
        fillTable();
    m_stack->setCurrentWidget(table ? static_cast<QWidget *>(m_table) : m_view);
    m_stack->currentWidget()->setFocus();
}

QString RegionsPanel::asCsv() const
{
    charts::TopologyTableModel model;
    model.showGraph(m_view->picture().graph, m_view->picture().text);
    return models::asCsv(model);
}

void RegionsPanel::savePicture(const QString &heading)
{
    auto *dialog = new QFileDialog(this, tr("Save picture"), QString(), tr("Pictures (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, heading](const QString &file) { m_view->image(heading).save(file); });
    dialog->open();
}

int RegionsPanel::titleHeight() const
{
    return theme::scaled(theme::size::kTitleRow) + 2;
}

} // namespace shardlens::ui::pages

#include "moc_RegionsPanel.cpp"
