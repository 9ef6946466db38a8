// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/MessageView.h"

#include "ui/format/Words.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace shardlens::ui::shell {

namespace {

QLabel *paragraph(const QString &text, theme::FontRole font = theme::FontRole::Body)
{
    auto *label = new QLabel(text);
    label->setFont(theme::font(font));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

MessageView::MessageView(const QString &title, QWidget *parent) : QWidget(parent)
{
    auto *panel = new theme::Panel(title);
    panel->setMaximumWidth(theme::scaled(760));
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(panel, 20);
    row->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space::kXl, theme::space::kXl * 2, theme::space::kXl, theme::space::kXl);
    column->addLayout(row);
    column->addStretch(1);
    m_body = panel->body();
}

QString complaintsTitle(const fleet::BadFleetFile &bad, const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    switch (bad.why) {
    case fleet::BadFleetFile::Why::Unreadable: return MessageView::tr("%1 could not be read").arg(name);
    case fleet::BadFleetFile::Why::Syntax: return MessageView::tr("%1 was not taken: it is not TOML").arg(name);
    case fleet::BadFleetFile::Why::NoRegion: return MessageView::tr("%1 has no such region to look from").arg(name);
    case fleet::BadFleetFile::Why::Schema: break;
    }
    const auto count = bad.complaints.size();
    return count == 1 ? MessageView::tr("%1 was not taken: one thing is wrong in it").arg(name)
                      : MessageView::tr("%1 was not taken: %2 things are wrong in it").arg(name).arg(count);
}

MessageView *MessageView::complaints(const fleet::BadFleetFile &bad, const QString &path, QWidget *parent)
{
    auto *view = new MessageView(complaintsTitle(bad, path), parent);
    auto *list = new QWidget;
    auto *lines = new QVBoxLayout(list);
    lines->setContentsMargins(0, 0, theme::space::kS, 0);
    lines->setSpacing(theme::space::kS);
    const std::string name = QFileInfo(path).fileName().toStdString();
    for (const fleet::Complaint &complaint : bad.complaints)
        lines->addWidget(paragraph(format::text(fleet::sentence(complaint, name))));
    lines->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidget(list);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setMinimumHeight(theme::scaled(320));
    list->setAutoFillBackground(true);
    list->setBackgroundRole(QPalette::Base);
    view->m_body->addWidget(paragraph(tr("Nothing of it was loaded.")));
    view->m_body->addWidget(scroll, 1);
    auto *buttons = new QHBoxLayout;
    auto *again = new theme::FlatButton(tr("Read it again"));
    auto *open = new theme::FlatButton(tr("Open another file…"));
    buttons->addWidget(again);
    buttons->addWidget(open);
    buttons->addStretch(1);
    view->m_body->addLayout(buttons);
    connect(again, &QAbstractButton::clicked, view, &MessageView::retryRequested);
    connect(open, &QAbstractButton::clicked, view, &MessageView::openRequested);
    return view;
}

} // namespace shardlens::ui::shell

#include "moc_MessageView.cpp"
