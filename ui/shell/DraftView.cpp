// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/DraftView.h"

#include "ui/format/Numbers.h"
#include "ui/models/Roles.h"
#include "ui/pages/CellDelegate.h"
#include "ui/theme/ColourRole.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Panel.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStandardItemModel>
#include <QTableView>

namespace shardlens::ui::shell {

using Sureness = DraftView::Line::Sureness;

namespace {

constexpr qsizetype kMostLeftOut = 6;

QStandardItem *cell(const QString &text, theme::ColourRole colour, theme::Shape shape)
{
    auto *item = new QStandardItem(text);
    item->setData(int(colour), models::ColourRoleRole);
    if (shape != theme::Shape::None)
        item->setData(int(shape), models::ShapeRole);
    item->setToolTip(text);
    return item;
}

QStandardItemModel *modelOf(const std::vector<DraftView::Line> &lines, QObject *parent)
{
    auto *model = new QStandardItemModel(parent);
    model->setHorizontalHeaderLabels({DraftView::tr("Line"), DraftView::tr("Where it comes from")});
    for (const DraftView::Line &line : lines) {
        const bool guess = line.sureness == Sureness::Guess;
        const bool quiet = line.sureness == Sureness::Structure || line.sureness == Sureness::Proposal;
        const theme::ColourRole colour = guess ? theme::ColourRole::UnknownText : (quiet ? theme::ColourRole::Muted : theme::ColourRole::Text);
        const QString evidence = guess && line.evidence.isEmpty() ? DraftView::tr("a guess") : line.evidence;
        model->appendRow({cell(line.text, colour, guess ? theme::Shape::DashedRing : theme::Shape::None), cell(evidence, theme::ColourRole::Muted, theme::Shape::None)});
    }
    return model;
}

} // namespace

DraftView::DraftView(const Content &content, QWidget *parent) : QWidget(parent)
{
    auto *panel = new theme::Panel(tr("A drafted fleet file"));
    const QString servers = content.servers == 1 ? tr("1 server") : tr("%1 servers").arg(format::count(content.servers));
    const QString guesses = content.guesses == 1 ? tr("1 guess") : tr("%1 guesses").arg(format::count(content.guesses));
    panel->setNote(servers + QLatin1String(", ") + guesses);
    auto *table = new QTableView;
    pages::dressTable(*table);
    table->setItemDelegate(new pages::CellDelegate(table));
    table->setModel(modelOf(content.lines, table));
    table->horizontalHeader()->setStretchLastSection(true);
    table->setColumnWidth(0, theme::scaled(460));
    table->setAccessibleName(tr("Lines of the draft"));
    panel->body()->addWidget(table, 1);
    QStringList left = content.leftOut.mid(0, kMostLeftOut);
    if (content.leftOut.size() > kMostLeftOut)
        left << tr("and %1 more").arg(format::count(content.leftOut.size() - kMostLeftOut));
    if (!left.isEmpty()) {
        auto *label = new QLabel(tr("Not in the draft:") + QLatin1Char('\n') + left.join(QLatin1Char('\n')));
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        panel->body()->addWidget(label);
    }
    auto *note = new QLabel(tr("Look at the guesses first. The console looks only until the file switches acting on; no environment counts as production."));
    note->setWordWrap(true);
    panel->body()->addWidget(note);
    auto *save = new theme::FlatButton(tr("Save and open it…"));
    auto *back = new theme::FlatButton(tr("Back"), nullptr, theme::FlatButton::Look::Link);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(save);
    buttons->addWidget(back);
    buttons->addStretch(1);
    panel->body()->addLayout(buttons);
    connect(save, &QAbstractButton::clicked, this, &DraftView::saveRequested);
    connect(back, &QAbstractButton::clicked, this, &DraftView::backRequested);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space::kXl, theme::space::kXl, theme::space::kXl, theme::space::kXl);
    column->addWidget(panel);
    setFocusProxy(table);
}

} // namespace shardlens::ui::shell

#include "moc_DraftView.cpp"
