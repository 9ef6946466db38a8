// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/replication/WhyPopup.h"

#include "ui/models/StandbyModel.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>

namespace shardlens::ui::pages {

using models::StandbyModel;
using theme::ColourRole;
using theme::FontRole;

WhyPopup::WhyPopup(const facts::StandbyLag &lag, QWidget *parent) : QFrame(parent, Qt::Popup), m_text(asText(lag))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Why this lag"));
    setAccessibleDescription(m_text);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(theme::space::kM, theme::space::kM, theme::space::kM, theme::space::kM);
    grid->setHorizontalSpacing(theme::space::kL);
    grid->setVerticalSpacing(theme::space::kXs);
    auto *sentence = new QLabel(StandbyModel::ruleSentence(lag), this);
    sentence->setFont(theme::font(FontRole::BodyBold));
    sentence->setWordWrap(true);
    sentence->setMinimumWidth(theme::scaled(340));
    grid->addWidget(sentence, 0, 0, 1, 2);
    int row = 1;
    for (const auto &line : StandbyModel::ruleInputs(lag)) {
        auto *name = new theme::Text(line.decides ? FontRole::BodyBold : FontRole::Body, line.decides ? ColourRole::Text : ColourRole::Muted, this);
        auto *value = new theme::Text(line.decides ? FontRole::BodyBold : FontRole::Body, ColourRole::Text, this);
        name->setText(line.name);
        value->setText(line.value);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        grid->addWidget(name, row, 0);
        grid->addWidget(value, row, 1);
        ++row;
    }
    auto *copy = new theme::FlatButton(tr("Copy readings"), this);
    connect(copy, &theme::FlatButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_text);
        close();
    });
    grid->addWidget(copy, row, 0, 1, 2, Qt::AlignRight);
    copy->setFocus();
}

QString WhyPopup::asText(const facts::StandbyLag &lag)
{
    QStringList lines{QString::fromStdString(lag.standby.text()), StandbyModel::ruleSentence(lag)};
    for (const auto &line : StandbyModel::ruleInputs(lag))
        lines << tr("%1: %2").arg(line.name, line.value);
    return lines.join(QLatin1Char('\n'));
}

void WhyPopup::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

} // namespace shardlens::ui::pages

#include "moc_WhyPopup.cpp"
