// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/SeenPanel.h"

#include "ui/operate/OutlineModel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::pages {

using operate::OutlineRow;
using operate::OutlineRows;
using theme::ColourRole;
using theme::FontRole;
using theme::scaled;

namespace {

constexpr int copyIndent = 32;
constexpr int tableFrom = 440; ///< narrower, a copy is told in a sentence

/// The ends of the columns, from the left edge of the row.
struct SeenColumns {
    int where = 0;
    int state = 0;
    int version = 0; ///< its right end
    int written = 0;
    int end = 0;
};

SeenColumns seenColumns(int width)
{
    const int left = scaled(copyIndent);
    const int end = width - theme::space::kM;
    const int room = end - left;
    return {left, left + room * 41 / 100, left + room * 64 / 100, left + room * 67 / 100, end};
}

QString copySentence(const SeenCopy &copy)
{
    QStringList parts{copy.state};
    if (!copy.version.isEmpty())
        parts << SeenPanel::tr("version %1").arg(copy.version);
    if (!copy.written.isEmpty())
        parts << SeenPanel::tr("written %1").arg(copy.written);
    if (!copy.read.isEmpty())
        parts << SeenPanel::tr("read %1").arg(copy.read);
    return parts.join(QStringLiteral(", "));
}

/// Paints copies as a small table where it has room; all else as any outline does.
class SeenDelegate : public operate::OutlineDelegate
{
public:
    SeenDelegate(const std::map<std::string, SeenCopy> &copies, QObject *parent) : OutlineDelegate(parent), m_copies(copies) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const SeenCopy *copy = copyOf(option, index);
        if (!copy) {
            OutlineDelegate::paint(painter, option, index);
            return;
        }
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected) && option.state.testFlag(QStyle::State_Active))
            painter->fillRect(option.rect, theme::colour(ColourRole::Selection, option.palette));
        QRect line = option.rect;
        if (isFirst(index)) {
            line.setTop(option.rect.bottom() + 1 - lineHeight());
            paintHeads(*painter, QRect(option.rect.left(), option.rect.top(), option.rect.width(), headHeight()), option.palette);
        }
        paintCopy(*painter, line, *copy, option.palette);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(theme::colour(ColourRole::Accent, option.palette), theme::size::kFocusRing));
            painter->drawRoundedRect(QRectF(line).adjusted(scaled(4), 1, -3, -1), theme::size::kRadius, theme::size::kRadius);
        }
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (!copyOf(option, index))
            return OutlineDelegate::sizeHint(option, index);
        return {widthOf(option), lineHeight() + (isFirst(index) ? headHeight() : 0)};
    }

private:
    static int lineHeight() { return scaled(24); }
    static int headHeight() { return scaled(22); }
    static int widthOf(const QStyleOptionViewItem &option)
    {
        const auto *view = qobject_cast<const QWidget *>(option.widget);
        return view ? view->property("rowWidth").toInt() : option.rect.width();
    }
    static bool isFirst(const QModelIndex &index)
    {
        const auto *row = static_cast<const operate::OutlineModel *>(index.model())->rowAt(index);
        return row && row->id.size() > 2 && row->id.compare(row->id.size() - 2, 2, "/0") == 0;
    }
    const SeenCopy *copyOf(const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        const auto *row = static_cast<const operate::OutlineModel *>(index.model())->rowAt(index);
        const auto found = row ? m_copies.find(row->id) : m_copies.end();
        return found != m_copies.end() && hasRoom(found->second, widthOf(option)) ? &found->second : nullptr;
    }
    /// No number is cut: where a column is too narrow for its text, the copy is a sentence.
    static bool hasRoom(const SeenCopy &copy, int width)
    {
        if (width < scaled(tableFrom))
            return false;
        const SeenColumns columns = seenColumns(width);
        const QFontMetrics body(theme::font(FontRole::Body));
        const auto wide = [&](const QString &text) { return body.horizontalAdvance(text) + scaled(8); };
        const int read = copy.read.isEmpty() ? 0 : wide(copy.read);
        const bool spans = copy.version.isEmpty() && copy.written.isEmpty();
        const int stateEnd = spans ? columns.end - read : columns.version - wide(copy.version);
        const int mark = copy.stateDiffers ? scaled(20) : 0;
        return wide(copy.where) <= columns.state - columns.where && wide(copy.state) + mark <= stateEnd - columns.state &&
               wide(copy.written) + read <= columns.end - columns.written;
    }

    static void write(QPainter &painter, const QRect &box, const QString &text, ColourRole role, Qt::Alignment side,
                      const QPalette &palette)
    {
        painter.setPen(theme::colour(role, palette));
        painter.drawText(box, static_cast<int>(side | Qt::AlignVCenter), text);
    }

    static void paintHeads(QPainter &painter, const QRect &box, const QPalette &palette)
    {
        const SeenColumns columns = seenColumns(box.width());
        const auto at = [&](int left, int right) { return QRect(box.left() + left, box.top(), right - left, box.height()); };
        painter.setFont(theme::font(FontRole::Caption));
        write(painter, at(columns.where, columns.state), SeenPanel::tr("Where"), ColourRole::Muted, Qt::AlignLeft, palette);
        write(painter, at(columns.state, columns.version), SeenPanel::tr("State"), ColourRole::Muted, Qt::AlignLeft, palette);
        write(painter, at(columns.state, columns.version), SeenPanel::tr("Version"), ColourRole::Muted, Qt::AlignRight, palette);
        write(painter, at(columns.written, columns.end), SeenPanel::tr("Written"), ColourRole::Muted, Qt::AlignLeft, palette);
        write(painter, at(columns.written, columns.end), SeenPanel::tr("Read"), ColourRole::Muted, Qt::AlignRight, palette);
        painter.fillRect(at(columns.where - theme::space::kS, columns.end).adjusted(0, box.height() - 1, 0, 0),
                         theme::colour(ColourRole::Line, palette));
    }

    static void paintCopy(QPainter &painter, const QRect &box, const SeenCopy &copy, const QPalette &palette)
    {
        const SeenColumns columns = seenColumns(box.width());
        const auto at = [&](int left, int right) { return QRect(box.left() + left, box.top(), right - left, box.height()); };
        if (copy.stateDiffers || copy.versionDiffers) {
            const QRect tint =
                at(copy.stateDiffers ? columns.state - theme::space::kS : columns.version - scaled(60), columns.written + scaled(100));
            painter.fillRect(tint.intersected(at(columns.where, columns.end - scaled(60))),
                             theme::colour(ColourRole::WarningGround, palette));
        }
        painter.setFont(theme::font(FontRole::Body));
        write(painter, at(columns.where, columns.state), copy.where, ColourRole::Text, Qt::AlignLeft, palette);
        int left = columns.state;
        if (copy.stateDiffers || copy.isUnknown) {
            const int side = scaled(14);
            theme::paintShape(painter, copy.isUnknown ? theme::Shape::DashedRing : theme::Shape::NotEqual,
                              QRectF(box.left() + left, box.center().y() - side / 2.0 + 1, side, side), palette);
            left += scaled(20);
        }
        const ColourRole marked = copy.isUnknown ? ColourRole::UnknownText : copy.stateDiffers ? ColourRole::WarningText : ColourRole::Text;
        const bool spans = copy.version.isEmpty() && copy.written.isEmpty();
        write(painter, at(left, spans ? columns.end : columns.version), copy.state, marked, Qt::AlignLeft, palette);
        const ColourRole version = copy.versionDiffers ? ColourRole::WarningText : ColourRole::Text;
        write(painter, at(columns.state, columns.version), copy.version, version, Qt::AlignRight, palette);
        write(painter, at(columns.written, columns.end), copy.written, version, Qt::AlignLeft, palette);
        write(painter, at(columns.written, columns.end), copy.read, ColourRole::Muted, Qt::AlignRight, palette);
    }

    const std::map<std::string, SeenCopy> &m_copies;
};

std::string copyId(const SeenRegion &region, std::size_t at)
{
    return region.id + "/" + std::to_string(at);
}

} // namespace

OutlineRows seenRows(const std::vector<SeenRegion> &regions)
{
    OutlineRows rows;
    for (const SeenRegion &region : regions) {
        OutlineRow row;
        row.id = region.id;
        row.shape = region.shape;
        row.hasShape = true;
        row.title = region.name + QStringLiteral(": ") + region.sees;
        row.right = region.since;
        row.isStrong = region.isAmiss;
        row.canOpen = !region.copies.empty();
        row.hasLine = true;
        row.ground = region.isSeenWrong ? OutlineRow::Ground::Warning
                     : region.isUnknown ? OutlineRow::Ground::Unknown
                                        : OutlineRow::Ground::None;
        rows.push_back(std::move(row));
        for (std::size_t at = 0; at < region.copies.size(); ++at) {
            const SeenCopy &copy = region.copies[at];
            OutlineRow child;
            child.id = copyId(region, at);
            child.under = region.id;
            child.hasShape = true;
            child.shape = copy.isUnknown                             ? theme::Shape::DashedRing
                          : copy.stateDiffers || copy.versionDiffers ? theme::Shape::NotEqual
                                                                     : theme::Shape::None;
            child.title = copy.where;
            child.second = copySentence(copy);
            rows.push_back(std::move(child));
        }
    }
    return rows;
}

SeenPanel::SeenPanel(QWidget *parent) : OutlinePanel(tr("What people see"), parent)
{
    setNote(tr("fields that differ are marked"));
    list()->setItemDelegate(new SeenDelegate(m_copies, list()));
}

void SeenPanel::showRegions(const std::vector<SeenRegion> &regions, bool anew)
{
    m_copies.clear();
    for (const SeenRegion &region : regions) {
        for (std::size_t at = 0; at < region.copies.size(); ++at)
            m_copies[copyId(region, at)] = region.copies[at];
    }
    list()->showRows(seenRows(regions));
    if (!anew)
        return;
    auto amiss = std::find_if(regions.begin(), regions.end(), [](const SeenRegion &region) { return region.isSeenWrong; });
    if (amiss == regions.end())
        amiss = std::find_if(regions.begin(), regions.end(), [](const SeenRegion &region) { return region.isAmiss; });
    for (const SeenRegion &region : regions)
        list()->setOpen(region.id, amiss != regions.end() && region.id == amiss->id);
}

} // namespace shardlens::ui::pages

#include "moc_SeenPanel.cpp"
