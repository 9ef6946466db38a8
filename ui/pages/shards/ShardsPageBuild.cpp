// SPDX-License-Identifier: GPL-3.0-or-later
// How the shards page is put together; what it does stands in ShardsPage.cpp.
#include "ui/pages/shards/ShardsPage.h"

#include "ui/charts/HeatGrid.h"
#include "ui/charts/HeatGridLegend.h"
#include "ui/format/Words.h"
#include "ui/models/ShardClusterModel.h"
#include "ui/models/ShardModel.h"
#include "ui/pages/CellDelegate.h"
#include "ui/pages/RowCopy.h"
#include "ui/pages/TableHeader.h"
#include "ui/pages/shards/FlowRow.h"
#include "ui/pages/shards/ShardGridArea.h"
#include "ui/pages/shards/ShardLine.h"
#include "ui/pages/shards/ShardTexts.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include "ui/format/Numbers.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace shardlens::ui::pages {

using theme::ColourRole;
using theme::FontRole;

ShardsPage::ShardsPage(PageContext context, QWidget *parent)
    : Page(std::move(context), parent), m_frame(std::make_shared<models::ShardFrame>()), m_model(new models::ShardModel(this)),
      m_clusterModel(new models::ShardClusterModel(this)), m_lit(std::make_shared<std::vector<bool>>())
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    makeTitleRow();
    makeControls();

    m_stack = new QStackedWidget(this);
    m_area = new ShardGridArea(m_stack);
    m_area->line()->setFleet(fleet());
    makeTable();
    auto *none = new QWidget(m_stack);
    auto *noneLayout = new QVBoxLayout(none);
    noneLayout->setContentsMargins(0, theme::space::kXl, 0, 0);
    m_empty = new theme::Text(FontRole::Body, ColourRole::Muted, none);
    m_empty->setElide(theme::Text::Elide::End);
    noneLayout->addWidget(m_empty);
    noneLayout->addStretch();
    m_stack->addWidget(m_area);
    m_stack->addWidget(m_table);
    m_stack->addWidget(none);
    column->addWidget(m_stack, 1);

    makeClusters();
    makeActions();
    setFocusProxy(grid());
}

ShardsPage::~ShardsPage() = default;

void ShardsPage::makeTitleRow()
{
    auto *holder = new QWidget(this);
    holder->setFixedHeight(theme::scaled(theme::size::kTitleRow));
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space::kS);
    auto *title = new theme::Text(FontRole::Headline, ColourRole::Text, holder);
    title->setText(this->title());
    m_summaryMark = new theme::ShapeMark(theme::Shape::None, holder);
    m_summaryMark->hide();
    m_summary = new theme::Text(FontRole::Body, ColourRole::Muted, holder);
    m_summary->setElide(theme::Text::Elide::Phrases);
    m_summary->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_freshness = new theme::Text(FontRole::Small, ColourRole::Muted, holder);
    m_freshness->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_freshness->setWidest(tr("catalogs read %1 ago").arg(QStringLiteral("88 min")));
    m_pin = new theme::FlatButton(tr("Pin scale"), holder, theme::FlatButton::Look::Link);
    m_pin->hide();
    m_tableButton = new theme::FlatButton(tr("Table"), holder, theme::FlatButton::Look::Link);
    m_tableButton->setToolTip(tr("Show the shards as a table (Ctrl+T)"));
    row->addWidget(title);
    row->addSpacing(theme::space::kXs);
    row->addWidget(m_summaryMark);
    row->addWidget(m_summary, 1);
    row->addWidget(m_freshness);
    row->addWidget(m_pin);
    row->addWidget(m_tableButton);
    layout()->addWidget(holder);
    connect(m_tableButton, &QAbstractButton::clicked, this, &ShardsPage::toggleTable);
}

void ShardsPage::makeControls()
{
    m_controls = new FlowRow(this);
    m_metrics = new theme::SegmentedControl({tr("Size"), tr("Rows"), tr("Writes"), tr("Growth"), tr("Lag"), tr("Cluster"), tr("Drift"), tr("Problems")}, m_controls);
    m_metrics->setAccessibleName(tr("What the colours show"));
    m_metrics->setCurrent(int(m_choice.metric));
    m_arrangements = new theme::SegmentedControl({tr("By cluster"), tr("By number"), tr("By rank")}, m_controls);
    m_arrangements->setAccessibleName(tr("How the cells are ordered"));
    QStringList partitions;
    for (const fleet::Partition &partition : fleet().partitions)
        partitions << format::text(partition.name.text());
    const auto count = partitions.size();
    partitions << (count == 2 ? tr("both") : tr("all"));
    m_partitions = new theme::SegmentedControl(partitions, m_controls);
    m_partitions->setAccessibleName(tr("Partitions"));
    m_partitions->setCurrent(int(count));
    m_partitions->setVisible(count > 1);
    m_find = new QLineEdit(m_controls);
    m_find->setPlaceholderText(tr("Find"));
    m_find->setToolTip(tr("A number, a schema or a cluster (Ctrl+F)"));
    m_find->setAccessibleName(tr("Find a number, a schema or a cluster"));
    m_find->setClearButtonEnabled(true);
    m_find->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    m_find->setMinimumWidth(theme::scaled(72));
    m_find->setMaximumWidth(theme::scaled(128));
    m_find->setFixedHeight(theme::scaled(theme::size::kButton));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_metrics, m_arrangements, m_partitions, m_find})
        m_controls->add(widget);
    layout()->addWidget(m_controls);

    auto *legendRow = new QWidget(this);
    auto *row = new QHBoxLayout(legendRow);
    row->setContentsMargins(0, theme::space::kXs, 0, theme::space::kXs);
    row->setSpacing(theme::space::kS);
    m_legend = new charts::HeatGridLegend(legendRow);
    m_note = new theme::Text(FontRole::Small, ColourRole::Muted, legendRow);
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_newOrder = new theme::FlatButton(tr("New order"), legendRow, theme::FlatButton::Look::Raised);
    m_newOrder->setToolTip(tr("Values have changed places; the rows stayed because the pointer was over them"));
    m_newOrder->hide();
    row->addWidget(m_legend, 1);
    row->addWidget(m_note, 0, Qt::AlignTop);
    row->addWidget(m_newOrder, 0, Qt::AlignTop);
    m_note->setFixedHeight(theme::scaled(theme::size::kTarget));
    layout()->addWidget(legendRow);

    connect(m_metrics, &theme::SegmentedControl::currentChanged, this, [this](int index) { setMetric(ShardMetric(index)); });
    connect(m_arrangements, &theme::SegmentedControl::currentChanged, this, [this](int index) { setArrangement(ShardArrangement(index)); });
    connect(m_partitions, &theme::SegmentedControl::currentChanged, this, &ShardsPage::choosePartition);
}

void ShardsPage::makeTable()
{
    using Model = models::ShardModel;
    m_table = new QTableView(m_stack);
    dressTable(*m_table);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new CellDelegate(m_table));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setAccessibleName(tr("Shards"));
    auto *header = static_cast<TableHeader *>(m_table->horizontalHeader());
    header->setSectionsClickable(true);
    header->setSectionsMovable(true);
    header->setSortIndicator(Model::Schema, Qt::AscendingOrder);
    m_table->setSortingEnabled(true);

    // Widths from the widest texts a column can show, never from what it shows now.
    const QFontMetrics metrics(theme::font(FontRole::Body));
    const std::array<QString, Model::ColumnCount> widest{
        QStringLiteral("insta88888"), QStringLiteral("partition"), QStringLiteral("cluster88"), QStringLiteral("cluster88"), tr("on another cluster"),
        QChar(format::kAtLeast) + format::widestBytes(), format::widestCount(8'888'888), format::widestRate(), format::widestBytes(), QChar(format::kAtLeast) + format::widestLag() + QLatin1String("      "), tr("not judged"), tr("%1 ago").arg(QStringLiteral("88 min"))};
    for (int columnIndex = 0; columnIndex < Model::ColumnCount; ++columnIndex) {
        const int text = metrics.horizontalAdvance(widest[std::size_t(columnIndex)]) + 2 * CellDelegate::kPadding + 2;
        m_table->setColumnWidth(columnIndex, std::max(text, header->widthOf(columnIndex)));
    }
    m_table->viewport()->installEventFilter(this);
    m_table->installEventFilter(this);
    m_model->setFilter([lit = m_lit](const models::ShardFrame &frame, const models::ShardEntry &entry) {
        const auto index = std::size_t(&entry - frame.entries.data());
        return index < lit->size() && (*lit)[index];
    });
}

void ShardsPage::makeClusters()
{
    QTableView *clusters = m_area->clusters();
    clusters->setModel(m_clusterModel);
    new RowCopy(clusters);
    connect(clusters, &QTableView::clicked, this, [this](const QModelIndex &index) { clusterClicked(index.row()); });
    connect(clusters, &QTableView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT openRequested(QStringLiteral("replication"), m_clusterModel->nameAt(index.row()));
    });
    connect(m_clusterModel, &QAbstractItemModel::modelReset, this, [this, clusters] {
        const QFontMetrics metrics(theme::font(FontRole::Body));
        const auto set = [&](int section, const QString &widest, int beside = 0) {
            const int head = metrics.horizontalAdvance(m_clusterModel->headerData(section, Qt::Horizontal).toString());
            clusters->setColumnWidth(section, std::max(head, metrics.horizontalAdvance(widest) + beside) + 2 * CellDelegate::kPadding + 2);
        };
        const QString lag = std::max(format::widestLag(), tr("unknown"), [&](const QString &a, const QString &b) { return metrics.horizontalAdvance(a) < metrics.horizontalAdvance(b); });
        using Model = models::ShardClusterModel;
        set(Model::Cluster, QStringLiteral("Cluster88"));
        set(Model::Primary, QStringLiteral("m88-ap-southeast"));
        set(Model::Shards, format::widestCount(88'888));
        set(Model::Size, QChar(format::kAtLeast) + format::widestBytes());
        set(Model::Writes, QChar(format::kAtLeast) + format::widestRate());
        for (int section = Model::FirstRegion; section < m_clusterModel->whyColumn(); ++section)
            set(section, lag, CellDelegate::kSwatch + theme::space::kS);
    });
}

void ShardsPage::makeActions()
{
    charts::HeatGrid *heat = grid();
    heat->setContextMenuPolicy(Qt::CustomContextMenu);
    heat->setDescriber([this](quint64 id) { return spokenShard(*m_frame, ShardHeat::keyOf(fleet(), id), m_choice.metric); });
    connect(heat, &charts::HeatGrid::hoverChanged, this, &ShardsPage::refreshLine);
    connect(heat, &charts::HeatGrid::selectionChanged, this, &ShardsPage::gridSelected);
    connect(heat, &charts::HeatGrid::activated, this, &ShardsPage::openCurrent);
    connect(heat, &charts::HeatGrid::copyRequested, this, &ShardsPage::copyRows);
    connect(heat, &charts::HeatGrid::zoomChanged, m_area, &ShardGridArea::arrange);
    connect(heat, &QWidget::customContextMenuRequested, this, [this, heat](const QPoint &at) { showMenu(heat->mapToGlobal(at)); });
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) { showMenu(m_table->viewport()->mapToGlobal(at)); });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) { openCurrent(ShardHeat::idOf(fleet(), m_model->keyAt(index.row()))); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ShardsPage::tableSelected);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &ShardsPage::tableSelected);
    connect(m_legend, &charts::HeatGridLegend::chosenChanged, this, [this] {
        m_choice.steps = m_legend->chosen();
        refresh();
    });
    connect(m_find, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_choice.find = text.trimmed();
        refresh();
    });
    connect(m_find, &QLineEdit::returnPressed, this, &ShardsPage::goToFound);
    connect(m_pin, &QAbstractButton::clicked, this, [this] {
        if (charts::HeatScale *scale = m_heat.scale(m_choice.metric))
            scale->setPinned(!scale->isPinned());
        refresh();
    });
    connect(m_newOrder, &QAbstractButton::clicked, this, [this] { m_model->sort(m_model->sortColumn(), m_model->sortOrder()); });
    connect(m_model, &models::ShardModel::orderPendingChanged, this, [this](bool pending) { m_newOrder->setVisible(pending && m_showsTable); });
}

} // namespace shardlens::ui::pages
