// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/ActFrame.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
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

/// The ground of the banner.
class BannerGround : public QWidget
{
public:
    using QWidget::QWidget;
    theme::Shape shape = theme::Shape::Triangle;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::colour(shape == theme::Shape::Dot ? ColourRole::Raised : ColourRole::WarningGround, palette()));
        painter.drawRoundedRect(rect(), theme::size::kRadius, theme::size::kRadius);
        const int side = scaled(14);
        theme::paintShape(painter, shape, QRectF(theme::space::kM, (height() - side) / 2.0, side, side), palette());
    }
};

} // namespace

ActFrame::ActFrame(QWidget *parent)
    : QWidget(parent), m_back(new FlatButton({}, this, FlatButton::Look::Bare)), m_title(new Text(FontRole::Headline, ColourRole::Text, this)),
      m_note(new Text(FontRole::Body, ColourRole::Muted, this)), m_statusMark(new theme::ShapeMark(theme::Shape::None, this)), m_status(new Text(FontRole::Body, ColourRole::Muted, this)),
      m_banner(new BannerGround(this)), m_bannerText(new theme::Paragraph(m_banner)), m_bannerButton(new FlatButton({}, m_banner))
{
    makeTitleRow();
    makeBanner();
}

void ActFrame::makeTitleRow()
{
    m_back->setIcon(theme::icon(QStringLiteral("back")));
    setBackWords(tr("Back to the operations"));
    connect(m_back, &QAbstractButton::clicked, this, &ActFrame::backRequested);
    m_title->setElide(Text::Elide::Middle);
    m_note->setElide(Text::Elide::Phrases);
    m_status->setElide(Text::Elide::Phrases);
}

void ActFrame::setBackWords(const QString &words)
{
    m_back->setAccessibleName(words);
    m_back->setToolTip(words);
}

void ActFrame::makeBanner()
{
    m_banner->setAccessibleName(tr("What has changed"));
    m_banner->hide();
    connect(m_bannerButton, &QAbstractButton::clicked, this, &ActFrame::bannerPressed);
}

QString ActFrame::title() const { return m_title->text(); }
QString ActFrame::status() const { return m_status->text(); }
QString ActFrame::bannerText() const { return m_banner->isHidden() ? QString() : m_bannerText->text(); }

void ActFrame::setTitle(const QString &title, const QString &note)
{
    if (m_title->text() == title && m_note->text() == note)
        return;
    m_title->setText(title);
    m_note->setText(note);
    arrange();
}

void ActFrame::setStatus(theme::Shape shape, const QString &words)
{
    m_statusMark->setShape(shape);
    if (m_status->text() == words)
        return;
    m_status->setText(words);
    arrange();
}

void ActFrame::addButton(QAbstractButton *button)
{
    button->setParent(this);
    m_buttons.push_back(button);
}

void ActFrame::setBanner(const QString &strong, const QString &rest, const QString &button, theme::Shape shape)
{
    static_cast<BannerGround *>(m_banner)->shape = shape;
    m_banner->update();
    const bool wasShown = !m_banner->isHidden();
    const bool shows = !strong.isEmpty();
    const bool isSame = wasShown == shows && m_bannerText->text() == (rest.isEmpty() ? strong : strong + QLatin1Char(' ') + rest);
    m_bannerText->setText(strong, rest);
    m_bannerButton->setText(button);
    m_banner->setVisible(shows);
    if (!isSame)
        arrange();
}

void ActFrame::setBar(QWidget *bar, std::function<int(int)> height)
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
int ActFrame::arrangeTitle(int width)
{
    const int high = scaled(theme::size::kTitleRow);
    const int button = scaled(theme::size::kButton);
    int right = width;
    for (auto at = m_buttons.rbegin(); at != m_buttons.rend(); ++at) {
        if ((*at)->isHidden())
            continue;
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
    if (m_status->shownText().isEmpty()) // a mark without a word says nothing
        m_statusMark->hide();
    m_statusMark->setGeometry(at - mark, (high - scaled(14)) / 2, scaled(14), scaled(14));
    return high;
}


void ActFrame::arrange()
{
    if (width() < 100 || height() < 100)
        return;
    const int gap = this->gap();
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
    arrangeBody(QRect(0, top, width(), bottom - top));
}

/// Of everything but the body.
int ActFrame::frameHeight(int width) const
{
    int high = scaled(theme::size::kTitleRow) + gap();
    if (!m_banner->isHidden())
        high += m_banner->height() + gap();
    return m_bar ? high + m_barHeight(width) + gap() : high;
}

int ActFrame::gap() const
{
    return width() >= theme::breakpoint(1900) ? theme::space::kL : theme::space::kM;
}

void ActFrame::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ActFrame::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

} // namespace shardlens::ui::operate

#include "moc_ActFrame.cpp"
