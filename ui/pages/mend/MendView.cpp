// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/mend/MendView.h"

#include "ui/format/MendText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/mend/MendRows.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {

constexpr int columnsFrom = 760;
constexpr int checksWide = 360;

QString capitalised(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString mendTitle(const mend::Intent &intent, bool undoes)
{
    const QString subject = format::mendSubject(intent);
    if (undoes)
        return MendView::tr("Take the mend of %1 back").arg(subject);
    return intent.what == mend::What::Feed ? MendView::tr("Rebuild %1").arg(subject) : MendView::tr("Mend %1").arg(subject);
}

/// The title has said of what.
QString mendButton(const mend::Intent &intent, bool undoes)
{
    if (undoes)
        return MendView::tr("Take the mend back");
    switch (intent.what) {
    case mend::What::Feed: return MendView::tr("Rebuild the feed");
    case mend::What::MapBucket: return MendView::tr("Mend bucket %1").arg(intent.bucket);
    case mend::What::MapEntry: break;
    }
    return MendView::tr("Mend the entry");
}

} // namespace

MendView::MendView(const PageContext &context, const QString &back, QWidget *parent)
    : ActFrame(parent), m_fleet(context.fleet), m_clock(context.clock), m_board(context.lookups), m_checks(new operate::OutlinePanel(tr("Checks"), this)),
      m_changes(new operate::OutlinePanel(tr("What is written"), this)), m_confirm(new operate::ConfirmBar(this)), m_again(new theme::FlatButton(tr("Plan again"), this))
{
    setBackWords(back);
    auto *copy = new theme::FlatButton(tr("Copy as text"), this);
    copy->setToolTip(tr("Every check, every change and what is sent, to paste"));
    addButton(copy);
    addButton(m_again);
    connect(copy, &QAbstractButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    connect(m_again, &QAbstractButton::clicked, this, [this] { open(m_intent, m_undoes); });
    connect(this, &ActFrame::bannerPressed, this, [this] { open(m_intent, true); });
    connect(m_confirm, &operate::ConfirmBar::heightChanged, this, &MendView::arrange);
    connect(m_confirm, &operate::ConfirmBar::wordsConfirmed, this, &MendView::order);
    if (m_board)
        connect(m_board, &LookupBoard::told, this, &MendView::hear);
    setTabOrder(m_checks->list(), m_changes->list());
    setTabOrder(m_changes->list(), m_confirm);
    setFocusProxy(m_checks->list());
}

void MendView::open(const mend::Intent &intent, bool undoes)
{
    if (isWriting())
        return;
    m_intent = intent;
    m_undoes = undoes;
    m_plan.reset();
    m_done.reset();
    m_trouble.clear();
    m_isInDoubt = false;
    m_confirm->clear(); // what was entered was for another plan
    m_planNumber = m_board && m_board->isAnswered() ? m_board->ask(LookupSeat::Mend, MendQuestion{intent, undoes}) : 0;
    if (m_planNumber == 0)
        m_trouble = tr("Nothing here asks the servers.");
    present();
}

void MendView::hear(std::uint64_t number, const LookupResult &result)
{
    if (number == 0)
        return;
    if (number == m_planNumber) {
        m_planNumber = 0;
        if (const auto *plan = std::get_if<base::Result<mend::Plan>>(&result))
            hearPlan(*plan);
    } else if (number == m_orderNumber) {
        m_orderNumber = 0;
        if (const auto *done = std::get_if<base::Result<mend::Done>>(&result))
            hearDone(*done);
    }
}

void MendView::hearPlan(const base::Result<mend::Plan> &plan)
{
    if (plan)
        m_plan = *plan;
    else
        m_trouble = capitalised(format::text(plan.error().message)) + QLatin1Char('.');
    present();
}

void MendView::hearDone(const base::Result<mend::Done> &done)
{
    if (done) {
        m_done = *done;
        present();
        Q_EMIT mended();
        return;
    }
    m_isInDoubt = done.error().effect == base::Effect::InDoubt;
    m_trouble = (m_isInDoubt ? tr("Not known yet whether it was written: %1.") : tr("Nothing was written: %1.")).arg(format::text(done.error().message));
    present();
}

void MendView::order(const QString &reason)
{
    if (!m_plan || !m_board || isWriting() || m_done)
        return;
    m_orderNumber = m_board->ask(LookupSeat::MendOrder, MendOrder{*m_plan, reason.toStdString()});
    setFocus(); // the bar goes: the keys stay here
    present();
}

void MendView::present()
{
    setTitle(mendTitle(m_intent, m_undoes), m_plan ? format::text(m_plan->group.text()) : QString());
    m_checks->list()->showRows(m_plan ? mendCheckRows(*m_plan) : operate::OutlineRows());
    m_changes->list()->showRows(m_plan ? mendChangeRows(*m_plan) : operate::OutlineRows());
    m_changes->setTitle(m_done ? tr("What was written") : tr("What is written"));
    m_changes->setNote(m_plan ? format::mendCounts(m_plan->changes) : QString());
    m_again->setEnabled(m_planNumber == 0 && !isWriting());
    if (m_done)
        setStatus(theme::Shape::Dot, tr("Done"));
    else if (isWriting())
        setStatus(theme::Shape::Chevron, tr("Being written"));
    else if (m_planNumber != 0)
        setStatus(theme::Shape::Ellipsis, tr("Asking"));
    else if (m_isInDoubt)
        setStatus(theme::Shape::DashedRing, tr("In doubt"));
    else if (!m_plan || !m_trouble.isEmpty())
        setStatus(theme::Shape::Triangle, tr("Nothing was written"));
    else
        setStatus(m_plan->passes() ? theme::Shape::Dot : theme::Shape::Stop, tr("Read %1").arg(format::clockTime(m_plan->madeAt)));
    if (m_done)
        setBanner(format::doneSentence(*m_plan, *m_done), {}, m_undoes ? QString() : tr("Take it back…"), theme::Shape::Dot);
    else
        setBanner(m_trouble, {}, {});
    presentBar();
    arrange();
}

/// Nothing to confirm: no bar, so that no button stands where the last one acted.
void MendView::presentBar()
{
    const bool canConfirm = m_plan && !m_done && !m_isInDoubt;
    if (!canConfirm) {
        m_confirm->showWords(std::nullopt, true);
        m_confirm->hide();
        setBar(nullptr, {});
        return;
    }
    operate::ConfirmWords words;
    words.act = format::mendSentence(*m_plan);
    words.cost = m_plan->isNeeded() ? format::mendCost(*m_plan) : QString();
    words.button = mendButton(m_intent, m_undoes);
    words.name = QString::fromStdString(mend::confirmationOf(m_intent));
    words.missing = !m_plan->passes() ? tr("A check does not pass") : m_plan->isNeeded() ? QString() : tr("Nothing to put right");
    m_confirm->setHindrance(isWriting() ? tr("Being written") : m_trouble.isEmpty() ? QString() : tr("Plan again first"));
    m_confirm->showWords(words, m_fleet->environment == fleet::Environment::Local);
    setBar(m_confirm, [this](int width) { return m_confirm->heightFor(width); });
}

void MendView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT backRequested();
    else
        ActFrame::keyPressEvent(event);
}

void MendView::arrangeBody(const QRect &room)
{
    if (room.width() >= theme::breakpoint(columnsFrom)) {
        const int left = std::min(scaled(checksWide), room.width() * 42 / 100);
        m_checks->setGeometry(room.left(), room.top(), left, room.height());
        m_changes->setGeometry(room.left() + left + gap(), room.top(), room.width() - left - gap(), room.height());
        return;
    }
    const int high = (room.height() - gap()) / 2;
    m_checks->setGeometry(room.left(), room.top(), room.width(), high);
    m_changes->setGeometry(room.left(), room.top() + high + gap(), room.width(), room.height() - high - gap());
}

QString MendView::asText() const
{
    if (!m_plan)
        return m_trouble;
    QString out = format::mendSentence(*m_plan) + QLatin1Char('\n') + operate::textOf(mendCheckRows(*m_plan));
    for (const mend::Change &change : m_plan->changes)
        out += format::changeKindText(change.kind) + QLatin1Char(' ') + format::text(change.entry) + QLatin1Char(' ') + format::changeEvidence(change) + QLatin1Char('\n');
    return out;
}

} // namespace shardlens::ui::pages

#include "moc_MendView.cpp"
