// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/RowsPanel.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

RowsPanel::RowsPanel(const QString &title, std::vector<models::FactColumn> columns, QWidget *parent)
    : Panel(title, parent), m_table(new FactTable(std::move(columns), this)), m_newOrder(new theme::FlatButton(tr("New order"), this, theme::FlatButton::Look::Link))
{
    setTitleWidget(m_newOrder);
    body()->setContentsMargins(theme::space::kXs, 0, theme::space::kXs, theme::space::kXs);
    body()->addWidget(m_table);
    m_table->setAccessibleName(title);
    m_newOrder->setToolTip(tr("Values have changed places; the rows stayed because the pointer or the keyboard is on them"));
    m_newOrder->hide();
    connect(m_table->ordered(), &models::OrderedRows::pendingOrderChanged, m_newOrder, &QWidget::setVisible);
    connect(m_newOrder, &QAbstractButton::clicked, this, [this] { m_table->ordered()->sort(m_table->ordered()->sortColumn(), m_table->ordered()->sortOrder()); });
}

int RowsPanel::heightFor(int rows) const
{
    return theme::scaled(theme::size::kTitleRow) + 2 + m_table->heightFor(rows) + theme::space::kXs;
}

int RowsPanel::leastWidth() const
{
    return m_table->leastWidth() + 2 * (theme::space::kXs + 1);
}

int RowsPanel::wantedHeight() const
{
    return heightFor(std::max(2, m_table->facts()->rowCount()));
}

} // namespace shardlens::ui::pages

#include "moc_RowsPanel.cpp"
