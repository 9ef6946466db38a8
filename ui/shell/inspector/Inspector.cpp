// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/inspector/Inspector.h"

#include "ui/charts/TimeChart.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/PlanText.h"
#include "ui/pages/ChartFeed.h"
#include "ui/shell/inspector/InspectorDelegate.h"
#include "ui/shell/inspector/InspectorModel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Icons.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QVBoxLayout>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FlatButton;
using theme::FontRole;
using theme::scaled;
using theme::Text;
using Kind = InspectorRow::Kind;

namespace {

constexpr std::chrono::minutes kRange{15};
constexpr int kChart = 104;

FlatButton *iconButton(const QString &icon, const QString &name, const QString &keys)
{
    auto *button = new FlatButton({}, nullptr, FlatButton::Look::Bare);
    button->setIcon(theme::icon(icon));
    button->setAccessibleName(name);
    button->setToolTip(keys.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, keys));
    return button;
}

} // namespace

Inspector::Inspector(const pages::PageContext &context, QWidget *parent)
    : QWidget(parent), m_history(context.history), m_kept(context.kept), m_model(new InspectorModel(this)), m_list(new QListView), m_title(new Text(FontRole::Headline)),
      m_subtitle(new Text(FontRole::Body, ColourRole::Muted)), m_empty(new Text(FontRole::Body, ColourRole::Muted)),
      m_back(iconButton(QStringLiteral("back"), tr("Back to the thing before"), tr("Backspace"))),
      m_copy(iconButton(QStringLiteral("copy"), tr("Copy all facts"), {})), m_close(iconButton(QStringLiteral("close"), tr("Close the inspector"), tr("Ctrl+I"))),
      m_open(new FlatButton({}, nullptr, FlatButton::Look::Link)), m_plan(new FlatButton({}, nullptr, FlatButton::Look::Link)), m_campaign(new FlatButton({}, nullptr, FlatButton::Look::Link))
{
    setAccessibleName(tr("Inspector"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, theme::space::kM, 0, theme::space::kS);
    column->setSpacing(theme::space::kXs);
    buildHead(column);

    m_list->setModel(m_model);
    m_list->setItemDelegate(new InspectorDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_list->setMouseTracking(true);
    m_list->setAccessibleName(tr("Facts"));
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->installEventFilter(this);
    column->addWidget(m_list, 1);
    m_chartColumn = new QVBoxLayout;
    m_chartColumn->setContentsMargins(theme::space::kL, 0, theme::space::kM, 0);
    m_chartColumn->setSpacing(theme::space::kXs);
    column->addLayout(m_chartColumn);
    setFocusProxy(m_list);

    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        if (QApplication::keyboardModifiers() == Qt::NoModifier)
            open(index.row());
    });
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        QMenu menu(this);
        const int row = m_list->indexAt(at).row();
        const InspectorRow *under = row >= 0 ? &m_model->rows()[std::size_t(row)] : nullptr;
        if (under && (under->kind == Kind::Problem || !std::holds_alternative<std::monostate>(under->opens)))
            menu.addAction(tr("Open"), this, [this, row] { open(row); });
        if (under && !under->value.text.isEmpty() && under->kind != Kind::Heading)
            menu.addAction(tr("Copy value"), this, [this, text = under->value.text] { QApplication::clipboard()->setText(text); });
        menu.addAction(tr("Copy rows"), this, &Inspector::copy);
        menu.exec(m_list->viewport()->mapToGlobal(at));
    });
    look({});
}

void Inspector::buildHead(QVBoxLayout *column)
{
    auto *top = new QHBoxLayout;
    top->setContentsMargins(theme::space::kL, 0, theme::space::kS, 0);
    top->setSpacing(theme::space::kXs);
    top->addWidget(m_back);
    top->addWidget(m_title, 1);
    top->addWidget(m_copy);
    top->addWidget(m_close);
    auto *under = new QHBoxLayout;
    under->setContentsMargins(theme::space::kL, 0, theme::space::kM, 0);
    under->addWidget(m_subtitle, 1);
    under->addWidget(m_open);
    auto *acts = new QHBoxLayout;
    acts->setContentsMargins(theme::space::kL, 0, theme::space::kM, 0);
    acts->addWidget(m_plan);
    acts->addWidget(m_campaign);
    acts->addStretch(1);
    m_title->setElide(Text::Elide::Middle);
    m_subtitle->setElide(Text::Elide::End);
    auto *empty = new QHBoxLayout;
    empty->setContentsMargins(theme::space::kL, 0, theme::space::kM, 0);
    empty->addWidget(m_empty);
    m_empty->setElide(Text::Elide::End);
    column->addLayout(top);
    column->addLayout(under);
    column->addLayout(acts);
    column->addLayout(empty);
    connect(m_back, &QAbstractButton::clicked, this, &Inspector::goBack);
    connect(m_copy, &QAbstractButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_content.asText());
        Q_EMIT copied(m_content.title);
    });
    connect(m_close, &QAbstractButton::clicked, this, &Inspector::closeRequested);
    connect(m_plan, &QAbstractButton::clicked, this, [this] {
        if (m_content.plan)
            Q_EMIT planRequested(*m_content.plan);
    });
    connect(m_campaign, &QAbstractButton::clicked, this, [this] {
        if (m_content.campaign)
            Q_EMIT campaignPlanRequested(*m_content.campaign);
    });
    connect(m_open, &QAbstractButton::clicked, this, [this] { Q_EMIT openRequested(m_content.page, m_subject); });
}

void Inspector::look(const pages::Subject &subject)
{
    m_trail.clear();
    m_subject = subject;
    present();
    m_list->scrollToTop();
    standOnFirst();
}

void Inspector::goInto(const pages::Subject &subject)
{
    m_trail.push_back(m_subject);
    m_subject = subject;
    present();
    m_list->scrollToTop();
    standOnFirst();
}

/// The keyboard begins on the first row that can be chosen: a heading cannot.
void Inspector::standOnFirst()
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->rows()[std::size_t(row)].kind != Kind::Heading) {
            m_list->selectionModel()->setCurrentIndex(m_model->index(row, 0), QItemSelectionModel::NoUpdate);
            return;
        }
    }
}

void Inspector::goBack()
{
    if (m_trail.empty())
        return;
    m_subject = m_trail.back();
    m_trail.pop_back();
    present();
    m_list->setFocus();
}

void Inspector::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    if (isVisible())
        present();
}

void Inspector::present()
{
    m_content = m_snapshot ? inspect(m_subject, *m_snapshot) : InspectorContent();
    const bool empty = m_content.title.isEmpty();
    const bool gone = empty && m_snapshot && !std::holds_alternative<std::monostate>(m_subject);
    m_title->setText(empty ? tr("Nothing is selected") : m_content.title);
    m_title->setFontRole(m_content.titleIsSchema ? FontRole::Mono : FontRole::Headline);
    m_subtitle->setText(m_content.subtitle);
    m_empty->setText(gone ? tr("This fleet has no such thing") : tr("Select a card, a cell or a row"));
    m_empty->setVisible(empty);
    m_subtitle->setVisible(!empty);
    m_copy->setVisible(!empty);
    m_back->setVisible(!m_trail.empty());
    m_open->setText(tr("Open in %1").arg(m_content.pageTitle));
    m_open->setVisible(!m_content.page.isEmpty() && m_pages.contains(m_content.page));
    m_plan->setText(m_content.plan ? format::planButton(operate::actOf(*m_content.plan)) : QString());
    m_plan->setVisible(m_content.plan && m_pages.contains(QStringLiteral("operations")));
    m_campaign->setText(m_content.campaign ? format::campaignLink(*m_content.campaign) : QString());
    m_campaign->setVisible(m_content.campaign && m_pages.contains(QStringLiteral("operations")));
    fitRows();
    m_model->show(m_content.rows);
    m_list->doItemsLayout();
    fillCharts();
}

int Inspector::chartsThatFit() const
{
    const int room = height();
    return room < scaled(420) ? 0 : (room < scaled(760) ? 1 : (room < scaled(1000) ? 2 : 3));
}

void Inspector::fillCharts()
{
    const std::size_t wanted = std::min(m_content.charts.size(), std::size_t(chartsThatFit()));
    // A chart of another unit is another chart: blocks are made anew where what they measure differs.
    bool same = m_charts.size() == wanted;
    for (std::size_t i = 0; same && i < wanted; ++i)
        same = m_charts[i].unit == m_content.charts[i].unit;
    if (!same) {
        for (const ChartBlock &block : m_charts)
            delete block.holder;
        m_charts.clear();
        for (std::size_t i = 0; i < wanted; ++i) {
            ChartBlock block{new QWidget, new Text(FontRole::BodyBold), new Text(FontRole::Body), new charts::TimeChart(m_content.charts[i].unit), m_content.charts[i].unit};
            auto *column = new QVBoxLayout(block.holder);
            column->setContentsMargins(0, 0, 0, 0);
            column->setSpacing(2);
            auto *row = new QHBoxLayout;
            row->addWidget(block.title, 1);
            row->addWidget(block.now);
            block.title->setElide(Text::Elide::End);
            column->addLayout(row);
            column->addWidget(block.chart);
            m_chartColumn->addWidget(block.holder);
            m_charts.push_back(block);
        }
    }
    if (!m_snapshot)
        return;
    const pages::ChartFeed feed(m_history, m_kept, *m_snapshot, kRange);
    for (std::size_t i = 0; i < wanted; ++i) {
        const InspectorChart &content = m_content.charts[i];
        ChartBlock &block = m_charts[i];
        block.chart->setFixedHeight(scaled(kChart));
        block.title->setText(content.title);
        block.chart->setAccessibleName(tr("%1 of %2, the last 15 min").arg(content.title, m_content.title));
        std::vector<charts::ChartLine> lines;
        for (const InspectorChart::Line &line : content.lines)
            lines.push_back(feed.line(line.name, line.series, line.key));
        const auto now = m_history && content.lines.size() == 1 ? m_history->latest(content.lines.front().key, m_snapshot->takenUtc) : std::nullopt;
        block.now->setText(now ? charts::valueText(*now, content.unit) : tr("15 min"));
        block.now->setColour(now ? ColourRole::Text : ColourRole::Muted);
        block.chart->setRange(feed.from(), feed.to());
        block.chart->setMarks(feed.marks());
        block.chart->setObservedSince(feed.observedSince());
        block.chart->setLines(std::move(lines));
    }
}

void Inspector::fitRows()
{
    // The delegate wraps at this width: that of the viewport with its bar, whether the bar is shown or not, so that nothing jumps.
    m_list->setProperty("rowWidth", width() - m_list->verticalScrollBar()->sizeHint().width() - 2);
}

void Inspector::open(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    const InspectorRow chosen = m_model->rows()[std::size_t(row)];
    if (chosen.kind == Kind::Problem)
        Q_EMIT problemRequested(chosen.problem);
    else if (!std::holds_alternative<std::monostate>(chosen.opens))
        goInto(chosen.opens);
}

QString Inspector::chosenText() const
{
    const QModelIndexList chosen = m_list->selectionModel()->selectedIndexes();
    if (chosen.isEmpty())
        return m_content.asText();
    QList<int> rows;
    for (const QModelIndex &index : chosen)
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const int row : rows)
        lines << m_model->rows()[std::size_t(row)].text();
    return lines.join(QLatin1Char('\n'));
}

void Inspector::copy()
{
    QApplication::clipboard()->setText(chosenText());
    Q_EMIT copied(m_content.title);
}

void Inspector::setDrawer(bool drawer)
{
    m_drawer = drawer;
    update();
}

bool Inspector::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy)) {
            copy();
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            open(m_list->currentIndex().row());
            return true;
        }
        if (key->key() == Qt::Key_Backspace) {
            goBack();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void Inspector::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closeRequested();
    else
        QWidget::keyPressEvent(event);
}

void Inspector::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(rect(), theme::colour(ColourRole::Surface, palette()));
    painter.fillRect(QRect(0, 0, m_drawer ? 2 : 1, height()), theme::colour(m_drawer ? ColourRole::ControlEdge : ColourRole::Line, palette()));
}

void Inspector::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitRows();
    m_list->doItemsLayout();
    fillCharts();
}

void Inspector::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    present();
}

void Inspector::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_snapshot)
        present();
}

} // namespace shardlens::ui::shell

#include "moc_Inspector.cpp"
