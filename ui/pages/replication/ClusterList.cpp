// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/replication/ClusterList.h"

#include "ui/pages/RowCopy.h"
#include "ui/pages/replication/LagLegend.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QItemSelectionModel>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace shardlens::ui::pages {

using models::ClusterModel;
using theme::ColourRole;
using theme::FontRole;
using theme::scaled;

namespace {

constexpr int rowHeight = 50;

/// Two lines: shape, name and worst lag; what it holds and where the lag is.
class ClusterDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {200, scaled(rowHeight)}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto *model = qobject_cast<const ClusterModel *>(index.model());
        const auto *row = model ? model->rowAt(index) : nullptr;
        if (!row)
            return;
        painter->save();
        const auto &palette = option.palette;
        const auto colour = [&](ColourRole role) { return theme::colour(role, palette); };
        const QRect all = option.rect;
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(all, colour(ColourRole::Selection));
        else if (option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(all, colour(ColourRole::Alternate));
        painter->setPen(colour(ColourRole::Line));
        painter->drawLine(all.left(), all.bottom(), all.right(), all.bottom());

        const int right = all.right() - scaled(12);
        const int left = all.left() + scaled(35);
        const QRect first(left, all.top() + scaled(6), right - left, scaled(19));
        const QRect second(left, all.top() + scaled(26), right - left, scaled(17));
        const int side = scaled(14);
        theme::paintShape(*painter, static_cast<theme::Shape>(index.data(models::ShapeRole).toInt()),
                          QRectF(all.left() + scaled(12), first.center().y() - side / 2.0 + 0.5, side, side), palette);
        const auto worst = index.siblingAtColumn(ClusterModel::WorstLag);
        drawPair(*painter, first, index.data().toString(), FontRole::BodyBold, colour(ColourRole::Text), row->worstLag, FontRole::Body,
                 colour(static_cast<ColourRole>(worst.data(models::ColourRoleRole).toInt())), row->isOld ? &palette : nullptr);
        drawPair(*painter, second, row->note, FontRole::Small, colour(ColourRole::Muted), row->where, FontRole::Small, colour(ColourRole::Muted), nullptr);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(colour(ColourRole::Accent), theme::size::kFocusRing));
            painter->drawRoundedRect(QRectF(all).adjusted(1, 1, -1, -2), theme::size::kRadius, theme::size::kRadius);
        }
        painter->restore();
    }

private:
    /// The right text whole; the left one gives way.
    static void drawPair(QPainter &painter, const QRect &box, const QString &left, FontRole leftFont, const QColor &leftColour, const QString &right,
                         FontRole rightFont, const QColor &rightColour, const QPalette *old)
    {
        const QFontMetrics metrics(theme::font(rightFont));
        const int width = metrics.horizontalAdvance(right);
        painter.setFont(theme::font(rightFont));
        painter.setPen(rightColour);
        painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, right);
        painter.setFont(theme::font(leftFont));
        painter.setPen(leftColour);
        const int room = box.width() - width - scaled(8);
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, QFontMetrics(theme::font(leftFont)).elidedText(left, Qt::ElideMiddle, room));
        if (old) { // underlined in the palette's colours
            const int y = box.center().y() + metrics.ascent() / 2 + 2;
            theme::paintStaleUnderline(painter, QPointF(box.right() - width, y), QPointF(box.right(), y), *old);
        }
    }
};

} // namespace

ClusterList::ClusterList(const fleet::Thresholds &thresholds, QWidget *parent)
    : Panel(tr("Clusters"), parent), m_model(new ClusterModel(this)), m_list(new QListView(this)), m_legend(new LagLegend(thresholds, this))
{
    setNote(tr("worst lag"));
    body()->setContentsMargins(0, 0, 0, theme::space::kM);
    body()->addWidget(m_list);
    auto *legendRow = new QVBoxLayout;
    legendRow->setContentsMargins(theme::space::kM, theme::space::kS, theme::space::kM, 0);
    legendRow->addWidget(m_legend);
    body()->addLayout(legendRow);
    body()->addStretch(1);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ClusterDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setMouseTracking(true);
    m_list->setAccessibleName(tr("Clusters"));
    new RowCopy(m_list);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (const auto *row = m_model->rowAt(current))
            Q_EMIT chosen(base::ClusterName(row->id));
    });
}

void ClusterList::showSnapshot(const facts::Snapshot &snapshot)
{
    const int before = m_model->rowCount();
    m_model->showSnapshot(snapshot);
    if (before != m_model->rowCount())
        fit();
}

void ClusterList::choose(const base::ClusterName &cluster)
{
    const int row = m_model->rowOf(cluster.text());
    if (row >= 0 && m_list->currentIndex().row() != row)
        m_list->setCurrentIndex(m_model->index(row, 0));
}

void ClusterList::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    fit();
}

/// The list is as high as its rows, until the legend would be pushed out: then the legend goes and the list scrolls.
void ClusterList::fit()
{
    const int rows = m_model->rowCount() * scaled(rowHeight);
    const int room = height() - scaled(theme::size::kTitleRow) - 2 - 2 * theme::space::kM;
    const int legend = m_legend->heightForWidth(width() - 2 * theme::space::kM) + theme::space::kL;
    m_legend->setVisible(rows + legend <= room);
    m_list->setFixedHeight(std::max(scaled(rowHeight), std::min(rows, room)));
}

} // namespace shardlens::ui::pages

#include "moc_ClusterList.cpp"
