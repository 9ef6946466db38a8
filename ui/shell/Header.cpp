// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Header.h"

#include "ui/format/Headline.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/shell/EnvironmentChip.h"
#include "ui/shell/FindBox.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Icons.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>
#include <array>

namespace shardlens::ui::shell {

using facts::Severity;
using theme::ColourRole;
using theme::FontRole;
using theme::Text;

namespace {

QString roleWord(fleet::Role role)
{
    switch (role) {
    case fleet::Role::Observer: return Header::tr("observer");
    case fleet::Role::Application: return Header::tr("application");
    case fleet::Role::Support: return Header::tr("support");
    case fleet::Role::OnCall: return Header::tr("on-call");
    case fleet::Role::Ops: return Header::tr("ops");
    }
    return {};
}

/// What somebody with this role may do, as the fleet file gives it; the servers' grants have the last word.
QString mayDo(fleet::Role role)
{
    switch (role) {
    case fleet::Role::Observer: return Header::tr("may look");
    case fleet::Role::Application: return Header::tr("is an application's user");
    case fleet::Role::Support: return Header::tr("may look people and photos up");
    case fleet::Role::OnCall: return Header::tr("may switch over, pause and heal");
    case fleet::Role::Ops: return Header::tr("may do everything");
    }
    return {};
}

/// Who acts and whose look-ups are recorded; while nobody of the fleet file does, who reads.
QString whoText(const fleet::Fleet &fleet, const std::string &you)
{
    const std::string &who = you.empty() ? fleet.access.observer : you;
    const fleet::DatabaseUser *user = fleet.access.user(who);
    const QString name = format::text(who);
    if (name.isEmpty())
        return {};
    return user ? Header::tr("%1, %2").arg(name, roleWord(user->role)) : name;
}

QString whoTip(const fleet::Fleet &fleet, const std::string &you)
{
    const fleet::DatabaseUser *user = fleet.access.user(you.empty() ? fleet.access.observer : you);
    if (!user)
        return {};
    const QString tip = Header::tr("Database user %1: role %2 in the fleet file, %3. What the servers grant has the last word.")
                            .arg(format::text(user->name), roleWord(user->role), mayDo(user->role));
    return user->name == fleet.access.observer ? tip : Header::tr("%1 The servers are read as %2.").arg(tip, format::text(fleet.access.observer));
}

} // namespace

Header::Header(const fleet::Fleet &fleet, const Finder &finder, QWidget *parent)
    : QWidget(parent), m_menu(new theme::FlatButton({}, nullptr, theme::FlatButton::Look::Bare)), m_chip(new EnvironmentChip(fleet.environment)),
      m_fleet(new Text(FontRole::BodyBold)), m_findBox(new FindBox(finder)), m_answers(new Text(FontRole::Body, ColourRole::Muted)),
      m_clock(new Text(FontRole::BodyBold)), m_local(new Text(FontRole::Body, ColourRole::Muted)), m_who(new Text(FontRole::Body, ColourRole::Muted))
{
    m_menu->setIcon(theme::icon(QStringLiteral("menu")));
    m_menu->setAccessibleName(tr("Menu"));
    m_menu->setToolTip(tr("Menu (F10)"));
    m_fleet->setElide(Text::Elide::Middle);
    setFleet(fleet);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space::kM, 0, theme::space::kM, 1);
    row->setSpacing(theme::space::kM);
    row->addWidget(m_menu);
    row->addWidget(m_chip);
    row->addWidget(m_fleet);
    row->addWidget(m_findBox, 100);
    m_findBox->setMaximumWidth(theme::scaled(380));
    m_findBox->setMinimumWidth(theme::scaled(120));
    row->addStretch(1);
    m_counts[0] = addCount(row, Severity::Critical);
    m_counts[1] = addCount(row, Severity::Warning);
    m_counts[2] = addCount(row, Severity::Unknown);
    row->addSpacing(theme::space::kXs);
    row->addWidget(m_answers);
    row->addSpacing(theme::space::kXs);
    row->addWidget(m_clock);
    row->addWidget(m_local);
    row->addWidget(m_who);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(theme::scaled(44));
    setAccessibleName(tr("Header"));
}

Header::Count Header::addCount(QHBoxLayout *row, Severity severity)
{
    Count count{new theme::ShapeMark(theme::shapeOf(severity)), new Text(FontRole::Body, ColourRole::Muted)};
    auto *pair = new QHBoxLayout;
    pair->setSpacing(theme::space::kXs);
    pair->addWidget(count.mark);
    pair->addWidget(count.number);
    row->addLayout(pair);
    return count;
}

void Header::setFleet(const fleet::Fleet &fleet)
{
    m_chip->setEnvironment(fleet.environment);
    m_fleet->setText(format::text(fleet.name));
    showWho(fleet, {});
}

void Header::showWho(const fleet::Fleet &fleet, const std::string &you)
{
    m_who->setText(whoText(fleet, you));
    m_who->setToolTip(whoTip(fleet, you));
}

void Header::showSnapshot(const facts::Snapshot &snapshot)
{
    const char *const words[] = {QT_TR_NOOP("critical problems"), QT_TR_NOOP("warnings"), QT_TR_NOOP("not known")};
    for (int i = 0; i < 3; ++i) {
        const auto severity = Severity(i);
        const auto number = std::count_if(snapshot.problems.begin(), snapshot.problems.end(),
                                          [severity](const facts::Problem &problem) { return problem.severity == severity; });
        m_counts[i].mark->setFaint(number == 0);
        m_counts[i].number->setText(format::count(number));
        m_counts[i].number->setFontRole(number > 0 ? FontRole::BodyBold : FontRole::Body);
        m_counts[i].number->setColour(number > 0 ? theme::coloursOf(severity).text : ColourRole::Muted);
        m_counts[i].number->setAccessibleName(format::count(number) + QLatin1Char(' ') + tr(words[i]));
    }
    showWho(*snapshot.fleet, snapshot.shared ? snapshot.shared->you : std::string());
    const auto answers = facts::countAnswers(snapshot);
    m_someSilent = answers.answering < answers.declared && format::allAnsweredOrTimedOut(snapshot);
    m_answersText = format::answersText(snapshot);
    // Room for the longest it becomes, so that the header stands still.
    const QString all = format::count(answers.declared);
    m_answers->setWidest(tr("%1 of %2 servers").arg(all, all) + QStringLiteral(", 8.8 s"));
    showStall(std::nullopt);
    fit();
}

void Header::showStall(std::optional<base::microseconds> silentFor)
{
    m_answers->setText(silentFor ? tr("no reading for %1").arg(format::age(*silentFor)) : m_answersText);
    m_answers->setColour(silentFor || m_someSilent ? ColourRole::WarningText : ColourRole::Muted);
    m_answers->setFontRole(silentFor || m_someSilent ? FontRole::BodyBold : FontRole::Body);
}

void Header::showTime(base::UtcTime now)
{
    m_clock->setWidest(format::widestClock());
    m_clock->setText(format::clockTime(now));
    const bool both = format::timeStyle() == format::TimeStyle::Both;
    if (m_showsLocal != both) {
        m_showsLocal = both;
        fit();
    }
    m_local->setText(format::localTime(now));
    m_clock->setToolTip(format::timeStyle() == format::TimeStyle::Utc ? format::dateTime(now) : format::dateTime(now) + QStringLiteral(", ") + format::localTime(now));
}

/// What the row needs at least with everything shown; then the least important leaves, one at a time. Nothing is shown that is hidden again
/// at once: that would lay the row out with it, over its neighbours.
void Header::fit()
{
    struct Part {
        QWidget *widget;
        bool isShown;
    };
    std::array<Part, 3> parts{{{m_local, m_showsLocal}, {m_who, !m_who->text().isEmpty()}, {m_fleet, true}}};
    const auto needed = [&] {
        int width = layout()->contentsMargins().left() + layout()->contentsMargins().right() + theme::scaled(220); // of the search
        int shown = 0;
        const auto add = [&](const QWidget *widget) {
            width += widget->sizeHint().width();
            ++shown;
        };
        for (const QWidget *widget : std::initializer_list<const QWidget *>{m_menu, m_chip, m_answers, m_clock})
            add(widget);
        for (const Part &part : parts) {
            if (part.isShown)
                add(part.widget);
        }
        for (const Count &count : m_counts)
            width += count.mark->sizeHint().width() + theme::space::kXs + count.number->sizeHint().width();
        return width + (shown + 5) * theme::space::kM + 2 * theme::space::kXs;
    };
    for (Part &part : parts) {
        if (needed() <= width())
            break;
        part.isShown = false;
    }
    for (const bool shows : {false, true}) { // what leaves makes room first
        for (const Part &part : parts) {
            if (part.isShown == shows && part.widget->isHidden() == shows)
                part.widget->setVisible(shows);
        }
    }
    layout()->activate();
}

void Header::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(rect(), theme::colour(ColourRole::Surface, palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme::colour(ColourRole::Line, palette()));
}

void Header::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void Header::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange) {
        setFixedHeight(theme::scaled(44));
        m_findBox->setMaximumWidth(theme::scaled(380));
        m_findBox->setMinimumWidth(theme::scaled(120));
        fit();
    }
    QWidget::changeEvent(event);
}

} // namespace shardlens::ui::shell

#include "moc_Header.cpp"
