// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/StartView.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Panel.h"
#include "ui/theme/widgets/Text.h"
#include "ui/theme/widgets/TickBox.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QFontMetrics>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>

#include <vector>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FlatButton;
using theme::FontRole;
using theme::Text;

namespace {

constexpr qsizetype kMostShown = 5;
constexpr int kWidestPath = 560;

QLabel *startParagraph(const QString &text)
{
    auto *label = new QLabel(text);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QHBoxLayout *leftRow(std::initializer_list<QWidget *> widgets)
{
    auto *row = new QHBoxLayout;
    for (QWidget *widget : widgets)
        row->addWidget(widget);
    row->addStretch(1);
    return row;
}

} // namespace

StartView::StartView(const QStringList &known, const QString &note, bool hasLocalFleet, QWidget *parent) : QWidget(parent)
{
    auto *middle = new QWidget;
    middle->setMaximumWidth(theme::scaled(720));
    m_column = new QVBoxLayout(middle);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(theme::space::kM);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(middle, 50);
    row->addStretch(1);
    auto *inside = new QWidget;
    auto *all = new QVBoxLayout(inside);
    all->setContentsMargins(theme::space::kXl, theme::space::kXl, theme::space::kXl, theme::space::kXl);
    all->addLayout(row);
    all->addStretch(1);
    auto *scroll = new QScrollArea; // three doors at 150 % are higher than a small screen
    scroll->setWidget(inside);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus); // whatever Tab leads to comes into sight
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);

    auto *heading = new Text(FontRole::Headline);
    heading->setText(tr("No fleet is open"));
    m_column->addWidget(heading);
    m_column->addWidget(startParagraph(note.isEmpty() ? tr("A fleet file says which servers there are and where they listen. Nothing is written to any server.") : note));

    const std::vector<QWidget *> files = addFileDoor(known);
    addAddressDoor();
    addLocalDoor(hasLocalFleet);
    // Tab goes round by way of this widget, and so to its proxy: whatever stands before that would never be reached.
    QWidget *last = focusProxy();
    for (QWidget *file : files) {
        setTabOrder(last, file);
        last = file;
    }
}

std::vector<QWidget *> StartView::addFileDoor(const QStringList &known)
{
    theme::Panel *open = addDoor(tr("Open a fleet file"), {});
    std::vector<QWidget *> order;
    for (const QString &path : known.mid(0, kMostShown)) {
        const QFontMetrics metrics(theme::font(FontRole::Body));
        auto *before = new FlatButton(metrics.elidedText(path, Qt::ElideMiddle, theme::scaled(kWidestPath)), nullptr, FlatButton::Look::Link);
        before->setToolTip(path);
        before->setAccessibleName(path);
        before->setEnabled(QFileInfo::exists(path));
        connect(before, &QAbstractButton::clicked, this, [this, path] { Q_EMIT fileChosen(path); });
        open->body()->addLayout(leftRow({before}));
        order.push_back(before);
    }
    auto *choose = new FlatButton(tr("Open fleet file…"));
    connect(choose, &QAbstractButton::clicked, this, &StartView::openRequested);
    open->body()->addLayout(leftRow({choose}));
    setFocusProxy(choose);
    return order;
}

void StartView::addAddressDoor()
{
    theme::Panel *door = addDoor(tr("Begin from addresses"), tr("Each address is asked what it is; a fleet file is drafted from the answers, each line with its evidence. Nothing is written anywhere."));
    m_addresses = new QLineEdit;
    m_addresses->setPlaceholderText(tr("db1:5432 db2:5432 router1:6432, or hosts alone"));
    m_addresses->setAccessibleName(tr("Addresses"));
    m_user = new QLineEdit;
    m_user->setPlaceholderText(tr("database user; empty: PGUSER"));
    m_user->setAccessibleName(tr("Database user"));
    m_user->setFixedWidth(theme::scaled(220));
    for (QLineEdit *field : {m_addresses, m_user})
        field->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    auto *fields = new QHBoxLayout;
    fields->addWidget(m_addresses, 1);
    fields->addWidget(m_user);
    m_follows = new theme::TickBox(tr("Also ask the addresses that these servers mention"));
    door->body()->addLayout(fields);
    door->body()->addWidget(m_follows);
    door->body()->addWidget(startParagraph(tr("Passwords are found as libpq finds them: PGPASSFILE, ~/.pgpass or PGPASSWORD; for Redis REDISCLI_AUTH.")));
    m_discoveryLine = startParagraph({});
    m_discoveryLine->hide();
    door->body()->addWidget(m_discoveryLine);
    m_discover = new FlatButton(tr("Draft a fleet file"));
    m_cancel = new FlatButton(tr("Stop asking"));
    m_cancel->hide();
    connect(m_discover, &QAbstractButton::clicked, this, &StartView::askAddresses);
    connect(m_addresses, &QLineEdit::returnPressed, this, &StartView::askAddresses);
    connect(m_cancel, &QAbstractButton::clicked, this, &StartView::discoveryCancelled);
    door->body()->addLayout(leftRow({m_discover, m_cancel}));
}

void StartView::askAddresses()
{
    QString text = m_addresses->text();
    text.replace(QLatin1Char(','), QLatin1Char(' '));
    const QStringList addresses = text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (addresses.isEmpty())
        showDiscovery(tr("Name at least one address."), false);
    else
        Q_EMIT discoveryRequested(addresses, m_user->text().trimmed(), m_follows->isChecked());
}

void StartView::addLocalDoor(bool hasLocalFleet)
{
    theme::Panel *local = addDoor(tr("Try a local fleet"), hasLocalFleet ? tr("Real servers on this machine, on ports of their own: Postgres, Redis, memcached and pgbouncer in three regions. It takes about a minute and 1 GB of disk.")
                                                                       : tr("The program shardlens-localfleet is not installed beside this one."));
    m_localLine = startParagraph({});
    m_localLine->hide();
    local->body()->addWidget(m_localLine);
    m_local = new FlatButton(tr("Start the local fleet"));
    m_local->setVisible(hasLocalFleet);
    connect(m_local, &QAbstractButton::clicked, this, &StartView::localFleetRequested);
    local->body()->addLayout(leftRow({m_local}));
}

theme::Panel *StartView::addDoor(const QString &title, const QString &sentence)
{
    auto *panel = new theme::Panel(title);
    if (!sentence.isEmpty())
        panel->body()->addWidget(startParagraph(sentence));
    m_column->addWidget(panel);
    return panel;
}

void StartView::showDiscovery(const QString &line, bool isRunning)
{
    m_discoveryLine->setText(line);
    m_discoveryLine->setVisible(!line.isEmpty());
    m_discover->setVisible(!isRunning);
    m_cancel->setVisible(isRunning);
}

void StartView::showLocalFleet(const QString &line, bool isRunning)
{
    m_localLine->setText(line);
    m_localLine->setVisible(!line.isEmpty());
    m_local->setVisible(!isRunning);
}

} // namespace shardlens::ui::shell

#include "moc_StartView.cpp"
