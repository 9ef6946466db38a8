// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/AllDownPanel.h"

#include "ui/format/Headline.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Panel.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FlatButton;
using theme::FontRole;
using theme::Text;

std::optional<AllDown> allDownOf(const facts::Snapshot &snapshot)
{
    const auto answers = facts::countAnswers(snapshot);
    if (answers.declared == 0 || answers.answering > 0 || !format::allAnsweredOrTimedOut(snapshot))
        return std::nullopt;
    AllDown what;
    for (const fleet::Region &region : snapshot.fleet->regions) {
        AllDown::Region row;
        row.name = format::text(region.name.text());
        std::optional<facts::Instant> last;
        for (const fleet::Server &server : snapshot.fleet->servers) {
            if (server.region != region.name)
                continue;
            ++row.servers;
            const facts::Observation *observation = snapshot.observation(server.id);
            if (!observation)
                continue;
            if (observation->reach.lastAnswer && (!last || *observation->reach.lastAnswer > *last))
                last = observation->reach.lastAnswer;
            if (observation->reach.lastError && row.why.isEmpty())
                row.why = format::text(observation->reach.lastError->message);
        }
        if (row.servers == 0)
            continue;
        row.lastAnswer = last ? AllDownPanel::tr("%1 ago").arg(format::age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *last))) : AllDownPanel::tr("never");
        what.regions.push_back(row);
    }
    const auto count = std::int64_t(what.regions.size());
    QStringList heard;
    for (const facts::GuardReport &guard : snapshot.guards) {
        if (guard.reach.state == facts::ReachState::Answering)
            heard << format::text(guard.region.text());
    }
    // A refusal came over a way that works, unless something on it refuses in their name.
    const bool allRefuse = std::all_of(snapshot.servers.begin(), snapshot.servers.end(), [](const auto &one) {
        return one.second && one.second->reach.lastError && one.second->reach.lastError->code == base::ErrorCode::Refused;
    });
    what.sentence = heard.isEmpty() && allRefuse
                        ? AllDownPanel::tr("No server answers: connections to %1 of %1 regions are refused, there or on the way. Do not fail over from here.").arg(format::count(count))
                    : heard.isEmpty()
                        ? AllDownPanel::tr("No server answers. Only this machine may be cut off (no route to %1 of %1 regions). Do not fail over from here.").arg(format::count(count))
                        : AllDownPanel::tr("No server answers this console, but the guards of %1 do. Do not fail over from here before somebody else has looked.").arg(heard.join(QStringLiteral(", ")));
    if (snapshot.isolatedSince)
        what.since = AllDownPanel::tr("Since %1.").arg(format::clockTime(*snapshot.isolatedSince, snapshot.takenUtc));
    return what;
}

AllDownPanel::AllDownPanel(QWidget *parent)
    : QWidget(parent), m_panel(new theme::Panel(tr("No server answers"))), m_sentence(new QLabel), m_grid(new QGridLayout),
      m_again(new FlatButton(tr("Read again now"))), m_last(new FlatButton(tr("Show the last picture"), nullptr, FlatButton::Look::Link))
{
    auto *column = new QVBoxLayout(this);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_panel, 100);
    row->addStretch(1);
    column->addStretch(1);
    column->addLayout(row);
    column->addStretch(2);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_panel->body()->addWidget(m_sentence);
    m_grid->setHorizontalSpacing(theme::space::kL);
    m_grid->setVerticalSpacing(theme::space::kXs);
    m_panel->body()->addSpacing(theme::space::kS);
    m_panel->body()->addLayout(m_grid);
    auto *hint = new QLabel(tr("Ask another console, or somebody in another place, before anything is done. This console goes on asking and recovers by itself."));
    hint->setWordWrap(true);
    m_panel->body()->addSpacing(theme::space::kS);
    m_panel->body()->addWidget(hint);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_again);
    buttons->addWidget(m_last);
    buttons->addStretch(1);
    m_panel->body()->addSpacing(theme::space::kS);
    m_panel->body()->addLayout(buttons);
    connect(m_again, &QAbstractButton::clicked, this, &AllDownPanel::readAgainRequested);
    connect(m_last, &QAbstractButton::clicked, this, &AllDownPanel::lastPictureRequested);
    setFocusProxy(m_again);
    setAccessibleName(tr("No server answers"));
}

void AllDownPanel::show(const AllDown &what)
{
    const bool first = isHidden();
    if (first || !(m_what == what)) {
        m_what = what;
        fill();
    }
    if (first) {
        raise();
        QWidget::show();
    }
}

void AllDownPanel::fill()
{
    m_panel->setMaximumWidth(theme::scaled(720));
    m_sentence->setFont(theme::font(FontRole::Headline));
    m_sentence->setText(m_what.since.isEmpty() ? m_what.sentence : m_what.sentence + QLatin1Char(' ') + m_what.since);
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto add = [this](int row, int column, const QString &words, FontRole font, ColourRole colour) {
        auto *text = new Text(font, colour);
        text->setText(words);
        text->setElide(column == 2 ? Text::Elide::End : Text::Elide::None);
        m_grid->addWidget(text, row, column);
    };
    const QStringList heads{tr("Region"), tr("Servers"), tr("The newest failure"), tr("Last answer")};
    for (int column = 0; column < heads.size(); ++column)
        add(0, column, heads.at(column), FontRole::Caption, ColourRole::Muted);
    for (std::size_t i = 0; i < m_what.regions.size(); ++i) {
        const AllDown::Region &region = m_what.regions[i];
        const int row = int(i) + 1;
        add(row, 0, region.name, FontRole::BodyBold, ColourRole::Text);
        add(row, 1, format::count(region.servers), FontRole::Body, ColourRole::Text);
        add(row, 2, region.why.isEmpty() ? tr("no answer") : region.why, FontRole::Body, ColourRole::Text);
        add(row, 3, region.lastAnswer, FontRole::Body, ColourRole::Text);
    }
    m_grid->setColumnStretch(2, 1);
}

void AllDownPanel::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    // The last picture stays visible behind, so that nobody thinks it were gone.
    QPainter painter(this);
    QColor veil = theme::colour(ColourRole::Window, palette());
    veil.setAlphaF(0.82F);
    painter.fillRect(rect(), veil);
}

void AllDownPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && !isHidden())
        fill();
}

} // namespace shardlens::ui::shell

#include "moc_AllDownPanel.cpp"
