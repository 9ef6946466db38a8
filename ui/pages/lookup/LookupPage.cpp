// SPDX-License-Identifier: GPL-3.0-or-later
// What the page asks for and hears; what it shows stands in LookupPageShow.cpp, where, in LookupPageArrange.cpp.
#include "ui/pages/lookup/LookupPage.h"

#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/operate/OutlineModel.h"
#include "ui/pages/cache/CacheBoard.h"
#include "ui/pages/lookup/CardPanel.h"
#include "ui/pages/lookup/ChoicePanel.h"
#include "ui/pages/lookup/DetailPanel.h"
#include "ui/pages/lookup/LookupBar.h"
#include "ui/pages/lookup/PinPanel.h"
#include "ui/pages/lookup/UnmaskPanel.h"
#include "ui/pages/lookup/VerdictPanel.h"
#include "ui/pages/mend/MendView.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QLineEdit>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

namespace look = inspect::lookup;

namespace {
constexpr std::size_t mostRecent = 12;
constexpr int keptOfAPaste = 300; ///< letters, for the field
} // namespace

LookupPage::LookupPage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent),
      m_bar(new LookupBar(tr("Look-up"), tr("Paste an ID, a link, a name, or the whole message"), content())),
      m_tabs(new theme::SegmentedControl({}, content())), m_readings(new ChoicePanel(tr("Taken for"), content())),
      m_recent(new ChoicePanel(tr("In this case"), content())), m_replyPanel(new theme::Panel(tr("The reply"), content())),
      m_reply(new theme::Paragraph(m_replyPanel)), m_notRecorded(new CardPanel(tr("Not recorded"), content())),
      m_verdict(new VerdictPanel(content())), m_seen(new SeenPanel(content())), m_detail(new DetailPanel(content())),
      m_card(new CardPanel(QString(), content())), m_owner(new CardPanel(QString(), content())),
      m_toFeeds(new theme::FlatButton(tr("Feeds"), m_card, theme::FlatButton::Look::Link)),
      m_toOwner(new theme::FlatButton(tr("Look up"), m_owner, theme::FlatButton::Look::Link)),
      m_toMend(new theme::FlatButton(QString(), m_verdict)), m_toDelete(new theme::FlatButton(QString(), m_verdict)),
      m_mend(new MendView(this->context(), tr("Back to the look-up"), this)), m_unmask(new UnmaskPanel(content()))
{
    build();
    connectParts();
    connectBoard();
    showLookup(true);
}

void LookupPage::build()
{
    m_bar->setRecorded(context().fleet->directory.has_value());
    m_replyPanel->setNote(tr("no personal data"));
    m_replyPanel->body()->addWidget(m_reply);
    m_replyPanel->body()->addStretch(1);
    m_tabs->setAccessibleName(tr("Pinned look-ups"));
    for (std::size_t i = 0; i < kMostPinned; ++i) {
        auto *panel = new PinPanel(content());
        panel->hide();
        connect(panel->unpin(), &QAbstractButton::clicked, this, [this, i] { unpinAt(i); });
        m_pinPanels.push_back(panel);
    }
    m_card->setTitleWidget(m_toFeeds);
    m_owner->setTitleWidget(m_toOwner);
    m_verdict->addButton(m_toDelete);
    m_verdict->addButton(m_toMend);
    m_toDelete->setToolTip(tr("Shows what deleting the cached copy would do, in this region or in all; the next reader fills it from the row. Changes nothing yet"));
    m_toMend->setToolTip(tr("Holds the media map against the shards, and shows what would be written so that it says what the rows say; changes nothing yet"));
    m_mend->setAutoFillBackground(true);
    m_mend->hide();
    // Reading order: asked, taken for, the answer, the regions, the detail, the facts.
    const std::vector<QWidget *> order{m_bar->field(),
                                       m_bar->caseField(),
                                       m_tabs,
                                       m_readings->list(),
                                       m_recent->list(),
                                       m_verdict->copyReply(),
                                       m_verdict->handOver(),
                                       m_verdict->pin(),
                                       m_toDelete,
                                       m_toMend,
                                       m_seen->list(),
                                       m_detail->choices(),
                                       m_detail->list(),
                                       m_detail->more(),
                                       m_toFeeds,
                                       m_card->list(),
                                       m_toOwner,
                                       m_owner->list(),
                                       m_unmask->reason(),
                                       m_unmask->button()};
    for (std::size_t i = 1; i < order.size(); ++i)
        setTabOrder(order[i - 1], order[i]);
    setFocusProxy(m_bar->field());
    m_asking.setInterval(200);
}

void LookupPage::connectParts()
{
    connect(m_bar, &LookupBar::asked, this, &LookupPage::ask);
    connect(m_bar, &LookupBar::caseChanged, this, &LookupPage::changeCase);
    connect(m_bar->caseField(), &QLineEdit::textChanged, this, [this] { m_unmask->setCase(m_bar->caseNumber()); });
    connect(m_readings, &ChoicePanel::chosen, this, [this](const std::string &row) { askFind(static_cast<std::size_t>(std::stoul(row))); });
    connect(m_recent, &ChoicePanel::chosen, this, [this](const std::string &row) {
        const auto at = static_cast<std::size_t>(std::stoul(row));
        if (at >= m_recentOnes.size())
            return;
        const Recent again = m_recentOnes[at];
        m_bar->field()->setText(again.subject);
        m_lookup = {};
        m_lookup.pasted = again.subject;
        m_lookup.recognised.finds = {again.find};
        askFind(0);
    });
    connect(m_verdict->copyReply(), &QAbstractButton::clicked, this, &LookupPage::copyReply);
    connect(m_verdict->handOver(), &QAbstractButton::clicked, this, &LookupPage::handOver);
    connect(m_verdict->pin(), &QAbstractButton::clicked, this, &LookupPage::pin);
    connect(m_detail, &DetailPanel::chosen, this, &LookupPage::openList);
    connect(m_detail, &DetailPanel::moreAsked, this, &LookupPage::askMore);
    connect(m_detail, &DetailPanel::followed, this, [this](const std::string &row) {
        if (const QString subject = subjectOfRow(row); !subject.isEmpty())
            lookUp(subject);
    });
    connect(m_toFeeds, &QAbstractButton::clicked, this, [this] {
        if (const auto &answer = shownLookup().answer; answer && answer->user)
            Q_EMIT lookUpRequested(QStringLiteral("feeds"), QString::number(answer->user->id));
    });
    connect(m_toOwner, &QAbstractButton::clicked, this, [this] {
        if (const auto &answer = shownLookup().answer; answer && answer->user)
            lookUp(QString::number(answer->user->id));
    });
    connect(m_toDelete, &QAbstractButton::clicked, this, &LookupPage::openDelete);
    connect(m_toMend, &QAbstractButton::clicked, this, &LookupPage::openMend);
    connect(m_mend, &operate::ActFrame::backRequested, this, &LookupPage::closeMend);
    connect(m_mend, &MendView::mended, this, [this] {
        if (m_shown < 0)
            askAnew(std::nullopt); // what is shown beneath is old
    });
    connect(m_unmask, &UnmaskPanel::unmaskAsked, this, [this](const QString &reason) {
        askAnew(look::Unmask{reason.toStdString(), m_bar->caseNumber().toStdString()});
    });
    connect(m_tabs, &theme::SegmentedControl::currentChanged, this, [this](int tab) {
        m_shown = tab - 1;
        showLookup(true);
    });
    m_rearrange.setInterval(0);
    m_rearrange.setSingleShot(true);
    connect(&m_rearrange, &QTimer::timeout, this, &LookupPage::arrangeNow);
    connect(m_seen->list()->outline(), &QAbstractItemModel::rowsInserted, &m_rearrange, qOverload<>(&QTimer::start));
    connect(m_seen->list()->outline(), &QAbstractItemModel::rowsRemoved, &m_rearrange, qOverload<>(&QTimer::start));
    connect(&m_asking, &QTimer::timeout, this, &LookupPage::tickAsking);
    // A digit chooses a reading, unless it is typed into a field.
    for (int digit = 1; digit <= 9; ++digit) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::Key_0 + digit), this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, digit] { askFind(static_cast<std::size_t>(digit - 1)); });
    }
}

void LookupPage::connectBoard()
{
    m_bar->shareCase(context().lookups);
    m_lastCase = m_bar->caseNumber();
    if (auto *board = context().lookups)
        connect(board, &LookupBoard::told, this, &LookupPage::hear);
    if (auto *caches = context().caches) {
        connect(caches, &CacheBoard::keyDeleted, this, [this](const KeyDeleted &deleted) {
            const auto ours = deletion();
            if (ours && ours->key == deleted.plan.key && deleted.places && m_shown < 0)
                askAnew(std::nullopt); // what is shown is old
        });
    }
}

bool LookupPage::lookUp(const QString &text)
{
    m_bar->field()->setText(text.left(4 * keptOfAPaste).simplified().left(keptOfAPaste));
    ask(text);
    return true;
}

void LookupPage::ask(const QString &text)
{
    if (text.trimmed().isEmpty())
        return;
    const QByteArray bytes = text.toUtf8();
    m_lookup = {};
    m_lookup.isAsked = true;
    m_lookup.pasted = text.left(keptOfAPaste);
    m_lookup.recognised = look::recognise(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())), *context().fleet,
                                          context().clock->utcNow());
    askFind(0);
}

/// Asks for one of the readings; without any the page says so.
void LookupPage::askFind(std::size_t chosen)
{
    const auto &finds = m_lookup.recognised.finds;
    if (chosen >= finds.size() && !finds.empty())
        return;
    m_lookup.isAsked = true;
    m_lookup.chosen = chosen;
    m_lookup.answer.reset();
    m_lookup.more.clear();
    m_lookup.opened.clear();
    m_lookup.bucket.reset();
    m_lookup.bucketCheck.reset();
    m_shown = -1;
    showMend(false); // it was of another look-up
    m_unmask->tell({});
    m_unmask->clearReason();
    askAnew(std::nullopt);
}

void LookupPage::askAnew(const std::optional<look::Unmask> &unmask)
{
    auto *board = context().lookups;
    m_lookup.error.reset();
    m_lookup.caseNumber = m_bar->caseNumber().toStdString();
    m_isUnmasking = unmask.has_value();
    m_number = 0;
    m_moreNumber = 0;
    m_bucketNumber = 0;
    if (!m_lookup.recognised.finds.empty() && board && board->isAnswered()) {
        look::Question question;
        question.find = m_lookup.recognised.finds[m_lookup.chosen];
        question.caseNumber = m_lookup.caseNumber;
        question.unmask = unmask;
        question.withSessions = true; // of a user alone; the search has a limit of its own
        m_askedAt = context().clock->now();
        m_asking.start();
        m_number = board->ask(LookupSeat::LookUp, question);
    } else if (!m_lookup.recognised.finds.empty()) {
        m_lookup.error = base::Error{base::ErrorCode::Unavailable, "nothing here asks the servers", {}, {}, base::Effect::None};
    } else if (board) {
        board->forget(LookupSeat::LookUp);
    }
    showLookup(true);
    Q_EMIT selectionChanged();
}

void LookupPage::openList(const std::string &list)
{
    auto *board = context().lookups;
    if (list == bucketList && m_lookup.bucket && !m_lookup.bucketCheck && board && m_shown < 0 && m_bucketNumber == 0)
        m_bucketNumber = board->ask(LookupSeat::Bucket, BucketQuestion{*m_lookup.bucket});
    const auto assoc = assocOfList(list);
    if (assoc && !m_lookup.opened.contains(*assoc))
        askEdges(*assoc, {});
}

void LookupPage::askMore(const std::string &list)
{
    if (const auto assoc = assocOfList(list))
        askEdges(*assoc, nextOf(m_lookup, *assoc));
}

void LookupPage::askEdges(look::Assoc assoc, const std::string &after)
{
    auto *board = context().lookups;
    if (!board || !m_lookup.answer || m_shown >= 0)
        return;
    look::GraphQuestion question;
    question.id = m_lookup.answer->media ? m_lookup.answer->media->id : m_lookup.answer->user ? m_lookup.answer->user->id : 0;
    question.assoc = assoc;
    question.span.after = after;
    question.caseNumber = m_lookup.caseNumber;
    m_moreNumber = board->ask(LookupSeat::More, question);
}

void LookupPage::hear(std::uint64_t number, const LookupResult &result)
{
    if (number != 0 && number == m_number) {
        if (const auto *answer = std::get_if<base::Result<look::Answer>>(&result))
            hearAnswer(*answer);
    } else if (number != 0 && number == m_moreNumber) {
        if (const auto *page = std::get_if<base::Result<look::GraphPage>>(&result))
            hearMore(*page);
    } else if (number != 0 && number == m_bucketNumber) {
        m_bucketNumber = 0;
        if (const auto *check = std::get_if<base::Result<look::BucketCheck>>(&result))
            m_lookup.bucketCheck = *check;
        showLookup(false);
    }
}

void LookupPage::hearAnswer(const base::Result<look::Answer> &answer)
{
    m_number = 0;
    m_asking.stop();
    if (answer) {
        m_lookup.answer = *answer;
        m_lookup.bucket = bucketIn(*answer, *context().fleet);
        m_lookup.bucketCheck.reset();
        m_lookup.more.clear();
        m_lookup.opened.clear();
        m_unmask->tell({});
        if (m_isUnmasking)
            m_unmask->clearReason();
        keepRecent();
    } else if (m_isUnmasking && m_lookup.answer) {
        // What was shown stays; what was refused is told where it was asked.
        m_unmask->tell(tr("Not shown: %1.").arg(format::text(answer.error().message)));
    } else {
        m_lookup.error = answer.error();
    }
    showLookup(!m_isUnmasking);
    openList(m_detail->choice());
    m_isUnmasking = false;
    Q_EMIT selectionChanged();
}

void LookupPage::hearMore(const base::Result<look::GraphPage> &page)
{
    m_moreNumber = 0;
    if (!page)
        return; // the list stays as it is, and offers more again
    if (page->question.span.after.empty()) {
        m_lookup.opened[page->question.assoc] = *page;
    } else {
        auto &more = m_lookup.more[page->question.assoc];
        more.items.insert(more.items.end(), page->edges.items.begin(), page->edges.items.end());
        more.next = page->edges.next;
    }
    showLookup(false);
}

void LookupPage::keepRecent()
{
    const look::Find find = m_lookup.recognised.finds[m_lookup.chosen];
    const QString subject = format::findText(find);
    std::erase_if(m_recentOnes, [&](const Recent &one) { return one.subject == subject && one.find.kind == find.kind; });
    m_recentOnes.insert(m_recentOnes.begin(), {subject, find, context().clock->utcNow()});
    if (m_recentOnes.size() > mostRecent)
        m_recentOnes.resize(mostRecent);
}

/// Nothing is kept after a case; giving the first number to what was looked up before it changes nothing.
void LookupPage::changeCase()
{
    const QString now = m_bar->caseNumber();
    if (now == m_lastCase)
        return;
    if (!m_lastCase.isEmpty()) {
        m_recentOnes.clear();
        m_pinned.clear();
        m_shown = -1;
        m_lookup = {};
        m_number = 0;
        m_asking.stop();
        m_bar->field()->clear();
    }
    m_lastCase = now;
    m_lookup.caseNumber = now.toStdString();
    showLookup(true);
}

/// "asking, 0.8 s": not before a wait is felt.
void LookupPage::tickAsking()
{
    const auto waited = std::chrono::duration_cast<base::microseconds>(context().clock->now() - m_askedAt);
    if (m_number == 0 || m_shown >= 0 || m_lookup.answer || waited < base::milliseconds(300))
        return;
    m_verdict->showVerdict(m_sheet.shape, m_sheet.sentence, tr("asking, %1").arg(format::age(waited)));
    arrangeNow();
}

} // namespace shardlens::ui::pages

#include "moc_LookupPage.cpp"
