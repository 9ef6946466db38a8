// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/SavePlan.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QHBoxLayout>
#include <QLineEdit>

namespace shardlens::ui::operate {

using theme::scaled;

SavePlan::SavePlan(QWidget *parent) : QFrame(parent, Qt::Popup), m_name(new QLineEdit(this)), m_button(new theme::FlatButton(tr("Save the plan"), this))
{
    setFrameShape(QFrame::StyledPanel);
    m_name->setAccessibleName(tr("The plan's name"));
    m_name->setPlaceholderText(tr("Its name"));
    m_name->setMinimumWidth(scaled(200));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space::kS, theme::space::kS, theme::space::kS, theme::space::kS);
    row->setSpacing(theme::space::kS);
    row->addWidget(m_name);
    row->addWidget(m_button);
    m_button->setEnabled(false);
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString &text) { m_button->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_name, &QLineEdit::returnPressed, this, &SavePlan::take);
    connect(m_button, &QAbstractButton::clicked, this, &SavePlan::take);
}

void SavePlan::openUnder(QWidget *button, const QString &name)
{
    m_name->setText(name);
    m_name->selectAll();
    adjustSize();
    const QPoint corner = button->mapToGlobal(QPoint(button->width(), button->height() + theme::space::kXs));
    move(corner.x() - width(), corner.y());
    show();
    m_name->setFocus(Qt::PopupFocusReason);
}

void SavePlan::take()
{
    const QString name = m_name->text().trimmed();
    if (name.isEmpty())
        return;
    hide();
    Q_EMIT named(name);
}

} // namespace shardlens::ui::operate

#include "moc_SavePlan.cpp"
