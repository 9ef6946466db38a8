// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatGridLegend.h"

#include "ui/charts/HeatTile.h"
#include "ui/format/Numbers.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::charts {

namespace {

using theme::ColourRole;

constexpr int kSwatchCell = 13;
constexpr int kGap = 6;
constexpr int kMostRows = 2;
/// Up to so many entries each shows two cells, so that the gap between them is seen too.
constexpr std::size_t kRoomyEntries = 7;

QString moreText(int count)
{
    return HeatGridLegend::tr("and %1 more").arg(format::count(count));
}

/// A checkable legend entry: one or two cells, the label, the count.
class LegendButton : public QAbstractButton
{
public:
    explicit LegendButton(QWidget *parent) : QAbstractButton(parent)
    {
        setCheckable(true);
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
    }

    void show(const HeatLegendEntry &entry, int most, bool someChosen, int swatches)
    {
        if (m_entry == entry && m_most == most && m_someChosen == someChosen && m_swatches == swatches)
            return;
        m_swatches = swatches;
        m_entry = entry;
        m_most = most;
        m_someChosen = someChosen;
        setText(entry.label);
        setAccessibleName(entry.label + QLatin1String(", ") + format::count(entry.count));
        update();
    }

    [[nodiscard]] QSize sizeHint() const override
    {
        const QFontMetrics metrics(theme::font(theme::FontRole::Small));
        const int words = metrics.horizontalAdvance(m_entry.label) + kGap + metrics.horizontalAdvance(format::widestCount(m_most));
        return {2 * theme::space::kXs + swatchWidth() + kGap + words, theme::scaled(theme::size::kTarget)};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const bool isFaint = m_someChosen && !isChecked();
        if (isChecked() || underMouse()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme::colour(isChecked() ? ColourRole::Selection : ColourRole::Alternate, palette()));
            painter.setRenderHint(QPainter::Antialiasing);
            painter.drawRoundedRect(rect(), theme::size::kRadius, theme::size::kRadius);
        }
        paintSwatch(painter, isFaint);
        const QFont font = theme::font(theme::FontRole::Small);
        const QFontMetrics metrics(font);
        painter.setFont(font);
        const bool isEmpty = m_entry.count == 0 || isFaint;
        QRect line = rect().adjusted(theme::space::kXs + swatchWidth() + kGap, 0, 0, 0);
        painter.setPen(theme::colour(isEmpty ? ColourRole::Muted : ColourRole::Text, palette()));
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_entry.label);
        line.setLeft(line.left() + metrics.horizontalAdvance(m_entry.label) + kGap);
        painter.setPen(theme::colour(ColourRole::Muted, palette()));
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, format::count(m_entry.count));
        if (hasFocus()) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(theme::colour(ColourRole::Accent, palette()), theme::size::kFocusRing));
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), theme::size::kRadius, theme::size::kRadius);
        }
    }

private:
    [[nodiscard]] int swatchWidth() const { return m_swatches * (kSwatchCell + 1) - 1; }

    void paintSwatch(QPainter &painter, bool isFaint) const
    {
        const double ratio = devicePixelRatioF();
        const int device = qRound(kSwatchCell * ratio);
        const QImage tile = heatTile({m_entry.step, m_entry.isStale, isFaint, true}, QSize(device, device), ratio, palette());
        const int top = (height() - kSwatchCell) / 2;
        painter.setRenderHint(QPainter::Antialiasing, false);
        for (int i = 0; i < m_swatches; ++i) {
            const QRect box(theme::space::kXs + i * (kSwatchCell + 1), top, kSwatchCell, kSwatchCell);
            painter.drawImage(box, tile);
            // A fill near the ground would have no edge.
            painter.setPen(theme::colour(ColourRole::Line, palette()));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(0, 0, -1, -1));
        }
    }

    HeatLegendEntry m_entry;
    int m_most = 0;
    bool m_someChosen = false;
    int m_swatches = 2;
};

} // namespace

HeatGridLegend::HeatGridLegend(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Legend"));
}

void HeatGridLegend::setEntries(const std::vector<HeatLegendEntry> &entries, int most)
{
    const auto sameLabel = [](const HeatLegendEntry &a, const HeatLegendEntry &b) { return a.label == b.label; };
    const bool sameWidths = most == m_most && std::equal(entries.begin(), entries.end(), m_entries.begin(), m_entries.end(), sameLabel);
    m_entries = entries;
    m_most = most;
    while (m_buttons.size() > entries.size()) {
        delete m_buttons.back();
        m_buttons.pop_back();
    }
    while (m_buttons.size() < entries.size()) {
        auto *button = new LegendButton(this);
        connect(button, &QAbstractButton::toggled, this, [this] {
            setEntries(m_entries, m_most);
            Q_EMIT chosenChanged();
        });
        m_buttons.push_back(button);
    }
    const bool someChosen = !chosen().empty();
    for (std::size_t i = 0; i < entries.size(); ++i)
        static_cast<LegendButton *>(m_buttons[i])->show(entries[i], most, someChosen, entries.size() > kRoomyEntries ? 1 : 2);
    if (!sameWidths) {
        place();
        updateGeometry();
    }
}

std::set<int> HeatGridLegend::chosen() const
{
    std::set<int> indices;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        if (m_buttons[i]->isChecked())
            indices.insert(int(i));
    }
    return indices;
}

void HeatGridLegend::setChosen(const std::set<int> &chosen)
{
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const QSignalBlocker quiet(m_buttons[i]);
        m_buttons[i]->setChecked(chosen.count(int(i)) > 0);
    }
    setEntries(m_entries, m_most);
}

HeatGridLegend::Placement HeatGridLegend::placement(int width) const
{
    const int more = QFontMetrics(theme::font(theme::FontRole::Small)).horizontalAdvance(moreText(int(m_buttons.size()))) + theme::space::kS;
    const int rowHeight = theme::scaled(theme::size::kTarget);
    const int gap = m_buttons.size() > kRoomyEntries ? 0 : theme::space::kXs; // each keeps room on its sides
    Placement placement;
    int x = 0;
    int row = 0;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const int entry = m_buttons[i]->sizeHint().width();
        if (x > 0 && x + entry > width && row + 1 < kMostRows) {
            x = 0;
            ++row;
        }
        // On the last row, room stays for saying how many are missing.
        const bool keepsRoom = row + 1 == kMostRows && i + 1 < m_buttons.size();
        if (x > 0 && x + entry > width - (keepsRoom ? more : 0))
            break;
        placement.boxes.emplace_back(x, row * rowHeight, entry, rowHeight);
        x += entry + gap;
    }
    placement.more = QRect(x, row * rowHeight, more, rowHeight);
    placement.height = (row + 1) * rowHeight;
    return placement;
}

void HeatGridLegend::place()
{
    const Placement placement = this->placement(width());
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setVisible(i < placement.boxes.size());
        if (i < placement.boxes.size())
            m_buttons[i]->setGeometry(placement.boxes[i]);
    }
    update();
}

void HeatGridLegend::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    const Placement placement = this->placement(width());
    const int hidden = int(m_buttons.size() - placement.boxes.size());
    if (hidden == 0)
        return;
    QPainter painter(this);
    painter.setFont(theme::font(theme::FontRole::Small));
    painter.setPen(theme::colour(ColourRole::Muted, palette()));
    painter.drawText(placement.more, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, moreText(hidden));
}

int HeatGridLegend::heightForWidth(int width) const
{
    return placement(width).height;
}

QSize HeatGridLegend::sizeHint() const
{
    int width = 0;
    for (const QAbstractButton *button : m_buttons)
        width += button->sizeHint().width() + (m_buttons.size() > kRoomyEntries ? 0 : theme::space::kXs);
    return {width, theme::scaled(theme::size::kTarget)};
}

QSize HeatGridLegend::minimumSizeHint() const
{
    return {100, theme::scaled(theme::size::kTarget)};
}

void HeatGridLegend::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    place();
}

void HeatGridLegend::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange) {
        place();
        updateGeometry();
    }
}

} // namespace shardlens::ui::charts

#include "moc_HeatGridLegend.cpp"
