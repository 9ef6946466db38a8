// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/FactsPanel.h"

#include "ui/format/Words.h"
#include "ui/pages/FactTable.h"
#include "ui/theme/Type.h"

#include <QHeaderView>
#include <QVBoxLayout>

namespace shardlens::ui::pages {

using models::FactColumn;

FactsPanel::FactsPanel(QWidget *parent)
    : Panel(QString(), parent),
      m_table(new FactTable({{QStringLiteral("fact"), tr("Fact"), tr("When it is full\nFull copies sent\nClients refused"), FactColumn::Holds::Name, 0},
                             {QStringLiteral("value"), tr("Value"), tr("down 88 min: connection refused"), FactColumn::Holds::Words, 0, {}, tr("888 MiB of 8.88 GiB")},
                             {QStringLiteral("read"), tr("Read"), QStringLiteral("88 min"), FactColumn::Holds::Number, 1}},
                            this))
{
    body()->setContentsMargins(theme::space::kXs, 0, theme::space::kXs, theme::space::kXs);
    body()->addWidget(m_table);
    m_table->horizontalHeader()->hide();
    m_table->setRowHeight(22);
}

void FactsPanel::showFacts(const QString &title, const QString &note, std::vector<models::FactRow> facts)
{
    setTitle(title);
    setNote(note);
    m_table->setAccessibleName(tr("Facts of %1").arg(title));
    m_table->showRows(std::move(facts));
}

int FactsPanel::wantedHeight() const
{
    return theme::scaled(theme::size::kTitleRow) + 2 + m_table->heightFor(m_table->facts()->rowCount()) + 2 * theme::space::kXs;
}

models::FactRow FactsPanel::fact(const QString &name, models::FactCell value, const QString &age)
{
    models::FactCell called = models::nameCell(name);
    called.role = theme::ColourRole::Muted;
    models::FactCell read = models::nameCell(age);
    read.role = theme::ColourRole::Muted;
    return {name.toStdString(), {std::move(called), std::move(value), std::move(read)}};
}

} // namespace shardlens::ui::pages

#include "moc_FactsPanel.cpp"
