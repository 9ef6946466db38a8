// SPDX-License-Identifier: GPL-3.0-or-later
// What the page asks for and hears; what it shows and where stands in FeedsPageShow.cpp.
#include "ui/pages/feeds/FeedsPage.h"

#include "ui/format/PlanText.h"
#include "ui/format/Words.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/feeds/FeedModel.h"
#include "ui/pages/feeds/FeedTable.h"
#include "ui/pages/lookup/LookupBar.h"
#include "ui/pages/lookup/VerdictPanel.h"
#include "ui/pages/mend/MendView.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

namespace look = inspect::lookup;

namespace {

QStringList regionNames(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const fleet::Region &region : fleet.regions)
        names << format::text(region.name.text());
    return names;
}

/// The first find of one of these kinds.
const look::Find *findOf(const look::Recognised &recognised, std::initializer_list<look::Kind> kinds)
{
    for (const look::Kind kind : kinds) {
        for (const look::Find &find : recognised.finds) {
            if (find.kind == kind)
                return &find;
        }
    }
    return nullptr;
}

look::Recognised recogniseText(const QString &text, const fleet::Fleet &fleet, base::UtcTime now)
{
    const QByteArray bytes = text.toUtf8();
    return look::recognise(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())), fleet, now);
}

} // namespace

FeedsPage::FeedsPage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent), m_bar(new LookupBar(tr("Feeds"), tr("Whose feed: a user’s ID or name"), content())),
      m_kinds(new theme::SegmentedControl({tr("Main feed"), tr("Activity")}, content())),
      m_regions(new theme::SegmentedControl(regionNames(*this->context().fleet), content())), m_verdict(new VerdictPanel(content())),
      m_feed(new theme::Panel(tr("Feed"), content())), m_model(new FeedModel(this)), m_table(new FeedTable(m_model, m_feed)),
      m_why(new operate::OutlinePanel(tr("Why, or why not"), content())), m_media(new QLineEdit(m_why)),
      m_compared(new operate::OutlinePanel(tr("The regions"), content())),
      m_compare(new theme::FlatButton(tr("Compare"), m_compared, theme::FlatButton::Look::Link)),
      m_rebuild(new theme::FlatButton(tr("Rebuild…"), m_compared, theme::FlatButton::Look::Link)),
      m_mend(new MendView(this->context(), tr("Back to the feed"), this))
{
    build();
    connectParts();
    m_bar->shareCase(this->context().lookups);
    if (auto *board = this->context().lookups)
        connect(board, &LookupBoard::told, this, &FeedsPage::hear);
    tell(theme::Shape::None, tr("Give a user’s ID or name to see their feed, entry by entry, as a region has it."),
         tr("Each look is recorded. Nothing is changed."));
    showCompared();
    showFeedHead();
}

void FeedsPage::build()
{
    m_bar->setRecorded(context().fleet->directory.has_value());
    m_kinds->setAccessibleName(tr("Which feed"));
    m_regions->setAccessibleName(tr("Whose copy: the region"));
    const auto &regions = context().fleet->regions;
    const auto own = std::find_if(regions.begin(), regions.end(),
                                  [this](const fleet::Region &region) { return region.name == context().fleet->ownRegion; });
    if (own != regions.end())
        m_regions->setCurrent(static_cast<int>(own - regions.begin()));
    m_feed->body()->setContentsMargins(theme::space::kXs, 0, theme::space::kXs, theme::space::kXs);
    m_feed->body()->addWidget(m_table);
    m_media->setPlaceholderText(tr("Photo: ID, link or short code"));
    m_media->setAccessibleName(tr("The photo that is or is not in the feed"));
    m_media->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    auto *field = new QVBoxLayout;
    field->setContentsMargins(theme::space::kM, 0, theme::space::kM, theme::space::kXs);
    field->addWidget(m_media);
    m_why->body()->insertLayout(0, field);
    auto *buttons = new QWidget(m_compared);
    auto *row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space::kS);
    row->addWidget(m_rebuild);
    row->addWidget(m_compare);
    m_compared->setTitleWidget(buttons);
    m_rebuild->setToolTip(tr("Shows what would be added, removed and moved so that the feed is as the follow graph says; changes nothing yet"));
    m_rebuild->hide();
    m_mend->setAutoFillBackground(true);
    m_mend->hide();
    m_compare->setToolTip(tr("Holds each region’s feed against what the user follows; asks every shard that they follow somebody on"));
    setFocusProxy(m_bar->field());
    const std::vector<QWidget *> order{m_bar->field(), m_bar->caseField(), m_kinds,   m_regions,         m_table,
                                       m_media,        m_why->list(),      m_rebuild, m_compare, m_compared->list()};
    for (std::size_t i = 1; i < order.size(); ++i)
        setTabOrder(order[i - 1], order[i]);
}

void FeedsPage::connectParts()
{
    connect(m_bar, &LookupBar::asked, this, &FeedsPage::ask);
    connect(m_kinds, &theme::SegmentedControl::currentChanged, this, [this] { askFeed(0); });
    connect(m_regions, &theme::SegmentedControl::currentChanged, this, [this] { askFeed(0); });
    connect(m_table, &FeedTable::opened, this, &FeedsPage::openEntry);
    connect(m_table, &FeedTable::nearEnd, this, [this] {
        if (m_page && m_page->next != 0 && m_feedNumber == 0)
            askFeed(m_page->next);
    });
    connect(m_media, &QLineEdit::returnPressed, this, [this] { explain(m_media->text()); });
    connect(m_compare, &QAbstractButton::clicked, this, &FeedsPage::askComparison);
    connect(m_rebuild, &QAbstractButton::clicked, this, &FeedsPage::openRebuild);
    connect(m_mend, &operate::ActFrame::backRequested, this, &FeedsPage::closeRebuild);
    connect(m_mend, &MendView::mended, this, [this] {
        m_comparison.clear();
        askFeed(0);
        showCompared();
    });
}

bool FeedsPage::mayMend() const
{
    const std::string user = snapshot() && snapshot()->shared ? snapshot()->shared->you : std::string();
    return canAsk() && format::actingRefusal(*context().fleet, user).isEmpty();
}

void FeedsPage::openRebuild()
{
    if (m_user == 0 || !mayMend())
        return;
    mend::Intent intent;
    intent.user = m_user;
    intent.caseNumber = caseNumber();
    m_mend->open(intent);
    showMend(true);
    m_mend->setFocus();
}

void FeedsPage::closeRebuild()
{
    showMend(false);
    m_rebuild->setFocus();
}

/// What lies beneath is no stop of the keyboard meanwhile.
void FeedsPage::showMend(bool shown)
{
    m_mend->setVisible(shown);
    m_mend->raise();
    content()->setEnabled(!shown);
    arrangeNow();
}

bool FeedsPage::canAsk() const
{
    return context().lookups && context().lookups->isAnswered();
}

std::string FeedsPage::caseNumber() const
{
    return m_bar->caseNumber().toStdString();
}

base::RegionName FeedsPage::region() const
{
    const auto at = static_cast<std::size_t>(std::max(0, m_regions->current()));
    return at < context().fleet->regions.size() ? context().fleet->regions[at].name : base::RegionName();
}

bool FeedsPage::lookUp(const QString &text)
{
    m_bar->field()->setText(text.left(200));
    ask(text);
    return true;
}

void FeedsPage::ask(const QString &text)
{
    if (text.trimmed().isEmpty())
        return;
    m_user = 0;
    showMend(false); // it was of another feed
    m_page.reset();
    m_explanation.reset();
    m_comparison.clear();
    m_toCompare.clear();
    m_model->clear();
    m_explainNumber = m_compareNumber = 0;
    const look::Recognised recognised = recogniseText(text, *context().fleet, context().clock->utcNow());
    if (const auto *id = findOf(recognised, {look::Kind::User, look::Kind::Id})) {
        m_user = id->id;
        askFeed(0);
    } else if (const auto *name = findOf(recognised, {look::Kind::UserName}); name && canAsk()) {
        look::Question question;
        question.find = *name;
        question.caseNumber = caseNumber();
        question.withRegions = false;
        question.withLists = false;
        tell(theme::Shape::Ellipsis, tr("Asking…"), {});
        m_feedNumber = context().lookups->ask(LookupSeat::Feed, question);
    } else {
        tell(theme::Shape::DashedRing, tr("That is no user’s ID or name."),
             tr("A photo’s link leads to the photo: Look-up tells who owns it."));
    }
    showCompared();
    showFeedHead();
}

void FeedsPage::askFeed(std::uint32_t offset)
{
    if (m_user == 0)
        return;
    if (!canAsk()) {
        tell(theme::Shape::DashedRing, tr("Nothing here asks the servers."), {});
        return;
    }
    look::FeedQuestion question;
    question.user = m_user;
    question.kind = m_kinds->current() == 1 ? look::FeedKind::Activity : look::FeedKind::Main;
    question.region = region();
    question.offset = offset;
    question.limit = kPage;
    question.caseNumber = caseNumber();
    if (offset == 0)
        tell(theme::Shape::Ellipsis, tr("Asking…"), {});
    m_feedNumber = context().lookups->ask(LookupSeat::Feed, question);
    Q_EMIT selectionChanged();
}

void FeedsPage::explain(const QString &media)
{
    const look::Recognised recognised = recogniseText(media, *context().fleet, context().clock->utcNow());
    const auto *find = findOf(recognised, {look::Kind::Media, look::Kind::Id});
    if (!find) {
        m_why->setNote(tr("that is no photo"));
        return;
    }
    m_media->setText(QString::number(find->id));
    askExplanation(find->id);
}

void FeedsPage::askExplanation(std::uint64_t media)
{
    m_mediaId = media;
    if (m_user == 0 || !canAsk()) {
        m_why->setNote(tr("whose feed?"));
        return;
    }
    m_why->setNote(tr("asking"));
    m_explainNumber = context().lookups->ask(LookupSeat::Explain, ExplainQuestion{m_user, media, caseNumber()});
}

/// One region after the other: each asks many shards.
void FeedsPage::askComparison()
{
    if (m_user == 0 || !canAsk())
        return;
    m_comparison.clear();
    m_toCompare.clear();
    for (const fleet::Region &region : context().fleet->regions)
        m_toCompare.push_back(region.name);
    askNextRegion();
}

void FeedsPage::askNextRegion()
{
    m_compareNumber = 0;
    if (!m_toCompare.empty()) {
        m_comparison[m_toCompare.front()].isAsking = true;
        m_compareNumber = context().lookups->ask(LookupSeat::Compare, CompareQuestion{m_user, m_toCompare.front(), caseNumber()});
    }
    showCompared();
}

void FeedsPage::hear(std::uint64_t number, const LookupResult &result)
{
    if (number == 0)
        return;
    if (number == m_feedNumber) {
        m_feedNumber = 0;
        if (const auto *page = std::get_if<base::Result<look::FeedPage>>(&result))
            hearFeed(*page);
        else if (const auto *answer = std::get_if<base::Result<look::Answer>>(&result))
            hearUser(*answer);
    } else if (number == m_explainNumber) {
        m_explainNumber = 0;
        if (const auto *explanation = std::get_if<base::Result<look::FeedExplanation>>(&result))
            hearExplanation(*explanation);
    } else if (number == m_compareNumber) {
        if (const auto *comparison = std::get_if<base::Result<look::FeedComparison>>(&result))
            hearComparison(*comparison);
    }
}

void FeedsPage::hearUser(const base::Result<look::Answer> &answer)
{
    if (answer && answer->user && answer->user->exists) {
        m_user = answer->user->id;
        askFeed(0);
    } else {
        tell(theme::Shape::DashedRing, tr("Nobody has this name, or it could not be read."),
             answer ? QString() : format::text(answer.error().message) + QLatin1Char('.'));
    }
}

void FeedsPage::hearFeed(const base::Result<look::FeedPage> &page)
{
    if (!page) {
        tell(theme::Shape::DashedRing,
             page.error().code == base::ErrorCode::NoRights ? tr("You may not look at this feed.") : tr("The feed could not be read."),
             format::text(page.error().message) + QLatin1Char('.'));
        return;
    }
    m_page = *page;
    m_model->setNow(context().clock->utcNow());
    if (page->question.offset == 0) {
        m_model->showPage(*page);
        m_table->scrollToTop();
    } else {
        m_model->addPage(*page);
    }
    showFeedHead();
}

void FeedsPage::hearExplanation(const base::Result<look::FeedExplanation> &explanation)
{
    if (explanation)
        m_explanation = *explanation;
    else
        m_explanation.reset();
    showFeedHead();
    if (!explanation)
        m_why->setNote(format::text(explanation.error().message));
}

void FeedsPage::hearComparison(const base::Result<look::FeedComparison> &comparison)
{
    const base::RegionName region = m_toCompare.empty() ? base::RegionName() : m_toCompare.front();
    if (!m_toCompare.empty())
        m_toCompare.erase(m_toCompare.begin());
    ComparedRegion &compared = m_comparison[region];
    compared.isAsking = false;
    if (comparison)
        compared.comparison = *comparison;
    else
        compared.error = comparison.error().message;
    askNextRegion();
}

} // namespace shardlens::ui::pages

#include "moc_FeedsPage.cpp"
