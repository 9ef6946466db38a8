// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/SettingsDialog.h"

#include "ui/format/Words.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"
#include "ui/theme/widgets/TickBox.h"

#include <QCheckBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QSlider>
#include <QVBoxLayout>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FontRole;
using theme::SegmentedControl;
using theme::Text;

namespace {
constexpr int kStep = 10;
}

SettingsDialog::SettingsDialog(const Preferences &preferences, const QString &settingsFile, bool isForwardedDisplay, QWidget *parent)
    : QDialog(parent), m_preferences(preferences), m_theme(new SegmentedControl({tr("System"), tr("Light"), tr("Dark")})), m_textSize(new QSlider(Qt::Horizontal)),
      m_percent(new Text(FontRole::Body)), m_times(new SegmentedControl({tr("UTC and local"), tr("UTC"), tr("Local")})),
      m_rows(new SegmentedControl({tr("Dense"), tr("Roomy")}))
{
    setWindowTitle(tr("Settings"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space::kXl, theme::space::kL, theme::space::kXl, theme::space::kL);
    column->setSizeConstraint(QLayout::SetFixedSize);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(theme::space::kL);
    grid->setVerticalSpacing(theme::space::kM);
    column->addLayout(grid);

    m_textSize->setRange(90 / kStep, 150 / kStep);
    m_textSize->setPageStep(1);
    m_textSize->setTickPosition(QSlider::TicksBelow);
    m_textSize->setTickInterval(1);
    m_percent->setWidest(QStringLiteral("150") + format::kNarrowSpace + QLatin1Char('%'));
    auto *size = new QWidget;
    auto *sizeRow = new QHBoxLayout(size);
    sizeRow->setContentsMargins(0, 0, 0, 0);
    m_textSize->setMinimumWidth(theme::scaled(180));
    sizeRow->addWidget(m_textSize, 1);
    sizeRow->addWidget(m_percent);

    addRow(grid, tr("Colours"), m_theme, {});
    addRow(grid, tr("Text size"), size, tr("Ctrl++ and Ctrl+- change it, Ctrl+0 is 100 %"));
    addRow(grid, tr("Table rows"), m_rows, {});
    addRow(grid, tr("Times"), m_times, tr("Reports and exports are in UTC whatever is chosen here"));
    addCheck(grid, tr("Motion"), tr("Reduce motion"), &Preferences::reduceMotion, isForwardedDisplay ? tr("This display is forwarded: motion is reduced in any case") : QString());
    addCheck(grid, tr("Notifications"), tr("Tell of a new critical problem while the window is not in front"), &Preferences::notifications, {});
    addCheck(grid, {}, tr("With a sound"), &Preferences::sound, {});
    if (!settingsFile.isEmpty()) {
        auto *file = new QLabel(tr("Kept in %1").arg(settingsFile));
        file->setFont(theme::font(FontRole::Caption));
        file->setForegroundRole(QPalette::PlaceholderText);
        file->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addSpacing(theme::space::kS);
        column->addWidget(file);
    }
    auto *close = new theme::FlatButton(tr("Close settings"));
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(close);
    column->addLayout(buttons);
    connect(close, &QAbstractButton::clicked, this, &QDialog::close);
    show(preferences);
    for (SegmentedControl *control : {m_theme, m_times, m_rows})
        connect(control, &SegmentedControl::currentChanged, this, &SettingsDialog::change);
    connect(m_textSize, &QSlider::valueChanged, this, &SettingsDialog::change);
}

void SettingsDialog::addRow(QGridLayout *grid, const QString &name, QWidget *control, const QString &note)
{
    const int row = grid->rowCount();
    auto *label = new Text(FontRole::Body, ColourRole::Muted);
    label->setText(name);
    control->setAccessibleName(name);
    grid->addWidget(label, row, 0);
    grid->addWidget(control, row, 1, Qt::AlignLeft);
    if (note.isEmpty())
        return;
    auto *words = new Text(FontRole::Caption, ColourRole::Muted);
    words->setText(note);
    grid->addWidget(words, row + 1, 1);
}

QCheckBox *SettingsDialog::addCheck(QGridLayout *grid, const QString &name, const QString &what, bool Preferences::*member, const QString &note)
{
    auto *check = new theme::TickBox(what);
    addRow(grid, name, check, note);
    check->setAccessibleName(what);
    m_checks.emplace_back(check, member);
    connect(check, &QCheckBox::toggled, this, &SettingsDialog::change);
    return check;
}

void SettingsDialog::show(const Preferences &preferences)
{
    m_showing = true;
    m_preferences = preferences;
    m_theme->setCurrent(int(preferences.theme));
    m_textSize->setValue(preferences.textSize / kStep);
    m_percent->setText(QString::number(preferences.textSize) + format::kNarrowSpace + QLatin1Char('%'));
    m_textSize->setAccessibleDescription(m_percent->text());
    m_times->setCurrent(int(preferences.times));
    m_rows->setCurrent(preferences.roomyRows ? 1 : 0);
    for (const auto &[check, member] : m_checks)
        check->setChecked(preferences.*member);
    m_checks.back().first->setEnabled(preferences.notifications);
    m_showing = false;
}

void SettingsDialog::change()
{
    if (m_showing)
        return;
    Preferences next = m_preferences;
    next.theme = theme::Theme::Mode(m_theme->current());
    next.textSize = m_textSize->value() * kStep;
    next.times = format::TimeStyle(m_times->current());
    next.roomyRows = m_rows->current() == 1;
    for (const auto &[check, member] : m_checks)
        next.*member = check->isChecked();
    if (next == m_preferences)
        return;
    show(next);
    Q_EMIT chosen(next);
}

void SettingsDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

} // namespace shardlens::ui::shell

#include "moc_SettingsDialog.cpp"
