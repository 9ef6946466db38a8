// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feeds/FeedModel.h"

#include "ui/format/FeedText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/models/Roles.h"
#include "ui/theme/ColourRole.h"
#include "ui/theme/Shapes.h"

#include <algorithm>

namespace shardlens::ui::pages {

namespace look = inspect::lookup;

namespace {

QString marksText(const look::FeedEntry &entry)
{
    QStringList marks;
    for (const look::Mark mark : entry.marks)
        marks << format::markText(mark);
    if (!entry.isResolved && entry.marks.empty())
        marks << FeedModel::tr("not read");
    return marks.join(QStringLiteral(", "));
}

QString idText(std::uint64_t id)
{
    return id == 0 ? QStringLiteral("-") : QString::number(id);
}

theme::ColourRole roleOf(const look::FeedEntry &entry, int column)
{
    using theme::ColourRole;
    if (column == FeedModel::Marks && !entry.marks.empty())
        return ColourRole::WarningText;
    if (!entry.isResolved && column == FeedModel::Marks)
        return ColourRole::UnknownText;
    if (column == FeedModel::Caption && entry.caption.isMasked && entry.isResolved)
        return ColourRole::Muted;
    return column == FeedModel::Position ? ColourRole::Muted : ColourRole::Text;
}

QVariant shapeFor(const look::FeedEntry &entry, int column)
{
    if (column == FeedModel::Marks && !entry.marks.empty())
        return static_cast<int>(theme::Shape::Triangle);
    if (column == FeedModel::Marks && !entry.isResolved)
        return static_cast<int>(theme::Shape::DashedRing);
    if (column == FeedModel::Caption && entry.isResolved && entry.caption.isMasked)
        return static_cast<int>(theme::Shape::Lock);
    return {};
}

} // namespace

void FeedModel::showPage(const look::FeedPage &page)
{
    beginResetModel();
    m_entries = page.entries;
    m_kind = page.question.kind;
    m_amiss = static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(), [](const auto &entry) { return !entry.marks.empty(); }));
    endResetModel();
}

void FeedModel::addPage(const look::FeedPage &page)
{
    if (page.entries.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(page.entries.size()) - 1);
    m_entries.insert(m_entries.end(), page.entries.begin(), page.entries.end());
    m_amiss +=
        static_cast<int>(std::count_if(page.entries.begin(), page.entries.end(), [](const auto &entry) { return !entry.marks.empty(); }));
    endInsertRows();
}

bool FeedModel::hasMarks() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const look::FeedEntry &entry) { return !marksText(entry).isEmpty(); });
}

bool FeedModel::hasDates() const
{
    std::optional<base::UtcTime> oldest;
    for (const look::FeedEntry &entry : m_entries) {
        if (entry.postedAt && (!oldest || *entry.postedAt < *oldest))
            oldest = entry.postedAt;
    }
    return oldest && format::ago(*oldest, m_now) == format::dateTime(*oldest);
}

void FeedModel::clear()
{
    beginResetModel();
    m_entries.clear();
    m_amiss = 0;
    endResetModel();
}

void FeedModel::setNow(base::UtcTime now)
{
    m_now = now;
    if (!m_entries.empty())
        Q_EMIT dataChanged(index(0, Posted), index(rowCount() - 1, Posted), {Qt::DisplayRole});
}

const look::FeedEntry *FeedModel::entryAt(const QModelIndex &index) const
{
    return index.isValid() && index.row() < rowCount() ? &m_entries[static_cast<std::size_t>(index.row())] : nullptr;
}

QString FeedModel::text(const look::FeedEntry &entry, int column) const
{
    switch (column) {
    case Position: return format::count(entry.position + std::int64_t(1));
    case Media: return m_kind == look::FeedKind::Activity && entry.media == 0 ? idText(entry.actor) : idText(entry.media);
    case Owner:
        return m_kind == look::FeedKind::Activity ? tr("%1 %2").arg(idText(entry.actor), format::activityText(entry.activity))
                                                  : idText(entry.owner);
    case Caption:
        if (!entry.isResolved)
            return QStringLiteral("-");
        if (entry.caption.isMasked)
            return tr("masked");
        return entry.caption.value ? format::text(*entry.caption.value) : QStringLiteral("-");
    case Posted: return entry.postedAt ? format::ago(*entry.postedAt, m_now) : QStringLiteral("-");
    case Marks: return marksText(entry);
    default: return {};
    }
}

QVariant FeedModel::data(const QModelIndex &index, int role) const
{
    const look::FeedEntry *entry = entryAt(index);
    if (!entry)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*entry, index.column());
    case Qt::AccessibleTextRole:
        return headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString() + QLatin1Char(' ') + text(*entry, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Posted && entry->postedAt)
            return format::dateTime(*entry->postedAt);
        return index.column() == Caption && !entry->caption.isMasked ? QVariant(text(*entry, Caption)) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() == Position || index.column() == Posted ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    case models::BriefRole:
        if (index.column() == Marks && entry->marks.size() > 1)
            return tr("%1 +%2").arg(format::markText(entry->marks.front())).arg(entry->marks.size() - 1);
        return {};
    case models::ColourRoleRole: return static_cast<int>(roleOf(*entry, index.column()));
    case models::ShapeRole: return shapeFor(*entry, index.column());
    case models::ElideEndRole: return index.column() == Caption;
    default: return {};
    }
}

QVariant FeedModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Position || section == Posted ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Position: return tr("No.");
    case Media: return tr("Photo");
    case Owner: return m_kind == look::FeedKind::Activity ? tr("Who") : tr("Owner");
    case Caption: return tr("Caption");
    case Posted: return tr("Posted");
    case Marks: return tr("Amiss");
    default: return {};
    }
}

QString FeedModel::asCsv(const QString &at) const
{
    QString csv = models::csvLine({QStringLiteral("at"), QStringLiteral("position"), QStringLiteral("media"), QStringLiteral("owner"),
                                   QStringLiteral("actor"), QStringLiteral("caption"), QStringLiteral("posted"), QStringLiteral("marks")});
    for (const look::FeedEntry &entry : m_entries) {
        QStringList marks;
        for (const look::Mark mark : entry.marks)
            marks << QString::fromLatin1(look::name(mark).data(), static_cast<qsizetype>(look::name(mark).size()));
        csv += models::csvLine({at, QString::number(entry.position), QString::number(entry.media), QString::number(entry.owner),
                                QString::number(entry.actor), text(entry, Caption),
                                entry.postedAt ? format::iso8601(*entry.postedAt) : QString(), marks.join(QLatin1Char(' '))});
    }
    return csv;
}

} // namespace shardlens::ui::pages

#include "moc_FeedModel.cpp"
