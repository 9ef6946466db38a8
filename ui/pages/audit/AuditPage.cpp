// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/AuditPage.h"

#include "ui/format/AuditText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/audit/AuditFilters.h"
#include "ui/pages/audit/AuditRows.h"
#include "ui/pages/lookup/CardPanel.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"

#include <QLineEdit>
#include <QStringList>

#include <algorithm>

namespace shardlens::ui::pages {

using operate::OutlineRow;
using theme::scaled;

namespace {

constexpr int auditFiltersWidth = 240;
constexpr int auditDetailsWidth = 380;
constexpr int auditDetailsHeight = 236; ///< where they lie under the entries
constexpr int auditWideFrom = 1500;
constexpr int auditChainHeight = 168;
constexpr base::seconds auditReadEvery{5};

QStringList textsOf(const std::set<std::string> &names)
{
    QStringList out;
    for (const std::string &name : names)
        out << format::text(name);
    return out;
}

std::set<std::string> namesFrom(const QVariant &value)
{
    std::set<std::string> out;
    for (const QString &name : value.toStringList())
        out.insert(name.toStdString());
    return out;
}

} // namespace

AuditPage::AuditPage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent), m_title(new TitleRow(tr("Audit"), TitleRow::Field::Find, content())), m_filters(new AuditFilters(content())),
      m_chain(new operate::OutlinePanel(tr("The chain"), content())), m_verify(new theme::FlatButton(tr("Verify now"), m_chain, theme::FlatButton::Look::Link)),
      m_entries(new RowsPanel(tr("Entries"), auditColumns(*this->context().fleet), content())), m_table(m_entries->table()), m_empty(new theme::Paragraph(m_entries, theme::ColourRole::Text, theme::ColourRole::Muted)),
      m_details(new CardPanel(tr("The entry"), content()))
{
    m_title->setHasRange(false);
    m_table->setAccessibleName(tr("Audit log, newest first"));
    m_verify->setToolTip(tr("Follows each entry’s hash from the first to the last, and holds the end against those that were kept here before"));
    m_chain->setTitleWidget(m_verify);
    m_empty->hide();
    setFocusProxy(m_table);
    setTabOrder(m_filters, m_verify);
    setTabOrder(m_verify, m_chain->list());
    setTabOrder(m_chain->list(), m_table);
    setTabOrder(m_table, m_details->list());
    connectParts();
    showChain();
    showDetails();
}

void AuditPage::connectParts()
{
    connect(m_title, &TitleRow::wordsChanged, m_table->ordered(), &models::OrderedRows::setWords);
    connect(m_filters, &AuditFilters::choiceChanged, this, &AuditPage::showRows);
    connect(m_filters, &AuditFilters::spanChanged, this, &AuditPage::readAnew);
    connect(m_table, &FactTable::chosen, this, &AuditPage::showDetails);
    connect(m_table, &FactTable::opened, this, [this] { m_details->list()->setFocus(); });
    connect(m_details->list(), &operate::OutlineList::linkFollowed, this, [this] {
        if (const facts::AuditRow *row = chosen())
            Q_EMIT operationRequested(operationIn(*row));
    });
    AuditBoard *board = context().audit;
    if (!board)
        return;
    connect(m_verify, &QAbstractButton::clicked, this, [this, board] {
        if (m_verifying)
            board->stopVerifying();
        else
            verify();
    });
    connect(board, &AuditBoard::rowsTold, this, &AuditPage::hear);
    connect(board, &AuditBoard::progressTold, this, [this](std::int64_t rows) {
        if (m_verifying)
            m_verifying = rows;
        showChain();
    });
    connect(board, &AuditBoard::verifiedTold, this, &AuditPage::hearVerified);
    connect(board, &AuditBoard::waitingTold, this, [this] {
        showChain();
        showNote();
    });
}

base::UtcTime AuditPage::now() const
{
    return snapshot() ? snapshot()->takenUtc : context().clock->utcNow();
}

std::string AuditPage::you() const
{
    return snapshot() && snapshot()->shared ? snapshot()->shared->you : std::string();
}

/// With each tick that is seen: asks for what is new, every few seconds; the first time for everything.
void AuditPage::fill()
{
    if (!m_readAt && !m_isWaiting && !m_trouble)
        readAnew();
    else if (!m_isWaiting && now() - m_askedAt >= auditReadEvery)
        readNew();
    if (!m_verified && !m_verifying)
        verify();
    showNote();
}

void AuditPage::readAnew()
{
    m_rows.clear();
    m_readAt.reset();
    m_trouble.reset();
    ask(0, kMost + 1);
    showRows();
}

void AuditPage::readNew()
{
    const bool isEmpty = m_rows.empty();
    ask(isEmpty ? 0 : m_rows.back().seq, isEmpty ? kMost + 1 : 0);
}

void AuditPage::ask(std::int64_t after, std::int64_t limit)
{
    if (!context().audit)
        return;
    AuditAsk wanted;
    if (const auto span = m_filters->span())
        wanted.since = now() - *span;
    wanted.after = after;
    wanted.limit = limit;
    wanted.number = ++m_asking;
    m_isWaiting = true;
    m_askedAt = now();
    context().audit->read(wanted);
}

void AuditPage::hear(const AuditRead &read)
{
    if (read.ask.number != m_asking)
        return;
    m_isWaiting = false;
    if (!read.rows) {
        m_trouble = read.rows.error();
        showRows();
        return;
    }
    m_trouble.reset();
    m_readAt = now();
    const bool isNew = !read.rows->empty();
    m_rows.insert(m_rows.end(), read.rows->begin(), read.rows->end());
    if (read.ask.after == 0)
        m_isCut = std::int64_t(m_rows.size()) > kMost;
    if (std::int64_t(m_rows.size()) > kMost)
        m_rows.erase(m_rows.begin(), m_rows.end() - kMost);
    if (isNew || read.ask.after == 0)
        showRows();
    showNote();
}

void AuditPage::verify()
{
    if (m_verifying || !context().audit)
        return;
    m_verifying = 0;
    context().audit->verify();
    showChain();
}

void AuditPage::hearVerified(const AuditVerified &verified)
{
    m_verifying.reset();
    m_verified = verified;
    showChain();
    showNote();
}

void AuditPage::showRows()
{
    m_filters->countRows(m_rows);
    m_table->showRows(auditRows(m_rows, m_filters->choice()));
    if (m_table->currentId().empty() && m_table->facts()->rowCount() > 0)
        m_table->choose(m_table->facts()->rows().front().id);
    const QString why = emptyText();
    m_empty->setVisible(!why.isEmpty());
    m_table->setVisible(why.isEmpty());
    m_empty->setText({}, why);
    showDetails();
    showNote();
    arrangeNow();
}

QString AuditPage::emptyText() const
{
    if (m_table->facts()->rowCount() > 0)
        return {};
    if (m_trouble)
        return format::auditTroubleText(*m_trouble, you());
    if (!m_readAt)
        return tr("Asking the directory for its audit log…");
    if (!m_rows.empty())
        return tr("None of the %1 entries is of these people and deeds. Take a tick away to see more.").arg(format::count(std::int64_t(m_rows.size())));
    return m_filters->span() ? tr("Nothing was recorded in that time. “All” goes back to the first entry.")
                             : tr("Nothing has been recorded yet. Each act, each claim and each look at personal data is, before it happens.");
}

const facts::AuditRow *AuditPage::chosen() const
{
    const std::string id = m_table->currentId();
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const facts::AuditRow &one) { return std::to_string(one.seq) == id; });
    return row == m_rows.end() ? nullptr : &*row;
}

void AuditPage::showDetails()
{
    const facts::AuditRow *row = chosen();
    m_details->setTitle(row ? tr("Entry %1").arg(row->seq) : tr("The entry"));
    m_details->list()->showRows(row ? auditDetails(*row) : operate::OutlineRows{cardNote("none", tr("Choose an entry to see all that it says."))});
}

void AuditPage::showChain()
{
    operate::OutlineRows rows;
    m_verify->setText(m_verifying ? tr("Stop") : tr("Verify now"));
    m_chain->setNote(m_verifying || !m_verified ? QString() : format::clockMinute(m_verified->at, now()));
    if (m_verifying) {
        OutlineRow row;
        row.id = "verifying";
        row.hasShape = true;
        row.shape = theme::Shape::Chevron;
        row.title = *m_verifying > 0 ? tr("Verifying, %1 entries so far").arg(format::count(*m_verifying)) : tr("Verifying from the first entry");
        rows.push_back(std::move(row));
    } else if (m_verified && !m_verified->verdict) {
        const base::Error &error = m_verified->verdict.error();
        OutlineRow row;
        row.id = "unknown";
        row.hasShape = true;
        row.shape = theme::Shape::DashedRing;
        row.title = error.code == base::ErrorCode::Cancelled ? tr("Not known: the verification was stopped") : tr("Not known whether it is unbroken");
        if (error.code != base::ErrorCode::Cancelled)
            row.second = error.code == base::ErrorCode::Io ? format::text(error.message) : format::auditTroubleText(error, you());
        rows.push_back(std::move(row));
    } else if (m_verified) {
        const facts::AuditVerdict &verdict = *m_verified->verdict;
        const QStringList lines = format::auditVerdictText(verdict);
        OutlineRow whole;
        whole.id = "verdict";
        whole.hasShape = true;
        whole.shape = !verdict.flaws.empty() ? theme::Shape::Diamond : verdict.isAnotherDirectory ? theme::Shape::Triangle : theme::Shape::Dot;
        whole.title = format::auditStateText(verdict);
        whole.title[0] = whole.title[0].toUpper();
        whole.second = lines.back();
        whole.isStrong = true;
        rows.push_back(std::move(whole));
        for (qsizetype i = 0; i + 1 < lines.size(); ++i)
            rows.push_back(cardNote("line/" + std::to_string(i), lines[i]));
        if (!verdict.headTrouble.empty())
            rows.push_back(cardNote("head", tr("Its end could not be kept for the next time: %1").arg(format::text(verdict.headTrouble))));
    }
    if (const AuditBoard *board = context().audit) {
        const QStringList waiting = format::auditWaitingText(board->waiting(), 0, you());
        for (qsizetype i = 0; i < waiting.size(); ++i)
            rows.push_back(cardNote("waiting/" + std::to_string(i), waiting[i]));
    }
    m_chain->list()->showRows(std::move(rows));
    arrangeNow();
}

/// "unbroken, 4,112 entries, verified 03:10Z".
void AuditPage::showNote()
{
    QStringList parts;
    if (m_verifying)
        parts << tr("verifying");
    else if (m_verified && m_verified->verdict)
        parts << format::auditStateText(*m_verified->verdict) << tr("verified %1").arg(format::clockMinute(m_verified->at, now()));
    else if (m_verified)
        parts << tr("not verified");
    const std::size_t waiting = context().audit ? context().audit->waiting().rows : 0;
    if (waiting > 0)
        parts << (waiting == 1 ? tr("1 entry waits here") : tr("%1 entries wait here").arg(format::count(std::int64_t(waiting))));
    m_title->setNote(parts.join(QStringLiteral(", ")));
    QStringList read;
    if (m_isCut)
        read << tr("the newest %1 of that time").arg(format::count(kMost));
    if (m_readAt)
        read << (m_trouble ? tr("not read since %1").arg(format::clockTime(*m_readAt, now())) : tr("read %1").arg(format::clockTime(*m_readAt, now())));
    m_entries->setNote(read.join(QStringLiteral(", ")));
}

void AuditPage::arrange()
{
    const bool wide = width() >= theme::breakpoint(auditWideFrom);
    const int gap = theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    const QRect page = room(head + scaled(420));
    m_title->setGeometry(page.left(), page.top(), page.width(), head);
    const QRect rest = page.adjusted(0, head + gap, 0, 0);
    const int left = std::min(scaled(auditFiltersWidth), rest.width() / 3);
    const int chain = std::min(std::max(scaled(auditChainHeight), head + m_chain->list()->wantedHeight() + theme::space::kM), rest.height() / 2);
    m_filters->setGeometry(rest.left(), rest.top(), left, rest.height() - chain - gap);
    m_chain->setGeometry(rest.left(), rest.bottom() + 1 - chain, left, chain);
    const QRect right = rest.adjusted(left + gap, 0, 0, 0);
    QRect entries = right;
    if (wide) {
        entries.setWidth(right.width() - scaled(auditDetailsWidth) - gap);
        m_details->setGeometry(entries.right() + 1 + gap, right.top(), scaled(auditDetailsWidth), right.height());
    } else {
        const int details = std::min(scaled(auditDetailsHeight), right.height() / 2);
        entries.setHeight(right.height() - details - gap);
        m_details->setGeometry(right.left(), entries.bottom() + 1 + gap, right.width(), details);
    }
    m_entries->setGeometry(entries);
    m_empty->setGeometry(theme::space::kM, head + theme::space::kS, entries.width() - 2 * theme::space::kM, entries.height() - head - theme::space::kS);
}

bool AuditPage::select(const Subject &subject)
{
    Q_UNUSED(subject)
    return false;
}

QVariantMap AuditPage::viewState() const
{
    const AuditChoice choice = m_filters->choice();
    return {{QStringLiteral("span"), m_filters->spanIndex()},
            {QStringLiteral("people"), textsOf(choice.people)},
            {QStringLiteral("deeds"), textsOf(choice.deeds)},
            {QStringLiteral("words"), m_title->find()->text()},
            {QStringLiteral("order"), m_table->order()}};
}

void AuditPage::restoreViewState(const QVariantMap &state)
{
    if (state.contains(QStringLiteral("span")))
        m_filters->setSpanIndex(state.value(QStringLiteral("span")).toInt());
    m_filters->setChoice({namesFrom(state.value(QStringLiteral("people"))), namesFrom(state.value(QStringLiteral("deeds")))});
    m_title->find()->setText(state.value(QStringLiteral("words")).toString());
    m_table->restoreOrder(state.value(QStringLiteral("order")).toMap());
}

void AuditPage::focusFind()
{
    m_title->find()->setFocus();
    m_title->find()->selectAll();
}

QString AuditPage::asCsv() const
{
    return m_rows.empty() ? QString() : auditCsv(m_rows, m_filters->choice());
}

bool AuditPage::hasLiveData() const
{
    return m_readAt && (m_verified || !context().audit);
}

} // namespace shardlens::ui::pages

#include "moc_AuditPage.cpp"
