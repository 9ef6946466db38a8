// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/ConfirmBar.h"

#include "ui/format/PlanText.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/Text.h"
#include "ui/theme/widgets/TickBox.h"

#include <QLineEdit>
#include <QShortcut>

#include <algorithm>

namespace shardlens::ui::operate {

using theme::ColourRole;
using theme::FlatButton;
using theme::FontRole;
using theme::scaled;
using theme::Text;

namespace {

constexpr int confirmHigh = 72;
constexpr int nameWide = 104;
constexpr int reasonWide = 224;
constexpr int leastSentence = 300;
constexpr int forceRow = 34;

} // namespace

ConfirmBar::ConfirmBar(QWidget *parent)
    : Bar(parent), m_sentence(new theme::Paragraph(this, ColourRole::Text, ColourRole::Text)), m_nameLabel(new Text(FontRole::Caption, ColourRole::Muted, this)),
      m_reasonLabel(new Text(FontRole::Caption, ColourRole::Muted, this)), m_missing(new Text(FontRole::Caption, ColourRole::Muted, this)), m_name(new QLineEdit(this)),
      m_reason(new QLineEdit(this)), m_button(new FlatButton({}, this, FlatButton::Look::Accent)), m_back(new FlatButton({}, this))
{
    setAccessibleName(tr("Confirmation"));
    m_nameLabel->setText(tr("Name"));
    m_missing->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_missing->setElide(Text::Elide::End);
    m_name->setAccessibleName(tr("Name of what is acted on"));
    m_reason->setAccessibleName(tr("Reason"));
    for (QLineEdit *field : {m_name, m_reason}) {
        field->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
        connect(field, &QLineEdit::textEdited, this, [this] { m_trouble.clear(); });
        connect(field, &QLineEdit::textChanged, this, &ConfirmBar::review);
    }
    connect(m_button, &QAbstractButton::clicked, this, &ConfirmBar::confirm);
    m_back->hide();
    connect(m_back, &QAbstractButton::clicked, this, &ConfirmBar::backAsked);
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, [this] {
        if (m_back->isVisible())
            Q_EMIT backAsked();
    });
    for (const auto &keys : {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)}) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WindowShortcut); // while the bar is seen, wherever the keyboard is on its page
        shortcut->setAutoRepeat(false);
        connect(shortcut, &QShortcut::activated, this, &ConfirmBar::confirm);
    }
    review();
}

void ConfirmBar::showPlan(const Plan *plan, bool isLocal)
{
    m_plan = plan ? std::optional<Plan>(*plan) : std::nullopt;
    m_words.reset();
    showFields(isLocal);
}

void ConfirmBar::showWords(const std::optional<ConfirmWords> &words, bool isLocal)
{
    m_plan.reset();
    m_words = words;
    showFields(isLocal);
}

void ConfirmBar::showFields(bool isLocal)
{
    const bool wasLocal = std::exchange(m_isLocal, isLocal);
    m_nameLabel->setVisible(!isLocal);
    m_name->setVisible(!isLocal);
    m_reasonLabel->setText(isLocal ? tr("Reason, if there is one") : tr("Reason"));
    makeForces();
    review();
    if (wasLocal != isLocal)
        arrange();
}

void ConfirmBar::setBack(const QString &words)
{
    m_back->setText(words);
    m_back->setVisible(!words.isEmpty());
    setTabOrder(m_reason, m_back);
    setTabOrder(m_back, m_button);
    arrange();
}

void ConfirmBar::setHindrance(const QString &hindrance)
{
    if (m_hindrance == hindrance)
        return;
    m_hindrance = hindrance;
    review();
}

void ConfirmBar::tell(const QString &trouble)
{
    m_trouble = trouble;
    review();
    Q_EMIT heightChanged();
}

void ConfirmBar::clear()
{
    m_trouble.clear();
    m_name->clear();
    m_reason->clear();
    for (const Force &force : m_forces) {
        force.tick->hide();
        force.reason->hide();
        force.tick->deleteLater();
        force.reason->deleteLater();
    }
    m_forces.clear();
    review();
}

/// What may be ticked for this plan: a check that blocks, and a word in case that a command fails.
std::vector<ConfirmBar::Wanted> ConfirmBar::wantedForces() const
{
    std::vector<Wanted> wanted;
    if (!m_plan)
        return wanted;
    for (const Check *check : forceableOf(*m_plan))
        wanted.push_back({check->id, tr("Force: %1").arg(format::checkSentence(*check)), tr("Why go on in spite of it")});
    if (const Step *step = promisedOf(*m_plan))
        wanted.push_back({CheckId::OldPrimaryStopped, tr("My word, should the command fail: %1 is off").arg(format::text(step->detail)), tr("How you know that it is off")});
    return wanted;
}

/// A row for each of them; one that is there already keeps what was entered.
void ConfirmBar::makeForces()
{
    std::vector<Force> next;
    for (const Wanted &wanted : wantedForces()) {
        const auto known = std::find_if(m_forces.begin(), m_forces.end(), [&](const Force &force) { return force.id == wanted.id; });
        Force force{wanted.id, nullptr, nullptr};
        if (known != m_forces.end()) {
            force = *known;
        } else {
            force.tick = new theme::TickBox(this);
            force.reason = new QLineEdit(this);
            force.reason->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
            connect(force.tick, &QAbstractButton::toggled, this, &ConfirmBar::review);
            connect(force.reason, &QLineEdit::textChanged, this, &ConfirmBar::review);
            force.tick->show();
            force.reason->show();
        }
        force.tick->setText(wanted.words);
        force.reason->setPlaceholderText(wanted.why);
        force.reason->setAccessibleName(tr("Reason: %1").arg(wanted.words));
        next.push_back(force);
    }
    const bool isOther = next.size() != m_forces.size() || !std::equal(next.begin(), next.end(), m_forces.begin(), [](const Force &a, const Force &b) { return a.tick == b.tick; });
    for (const Force &old : m_forces) {
        if (std::any_of(next.begin(), next.end(), [&](const Force &force) { return force.tick == old.tick; }))
            continue;
        old.tick->hide(); // until they are deleted they would lie over the words
        old.reason->hide();
        old.tick->deleteLater();
        old.reason->deleteLater();
    }
    m_forces = std::move(next);
    if (!isOther)
        return;
    QWidget *before = m_reason;
    for (const Force &force : m_forces) {
        setTabOrder(before, force.tick);
        setTabOrder(force.tick, force.reason);
        before = force.reason;
    }
    setTabOrder(before, m_button);
    arrange();
    Q_EMIT heightChanged();
}

void ConfirmBar::setForced(CheckId id, bool ticked, const QString &reason)
{
    for (const Force &force : m_forces) {
        if (force.id != id)
            continue;
        force.tick->setChecked(ticked);
        force.reason->setText(reason);
    }
}

ArmingInput ConfirmBar::input() const
{
    ArmingInput input;
    input.plan = m_plan ? &*m_plan : nullptr;
    input.isLocal = m_isLocal;
    input.name = m_name->text();
    input.reason = m_reason->text();
    input.hindrance = m_hindrance;
    for (const Force &force : m_forces)
        input.forced[force.id] = {force.tick->isChecked(), force.reason->text()};
    return input;
}

Arming ConfirmBar::arming() const
{
    return m_words ? armingOf(*m_words, input()) : armingOf(input());
}

QString ConfirmBar::sentence() const
{
    return m_sentence->text();
}

/// What is shown follows what was entered.
void ConfirmBar::review()
{
    const Arming arming = this->arming();
    if (arming.isArmed && !m_wasArmed)
        m_sinceArmed.start();
    m_wasArmed = arming.isArmed;
    m_button->setEnabled(arming.isArmed);
    m_missing->setText(arming.isArmed ? tr("Ctrl+Enter") : arming.missing);
    for (const Force &force : m_forces)
        force.reason->setEnabled(force.tick->isChecked());
    const QString before = m_button->text();
    const QString told = m_sentence->text();
    showSentence();
    if (m_sentence->text() != told)
        Q_EMIT heightChanged();
    if (m_button->text() != before) {
        m_sinceArmed.start(); // another meaning: as if it had just appeared
        arrange();
    }
}

void ConfirmBar::showSentence()
{
    if (m_words) {
        m_sentence->setText(m_trouble.isEmpty() ? m_words->act : m_trouble, m_trouble.isEmpty() ? m_words->cost : QString());
        m_button->setText(m_words->button);
    } else if (!m_plan || m_plan->steps.empty()) {
        m_sentence->setText(m_trouble, m_trouble.isEmpty()
                                           ? tr("There is nothing to confirm: no standby is eligible, or no primary is known.")
                                           : QString());
        m_button->setText(m_plan ? format::actText(m_plan->intent, {}) : tr("Start"));
    } else {
        const format::Confirmation words = format::confirmation(*m_plan, !m_isLocal);
        const Step *promised = promisedOf(*m_plan);
        const bool isPromised = promised && input().forced[CheckId::OldPrimaryStopped].isTicked;
        const QString word = isPromised ? QLatin1Char(' ') + tr("If the command fails it goes on upon your word that %1 is off: if it is not, two servers take writes.").arg(format::text(promised->detail)) : QString();
        m_sentence->setText(m_trouble.isEmpty() ? words.act : m_trouble, m_trouble.isEmpty() ? words.cost + word : QString());
        m_button->setText(format::actText(m_plan->intent, m_plan->to));
    }
}

void ConfirmBar::confirm()
{
    if (!isVisible() || !arming().isArmed || (m_sinceArmed.isValid() && m_sinceArmed.elapsed() < m_deafMs))
        return;
    if (m_words)
        Q_EMIT wordsConfirmed(m_reason->text().trimmed());
    else
        Q_EMIT confirmed(requestOf(input()));
}

/// What is typed fits into it, where it is an ID too.
int ConfirmBar::nameWidth() const
{
    return std::max(scaled(nameWide), m_words ? m_name->fontMetrics().horizontalAdvance(m_words->name) + 2 * theme::space::kM : 0);
}

int ConfirmBar::backWidth() const
{
    return m_back->isHidden() ? 0 : m_back->sizeHint().width() + theme::space::kS;
}

int ConfirmBar::controlsWidth() const
{
    const int name = m_isLocal ? 0 : nameWidth() + theme::space::kM;
    return name + scaled(reasonWide) + theme::space::kM + backWidth() + m_button->sizeHint().width();
}

bool ConfirmBar::isStacked(int width) const
{
    return width - 2 * theme::space::kM - theme::space::kL - controlsWidth() < scaled(leastSentence);
}

int ConfirmBar::heightFor(int width) const
{
    const int inside = width - 2 * theme::space::kM;
    const int controls = scaled(14) + theme::space::kXs + scaled(theme::size::kButton);
    const int forces = static_cast<int>(m_forces.size()) * scaled(forceRow) + (m_forces.empty() ? 0 : theme::space::kXs);
    if (isStacked(width))
        return theme::space::kS + m_sentence->heightForWidth(inside) + theme::space::kS + forces + controls + theme::space::kM;
    const int sentence = m_sentence->heightForWidth(inside - theme::space::kL - controlsWidth());
    return std::max(scaled(confirmHigh), forces + std::max(sentence, controls) + 2 * theme::space::kM);
}

/// The button at the right end; before it the fields; the sentence takes the rest, or a row of its own.
void ConfirmBar::arrange()
{
    if (width() < 100)
        return;
    const int inside = width() - 2 * theme::space::kM;
    const int high = scaled(theme::size::kButton);
    const int label = scaled(14);
    const bool stacked = isStacked(width());
    int top = theme::space::kM;
    const int sentenceWide = stacked ? inside : inside - theme::space::kL - controlsWidth();
    if (stacked) {
        top = theme::space::kS;
        m_sentence->setGeometry(theme::space::kM, top, sentenceWide, m_sentence->heightForWidth(sentenceWide));
        top += m_sentence->height() + theme::space::kS;
    }
    for (const Force &force : m_forces) {
        const int tick = std::min(force.tick->sizeHint().width(), inside - scaled(180));
        force.tick->setGeometry(theme::space::kM, top, tick, high);
        const int left = theme::space::kM + tick + theme::space::kM;
        force.reason->setGeometry(left, top, std::min(scaled(420), width() - theme::space::kM - left), high);
        top += scaled(forceRow);
    }
    top += m_forces.empty() ? 0 : theme::space::kXs;
    if (!stacked) {
        const int room = height() - top - theme::space::kM;
        const int wanted = m_sentence->heightForWidth(sentenceWide);
        m_sentence->setGeometry(theme::space::kM, top + std::max(0, (room - wanted) / 2), sentenceWide, wanted);
    }
    const int fieldTop = top + label + theme::space::kXs;
    const int button = m_button->sizeHint().width();
    m_button->setGeometry(width() - theme::space::kM - button, fieldTop, button, high);
    int left = stacked ? theme::space::kM : m_button->x() - controlsWidth() + button;
    if (!m_isLocal) {
        m_nameLabel->setGeometry(left, top, nameWidth(), label);
        m_name->setGeometry(left, fieldTop, nameWidth(), high);
        left += nameWidth() + theme::space::kM;
    }
    m_back->setGeometry(m_button->x() - backWidth(), fieldTop, m_back->sizeHint().width(), high);
    const int reason = m_button->x() - backWidth() - theme::space::kM - left;
    const int words = m_reasonLabel->sizeHint().width();
    m_reasonLabel->setGeometry(left, top, words, label);
    m_reason->setGeometry(left, fieldTop, reason, high);
    left += words + theme::space::kM;
    m_missing->setGeometry(left, top, m_button->geometry().right() + 1 - left, label);
}

} // namespace shardlens::ui::operate

#include "moc_ConfirmBar.cpp"
