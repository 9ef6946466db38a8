// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Shortcode.h"
#include "ui/format/LookupText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/pages/lookup/CardPanel.h"
#include "ui/pages/lookup/ChoicePanel.h"
#include "ui/pages/lookup/CopyMask.h"
#include "ui/pages/lookup/DetailPanel.h"
#include "ui/pages/lookup/LookupBar.h"
#include "ui/pages/lookup/LookupPage.h"
#include "ui/pages/lookup/PinPanel.h"
#include "ui/pages/lookup/UnmaskPanel.h"
#include "ui/pages/lookup/VerdictPanel.h"
#include "ui/pages/mend/MendView.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

using operate::OutlineRow;
namespace look = inspect::lookup;

namespace {

/// Short and whole: an ID by its short code, a name by its beginning.
QString tabName(const Lookup &lookup)
{
    const look::Find &find = lookup.recognised.finds[lookup.chosen];
    if (find.id != 0 && find.kind != look::Kind::Shard) {
        const ids::Shortcode code(find.id);
        return QString::fromLatin1(code.text().data(), static_cast<qsizetype>(code.text().size()));
    }
    constexpr qsizetype most = 14;
    const QString name = format::findText(find);
    return name.size() > most ? name.left(most - 1) + QChar(0x2026) : name;
}

/// What was shown for a recorded reason was shown once: kept beside another look, it has its masks again.
void maskAgain(look::Answer &answer)
{
    if (answer.user) {
        for (look::PersonalField &field : answer.user->personal)
            field.value = {};
    }
    if (!answer.media || !answer.media->isPrivate)
        return;
    answer.media->caption = {};
    for (look::CommentLine &comment : answer.media->commentList.items)
        comment.body = {};
}

} // namespace

const Lookup &LookupPage::shownLookup() const
{
    const auto at = static_cast<std::size_t>(std::max(0, m_shown));
    return m_shown >= 0 && at < m_pinned.size() ? m_pinned[at] : m_lookup;
}

/// A tick: ages go on; what the person opened stays open.
void LookupPage::fill()
{
    showLookup(false);
}

void LookupPage::showLookup(bool anew)
{
    const LookupSheet before = m_sheet;
    m_sheet = sheetOf(shownLookup(), *context().fleet, context().clock->utcNow());
    const bool answered = m_sheet.state == LookupSheet::State::Answered;
    if (anew || before.state != m_sheet.state || m_number == 0)
        m_verdict->showVerdict(m_sheet.shape, m_sheet.sentence, m_sheet.second);
    m_verdict->setCanSend(answered, !m_sheet.reply.isEmpty());
    using Recorded = look::Recording::State;
    const auto recording = answered ? shownLookup().answer->recording.state : Recorded::Recorded;
    m_bar->setRecorded(context().fleet->directory && recording != Recorded::Failed && recording != Recorded::NoDirectory);
    const bool isPinned = m_shown >= 0;
    m_verdict->pin()->setText(isPinned ? tr("Unpin") : tr("Pin"));
    m_verdict->pin()->setEnabled(isPinned || m_pinned.size() < kMostPinned);
    m_readings->showRows(m_sheet.readings, std::to_string(m_sheet.reading));
    m_readings->setNote(m_sheet.readings.size() < 2 ? QString() : tr("%1 readings").arg(m_sheet.readings.size()));
    m_seen->showRegions(m_sheet.regions, anew);
    m_reply->setText({}, m_sheet.reply);
    m_notRecorded->list()->showRows(m_sheet.notRecorded);
    m_detail->showSheet(m_sheet, context().fleet->idLayout);
    if (anew && !m_sheet.id && !m_sheet.lists.empty())
        m_detail->showChoice(m_sheet.lists.front().key);
    m_card->setTitle(m_sheet.cardTitle);
    m_verdict->setAside(answered ? tr("%1, %2").arg(m_sheet.recording, m_sheet.timing) : QString());
    m_card->list()->showRows(m_sheet.card);
    m_toFeeds->setVisible(m_sheet.ownerTitle.isEmpty() && answered && shownLookup().answer->user && shownLookup().answer->user->exists);
    showRemedies();
    m_owner->setTitle(m_sheet.ownerTitle);
    m_owner->list()->showRows(m_sheet.owner);
    m_unmask->setHindrance(isPinned ? tr("Look it up again to show them.") : m_sheet.whyMasked);
    showRecent();
    showPins();
    arrangeNow();
}

void LookupPage::showRecent()
{
    operate::OutlineRows rows;
    for (std::size_t at = 0; at < m_recentOnes.size(); ++at) {
        OutlineRow row;
        row.id = std::to_string(at);
        row.title = m_recentOnes[at].subject;
        row.right = format::ago(m_recentOnes[at].at, context().clock->utcNow());
        rows.push_back(std::move(row));
    }
    if (rows.empty())
        rows.push_back(cardNote("none", tr("What you look up stands here until the case changes.")));
    m_recent->showRows(std::move(rows));
    m_recent->setNote(m_bar->caseNumber());
}

void LookupPage::showPins()
{
    QStringList names{tr("Newest")};
    for (const Lookup &pinned : m_pinned) {
        names << tabName(pinned);
    }
    if (m_tabs->choices() != names)
        m_tabs->setChoices(names);
    m_tabs->setCurrent(m_shown + 1);
    for (std::size_t i = 0; i < m_pinPanels.size(); ++i) {
        if (i < m_pinned.size())
            m_pinPanels[i]->showSheet(sheetOf(m_pinned[i], *context().fleet, context().clock->utcNow()));
    }
}

void LookupPage::pin()
{
    if (m_shown >= 0) {
        unpinAt(static_cast<std::size_t>(m_shown));
        return;
    }
    if (!m_lookup.answer || m_pinned.size() >= kMostPinned)
        return;
    m_pinned.push_back(m_lookup);
    maskAgain(*m_pinned.back().answer);
    showLookup(false);
}

void LookupPage::unpinAt(std::size_t at)
{
    if (at >= m_pinned.size())
        return;
    m_pinned.erase(m_pinned.begin() + static_cast<std::ptrdiff_t>(at));
    m_shown = -1;
    showLookup(true);
}

bool LookupPage::mayAct() const
{
    const std::string user = snapshot() && snapshot()->shared ? snapshot()->shared->you : std::string();
    return format::actingRefusal(*context().fleet, user).isEmpty();
}

/// The media map's entry where it is wrong, or the bucket that was looked up: what whoever sits here may put right.
std::optional<mend::Intent> LookupPage::mendable() const
{
    const Lookup &lookup = shownLookup();
    if (!lookup.answer || !context().lookups || !context().lookups->isAnswered() || !mayAct())
        return std::nullopt;
    mend::Intent intent;
    intent.caseNumber = lookup.caseNumber;
    if (mend::mapIsWrong(*lookup.answer)) {
        intent.what = mend::What::MapEntry;
        intent.media = mend::mediaOf(*lookup.answer);
        return intent;
    }
    const auto bucket = lookup.answer->find.kind == look::Kind::RedisKey ? bucketIn(*lookup.answer, *context().fleet) : std::nullopt;
    if (!bucket)
        return std::nullopt;
    intent.what = mend::What::MapBucket;
    intent.bucket = *bucket;
    return intent;
}

std::optional<mend::Remedy> LookupPage::deletion() const
{
    std::optional<mend::Remedy> found;
    const Lookup &lookup = shownLookup();
    for (const mend::Remedy &one : lookup.answer ? mend::remediesOf(*lookup.answer) : std::vector<mend::Remedy>()) {
        if (one.kind != mend::Remedy::Kind::DeleteKey)
            continue;
        if (found)
            found->region = {};
        else
            found = one;
    }
    return found;
}

void LookupPage::showRemedies()
{
    const auto wrong = mayAct() ? deletion() : std::nullopt;
    m_toDelete->setVisible(wrong.has_value());
    if (wrong)
        m_toDelete->setText(wrong->region.isEmpty() ? tr("Delete the copies…") : tr("Delete the copy in %1…").arg(format::text(wrong->region.text())));
    const auto mended = mendable();
    m_toMend->setVisible(mended.has_value());
    if (mended)
        m_toMend->setText(mended->what == mend::What::MapBucket ? tr("Verify the bucket…") : tr("Mend the map…"));
    m_verdict->arrange();
}

void LookupPage::openDelete()
{
    if (const auto wrong = deletion())
        Q_EMIT keyDeleteRequested(wrong->key, wrong->region);
}

void LookupPage::openMend()
{
    const auto intent = mendable();
    if (!intent)
        return;
    m_mend->open(*intent);
    showMend(true);
    m_mend->setFocus();
}

void LookupPage::closeMend()
{
    showMend(false);
    m_toMend->setFocus();
}

/// What lies beneath is no stop of the keyboard meanwhile.
void LookupPage::showMend(bool shown)
{
    m_mend->setVisible(shown);
    m_mend->raise();
    content()->setEnabled(!shown);
    arrangeNow();
}

void LookupPage::copyReply()
{
    QGuiApplication::clipboard()->setText(m_sheet.reply);
}

/// A link that leads here, the case, and what on-call needs to see without asking again.
void LookupPage::handOver()
{
    QStringList parts;
    if (context().link)
        parts << context().link(id(), viewState());
    if (const auto &number = shownLookup().caseNumber; !number.empty())
        parts << tr("Case %1").arg(format::text(number));
    parts << m_sheet.evidence;
    if (shownLookup().answer) {
        for (const mend::Remedy &remedy : mend::remediesOf(*shownLookup().answer))
            parts << tr("What would put it right: shardlensctl %1").arg(format::text(mend::commandFor(remedy)));
    }
    QGuiApplication::clipboard()->setText(parts.join(QLatin1Char('\n')));
}

bool LookupPage::select(const Subject &subject)
{
    const auto *shard = std::get_if<facts::ShardKey>(&subject);
    if (!shard)
        return false;
    look::Find find;
    find.kind = look::Kind::Shard;
    find.id = shard->number.value;
    find.text = std::to_string(shard->number.value);
    m_bar->field()->setText(format::text(find.text));
    m_lookup = {};
    m_lookup.recognised.finds = {find};
    askFind(0);
    return true;
}

/// What was found, never what was pasted round it.
QVariantMap LookupPage::viewState() const
{
    const Lookup &lookup = shownLookup();
    if (!lookup.isAsked || lookup.recognised.finds.empty())
        return {};
    const look::Find &find = lookup.recognised.finds[lookup.chosen];
    const auto kind = look::name(find.kind);
    return {{QStringLiteral("look"), format::findText(find)},
            {QStringLiteral("as"), QString::fromUtf8(kind.data(), static_cast<qsizetype>(kind.size()))},
            {QStringLiteral("case"), m_bar->caseNumber()}};
}

void LookupPage::restoreViewState(const QVariantMap &state)
{
    const QString text = state.value(QStringLiteral("look")).toString();
    if (text.isEmpty())
        return;
    // A view that is only made ready says nothing of the case that is worked on now.
    if (const QString number = state.value(QStringLiteral("case")).toString(); !number.isEmpty() && isVisible()) {
        m_lastCase = number;
        m_bar->caseField()->setCaseNumber(number);
    }
    m_bar->field()->setText(text);
    if (!isVisible())
        return;
    const std::string bytes = text.toStdString();
    m_lookup = {};
    m_lookup.pasted = text;
    m_lookup.recognised = look::recognise(bytes, *context().fleet, context().clock->utcNow());
    const std::string kind = state.value(QStringLiteral("as")).toString().toStdString();
    const auto &finds = m_lookup.recognised.finds;
    const auto found = std::find_if(finds.begin(), finds.end(), [&](const look::Find &find) { return look::name(find.kind) == kind; });
    askFind(found == finds.end() ? 0 : static_cast<std::size_t>(found - finds.begin()));
}

void LookupPage::focusFind()
{
    m_bar->field()->setFocus();
    m_bar->field()->selectAll();
}

QString LookupPage::asCsv() const
{
    if (m_sheet.state != LookupSheet::State::Answered)
        return {};
    QString text = models::csvLine({QStringLiteral("at"), QStringLiteral("of"), QStringLiteral("fact"), QStringLiteral("value")});
    const QString at = format::iso8601(shownLookup().answer->askedAt);
    const auto add = [&](const QString &of, const operate::OutlineRows &rows) {
        for (const OutlineRow &row : rows) {
            if (row.kind == OutlineRow::Kind::Fact)
                text += models::csvLine({at, of, row.title, withMask(row).right});
        }
    };
    add(m_sheet.cardTitle, m_sheet.card);
    add(m_sheet.ownerTitle, m_sheet.owner);
    add(tr("ID"), m_sheet.idFacts);
    for (const SeenRegion &region : m_sheet.regions)
        text += models::csvLine({at, region.name, tr("people"), region.sees});
    return text;
}

/// A picture waits for the answer, not for a question that nobody asked.
bool LookupPage::hasLiveData() const
{
    return snapshot() && m_number == 0;
}

} // namespace shardlens::ui::pages
