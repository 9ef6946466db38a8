// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/FindBox.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace shardlens::ui::shell {

using theme::colour;
using theme::ColourRole;
using theme::FontRole;

namespace {

enum { DetailRole = Qt::UserRole + 1, IconNameRole };

/// Two lines a row: what it is called, and what it is.
class FindingDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        Q_UNUSED(option)
        Q_UNUSED(index)
        return {theme::scaled(200), theme::scaled(42)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        const bool chosen = option.state & QStyle::State_Selected;
        if (chosen || (option.state & QStyle::State_MouseOver))
            painter->fillRect(option.rect, colour(chosen ? ColourRole::Selection : ColourRole::Alternate, option.palette));
        const int icon = theme::scaled(16);
        const QRect iconRect(option.rect.left() + theme::space::kM, option.rect.center().y() - icon / 2, icon, icon);
        theme::icon(index.data(IconNameRole).toString(), ColourRole::Muted).paint(painter, iconRect);
        const QRect texts = option.rect.adjusted(theme::space::kM * 2 + icon, theme::scaled(4), -theme::space::kM, -theme::scaled(4));
        const auto line = [&](FontRole font, ColourRole ink, int role, Qt::Alignment where) {
            painter->setFont(theme::font(font));
            painter->setPen(colour(ink, option.palette));
            painter->drawText(texts, int(where | Qt::AlignLeft), QFontMetrics(painter->font()).elidedText(index.data(role).toString(), Qt::ElideMiddle, texts.width()));
        };
        line(FontRole::Body, ColourRole::Text, Qt::DisplayRole, Qt::AlignTop);
        line(FontRole::Caption, ColourRole::Muted, DetailRole, Qt::AlignBottom);
        painter->restore();
    }
};

} // namespace

FindBox::FindBox(const Finder &finder, QWidget *parent)
    : QLineEdit(parent), m_finder(finder), m_list(nullptr), m_model(new QStandardItemModel(this))
{
    setPlaceholderText(tr("Find or paste an ID, a link, a name, a shard"));
    setAccessibleName(tr("Find or paste"));
    setFont(theme::font(FontRole::Body));
    applyMargins();
    connect(this, &QLineEdit::textEdited, this, &FindBox::refresh);
}

FindBox::~FindBox() = default;

void FindBox::applyMargins()
{
    setTextMargins(theme::scaled(26), 0, theme::scaled(52), 0);
    setFixedHeight(theme::scaled(theme::size::kButton));
}

QSize FindBox::sizeHint() const
{
    return {theme::scaled(380), theme::scaled(theme::size::kButton)};
}

bool FindBox::isOpen() const
{
    return m_list && m_list->isVisible();
}

void FindBox::open(const QString &query)
{
    if (!hasFocus())
        m_focusBefore = QApplication::focusWidget();
    setFocus(Qt::ShortcutFocusReason);
    if (!query.isNull())
        setText(query);
    selectAll();
    refresh();
}

void FindBox::refresh()
{
    if (!m_list) {
        // A child of the window and not a popup: a popup would take the keyboard, and this list never has it.
        m_list = new QListView(window());
        m_list->setModel(m_model);
        m_list->setItemDelegate(new FindingDelegate(m_list));
        m_list->setFocusPolicy(Qt::NoFocus);
        m_list->setMouseTracking(true);
        m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_list->setUniformItemSizes(true);
        m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
        m_list->setAccessibleName(tr("Found"));
        connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) { choose(index.row()); });
    }
    m_findings = m_finder.find(text());
    m_model->clear();
    for (const Finding &finding : m_findings) {
        auto *item = new QStandardItem(finding.title);
        item->setData(finding.detail, DetailRole);
        item->setData(finding.icon, IconNameRole);
        item->setAccessibleText(finding.title + QStringLiteral(", ") + finding.detail);
        m_model->appendRow(item);
    }
    if (m_findings.empty()) {
        auto *none = new QStandardItem(tr("Nothing by that name, and no ID"));
        none->setData(tr("A name from the fleet file, a shard's number, an ID, a shortcode or a link"), DetailRole);
        none->setFlags(Qt::NoItemFlags);
        m_model->appendRow(none);
    } else {
        m_list->setCurrentIndex(m_model->index(0, 0));
    }
    place();
    m_list->show();
    m_list->raise();
}

void FindBox::place()
{
    const QPoint below = mapTo(window(), QPoint(0, height() + 4));
    const int rows = std::max(1, m_model->rowCount());
    const int wanted = rows * theme::scaled(42) + 2;
    const int room = window()->height() - below.y() - theme::space::kM;
    const int wide = std::min(std::max(width(), theme::scaled(620)), window()->width() - below.x() - theme::space::kM);
    m_list->setGeometry(below.x(), below.y(), wide, std::min(wanted, room));
}

void FindBox::close()
{
    if (m_list)
        m_list->hide();
    clear();
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    else
        clearFocus();
    m_focusBefore.clear();
}

void FindBox::choose(int row)
{
    if (row < 0 || std::size_t(row) >= m_findings.size())
        return;
    const Finding finding = m_findings[std::size_t(row)];
    close();
    Q_EMIT chosen(finding);
}

void FindBox::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        close();
        return;
    case Qt::Key_Up:
    case Qt::Key_Down: {
        if (!isOpen()) {
            refresh();
            return;
        }
        const int step = event->key() == Qt::Key_Up ? -1 : 1;
        const int row = std::clamp(m_list->currentIndex().row() + step, 0, m_model->rowCount() - 1);
        m_list->setCurrentIndex(m_model->index(row, 0));
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (isOpen())
            choose(m_list->currentIndex().row());
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void FindBox::focusInEvent(QFocusEvent *event)
{
    QLineEdit::focusInEvent(event);
    if (event->reason() == Qt::MouseFocusReason || event->reason() == Qt::ShortcutFocusReason)
        refresh();
}

void FindBox::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    if (m_list && event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason)
        m_list->hide();
}

void FindBox::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int side = theme::scaled(16);
    theme::icon(QStringLiteral("search"), ColourRole::Muted).paint(&painter, QRect(theme::space::kS, (height() - side) / 2, side, side));
    if (!text().isEmpty())
        return;
    // The key that leads here, while there is nothing else to read.
    painter.setFont(theme::font(FontRole::Caption));
    const QString key = QStringLiteral("Ctrl+K");
    const int wide = QFontMetrics(painter.font()).horizontalAdvance(key) + 10;
    const QRectF cap(width() - wide - 8.5, (height() - theme::scaled(18)) / 2 + 0.5, wide, theme::scaled(18) - 1);
    painter.setPen(colour(ColourRole::Line, palette()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(cap, theme::size::kRadius, theme::size::kRadius);
    painter.setPen(colour(ColourRole::Muted, palette()));
    painter.drawText(cap, Qt::AlignCenter, key);
}

bool FindBox::event(QEvent *event)
{
    if (event->type() == QEvent::ApplicationFontChange) {
        setFont(theme::font(FontRole::Body));
        applyMargins();
    }
    return QLineEdit::event(event);
}

} // namespace shardlens::ui::shell

#include "moc_FindBox.cpp"
