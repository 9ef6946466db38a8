// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OperateFrame.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::operate {

using theme::ColourRole;
using theme::FlatButton;
using theme::FontRole;
using theme::scaled;
using theme::Text;

namespace {

constexpr int checksWide = 288;
constexpr int effectWide = 256;
constexpr int leastSteps = 420;

/// What the bar along some steps means, in the title row of their panel.
class HeldLegend : public QWidget
{
public:
    explicit HeldLegend(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred); }
    [[nodiscard]] QSize sizeHint() const override { return {scaled(3) + theme::space::kS + QFontMetrics(theme::font(FontRole::Small)).horizontalAdvance(words()) + 1, scaled(20)}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const int high = scaled(14);
        painter.fillRect(0, (height() - high) / 2, scaled(3), high, theme::colour(ColourRole::WarningFill, palette()));
        painter.setFont(theme::font(FontRole::Small));
        painter.setPen(theme::colour(ColourRole::Muted, palette()));
        painter.drawText(rect().adjusted(scaled(3) + theme::space::kS, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, words());
    }

private:
    static QString words() { return OperateFrame::tr("writes are held"); }
};

/// The ground of the banner.
class BannerGround : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::colour(ColourRole::WarningGround, palette()));
        painter.drawRoundedRect(rect(), theme::size::kRadius, theme::size::kRadius);
        const int side = scaled(14);
        theme::paintShape(painter, theme::Shape::Triangle, QRectF(theme::space::kM, (height() - side) / 2.0, side, side), palette());
    }
};

} // namespace

OperateFrame::OperateFrame(QWidget *parent)
    : QWidget(parent), m_back(new FlatButton({}, this, FlatButton::Look::Bare)), m_title(new Text(FontRole::Headline, ColourRole::Text, this)),
      m_note(new Text(FontRole::Body, ColourRole::Muted, this)), m_statusMark(new theme::ShapeMark(theme::Shape::None, this)), m_status(new Text(FontRole::Body, ColourRole::Muted, this)),
      m_banner(new BannerGround(this)), m_bannerText(new theme::Paragraph(m_banner)), m_bannerButton(new FlatButton({}, m_banner)),
      m_tabs(new theme::SegmentedControl({tr("Checks"), tr("Steps"), tr("Effect")}, this)), m_checks(new OutlinePanel(tr("Checks"), this)),
      m_steps(new OutlinePanel(tr("Steps"), this)), m_effect(new OutlinePanel(tr("Effect"), this))
{
    makeTitleRow();
    makeBanner();
    m_steps->setTitleWidget(new HeldLegend(m_steps));
    m_tabs->setAccessibleName(tr("Part of the plan"));
    m_tabs->setCurrent(1);
    connect(m_tabs, &theme::SegmentedControl::currentChanged, this, &OperateFrame::arrange);
    setTabOrder(m_back, m_tabs);
    setTabOrder(m_tabs, m_checks->list());
    setTabOrder(m_checks->list(), m_steps->list());
    setTabOrder(m_steps->list(), m_effect->list());
}

void OperateFrame::makeTitleRow()
{
    m_back->setIcon(theme::icon(QStringLiteral("back")));
    m_back->setAccessibleName(tr("Back to the operations"));
    m_back->setToolTip(tr("Back to the operations"));
    connect(m_back, &QAbstractButton::clicked, this, &OperateFrame::backRequested);
    m_title->setElide(Text::Elide::Middle);
    m_note->setElide(Text::Elide::Phrases);
    m_status->setElide(Text::Elide::Phrases);
}

void OperateFrame::makeBanner()
{
    m_banner->setAccessibleName(tr("What has changed"));
    m_banner->hide();
    connect(m_bannerButton, &QAbstractButton::clicked, this, &OperateFrame::bannerPressed);
}

QString OperateFrame::title() const { return m_title->text(); }
QString OperateFrame::status() const { return m_status->text(); }
QString OperateFrame::bannerText() const { return m_banner->isHidden() ? QString() : m_bannerText->text(); }

void OperateFrame::setTitle(const QString &title, const QString &note)
{
    if (m_title->text() == title && m_note->text() == note)
        return;
    m_title->setText(title);
    m_note->setText(note);
    arrange();
}

void OperateFrame::setStatus(theme::Shape shape, const QString &words)
{
    m_statusMark->setShape(shape);
    if (m_status->text() == words)
        return;
    m_status->setText(words);
    arrange();
}

void OperateFrame::addButton(FlatButton *button)
{
    button->setParent(this);
    m_buttons.push_back(button);
}

void OperateFrame::setBanner(const QString &strong, const QString &rest, const QString &button)
{
    const bool wasShown = !m_banner->isHidden();
    const bool shows = !strong.isEmpty();
    const bool isSame = wasShown == shows && m_bannerText->text() == (rest.isEmpty() ? strong : strong + QLatin1Char(' ') + rest);
    m_bannerText->setText(strong, rest);
    m_bannerButton->setText(button);
    m_banner->setVisible(shows);
    if (!isSame)
        arrange();
}

void OperateFrame::setBar(QWidget *bar, std::function<int(int)> height)
{
    if (m_bar && m_bar != bar)
        m_bar->hide();
    m_bar = bar;
    m_barHeight = std::move(height);
    if (m_bar)
        m_bar->show();
    arrange();
}

/// The title keeps its length; then the buttons; the status gives way phrase by phrase, then the note goes.
int OperateFrame::arrangeTitle(int width)
{
    const int high = scaled(theme::size::kTitleRow);
    const int button = scaled(theme::size::kButton);
    int right = width;
    for (auto at = m_buttons.rbegin(); at != m_buttons.rend(); ++at) {
        const int wide = (*at)->sizeHint().width();
        (*at)->setGeometry(right - wide, (high - button) / 2, wide, button);
        right -= wide + theme::space::kS;
    }
    m_back->setGeometry(0, (high - button) / 2, button, button);
    int left = button + theme::space::kS;
    const int title = std::min(m_title->sizeHint().width(), right - left);
    m_title->setGeometry(left, 0, title, high);
    left += title + theme::space::kM;
    const int mark = scaled(14) + theme::space::kXs;
    const int room = right - theme::space::kS - left;
    const int note = m_note->sizeHint().width();
    int status = m_status->sizeHint().width() + mark;
    const bool hasNote = note + theme::space::kL + status <= room;
    m_note->setVisible(hasNote);
    m_note->setGeometry(left, 0, note, high);
    status = std::min(status, room);
    m_statusMark->setVisible(status > scaled(80));
    m_status->setVisible(status > scaled(80));
    // What is left of the phrases ends at the buttons.
    m_status->setGeometry(right - theme::space::kS - status + mark, 0, status - mark, high);
    const int shown = QFontMetrics(m_status->font()).horizontalAdvance(m_status->shownText()) + 1;
    const int at = right - theme::space::kS - shown;
    m_status->setGeometry(at, 0, shown, high);
    m_statusMark->setGeometry(at - mark, (high - scaled(14)) / 2, scaled(14), scaled(14));
    return high;
}

void OperateFrame::showTab()
{
    const int tab = m_tabs->current();
    m_checks->setVisible(!m_isInTabs || tab == 0);
    m_steps->setVisible(!m_isInTabs || tab == 1);
    m_effect->setVisible(!m_isInTabs || tab == 2);
    m_tabs->setVisible(m_isInTabs);
}

void OperateFrame::arrange()
{
    if (width() < 100 || height() < 100)
        return;
    const int gap = width() >= theme::breakpoint(1900) ? theme::space::kL : theme::space::kM;
    m_isInTabs = width() < scaled(checksWide) + scaled(effectWide) + scaled(leastSteps) + 2 * gap;
    showTab();
    int top = arrangeTitle(width()) + gap;
    if (!m_banner->isHidden()) {
        const int button = m_bannerButton->text().isEmpty() ? 0 : m_bannerButton->sizeHint().width();
        const int left = theme::space::kM + scaled(22);
        const int words = width() - left - button - 2 * theme::space::kM;
        const int text = m_bannerText->heightForWidth(words);
        const int high = std::max(text, scaled(theme::size::kButton)) + theme::space::kS;
        m_banner->setGeometry(0, top, width(), high);
        m_bannerText->setGeometry(left, (high - text) / 2 + 1, words, text);
        m_bannerButton->setVisible(button > 0);
        m_bannerButton->setGeometry(width() - button - theme::space::kXs, (high - scaled(theme::size::kButton)) / 2, button, scaled(theme::size::kButton));
        top += high + gap;
    }
    int bottom = height();
    if (m_bar) {
        const int high = m_barHeight(width());
        m_bar->setGeometry(0, height() - high, width(), high);
        bottom -= high + gap;
    }
    if (m_isInTabs) {
        const QSize tabs = m_tabs->sizeHint();
        m_tabs->setGeometry(0, top, tabs.width(), tabs.height());
        top += tabs.height() + theme::space::kS;
        for (OutlinePanel *panel : {m_checks, m_steps, m_effect})
            panel->setGeometry(0, top, width(), std::max(scaled(80), bottom - top));
        return;
    }
    // Wider rooms widen all three as they are to each other.
    const double share = std::min(2.0, std::max(1.0, width() / static_cast<double>(scaled(1088))));
    const int checks = static_cast<int>(scaled(checksWide) * share);
    const int effect = static_cast<int>(scaled(effectWide) * share);
    const int high = std::max(scaled(80), bottom - top);
    m_checks->setGeometry(0, top, checks, high);
    m_steps->setGeometry(checks + gap, top, width() - checks - effect - 2 * gap, high);
    m_effect->setGeometry(width() - effect, top, effect, high);
}

void OperateFrame::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void OperateFrame::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

} // namespace shardlens::ui::operate

#include "moc_OperateFrame.cpp"
