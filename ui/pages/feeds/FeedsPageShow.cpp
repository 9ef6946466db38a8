// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/FeedText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/feeds/FeedModel.h"
#include "ui/pages/feeds/FeedTable.h"
#include "ui/pages/feeds/FeedsPage.h"
#include "ui/pages/lookup/LookupBar.h"
#include "ui/pages/lookup/VerdictPanel.h"
#include "ui/pages/mend/MendView.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

namespace look = inspect::lookup;
using theme::scaled;

namespace {

constexpr int feedColumnsFrom = 1000;
constexpr int feedWideFrom = 1900;
constexpr int whyWidth = 310;
constexpr int whyWideWidth = 480;

QString feedSentence(const look::FeedPage &page, int amiss, int read)
{
    const QString where = format::text(page.question.region.text());
    if (page.length == 0)
        return FeedsPage::tr("The feed of %1 is empty in %2.").arg(page.question.user).arg(where);
    const QString length = format::count(page.length);
    if (amiss == 0)
        return FeedsPage::tr("%1 entries in %2; the %3 that were read are in order.").arg(length, where, format::count(read));
    return FeedsPage::tr("%1 entries in %2; of the %3 that were read, %4 are amiss.")
        .arg(length, where, format::count(read), format::count(amiss));
}

QString feedSecond(const look::FeedPage &page)
{
    QStringList parts{
        FeedsPage::tr("from %1%2")
            .arg(format::text(page.server.text()), page.isPrimary ? FeedsPage::tr(", the primary") : FeedsPage::tr(", a replica"))};
    if (page.trimmedTo != 0)
        parts << FeedsPage::tr("kept to %1 entries").arg(format::count(page.trimmedTo));
    parts << FeedsPage::tr("read in %1").arg(format::duration(page.took));
    QString text = parts.join(QStringLiteral(", ")) + QLatin1Char('.');
    QStringList silent;
    for (const look::Trouble &trouble : page.troubles)
        silent << format::text(trouble.server.text());
    silent.removeDuplicates();
    if (!silent.isEmpty())
        text += QLatin1Char(' ') + FeedsPage::tr("Did not answer: %1.").arg(silent.join(QStringLiteral(", ")));
    return text;
}

} // namespace

void FeedsPage::tell(theme::Shape shape, const QString &sentence, const QString &second)
{
    m_verdict->showVerdict(shape, sentence, second);
    arrangeNow();
}

/// A tick: ages go on.
void FeedsPage::fill()
{
    m_model->setNow(context().clock->utcNow());
    m_rebuild->setVisible(mayMend());
    arrangeNow();
}

void FeedsPage::showFeedHead()
{
    if (m_page) {
        const bool amiss = m_model->amiss() > 0;
        const theme::Shape shape = amiss ? theme::Shape::Triangle : m_page->troubles.empty() ? theme::Shape::Dot : theme::Shape::DashedRing;
        tell(shape, feedSentence(*m_page, m_model->amiss(), m_model->rowCount()), feedSecond(*m_page));
    }
    m_feed->setTitle(m_page ? format::feedKindText(m_page->question.kind) : tr("Feed"));
    m_feed->setNote(m_page ? tr("%1 of %2 read, newest first").arg(format::count(m_model->rowCount()), format::count(m_page->length))
                           : QString());
    m_why->setNote({});
    operate::OutlineRows rows;
    operate::OutlineRow sentence;
    sentence.id = "sentence";
    if (m_explanation) {
        sentence.title = format::explanationSentence(*m_explanation);
        sentence.isStrong = true;
        sentence.hasLine = true;
        rows.push_back(sentence);
        const auto steps = explanationRows(*m_explanation);
        rows.insert(rows.end(), steps.begin(), steps.end());
    } else {
        sentence.kind = operate::OutlineRow::Kind::Note;
        sentence.title = tr("Name a photo to see, step by step, why it is or is not in this feed.");
        rows.push_back(sentence);
    }
    m_why->list()->showRows(std::move(rows));
    arrangeNow();
}

void FeedsPage::showCompared()
{
    m_compare->setEnabled(m_user != 0 && m_toCompare.empty());
    m_rebuild->setVisible(mayMend());
    m_rebuild->setEnabled(m_user != 0 && m_kinds->current() == 0);
    m_compared->list()->showRows(comparisonRows(*context().fleet, m_comparison));
}

void FeedsPage::openEntry(int row)
{
    const look::FeedEntry *entry = m_model->entryAt(m_model->index(row, 0));
    if (!entry)
        return;
    const std::uint64_t subject = entry->media != 0 ? entry->media : entry->actor;
    if (subject != 0)
        Q_EMIT lookUpRequested(QStringLiteral("lookup"), QString::number(subject));
}

void FeedsPage::arrange()
{
    m_mend->setGeometry(rect());
    const bool wide = width() >= theme::breakpoint(feedWideFrom);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    const bool columns = width() >= theme::breakpoint(feedColumnsFrom);
    const int least = columns ? scaled(480) : scaled(1050);
    const QRect all = room(least);
    m_bar->setGeometry(0, 0, all.width(), head);
    const QSize kinds = m_kinds->sizeHint();
    const QSize regions = m_regions->sizeHint();
    const bool oneRow = kinds.width() + gap + regions.width() <= all.width();
    m_kinds->setGeometry(0, head + gap, kinds.width(), kinds.height());
    m_regions->setGeometry(oneRow ? kinds.width() + gap : 0, oneRow ? head + gap : head + 2 * gap + kinds.height(), regions.width(),
                           regions.height());
    const int top = m_regions->geometry().bottom() + 1 + gap;
    const int right = columns ? std::min(scaled(wide ? whyWideWidth : whyWidth), all.width() * 36 / 100) : all.width();
    const int left = columns ? all.width() - right - gap : all.width();
    const int verdict = m_verdict->heightForWidth(left);
    m_verdict->setGeometry(0, top, left, verdict);
    const int feedTop = top + verdict + gap;
    const int compared = scaled(theme::size::kTitleRow) +
                         scaled(46) * static_cast<int>(std::max<std::size_t>(1, context().fleet->regions.size())) + theme::space::kM;
    if (columns) {
        m_feed->setGeometry(0, feedTop, left, all.height() - feedTop);
        m_why->setGeometry(left + gap, top, right, all.height() - top - compared - gap);
        m_compared->setGeometry(left + gap, all.height() - compared, right, compared);
        return;
    }
    const int why = scaled(300);
    m_feed->setGeometry(0, feedTop, left, all.height() - feedTop - why - compared - 2 * gap);
    m_why->setGeometry(0, all.height() - compared - gap - why, right, why);
    m_compared->setGeometry(0, all.height() - compared, right, compared);
}

bool FeedsPage::select(const Subject &)
{
    return false;
}

QVariantMap FeedsPage::viewState() const
{
    if (m_user == 0)
        return {};
    QVariantMap state{{QStringLiteral("user"), QString::number(m_user)},
                      {QStringLiteral("kind"), m_kinds->current() == 1 ? QStringLiteral("activity") : QStringLiteral("main")},
                      {QStringLiteral("region"), format::text(region().text())},
                      {QStringLiteral("case"), m_bar->caseNumber()}};
    if (m_mediaId != 0)
        state[QStringLiteral("media")] = QString::number(m_mediaId);
    return state;
}

void FeedsPage::restoreViewState(const QVariantMap &state)
{
    const QString user = state.value(QStringLiteral("user")).toString();
    if (user.isEmpty())
        return;
    if (const QString number = state.value(QStringLiteral("case")).toString(); !number.isEmpty() && isVisible())
        m_bar->caseField()->setCaseNumber(number);
    m_bar->field()->setText(user);
    m_kinds->setCurrent(state.value(QStringLiteral("kind")).toString() == QLatin1String("activity") ? 1 : 0);
    m_regions->setCurrent(static_cast<int>(m_regions->choices().indexOf(state.value(QStringLiteral("region")).toString())));
    const QString media = state.value(QStringLiteral("media")).toString();
    m_media->setText(media);
    if (!isVisible())
        return;
    ask(user);
    if (!media.isEmpty())
        explain(media);
}

void FeedsPage::focusFind()
{
    m_bar->field()->setFocus();
    m_bar->field()->selectAll();
}

QString FeedsPage::asCsv() const
{
    return m_page ? m_model->asCsv(format::iso8601(m_page->askedAt)) : QString();
}

bool FeedsPage::hasLiveData() const
{
    return snapshot() && m_feedNumber == 0 && m_explainNumber == 0;
}

} // namespace shardlens::ui::pages
