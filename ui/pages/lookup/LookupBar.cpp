// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/LookupBar.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;
using theme::Text;

namespace {
constexpr int shownOfAPaste = 300; ///< letters; the whole is asked for
constexpr int lookupFieldWidth = 600;
constexpr int caseWidth = 128;
} // namespace

LookupBar::LookupBar(const QString &title, const QString &placeholder, QWidget *parent)
    : QWidget(parent), m_title(new Text(theme::FontRole::Headline, theme::ColourRole::Text, this)), m_field(new QLineEdit(this)),
      m_lock(new theme::ShapeMark(theme::Shape::Lock, this)), m_recorded(new Text(theme::FontRole::Body, theme::ColourRole::Muted, this)),
      m_case(new CaseField(this))
{
    m_title->setText(title);
    m_field->setPlaceholderText(placeholder);
    m_field->setAccessibleName(placeholder);
    m_field->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    m_field->installEventFilter(this);
    m_recorded->setElide(Text::Elide::End);
    setRecorded(true);
    connect(m_field, &QLineEdit::returnPressed, this, [this] { Q_EMIT asked(m_field->text()); });
    connect(m_case, &CaseField::caseChanged, this, &LookupBar::caseChanged);
    setFocusProxy(m_field);
}

QString LookupBar::caseNumber() const
{
    return m_case->caseNumber();
}

void LookupBar::shareCase(LookupBoard *board)
{
    m_case->share(board);
}

void LookupBar::setRecorded(bool recorded)
{
    m_recorded->setText(recorded ? tr("This look-up is recorded") : tr("This is not recorded"));
    m_lock->setShape(recorded ? theme::Shape::Lock : theme::Shape::DashedRing);
    arrange();
}

/// A field has one line, and cuts what is long; what was pasted may be a whole message.
bool LookupBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Paste)) {
        const QString pasted = QGuiApplication::clipboard()->text();
        if (pasted.trimmed().isEmpty())
            return true;
        m_field->setText(pasted.left(4 * shownOfAPaste).simplified().left(shownOfAPaste));
        Q_EMIT asked(pasted);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

QSize LookupBar::sizeHint() const
{
    return {scaled(400), scaled(theme::size::kTitleRow)};
}

void LookupBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void LookupBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

/// The case at the right, before it that this is recorded, always whole; the field has the rest, up to its usual width.
void LookupBar::arrange()
{
    const int button = scaled(theme::size::kButton);
    const int top = (height() - button) / 2;
    const int wideCase = scaled(caseWidth);
    m_case->setGeometry(width() - wideCase, top, wideCase, button);
    const int said = m_recorded->sizeHint().width();
    m_recorded->setGeometry(m_case->x() - theme::space::kM - said, 0, said, height());
    const int lock = m_lock->sizeHint().width();
    m_lock->setGeometry(m_recorded->x() - theme::space::kXs - lock, (height() - lock) / 2, lock, lock);
    const int title = m_title->sizeHint().width();
    m_title->setGeometry(0, 0, title, height());
    const int left = title + theme::space::kM;
    m_field->setGeometry(left, top, std::clamp(m_lock->x() - theme::space::kM - left, scaled(80), scaled(lookupFieldWidth)), button);
}

} // namespace shardlens::ui::pages

#include "moc_LookupBar.cpp"
